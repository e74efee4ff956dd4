/// What the columns of an extended XYZ frame mean.
struct ExtendedXYZColumns {
  var layout = NumberTable.Layout()
  var position: SIMD3<Int>?
  var element: Int?
  var atomicNumber: Int?
  var label: Int?
  var identifier: Int?
  var molecule: Int?
  var image: SIMD3<Int>?
  var charge: Int?
  var mass: Int?
  var velocity: SIMD3<Int>?
  var momentum: SIMD3<Int>?
  var force: SIMD3<Int>?
  /// Columns without a meaning here; those of logical kind hold T and F.
  var others: [(name: String, column: Int, isLogical: Bool)] = []

  init(_ properties: [ExtendedXYZComment.Property]) {
    for property in properties { add(property) }
  }

  private mutating func add(_ property: ExtendedXYZComment.Property) {
    switch (property.name, property.kind, property.count) {
    case ("pos", "R", 3) where position == nil: position = vector(property.name, .real)
    case ("species", "S", 1) where element == nil, ("element", "S", 1) where element == nil: element = layout.add(property.name, .word)
    case ("type_label", "S", 1) where label == nil: label = layout.add(property.name, .word)
    case ("Z", "I", 1), ("numbers", "I", 1): atomicNumber = layout.add(property.name, .integer)
    case ("id", "I", 1): identifier = layout.add(property.name, .integer)
    case ("molecule", "I", 1), ("mol", "I", 1): molecule = layout.add(property.name, .integer)
    case ("image", "I", 3): image = vector(property.name, .integer)
    case ("charges", "R", 1), ("charge", "R", 1), ("q", "R", 1): charge = layout.add(property.name, .real)
    case ("initial_charges", "R", 1) where charge == nil: charge = layout.add(property.name, .real)
    case ("masses", "R", 1), ("mass", "R", 1): mass = layout.add(property.name, .real)
    case ("vel", "R", 3), ("velo", "R", 3), ("velocities", "R", 3): velocity = vector(property.name, .real)
    case ("momenta", "R", 3): momentum = vector(property.name, .real)
    case ("forces", "R", 3), ("force", "R", 3): force = vector(property.name, .real)
    default:
      for index in 1..<(property.count + 1) {
        let name = property.count == 1 ? property.name : "\(property.name)[\(index)]"
        let column = layout.add(name, property.kind == "S" ? .skip : property.kind == "L" ? .word : .anyReal)
        if property.kind != "S" { others.append((name, column, property.kind == "L")) }
      }
    }
  }

  private mutating func vector(_ name: String, _ kind: NumberTable.Kind) -> SIMD3<Int> {
    SIMD3(layout.add(name + "[1]", kind), layout.add(name + "[2]", kind), layout.add(name + "[3]", kind))
  }
}
