/// The settings of a lattice sum: Ewald's, or smooth particle-mesh Ewald.
///
/// What is `nil` is chosen when a force field is resolved for a configuration: with the charges and the cell, ``accuracy`` decides
/// all the rest, for least time.
public struct LatticeSum: Sendable, Hashable {
  /// The root-mean-square error of the forces, divided by the force between two unit charges 1 Å apart (14.4 eV/Å).
  ///
  /// LAMMPS has the same measure, but holds each of the two parts to it; here their sum is.
  public var accuracy: Double
  /// Where the part in real space ends, in Å.
  public var cutoff: Double?
  /// The splitting parameter α in 1/Å: the greater, the more is left to reciprocal space.
  public var alpha: Double?
  /// The order of the B-splines of a mesh, 4 to 8: each charge is spread over that many points along each edge.
  public var order: Int?
  /// The number of mesh points along each edge; where it is not given, it follows the cell.
  public var mesh: SIMD3<Int>?

  public init(accuracy: Double, cutoff: Double? = nil, alpha: Double? = nil, order: Int? = nil, mesh: SIMD3<Int>? = nil) {
    self.accuracy = accuracy
    self.cutoff = cutoff
    self.alpha = alpha
    self.order = order
    self.mesh = mesh
  }

  /// The orders of B-splines that there are.
  public static let orders = 4...8
  /// The accuracies that can be asked for: below, the rounding of sums in double precision shows.
  public static let accuracies = 1e-13...0.1
}

extension Coulomb {
  /// The same lattice sum with another accuracy; `nil` for methods that sum over pairs.
  func with(accuracy: Double) -> Coulomb? {
    guard var sum = latticeSum else { return nil }
    sum.accuracy = accuracy
    if case .ewald = self { return .ewald(sum) }
    return .spme(sum)
  }
}
