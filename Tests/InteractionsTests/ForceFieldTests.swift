import NumericalMethods
import Structures
import Testing

@testable import Interactions

@Suite struct ForceFieldTests {
  /// A box of atoms far apart, by formula.
  static func box(_ atoms: [(String, Int)]) throws -> Configuration {
    var types: [Int32] = []
    for (index, atom) in atoms.enumerated() { types += [Int32](repeating: Int32(index), count: atom.1) }
    let species = try atoms.map { atom in
      Species(try #require(Element(symbol: atom.0.prefix { !$0.isNumber })), label: atom.0)
    }
    let positions = types.indices.map { Vector3(Double($0 % 50) * 3, Double($0 / 50) * 3, 0) }
    return try Configuration(cell: Cell(lengths: Vector3(repeating: 200)), species: species, types: types, positions: positions)
  }

  @Test func everyBuiltinReadsAndExplainsItself() throws {
    let fields = try ForceField.builtins()
    #expect(fields.map(\.name) == ForceField.builtinNames)
    #expect(ForceField.builtinNames == ForceField.builtinNames.sorted())
    for field in fields {
      #expect(!field.summary.isEmpty && !field.limits.isEmpty && !field.references.isEmpty)
      #expect(field.coulomb != nil)
    }
    #expect(try ForceField.named("libp-du").species.count == 19)
    #expect(try ForceField.named("pmmcs").species.count == 29)
    #expect(try ForceField.named("shik").species.count == 9)
    #expect(try ForceField.named("wang-borosilicate").species.count == 11)
  }

  @Test func libraryHasTheParametersOfTheTables() throws {
    let configuration = try Self.box([("Nd", 2), ("O", 3)])
    let du = try #require(try ForceField.named("libp-du").resolve(for: configuration, options: .init(smoothing: 0)).pair.curve(0, 1))
    #expect(abs(du(2).energy - Buckingham(a: 6207.7229, rho: 0.257410, c: 40.165)(2).energy) < 1e-12)
    #expect(du(0.9) == DuTeterCore(b: 100.350, d: -11.641, n: 2.653)(0.9))
    let pedone = try #require(try ForceField.named("pmmcs").resolve(for: configuration, options: .init(smoothing: 0)).pair.curve(1, 0))
    #expect(pedone(2) == Pedone(depth: 0.01458, a: 1.8251, r0: 3.398717, c: 3)(2))
  }

  @Test func boronTermDependsOnComposition() throws {
    // 40Li2O-30B2O3-30P2O5: R = 4/3, K = 0, so A = 12525 + 3100 N4 0.5/(4/3).
    let glass = try Self.box([("Li", 80), ("B", 60), ("P", 60), ("O", 280)])
    let field = try ForceField.named("libp-du")
    #expect(field.inputs.map(\.name) == ["boron-four-fold-fraction"])
    let curve = try #require(
      try field.resolve(for: glass, options: .init(inputs: ["boron-four-fold-fraction": 0.45], smoothing: 0)).pair.curve(1, 3))
    let form = Buckingham(a: 12525 + 3100 * 0.45 * 0.5 / (4.0 / 3), rho: 0.171271, c: 28.5)
    #expect(abs(curve(1.5).energy - form(1.5).energy) < 1e-10)
    let (core, radius) = try #require(DuTeterCore.continuing(form))
    #expect(abs(curve(0.9 * radius).energy - core(0.9 * radius).energy) < 1e-9)

    // K = 2, R = 0.3: below Rmax = 0.625.
    let a = BoronOxygenRepulsion.strength(k: 2, r: 0.3, fourFoldFraction: 0.3)
    #expect(abs(a - (11900 + 4350 * (0.625 - 0.325 * 0.325 / 0.625) + 340)) < 1e-9)
    // The branches meet at R = Rmax with N4 = Rmax.
    let (below, above) = (
      BoronOxygenRepulsion.strength(k: 2, r: 0.625, fourFoldFraction: 0.625),
      BoronOxygenRepulsion.strength(k: 2, r: 0.625 + 1e-12, fourFoldFraction: 0.625)
    )
    #expect(abs(below - above) < 1e-6)
    #expect(BoronOxygenRepulsion.strength(k: 20, r: 0, fourFoldFraction: 1) == 25000)
    #expect(BoronOxygenRepulsion.strength(k: 0, r: 0, fourFoldFraction: 0) == 11900)
  }

  @Test func boronNeedsItsInput() throws {
    let field = try ForceField.named("libp-du")
    let glass = try Self.box([("B", 2), ("O", 3)])
    expectError(.invalidForceField, ["boron-four-fold-fraction", "B-O"]) { try field.resolve(for: glass).pair }
    expectError(.invalidForceField, ["between 0.0 and 1.0", "1.2"]) {
      try field.resolve(for: glass, options: .init(inputs: ["boron-four-fold-fraction": 1.2])).pair
    }
    expectError(.invalidForceField, ["did you mean \"boron-four-fold-fraction\"?"]) {
      try field.resolve(for: glass, options: .init(inputs: ["boron-fourfold-fraction": 0.4])).pair
    }
    // Without boron the input is not needed, and given it does no harm.
    _ = try field.resolve(for: silica()).pair
    _ = try field.resolve(for: silica(), options: .init(inputs: ["boron-four-fold-fraction": 0.4])).pair
  }

  @Test func oxygenOfShikMakesTheCellNeutral() throws {
    let silicate = try ForceField.named("shik").resolve(for: silica()).pair
    #expect(abs(silicate.charges[1] + 0.88775) < 1e-12)
    let glass = try Self.box([("Na", 4), ("Si", 4), ("B", 2), ("Al", 1), ("O", 15)])
    let resolved = try ForceField.named("shik").resolve(for: glass).pair
    #expect(abs(zip(resolved.charges, glass.speciesCounts).reduce(0) { $0 + $1.0 * Double($1.1) }) < 1e-12)
    #expect(resolved.warnings.count == 1 && resolved.warnings[0].contains("Si-Al"))
    #expect(resolved.coulomb == .shik(cutoff: 10, gamma: 0.2))
  }

  @Test func netChargeIsAnError() throws {
    expectError(.netCharge, ["-1.2 e", "Si 1 × 2.4", "O 3", "add or remove atoms"]) {
      try ForceField.named("bks").resolve(for: Self.box([("Si", 1), ("O", 3)])).pair
    }
  }

  @Test func speciesAreFoundByLabelOrElement() throws {
    expectError(.unknownSpecies, ["no parameters for P", "Si O"]) {
      try ForceField.named("bks").resolve(for: Self.box([("P", 1), ("O", 1)])).pair
    }
    expectError(.unknownSpecies, ["Fe2 and Fe3", "label the atoms"]) {
      try ForceField.named("pmmcs").resolve(for: Self.box([("Fe", 1), ("O", 1)])).pair
    }
    let iron = try ForceField.named("pmmcs").resolve(for: Self.box([("Fe3", 2), ("O", 3)])).pair
    #expect(iron.charges == [1.8, -1.2])
    // A species without atoms asks for nothing.
    let spare = try ForceField.named("bks").resolve(for: Self.box([("Si", 1), ("O", 2), ("Au", 0)])).pair
    #expect(spare.curve(0, 2) == nil && spare.charges[2] == 0)
  }

  @Test func otherChargesInTheFileAreWarnedOf() throws {
    var configuration = try silica()
    configuration.charges = [4, -2, -2]
    let warnings = try ForceField.named("bks").resolve(for: configuration).warnings
    #expect(warnings.count == 1 && warnings[0].contains("Si 4.0 e in the configuration, 2.4 e in the force field"))
    configuration.charges = [2.4, -1.2, -1.2]
    #expect(try ForceField.named("bks").resolve(for: configuration).warnings.isEmpty)
    configuration.charges = [0, 0, 0]
    #expect(try ForceField.named("bks").resolve(for: configuration).warnings.isEmpty)
  }

  @Test func optionsOverruleTheFile() throws {
    let plain = try ForceField.named("bks").resolve(
      for: silica(), options: .init(smoothing: 0, coulomb: .wolf(cutoff: 7, alpha: 0.3), pairCutoff: 9)
    ).pair
    #expect(plain.coulomb == .wolf(cutoff: 7, alpha: 0.3) && plain.cutoff == 9)
    let smooth = try ForceField.named("bks").resolve(for: silica(), options: .init(smoothing: 1)).pair
    #expect(smooth.coulomb == .dsf(cutoff: 10, alpha: 0.2, smoothing: 1))
    expectError(.invalidCutoff, ["smooth"]) { try ForceField.named("bks").resolve(for: silica(), options: .init(smoothing: 6)).pair }
    expectError(.invalidCutoff, ["cutoff"]) { try ForceField.named("bks").resolve(for: silica(), options: .init(pairCutoff: -1)).pair }
    expectError(.invalidCutoff, ["Coulomb"]) {
      try ForceField.named("bks").resolve(for: silica(), options: .init(coulomb: .dsf(cutoff: -3, alpha: 0.2))).pair
    }
  }

  @Test func realUnitsAreKilocalories() throws {
    let text = """
      units: real
      species: {Ar: {}}
      pair:
        - {form: lennard-jones, cutoff: 1.0 nm, coefficients: {Ar-Ar: {epsilon: 0.238, sigma: 3.405}}}
      """
    let argon = try ForceField(yaml: text, source: "argon.yaml").resolve(for: Self.box([("Ar", 2)])).pair
    let curve = try #require(argon.curve(0, 0))
    #expect(curve.cutoff == 10 && argon.coulomb == nil && argon.energyTerms == [.pair])
    #expect(abs(curve(3.405 * 1.122462048309373).energy + 0.238 * 0.0433641042) < 1e-15)
  }

  @Test func namesAreSuggested() {
    expectError(.unknownForceField, ["did you mean \"libp-du\"?", "wang-borosilicate"]) { try ForceField.find("libpdu") }
    expectError(.unknownForceField, ["missing.yaml", "cannot be opened"]) { try ForceField.find("missing.yaml") }
  }
}

/// Expects an error of the module with a code and words of its message.
func expectError<T>(
  _ code: InteractionsError.Code, _ words: [String], at location: SourceLocation = #_sourceLocation, _ body: () throws -> T
) {
  do {
    _ = try body()
    Issue.record("nothing was thrown", sourceLocation: location)
  } catch let error as InteractionsError {
    #expect(error.code == code, "\(error.message)", sourceLocation: location)
    for word in words {
      #expect(error.message.contains(word), "\"\(word)\" is not in: \(error.message)", sourceLocation: location)
    }
  } catch {
    Issue.record("another error: \(error)", sourceLocation: location)
  }
}
