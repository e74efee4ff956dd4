import NumericalMethods
import Structures
import Testing

@testable import Analysis

@Suite struct NetworkTests {
  private func analyze(_ frames: [Frame], cutoff: String, threads: Int = 1) throws -> NetworkResult {
    var parameters = NetworkStructure()
    parameters.cutoffs = try PairCutoffs(cutoff)
    return try parameters.analyze(frames, pool: WorkerPool(threads: threads))
  }

  @Test func cristobaliteIsAFramework() throws {
    let ideal = try crystal(7.16, cells: 1, basis: cristobalite, species: try species("Si", "O"))
    for configuration in [ideal, try ideal.replicated((2, 2, 1))] {
      let result = try analyze([Frame(configuration)], cutoff: "Si-O=2")
      #expect(result.qn("Si").map(\.value) == [0, 0, 0, 0, 1])
      #expect(result.anionShares("O").map(\.value) == [0, 0, 1, 0])
      #expect(result.connectivity?.value == 4 && result.meanQ("Si")?.value == 4)
      #expect(result.fragmentsPerFrame?.value == 1 && result.largestShare?.value == 1)
      #expect(result.dimensionShares.map(\.value) == [0, 0, 0, 1])
      #expect(result.sharing.first?.perFrame == [Double(2 * configuration.count / 3), 0, 0])
      #expect(result.linkages.first?.share.value == 1 && result.linkages.first?.random.value == 1)
    }
  }

  @Test func fluoriteSharesEdges() throws {
    // Silicon at the metal sites of fluorite has eight anions; each anion belongs to four of them, and neighbours share two.
    var tetrahedral: [(Vector3, Int32)] = []
    for x in [0.25, 0.75] {
      for y in [0.25, 0.75] {
        for z in [0.25, 0.75] { tetrahedral.append((Vector3(x, y, z), 1)) }
      }
    }
    let ideal = try crystal(5.46, cells: 2, basis: faceCentred + tetrahedral, species: try species("Si", "F"))
    let result = try analyze([Frame(ideal)], cutoff: "Si-F=2.6")
    #expect(result.anionShares("F").map(\.value) == [0, 0, 0, 1])
    // 12 neighbours by edges; the 6 second neighbours share no anion.
    #expect(result.sharing.first?.perFrame == [0, 32 * 12 / 2, 0])
    #expect(result.qn("Si").last?.value == 1 && result.qn("Si").count == 9)
  }

  @Test func fragmentsAndDimensions() throws {
    // Rows of Si-O-Si-O along x in a cell periodic along all edges, beside a dimer and a single tetrahedron.
    var positions: [Vector3] = []
    var types: [Int32] = []
    for i in 0..<3 {
      positions += [Vector3(4 * Double(i), 0, 0), Vector3(4 * Double(i) + 2, 0, 0)]
      types += [0, 1]
    }
    positions += [Vector3(1, 6, 6), Vector3(3, 6, 6), Vector3(5, 6, 6), Vector3(1, 12, 12), Vector3(3, 12, 12), Vector3(9, 9, 3)]
    types += [0, 1, 0, 0, 1, 1]
    let row = try Configuration(
      cell: Cell(lengths: Vector3(12, 18, 18)), species: try species("Si", "O"), types: types, positions: positions)
    let result = try analyze([Frame(row)], cutoff: "Si-O=2.1")
    #expect(result.fragmentsPerFrame?.value == 3)
    #expect(result.fragmentSizes.prefix(3) == [1, 1, 1])
    #expect(result.dimensionShares.map(\.value) == [0.5, 0.5, 0, 0])
    // (3² + 2² + 1²) / 6 formers.
    #expect(abs((result.meanFragmentOfFormer?.value ?? 0) - 14.0 / 6) < 1e-14)
    #expect(result.anionShares("O").map { ($0.value * 6).rounded() } == [1, 1, 4, 0])
    #expect(result.qn("Si").map { ($0.value * 6).rounded() } == [1, 2, 3])
  }

  @Test func randomMixingOfLinkages() throws {
    // A chain of B and P in random order: found and expected shares agree within the noise of 2000 linkages.
    var random = RandomStream(seed: 51)
    let length = 2000
    var positions: [Vector3] = []
    var types: [Int32] = []
    for i in 0..<length {
      positions += [Vector3(3 * Double(i), 0, 0), Vector3(3 * Double(i) + 1.5, 0, 0)]
      types += [random.uniform() < 0.3 ? 0 : 1, 2]
    }
    let chain = try Configuration(
      cell: Cell(lengths: Vector3(3 * Double(length), 9, 9)), species: try species("B", "P", "O"), types: types, positions: positions)
    let result = try analyze([Frame(chain)], cutoff: "B-O=1.8,P-O=1.8")
    #expect(result.linkages.map(\.formers.description) == ["B-B", "B-P", "P-P"])
    for entry in result.linkages {
      // A binomial of 2000 has a standard deviation of at most 0.011.
      #expect(abs(entry.share.value - entry.random.value) < 0.035)
    }
    #expect(abs(result.linkages.reduce(0) { $0 + $1.share.value } - 1) < 1e-12)
    // In strict turn, only B-P is found, and half is expected.
    var turns = chain
    for i in 0..<length { turns.types[2 * i] = Int32(i % 2) }
    let ordered = try analyze([Frame(turns)], cutoff: "B-O=1.8,P-O=1.8")
    #expect(ordered.linkages.map(\.share.value) == [0, 1, 0] && ordered.linkages.map(\.random.value) == [0.25, 0.5, 0.25])
  }

  @Test func viewsAndThreadsChangeNothing() throws {
    var random = RandomStream(seed: 52)
    let gas = try idealGas(500, cell: tiltedCell(), species: try species("B", "P", "O"), random: &random)
    let cutoff = "B-O=2.2,P-O=2.4,P-P=1.9"
    let base = try analyze([Frame(gas)], cutoff: cutoff)
    var moved = gas
    for i in moved.positions.indices { moved.positions[i] += Vector3(5, 6, -40) }
    let v = gas.cell.vectors
    moved.cell = try Cell(vectors: Matrix3(v[0], v[1] - v[0], v[2] + v[1]))
    #expect(try analyze([Frame(moved)], cutoff: cutoff).summary.json() == base.summary.json())
    #expect(try analyze([Frame(gas)], cutoff: cutoff, threads: 3).summary.json() == base.summary.json())
    let double = try analyze([Frame(try gas.replicated((1, 2, 1)))], cutoff: cutoff)
    #expect(largestDifference(double.qn("P").map(\.value), base.qn("P").map(\.value)) < 1e-15)
    #expect(double.sharing.map(\.perFrame) == base.sharing.map { $0.perFrame.map { 2 * $0 } })
    #expect(double.formerBonds.map(\.perFrame) == base.formerBonds.map { 2 * $0.perFrame })
    #expect(base.formerBonds.count == 1)
  }

  @Test func refusesWhatMakesNoSense() throws {
    let salt = try crystal(5, cells: 1, basis: [(.zero, 0), (Vector3(0.5, 0, 0), 1)], species: try species("Na", "Cl"))
    let none = try analysisError { _ = try NetworkStructure().analyze([Frame(salt)]) }
    #expect(none.code == .invalidSetting && none.message.contains("formers"))
    var both = NetworkStructure()
    both.formers = ["Na"]
    both.anions = ["Na"]
    #expect(try analysisError { _ = try both.analyze([Frame(salt)]) }.message.contains("one of them"))
    #expect(try analysisError { _ = try NetworkStructure().analyze([]) }.code == .noFrames)
  }
}
