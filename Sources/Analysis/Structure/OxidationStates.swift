/// The usual oxidation states of elements in oxides, sulfides, halides and nitrides.
enum OxidationStates {
  /// In e, by symbol.
  static let usual: [String: Int] = {
    let groups: [(Int, String)] = [
      (1, "H Li Na K Rb Cs Cu Ag Tl"), (2, "Be Mg Ca Sr Ba Mn Fe Co Ni Zn Pd Cd Hg Pb"),
      (3, "B Al Ga In Sc Y La Ce Pr Nd Sm Eu Gd Tb Dy Ho Er Tm Yb Lu Cr Bi"), (4, "C Si Ge Sn Ti Zr Hf Th"), (5, "P As Sb V Nb Ta"),
      (6, "Mo W U"), (-3, "N"), (-2, "O S Se Te"), (-1, "F Cl Br I"),
    ]
    return Dictionary(uniqueKeysWithValues: groups.flatMap { charge, text in text.split(separator: " ").map { (String($0), charge) } })
  }()

  /// The elements that form networks and units with anions.
  private static let networkFormers: Set<String> = ["B", "Al", "Ga", "Si", "Ge", "Sn", "P", "As", "Sb", "V"]

  /// What a network former gives.
  static let formers = usual.filter { networkFormers.contains($0.key) }
  /// What an anion takes.
  static let anions = usual.filter { $0.value < 0 }.mapValues { -$0 }
  /// The charges of modifiers.
  static let cations = usual.filter { $0.value > 0 && $0.key != "C" && !networkFormers.contains($0.key) }
}
