import Formats
import Foundation
import NumericalMethods
import Structures
import Testing

@testable import Interactions

/// The potential `lps-ariga` on the crystals of its authors, against LAMMPS 22 Jul 2025 (kcal/mol, atm).
@Suite struct ArigaTests {
  static let folder = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent().appending(path: "../shared/data/ariga").standardized.path
  static let isThere = FileManager.default.fileExists(atPath: folder)
  static let kilocalorie = PhysicalConstants.kilocaloriePerMole

  struct Crystal: Sendable {
    var name: String
    var repeats: (Int, Int, Int)
    /// The labels of the species, where the file does not have those of the force field.
    var labels: [String: String] = [:]
    var bond, angle, dihedral: Double
    /// Lennard-Jones with the three-body terms, as LAMMPS counts them, and the latter alone.
    var vdw, threeBody: Double
    var total: Double
    var pressure: Double

    func configuration() throws -> Configuration {
      var (configuration, _) = try FileFormats.readConfiguration(path: "\(ArigaTests.folder)/\(name).data")
      for index in configuration.species.indices {
        configuration.species[index].label = labels[configuration.species[index].label] ?? configuration.species[index].label
      }
      return try configuration.replicated(repeats)
    }
  }

  static let crystals = [
    Crystal(
      name: "gamma-Li3PS4", repeats: (4, 4, 4), bond: 357.44575217, angle: 530.41320156, dihedral: 0, vdw: -1093.49698362,
      threeBody: 18.12695503, total: -42348.70500483, pressure: 24608.154),
    Crystal(
      name: "beta-Li3PS4", repeats: (2, 4, 4), bond: 320.4350, angle: 567.3101, dihedral: 0, vdw: -402.8558, threeBody: 58.6672,
      total: -40662.9594, pressure: 31761.5),
    Crystal(
      name: "Li4P2S6", repeats: (5, 5, 5), labels: ["P": "P2", "S": "S2"], bond: 402.1067, angle: 3.5992, dihedral: 0, vdw: -4662.5996,
      threeBody: 466.6308, total: -34093.8112, pressure: 17637.1),
  ]

  static func evaluate(
    _ configuration: Configuration, accuracy: Double
  ) throws -> (resolved: ResolvedForceField, forces: [Vector3], result: Evaluation) {
    let options = ForceField.Options(coulomb: .ewald(LatticeSum(accuracy: accuracy, cutoff: 12)))
    let resolved = try ForceField.named("lps-ariga").resolve(for: configuration, options: options)
    let calculator = try resolved.calculator(for: configuration, precision: .double, pool: WorkerPool(threads: 2))
    var forces: [Vector3] = []
    let result = try calculator.evaluate(
      positions: configuration.unwrappedPositions, cell: configuration.cell, forces: &forces, energies: true)
    return (resolved, forces, result)
  }

  @Test(.enabled(if: isThere, "../shared/data is not there"), arguments: crystals.indices)
  func energiesByTerm(_ index: Int) throws {
    let crystal = Self.crystals[index]
    // The first is known with Ewald sums to 1e-8, the others to 1e-6, which leaves some hundredths of kcal/mol in their totals.
    let isExact = index == 0
    let (resolved, _, result) = try Self.evaluate(crystal.configuration(), accuracy: 1e-11)
    #expect(resolved.energyTerms.contains(.threeBody) && resolved.energyTerms.contains(.angles))
    func term(_ term: EnergyTerm) -> Double { (result.energies[term] ?? 0) / Self.kilocalorie }
    // As many digits as are known; the pair terms are interpolated in tables.
    let digits = isExact ? 2e-8 : 1e-4
    #expect(abs(term(.bonds) - crystal.bond) < digits)
    #expect(abs(term(.angles) - crystal.angle) < digits)
    #expect(abs(term(.dihedrals) - crystal.dihedral) < digits)
    #expect(abs(term(.threeBody) - crystal.threeBody) < digits)
    #expect(abs(term(.pair) - (crystal.vdw - crystal.threeBody)) < max(digits, 1e-6))
    let total = result.energy / Self.kilocalorie
    // LAMMPS approximates erfc to 1e-7, which is worth hundredths of kcal/mol here.
    #expect(abs(total - crystal.total) < (isExact ? 0.02 : 0.15), "\(total) for \(crystal.total)")
    // With the exact function the sum is this; see Golden/ariga_coulomb.py. Tables of pairs are good to 1e-10 of it.
    if isExact { #expect(abs(term(.coulomb) + 42143.05236536) < 1e-4, "\(term(.coulomb))") }
    // W/V is the pressure of atoms at rest.
    let configuration = try crystal.configuration()
    let pressure = result.virial.trace / (3 * configuration.cell.volume) * 160.2176634e9 / 101325
    #expect(abs(pressure - crystal.pressure) < (isExact ? 0.05 : 3), "\(pressure) for \(crystal.pressure)")
  }

  @Test(.enabled(if: isThere, "../shared/data is not there"))
  func forcesOfTheFirstCell() throws {
    let configuration = try Self.crystals[0].configuration()
    let (_, forces, result) = try Self.evaluate(configuration, accuracy: 1e-9)
    // By the number of the atom in the file. Atom 7 lies on a mirror and yet is pulled off it; the order of the angle list decides.
    let expected: [(Int, Vector3)] = [
      (1, Vector3(-2.441776, -3.376453, -11.589220)), (2, Vector3(2.441788, 3.376448, -11.589210)),
      (5, Vector3(0.000000, 0.923380, 0.900036)), (6, Vector3(0.000000, -0.923369, 0.900027)),
      (7, Vector3(-0.145267, -18.865768, -0.804256)), (8, Vector3(0.145267, 18.865756, -0.804477)),
      (9, Vector3(12.182992, -2.141834, 4.005438)), (11, Vector3(12.037742, 2.057239, 4.062835)),
      (12, Vector3(-12.037724, -2.057229, 4.062864)), (13, Vector3(0.000000, 33.681230, -7.560617)),
      (15, Vector3(0.000000, 3.694767, 22.574962)),
    ]
    for (atom, force) in expected {
      let difference = (forces[atom - 1] / Self.kilocalorie - force).length
      #expect(difference < 2e-5, "atom \(atom): \(forces[atom - 1] / Self.kilocalorie)")
    }
    let components = forces.flatMap { [$0.x, $0.y, $0.z] }.map { $0 / Self.kilocalorie }
    let rms = (components.reduce(0) { $0 + $1 * $1 } / Double(components.count)).squareRoot()
    #expect(abs(rms - 10.628523) < 2e-6)
    #expect(abs((components.map(abs).max() ?? 0) - 33.681251) < 2e-5)
    #expect(forces.reduce(Vector3.zero, +).length < 1e-6)
    let atmospheres = 160.2176634e9 / 101325 / configuration.cell.volume
    for (axis, pressure) in [4772.769, 29092.963, 39958.729].enumerated() {
      #expect(abs(result.virial[axis, axis] * atmospheres - pressure) < 0.1, "\(result.virial[axis, axis] * atmospheres)")
    }
  }

  @Test(.enabled(if: isThere, "../shared/data is not there"))
  func warnsAndComplains() throws {
    var configuration = try Self.crystals[0].configuration()
    let field = try ForceField.named("lps-ariga")
    var unbonded = configuration
    unbonded.topology = Topology()
    expectError(.missingPair, ["P4 as an atom with bonds", "vitrolyte build --topology-of FILE"]) { try field.resolve(for: unbonded) }
    configuration.topology.angles[5].atoms = SIMD3(0, 6, 9)
    expectError(.missingPair, ["angle 6", "Li-P4-S4", "atoms 1, 7, 10", "under angles"]) { try field.resolve(for: configuration) }
    let oxide = try ForceField.named("pmmcs")
    var foreign = try silica()
    foreign.topology.bonds = [.init(type: 0, atoms: SIMD2(0, 1))]
    #expect(try oxide.resolve(for: foreign).warnings.contains { $0.contains("no bonded terms") })
  }

  @Test func mixingIsThatOfClassTwo() throws {
    let field = try ForceField.named("lps-ariga")
    let block = try #require(field.blocks.first)
    let mixed = try #require(block.mixed(SpeciesPair("S1", "Sc")))
    guard case .number(let epsilon)? = mixed.values["epsilon"], case .number(let sigma)? = mixed.values["sigma"] else {
      Issue.record("no numbers")
      return
    }
    let (a, b) = (pow(4.60435, 6.0), pow(3.52301, 6.0))
    #expect(abs(sigma - pow((a + b) / 2, 1 / 6.0)) < 1e-12)
    #expect(abs(epsilon / Self.kilocalorie - 2 * (0.103737 * 1.08346).squareRoot() * (a * b).squareRoot() / (a + b)) < 1e-12)
    // Explicit pairs overrule, and lithium has no coefficients of its own.
    #expect(block.mixed(SpeciesPair("Li", "S4")) == nil)
    #expect(block.coefficients[SpeciesPair("Li", "P4")]?.isNone == true)
  }
}
