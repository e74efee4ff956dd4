import Structures
import Testing

@Suite struct ElementTests {
  @Test func theTableIsComplete() {
    #expect(Element.all.count == 94)
    #expect(Element.all.map(\.atomicNumber) == Array(1...94))
    #expect(Set(Element.all.map(\.symbol)).count == 94)
    #expect(Set(Element.all.map(\.name)).count == 94)
    #expect(Element.all.allSatisfy { $0.mass > 0 && (0.2...2.7).contains($0.covalentRadius) && $0.color <= 0xFFFFFF })
    // Masses rise with the atomic number but for the five known inversions: Ar/K, Co/Ni, Te/I and Th/Pa, U/Np.
    let inversions = zip(Element.all, Element.all.dropFirst()).filter { $0.mass > $1.mass }.map { $0.0.symbol }
    #expect(inversions == ["Ar", "Co", "Te", "Th", "U"])
  }

  @Test(
    arguments: [
      ("H", 1), ("Li", 3), ("B", 5), ("O", 8), ("F", 9), ("Na", 11), ("Si", 14), ("P", 15), ("Ar", 18), ("Fe", 26), ("Ge", 32),
      ("Kr", 36), ("Zr", 40), ("Ag", 47), ("Xe", 54), ("La", 57), ("Lu", 71), ("Au", 79), ("Pb", 82), ("Rn", 86), ("U", 92), ("Pu", 94),
    ])
  func symbolsAndNumbersAgree(_ symbol: String, _ number: Int) throws {
    let element = try #require(Element(symbol: symbol))
    #expect(element.atomicNumber == number)
    #expect(Element(atomicNumber: number) == element)
    #expect(Element(symbol: symbol.uppercased()) == element)
    #expect(Element(symbol: symbol.lowercased()) == element)
    #expect("\(element)" == symbol)
  }

  @Test func unknownSymbolsAndNumbersAreNone() {
    for symbol in ["", "X", "Xx", "Li ", "Li1", "Lithium", "\u{0}"] { #expect(Element(symbol: symbol) == nil) }
    for number in [Int.min, -1, 0, 95, Int.max] { #expect(Element(atomicNumber: number) == nil) }
  }

  @Test(arguments: Element.all)
  func itsOwnMassNamesAnElement(_ element: Element) {
    #expect(Element(mass: element.mass) == element)
  }

  @Test(
    arguments: [
      (58.933, "Co"), (58.693, "Ni"), (58.7, "Ni"), (58.9, "Co"), (39.95, "Ar"), (40.08, "Ca"), (39.1, "K"), (28.0855, "Si"),
      (6.941, "Li"), (10.811, "B"), (15.9994, "O"), (16.0, "O"), (30.97, "P"), (126.9, "I"), (127.6, "Te"), (1.0, "H"),
      // Glasses hold bismuth, never polonium, and files round.
      (208.98, "Bi"), (209.0, "Bi"), (208.9824, "Po"),
    ])
  func roundedMassesNameTheNearest(_ mass: Double, _ symbol: String) {
    #expect(Element(mass: mass)?.symbol == symbol)
  }

  @Test(arguments: [0.0, -1.0, 3.0, 58.81, 130.0, 245.0, 1e300, .nan, .infinity])
  func massesOfNothingAreNone(_ mass: Double) {
    #expect(Element(mass: mass) == nil)
  }

  @Test func speciesTakeWhatTheElementGives() throws {
    let sulfur = try #require(Element(symbol: "S"))
    #expect(Species(sulfur) == Species(sulfur, label: "S", mass: 32.06))
    #expect(Species(sulfur, label: "S4") != Species(sulfur))
  }
}
