import NumericalMethods
import Structures

extension VolumetricFiles {
  /// Writes a field as a structured grid of the legacy VTK format (binary), which ParaView, VisIt and OVITO read.
  ///
  /// Along each periodic edge the first plane of points stands at the end again, so that surfaces close at the faces of the cell: the file has one
  /// point more along such an edge. Numbers are in single precision.
  ///
  /// - Throws: What writing throws; the file is complete or absent.
  public static func writeVTK(_ grid: VolumetricGrid, to path: String) throws {
    try AtomicFile.write(vtk(grid), to: path)
  }

  static func vtk(_ grid: VolumetricGrid) -> [UInt8] {
    var points = grid.size
    for axis in 0..<3 where grid.cell.periodic[axis] { points[axis] += 1 }
    let count = points.x * points.y * points.z
    var bytes: [UInt8] = []
    bytes.reserveCapacity(512 + 16 * count)
    func text(_ text: String) { bytes.append(contentsOf: text.utf8) }
    func number(_ value: Double) {
      // The format is big-endian.
      withUnsafeBytes(of: Float(value).bitPattern.bigEndian) { bytes.append(contentsOf: $0) }
    }
    let unit = grid.unit.isEmpty ? "" : " (\(grid.unit))"
    // The title is one line of at most 256 characters, and a name is one word.
    text("# vtk DataFile Version 3.0\n\((grid.quantity + unit).prefix(200)); lengths in A\nBINARY\nDATASET STRUCTURED_GRID\n")
    text("DIMENSIONS \(points.x) \(points.y) \(points.z)\nPOINTS \(count) float\n")
    for k in 0..<points.z {
      for j in 0..<points.y {
        for i in 0..<points.x {
          let position = grid.position(i, j, k)
          number(position.x)
          number(position.y)
          number(position.z)
        }
      }
    }
    text("\nPOINT_DATA \(count)\nSCALARS \(ByteWriter.word(grid.quantity)) float 1\nLOOKUP_TABLE default\n")
    for k in 0..<points.z {
      for j in 0..<points.y {
        for i in 0..<points.x { number(grid.values[grid.index(i, j, k)]) }
      }
    }
    text("\n")
    return bytes
  }
}
