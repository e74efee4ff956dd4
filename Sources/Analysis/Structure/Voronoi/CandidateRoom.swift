import NumericalMethods

/// Atoms around another one, roughly ordered by distance: exactly from bin to bin, not within.
struct CandidateRoom {
  struct Candidate {
    var displacement: Vector3
    var squaredDistance: Double
    var atom: Int32
  }

  static let bins = 64

  private var found: [Candidate] = []
  private var sorted: [Candidate] = []
  private var starts = [Int32](repeating: 0, count: bins + 1)
  private var scale = 1.0

  mutating func removeAll() { found.removeAll(keepingCapacity: true) }

  @inline(__always)
  mutating func append(_ displacement: Vector3, _ squaredDistance: Double, _ atom: Int32) {
    found.append(Candidate(displacement: displacement, squaredDistance: squaredDistance, atom: atom))
  }

  /// Sorts into bins of equal steps of squared distance.
  ///
  /// - Parameter limit: No atom is farther, in Å.
  mutating func sort(limit: Double) {
    scale = Double(Self.bins) / (limit * limit)
    for bin in 0...Self.bins { starts[bin] = 0 }
    for candidate in found { starts[bin(candidate) + 1] += 1 }
    for bin in 0..<Self.bins { starts[bin + 1] += starts[bin] }
    if sorted.count < found.count, let first = found.first { sorted = [Candidate](repeating: first, count: 2 * found.count) }
    // Filling from the front moves each start to the next bin's; from the back, ends become starts.
    for candidate in found {
      let bin = bin(candidate)
      sorted[Int(starts[bin])] = candidate
      starts[bin] += 1
    }
    for bin in stride(from: Self.bins, to: 0, by: -1) { starts[bin] = starts[bin - 1] }
    starts[0] = 0
  }

  @inline(__always)
  private func bin(_ candidate: Candidate) -> Int { min(Self.bins - 1, Int(candidate.squaredDistance * scale)) }

  /// No atom of a bin has a smaller squared distance, in Å².
  @inline(__always)
  func lowerBound(_ bin: Int) -> Double { Double(bin) / scale * (1 - 1e-12) }

  @inline(__always)
  func range(_ bin: Int) -> Range<Int> { Int(starts[bin])..<Int(starts[bin + 1]) }

  @inline(__always)
  subscript(place: Int) -> Candidate { sorted[place] }
}
