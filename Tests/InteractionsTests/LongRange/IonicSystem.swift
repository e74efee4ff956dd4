import NumericalMethods
import Structures
import Testing

@testable import Interactions

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// Charges alone, and what a lattice sum gives for them.
struct IonicSystem {
  var configuration: Configuration
  var charges: [Double]
  var specialPairs: [SpecialPairs.Pair] = []

  struct Result {
    var energy: Double
    var virial: Matrix3
    var forces: [Vector3]
  }

  /// Silica at random in one of ``PairCalculatorTests/cells``; neutral for multiples of three.
  static func random(_ count: Int, cell: Int, seed: UInt64) throws -> IonicSystem {
    #expect(count % 3 == 0)
    return IonicSystem(
      configuration: try PairCalculatorTests.randomOxide(count, edges: PairCalculatorTests.cells[cell], seed: seed), charges: [2.4, -1.2])
  }

  /// A crystal of sites in units of its edges.
  static func crystal(_ edges: Matrix3, _ ions: [(charge: Double, sites: [Vector3])]) throws -> IonicSystem {
    let cell = try Cell(vectors: edges)
    let species = try ["Na", "Cl", "F"].prefix(ions.count).map { Species(try #require(Element(symbol: $0))) }
    return IonicSystem(
      configuration: try Configuration(
        cell: cell, species: species,
        types: ions.enumerated().flatMap { [Int32](repeating: Int32($0.offset), count: $0.element.sites.count) },
        positions: ions.flatMap(\.sites).map(cell.cartesian)), charges: ions.map(\.charge))
  }

  func forceField(_ coulomb: Coulomb) throws -> ResolvedForceField {
    let resolved = try coulomb.resolved(for: configuration, charges: charges, pairCutoff: 0)
    var pair = PairInteractions(species: configuration.species, charges: charges, coulomb: resolved) { _, _ in nil }
    pair.specialPairs = SpecialPairs(specialPairs, atoms: configuration.count)
    return ResolvedForceField(pair: pair)
  }

  func calculator(_ coulomb: Coulomb, precision: Precision = .double, threads: Int = 1) throws -> any ForceCalculator {
    try forceField(coulomb).calculator(for: configuration, precision: precision, pool: WorkerPool(threads: threads))
  }

  func evaluate(_ coulomb: Coulomb, precision: Precision = .double, threads: Int = 1) throws -> Result {
    try evaluate(calculator(coulomb, precision: precision, threads: threads))
  }

  /// The same atoms, moved and strained where asked.
  func evaluate(_ calculator: any ForceCalculator, strain: Matrix3 = .zero) throws -> Result {
    let map = Matrix3.identity + strain
    let cell = try configuration.cell.deformed(by: map)
    var forces: [Vector3] = []
    let result = try calculator.evaluate(
      positions: configuration.positions.map { map * $0 }, cell: cell, forces: &forces, energies: true)
    return Result(energy: try #require(result.energies[.coulomb]), virial: result.virial, forces: forces)
  }
}

extension [Vector3] {
  /// The root mean square of the differences to other vectors.
  func rootMeanSquareDifference(to other: [Vector3]) -> Double {
    (zip(self, other).reduce(0) { $0 + ($1.0 - $1.1).squaredLength } / Double(count)).squareRoot()
  }
}

extension IonicSystem {
  /// Holds the virial of a calculator against central differences of its energy by strain.
  func expectVirialIsTheSlopeUnderStrain(_ calculator: any ForceCalculator) throws {
    let virial = try evaluate(calculator).virial
    let h = 1e-4
    for row in 0..<3 {
      for column in 0..<3 {
        var strain = Matrix3.zero
        strain[row, column] = h
        let energies = try [-1.0, 1.0].map { try evaluate(calculator, strain: strain * $0).energy }
        // Of W of some 100 eV: h² from the third order, 1e-11 eV of rounding over h.
        #expect(abs(virial[row, column] + (energies[1] - energies[0]) / (2 * h)) < 3e-5, "\(row) \(column)")
      }
    }
  }

  /// Holds the results of several numbers of threads against each other, bit for bit.
  func expectTheSameBitsForAnyNumberOfThreads(_ coulomb: Coulomb, precision: Precision) throws {
    let results = try [1, 2, 3, 7].map { try evaluate(coulomb, precision: precision, threads: $0) }
    for other in results.dropFirst() {
      #expect(other.energy == results[0].energy)
      #expect(other.forces == results[0].forces)
      #expect(other.virial == results[0].virial)
    }
  }
}
