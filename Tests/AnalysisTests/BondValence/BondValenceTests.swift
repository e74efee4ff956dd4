import Foundation
import NumericalMethods
import Structures
import Testing

@testable import Analysis

@Suite struct BondValenceTests {
  /// What `make_bond_valence.py` wrote.
  private struct Golden: Decodable {
    let cell: [[Double]]
    let symbols: [String]
    let positions: [[Double]]
    let size: [Int]
    let points: [[Int]]
    let energies: [Double]
    let minimum: Double
    let barriers: [Double]
    let sums: [Double]
    let gii: Double

    enum CodingKeys: String, CodingKey {
      case cell, symbols, positions, size, points, sums, gii
      case energies = "energies_eV"
      case minimum = "minimum_eV"
      case barriers = "barriers_eV"
    }

    func configuration() throws -> Configuration {
      let vectors = cell.map { Vector3($0[0], $0[1], $0[2]) }
      let labels = ["Li", "P", "S"]
      return try Configuration(
        cell: Cell(vectors: Matrix3(vectors[0], vectors[1], vectors[2])), species: species("Li", "P", "S"),
        types: symbols.map { Int32(labels.firstIndex(of: $0) ?? 0) }, positions: positions.map { Vector3($0[0], $0[1], $0[2]) })
    }
  }

  private func golden() throws -> [String: Golden] {
    let folder = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent().appending(path: "Golden/bond-valence")
    return try JSONDecoder().decode([String: Golden].self, from: Data(contentsOf: folder.appending(path: "bond-valence.json")))
  }

  @Test func agreesWithBvlain() throws {
    for (name, entry) in try golden().sorted(by: { $0.key < $1.key }) {
      let configuration = try entry.configuration()
      let charges = ["Li": 1, "P": 5, "S": -2]
      let terms = try SiteEnergyTerms(
        mobile: configuration.species[0], charges: charges, configuration: configuration, parameters: BondValence())
      let size = SIMD3(entry.size[0], entry.size[1], entry.size[2])
      let values = try SiteEnergyGrid.energies(configuration, terms: terms, size: size, pool: WorkerPool(threads: 2))
      // bvlain has 14.4 eV Å for 14.399645 (3e-5 of some eV), we single precision and b with 4 decimals.
      for (point, energy) in zip(entry.points, entry.energies) {
        let own = values[(point[0] * size.y + point[1]) * size.z + point[2]]
        #expect(abs(own - energy) < 5e-4, "\(name) at \(point): \(own), \(energy)")
      }
      let least = try #require(values.min())
      #expect(abs(least - entry.minimum) < 5e-4)
      let percolation = Percolation(values, size: size, periodic: configuration.cell.periodic, connectivity: 26)
      for (own, theirs) in zip(percolation.thresholds, entry.barriers) {
        // bvlain bisects to 0.01 eV and reports the upper end.
        let barrier = try #require(own) - least
        #expect(barrier < theirs + 5e-4 && barrier > theirs - 0.011, "\(name): \(barrier), \(theirs)")
      }
    }
  }

  @Test func sumsAgreeWithASE() throws {
    for (name, entry) in try golden() {
      var parameters = BondValence()
      parameters.landscape = false
      let result = try parameters.analyze([Frame(entry.configuration())])
      let own = try #require(result.labelled?.columns["bond_valence"])
      // b with 4 decimals changes terms exp(R / b) by R / b · 1e-4 at most.
      #expect(zip(own, entry.sums).allSatisfy { abs($0 - $1) < 2e-4 * $1 }, "\(name)")
      #expect(abs(result.instability - entry.gii) < 1e-3, "\(name): \(result.instability), \(entry.gii)")
      #expect(result.warnings.isEmpty && result.landscape == nil && result.barriers.isEmpty)
    }
  }

  @Test func onePairIsItsFormula() throws {
    let cell = try Cell(vectors: Matrix3(diagonal: Vector3(repeating: 30)), periodic: [false, false, false])
    let pair = try Configuration(cell: cell, species: species("Li", "O"), types: [0, 1], positions: [.zero, Vector3(2, 0, 0)])
    var parameters = BondValence()
    parameters.landscape = false
    parameters.charges = ["O": -2]
    let soft = try parameters.analyze([Frame(pair)])
    // exp((1.17096 - 2) · 1.937984) = 0.20057, b rounded to 4 decimals.
    #expect(abs(soft.species[0].mean - 0.20057) < 2e-5 && abs(soft.species[1].mean - 0.20057) < 2e-5)
    #expect(soft.warnings.count == 1)
    parameters.set = .okeeffeBrese
    let other = try parameters.analyze([Frame(pair)])
    // exp((1.496941 - 2) / 0.37), the length by pymatgen 2026.10 (bond_valence.BV_PARAMS).
    #expect(abs(other.species[0].mean - 0.256759) < 1e-5, "\(other.species[0].mean)")
  }

  @Test func gridAgreesWithItsTwin() throws {
    var random = RandomStream(seed: 41)
    // A skewed cell smaller than twice the cutoff, and a long one.
    for vectors in [
      Matrix3(Vector3(7, 0, 0), Vector3(3, 6, 0), Vector3(-2, 2.5, 8)), Matrix3(Vector3(5, 1, 0), Vector3(0, 6, 1), Vector3(2, 0, 24)),
    ] {
      let cell = try Cell(vectors: vectors, origin: Vector3(1, -2, 3))
      let gas = try idealGas(24, cell: cell, species: species("Li", "P", "S"), random: &random)
      let terms = try SiteEnergyTerms(
        mobile: gas.species[0], charges: ["Li": 1, "P": 5, "S": -2], configuration: gas, parameters: BondValence())
      let size = SIMD3(9, 10, 37)
      let values = try SiteEnergyGrid.energies(gas, terms: terms, size: size, pool: WorkerPool(threads: 2))
      #expect(values == (try SiteEnergyGrid.energies(gas, terms: terms, size: size, pool: WorkerPool(threads: 1))))
      let grid = VolumetricGrid(cell: cell, size: size, values: values, quantity: "E", unit: "eV")
      for point in stride(from: 0, to: values.count, by: 41) {
        let place = SIMD3(point / 370, point / 37 % 10, point % 37)
        let plain = try terms.energy(at: grid.position(place.x, place.y, place.z), in: gas)
        // Single precision of sums of hundreds of terms; on top of an atom they reach thousands of eV.
        #expect(abs(values[point] - plain) < 2e-5 * max(10, abs(plain)), "\(values[point]) \(plain)")
      }
    }
  }

  @Test func isTheSameHoweverTheCellIsWritten() throws {
    let entry = try #require(try golden()["gamma-Li3PS4"])
    let configuration = try entry.configuration()
    var parameters = BondValence()
    // Edges a little below 19, 16 and 16 spacings, so that a repeated cell has the same points.
    parameters.gridSpacing = 0.4086
    let plain = try parameters.analyze([Frame(configuration)])
    var moved = configuration
    // By grid points, so that the grid sees the same places.
    let size = try #require(plain.landscape?.grid.size)
    for i in moved.positions.indices {
      moved.positions[i] += Vector3(3.0 / Double(size.x), 5.0 / Double(size.y), -7.0 / Double(size.z)) * configuration.cell.vectors
    }
    let shifted = try parameters.analyze([Frame(moved)], pool: WorkerPool(threads: 2))
    let large = try parameters.analyze([Frame(configuration.replicated((1, 2, 1)))])
    for other in [shifted, large] {
      // Positions differ by rounding, energies by that of single precision.
      #expect(abs(other.instability - plain.instability) < 1e-9)
      for name in ["1D", "2D", "3D", "a", "b", "c"] {
        #expect(abs(try #require(other.barrier(name)) - (try #require(plain.barrier(name)))) < 1e-4)
      }
    }
  }

  @Test func averagesOverFramesAndRegions() throws {
    let configuration = try #require(try golden()["beta-Li3PS4"]).configuration()
    var random = RandomStream(seed: 42)
    var frames = (0..<4).map { _ in shaken(configuration, by: 0.05, random: &random) }
    for i in frames.indices { frames[i].columns["region"] = configuration.types.map { $0 == 1 ? 1 : 3 } }
    let settings = ["grid-spacing": "0.5 A", "region": "crystal"]
    let outcome = try AnalysisRunner([Analyses.job("bond-valence", settings: settings)], pool: WorkerPool(threads: 1)).run(frames)
    let result = try #require((outcome.results[0] as? RegionalResult)?.base as? BondValenceResult)
    let phosphorus = try #require(result.species.first { $0.label == "P" })
    #expect(abs(phosphorus.mean - 5) < 0.5 && (phosphorus.meanError ?? 0) > 0)
    #expect(result.species[0].mean.isNaN)
    #expect(result.barriers.allSatisfy { ($0.error ?? 0) > 0 })
    #expect(result.files.count == 2)
  }

  @Test func refusesWhatItCannotDo() throws {
    let gas = try #require(try golden()["gamma-Li3PS4"]).configuration()
    #expect {
      try Analyses.job("bond-valence", settings: ["charges": "Li:1"])
    } throws: { "\($0)".contains("Li=1") }
    var parameters = BondValence()
    parameters.charges = ["P": 4]
    // softBV has no P4+.
    #expect { try parameters.analyze([Frame(gas)]) } throws: { "\($0)".contains("okeeffe-brese") }
    parameters.charges = ["Na": 1]
    #expect(throws: AnalysisError.self) { try parameters.analyze([Frame(gas)]) }
    parameters.charges = [:]
    parameters.mobile = "Na"
    #expect(throws: AnalysisError.self) { try parameters.analyze([Frame(gas)]) }
    parameters.mobile = nil
    parameters.gridSpacing = 0.02
    var accumulator = parameters.makeAccumulator(in: AnalysisContext(pool: WorkerPool(threads: 1), memoryLimit: 1 << 20))
    #expect { try accumulator.add(Frame(gas)) } throws: { ($0 as? AnalysisError)?.code == .tooMuchMemory }
    var lost = gas
    lost.positions[0].x = .infinity
    #expect(throws: AnalysisError.self) { try BondValence().analyze([Frame(lost)]) }
    let silica = try crystal(7.16, cells: 1, basis: cristobalite, species: species("Si", "O"))
    #expect { try BondValence().analyze([Frame(silica)]) } throws: { "\($0)".contains("mobile") }
  }

  /// Thousands of atoms take seconds. VITROLYTE_SLOW_TESTS=1.
  @Test(.enabled(if: ProcessInfo.processInfo.environment["VITROLYTE_SLOW_TESTS"] != nil))
  func largeCellTakesSeconds() throws {
    for name in ["Li7P3S11", "gamma-Li3PS4"] {
      try time(try #require(try golden()[name]).configuration().replicated(name == "Li7P3S11" ? (1, 1, 1) : (5, 6, 6)))
    }
  }

  private func time(_ configuration: Configuration) throws {
    let terms = try SiteEnergyTerms(
      mobile: configuration.species[0], charges: ["Li": 1, "P": 5, "S": -2], configuration: configuration, parameters: BondValence())
    let size = VolumetricGrid.size(for: configuration.cell, spacing: 0.2)
    let clock = ContinuousClock()
    for threads in [1, 2] {
      var values: [Double] = []
      let pool = WorkerPool(threads: threads)
      let energies = try clock.measure { values = try SiteEnergyGrid.energies(configuration, terms: terms, size: size, pool: pool) }
      let barriers = clock.measure { _ = Percolation(values, size: size, periodic: configuration.cell.periodic, connectivity: 26) }
      print("\(configuration.count) atoms, \(values.count) points, \(threads) threads: energies \(energies), barriers \(barriers)")
      // A generous bound for a loaded machine.
      #expect(energies < .seconds(60) && barriers < .seconds(60))
    }
  }
}
