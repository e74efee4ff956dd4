import NumericalMethods

/// What keeps the pressure: the barostat of Martyna, Tobias and Klein, with a Nosé–Hoover chain of its own.
///
/// Source: J. Chem. Phys. 101, 4177 (1994), doi:10.1063/1.467468.
public struct Barostat: Hashable, Sendable {
  /// How the cell may change.
  public enum Coupling: String, CaseIterable, Sendable {
    /// All edges scale alike; angles stay.
    case isotropic
    /// The Cartesian axes scale independently.
    case anisotropic
    /// All six parameters of the cell change; the cell keeps a along x and b in the xy plane, so that it cannot rotate.
    case triclinic
  }

  public var coupling: Coupling
  /// The relaxation time τ of the cell in ps: each strain has the mass (N_f + 3)/3 · k T τ².
  public var damping: Double
  /// The length of the barostat's own chain, at least 1.
  public var chainLength: Int

  public init(_ coupling: Coupling = .isotropic, damping: Double = 1, chainLength: Int = 3) {
    self.coupling = coupling
    self.damping = damping
    self.chainLength = chainLength
  }
}

extension Barostat.Coupling {
  /// The number of strains that are free.
  var degreesOfFreedom: Int {
    switch self {
    case .isotropic: 1
    case .anisotropic: 3
    case .triclinic: 6
    }
  }

  /// The part of a symmetric tensor that acts on the free strains.
  func projected(_ tensor: Matrix3) -> Matrix3 {
    switch self {
    case .isotropic: Matrix3(diagonal: Vector3(repeating: tensor.trace / 3))
    case .anisotropic: Matrix3(diagonal: Vector3(tensor[0].x, tensor[1].y, tensor[2].z))
    case .triclinic:
      Matrix3(
        tensor[0],
        Vector3(0, tensor[1].y, tensor[1].z),
        Vector3(0, 0, tensor[2].z))
    }
  }
}
