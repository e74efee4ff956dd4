import NumericalMethods
import Structures

/// Writes fields on grids for programs that draw them.
public enum VolumetricFiles {
  /// Writes a Gaussian CUBE file, which VESTA, OVITO and ASE read; lengths in it are in bohr.
  ///
  /// - Parameters:
  ///   - configuration: The atoms to show beside the field; their cell should be that of the grid.
  /// - Throws: What writing throws; the file is complete or absent.
  public static func writeCube(_ grid: VolumetricGrid, configuration: Configuration?, to path: String) throws {
    try AtomicFile.write(cube(grid, configuration: configuration), to: path)
  }

  /// 1 bohr in Å (CODATA 2018).
  private static let bohr = 0.529177210903

  static func cube(_ grid: VolumetricGrid, configuration: Configuration?) -> [UInt8] {
    let atoms = configuration?.count ?? 0
    var out = ByteWriter(decimals: 6, capacity: 512 + 64 * atoms + 14 * grid.values.count)
    let unit = grid.unit.isEmpty ? "" : " (\(grid.unit))"
    out.text("\(grid.quantity)\(unit)\nvalues by point, z fastest; lengths in bohr\n")
    func row(_ number: Int, _ vector: Vector3) {
      out.text("\(number)")
      for axis in 0..<3 {
        out.space()
        out.exact(vector[axis] / bohr)
      }
      out.newline()
    }
    row(atoms, grid.cell.origin)
    for axis in 0..<3 { row(grid.size[axis], grid.cell.vectors[axis] / Double(grid.size[axis])) }
    if let configuration {
      for atom in configuration.positions.indices {
        let element = configuration.species[Int(configuration.types[atom])].element
        out.text("\(element.atomicNumber) 0")
        let position = grid.cell.wrap(configuration.positions[atom]).position
        for axis in 0..<3 {
          out.space()
          out.exact(position[axis] / bohr)
        }
        out.newline()
      }
    }
    for (index, value) in grid.values.enumerated() {
      out.exact(value)
      if (index + 1) % grid.size.z == 0 || index % grid.size.z % 6 == 5 { out.newline() } else { out.space() }
    }
    return out.bytes
  }
}
