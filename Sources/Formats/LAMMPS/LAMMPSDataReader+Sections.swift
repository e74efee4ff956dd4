import Structures

extension LAMMPSDataReader {
  /// Sections without atoms, which are passed over in silence or with a warning.
  private static let coefficients = [
    "Pair Coeffs", "PairIJ Coeffs", "Bond Coeffs", "Angle Coeffs", "Dihedral Coeffs", "Improper Coeffs", "BondBond Coeffs",
    "BondAngle Coeffs", "MiddleBondTorsion Coeffs", "EndBondTorsion Coeffs", "AngleTorsion Coeffs", "AngleAngleTorsion Coeffs",
    "BondBond13 Coeffs", "AngleAngle Coeffs",
  ]
  private static let others = ["Bodies", "CMAP", "Ellipsoids", "Lines", "Triangles"]
  private static let labelSections = [
    "Atom Type Labels", "Bond Type Labels", "Angle Type Labels", "Dihedral Type Labels", "Improper Type Labels",
  ]
  private static let read = ["Masses", "Atoms", "Velocities", "Bonds", "Angles", "Dihedrals", "Impropers"]

  /// Reads what follows a section's line.
  mutating func readSection(_ name: String, hint: String?, _ line: TextLine) throws {
    try skipBlankLines()
    switch name {
    case "Masses": try readMasses()
    case "Atoms": try readAtoms(line, hint: hint)
    case "Velocities": try readVelocities(line)
    case "Bonds": try readTerms(line, "bonds", "Bond", atoms: 2)
    case "Angles": try readTerms(line, "angles", "Angle", atoms: 3)
    case "Dihedrals": try readTerms(line, "dihedrals", "Dihedral", atoms: 4)
    case "Impropers": try readTerms(line, "impropers", "Improper", atoms: 4)
    case let name where Self.labelSections.contains(name): try readLabels(String(name.prefix { $0 != " " }))
    case let name where Self.coefficients.contains(name): try skipSection()
    case let name where Self.others.contains(name):
      warnings.append("\(line.position): the section \(name) is left out")
      try skipSection()
    default:
      let known = Self.read + Self.labelSections + Self.coefficients + Self.others
      throw line.failure(
        "expected a line of the header or the name of a section, found \"\(name.prefix(60))\"\(didYouMean(name, among: known))")
    }
  }

  private func skipBlankLines() throws {
    while let line = try reader.peekLine(), line.isBlank { _ = try reader.nextLine() }
  }

  private func skipSection() throws {
    while let line = try reader.nextLine(), !line.isBlank {}
  }

  private mutating func readMasses() throws {
    for _ in 0..<header.count("atom types") {
      let line = try reader.requireLine("a mass for each of the \(header.count("atom types")) atom types")
      let (words, comment) = line.wordsAndComment
      guard words.count == 2, let mass = NumberParser.real(words[1].text), mass.isFinite, mass > 0 else {
        throw line.failure("expected an atom type and its mass in g/mol, found \"\(line.text.prefix(60))\"")
      }
      let type = try type(words[0].text, labels: atomLabels, count: "atom types", line)
      let label = comment.first.map(\.text).flatMap { Self.looksLikeLabel($0) ? $0 : nil }
      masses[type] = (mass, label, line.position)
    }
  }

  /// Whether the first word of a comment is a label rather than prose: `Si`, `O_br`, `S4`, `Li+`, but not `mass` or `H2O`.
  private static func looksLikeLabel(_ word: String) -> Bool {
    guard SpeciesResolver.element(label: word) != nil else { return false }
    let rest = word.drop(while: \.isLetter)
    return rest.isEmpty || rest.first == "_" || rest.allSatisfy { $0.isNumber || $0 == "+" || $0 == "-" }
  }

  private mutating func readLabels(_ kind: String) throws {
    let count = header.count(kind.lowercased() + " types")
    var labels: [Int: String] = [:]
    for _ in 0..<count {
      let line = try reader.requireLine("a label for each of the \(count) \(kind.lowercased()) types")
      let words = line.wordsAndComment.words
      guard words.count == 2, let type = NumberParser.integer(words[0].text), type >= 1, type <= count else {
        throw line.failure("expected a type from 1 to \(count) and its label, found \"\(line.text.prefix(60))\"")
      }
      labels[type] = words[1].text
    }
    if kind == "Atom" { atomLabels = labels } else { topologyLabels[kind] = labels }
  }

  /// The number of a type that is written as a number or a label.
  private func type(_ text: String, labels: [Int: String], count: String, _ line: TextLine) throws -> Int {
    let known = header.count(count)
    guard let type = NumberParser.integer(text) ?? labels.first(where: { $0.value == text })?.key, type >= 1, type <= known else {
      throw line.failure("expected one of the \(known) \(count), found \"\(text.prefix(40))\"")
    }
    return type
  }

  private mutating func readAtoms(_ section: TextLine, hint: String?) throws {
    let count = header.count("atoms")
    guard frame == nil else { throw section.failure("the section Atoms comes twice; expected it once") }
    guard count > 0, let first = try reader.peekLine() else {
      throw section.failure(.endsEarly, "expected a number of atoms in the header and as many rows after Atoms")
    }
    let style = try LAMMPSAtomStyle.find(
      hint: hint, row: first.wordsAndComment.words, hasBonds: header.count("bonds") > 0, section: section, line: first)
    var layout = NumberTable.Layout()
    layout.allowsComments = true
    let identifier = layout.add("id", .integer)
    let molecule = style.hasMolecule ? layout.add("molecule", .integer) : nil
    let type = layout.add("type", atomLabels.isEmpty ? .integer : .word)
    let charge = style.hasCharge ? layout.add("charge", .real) : nil
    let position = SIMD3(layout.add("x", .real), layout.add("y", .real), layout.add("z", .real))
    let hasImages = first.wordsAndComment.words.count == style.columnCount + 3
    let image = hasImages ? SIMD3(layout.add("ix", .integer), layout.add("iy", .integer), layout.add("iz", .integer)) : nil
    try table.read(rows: count, layout: layout, from: reader)

    let order = try table.order(byIdentifier: identifier)
    let (cell, isExchanged) = try header.cell(at: section.position)
    if isExchanged {
      guard image == nil else {
        throw section.failure(.unsupported, "image flags in a left-handed cell cannot be read; exchange two edges of the cell")
      }
      warnings.append("\(reader.path): \(CellBuilder.exchangeWarning)")
    }
    let positions = table.gather(position, order)
    guard CellBuilder.isWithinReach(positions, of: cell) else {
      let atom = positions.firstIndex { !CellBuilder.isWithinReach([$0], of: cell) } ?? 0
      throw FormatsError(.malformed, at: table.position(row: order.row(atom)), "the atom is more than 10^9 edges away from the cell")
    }
    let types = try atomTypes(type, order)
    // The species are known at the end of the file; until then placeholders of the right number stand in.
    guard let placeholder = Element(atomicNumber: 1) else { return }
    var configuration = try Configuration(
      cell: cell, species: [Species](repeating: Species(placeholder), count: header.count("atom types")), types: types,
      positions: positions)
    configuration.identifiers = order.identifiers
    if let molecule { configuration.molecules = try table.gatherIntegers(molecule, order, name: "molecule") }
    if let charge { configuration.charges = table.gather(charge, order) }
    if let image {
      configuration.images = try table.gatherImages(image, order)
      configuration.wrapWhereImagesCount()
    }
    for (index, identifier) in order.identifiers.enumerated() { indexOfIdentifier[identifier] = index }
    frame = Frame(configuration)
  }

  private func atomTypes(_ column: Int, _ order: RowOrder) throws -> [Int32] {
    let known = header.count("atom types")
    var typeOfKey: [UInt64: Int] = [:]
    return try (0..<table.rows).map { atom in
      let row = order.row(atom)
      var type = 0
      if atomLabels.isEmpty {
        type = table.integer(row, column)
      } else if let seen = typeOfKey[table.wordKey(row, column)] {
        type = seen
      } else {
        let key = table.wordKey(row, column)
        let text = table.word(key)
        type = NumberParser.integer(text) ?? atomLabels.first { $0.value == text }?.key ?? 0
        typeOfKey[key] = type
      }
      guard type >= 1, type <= known else {
        throw FormatsError(.malformed, at: table.position(row: row), "expected an atom type among the \(known) of the header")
      }
      return Int32(type - 1)
    }
  }

  private mutating func readVelocities(_ section: TextLine) throws {
    guard var frame else { throw section.failure("the section Velocities comes before Atoms; expected it after") }
    var layout = NumberTable.Layout()
    layout.allowsComments = true
    let identifier = layout.add("id", .integer)
    let columns = SIMD3(layout.add("vx", .real), layout.add("vy", .real), layout.add("vz", .real))
    try table.read(rows: frame.configuration.count, layout: layout, from: reader)
    let order = try table.order(byIdentifier: identifier)
    guard order.identifiers == frame.configuration.identifiers else {
      throw section.failure(.inconsistent, "the ids in Velocities are not those in Atoms; expected one row for each atom")
    }
    frame.configuration.velocities = table.gather(columns, order, factor: header.units.velocity)
    self.frame = frame
  }

  private mutating func readTerms(_ section: TextLine, _ name: String, _ kind: String, atoms: Int) throws {
    guard var frame else { throw section.failure("the section \(kind)s comes before Atoms; expected it after") }
    let labels = topologyLabels[kind] ?? [:]
    let typeCount = header.count(kind.lowercased() + " types")
    var layout = NumberTable.Layout()
    layout.allowsComments = true
    layout.add("id", .integer)
    layout.add("type", labels.isEmpty ? .integer : .word)
    for atom in 1..<(atoms + 1) { layout.add("atom \(atom)", .integer) }
    try table.read(rows: header.count(name), layout: layout, from: reader)
    var terms: [(type: Int32, atoms: SIMD4<Int32>)] = []
    terms.reserveCapacity(table.rows)
    for row in 0..<table.rows {
      var type = labels.isEmpty ? table.integer(row, 1) : 0
      if !labels.isEmpty {
        let text = table.word(table.wordKey(row, 1))
        type = NumberParser.integer(text) ?? labels.first { $0.value == text }?.key ?? 0
      }
      guard type >= 1, type <= typeCount else {
        throw FormatsError(
          .malformed, at: table.position(row: row), "expected a type among the \(typeCount) \(kind.lowercased()) types of the header")
      }
      var members = SIMD4<Int32>.zero
      for atom in 0..<atoms {
        let identifier = table.integer(row, 2 + atom)
        let index = indexOfIdentifier.isEmpty ? identifier - 1 : indexOfIdentifier[identifier] ?? -1
        guard frame.configuration.positions.indices.contains(index) else {
          throw FormatsError(.malformed, at: table.position(row: row), "there is no atom \(identifier) in the section Atoms")
        }
        members[atom] = Int32(index)
      }
      terms.append((Int32(type - 1), members))
    }
    switch kind {
    case "Bond": frame.configuration.topology.bonds = terms.map { .init(type: $0.type, atoms: $0.atoms.lowHalf) }
    case "Angle":
      frame.configuration.topology.angles = terms.map { .init(type: $0.type, atoms: SIMD3($0.atoms.x, $0.atoms.y, $0.atoms.z)) }
    case "Dihedral": frame.configuration.topology.dihedrals = terms.map { .init(type: $0.type, atoms: $0.atoms) }
    default: frame.configuration.topology.impropers = terms.map { .init(type: $0.type, atoms: $0.atoms) }
    }
    self.frame = frame
  }
}
