import NumericalMethods
import Structures

/// Libration around mean orientations, and the events that lead from one to the next.
///
/// The orientation averaged over a window is held against that of the place where the unit librates. Where it is off by more than the angle, and
/// a window later still, the unit has reoriented: at the frame that parts the two orientations best, and from then on the new one counts.
struct Reorientations: Sendable {
  /// One event.
  struct Event: Hashable, Sendable {
    var rotor: Int
    /// The first frame with the new orientation.
    var frame: Int
    /// Between the averaged orientations, in radians.
    var angle: Double
  }

  /// What a unit does.
  struct Course: Sendable {
    var events: [Event] = []
    /// Residences between two events, in frames.
    var residences: [Int] = []
    /// Frames by angle to the mean orientation of the residence, bins of a degree.
    var libration = [Double](repeating: 0, count: 180)
    /// The sum of squared angles in rad², and how many.
    var squares = 0.0
    var frames = 0
    /// Frames in which events could be seen.
    var observed = 0
  }

  let window: Int
  /// One a unit.
  let courses: [Course]

  var events: [Event] { courses.flatMap(\.events) }

  init(_ data: RotorData, window: Int, angle: Double) throws {
    self.window = window
    courses = try data.pool.map(data.rotors.count) { rotor in
      Self.course(try data.orientations(rotor), rotor: rotor, window: window, angle: angle)
    }
  }

  /// - Parameters:
  ///   - track: One orientation a frame.
  ///   - angle: In radians.
  static func course(_ track: [Orientation], rotor: Int, window: Int, angle: Double) -> Course {
    var course = Course()
    guard track.count >= 3 * window else { return course }
    course.observed = track.count - 2 * window
    // Means over windows from sums, each by the sign that is nearer to the one before.
    var aligned = track
    for frame in aligned.indices.dropFirst() {
      let (a, b) = (aligned[frame - 1], aligned[frame])
      if a.real * b.real + a.vector.dot(b.vector) < 0 { aligned[frame] = Orientation(real: -b.real, vector: -b.vector) }
    }
    var sums: [SIMD4<Double>] = [.zero]
    sums.reserveCapacity(track.count + 1)
    for q in aligned { sums.append(sums[sums.count - 1] + SIMD4(q.real, q.vector.x, q.vector.y, q.vector.z)) }
    func mean(_ frames: Range<Int>) -> Orientation {
      let sum = sums[frames.upperBound] - sums[frames.lowerBound]
      let norm = (sum * sum).sum().squareRoot()
      guard norm > 1e-9 else { return aligned[frames.lowerBound] }
      return Orientation(real: sum.x / norm, vector: Vector3(sum.y, sum.z, sum.w) * (1 / norm))
    }
    var home = mean(0..<window)
    var begin = 0
    var frame = 1
    while frame + 2 * window <= track.count {
      guard home.angle(to: mean(frame..<frame + window)) > angle,
        home.angle(to: mean(frame + window..<frame + 2 * window)) > angle
      else {
        frame += 1
        continue
      }
      let next = mean(frame + window..<frame + 2 * window)
      // The frame that parts the two orientations with least squares.
      var best = frame
      var (cost, least) = (0.0, 0.0)
      for candidate in frame..<frame + 2 * window {
        let (old, new) = (track[candidate].angle(to: home), track[candidate].angle(to: next))
        cost += old * old - new * new
        if cost < least { (least, best) = (cost, candidate + 1) }
      }
      let change = min(best, frame + 2 * window - 1)
      let settled = mean(change..<min(change + window, track.count))
      course.events.append(Event(rotor: rotor, frame: change, angle: home.angle(to: settled)))
      if begin > 0 { course.residences.append(change - begin) }
      course.addLibration(track, begin..<change, around: mean(begin..<max(begin + 1, change)))
      begin = change
      home = settled
      frame = max(frame + 1, change)
    }
    course.addLibration(track, begin..<track.count, around: mean(begin..<track.count))
    return course
  }
}

extension Reorientations.Course {
  fileprivate mutating func addLibration(_ track: [Orientation], _ frames: Range<Int>, around mean: Orientation) {
    for frame in frames {
      let angle = track[frame].angle(to: mean)
      squares += angle * angle
      self.frames += 1
      libration[min(179, Int(angle * 180 / Double.pi))] += 1
    }
  }
}
