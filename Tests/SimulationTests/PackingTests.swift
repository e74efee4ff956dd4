import Foundation
import NumericalMethods
import Structures
import Testing

@testable import Simulation

@Suite struct PackingTests {
  let pool = WorkerPool(threads: 2)

  /// The smallest distance of each pair against its least distance, over all images by brute force.
  func check(_ configuration: Configuration, _ distances: ContactDistances) {
    for i in 0..<configuration.count {
      for j in 0..<i {
        let d = configuration.cell.minimumImage(configuration.positions[j] - configuration.positions[i]).length
        let least = distances.distance(
          configuration.species[Int(configuration.types[i])], configuration.species[Int(configuration.types[j])])
        #expect(d >= least * (1 - 1e-12), "\(i) and \(j)")
      }
    }
  }

  @Test(
    arguments: [
      ([("Li2O", 40.0), ("B2O3", 30), ("P2O5", 30)], 2.46), ([("Li2S", 75), ("P2S5", 25)], 1.9), ([("SiO2", 100)], 2.2),
      ([("Na2O", 20), ("SiO2", 80)], 2.4), ([("K2O", 33.3), ("SiO2", 66.7)], 2.47), ([("Li2S", 50), ("P2S5", 40), ("LiI", 10)], 2.1),
    ] as [([(compound: String, percent: Double)], Double)])
  func keepsDistances(_ glass: [(compound: String, percent: Double)], _ density: Double) throws {
    let counts = try Composition(molePercent: glass).atomCounts(nearest: 600)
    let packing = Packing(seed: 7)
    let result = try packing.pack(counts, density: density, pool: pool)
    check(result.configuration, packing.distances)
    #expect(result.closestContact >= 1)
    #expect(abs(result.configuration.density / density - 1) < 1e-9)
    #expect(result.configuration.speciesCounts == counts.counts)
    let cell = result.configuration.cell
    #expect(result.configuration.positions.allSatisfy { cell.wrap($0).image == .zero })
  }

  @Test func keepsDistancesInSkewedCells() throws {
    let silicon = try #require(Element(symbol: "Si")), oxygen = try #require(Element(symbol: "O"))
    let cell = try Cell(lengths: Vector3(14, 16, 18), angles: Vector3(60, 75, 110))
    let count = Int(cell.volume * 0.066 / 3)
    let packing = Packing(seed: 1)
    let result = try packing.pack([(Species(silicon), count), (Species(oxygen), 2 * count)], cell: cell, pool: pool)
    check(result.configuration, packing.distances)
  }

  @Test func dependsOnTheSeedAlone() throws {
    let counts = try Composition(molePercent: [("Li2O", 40), ("B2O3", 30), ("P2O5", 30)]).atomCounts(nearest: 3000)
    let first = try Packing(seed: 3).pack(counts, density: 2.4, pool: WorkerPool(threads: 1))
    let second = try Packing(seed: 3).pack(counts, density: 2.4, pool: WorkerPool(threads: 4))
    let other = try Packing(seed: 4).pack(counts, density: 2.4, pool: WorkerPool(threads: 1))
    #expect(first.configuration.positions == second.configuration.positions)
    #expect(first.configuration.positions != other.configuration.positions)
  }

  @Test func distancesOfPairs() throws {
    let species = try ["P", "O", "S", "Li"].map { Species(try #require(Element(symbol: $0))) }
    var distances = ContactDistances()
    #expect(abs(distances.distance(species[0], species[1]) - 0.8 * (1.07 + 0.66)) < 1e-12)
    #expect(abs(distances.distance(species[1], species[1]) - 2.1) < 1e-12)
    #expect(abs(distances.distance(species[1], species[2]) - 0.75 * 3.24) < 1e-12)
    try distances.set(2.5, first: "Li", second: "P")
    #expect(distances.distance(species[0], species[3]) == 2.5 && distances.distance(species[3], species[0]) == 2.5)
    #expect(throws: SimulationError.self) { try distances.set(-1, first: "Li", second: "P") }
  }

  @Test func explainsWhatCannotBePacked() throws {
    let counts = try Composition(formula: "SiO2").atomCounts(nearest: 300)
    var packing = Packing(seed: 1)
    packing.maximumSteps = 300
    let error = #expect(throws: SimulationError.self) { try packing.pack(counts, density: 12, pool: pool) }
    #expect(error?.code == .packingFailed && error?.message.contains("density") == true, "\(error?.message ?? "")")
    for density in [0, -1, .nan, .infinity] as [Double] {
      #expect(throws: SimulationError.self) { try packing.pack(counts, density: density, pool: pool) }
    }
    #expect(throws: SimulationError.self) { try packing.pack([], cell: Cell(lengths: Vector3(5, 5, 5)), pool: pool) }
    let slab = try Cell(vectors: Matrix3(diagonal: Vector3(9, 9, 9)), periodic: [true, true, false])
    let argon = Species(try #require(Element(symbol: "Ar")))
    #expect(throws: SimulationError.self) { try packing.pack([(argon, 3)], cell: slab, pool: pool) }
    let single = try packing.pack([(argon, 1)], cell: Cell(lengths: Vector3(9, 9, 9)), pool: pool)
    #expect(single.configuration.count == 1)
  }

  /// 100 000 atoms at glass density in seconds.
  @Test(.tags(.slow), .enabled(if: Systems.isSlowRun))
  func packsManyAtoms() throws {
    let counts = try Composition(molePercent: [("Li2O", 40), ("B2O3", 30), ("P2O5", 30)]).atomCounts(nearest: 100_000)
    let clock = ContinuousClock()
    let time = try clock.measure {
      let result = try Packing(seed: 3).pack(counts, density: 2.46, pool: pool)
      print("packing 100 000 atoms: \(result.relaxationSteps) steps, closest \(result.closestContact)")
    }
    print("packing 100 000 atoms: \(time)")
    #expect(time < .seconds(30))
  }
}
