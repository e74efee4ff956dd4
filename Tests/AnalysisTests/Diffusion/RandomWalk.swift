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

  /// Å² a frame.
  var diffusion: Double {
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
    for _ in 0..<frames {
      for ion in 0..<ions {
        if ion % groupSize != 0 {
          places[ion] = places[ion - ion % groupSize]
        } else {
          step(&places[ion], &directions[ion], &random)
        }
        if vibration > 0 { shifts[ion] = shifts[ion] * memory + normal(&random) * fresh }
      }
      try store.append(zip(places, shifts).map { $0 + $1 })
    }
    return store
  }

  @inline(__always)
  private func step(_ place: inout Vector3, _ direction: inout Int, _ random: inout RandomStream) {
    switch steps {
    case .gaussian(let width): place += normal(&random) * width
    case .jumps(let length, let probability, let back):
      guard random.uniform() < probability else { return }
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
