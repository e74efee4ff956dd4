import NumericalMethods
import Structures

extension FileFormat {
  /// Trajectories of VASP.
  static let xdatcar = FileFormat(
    name: "xdatcar", summary: "Trajectory of VASP (XDATCAR), with a fixed or a variable cell", extensions: ["xdatcar"],
    namePrefixes: ["xdatcar"],
    readsTrajectory: true, recognizes: { $0.contains("Direct configuration=") },
    open: { try XDATCARReader(path: $0, species: $1.species) })
}

/// Reads XDATCAR files of VASP 5 and later, frame by frame; a header may stand before every frame, as with a variable cell.
///
/// Positions are as VASP writes them, inside the cell; ``Frame/step`` is the number after `configuration=`. The file does not
/// say how long a step takes.
public final class XDATCARReader: FrameSource {
  private let reader: TextReader
  private let table = NumberTable()
  private let given: [Species]?
  private var header: VASPHeader?
  private var cell: Cell?
  private var sequence = FrameSequence()
  private var ownWarnings: [String] = []

  /// - Parameter species: The species of each element of the header, where the file names none or to overrule it.
  public init(path: String, species: [Species]? = nil) throws {
    reader = try TextReader(path: path)
    given = species
  }

  public var warnings: [String] { reader.warnings + ownWarnings + sequence.warnings }

  public func next() throws -> Frame? { try sequence.next(readFrame) }

  private func readFrame() throws -> Frame? {
    if header == nil, try !readHeader() { return nil }
    while let line = try reader.peekLine(), line.isBlank { _ = try reader.nextLine() }
    guard var line = try reader.peekLine() else { return nil }
    if !Self.isConfiguration(line) {
      guard try readHeader() else { return nil }
      line = try reader.requireLine("Direct configuration=")
      guard Self.isConfiguration(line) else {
        throw line.failure("expected \"Direct configuration=\", found \"\(line.text.prefix(60))\"")
      }
    } else {
      _ = try reader.nextLine()
    }
    guard let header, let cell else { return nil }
    var layout = NumberTable.Layout()
    let columns = SIMD3(layout.add("x", .real), layout.add("y", .real), layout.add("z", .real))
    try table.read(rows: header.types.count, layout: layout, from: reader)
    if reader.isAtCutEnd {
      throw FormatsError(.endsEarly, at: table.position(row: max(0, table.rows - 1)), "the last line has no end")
    }
    let positions = table.gather(columns, RowOrder()).map { $0 * header.vectors }
    guard CellBuilder.isWithinReach(positions, of: cell) else {
      let row = positions.firstIndex { !CellBuilder.isWithinReach([$0], of: cell) } ?? 0
      throw FormatsError(.malformed, at: table.position(row: row), "the atom is more than 10^9 edges away from the cell")
    }
    var frame = Frame(try Configuration(cell: cell, species: header.species, types: header.types, positions: positions))
    frame.step = line.text.split(separator: "=").last.flatMap { text in
      text.split(separator: " ").first.flatMap { NumberParser.integer($0) }
    }
    return frame
  }

  private static func isConfiguration(_ line: TextLine) -> Bool {
    line.text.lowercased().contains("configuration=")
  }

  private func readHeader() throws -> Bool {
    let before = header?.types
    guard let read = try VASPHeader.read(reader, given: given) else { return false }
    guard before == nil || before == read.types else {
      throw read.line.failure(.inconsistent, "the numbers of atoms differ from those of the frame before; a trajectory keeps its atoms")
    }
    let (cell, isExchanged) = try CellBuilder.cell(vectors: read.vectors, at: read.line.position)
    if isExchanged && before == nil { ownWarnings.append("\(reader.path): \(CellBuilder.exchangeWarning)") }
    header = read
    self.cell = cell
    return true
  }
}
