import Testing

@testable import Structures

@Suite struct ElementTests {
  @Test func theTableIsWhole() {
    #expect(Element.all.count == 94)
    for (index, element) in Element.all.enumerated() {
      #expect(element.atomicNumber == index + 1)
      #expect(Element(atomicNumber: index + 1) == element)
      #expect(Element(symbol: element.symbol.uppercased())?.symbol == element.symbol)
      #expect(element.covalentRadius > 0.2 && element.covalentRadius < 3)
      #expect(element.color <= 0xFFFFFF)
    }
    #expect(Set(Element.all.map(\.symbol)).count == 94 && Set(Element.all.map(\.name)).count == 94)
    #expect(Element.all.last?.symbol == "Pu")
    // Masses grow with the atomic number but for four pairs that chemists know, and Th-Pa, U-Np among the actinides.
    let inversions = zip(Element.all, Element.all.dropFirst()).filter { $0.mass >= $1.mass }.map(\.0.symbol)
    #expect(inversions == ["Ar", "Co", "Te", "Th", "U"])
  }

  @Test func massesTellElements() {
    for element in Element.all where element.symbol != "Ni" {
      #expect(Element(mass: element.mass) == element)
    }
    #expect(Element(mass: 58.6934)?.symbol == "Ni")
    #expect(Element(mass: 6.94)?.symbol == "Li")
    #expect(Element(mass: 28.0855)?.symbol == "Si")
    #expect(Element(mass: 500) == nil && Element(mass: .nan) == nil && Element(mass: 0) == nil)
    #expect(Element(symbol: "Xx") == nil && Element(atomicNumber: 0) == nil && Element(atomicNumber: 95) == nil)
  }
}
