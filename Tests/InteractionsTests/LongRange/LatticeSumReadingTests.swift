import NumericalMethods
import Structures
import Testing

@testable import Interactions

/// Lattice sums in force-field files and options.
@Suite struct LatticeSumReadingTests {
  private static func text(_ coulomb: String) -> String {
    """
    name: salt
    species: {Si: {charge: 2.4}, O: {charge: -1.2}}
    pair: [{form: buckingham, cutoff: 7.0, coefficients: {Si-O: {A: 13702.905, rho: 0.193817, C: 54.681}, O-O: {A: 2029.2, rho: 0.34, C: 192}}}]
    coulomb: \(coulomb)
    """
  }

  private static func read(_ coulomb: String) throws -> ForceField {
    try ForceField(yaml: text(coulomb), source: "salt.yaml")
  }

  @Test func readsWhatIsGiven() throws {
    #expect(try Self.read("{method: ewald, accuracy: 1e-6}").coulomb == .ewald(LatticeSum(accuracy: 1e-6)))
    #expect(try Self.read("{method: spme, accuracy: 1e-4, cutoff: auto}").coulomb == .spme(LatticeSum(accuracy: 1e-4)))
    #expect(
      try Self.read("{method: spme, accuracy: 1e-4, cutoff: 9 A, alpha: 0.3, order: 6, mesh: [24, 30, 32]}").coulomb
        == .spme(LatticeSum(accuracy: 1e-4, cutoff: 9, alpha: 0.3, order: 6, mesh: SIMD3(24, 30, 32))))
  }

  /// What is written, and a word of the explanation.
  private static let broken: [(String, String)] = [
    ("{method: spme}", "needs accuracy"), ("{method: spme, accuracy: 0}", "must lie between"),
    ("{method: ewald, accuracy: -1e-5}", "must lie between"), ("{method: spme, accuracy: good}", "bare number"),
    ("{method: ewald, accuracy: 1e-5, mesh: [20, 20, 20]}", "no key \"mesh\""),
    ("{method: spme, accuracy: 1e-5, mesh: [20, 20]}", "three numbers"),
    ("{method: spme, accuracy: 1e-5, mesh: [20, 20, 8]}", "twice the order"),
    ("{method: spme, accuracy: 1e-5, order: 5.5}", "whole number"), ("{method: spme, accuracy: 1e-5, order: 9}", "must lie between"),
    ("{method: spme, accuracy: 1e-5, cutoff: 0.1}", "must lie between"), ("{method: dsf, cutoff: auto, alpha: 0.2}", "cutoff"),
    ("{method: spme, accurcy: 1e-5}", "did you mean \"accuracy\""), ("{method: pppm, accuracy: 1e-5}", "there are dsf, ewald"),
  ]

  @Test(arguments: broken.indices) func explainsWhatIsWrong(_ index: Int) {
    let (coulomb, word) = Self.broken[index]
    let error = #expect(throws: InteractionsError.self) { try Self.read(coulomb) }
    #expect(error?.message.contains(word) == true, "\(error?.message ?? "")")
    #expect(error?.message.hasPrefix("salt.yaml:4") == true)
  }

  @Test func choosesTheRestForTheAtoms() throws {
    let system = try IonicSystem.random(600, cell: 0, seed: 1)
    let interactions = try Self.read("{method: spme, accuracy: 1e-4}").resolve(for: system.configuration).pair
    let sum = try #require(interactions.coulomb?.latticeSum)
    // The pair loop goes to 7 Å in any case, and a mesh for less than that costs more.
    #expect(try #require(sum.cutoff) >= 7 && #require(sum.cutoff) < 10)
    #expect(sum.order != nil && sum.mesh == nil)
    #expect(interactions.warnings.isEmpty)
    // More accuracy costs more time: a longer cutoff, or a finer splitting.
    let better = try #require(
      try Self.read("{method: spme, accuracy: 1e-6}").resolve(for: system.configuration).pair.coulomb?.latticeSum)
    #expect(try #require(better.alpha) * #require(better.cutoff) > #require(sum.alpha) * #require(sum.cutoff))
    // The same input gives the same settings.
    #expect(try Self.read("{method: spme, accuracy: 1e-4}").resolve(for: system.configuration).pair.coulomb?.latticeSum == sum)
  }

  @Test func warnsWhereOwnSettingsAreTooCoarse() throws {
    let system = try IonicSystem.random(600, cell: 0, seed: 1)
    for coulomb in [
      "{method: spme, accuracy: 1e-5, cutoff: 8, alpha: 0.2}", "{method: spme, accuracy: 1e-5, cutoff: 8, order: 4, mesh: [16, 16, 16]}",
      "{method: ewald, accuracy: 1e-5, cutoff: 8, alpha: 0.25}",
    ] {
      let warnings = try Self.read(coulomb).resolve(for: system.configuration).warnings
      #expect(warnings.count == 1 && warnings.first?.contains("accuracy") == true, "\(coulomb): \(warnings)")
    }
  }

  @Test func optionsReplaceTheMethod() throws {
    let system = try IonicSystem.random(600, cell: 0, seed: 1)
    let dsf = try Self.read("{method: dsf, cutoff: 10, alpha: 0.2}")
    var options = ForceField.Options(coulomb: .spme(LatticeSum(accuracy: 1e-5)))
    options.accuracy = 1e-3
    let sum = try dsf.resolve(for: system.configuration, options: options).pair.coulomb?.latticeSum
    #expect(sum?.accuracy == 1e-3)
    options.coulomb = nil
    #expect(throws: InteractionsError.self) { try dsf.resolve(for: system.configuration, options: options) }
    options.accuracy = 0
    #expect(throws: InteractionsError.self) {
      try Self.read("{method: spme, accuracy: 1e-5}").resolve(for: system.configuration, options: options)
    }
  }

  @Test func needsACellThatIsPeriodic() throws {
    var configuration = try IonicSystem.random(60, cell: 0, seed: 1).configuration
    var periodic = Periodicity(repeating: true)
    periodic[2] = false
    configuration.cell = try Cell(vectors: configuration.cell.vectors, periodic: periodic)
    let error = #expect(throws: InteractionsError.self) {
      try Self.read("{method: spme, accuracy: 1e-5}").resolve(for: configuration)
    }
    #expect(error?.message.contains("periodic") == true)
  }

  /// An order too low for the accuracy is no silent loss.
  @Test func refusesMeshesOutOfBounds() throws {
    let system = try IonicSystem.random(60, cell: 0, seed: 1)
    #expect(throws: InteractionsError.self) { try system.calculator(.spme(LatticeSum(accuracy: 1e-11, cutoff: 5, order: 4))) }
    // In a cell that has grown since, too.
    let calculator = try system.calculator(.spme(LatticeSum(accuracy: 1e-7, cutoff: 6, order: 4)))
    #expect(throws: InteractionsError.self) {
      try system.evaluate(calculator, strain: Matrix3(diagonal: Vector3(repeating: 9)))
    }
  }

  /// Fast and slow parts are the whole.
  @Test func partsAddUp() throws {
    let system = try IonicSystem.random(300, cell: 2, seed: 2)
    let calculator = try #require(try system.calculator(.spme(LatticeSum(accuracy: 1e-4))) as? SystemCalculator)
    #expect(calculator.hasSlowPart)
    let configuration = system.configuration
    let parts: [ForcePart] = [.all, .fast, .slow]
    var forces = [[Vector3]](repeating: [], count: 3)
    let results = try parts.indices.map {
      try calculator.evaluate(
        parts[$0], positions: configuration.positions, cell: configuration.cell, forces: &forces[$0], energies: true)
    }
    for atom in 0..<300 { #expect((forces[0][atom] - forces[1][atom] - forces[2][atom]).length < 1e-10) }
    #expect(abs(results[0].energy - results[1].energy - results[2].energy) < 1e-9)
    #expect(results[2].virial != .zero)
  }
}
