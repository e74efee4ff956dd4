import NumericalMethods
import Structures
import Testing

@testable import Interactions

/// The fast calculator against LAMMPS, on the same golden files as its twin.
@Suite struct FastGoldenTests {
  /// Energies and virials relative to the sum of what is added, forces relative to the largest one.
  ///
  /// Double: cubics over 2⁻¹⁰ of a distance are good to 1e-9; where a cutoff or a repair makes the force jump inside an interval, to
  /// 1e-7. Mixed: single precision, some hundred neighbours of alternating sign.
  static let tolerance: [Precision: Double] = [.double: 1e-7, .mixed: 1e-4]

  @Test(arguments: GoldenCase.names, Precision.allCases)
  func agreesWithLAMMPS(_ name: String, precision: Precision) throws {
    let golden = try GoldenCase.load(name)
    let configuration = try golden.configuration()
    let tolerance = try #require(Self.tolerance[precision])
    for expected in golden.evaluations {
      let calculator = try PairCalculator(
        expected.interactions(for: configuration), for: configuration, precision: precision, pool: WorkerPool(threads: 2))
      var forces: [Vector3] = []
      let found = try calculator.evaluate(
        positions: configuration.positions, cell: configuration.cell, forces: &forces, energies: true)
      let pair = found.energies[.pair] ?? 0
      let coulomb = found.energies[.coulomb] ?? 0
      let energyScale = abs(expected.pairEnergy) + abs(expected.coulombEnergy)
      #expect(abs(pair - expected.pairEnergy) < tolerance * energyScale, "\(expected.name): \(pair - expected.pairEnergy) eV")
      #expect(abs(coulomb - expected.coulombEnergy) < tolerance * energyScale, "\(expected.name): \(coulomb - expected.coulombEnergy) eV")
      let worst = zip(forces, expected.forces).map { ($0 - $1).length }.max() ?? 0
      #expect(worst < tolerance * expected.largestForce, "\(expected.name): \(worst / expected.largestForce)")
      let w = found.virial
      let components = [w[0].x, w[1].y, w[2].z, w[1].z, w[0].z, w[0].y]
      for (component, other) in zip(components, expected.virialComponents) {
        #expect(abs(component - other) < tolerance * energyScale, "\(expected.name): \(component - other) eV")
      }
    }
  }
}
