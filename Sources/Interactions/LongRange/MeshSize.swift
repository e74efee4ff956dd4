import NumericalMethods
import Structures

/// The mesh that an accuracy asks for, as a function of the cell alone.
///
/// A run in which the cell changes takes another mesh where the function says so, in whichever direction the cell went: there is no memory
/// of the meshes before, so that a resumed run has the same.
struct MeshSize: Sendable {
  private let alpha: Double
  private let error: Double
  private let meshError: MeshError
  /// A charge must not meet itself around the cell.
  private let least: Int

  /// - Parameter error: The root-mean-square error of the forces to stay below, divided by k/Å².
  init(alpha: Double, order: Int, error: Double) {
    self.alpha = alpha
    self.error = error
    meshError = MeshError(order: order)
    least = 2 * order
  }

  /// The number of points along each edge.
  func size(for cell: Cell, _ density: ChargeDensity) -> SIMD3<Int> {
    let scale = density.errorScale(alpha: alpha) * alpha.squareRoot()
    let spacing = meshError.spacing(forError: error / scale) / alpha
    let lengths = cell.lengths
    var size = SIMD3<Int>(0, 0, 0)
    for axis in 0..<3 {
      size[axis] = Self.fastSize(atLeast: max(least, Int((lengths[axis] / spacing).rounded(.up))))
    }
    return size
  }

  /// The error of a mesh, divided by k/Å²: as if its widest spacing were that along all edges.
  func error(of mesh: SIMD3<Int>, for cell: Cell, _ density: ChargeDensity) -> Double {
    let spacings = cell.lengths / Vector3(Double(mesh.x), Double(mesh.y), Double(mesh.z))
    return density.errorScale(alpha: alpha) * alpha.squareRoot() * meshError.error(forSpacing: alpha * spacings.max())
  }

  /// The least even number of points that is fast to transform.
  private static func fastSize(atLeast count: Int) -> Int {
    var size = FourierTransform.fastLength(atLeast: count)
    while size % 2 != 0 { size = FourierTransform.fastLength(atLeast: size + 1) }
    return size
  }
}
