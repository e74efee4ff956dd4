import NumericalMethods
import Structures

/// Reads extended XYZ files, frame by frame; plain XYZ files too, as atoms in no cell.
///
/// - `Lattice` holds the edges a, b, c one after the other; `Origin` the corner from which they start.
/// - Stress is eV/Å³ with tension positive, as ASE writes it; `virial` (eV) is -stress · volume. Both as nine numbers, or six in the
///   order xx, yy, zz, yz, xz, xy.
/// - `momenta` are in the units of ASE, √(eV amu). Velocities (`vel`, `velo`) are Å/ps unless `velocity_unit` says Å/fs.
/// - `time` is in ps. Columns without a meaning here go to ``Frame/columns``, logical ones as 0 and 1; words are left out.
/// - The number of atoms may change from frame to frame, as it does in training sets.
public final class ExtendedXYZReader: FrameSource {
  private let reader: TextReader
  private let table = NumberTable()
  private var propertiesText: String?
  private var columns: ExtendedXYZColumns?
  private var species: [Species] = []
  private var indexOfKey: [SpeciesKey: Int32] = [:]
  private var sequence = FrameSequence()
  private var ownWarnings: [String] = []

  private struct SpeciesKey: Hashable {
    var element: UInt64
    var label: UInt64
  }

  public init(path: String) throws {
    reader = try TextReader(path: path)
  }

  public var warnings: [String] { reader.warnings + ownWarnings + sequence.warnings }

  public func next() throws -> Frame? { try sequence.next(readFrame) }

  private func warn(_ text: String) {
    let warning = "\(reader.path): \(text)"
    if ownWarnings.count < 100, !ownWarnings.contains(warning) { ownWarnings.append(warning) }
  }

  private func readFrame() throws -> Frame? {
    while let line = try reader.peekLine(), line.isBlank { _ = try reader.nextLine() }
    guard let first = try reader.nextLine() else { return nil }
    let count = try first.integer("the number of atoms")
    guard first.words.count == 1, count < Int(Int32.max) else {
      throw first.failure("expected the number of atoms alone, found \"\(first.text.prefix(60))\"")
    }
    let line = try reader.requireLine("the comment line")
    let comment = try ExtendedXYZComment(line)
    let columns = try columns(comment, line)
    try table.read(rows: count, layout: columns.layout, from: reader)
    if reader.isAtCutEnd { warn("the last line has no end; if the file was cut, its last number is wrong") }
    return try frame(comment, columns, line)
  }

  private func columns(_ comment: ExtendedXYZComment, _ line: TextLine) throws -> ExtendedXYZColumns {
    if let columns, propertiesText == comment.values["Properties"] { return columns }
    var made = ExtendedXYZColumns(try comment.properties(line))
    guard made.position != nil, made.element != nil || made.atomicNumber != nil else {
      throw line.failure("expected species:S:1 and pos:R:3 among the Properties \(comment.values["Properties"] ?? "")")
    }
    made.layout.allowsMore = !comment.isExtended
    columns = made
    propertiesText = comment.values["Properties"]
    return made
  }

  private func frame(_ comment: ExtendedXYZComment, _ columns: ExtendedXYZColumns, _ line: TextLine) throws -> Frame {
    let order = RowOrder()
    let positions = columns.position.map { table.gather($0, order) } ?? []
    let (cell, isExchanged) = try cell(comment, positions, line)
    guard CellBuilder.isWithinReach(positions, of: cell) else {
      let row = positions.firstIndex { !CellBuilder.isWithinReach([$0], of: cell) } ?? 0
      throw FormatsError(.malformed, at: table.position(row: row), "the atom is more than 10^9 edges away from the cell")
    }
    let types = try types(columns)
    var configuration = try Configuration(cell: cell, species: species, types: types, positions: positions)
    if let charge = columns.charge { configuration.charges = table.gather(charge, order) }
    if let molecule = columns.molecule { configuration.molecules = try table.gatherIntegers(molecule, order, name: "molecule") }
    if let identifier = columns.identifier {
      let identifiers = (0..<table.rows).map { table.integer($0, identifier) }
      if identifiers != Array(1..<(table.rows + 1)) { configuration.identifiers = identifiers }
    }
    if let image = columns.image {
      configuration.images = try table.gatherImages(image, order)
      if isExchanged { configuration.images = configuration.images.map { SIMD3($0.x, $0.z, $0.y) } }
      configuration.wrapWhereImagesCount()
    }
    var frame = Frame(configuration)
    checkMasses(columns, &frame)
    try velocities(comment, columns, line, &frame)
    if let force = columns.force { frame.forces = table.gather(force, order) }
    for (name, column, isLogical) in columns.others {
      frame.columns[name] = try isLogical ? logicals(column) : table.gather(column, order)
    }
    if comment.isExtended { try properties(comment, line, &frame) }
    return frame
  }

  /// What the comment says about the frame as a whole.
  private func properties(_ comment: ExtendedXYZComment, _ line: TextLine, _ frame: inout Frame) throws {
    frame.energy = try comment.reals("energy", counts: [1], line)?.first
    frame.time = try comment.reals("time", counts: [1], line)?.first
    frame.step = comment.values["step"].flatMap { NumberParser.integer($0) }
    if let stress = try comment.reals("stress", counts: [6, 9], line) {
      frame.stress = Self.tensor(stress)
    } else if let virial = try comment.reals("virial", counts: [6, 9], line) {
      frame.stress = Self.tensor(virial) * (-1 / frame.configuration.cell.volume)
    }
  }

  private static func tensor(_ values: [Double]) -> Matrix3 {
    if values.count == 9 {
      return Matrix3(
        Vector3(values[0], values[1], values[2]), Vector3(values[3], values[4], values[5]), Vector3(values[6], values[7], values[8]))
    }
    return Matrix3(
      Vector3(values[0], values[5], values[4]), Vector3(values[5], values[1], values[3]), Vector3(values[4], values[3], values[2]))
  }

  private func cell(_ comment: ExtendedXYZComment, _ positions: [Vector3], _ line: TextLine) throws -> (Cell, Bool) {
    let flags = try comment.periodic(line)
    guard let numbers = try comment.reals("Lattice", counts: [9], line) else {
      if comment.isExtended, flags?.contains(true) ?? false {
        throw line.failure("pbc says that the cell repeats, but there is no Lattice; expected Lattice=\"ax ay az bx by bz cx cy cz\"")
      }
      warn("there is no Lattice: the atoms are taken as not periodic, in a box around them; densities and g(r) mean nothing")
      return (try CellBuilder.boundingCell(positions, at: line.position), false)
    }
    var vectors = Self.tensor(numbers)
    var periodic = Periodicity(repeating: true)
    for axis in 0..<3 { periodic[axis] = flags?[axis] ?? true }
    try complete(&vectors, periodic, positions, line)
    let origin = try comment.reals("Origin", counts: [3], line).map { Vector3($0[0], $0[1], $0[2]) } ?? .zero
    let (cell, isExchanged) = try CellBuilder.cell(vectors: vectors, origin: origin, periodic: periodic, at: line.position)
    if isExchanged { warn(CellBuilder.exchangeWarning) }
    return (cell, isExchanged)
  }

  /// Gives edges of no length, as ASE writes them for slabs, the extent of the atoms.
  private func complete(_ vectors: inout Matrix3, _ periodic: Periodicity, _ positions: [Vector3], _ line: TextLine) throws {
    for axis in 0..<3 where vectors[axis] == .zero {
      guard !periodic[axis] else {
        throw line.failure("the cell repeats along edge \(axis + 1) of Lattice, which has no length; expected a vector or pbc F there")
      }
      let others = (vectors[(axis + 1) % 3], vectors[(axis + 2) % 3])
      var normal = others.0.cross(others.1)
      if normal == .zero { for trial in 0..<3 where normal == .zero { normal = (others.0 + others.1).cross(Matrix3.identity[trial]) } }
      if normal == .zero { normal = Matrix3.identity[axis] }
      let unit = normal * (1 / normal.length)
      let heights = positions.map { abs($0.dot(unit)) }
      vectors[axis] = unit * (2 * (heights.max() ?? 0) + 2)
    }
  }

  private func types(_ columns: ExtendedXYZColumns) throws -> [Int32] {
    try (0..<table.rows).map { row in
      let element =
        columns.element.map { table.wordKey(row, $0) } ?? UInt64(bitPattern: Int64(table.integer(row, columns.atomicNumber ?? 0)))
      let key = SpeciesKey(element: element, label: columns.label.map { table.wordKey(row, $0) } ?? 0)
      if let known = indexOfKey[key] { return known }
      let one = try newSpecies(columns, row)
      let index = species.firstIndex { $0.label == one.label && $0.element == one.element }.map(Int32.init) ?? Int32(species.count)
      if Int(index) == species.count { species.append(one) }
      indexOfKey[key] = index
      return index
    }
  }

  private func newSpecies(_ columns: ExtendedXYZColumns, _ row: Int) throws -> Species {
    let position = table.position(row: row)
    var name = columns.element.map { table.word(table.wordKey(row, $0)) } ?? ""
    if columns.element == nil || NumberParser.integer(name) != nil {
      let number = columns.element == nil ? columns.atomicNumber.map { table.integer(row, $0) } : NumberParser.integer(name)
      guard let number, let element = Element(atomicNumber: number) else {
        throw FormatsError(.missingElements, at: position, "expected an element, found the number \(number ?? 0)")
      }
      name = element.symbol
    }
    let label = columns.label.map { table.word(table.wordKey(row, $0)) }
    let mass = columns.mass.map { table.real(row, $0) }
    var (one, warning) = try SpeciesResolver.species(label: name, mass: mass, context: "the atom", at: position)
    if let warning { warn(warning) }
    // SI and si are silicon, too; labels are written one way.
    one.label = label ?? (one.label.lowercased() == one.element.symbol.lowercased() ? one.element.symbol : one.label)
    return one
  }

  /// Keeps masses that are not the same for all atoms of a species as a column.
  private func checkMasses(_ columns: ExtendedXYZColumns, _ frame: inout Frame) {
    guard let mass = columns.mass else { return }
    let species = frame.configuration.species
    let types = frame.configuration.types
    if types.indices.contains(where: { table.real($0, mass) != species[Int(types[$0])].mass }) {
      frame.columns["masses"] = table.gather(mass, RowOrder())
      warn("atoms of one species have different masses; the species has that of its first atom, the column masses has them all")
    }
  }

  private func velocities(_ comment: ExtendedXYZComment, _ columns: ExtendedXYZColumns, _ line: TextLine, _ frame: inout Frame) throws {
    if let velocity = columns.velocity {
      var factor = 1.0
      switch comment.values["velocity_unit"] {
      case "A/ps", "Å/ps": break
      case "A/fs", "Å/fs": factor = 1000
      case nil:
        warn(
          "the file does not name the unit of its velocities; they are taken as Å/ps (add velocity_unit=A/fs to the comment if they are Å/fs)"
        )
      case let unit?: throw line.failure("expected velocity_unit A/ps or A/fs, found \"\(unit.prefix(20))\"")
      }
      frame.configuration.velocities = table.gather(velocity, RowOrder(), factor: factor)
    } else if let momentum = columns.momentum {
      // One √(eV/amu) in Å/ps.
      let unit = (1 / PhysicalConstants.massVelocitySquared).squareRoot()
      let masses = frame.columns["masses"] ?? frame.configuration.masses
      frame.configuration.velocities = zip(table.gather(momentum, RowOrder()), masses).map { $0 * (unit / $1) }
    }
  }

  private func logicals(_ column: Int) throws -> [Double] {
    try (0..<table.rows).map { row in
      let word = table.word(table.wordKey(row, column))
      if ["T", "True", "TRUE", "true", "1"].contains(word) { return 1 }
      if ["F", "False", "FALSE", "false", "0"].contains(word) { return 0 }
      throw FormatsError(.malformed, at: table.position(row: row), "expected T or F in a logical column, found \"\(word.prefix(40))\"")
    }
  }
}
