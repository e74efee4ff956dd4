/// The charges that elements have in the formal count of a unit.
enum FormalCharges {
  /// What a former gives: the number of its group.
  static let formers = [
    "B": 3, "Al": 3, "Ga": 3, "Si": 4, "Ge": 4, "Sn": 4, "P": 5, "As": 5, "Sb": 5, "V": 5,
  ]
  /// What an anion takes.
  static let anions = ["N": 3, "O": 2, "S": 2, "Se": 2, "Te": 2, "F": 1, "Cl": 1, "Br": 1, "I": 1]
  /// The charges of modifiers.
  static let cations = [
    "H": 1, "Li": 1, "Na": 1, "K": 1, "Rb": 1, "Cs": 1, "Ag": 1, "Cu": 1, "Be": 2, "Mg": 2, "Ca": 2, "Sr": 2, "Ba": 2, "Zn": 2, "Cd": 2,
    "Pb": 2, "Sc": 3, "Y": 3, "La": 3, "In": 3, "Ti": 4, "Zr": 4, "Hf": 4, "Nb": 5, "Ta": 5,
  ]

  /// `(3-)`, `(-)`, `(2+)`, or nothing.
  static func text(_ charge: Int) -> String {
    guard charge != 0 else { return "" }
    let number = abs(charge) == 1 ? "" : String(abs(charge))
    return "(\(number)\(charge < 0 ? "-" : "+"))"
  }
}
