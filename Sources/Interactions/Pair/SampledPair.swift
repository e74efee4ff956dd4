/// A pair potential given by samples: distances in Å, ascending, with energies in eV and forces in eV/Å.
public struct PairSamples: Sendable, Hashable {
  public let distances: [Double]
  public let energies: [Double]
  public let forces: [Double]

  /// Checks and keeps samples.
  ///
  /// - Throws: ``InteractionsError`` with code `.invalidForceField` where there are fewer than four samples, they are not
  ///   finite or ascending, or the forces are not minus the slope of the energies (a wrong sign or wrong units).
  public init(distances: [Double], energies: [Double], forces: [Double]) throws {
    func fail(_ message: String) -> InteractionsError { InteractionsError(.invalidForceField, message) }
    guard distances.count == energies.count, distances.count == forces.count else {
      throw fail("a table has \(distances.count) distances, \(energies.count) energies and \(forces.count) forces; give as many of each")
    }
    guard distances.count >= 4 else { throw fail("a table of \(distances.count) samples is too short to interpolate; give at least 4") }
    guard (distances + energies + forces).allSatisfy(\.isFinite) else { throw fail("a table holds a number that is not finite") }
    guard distances[0] > 0, zip(distances, distances.dropFirst()).allSatisfy({ $0 < $1 }) else {
      throw fail("the distances of a table must be positive and ascend")
    }
    self.distances = distances
    self.energies = energies
    self.forces = forces
    // Trapezoids of the forces against differences of the energies: the error of a fine table is far below its scale.
    var (mismatch, scale) = (0.0, 0.0)
    for i in 1..<distances.count {
      let drop = energies[i - 1] - energies[i]
      mismatch += abs(drop - (forces[i] + forces[i - 1]) / 2 * (distances[i] - distances[i - 1]))
      scale += abs(drop)
    }
    guard mismatch <= 0.2 * scale else {
      throw fail(
        "the forces of a table are not minus the slope of its energies (they differ by \(Int(100 * mismatch / scale)) %); "
          + "check the sign, the units, and that the samples are dense enough")
    }
  }
}

/// A sampled pair potential: the cubic spline through the energies.
///
/// The forces at the two ends fix the end slopes; between them the force is minus the derivative of the spline, so that
/// it belongs to the energy. Below the first sample the force stays what it is there.
public struct SampledPair: PairForm {
  private let r: [Double]
  private let u: [Double]
  /// dU/dr at each sample.
  private let slopes: [Double]

  public init(_ samples: PairSamples) {
    r = samples.distances
    u = samples.energies
    // The C2 conditions for the inner slopes are a tridiagonal system, solved by elimination.
    let n = r.count
    var slopes = samples.forces.map { -$0 }
    var upper = [Double](repeating: 0, count: n)
    var right = [Double](repeating: 0, count: n)
    right[0] = slopes[0]
    for i in 1..<(n - 1) {
      let (left, next) = (1 / (r[i] - r[i - 1]), 1 / (r[i + 1] - r[i]))
      let known = 3 * ((u[i] - u[i - 1]) * left * left + (u[i + 1] - u[i]) * next * next)
      let pivot = 2 * (left + next) - left * upper[i - 1]
      upper[i] = next / pivot
      right[i] = (known - left * right[i - 1]) / pivot
    }
    for i in stride(from: n - 2, through: 1, by: -1) { slopes[i] = right[i] - upper[i] * slopes[i + 1] }
    self.slopes = slopes
  }

  public var breakpoints: [Double] { [r[0], r[r.count - 1]] }

  public func callAsFunction(_ distance: Double) -> PairValue {
    guard distance > r[0] else { return (u[0] + slopes[0] * (distance - r[0]), -slopes[0]) }
    guard distance < r[r.count - 1] else { return (distance == r[r.count - 1] ? u[u.count - 1] : 0, 0) }
    var (low, high) = (0, r.count - 1)
    while high - low > 1 {
      let middle = (low + high) / 2
      if r[middle] <= distance { low = middle } else { high = middle }
    }
    let width = r[high] - r[low]
    let t = (distance - r[low]) / width
    let difference = u[high] - u[low]
    let (first, second) = (slopes[low] * width - difference, difference - slopes[high] * width)
    // Hermite's cubic in the form u0 (1-t) + u1 t + t (1-t) [first (1-t) + second t].
    let energy = u[low] + t * difference + t * (1 - t) * (first * (1 - t) + second * t)
    let slope = difference + (1 - 2 * t) * (first * (1 - t) + second * t) + t * (1 - t) * (second - first)
    return (energy, -slope / width)
  }
}

extension SampledPair {
  static let descriptor = PairFormDescriptor(
    name: "table", equation: "cubic spline through samples of energy",
    summary: "samples of distance, energy and force, in the file (r, energy, force) or in a LAMMPS table file (file, keyword)",
    parameters: [], reference: "format: https://docs.lammps.org/pair_table.html", takesSamples: true
  ) { input in
    guard let samples = input.samples else {
      throw InteractionsError(
        .invalidForceField, "a pair with the form table has no samples; give file and keyword, or r, energy and force")
    }
    return SampledPair(samples)
  }
}
