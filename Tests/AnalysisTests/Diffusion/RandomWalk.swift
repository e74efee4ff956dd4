import NumericalMethods

@testable import Analysis

/// Random walks whose diffusion coefficient is known, to hold estimators against.
struct RandomWalk: Sendable {
  enum Steps: Sendable {
    /// Gaussian steps of this standard deviation in each direction a frame.
    case gaussian(Double)
    /// Jumps by `length` along one of six directions with a probability a frame. A jump goes back where the one before came from with
    /// probability `back`, otherwise along one of the other five; 1/6 has no memory.
    ///
    /// With `f = -< cos >` of successive jumps: `D = probability length² / 6 (1 + f') / (1 - f')`, `f' = (1 - 6 back) / 5`.
    case jumps(length: Double, probability: Double, back: Double)
  }

  var steps: Steps
  /// A vibration around the place: an Ornstein-Uhlenbeck process of this standard deviation in each direction, and its correlation from
  /// frame to frame.
  var vibration = 0.0
  var memory = 0.0
  /// Ions move in groups of so many, all by the same steps.
  var groupSize = 1
  /// Jumps are made by so many ions at once, all the same way, in groups that are drawn anew each time; without memory.
  var partners = 1
  /// The share of frames in which there are jumps at all, then of all ions alike.
  var burst = 1.0
  /// The standard deviation of ln D from ion to ion; ``diffusion`` is the mean of D.
  var unlike = 0.0
  /// The mean times in frames for which an ion is free, and trapped.
  var trap: (free: Double, held: Double)?

  /// Å² a frame.
  var diffusion: Double { (trap.map { $0.free / ($0.free + $0.held) } ?? 1) * steady }

  private var steady: Double {
    switch steps {
    case .gaussian(let width): return width * width / 2
    case .jumps(let length, let probability, let back):
      // The mean cosine: back counts -1, forth 1 with (1 - back) / 5, the others 0.
      let cosine = (1 - back) / 5 - back
      return probability * length * length / 6 * (1 + cosine) / (1 - cosine)
    }
  }

  /// The tracks of some ions, at rest in the frame before the first.
  func tracks(ions: Int, frames: Int, random: inout RandomStream) throws -> TrackStore {
    var store = TrackStore(rows: ions)
    var places = [Vector3](repeating: .zero, count: ions)
    var shifts = places.map { _ in normal(&random) * vibration }
    var directions = (0..<ions).map { _ in Int(random.next() % 6) }
    let fresh = (1 - memory * memory).squareRoot() * vibration
    // Steps are wider by the root of D.
    let widths = (0..<ions).map { _ in unlike > 0 ? DisplacementFit.exp((unlike * random.normal() - 0.5 * unlike * unlike) / 2) : 1 }
    var isHeld = (0..<ions).map { _ in trap.map { random.uniform() < $0.held / ($0.free + $0.held) } ?? false }
    for _ in 0..<frames {
      if partners > 1 { together(&places, &random) }
      let isBurst = burst == 1 || random.uniform() < burst
      for ion in 0..<ions {
        if let trap, random.uniform() < 1 / (isHeld[ion] ? trap.held : trap.free) { isHeld[ion].toggle() }
        if ion % groupSize != 0 {
          places[ion] = places[ion - ion % groupSize]
        } else if partners == 1, isBurst, !isHeld[ion] {
          let from = places[ion]
          step(&places[ion], &directions[ion], &random)
          if unlike > 0 { places[ion] = from + (places[ion] - from) * widths[ion] }
        }
        if vibration > 0 { shifts[ion] = shifts[ion] * memory + normal(&random) * fresh }
      }
      try store.append(zip(places, shifts).map { $0 + $1 })
    }
    return store
  }

  /// Jumps of groups that are drawn anew.
  private func together(_ places: inout [Vector3], _ random: inout RandomStream) {
    guard case .jumps(let length, let probability, _) = steps else { return }
    for _ in 0..<places.count / partners where random.uniform() < probability {
      var jump = Vector3.zero
      jump[Int(random.next() % 3)] = random.next() % 2 == 0 ? length : -length
      var group: Set<Int> = []
      while group.count < partners { group.insert(Int(random.next() % UInt64(places.count))) }
      for ion in group { places[ion] += jump }
    }
  }

  @inline(__always)
  private func step(_ place: inout Vector3, _ direction: inout Int, _ random: inout RandomStream) {
    switch steps {
    case .gaussian(let width): place += normal(&random) * width
    case .jumps(let length, let probability, let back):
      guard random.uniform() < probability / burst else { return }
      if random.uniform() < back {
        direction ^= 1
      } else {
        // Any but the way back.
        let other = Int(random.next() % 5)
        direction = other >= direction ^ 1 ? other + 1 : other
      }
      let sign = direction & 1 == 0 ? length : -length
      switch direction >> 1 {
      case 0: place.x += sign
      case 1: place.y += sign
      default: place.z += sign
      }
    }
  }

  @inline(__always)
  private func normal(_ random: inout RandomStream) -> Vector3 { Vector3(random.normal(), random.normal(), random.normal()) }
}
