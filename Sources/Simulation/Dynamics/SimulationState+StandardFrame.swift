import NumericalMethods
import Structures

extension SimulationState {
  /// Turns the system so that the edge a lies along x and b in the xy plane, as LAMMPS wants cells.
  ///
  /// Does nothing where they do already. Otherwise forces are unknown afterwards.
  ///
  /// - Throws: ``StructuresError`` where the cell is not valid.
  public mutating func rotateToStandardFrame() throws {
    let vectors = cell.vectors
    if vectors[0].y == 0, vectors[0].z == 0, vectors[1].z == 0, vectors[0].x > 0, vectors[1].y > 0 { return }
    let first = vectors[0] / vectors[0].length
    let normal = vectors[0].cross(vectors[1])
    let third = normal / normal.length
    // The new axes are the columns.
    let rotation = Matrix3(first, third.cross(first), third).transposed
    var turned = vectors * rotation
    turned[0] = Vector3(turned[0].x, 0, 0)
    turned[1].z = 0
    let origin = cell.origin
    cell = try Cell(vectors: turned, origin: origin, periodic: cell.periodic)
    for i in positions.indices {
      positions[i] = origin + (positions[i] - origin) * rotation
      velocities[i] = velocities[i] * rotation
    }
    evaluation = nil
    hasEnergies = false
  }
}
