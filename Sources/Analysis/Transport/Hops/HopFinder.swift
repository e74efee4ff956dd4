import NumericalMethods
import Structures

/// Finds the hops of one atom in its track, without knowing any sites.
///
/// With method ``Method/pHop`` a hop is a maximum of p_hop (``activity(_:_:_:halfWindow:)``) above the threshold, the highest within the
/// minimum residence to both sides. With method ``Method/cage`` it is a frame from which on the atom stays farther from the centre of its
/// cage than the square root of the threshold for the whole minimum residence; who comes back before has not hopped. With both, the
/// centres of the cages before and after are the means over at most half a window, cut at neighbouring hops, and lie apart by more than
/// the square root of the threshold.
///
/// Exact where vibrations are small against hops and residences at least a whole window (p_hop) or the minimum residence (cage). Two hops
/// that follow each other within half a window are one to p_hop, or none if the second leads back; within a window and straight on, they
/// may be one.
///
/// - Source: Candelier et al., Phys. Rev. Lett. 102, 088001 (2009), doi:10.1103/PhysRevLett.102.088001; Smessaert and Rottler, Phys. Rev. E
///   88, 022314 (2013), doi:10.1103/PhysRevE.88.022314; for cages: de Souza and Wales, J. Chem. Phys. 129, 164507 (2008),
///   doi:10.1063/1.2992128.
public struct HopFinder: Sendable {
  /// What counts as a hop.
  public enum Method: String, CaseIterable, Sendable {
    /// A maximum of p_hop.
    case pHop = "p-hop"
    /// Leaving the cage without coming back.
    case cage
  }

  public let method: Method
  /// Frames in half a window, at least 2.
  public let halfWindow: Int
  /// In Å².
  public let threshold: Double
  /// The fewest frames between two hops of an atom, at least 1.
  public let minimumResidence: Int

  /// - Parameters:
  ///   - halfWindow: Frames before and after that tell a cage from a hop, at least 2.
  ///   - threshold: In Å², positive.
  ///   - minimumResidence: The fewest frames between two hops, or `nil` for half a window.
  public init(method: Method = .pHop, halfWindow: Int, threshold: Double, minimumResidence: Int? = nil) {
    precondition(halfWindow >= 2 && threshold > 0, "windows have frames and thresholds are positive")
    self.method = method
    self.halfWindow = halfWindow
    self.threshold = threshold
    self.minimumResidence = max(1, minimumResidence ?? halfWindow)
  }

  /// The frames in which a hop can be seen, in a track of so many frames; empty where it is too short.
  ///
  /// At the first and last p_hop nobody knows whether it would have risen further.
  public func observableFrames(of count: Int) -> Range<Int> {
    let (first, end) =
      switch method {
      case .pHop: (halfWindow + 1, count - halfWindow)
      case .cage: (halfWindow, count - max(halfWindow, minimumResidence) + 1)
      }
    return first..<max(first, end)
  }

  /// The hops of one atom in the order of time.
  ///
  /// - Parameters:
  ///   - x, y, z: Unwrapped positions in Å, one value a frame, equally long and evenly spaced in time.
  /// - Returns: Positions are those of the track; empty where it is shorter than a window or has a position that is not finite.
  public func hops(_ x: UnsafeBufferPointer<Double>, _ y: UnsafeBufferPointer<Double>, _ z: UnsafeBufferPointer<Double>) -> [Hop] {
    precondition(x.count == y.count && y.count == z.count, "the three directions have the same frames")
    let observable = observableFrames(of: x.count)
    guard !observable.isEmpty else { return [] }
    let track = Track(x: x, y: y, z: z)
    guard track.isFinite else { return [] }
    let candidates =
      switch method {
      case .pHop: maxima(of: Self.activity(x, y, z, halfWindow: halfWindow))
      case .cage: departures(track)
      }
    return withCentres(candidates.filter { observable.contains($0.frame) }, track)
  }

  /// The hops of one atom given as positions.
  public func hops(_ positions: [Vector3]) -> [Hop] {
    positions.withDirections { hops($0, $1, $2) }
  }

  /// A maximum or departure before its cages are known.
  typealias Candidate = (frame: Int, strength: Double)

  /// The positions of one atom.
  struct Track {
    let x: UnsafeBufferPointer<Double>
    let y: UnsafeBufferPointer<Double>
    let z: UnsafeBufferPointer<Double>

    var count: Int { x.count }

    var isFinite: Bool {
      var sum = 0.0
      for frame in 0..<count { sum += (x[frame] + y[frame] + z[frame]) * 0 }
      return sum.isFinite
    }

    subscript(frame: Int) -> Vector3 { Vector3(x[frame], y[frame], z[frame]) }

    func mean(_ frames: Range<Int>) -> Vector3 {
      var sum = Vector3.zero
      for frame in frames { sum += self[frame] }
      return sum * (1 / Double(frames.count))
    }
  }

  /// Maxima above the threshold, each the highest of those nearer than ``minimumResidence``.
  private func maxima(of activity: [Double]) -> [Candidate] {
    var peaks: [Candidate] = []
    for frame in activity.indices.dropFirst().dropLast()
    where activity[frame] > threshold && activity[frame] > activity[frame - 1] && activity[frame] >= activity[frame + 1] {
      peaks.append((frame, activity[frame]))
    }
    guard peaks.count > 1 else { return peaks }
    var isFree = [Bool](repeating: true, count: peaks.count)
    var kept: [Int] = []
    // Of equal peaks the first, so that the order of sorting does not matter.
    for peak in peaks.indices.sorted(by: { (-peaks[$0].strength, $0) < (-peaks[$1].strength, $1) }) where isFree[peak] {
      kept.append(peak)
      var other = peak
      while other >= 0, peaks[peak].frame - peaks[other].frame < minimumResidence {
        isFree[other] = false
        other -= 1
      }
      other = peak
      while other < peaks.count, peaks[other].frame - peaks[peak].frame < minimumResidence {
        isFree[other] = false
        other += 1
      }
    }
    return kept.sorted().map { peaks[$0] }
  }

  /// Frames from which on the atom stays away from the centre of its cage.
  private func departures(_ track: Track) -> [Candidate] {
    var found: [Candidate] = []
    // The centre is the mean over what was spent in the cage so far, half a window at first, and never over what was spent outside.
    var sum = track.mean(0..<halfWindow) * Double(halfWindow)
    var inside = halfWindow
    let last = observableFrames(of: track.count).upperBound
    var frame = halfWindow
    while frame < last {
      let centre = sum * (1 / Double(inside))
      let distance = (track[frame] - centre).squaredLength
      guard distance > threshold else {
        sum += track[frame]
        inside += 1
        frame += 1
        continue
      }
      let back = (frame..<frame + minimumResidence).first { (track[$0] - centre).squaredLength <= threshold }
      if let back {
        frame = back
        continue
      }
      // A last wide vibration is no departure: the new cage begins where it is nearer than the old.
      let next = track.mean(frame..<frame + minimumResidence)
      let arrival = (frame..<frame + minimumResidence).first {
        (track[$0] - next).squaredLength <= (track[$0] - centre).squaredLength
      }
      found.append((arrival ?? frame, distance))
      sum = next * Double(minimumResidence)
      inside = minimumResidence
      frame += minimumResidence
    }
    return found
  }

  /// Gives candidates their cages, and drops those whose cages are the same, the nearest first.
  private func withCentres(_ candidates: [Candidate], _ track: Track) -> [Hop] {
    var hops = candidates.map { Hop(frame: $0.frame, from: .zero, to: .zero, strength: $0.strength) }
    func update(_ index: Int) {
      guard hops.indices.contains(index) else { return }
      let frame = hops[index].frame
      let begin = max(frame - halfWindow, index > 0 ? hops[index - 1].frame : 0)
      let end = min(frame + halfWindow, index + 1 < hops.count ? hops[index + 1].frame : track.count)
      hops[index].from = track.mean(begin..<frame)
      hops[index].to = track.mean(frame..<end)
    }
    for index in hops.indices { update(index) }
    while let weakest = hops.indices.min(by: { hops[$0].displacement.squaredLength < hops[$1].displacement.squaredLength }),
      hops[weakest].displacement.squaredLength <= threshold
    {
      hops.remove(at: weakest)
      update(weakest - 1)
      update(weakest)
    }
    return hops
  }
}

extension [Vector3] {
  /// Runs a closure over the three directions of positions, side by side in memory.
  func withDirections<T>(
    _ body: (UnsafeBufferPointer<Double>, UnsafeBufferPointer<Double>, UnsafeBufferPointer<Double>) throws -> T
  ) rethrows -> T {
    try map(\.x).withUnsafeBufferPointer { x in
      try map(\.y).withUnsafeBufferPointer { y in try map(\.z).withUnsafeBufferPointer { z in try body(x, y, z) } }
    }
  }
}
