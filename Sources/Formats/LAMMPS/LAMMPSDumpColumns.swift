/// What the columns of a LAMMPS dump mean.
struct LAMMPSDumpColumns {
  /// How the positions are written.
  enum Coordinates {
    /// x, y, z in Å; xs, ys, zs along the edges; xu, yu, zu in Å and unwrapped; xsu, ysu, zsu.
    case wrapped, scaled, unwrapped, scaledUnwrapped

    var isUnwrapped: Bool { self == .unwrapped || self == .scaledUnwrapped }
    var isScaled: Bool { self == .scaled || self == .scaledUnwrapped }
  }

  var layout = NumberTable.Layout()
  var coordinates = Coordinates.wrapped
  var position = SIMD3<Int>(repeating: 0)
  var identifier: Int?
  var type: Int?
  var element: Int?
  var typeLabel: Int?
  var mass: Int?
  var charge: Int?
  var molecule: Int?
  var image: SIMD3<Int>?
  var velocity: SIMD3<Int>?
  var force: SIMD3<Int>?
  /// Columns without a meaning here, by name.
  var others: [(name: String, column: Int)] = []

  /// - Throws: ``FormatsError`` where no positions are among the columns or one name comes twice.
  init(_ names: [String], at place: FilePosition) throws {
    var columnOfName: [String: Int] = [:]
    for (column, name) in names.enumerated() {
      guard columnOfName.updateValue(column, forKey: name) == nil else {
        throw FormatsError(.malformed, at: place, "the column \(name) comes twice; expected each name once")
      }
      layout.add(name, .anyReal)
    }
    func triple(_ names: [String]) -> SIMD3<Int>? {
      guard let x = columnOfName[names[0]], let y = columnOfName[names[1]], let z = columnOfName[names[2]] else { return nil }
      return SIMD3(x, y, z)
    }
    let images = triple(["ix", "iy", "iz"])
    let wrapped: [([String], Coordinates)] = [(["x", "y", "z"], .wrapped), (["xs", "ys", "zs"], .scaled)]
    let unwrapped: [([String], Coordinates)] = [(["xu", "yu", "zu"], .unwrapped), (["xsu", "ysu", "zsu"], .scaledUnwrapped)]
    // Unwrapped positions say more than wrapped ones, unless images come with these.
    let choices = images == nil ? unwrapped + wrapped : wrapped + unwrapped
    guard let choice = choices.first(where: { triple($0.0) != nil }), let position = triple(choice.0) else {
      throw FormatsError(
        .malformed, at: place,
        "no positions among the columns \(names.joined(separator: " ")); expected x y z, xs ys zs, xu yu zu or xsu ysu zsu")
    }
    self.position = position
    coordinates = choice.1
    identifier = columnOfName["id"]
    type = columnOfName["type"]
    element = columnOfName["element"]
    typeLabel = columnOfName["typelabel"]
    mass = columnOfName["mass"]
    charge = columnOfName["q"]
    molecule = columnOfName["mol"]
    velocity = triple(["vx", "vy", "vz"])
    force = triple(["fx", "fy", "fz"])
    if !coordinates.isUnwrapped { image = images }
    for column in [identifier, type, molecule] { setKind(column, .integer) }
    for column in [element, typeLabel] { setKind(column, .word) }
    for column in [mass, charge] { setKind(column, .real) }
    setKind(position, .real)
    for columns in [velocity, force] { setKind(columns, .real) }
    setKind(image, .integer)
    others = names.enumerated().filter { layout.kinds[$0.offset] == .anyReal }.map { ($0.element, $0.offset) }
  }

  private mutating func setKind(_ column: Int?, _ kind: NumberTable.Kind) {
    if let column { layout.kinds[column] = kind }
  }

  private mutating func setKind(_ columns: SIMD3<Int>?, _ kind: NumberTable.Kind) {
    guard let columns else { return }
    for axis in 0..<3 { layout.kinds[columns[axis]] = kind }
  }
}
