import Foundation
import NumericalMethods
import Structures
import Testing

@testable import Analysis

@Suite("Local order") struct OrderTests {
  /// See `Golden/order/make_order.py`.
  struct Golden: Decodable {
    struct Parameters: Decodable {
      enum CodingKeys: String, CodingKey {
        case q, w
        case averagedQ = "averaged_q"
        case averagedW = "averaged_w"
      }
      var q, w, averagedQ, averagedW: [Double]
    }
    struct Crystal: Decodable {
      enum CodingKeys: String, CodingKey {
        case edges, positions, connections, structures
        case largestCluster = "largest_cluster"
      }
      var edges, positions: [[Double]]
      var connections, structures: [Int]
      var largestCluster: Int
    }
    var cutoff: Double
    var liquid: [String: [String: Parameters]]
    var crystal: Crystal

    static func load() throws -> Golden {
      let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      return try JSONDecoder().decode(Golden.self, from: Data(contentsOf: folder.appendingPathComponent("Golden/order/order.json")))
    }

    func crystalline() throws -> Configuration {
      func vector(_ values: [Double]) -> Vector3 { Vector3(values[0], values[1], values[2]) }
      let cell = try Cell(vectors: Matrix3(vector(crystal.edges[0]), vector(crystal.edges[1]), vector(crystal.edges[2])))
      let positions = crystal.positions.map(vector)
      return try Configuration(cell: cell, species: species("Ar"), types: positions.map { _ in 0 }, positions: positions)
    }
  }

  private let pool = WorkerPool(threads: 2)

  @Test("freud's values, for all kinds of neighbours") func freud() throws {
    let golden = try Golden.load()
    let configuration = try VoronoiTests.Golden.load().configuration()
    let choices: [String: NeighborTable.Choice] = [
      "nearest": .nearest(12), "cutoff": .cutoff(golden.cutoff), "voronoi": .voronoi(weighted: true),
      "voronoi_alike": .voronoi(weighted: false),
    ]
    for (name, degrees) in golden.liquid {
      let table = try NeighborTable(configuration, try #require(choices[name]), pool: pool)
      let order = BondOrder(table, degrees: [4, 6, 8], pool: pool)
      for (place, degree) in [4, 6, 8].enumerated() {
        let expected = try #require(degrees[String(degree)])
        // freud keeps vectors and sums in single precision; w divides by the cube of a small norm.
        #expect(largestDifference(order.q[place], expected.q) < 5e-6, "\(name) q\(degree)")
        #expect(largestDifference(order.averagedQ[place], expected.averagedQ) < 5e-6, "\(name) averaged q\(degree)")
        #expect(largestDifference(order.w[place], expected.w) < 1e-5, "\(name) w\(degree)")
        #expect(largestDifference(order.averagedW[place], expected.averagedW) < 2e-4, "\(name) averaged w\(degree)")
      }
    }
  }

  @Test("connections as in freud, structures as in OVITO") func labels() throws {
    let golden = try Golden.load()
    let order = try LocalOrder(golden.crystalline(), OrderAnalysis(), pool: pool)
    // A correlation within 1e-6 of the threshold may fall on either side in single precision; none does here.
    #expect(order.connections.map { Int($0) } == golden.crystal.connections)
    #expect(order.largestCluster == golden.crystal.largestCluster)
    #expect(order.structures.map(\.rawValue) == golden.crystal.structures)
  }

  static let hexagonal: [(Vector3, Int32)] = [
    (.zero, 0), (Vector3(0.5, 0.5, 0), 0), (Vector3(0.5, 5.0 / 6, 0.5), 0), (Vector3(0, 1.0 / 3, 0.5), 0),
  ]

  /// A crystal with ideal distances; hcp as an orthorhombic cell.
  static func lattice(_ name: String, cells: Int) throws -> Configuration {
    switch name {
    case "sc": return try crystal(3, cells: cells, basis: simpleCubic, species: species("Ar"))
    case "fcc": return try crystal(4, cells: cells, basis: faceCentred, species: species("Ar"))
    case "bcc": return try crystal(3, cells: cells, basis: [(.zero, 0), (Vector3(repeating: 0.5), 0)], species: species("Ar"))
    default:
      let edges = Vector3(1, 3.0.squareRoot(), (8.0 / 3).squareRoot()) * 3.0
      let one = try Configuration(
        cell: Cell(lengths: edges), species: species("Ar"), types: [0, 0, 0, 0], positions: hexagonal.map { $0.0 * edges })
      return try one.replicated((cells, cells, cells))
    }
  }

  /// Values of Steinhardt et al. and, with five digits, of Mickel et al. (2013), table I; those of bcc with the fourteen nearest.
  @Test(arguments: [
    ("sc", 6, 0.76376, 0.35355, 0.159317, 0.013161), ("fcc", 12, 0.19094, 0.57452, -0.159317, -0.013161),
    ("hcp", 12, 0.09722, 0.48476, 0.134097, -0.012442), ("bcc", 14, 0.03637, 0.51069, 0.159317, 0.013161),
  ])
  func perfectLattices(_ name: String, _ number: Int, _ q4: Double, _ q6: Double, _ w4: Double, _ w6: Double) throws {
    // One cell of images, and several.
    for cells in [1, 3] {
      var parameters = OrderAnalysis()
      parameters.number = number
      let result = try parameters.analyze([Frame(Self.lattice(name, cells: cells))])
      for (quantity, four, six) in [(OrderResult.Quantity.q, q4, q6), (.averagedQ, q4, q6), (.w, w4, w6), (.averagedW, w4, w6)] {
        // Orientations of the two layers of hcp differ: averaged ones are other values there.
        if name == "hcp" && (quantity == .averagedQ || quantity == .averagedW) { continue }
        // The last digit of the tables.
        #expect(abs(try #require(result.mean(quantity, l: 4, species: "Ar")) - four) < 6e-6, "\(name) \(quantity) 4")
        #expect(abs(try #require(result.mean(quantity, l: 6, species: "Ar")) - six) < 6e-6, "\(name) \(quantity) 6")
      }
      let entry = try #require(result["Ar"])
      let expected: LocalStructure = name == "fcc" ? .fcc : name == "hcp" ? .hcp : name == "bcc" ? .bcc : .other
      #expect(entry.structures[expected.rawValue].mean == 1)
      if number >= 12 { #expect(entry.crystalline.mean == 1 && result.largestCluster.mean == 1) }
    }
  }

  @Test func icosahedron() throws {
    let golden = (1 + 5.0.squareRoot()) / 2
    var positions = [Vector3(repeating: 20)]
    for axis in 0..<3 {
      for (u, v) in [(1.0, golden), (1, -golden), (-1, golden), (-1, -golden)] {
        var point = Vector3.zero
        point[axis] = u
        point[(axis + 1) % 3] = v
        positions.append(positions[0] + point)
      }
    }
    let cluster = try Configuration(
      cell: Cell(lengths: Vector3(repeating: 40)), species: species("Ar"), types: positions.map { _ in 0 }, positions: positions)
    let order = try LocalOrder(cluster, OrderAnalysis(), pool: pool)
    #expect(order.structures[0] == .icosahedral)
    #expect(abs(order.bondOrder.q[0][0]) < 1e-9)
    // Steinhardt et al.: 0.66332 and -0.169754.
    #expect(abs(order.bondOrder.q[1][0] - 0.663325) < 1e-6)
    #expect(abs(order.bondOrder.w[1][0] + 0.169754) < 1e-6)
  }

  @Test("3j symbols: squares sum to one; a few known values") func wigner() {
    for l in [2, 4, 6, 12] {
      let symbols = SphericalHarmonics.wigner3j(l)
      #expect(abs(symbols.reduce(0) { $0 + $1.value * $1.value } - 1) < 1e-11)
    }
    let two = SphericalHarmonics.wigner3j(2)
    let zero = two.first { $0.m1 == 0 && $0.m2 == 0 }?.value ?? 0
    #expect(abs(zero + (2.0 / 35).squareRoot()) < 1e-14)
  }

  @Test("spherical harmonics: degree 1 and 2 by formula, and the addition theorem up to degree 12") func harmonics() throws {
    let direction = Vector3(0.3, -0.5, 0.4) * (1 / Vector3(0.3, -0.5, 0.4).length)
    let harmonics = SphericalHarmonics(degrees: Array(1...12))
    var real = [SIMD8<Double>](repeating: .zero, count: harmonics.count)
    var imaginary = real
    harmonics.add(
      SIMD8(repeating: direction.x), SIMD8(repeating: direction.y), SIMD8(repeating: direction.z), weights: SIMD8(repeating: 1),
      real: &real,
      imaginary: &imaginary)
    #expect(abs(real[0][0] - (3 / (4 * Double.pi)).squareRoot() * direction.z) < 1e-14)
    #expect(abs(real[1][3] + (3 / (8 * Double.pi)).squareRoot() * direction.x) < 1e-14)
    #expect(abs(imaginary[1][7] + (3 / (8 * Double.pi)).squareRoot() * direction.y) < 1e-14)
    #expect(abs(real[2][0] - (5 / (16 * Double.pi)).squareRoot() * (3 * direction.z * direction.z - 1)) < 1e-14)
    for (number, l) in harmonics.degrees.enumerated() {
      var sum = 0.0
      for m in 0...l {
        let place = harmonics.offsets[number] + m
        sum += (m == 0 ? 1 : 2) * (real[place][0] * real[place][0] + imaginary[place][0] * imaginary[place][0])
      }
      #expect(abs(4 * Double.pi / Double(2 * l + 1) * sum - 1) < 1e-13)
    }
  }

  @Test("rotation, translation, permutation, supercell and threads change nothing") func invariances() throws {
    let configuration = try VoronoiTests.Golden.load().configuration()
    let one = try LocalOrder(configuration, OrderAnalysis(), pool: pool)
    let (c, s) = (0.6, 0.8)
    let turn =
      Matrix3(Vector3(c, -s, 0), Vector3(s, c, 0), Vector3(0, 0, 1)) * Matrix3(Vector3(1, 0, 0), Vector3(0, c, -s), Vector3(0, s, c))
    var turned = configuration
    turned.cell = try configuration.cell.deformed(by: turn)
    turned.positions = configuration.positions.map { turn * $0 + Vector3(3, 4, -50) }
    let large = try configuration.replicated((2, 1, 2))
    var reversed = configuration
    reversed.positions.reverse()
    reversed.types.reverse()
    let others = [
      try LocalOrder(turned, OrderAnalysis(), pool: pool).bondOrder, try LocalOrder(large, OrderAnalysis(), pool: pool).bondOrder,
      try LocalOrder(reversed, OrderAnalysis(), pool: pool).bondOrder,
    ]
    for degree in 0..<2 {
      for (number, other) in others.enumerated() {
        let order = number == 2 ? Array(other.w[degree].reversed()) : Array(other.w[degree][..<110])
        #expect(largestDifference(order, one.bondOrder.w[degree]) < 1e-9)
      }
    }
    let single = try LocalOrder(large, OrderAnalysis(), pool: WorkerPool(threads: 1))
    #expect(single.bondOrder.averagedQ == others[1].averagedQ)
  }

  @Test("a crystal and a liquid are told apart; one sublattice of a compound") func crystalAndGlass() throws {
    var random = RandomStream(seed: 4, stream: 1)
    let liquid = try VoronoiTests.Golden.load().configuration()
    let result = try OrderAnalysis().analyze([Frame(liquid)])
    #expect(try #require(result["all"]).crystalline.mean < 0.03)
    // Rock salt: each sublattice is fcc, both together simple cubic.
    let salt: [(Vector3, Int32)] = faceCentred + faceCentred.map { ($0.0 + Vector3(0.5, 0, 0), 1) }
    let ideal = try crystal(5.6, cells: 4, basis: salt, species: species("Na", "Cl"))
    var sublattice = OrderAnalysis()
    sublattice.species = ["Cl"]
    let frames = (0..<4).map { _ in shaken(ideal, by: 0.12, random: &random) }
    let chloride = try sublattice.analyze(frames)
    let entry = try #require(chloride["Cl"])
    #expect(entry.structures[LocalStructure.fcc.rawValue].mean > 0.95)
    #expect(entry.crystalline.mean > 0.99 && chloride.largestCluster.mean > 0.99)
    #expect(entry.structures[LocalStructure.fcc.rawValue].error ?? -1 >= 0)
    #expect(abs(entry.densities[0][0].reduce(0, +) * 0.01 - 1) < 1e-9)
    guard case .frames(let labelled) = try #require(chloride.files.first).contents else { throw AnalysisError(.noFrames, "no frame") }
    #expect(labelled[0].columns["order_structure"]?.count == 256 && labelled[0].configuration.identifiers.first == 5)
  }

  @Test func brokenInputs() throws {
    func settings(_ values: [String: String]) throws -> OrderAnalysis {
      try OrderAnalysis(AnalysisSettings(values, for: OrderAnalysis.descriptor))
    }
    #expect(try analysisError { _ = try settings(["neighbors": "cutoff"]) }.code == .invalidSetting)
    #expect(try analysisError { _ = try settings(["l": "13"]) }.code == .invalidSetting)
    #expect(try analysisError { _ = try settings(["cutoff": "Na-Cl=3"]) }.code == .invalidSetting)
    #expect(try settings(["cutoff": "3.5"]).neighbors == .cutoff)
    let lattice = try Self.lattice("fcc", cells: 1)
    #expect(try analysisError { _ = try settings(["cutoff": "300"]).analyze([Frame(lattice)]) }.code == .tooManyNeighbors)
    let open = try Configuration(
      cell: Cell(vectors: lattice.cell.vectors, periodic: Periodicity(repeating: false)), species: lattice.species, types: lattice.types,
      positions: lattice.positions)
    #expect(try analysisError { _ = try OrderAnalysis().analyze([Frame(open)]) }.code == .tooManyNeighbors)
    // Nobody within the cutoff: zero, not a number that is none.
    let lonely = try settings(["cutoff": "1"]).analyze([Frame(lattice)])
    #expect(lonely.mean(.q, l: 6, species: "Ar") == 0 && lonely["Ar"]?.crystalline.mean == 0)
  }
}
