import NumericalMethods
import Structures

/// A cell as LAMMPS writes it: the corners of a box and its tilts, with a along x and b in the xy plane.
///
/// Source: LAMMPS manual, "Triclinic (non-orthogonal) simulation boxes".
struct LAMMPSBox {
  var low: Vector3
  var high: Vector3
  /// xy, xz, yz.
  var tilt: Vector3 = .zero

  init(low: Vector3, high: Vector3, tilt: Vector3 = .zero) {
    (self.low, self.high, self.tilt) = (low, high, tilt)
  }

  /// The box within the bounding box that dump files give for a tilted one.
  init(boundingLow: Vector3, high boundingHigh: Vector3, tilt: Vector3) {
    let (xy, xz, yz) = (tilt.x, tilt.y, tilt.z)
    low = boundingLow - Vector3(min(0, xy, xz, xy + xz), min(0, yz), 0)
    high = boundingHigh - Vector3(max(0, xy, xz, xy + xz), max(0, yz), 0)
    self.tilt = tilt
  }

  /// The box of a cell, or `nil` where the cell lies otherwise and has to be turned first.
  init?(_ cell: Cell) {
    let (a, b, c) = cell.vectors.rows
    guard a.y == 0, a.z == 0, b.z == 0, a.x > 0, b.y > 0, c.z > 0 else { return nil }
    low = cell.origin
    let lengths = Vector3(a.x, b.y, c.z)
    high = low + lengths
    tilt = Vector3(b.x, c.x, c.y)
    // The length that is read back is the difference of the corners: choose the corner that gives the very same one.
    for axis in 0..<3 where high[axis] - low[axis] != lengths[axis] {
      if high[axis].nextUp - low[axis] == lengths[axis] {
        high[axis] = high[axis].nextUp
      } else if high[axis].nextDown - low[axis] == lengths[axis] {
        high[axis] = high[axis].nextDown
      }
    }
  }

  var isTilted: Bool { tilt != .zero }

  /// The edge vectors as rows.
  var vectors: Matrix3 {
    let length = high - low
    return Matrix3(Vector3(length.x, 0, 0), Vector3(tilt.x, length.y, 0), Vector3(tilt.y, tilt.z, length.z))
  }

  /// The corners of the box that bounds the tilted one.
  var bounds: (low: Vector3, high: Vector3) {
    let (xy, xz, yz) = (tilt.x, tilt.y, tilt.z)
    return (
      low + Vector3(min(0, xy, xz, xy + xz), min(0, yz), 0), high + Vector3(max(0, xy, xz, xy + xz), max(0, yz), 0)
    )
  }
}

extension Frame {
  /// The same frame turned so that a lies along x and b in the xy plane, as LAMMPS wants it; vectors are turned with it.
  ///
  /// The frame itself where the cell lies so already.
  func inLAMMPSOrientation() throws -> Frame {
    let cell = configuration.cell
    guard LAMMPSBox(cell) == nil else { return self }
    let (a, b, c) = cell.vectors.rows
    let ax = a.length
    let unitA = a * (1 / ax)
    let bx = b.dot(unitA)
    let by = unitA.cross(b).length
    let cx = c.dot(unitA)
    let normal = a.cross(b)
    let cz = c.dot(normal) / normal.length
    let cy = (b.dot(c) - bx * cx) / by
    let vectors = Matrix3(Vector3(ax, 0, 0), Vector3(bx, by, 0), Vector3(cx, cy, cz))
    let rotation = cell.inverse * vectors
    var turned = self
    let origin = cell.origin
    turned.configuration.cell = try Cell(vectors: vectors, origin: origin, periodic: cell.periodic)
    turned.configuration.positions = configuration.positions.map { ($0 - origin) * rotation + origin }
    turned.configuration.velocities = configuration.velocities.map { $0 * rotation }
    turned.forces = forces.map { $0 * rotation }
    turned.stress = stress.map { rotation.transposed * $0 * rotation }
    return turned
  }
}
