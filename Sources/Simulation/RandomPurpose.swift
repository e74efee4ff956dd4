import NumericalMethods

/// What the random numbers of a run are for.
///
/// Every purpose has streams of its own under one seed, so that none depends on how many numbers another has used.
enum RandomPurpose: UInt64 {
  case placement = 1
  case velocities = 2
  case rescaling = 3
  case friction = 4

  /// The stream of this purpose with a number below 2^60.
  func stream(seed: UInt64, number: UInt64 = 0) -> RandomStream {
    RandomStream(seed: seed, stream: rawValue << 60 | (number & (1 << 60 - 1)))
  }
}
