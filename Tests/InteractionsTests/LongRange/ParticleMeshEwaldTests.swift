import NumericalMethods
import Structures
import Testing

@testable import Interactions

@Suite struct ParticleMeshEwaldTests {
  /// What is asked for is kept, and not bought with much more than it needs.
  @Test(arguments: [1e-3, 1e-4, 1e-5, 1e-6], [0, 1, 2, 3])
  func errorIsTheOneAskedFor(accuracy: Double, cell: Int) throws {
    let system = try IonicSystem.random(402, cell: cell, seed: UInt64(10 + cell))
    let exact = try system.evaluate(EwaldSumTests.tight)
    // Meshes of the lower orders would have millions of points.
    let orders = [4: 1e-4, 5: 1e-5, 6: 1e-6, 7: 1e-6, 8: 1e-6].filter { accuracy >= $0.value }.keys
    for order in orders {
      let coulomb = Coulomb.spme(LatticeSum(accuracy: accuracy, cutoff: 7, order: order))
      // Pairs in single precision are not better than 1e-6: some ions here are 1.2 Å apart.
      for precision in accuracy < 1e-5 ? [.double] : Precision.allCases {
        let result = try system.evaluate(coulomb, precision: precision)
        let error = result.forces.rootMeanSquareDifference(to: exact.forces) / PhysicalConstants.coulomb
        #expect(error < accuracy && error > 0.2 * accuracy, "order \(order), \(precision): \(error / accuracy)")
        // The constant error of the energy is gone; what is left is random.
        #expect(abs(result.energy - exact.energy) < 0.2 * accuracy * PhysicalConstants.coulomb * Double(system.configuration.count))
      }
    }
  }

  /// What the program chooses by itself.
  @Test(arguments: [1e-2, 1e-3, 1e-4, 1e-5], Precision.allCases)
  func chosenSettingsKeepTheAccuracy(accuracy: Double, precision: Precision) throws {
    for cell in [0, 3] {
      let system = try IonicSystem.random(600, cell: cell, seed: 40)
      let exact = try system.evaluate(EwaldSumTests.tight)
      for coulomb in [Coulomb.spme(LatticeSum(accuracy: accuracy)), .ewald(LatticeSum(accuracy: accuracy))] {
        let result = try system.evaluate(coulomb, precision: precision)
        let error = result.forces.rootMeanSquareDifference(to: exact.forces) / PhysicalConstants.coulomb
        #expect(error < accuracy && error > 0.2 * accuracy, "\(coulomb): \(error / accuracy)")
      }
    }
  }

  @Test(arguments: 4...8)
  func meshGoesOverIntoTheSum(order: Int) throws {
    let system = try IonicSystem.random(102, cell: 3, seed: 20)
    let exact = try system.evaluate(EwaldSumTests.tight)
    // Fine meshes: the error of energy, forces and virial falls with the order.
    let errors = try [40, 80].map { (points: Int) -> [Double] in
      let sum = LatticeSum(accuracy: 1e-12, alpha: 0.45, order: order, mesh: SIMD3(repeating: points))
      let result = try system.evaluate(.spme(sum))
      let virial = (0..<3).map { (result.virial[$0] - exact.virial[$0]).length }.max() ?? 0
      return [result.forces.rootMeanSquareDifference(to: exact.forces), abs(result.energy - exact.energy), virial]
    }
    // In the limit half the spacing divides the error by 2^(order - 1), that of the force of a charge on itself.
    let needed = 0.7 * Double(1 << (order - 1))
    #expect(errors[0][0] < 0.05)
    #expect(errors[1][0] < errors[0][0] / needed || errors[1][0] < 1e-8)
    // Energy and virial of the coarse mesh may be right by chance; those of the fine one must be, of some 1000 eV.
    #expect(errors[1][1] < 10 * errors[1][0] + 1e-8 && errors[1][2] < 10 * errors[1][0] + 1e-8, "\(errors)")
  }

  @Test(arguments: [4, 5, 6])
  func forcesAreTheSlopeOfTheEnergy(order: Int) throws {
    var system = try IonicSystem.random(45, cell: 3, seed: 4)
    // A coarse mesh: energy and forces are both wrong, but belong together.
    let sum = LatticeSum(accuracy: 1e-6, cutoff: 7, alpha: 0.5, order: order, mesh: SIMD3(16, 18, 20))
    let mesh = ParticleMeshEwald(
      charges: system.configuration.types.map { system.charges[Int($0)] }, masses: [], sum: sum, precision: .double,
      pool: WorkerPool(threads: 1))
    func evaluate() throws -> (energy: Double, forces: [Vector3]) {
      var forces = [Vector3](repeating: .zero, count: system.configuration.count)
      let result = try mesh.add(
        positions: system.configuration.positions, cell: system.configuration.cell, to: &forces, energies: true)
      return (result.energy, forces)
    }
    let forces = try evaluate().forces
    let h = 1e-4
    for atom in [0, 7, 44] {
      for axis in 0..<3 {
        let start = system.configuration.positions[atom][axis]
        let energies = try [-h, h].map { step in
          system.configuration.positions[atom][axis] = start + step
          return try evaluate().energy
        }
        system.configuration.positions[atom][axis] = start
        // Central differences: h² times a third derivative of some 100 eV/Å³.
        #expect(abs(forces[atom][axis] + (energies[1] - energies[0]) / (2 * h)) < 2e-6)
      }
    }
  }

  @Test(arguments: [0, 3])
  func virialIsTheSlopeUnderStrain(cell: Int) throws {
    let system = try IonicSystem.random(45, cell: cell, seed: 5)
    // One mesh for all strains, and no pair may cross the cutoff on the way: erfc(5.6) of it is left there.
    let calculator = try system.calculator(
      .spme(LatticeSum(accuracy: 1e-12, cutoff: 8, alpha: 0.7, order: 6, mesh: SIMD3(32, 30, 36))))
    try system.expectVirialIsTheSlopeUnderStrain(calculator)
  }

  @Test(arguments: Precision.allCases)
  func givesTheSameBitsForAnyNumberOfThreads(precision: Precision) throws {
    let system = try IonicSystem.random(702, cell: 2, seed: 6)
    try system.expectTheSameBitsForAnyNumberOfThreads(.spme(LatticeSum(accuracy: 1e-4)), precision: precision)
  }

  /// A calculator that has seen other cells gives the same bits as a new one: the mesh has no memory.
  @Test func meshIsAFunctionOfTheCell() throws {
    let system = try IonicSystem.random(300, cell: 2, seed: 9)
    let coulomb = Coulomb.spme(LatticeSum(accuracy: 1e-5, alpha: 0.45))
    let field = try system.forceField(coulomb)
    let pool = WorkerPool(threads: 1)
    func contribution() throws -> ParticleMeshEwald {
      let made = try LatticeSum.contribution(field.pair, for: system.configuration, precision: .mixed, pool: pool)
      return try #require(made as? ParticleMeshEwald)
    }
    let old = try contribution()
    var sizes: Set<SIMD3<Int>> = []
    for scale in [0.9, 1.0, 1.12, 0.97, 1.04, 1.0] {
      let cell = try system.configuration.cell.deformed(by: Matrix3(diagonal: Vector3(scale, 1, scale)))
      let positions = system.configuration.positions.map { $0 * Vector3(scale, 1, scale) }
      let zero = [Vector3](repeating: .zero, count: positions.count)
      var (forces, expected) = (zero, zero)
      _ = try old.add(positions: positions, cell: cell, to: &forces, energies: true)
      _ = try contribution().add(positions: positions, cell: cell, to: &expected, energies: true)
      #expect(forces == expected)
      sizes.insert(try old.meshSize(for: cell))
    }
    #expect(sizes.count > 2)
  }

  @Test func keepsItsAccuracyAsTheCellChanges() throws {
    let system = try IonicSystem.random(201, cell: 2, seed: 8)
    let calculator = try system.calculator(.spme(LatticeSum(accuracy: 1e-5, alpha: 0.45)))
    for scale in [-0.15, 0.2] {
      let strain = Matrix3(diagonal: Vector3(scale, scale, scale / 2))
      let exact = try system.evaluate(system.calculator(EwaldSumTests.tight), strain: strain)
      let error = try system.evaluate(calculator, strain: strain).forces.rootMeanSquareDifference(to: exact.forces)
      // See the same test of the plain sum.
      #expect(error / PhysicalConstants.coulomb < 1.2e-5)
    }
  }

  /// The net force is gone, and no atom feels it: it is below the accuracy.
  @Test func centerOfMassRests() throws {
    let system = try IonicSystem.random(300, cell: 2, seed: 12)
    let result = try system.evaluate(.spme(LatticeSum(accuracy: 1e-4)), precision: .mixed)
    let net = result.forces.reduce(.zero, +)
    // Of 300 forces of some 10 eV/Å, whose pair sums are in single precision.
    #expect(net.length < 1e-4)
  }

  @Test func excludedPairsLoseTheirBareEnergy() throws {
    var system = try IonicSystem.random(201, cell: 3, seed: 7)
    system.specialPairs = SpecialPairsTests.neighbors(of: system.configuration)
    let expected = try system.evaluate(EwaldSumTests.tight)
    let result = try system.evaluate(.spme(LatticeSum(accuracy: 1e-6)))
    // 200 atoms with errors of some 1e-6 eV of either sign.
    #expect(abs(result.energy - expected.energy) < 1e-4)
    #expect(result.forces.rootMeanSquareDifference(to: expected.forces) < 1e-6 * PhysicalConstants.coulomb)
  }

  @Test func refusesPositionsThatAreNotFinite() throws {
    var system = try IonicSystem.random(60, cell: 0, seed: 1)
    let mesh = ParticleMeshEwald(
      charges: system.configuration.types.map { system.charges[Int($0)] }, masses: [],
      sum: LatticeSum(accuracy: 1e-4, cutoff: 6, alpha: 0.5, order: 5), precision: .mixed, pool: WorkerPool(threads: 1))
    for bad in [Double.nan, .infinity, 1e300] {
      system.configuration.positions[3].y = bad
      var forces = [Vector3](repeating: .zero, count: 60)
      if bad == 1e300 { continue }
      #expect(throws: InteractionsError.self) {
        try mesh.add(positions: system.configuration.positions, cell: system.configuration.cell, to: &forces, energies: true)
      }
    }
  }

  /// B-splines are positive, sum to one, and so do their slopes to zero.
  @Test(arguments: 4...8)
  func weightsSumToOne(order: Int) {
    let splines = MeshSplines<Double>(order: order)
    for w in [0, 0.1, 0.5, 0.99] {
      let (value, slope) = splines.weights(w)
      #expect(abs(value.sum() - 1) < 1e-14)
      #expect(abs(slope.sum()) < 1e-14)
      #expect(value.min() >= 0)
      // The centre of the weights is the place of the charge, w beyond p/2 from the last point.
      let center = (0..<8).reduce(0) { $0 + Double($1) * value[$1] }
      #expect(abs(center - (Double(order) / 2 - 1 + w)) < 1e-13)
    }
  }
}
