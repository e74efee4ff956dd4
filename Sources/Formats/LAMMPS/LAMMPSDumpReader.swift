import NumericalMethods
import Structures

/// Reads text dumps of LAMMPS (`dump custom`, `dump atom`), compressed or not, frame by frame.
///
/// - Any order of columns: positions as x, xs, xu or xsu; id, type, element, typelabel, mass, q, mol, image flags, velocities, forces;
///   any other number goes to ``Frame/columns``.
/// - Atoms come out by ascending id in every frame; their number and ids must not change.
/// - Tilted boxes are written as their bounding box and come out as the cell; general triclinic ones (`abc origin`) too.
/// - Units are metal, unless `ITEM: UNITS` says real (then fs, Å/fs, kcal/(mol Å) are converted). `ITEM: TIME` becomes ``Frame/time``.
/// - Elements come from the column element, else from the mass or the type label, else from the caller.
public final class LAMMPSDumpReader: FrameSource {
  private let reader: TextReader
  private let table = NumberTable()
  private var species: LAMMPSDumpSpecies
  private var units = LAMMPSUnits.metal
  private var columnsText = ""
  private var columns: LAMMPSDumpColumns?
  private var atomCount: Int?
  private var identifiers: [Int] = []
  private var lastStep: Int?
  private var sequence = FrameSequence()
  private var ownWarnings: [String] = []

  /// Opens a dump.
  ///
  /// - Parameter species: The species of type 1, 2, 3 …, where the file does not name them or to overrule it.
  public init(path: String, species: [Species]? = nil) throws {
    reader = try TextReader(path: path)
    self.species = LAMMPSDumpSpecies(given: species)
  }

  public var warnings: [String] { reader.warnings + species.warnings + ownWarnings + sequence.warnings }

  public func next() throws -> Frame? { try sequence.next(readFrame) }

  /// What stands before the atoms of a frame.
  private struct Header {
    var step: Int?
    var time: Double?
    var count: Int?
    var cell: Cell?
    var columns: TextLine?
    var isExchanged = false
  }

  private func readFrame() throws -> Frame? {
    guard let header = try readHeader() else { return nil }
    guard let line = header.columns else { return nil }
    guard let step = header.step, let count = header.count, let cell = header.cell else {
      let missing = header.step == nil ? "TIMESTEP" : header.count == nil ? "NUMBER OF ATOMS" : "BOX BOUNDS"
      throw line.failure("ITEM: ATOMS comes before ITEM: \(missing); expected it after")
    }
    if let atomCount, atomCount != count {
      throw line.failure(
        .inconsistent,
        "the frame of step \(step) has \(count) atoms, those before have \(atomCount); a trajectory keeps its atoms (split the file, or dump a fixed group)"
      )
    }
    let columns = try columns(line)
    try table.read(rows: count, layout: columns.layout, from: reader)
    if count > 0 && reader.isAtCutEnd {
      // The last number may have lost digits.
      throw FormatsError(.endsEarly, at: table.position(row: count - 1), "the last line has no end")
    }
    let frame = try frame(columns, cell: cell, header)
    if let lastStep, step <= lastStep {
      warn("step \(step) follows step \(lastStep): the file holds parts of several runs; times and displacements across them mean nothing")
    }
    atomCount = count
    lastStep = step
    return frame
  }

  private func warn(_ text: String) {
    let warning = "\(reader.path): \(text)"
    if ownWarnings.count < 100, !ownWarnings.contains(warning) { ownWarnings.append(warning) }
  }

  private func readHeader() throws -> Header? {
    var header = Header()
    var isEmpty = true
    while let line = try reader.nextLine() {
      if line.isBlank && isEmpty { continue }
      isEmpty = false
      if line.isCut { throw line.failure("the file ends in this line") }
      let words = line.words.map(\.text)
      guard words.count >= 2, words[0] == "ITEM:" else {
        throw line.failure("expected a line with ITEM:, found \"\(line.text.prefix(60))\"")
      }
      switch words[1] {
      case "UNITS":
        let name = try reader.requireLine("the name of the units")
        units = try LAMMPSUnits(name: name.words.first?.text ?? "", at: name.position)
      case "TIME": header.time = try reader.requireLine("the time").reals(1, "the time")[0] * units.time
      case "TIMESTEP": header.step = try reader.requireLine("the step").integer("the step", least: .min)
      case "NUMBER" where words.count == 4 && words[3] == "ATOMS":
        let count = try reader.requireLine("the number of atoms")
        header.count = try count.integer("the number of atoms")
        if header.count ?? 0 >= Int(Int32.max) { throw count.failure("expected fewer than 2^31 atoms, found \(count.text.prefix(40))") }
      case "BOX": (header.cell, header.isExchanged) = try readBox(line, Array(words.dropFirst(3)))
      case "ATOMS":
        header.columns = line
        if header.isExchanged { warn(CellBuilder.exchangeWarning) }
        return header
      default:
        throw line.failure(
          .unsupported, "\"\(line.text.prefix(60))\" is no item of a dump of atoms; expected ITEM: TIMESTEP, BOX BOUNDS or ATOMS")
      }
    }
    if !isEmpty {
      throw FormatsError(
        .endsEarly, at: FilePosition(path: reader.path, line: reader.lineNumber), "the file ends before ITEM: ATOMS")
    }
    return nil
  }

  private func readBox(_ line: TextLine, _ words: [String]) throws -> (Cell, Bool) {
    let isGeneral = words.first == "abc"
    let isTilted = words.first == "xy"
    var periodic = Periodicity(repeating: true)
    // Each boundary is two letters, low and high; only p repeats.
    let boundaries = words.filter { $0.utf8.count == 2 && $0.utf8.allSatisfy { "pfsm".utf8.contains($0) } }
    if boundaries.count == 3 {
      for axis in 0..<3 { periodic[axis] = boundaries[axis] == "pp" }
    }
    var rows: [[Double]] = []
    let expected = isGeneral ? "an edge vector and a coordinate of the origin" : isTilted ? "two bounds and a tilt" : "two bounds"
    for _ in 0..<3 {
      rows.append(try reader.requireLine(expected).reals(isGeneral ? 4 : isTilted ? 3 : 2, expected))
    }
    func column(_ index: Int) -> Vector3 { Vector3(rows[0][index], rows[1][index], rows[2][index]) }
    if isGeneral {
      let vectors = Matrix3(column(0), column(1), column(2)).transposed
      return try CellBuilder.cell(vectors: vectors, origin: column(3), periodic: periodic, at: line.position)
    }
    let box = LAMMPSBox(boundingLow: column(0), high: column(1), tilt: isTilted ? column(2) : .zero)
    guard box.high.x > box.low.x, box.high.y > box.low.y, box.high.z > box.low.z else {
      throw line.failure("the box has no volume; expected each lower bound below the upper one")
    }
    return try CellBuilder.cell(vectors: box.vectors, origin: box.low, periodic: periodic, at: line.position)
  }

  private func columns(_ line: TextLine) throws -> LAMMPSDumpColumns {
    if let columns, columnsText == line.text { return columns }
    let made = try LAMMPSDumpColumns(line.words.dropFirst(2).map(\.text), at: line.position)
    if made.identifier == nil {
      warn("the dump has no column id: atoms are taken in the order of the file, which LAMMPS changes during a run unless told to sort")
    }
    columns = made
    columnsText = line.text
    return made
  }

  private func frame(_ columns: LAMMPSDumpColumns, cell: Cell, _ header: Header) throws -> Frame {
    let order = try columns.identifier.map { try table.order(byIdentifier: $0) } ?? RowOrder()
    if atomCount == nil { identifiers = order.identifiers }
    guard identifiers == order.identifiers else {
      throw FormatsError(
        .inconsistent, at: table.position(row: 0),
        "the ids of the atoms are not those of the frame before; a trajectory keeps its atoms (dump a fixed group)")
    }
    var positions = table.gather(columns.position, order)
    if columns.coordinates.isScaled { positions = positions.map(cell.cartesian) }
    guard CellBuilder.isWithinReach(positions, of: cell) else {
      let row = (0..<table.rows).first { !CellBuilder.isWithinReach([positions[$0]], of: cell) } ?? 0
      throw FormatsError(
        .malformed, at: table.position(row: order.row(row)), "the atom is more than 10^9 edges away from the cell; the run has failed")
    }
    let types = try species.types(table, columns, order)
    var configuration = try Configuration(cell: cell, species: species.species, types: types, positions: positions)
    configuration.identifiers = identifiers
    if let image = columns.image {
      configuration.images = try table.gatherImages(image, order)
      configuration.wrapWhereImagesCount()
    }
    if let velocity = columns.velocity { configuration.velocities = table.gather(velocity, order, factor: units.velocity) }
    if let charge = columns.charge { configuration.charges = table.gather(charge, order) }
    if let molecule = columns.molecule { configuration.molecules = try table.gatherIntegers(molecule, order, name: "molecule") }
    var frame = Frame(configuration)
    frame.step = header.step
    frame.time = header.time
    frame.isUnwrapped = columns.coordinates.isUnwrapped
    if let force = columns.force { frame.forces = table.gather(force, order, factor: units.force) }
    for (name, column) in columns.others { frame.columns[name] = table.gather(column, order) }
    return frame
  }
}
