import Testing

@testable import Structures

@Suite struct QuantityTests {
  @Test(arguments: [
    ("2.31 g/cm3", Dimension.density, 2.31), ("10 K/ps", .temperatureRate, 10), ("20 ps", .time, 20), ("0 GPa", .pressure, 0),
    ("1 atm", .pressure, 1.01325e-4), ("0.5 eV/A", .force, 0.5), ("5eV", .energy, 5), ("1e3 fs", .time, 1), ("1e3fs", .time, 1),
    ("-3.5e-2 GPa", .pressure, -0.035), ("1 K/fs", .temperatureRate, 1000), ("  300   K  ", .temperature, 300), ("1.6 Å", .length, 1.6),
    (".5 nm", .length, 5), ("+2 A", .length, 2), ("1 e", .charge, 1), ("2e", .charge, 2), ("1e-5 cm2/s", .diffusivity, 0.1),
  ])
  func readsWhatPeopleWrite(text: String, dimension: Dimension, value: Double) throws {
    // One product in double precision.
    #expect(abs(try Quantity.parse(text, as: dimension) - value) <= 1e-15 * abs(value))
  }

  private func failure(_ text: String, _ dimension: Dimension) -> StructuresError? {
    #expect(throws: StructuresError.self) { try Quantity.parse(text, as: dimension) }
  }

  @Test func errorsNameTheRightUnits() {
    let wrong = failure("300 K", .pressure)
    #expect(wrong?.code == .wrongDimension)
    #expect(wrong?.message.contains("temperature") == true && wrong?.message.contains("GPa") == true)
    let missing = failure("300", .temperature)
    #expect(missing?.code == .wrongDimension && missing?.message.contains("no unit") == true)
    let misspelt = failure("3 GPA", .pressure)
    #expect(misspelt?.message.contains("did you mean \"GPa\"") == true)
    for text in ["", " ", "K", "GPa 3", "nan K", "inf K", "1e999 K", "--3 K", "e K", ". K"] {
      #expect(failure(text, .temperature)?.code == .invalidQuantity)
    }
    for text in ["3 K K", "3 K/ps", "3,5 K", "3 4 K", "1e5"] { #expect(failure(text, .temperature)?.code == .wrongDimension) }
  }

  @Test func everyUnitReadsBack() throws {
    for dimension in Dimension.allCases {
      #expect(dimension.units.contains { $0.factor == 1 } || dimension == .diffusivity)
      for (symbol, factor) in dimension.units { #expect(try Quantity.parse("2 \(symbol)", as: dimension) == 2 * factor) }
    }
  }

  @Test func suggestionsAreClose() {
    #expect(suggestion(for: "tempreature", among: ["pressure", "temperature"]) == "temperature")
    #expect(suggestion(for: "xyzzy", among: ["pressure", "temperature"]) == nil)
    #expect(didYouMean("rdff", among: ["msd", "rdf"]) == "; did you mean \"rdf\"?")
    #expect(didYouMean("", among: ["msd"]) == "")
  }
}
