import Structures

/// Finds the species of the atoms in a dump, the same ones in every frame.
struct LAMMPSDumpSpecies {
  /// The species found so far, by type number among those of the first frame.
  private(set) var species: [Species] = []
  private(set) var warnings: [String] = []
  /// Species from the caller, in the order of the type numbers.
  private let given: [Species]?
  /// The index of a type number, for numbers up to the table's size; -1 where unknown.
  private var indexOfType: [Int32] = []
  private var elementOfType: [UInt64] = []
  private var indexOfWord: [UInt64: Int32] = [:]
  private static let largestType = 1 << 20

  init(given: [Species]?) {
    self.given = given
    if let given {
      species = given
      indexOfType = [-1] + given.indices.map(Int32.init)
    }
  }

  /// The species index of every atom.
  mutating func types(_ table: NumberTable, _ columns: LAMMPSDumpColumns, _ order: RowOrder) throws -> [Int32] {
    guard let typeColumn = columns.type else { return try typesByName(table, columns, order) }
    if columns.element == nil || given != nil, let types = knownTypes(table, typeColumn, order) { return types }
    try learn(table, columns, typeColumn)
    return knownTypes(table, typeColumn, order) ?? []
  }

  /// The species index of every atom, or `nil` where a type is new.
  private func knownTypes(_ table: NumberTable, _ column: Int, _ order: RowOrder) -> [Int32]? {
    var isKnown = true
    let types = indexOfType.withUnsafeBufferPointer { indexOfType in
      [Int32](unsafeUninitializedCapacity: table.rows) { output, count in
        count = table.rows
        for atom in 0..<count {
          let type = table.integer(order.row(atom), column)
          let index = UInt(bitPattern: type) < UInt(bitPattern: indexOfType.count) ? indexOfType[type] : -1
          isKnown = isKnown && index >= 0
          output.initializeElement(at: atom, to: index)
        }
      }
    }
    return isKnown ? types : nil
  }

  /// Finds the species of every type that is new, in the order of the type numbers.
  private mutating func learn(_ table: NumberTable, _ columns: LAMMPSDumpColumns, _ typeColumn: Int) throws {
    var unknown: [Int: Int] = [:]
    for row in 0..<table.rows {
      let type = table.integer(row, typeColumn)
      let isKnown = type > 0 && type < indexOfType.count && indexOfType[type] >= 0
      if !isKnown {
        if unknown[type] == nil { unknown[type] = row }
      } else if given == nil, let element = columns.element, table.wordKey(row, element) != elementOfType[type] {
        throw FormatsError(
          .inconsistent, at: table.position(row: row),
          "type \(type) is \(table.word(table.wordKey(row, element))) here and \(table.word(elementOfType[type])) before")
      }
    }
    guard !unknown.isEmpty else { return }
    if let given, let (type, row) = unknown.min(by: { $0.key < $1.key }) {
      throw FormatsError(
        .missingElements, at: table.position(row: row),
        "the atom has type \(type), but \(given.count) elements are given (\(given.map(\.label).joined(separator: ","))); give one a type")
    }
    let isFirst = species.isEmpty
    for (type, row) in unknown.sorted(by: { $0.key < $1.key }) {
      guard type > 0, type < Self.largestType else {
        throw FormatsError(.malformed, at: table.position(row: row), "expected an atom type from 1 to \(Self.largestType), found \(type)")
      }
      let one = try species(table, columns, row: row, type: type)
      while indexOfType.count <= type {
        indexOfType.append(-1)
        elementOfType.append(0)
      }
      indexOfType[type] = Int32(species.count)
      elementOfType[type] = columns.element.map { table.wordKey(row, $0) } ?? 0
      species.append(one)
    }
    if isFirst, let warning = SpeciesResolver.makeLabelsUnique(&species) { warnings.append(warning) }
    if let element = columns.element, given == nil { try checkElements(table, element, typeColumn) }
  }

  private func checkElements(_ table: NumberTable, _ element: Int, _ typeColumn: Int) throws {
    for row in 0..<table.rows {
      let type = table.integer(row, typeColumn)
      if table.wordKey(row, element) != elementOfType[type] {
        throw FormatsError(
          .inconsistent, at: table.position(row: row),
          "type \(type) is both \(table.word(elementOfType[type])) and \(table.word(table.wordKey(row, element))); give each its type")
      }
    }
  }

  private mutating func species(_ table: NumberTable, _ columns: LAMMPSDumpColumns, row: Int, type: Int) throws -> Species {
    let position = table.position(row: row)
    let element = columns.element.map { table.word(table.wordKey(row, $0)) }
    let label = columns.typeLabel.map { table.word(table.wordKey(row, $0)) }
    let mass = columns.mass.map { table.real(row, $0) }
    guard element != nil || label != nil || mass != nil else {
      throw FormatsError(.missingElements, at: position, "the dump does not say which elements its types are; \(SpeciesResolver.mend)")
    }
    if let element, let known = SpeciesResolver.element(label: element) {
      let (one, warning) = try SpeciesResolver.species(label: element, mass: mass, context: "type \(type)", at: position)
      if let warning { warnings.append(warning) }
      return label.map { Species(known, label: $0, mass: one.mass) } ?? one
    }
    let (one, warning) = try SpeciesResolver.species(label: label ?? element, mass: mass, context: "type \(type)", at: position)
    if let warning { warnings.append(warning) }
    return one
  }

  /// Species by name alone, in the order of appearance.
  private mutating func typesByName(_ table: NumberTable, _ columns: LAMMPSDumpColumns, _ order: RowOrder) throws -> [Int32] {
    guard let column = columns.element ?? columns.typeLabel else {
      throw FormatsError(
        .missingElements, at: table.position(row: 0),
        "the dump has neither a column type nor a column element; write one of them (dump … custom … id type x y z)")
    }
    return try (0..<table.rows).map { atom in
      let row = order.row(atom)
      let key = table.wordKey(row, column)
      if let known = indexOfWord[key] { return known }
      let name = table.word(key)
      let position = table.position(row: row)
      let index: Int32
      if let given {
        guard let match = given.firstIndex(where: { $0.label == name || $0.element.symbol == name }) else {
          throw FormatsError(.missingElements, at: position, "\(name) is none of the elements given")
        }
        index = Int32(match)
      } else {
        index = Int32(species.count)
        species.append(
          try SpeciesResolver.species(label: name, mass: columns.mass.map { table.real(row, $0) }, context: "atom", at: position).0)
      }
      indexOfWord[key] = index
      return index
    }
  }
}
