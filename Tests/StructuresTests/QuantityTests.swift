import Structures
import Testing

@Suite struct QuantityTests {
  @Test(
    arguments: [
      ("2.31 g/cm3", Dimension.density, 2.31), ("2310 kg/m3", .density, 2.31), ("10 K/ps", .temperatureRate, 10),
      ("1 K/s", .temperatureRate, 1e-12), ("20 ps", .time, 20), ("20ps", .time, 20), ("1 fs", .time, 1e-3), ("2 h", .time, 7.2e15),
      ("0 GPa", .pressure, 0), ("1 atm", .pressure, 1.01325e-4), ("-1 bar", .pressure, -1e-4), ("1 kbar", .pressure, 0.1),
      ("0.5 eV/A", .force, 0.5), ("0.5 eV/Å", .force, 0.5), ("1 nN", .force, 0.6241509074), ("300K", .temperature, 300),
      ("3e2 K", .temperature, 300), ("+.5 nm", .length, 5), ("1 bohr", .length, 0.529177210903), ("5eV", .energy, 5),
      // 1 kcal/mol: 4184 J over Avogadro's number and the elementary charge.
      ("1 kcal/mol", .energy, 4184 / 6.02214076e23 / 1.602176634e-19), ("1 kJ/mol", .energy, 1000 / 6.02214076e23 / 1.602176634e-19),
      ("1 J", .energy, 1 / 1.602176634e-19), ("100 m/s", .velocity, 1), ("1 A/fs", .velocity, 1000), ("1 THz", .frequency, 1),
      ("180 deg", .angle, 180), ("3.141592653589793 rad", .angle, 180), ("6.94 u", .mass, 6.94), ("-2 e", .charge, -2),
      ("2e", .charge, 2), ("1 GPa/ns", .pressureRate, 1e-3), ("10 1/nm", .wavenumber, 1), ("1 nm3", .volume, 1000),
      ("1e-5 cm2/s", .diffusivity, 0.1), ("1 m2/s", .diffusivity, 1e8), ("  7  ps  ", .time, 7),
    ])
  func reads(_ text: String, as dimension: Dimension, gives expected: Double) throws {
    // Conversion factors are written with ten digits and more.
    #expect(abs(try Quantity.parse(text, as: dimension) - expected) <= 1e-8 * abs(expected))
  }

  @Test(arguments: Dimension.allCases)
  func everyUnitOfADimensionIsRead(_ dimension: Dimension) throws {
    for unit in dimension.units {
      #expect(try Quantity.parse("2.5 \(unit.symbol)", as: dimension) == 2.5 * unit.factor)
    }
    #expect(try Quantity.parse("4 \(dimension.internalUnit)", as: dimension) == 4)
  }

  @Test(arguments: Dimension.allCases)
  func everyOtherDimensionIsRefusedWithTheRightUnits(_ dimension: Dimension) throws {
    let own = Set(dimension.units.map(\.symbol))
    for other in Dimension.allCases where other != dimension {
      for unit in other.units where !own.contains(unit.symbol) {
        let error = try structuresError { try Quantity.parse("1 \(unit.symbol)", as: dimension) }
        #expect(error.code == .wrongDimension)
        #expect(error.message.contains(dimension.internalUnit), "\(error.message)")
        #expect(error.message.contains(other.rawValue) && error.message.contains(dimension.rawValue), "\(error.message)")
      }
    }
  }

  @Test func aMissingUnitIsNamed() throws {
    let error = try structuresError { try Quantity.parse("300", as: .temperature) }
    #expect(error.code == .wrongDimension)
    #expect(error.message.contains("\"300\" has no unit") && error.message.contains("K"))
  }

  @Test func aMisspeltUnitIsSuggested() throws {
    let error = try structuresError { try Quantity.parse("2 g/cm4", as: .density) }
    #expect(error.code == .wrongDimension)
    #expect(error.message.contains("did you mean \"g/cm3\"?"), "\(error.message)")
  }

  @Test(arguments: ["", " ", "ps", "fast", "-", ".", "e", "nan ps", "inf ps", "١٠ ps", "1e400 ps", "--1 ps", "1e308 h"])
  func refusesWhatIsNoFiniteNumber(_ text: String) throws {
    #expect(try structuresError { try Quantity.parse(text, as: .time) }.code == .invalidQuantity)
  }

  @Test(arguments: ["1,5 ps", "1.5.2 ps", "0x10 ps", "1 ps ps", "1 2 ps", "1\tps", "5 PS", "5 p s"])
  func refusesWhatIsNoUnit(_ text: String) throws {
    #expect(try structuresError { try Quantity.parse(text, as: .time) }.code == .wrongDimension)
  }
}
