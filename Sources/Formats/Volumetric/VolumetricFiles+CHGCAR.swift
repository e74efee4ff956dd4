import NumericalMethods
import Structures

extension VolumetricFiles {
  /// Writes a field in the format of VASP's CHGCAR, which VESTA, pymatgen and ASE read.
  ///
  /// Values are multiplied by the volume of the cell, as the format has it, so that their mean is the integral over the cell: the number of ions
  /// for a density in 1/Å³. VESTA knows the format by a name that begins with CHGCAR.
  ///
  /// - Parameters:
  ///   - configuration: The atoms to show beside the field, or `nil`; readers then find one hydrogen atom at the origin, since the format cannot be
  ///     without any. The cell is that of the grid.
  /// - Throws: What writing throws; the file is complete or absent.
  public static func writeCHGCAR(_ grid: VolumetricGrid, configuration: Configuration?, to path: String) throws {
    try AtomicFile.write(chgcar(grid, configuration: configuration), to: path)
  }

  static func chgcar(_ grid: VolumetricGrid, configuration: Configuration?) -> [UInt8] {
    var out = ByteWriter(decimals: 10, capacity: 512 + 48 * (configuration?.count ?? 0) + 22 * grid.values.count)
    let unit = grid.unit.isEmpty ? "" : " (\(grid.unit))"
    out.text("\(grid.quantity)\(unit) times the volume of the cell in A3\n1\n")
    for axis in 0..<3 {
      for component in 0..<3 {
        if component > 0 { out.space() }
        out.exact(grid.cell.vectors[axis, component])
      }
      out.newline()
    }
    if let configuration, configuration.count > 0 {
      let counts = configuration.speciesCounts
      let used = counts.indices.filter { counts[$0] > 0 }
      out.text(used.map { configuration.species[$0].element.symbol }.joined(separator: " ") + "\n")
      out.text(used.map { String(counts[$0]) }.joined(separator: " ") + "\nDirect\n")
      for type in used {
        for atom in configuration.positions.indices where Int(configuration.types[atom]) == type {
          // A field knows no origin; its first point lies at the corner of the cell.
          out.vector(grid.cell.fractional(grid.cell.wrap(configuration.positions[atom]).position))
          out.newline()
        }
      }
    } else {
      out.text("H\n1\nDirect\n0 0 0\n")
    }
    let (nx, ny, nz) = (grid.size.x, grid.size.y, grid.size.z)
    out.text("\n\(nx) \(ny) \(nz)\n")
    let volume = grid.cell.volume
    var written = 0
    for k in 0..<nz {
      for j in 0..<ny {
        for i in 0..<nx {
          out.exact(grid.values[(i * ny + j) * nz + k] * volume)
          written += 1
          if written % 5 == 0 { out.newline() } else { out.space() }
        }
      }
    }
    if written % 5 != 0 { out.newline() }
    return out.bytes
  }
}
