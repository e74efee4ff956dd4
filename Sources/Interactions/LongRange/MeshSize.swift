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
    self.init(alpha: alpha, MeshError(order: order), error: error)
  }

  init(alpha: Double, _ meshError: MeshError, error: Double) {
    self.alpha = alpha
    self.error = error
    self.meshError = meshError
    least = 2 * meshError.order
  }

  /// The number of points along each edge; `nil` where no mesh of a sensible size is fine enough.
  func size(for cell: Cell, _ density: ChargeDensity) -> SIMD3<Int>? {
    guard let spacing = meshError.spacing(density, alpha: alpha, error: error) else { return nil }
    let lengths = cell.lengths
    var size = SIMD3<Int>(0, 0, 0)
    var points = 1.0
    for axis in 0..<3 {
      let count = (lengths[axis] / spacing).rounded(.up)
      guard count <= Double(Self.greatest) else { return nil }
      size[axis] = Self.fastSize(atLeast: max(least, Int(count)))
      points *= Double(size[axis])
    }
    return points <= Self.mostPoints ? size : nil
  }

  /// The most points along an edge, and in all: 8 GiB in single precision with what goes with them.
  static let greatest = 4096
  private static let mostPoints = 5e8

  /// The error of a mesh, divided by k/Å²: as if its widest spacing were that along all edges.
  func error(of mesh: SIMD3<Int>, for cell: Cell, _ density: ChargeDensity) -> Double {
    let spacings = cell.lengths / Vector3(Double(mesh.x), Double(mesh.y), Double(mesh.z))
    return meshError.error(density, alpha: alpha, spacing: spacings.max())
  }

  /// The even number of points from a least one on that is fastest to transform.
  private static func fastSize(atLeast count: Int) -> Int {
    var best = (size: 0, time: Double.infinity)
    var size = FourierTransform.fastLength(atLeast: count)
    while Double(size) <= 1.25 * Double(count) || best.size == 0 {
      if size % 2 == 0, time(of: size) < best.time { best = (size, time(of: size)) }
      size = FourierTransform.fastLength(atLeast: size + 1)
    }
    return best.size
  }

  /// The time that a number of points along an edge takes, relative to other numbers.
  ///
  /// Lengths of one or two steps of FFTW's own size take little more than half the time a point of others, with estimated plans.
  static func time(of size: Int) -> Double {
    [16, 20, 32, 64, 72, 80, 128].contains(size) ? Double(size) : 1.2 * Double(size)
  }
}
