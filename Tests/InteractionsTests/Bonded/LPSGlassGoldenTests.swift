import Formats
import Foundation
import NumericalMethods
import Structures
import Testing

@testable import Interactions

/// All units of `lps-ariga` together, as a packing that was relaxed a little, against LAMMPS; see `Golden/make_lps.py`.
@Suite struct LPSGlassGoldenTests {
  struct Golden: Decodable {
    struct Run: Decodable {
      let energies: [String: Double]
      let forces: [[Double]]

      private enum CodingKeys: String, CodingKey {
        case energies = "energies_kcal_per_mol"
        case forces = "forces_kcal_per_mol_A"
      }
    }

    let neutral, charged: Run
  }

  static let folder = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent().appending(path: "Golden")

  static func load() throws -> (configuration: Configuration, golden: Golden) {
    let (configuration, _) = try FileFormats.readConfiguration(path: folder.appending(path: "lps-glass.data").path)
    return (
      configuration, try JSONDecoder().decode(Golden.self, from: Data(contentsOf: folder.appending(path: "lps-glass.json")))
    )
  }

  /// The cell is narrower than twice the cutoff, so that excluded atoms meet images of each other, too.
  @Test func agreesWithLAMMPS() throws {
    let (configuration, golden) = try Self.load()
    let field = try ForceField.named("lps-ariga")
    let resolved = try field.resolve(for: configuration, options: .init(coulomb: .ewald(LatticeSum(accuracy: 1e-10, cutoff: 12))))
    var uncharged = resolved
    uncharged.pair = PairInteractions(species: resolved.pair.species, charges: resolved.pair.charges.map { _ in 0 }, coulomb: nil) {
      resolved.pair.curve($0, $1)
    }
    uncharged.pair.specialPairs = resolved.pair.specialPairs
    let kilocalorie = PhysicalConstants.kilocaloriePerMole
    // Without charges: tables of pairs, good to 1e-10 relative. With them: LAMMPS's erfc, wrong by 1e-7 of some hundred kcal/mol/Å
    // at the shortest distances.
    for (resolved, run, energyTolerance, forceTolerance) in [
      (uncharged, golden.neutral, 1e-6, 1e-7), (resolved, golden.charged, 5e-3, 1e-4),
    ] {
      let calculator = try resolved.calculator(for: configuration, precision: .double, pool: WorkerPool(threads: 2))
      var forces: [Vector3] = []
      let result = try calculator.evaluate(
        positions: configuration.unwrappedPositions, cell: configuration.cell, forces: &forces, energies: true)
      for (name, energy) in run.energies {
        let term = try #require(EnergyTerm(rawValue: name))
        #expect(abs((result.energies[term] ?? .nan) / kilocalorie - energy) < energyTolerance, "\(name)")
      }
      #expect(run.forces.count == forces.count)
      for (force, expected) in zip(forces, run.forces) {
        #expect((force / kilocalorie - Vector3(expected[0], expected[1], expected[2])).length < forceTolerance)
      }
    }
  }

  @Test func unitsAreFoundAgain() throws {
    let (configuration, _) = try Self.load()
    let field = try ForceField.named("lps-ariga")
    let found = try field.findUnits(in: configuration)
    #expect(found.countsByName == ["PS4": 20, "P2S7": 12, "P2S6": 8, "Li": 140])
    let made = try field.applying(found, to: configuration)
    #expect(made.topology == configuration.topology)
    #expect(made.types == configuration.types && made.charges == configuration.charges)
  }

  @Test func unitsAreIntact() throws {
    let (configuration, _) = try Self.load()
    let field = try ForceField.named("lps-ariga")
    #expect(try field.intactUnits(in: configuration).counts == field.findUnits(in: configuration).counts)
    var mislabelled = configuration
    // A sulfur of PS4 that is called one of P2S7: what is found by distance is not what the label says.
    let wrong = try #require(configuration.speciesIndex("S1"))
    let right = try #require(configuration.speciesIndex("S4"))
    let atom = try #require(configuration.types.firstIndex(of: Int32(right)))
    mislabelled.types[atom] = Int32(wrong)
    expectError(.brokenUnit, ["atom \(atom + 1) is labelled S1", "S4 of a unit PS4"]) { try field.intactUnits(in: mislabelled) }
  }
}
