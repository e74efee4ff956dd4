import Interactions
import NumericalMethods
import Structures
import Testing

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

@Suite struct EwaldSumTests {
  static let tight = Coulomb.ewald(LatticeSum(accuracy: 1e-12))

  private static let faceCentered: [Vector3] = [Vector3(0, 0, 0), Vector3(0, 0.5, 0.5), Vector3(0.5, 0, 0.5), Vector3(0.5, 0.5, 0)]

  /// Madelung constants by the nearest distance, with all factors of charge in them.
  ///
  /// Rock salt and caesium chloride: OEIS A085469 and A181152, with more digits than a double holds. Fluorite: 4 M(ZnS) - (√3/2) M(NaCl) by
  /// superposition of its three face-centred lattices, with M(ZnS) from OEIS A182566; the literature has 5.03878.
  static let crystals: [(name: String, edges: Matrix3, ions: [(Double, [Vector3])], nearest: Double, madelung: Double)] = [
    (
      "rock salt", Matrix3(diagonal: Vector3(repeating: 5.64)), [(1, faceCentered), (-1, faceCentered.map { $0 + Vector3(0.5, 0, 0) })],
      2.82, 1.747564594633182190636212
    ),
    (
      "rock salt, primitive", Matrix3(Vector3(0, 2.82, 2.82), Vector3(2.82, 0, 2.82), Vector3(2.82, 2.82, 0)),
      [(1, [.zero]), (-1, [Vector3(0.5, 0.5, 0.5)])], 2.82, 1.747564594633182190636212
    ),
    (
      "caesium chloride", Matrix3(diagonal: Vector3(repeating: 4.12)), [(1, [.zero]), (-1, [Vector3(0.5, 0.5, 0.5)])],
      4.12 * 0.75.squareRoot(), 1.762674773070988397935673
    ),
    (
      "fluorite", Matrix3(diagonal: Vector3(repeating: 5.46)),
      [(2, faceCentered), (-1, faceCentered.flatMap { [$0 + 0.25, $0 + 0.75] })], 5.46 * 3.0.squareRoot() / 4,
      4 * 1.638055053388789423750034776 - 0.75.squareRoot() * 1.747564594633182190636212
    ),
  ]

  @Test(arguments: crystals.indices)
  func madelungConstants(_ index: Int) throws {
    let crystal = Self.crystals[index]
    let system = try IonicSystem.crystal(crystal.edges, crystal.ions.map { (charge: $0.0, sites: $0.1) })
    let result = try system.evaluate(Self.tight)
    let formulas = Double(crystal.ions[0].1.count)
    let madelung = -result.energy / formulas * crystal.nearest / PhysicalConstants.coulomb
    // Sums of some thousand terms of either sign in double precision.
    #expect(abs(madelung - crystal.madelung) < 1e-11, "\(crystal.name): \(madelung)")
    // By symmetry; and the pressure of a sum over 1/r is a third of its energy.
    for force in result.forces { #expect(force.length < 1e-10) }
    #expect(abs(result.virial.trace - result.energy) < 1e-9 * abs(result.energy))
  }

  @Test(arguments: [0, 2, 3])
  func energyDoesNotDependOnTheSplitting(cell: Int) throws {
    let system = try IonicSystem.random(60, cell: cell, seed: 2)
    let results = try [0.25, 0.4, 0.7].map { try system.evaluate(.ewald(LatticeSum(accuracy: 1e-12, alpha: $0))) }
    let largest = try #require(results[0].forces.map(\.length).max())
    for other in results.dropFirst() {
      // A forced accuracy of 1e-12 leaves rounding.
      #expect(abs(other.energy - results[0].energy) < 1e-11 * abs(results[0].energy))
      #expect(other.forces.rootMeanSquareDifference(to: results[0].forces) < 1e-10 * largest)
      for row in 0..<3 { #expect((other.virial[row] - results[0].virial[row]).length < 1e-10 * abs(results[0].energy)) }
    }
  }

  /// What the estimates promise holds, for both parts, and is not given away by more than an order of magnitude.
  @Test(arguments: [1e-3, 1e-4, 1e-6, 1e-8])
  func errorIsTheOneAskedFor(accuracy: Double) throws {
    for cell in [0, 3] {
      let system = try IonicSystem.random(300, cell: cell, seed: 3)
      let exact = try system.evaluate(Self.tight)
      for alpha in [0.4, 0.6] {
        let result = try system.evaluate(.ewald(LatticeSum(accuracy: accuracy, alpha: alpha)))
        let error = result.forces.rootMeanSquareDifference(to: exact.forces) / PhysicalConstants.coulomb
        #expect(error < accuracy && error > 0.1 * accuracy, "cell \(cell), alpha \(alpha): \(error)")
      }
    }
  }

  @Test func forcesAreTheSlopeOfTheEnergy() throws {
    var system = try IonicSystem.random(45, cell: 3, seed: 4)
    let calculator = try system.calculator(Self.tight)
    let forces = try system.evaluate(calculator).forces
    let h = 1e-4
    for atom in [0, 7, 44] {
      for axis in 0..<3 {
        let start = system.configuration.positions[atom][axis]
        let energies = try [-h, h].map { step in
          system.configuration.positions[atom][axis] = start + step
          return try system.evaluate(calculator).energy
        }
        system.configuration.positions[atom][axis] = start
        // Central differences: h² U'''/6 with U''' of some 100 eV/Å³, and rounding of 1e-12 eV over h.
        #expect(abs(forces[atom][axis] + (energies[1] - energies[0]) / (2 * h)) < 2e-6)
      }
    }
  }

  @Test(arguments: [0, 3])
  func virialIsTheSlopeUnderStrain(cell: Int) throws {
    let system = try IonicSystem.random(45, cell: cell, seed: 5)
    try system.expectVirialIsTheSlopeUnderStrain(system.calculator(Self.tight))
  }

  @Test func givesTheSameBitsForAnyNumberOfThreads() throws {
    let system = try IonicSystem.random(702, cell: 2, seed: 6)
    try system.expectTheSameBitsForAnyNumberOfThreads(.ewald(LatticeSum(accuracy: 1e-5)), precision: .mixed)
  }

  /// Pairs that do not interact lose exactly their bare energy.
  @Test func excludedPairsLoseTheirBareEnergy() throws {
    var system = try IonicSystem.random(60, cell: 3, seed: 7)
    let full = try system.evaluate(Self.tight)
    system.specialPairs = SpecialPairsTests.neighbors(of: system.configuration)
    let less = try system.evaluate(Self.tight)
    var expected = full.energy
    var forces = full.forces
    for pair in system.specialPairs {
      let (i, j) = (Int(pair.first), Int(pair.second))
      let types = system.configuration.types
      let d = system.configuration.cell.minimumImage(system.configuration.positions[j] - system.configuration.positions[i])
      let bare = PhysicalConstants.coulomb * system.charges[Int(types[i])] * system.charges[Int(types[j])] / d.length
      expected -= (1 - pair.coulombFactor) * bare
      let force = d * ((1 - pair.coulombFactor) * bare / d.squaredLength)
      forces[i] += force
      forces[j] -= force
    }
    #expect(system.specialPairs.count > 30)
    #expect(abs(less.energy - expected) < 1e-10 * abs(full.energy))
    #expect(less.forces.rootMeanSquareDifference(to: forces) < 1e-9)
  }

  /// A molecule whose atoms do not interact with each other feels its images alone: with neither charge nor dipole moment, next to nothing.
  @Test func loneMoleculeHasNoEnergy() throws {
    var system = try IonicSystem.crystal(
      Matrix3(diagonal: Vector3(repeating: 40)),
      [(1, [Vector3(0.5, 0.5, 0.5)]), (-0.5, [Vector3(0.525, 0.5, 0.5), Vector3(0.475, 0.5, 0.5)])])
    system.specialPairs = [(0, 1), (0, 2), (1, 2)].map { .init(Int32($0), Int32($1), pairFactor: 0, coulombFactor: 0) }
    let energy = try system.evaluate(.ewald(LatticeSum(accuracy: 1e-12, alpha: 0.25))).energy
    // Quadrupoles 40 Å apart: k Θ²/L⁵ with Θ = 1 e Å².
    #expect(abs(energy) < 20 * PhysicalConstants.coulomb / 1e8)
    #expect(energy != 0)
  }

  /// The waves follow the cell: after a large strain the error is still the one asked for.
  @Test func keepsItsAccuracyAsTheCellChanges() throws {
    let system = try IonicSystem.random(201, cell: 2, seed: 8)
    let calculator = try system.calculator(.ewald(LatticeSum(accuracy: 1e-5, alpha: 0.45)))
    for scale in [-0.15, 0.2] {
      let strain = Matrix3(diagonal: Vector3(scale, scale, scale / 2))
      let exact = try system.evaluate(system.calculator(Self.tight), strain: strain)
      let error = try system.evaluate(calculator, strain: strain).forces.rootMeanSquareDifference(to: exact.forces)
      // The part in real space is fixed when the calculator is made, and its error goes with 1/√V: 20 % of a volume 40 % smaller.
      #expect(error / PhysicalConstants.coulomb < 1.2e-5)
    }
  }
}
