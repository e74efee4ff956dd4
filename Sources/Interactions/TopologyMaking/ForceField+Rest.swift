import Structures

extension ForceField {
  /// The length at rest of a bond between two species in Å, or `nil` where they have none.
  public func restLength(_ first: String, _ second: String) -> Double? {
    bonded.bonds.find([first, second])?.form.restLength
  }

  /// The angle at rest between three bonded species in radians, or `nil` where they have none.
  public func restAngle(_ first: String, _ vertex: String, _ second: String) -> Double? {
    bonded.angles.find([first, vertex, second])?.form.restAngle
  }

  /// The charge of a structural unit in e.
  ///
  /// - Throws: ``InteractionsError`` with code `.missingCharge` where one of its species has no fixed charge.
  public func charge(of unit: StructuralUnit) throws -> Double {
    try unit.labels.reduce(0) { sum, label in
      guard case .fixed(let charge)? = species.first(where: { $0.label == label })?.charge else {
        throw InteractionsError(.missingCharge, "\(name) gives \(label) no charge, so that the unit \(unit.name) has none; give one in e")
      }
      return sum + charge
    }
  }
}
