import Foundation
import NumericalMethods
import Structures
import Testing

@testable import Interactions

@Suite struct CoulombTests {
  static let methods: [Coulomb] = [
    .dsf(cutoff: 10, alpha: 0.2), .dsf(cutoff: 9, alpha: 0.25, smoothing: 1), .wolf(cutoff: 10, alpha: 0.2, smoothing: 0.5),
    .shik(cutoff: 10, gamma: 0.2), .dsf(cutoff: 12, alpha: 0),
  ]

  @Test(arguments: methods)
  func forceIsMinusSlope(_ method: Coulomb) {
    // Before the cutoff the term of SHIK fades within some 0.01 Å, which the stencil of 0.001 Å just resolves.
    #expect(PairFormTests.slopeError(method.pair, in: 0.8...(method.cutoff - 1e-3), avoiding: method.breakpoints) < 1e-7)
    #expect(method.pair(method.cutoff) == (0, 0))
    let edge = method.pair(method.cutoff - 1e-5)
    // Energy and force vanish at the cutoff; 1e-5 Å before it they are of that order times small slopes.
    #expect(abs(edge.energy) < 1e-8 && abs(edge.force) < 1e-4)
  }

  @Test func wolfHasTheForcesOfDampedShiftedForce() {
    let (wolf, dsf) = (Coulomb.wolf(cutoff: 9, alpha: 0.3), Coulomb.dsf(cutoff: 9, alpha: 0.3))
    for r in stride(from: 1.0, to: 9, by: 0.37) {
      #expect(abs(wolf.pair(r).force - dsf.pair(r).force) < 1e-14 * dsf.pair(1).force)
    }
    #expect(wolf.pair(3).energy > dsf.pair(3).energy)
  }

  @Test func selfEnergyIsThatOfTheNeutralizingSphere() {
    // -k [erfc(αR)/(2R) + α/√π], Wolf et al. 1999, eq. 5.13.
    let expected = -14.399645 * (erfc(0.3 * 9) / 18 + 0.3 / Double.pi.squareRoot())
    #expect(abs(Coulomb.wolf(cutoff: 9, alpha: 0.3).selfEnergy - expected) < 1e-13)
    #expect(Coulomb.shik(cutoff: 10, gamma: 0.2).selfEnergy == 0)
  }

  @Test func madelungConstantOfRockSalt() throws {
    // a/2 = 2.5 Å; the energy of a pair of ions is -M k/2.5 with M = 1.747564594633.
    let half = 2.5
    let sites: [(Int32, Vector3)] = (0..<8).map { i in
      let (x, y, z) = (i & 1, i >> 1 & 1, i >> 2)
      return (Int32((x + y + z) & 1), Vector3(Double(x), Double(y), Double(z)) * half)
    }
    let species = [Species(try #require(Element(symbol: "Na"))), Species(try #require(Element(symbol: "Cl")))]
    let configuration = try Configuration(
      cell: Cell(lengths: Vector3(repeating: 2 * half)), species: species, types: sites.map(\.0), positions: sites.map(\.1))
    for method in [Coulomb.dsf(cutoff: 20, alpha: 0.2), .wolf(cutoff: 20, alpha: 0.2)] {
      let interactions = PairInteractions(species: species, charges: [1, -1], coulomb: method) { _, _ in nil }
      var forces: [Vector3] = []
      let result = try ReferenceCalculator(interactions, for: configuration).evaluate(
        positions: configuration.positions, cell: configuration.cell, forces: &forces, energies: true)
      let madelung = -result.energy / 4 * half / 14.399645
      // What the cutoff leaves out is of the order of erfc(αR) = 1.5e-8, the reciprocal part of exp(-(π√3/(2 · 2.5 α))²) = 1e-13.
      #expect(abs(madelung - 1.747564594633) < 1e-7)
    }
  }
}
