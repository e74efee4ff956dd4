import NumericalMethods

/// How a minimisation may change the cell.
public enum CellRelaxation: String, CaseIterable, Sendable {
  /// Not at all.
  case none
  /// All edges scale alike.
  case isotropic
  /// All six strains; the cell does not rotate.
  case full

  /// The part of a symmetric tensor that acts on the free strains.
  func projected(_ tensor: Matrix3) -> Matrix3 {
    switch self {
    case .none: .zero
    case .isotropic: Matrix3(diagonal: Vector3(repeating: tensor.trace / 3))
    case .full: (tensor + tensor.transposed) * 0.5
    }
  }
}
