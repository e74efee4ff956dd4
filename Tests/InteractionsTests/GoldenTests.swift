import Interactions
import NumericalMethods
import Structures
import Testing

/// The reference twin against LAMMPS.
@Suite struct GoldenTests {
  @Test(arguments: GoldenCase.names)
  func agreesWithLAMMPS(_ name: String) throws {
    let golden = try GoldenCase.load(name)
    let configuration = try golden.configuration()
    for expected in golden.evaluations {
      let calculator = try ReferenceCalculator(expected.interactions(for: configuration), for: configuration)
      var forces: [Vector3] = []
      let result = try calculator.evaluate(
        positions: configuration.positions, cell: configuration.cell, forces: &forces, energies: true)

      // Both sum some 1e5 pairs in double precision in different orders: agreement to 1e-13; 1e-10 leaves room for other
      // processors and still is a thousandth of what the program promises.
      let scale = abs(expected.pairEnergy) + abs(expected.coulombEnergy)
      let pair = abs((result.energies[.pair] ?? .nan) - expected.pairEnergy) / scale
      let coulomb = abs((result.energies[.coulomb] ?? .nan) - expected.coulombEnergy) / scale
      #expect(pair < 1e-10, "\(name) \(expected.name)")
      #expect(coulomb < 1e-10, "\(name) \(expected.name)")

      let worst = zip(forces, expected.forces).map { ($0 - $1).length }.max() ?? .nan
      #expect(forces.count == expected.forces.count)
      #expect(worst < 1e-10 * expected.largestForce, "\(name) \(expected.name)")

      let w = result.virial
      let components = [w[0, 0], w[1, 1], w[2, 2], w[1, 2], w[0, 2], w[0, 1]]
      let largest = expected.virialComponents.map(abs).max() ?? 0
      let strain = zip(components, expected.virialComponents).map { abs($0 - $1) }.max() ?? .nan
      #expect(strain < 1e-10 * max(largest, scale), "\(name) \(expected.name)")
    }
  }
}
