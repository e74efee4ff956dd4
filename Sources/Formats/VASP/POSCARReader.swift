import NumericalMethods
import Structures

/// Reads POSCAR and CONTCAR files of VASP 5 and later (VASP 4 where the elements are given).
///
/// Selective dynamics become the columns `selective[1]` … `selective[3]`, 1 where the atom may move. Velocities (Å/fs in the file)
/// are read where they are Cartesian and not all zero.
enum POSCARReader {
  static func read(path: String, options: ReadOptions) throws -> (frame: Frame, warnings: [String]) {
    let reader = try TextReader(path: path)
    let start = FilePosition(path: path, line: 1)
    guard let header = try VASPHeader.read(reader, given: options.species) else {
      throw FormatsError(.endsEarly, at: start, "the file is empty; expected a POSCAR")
    }
    var warnings: [String] = []
    var mode = try reader.requireLine("Direct or Cartesian")
    let isSelective = mode.words.first?.text.lowercased().hasPrefix("s") ?? false
    if isSelective { mode = try reader.requireLine("Direct or Cartesian") }
    let isCartesian = try isCartesian(mode)
    let table = NumberTable()
    var layout = NumberTable.Layout()
    let columns = SIMD3(layout.add("x", .real), layout.add("y", .real), layout.add("z", .real))
    if isSelective { for axis in 1..<4 { layout.add("selective[\(axis)]", .word) } }
    layout.allowsMore = true
    try table.read(rows: header.types.count, layout: layout, from: reader)
    let read = table.gather(columns, RowOrder())
    let positions = read.map { isCartesian ? $0 * header.scale : $0 * header.vectors }
    let (cell, isExchanged) = try CellBuilder.cell(vectors: header.vectors, at: header.line.position)
    if isExchanged { warnings.append("\(path): \(CellBuilder.exchangeWarning)") }
    guard CellBuilder.isWithinReach(positions, of: cell) else {
      let row = positions.firstIndex { !CellBuilder.isWithinReach([$0], of: cell) } ?? 0
      throw FormatsError(.malformed, at: table.position(row: row), "the atom is more than 10^9 edges away from the cell")
    }
    var frame = Frame(
      try Configuration(cell: cell, species: header.species, types: header.types, positions: positions))
    if isSelective {
      for axis in 0..<3 { frame.columns["selective[\(axis + 1)]"] = try flags(table, 3 + axis) }
    }
    if reader.isAtCutEnd { warnings.append("\(path): the last line has no end; if the file was cut, its last number is wrong") }
    try readVelocities(reader, table, &frame, &warnings)
    return (frame, reader.warnings + warnings)
  }

  private static func isCartesian(_ line: TextLine) throws -> Bool {
    switch line.words.first?.text.lowercased().first {
    case "c", "k": return true
    case "d", "f": return false
    default: throw line.failure("expected Direct or Cartesian, found \"\(line.text.prefix(40))\"")
    }
  }

  private static func flags(_ table: NumberTable, _ column: Int) throws -> [Double] {
    try (0..<table.rows).map { row in
      let word = table.word(table.wordKey(row, column))
      switch word.drop(while: { $0 == "." }).first {
      case "T", "t": return 1
      case "F", "f": return 0
      default:
        throw FormatsError(.malformed, at: table.position(row: row), "expected T or F for selective dynamics, found \"\(word.prefix(20))\"")
      }
    }
  }

  private static func readVelocities(
    _ reader: TextReader, _ table: NumberTable, _ frame: inout Frame, _ warnings: inout [String]
  ) throws {
    while let line = try reader.peekLine() {
      let first = line.words.first?.text.lowercased()
      if first == nil || first?.first == "c" || first?.first == "k" {
        _ = try reader.nextLine()
      } else if first?.first == "l" {
        // The lattice's velocities: its line, a state, three velocities and three edges.
        for _ in 0..<8 { _ = try reader.nextLine() }
      } else {
        break
      }
    }
    guard let line = try reader.peekLine() else { return }
    guard line.words.count >= 3, line.words.prefix(3).allSatisfy({ NumberParser.real($0.text) != nil }) else {
      warnings.append("\(line.position): what follows the positions is left out")
      return
    }
    var layout = NumberTable.Layout()
    let columns = SIMD3(layout.add("vx", .real), layout.add("vy", .real), layout.add("vz", .real))
    layout.allowsMore = true
    try table.read(rows: frame.configuration.count, layout: layout, from: reader)
    let velocities = table.gather(columns, RowOrder(), factor: 1000)
    if velocities.contains(where: { $0 != .zero }) { frame.configuration.velocities = velocities }
  }
}
