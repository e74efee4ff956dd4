import CKernels
import NumericalMethods

/// A precision of meshes, with the two loops over the points of a charge.
protocol MeshScalar: FourierTransformScalar {
  /// Adds x y_s z to the rows of a plane, see `CKMesh.h`.
  static func spread(
    order: Int32, _ base: UnsafeMutablePointer<Self>, rows: UnsafePointer<Int>, x: Self, y: UnsafePointer<Self>, z: UnsafePointer<Self>)
  /// The derivatives of the potential at a charge along the edges of the mesh.
  static func slopes(
    order: Int32, _ base: UnsafePointer<Self>, rows: UnsafePointer<Int>, first: Int, planes: Int, pitch: Int, weights: UnsafePointer<Self>
  ) -> Vector3
}

extension Float: MeshScalar {
  @inline(__always)
  static func spread(
    order: Int32, _ base: UnsafeMutablePointer<Float>, rows: UnsafePointer<Int>, x: Float, y: UnsafePointer<Float>, z: UnsafePointer<Float>
  ) {
    ck_mesh_spread_f(order, base, rows, x, y, z)
  }

  @inline(__always)
  static func slopes(
    order: Int32, _ base: UnsafePointer<Float>, rows: UnsafePointer<Int>, first: Int, planes: Int, pitch: Int, weights: UnsafePointer<Float>
  ) -> Vector3 {
    var slopes = (0.0, 0.0, 0.0)
    withUnsafeMutableBytes(of: &slopes) {
      guard let out = $0.assumingMemoryBound(to: Double.self).baseAddress else { return }
      ck_mesh_slopes_f(order, base, rows, first, planes, pitch, weights, out)
    }
    return Vector3(slopes.0, slopes.1, slopes.2)
  }
}

extension Double: MeshScalar {
  @inline(__always)
  static func spread(
    order: Int32, _ base: UnsafeMutablePointer<Double>, rows: UnsafePointer<Int>, x: Double, y: UnsafePointer<Double>,
    z: UnsafePointer<Double>
  ) {
    ck_mesh_spread_d(order, base, rows, x, y, z)
  }

  @inline(__always)
  static func slopes(
    order: Int32, _ base: UnsafePointer<Double>, rows: UnsafePointer<Int>, first: Int, planes: Int, pitch: Int,
    weights: UnsafePointer<Double>
  ) -> Vector3 {
    var slopes = (0.0, 0.0, 0.0)
    withUnsafeMutableBytes(of: &slopes) {
      guard let out = $0.assumingMemoryBound(to: Double.self).baseAddress else { return }
      ck_mesh_slopes_d(order, base, rows, first, planes, pitch, weights, out)
    }
    return Vector3(slopes.0, slopes.1, slopes.2)
  }
}
