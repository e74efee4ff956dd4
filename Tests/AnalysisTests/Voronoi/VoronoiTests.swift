import Foundation
import NumericalMethods
import Structures
import Testing

@testable import Analysis

@Suite("Voronoi cells") struct VoronoiTests {
  /// A liquid-like scatter in a skewed cell; see `Golden/voronoi/make_voronoi.py`.
  struct Golden: Decodable {
    struct Cells: Decodable {
      var volumes: [Double]
      var coordination: [Int]
      var surfaces: [Double]?
      var indices: [[Int]]?
    }
    enum CodingKeys: String, CodingKey {
      case edges, positions, types, radii, freud, ovito
      case radical = "ovito_radical"
    }
    var edges, positions: [[Double]]
    var types: [Int32]
    var radii: [Double]
    var freud, ovito, radical: Cells

    static func load() throws -> Golden {
      let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      return try JSONDecoder().decode(Golden.self, from: Data(contentsOf: folder.appendingPathComponent("Golden/voronoi/voronoi.json")))
    }

    func configuration() throws -> Configuration {
      func vector(_ values: [Double]) -> Vector3 { Vector3(values[0], values[1], values[2]) }
      return try Configuration(
        cell: Cell(vectors: Matrix3(vector(edges[0]), vector(edges[1]), vector(edges[2]))), species: species("Si", "O"), types: types,
        positions: positions.map(vector))
    }
  }

  private let pool = WorkerPool(threads: 2)

  private func faces(_ cells: VoronoiTessellation, least: Double) -> [Int] {
    cells.volumes.indices.map { atom in cells.faces(of: atom).count { $0.area > least } }
  }

  private func indices(_ cells: VoronoiTessellation) -> [[Int]] {
    cells.volumes.indices.map { atom in (3...6).map { edges in cells.faces(of: atom).count { $0.edges == edges && $0.area > 1e-9 } } }
  }

  @Test func peers() throws {
    let golden = try Golden.load()
    let configuration = try golden.configuration()
    let cells = try VoronoiTessellation(configuration, pool: pool)
    // freud holds positions in single precision, OVITO in double.
    #expect(largestDifference(cells.volumes, golden.freud.volumes) < 2e-5)
    #expect(largestDifference(cells.volumes, golden.ovito.volumes) < 1e-9)
    #expect(largestDifference(cells.surfaces, try #require(golden.freud.surfaces)) < 1e-4)
    #expect(faces(cells, least: 1e-9) == golden.ovito.coordination)
    #expect(indices(cells) == golden.ovito.indices)
  }

  @Test func radicalPeer() throws {
    let golden = try Golden.load()
    let configuration = try golden.configuration()
    let cells = try VoronoiTessellation(configuration, radii: golden.types.map { golden.radii[Int($0)] }, pool: pool)
    #expect(largestDifference(cells.volumes, golden.radical.volumes) < 1e-9)
    #expect(faces(cells, least: 1e-9) == golden.radical.coordination)
    #expect(indices(cells) == golden.radical.indices)
    // Radii move volume from the small to the large.
    let plain = try VoronoiTessellation(configuration, pool: pool)
    func small(_ cells: VoronoiTessellation) -> Double { zip(cells.volumes, golden.types).reduce(0) { $0 + ($1.1 == 0 ? $1.0 : 0) } }
    #expect(small(cells) < 0.9 * small(plain))
    // Equal radii change nothing.
    let equal = try VoronoiTessellation(configuration, radii: golden.types.map { _ in 1.3 }, pool: pool)
    #expect(largestDifference(equal.volumes, plain.volumes) < 1e-10)
  }

  @Test("the plain twin agrees, also on an ideal gas and on a power diagram where some cells are empty")
  func twin() throws {
    var random = RandomStream(seed: 11, stream: 1)
    let gas = try idealGas(60, cell: tiltedCell(), species: species("Ar", "Ne"), random: &random)
    for radii in [[], gas.types.map { $0 == 0 ? 0.5 : 3.5 }] {
      let cells = try VoronoiTessellation(gas, radii: radii, pool: pool)
      // No cell reaches beyond 12 Å in this gas, with radii included: the sum of the volumes would show it.
      let reference = try VoronoiReference.cells(gas, radii: radii, cutoff: 30)
      #expect(abs(cells.volumes.reduce(0, +) / gas.cell.volume - 1) < 1e-12)
      #expect(largestDifference(cells.volumes, reference.map(\.volume)) < 1e-8 * gas.cell.volume)
      for atom in 0..<gas.count {
        let ours = cells.faces(of: atom).filter { $0.area > 1e-7 }.sorted { $0.area < $1.area }
        let plain = reference[atom].faces.filter { $0.area > 1e-7 }.sorted { $0.area < $1.area }
        #expect(ours.map { Int($0.neighbor) } == plain.map(\.neighbor))
        #expect(zip(ours, plain).allSatisfy { abs($0.area - $1.area) < 1e-7 })
      }
      if !radii.isEmpty { #expect(cells.volumes.contains(0)) }
    }
  }

  /// The index, the volume and the number of neighbours that all atoms of a crystal have.
  @Test(arguments: [
    ("sc", SIMD4<UInt8>(0, 6, 0, 0), 6, 1.0), ("fcc", SIMD4<UInt8>(0, 12, 0, 0), 12, 4.0), ("bcc", SIMD4<UInt8>(0, 6, 0, 8), 14, 2.0),
  ])
  func lattices(_ name: String, _ index: SIMD4<UInt8>, _ number: Int, _ atoms: Double) throws {
    let basis: [(Vector3, Int32)] =
      switch name {
      case "sc": simpleCubic
      case "fcc": faceCentred
      default: [(.zero, 0), (Vector3(repeating: 0.5), 0)]
      }
    // One cell, smaller than any neighbour distance doubled, and a larger one.
    for cells in [1, 3] {
      let edge = 3.7
      let frame = Frame(try crystal(edge, cells: cells, basis: basis, species: species("Ar")))
      let result = try VoronoiAnalysis().analyze([frame, frame])
      let entry = try #require(result["Ar"])
      #expect(abs(entry.volume.mean - edge * edge * edge / atoms) < 1e-9)
      #expect(entry.volumeSpread.mean < 1e-5)
      #expect(entry.coordination.mean == Double(number))
      #expect(entry.indices.map(\.index.counts) == [index])
      #expect(result.meetsQualityTest)
    }
  }

  @Test("faces of the truncated octahedron: squares of edge a √2/4, hexagons")
  func areas() throws {
    let edge = 3.0
    let crystal = try crystal(edge, cells: 2, basis: [(.zero, 0), (Vector3(repeating: 0.5), 0)], species: species("Fe"))
    let cells = try VoronoiTessellation(crystal, pool: pool)
    let side = edge * 2.0.squareRoot() / 4
    for face in cells.faces {
      let expected = face.edges == 4 ? side * side : 1.5 * 3.0.squareRoot() * side * side
      #expect(abs(face.area - expected) < 1e-10)
      #expect(abs(face.displacement.length - (face.edges == 4 ? edge : edge * 0.75.squareRoot())) < 1e-10)
    }
    // Squares are 4.3 % of half the surface each: a threshold between leaves the hexagons.
    var parameters = VoronoiAnalysis()
    parameters.faceThreshold = 0.05
    #expect(try parameters.analyze([Frame(crystal)])["Fe"]?.coordination.mean == 8)
  }

  @Test("translation, supercell, another choice of the cell and threads change nothing")
  func invariances() throws {
    let golden = try Golden.load()
    let configuration = try golden.configuration()
    let cells = try VoronoiTessellation(configuration, pool: pool)
    var moved = configuration
    moved.positions = moved.positions.map { $0 + Vector3(123.4, -56.7, 8.9) }
    #expect(largestDifference(try VoronoiTessellation(moved, pool: pool).volumes, cells.volumes) < 1e-9)
    let large = try VoronoiTessellation(configuration.replicated((2, 1, 3)), pool: pool)
    #expect(largestDifference(Array(large.volumes[..<110]), cells.volumes) < 1e-9)
    let edges = configuration.cell.vectors
    var skewed = configuration
    skewed.cell = try Cell(vectors: Matrix3(edges[0] + 3 * edges[1], edges[1], edges[2] - 2 * edges[0]))
    #expect(largestDifference(try VoronoiTessellation(skewed, pool: pool).volumes, cells.volumes) < 1e-9)
    let single = try VoronoiTessellation(configuration.replicated((2, 1, 3)), pool: WorkerPool(threads: 1))
    #expect(single.volumes == large.volumes && single.surfaces == large.surfaces)
  }

  @Test("every face is seen alike from both sides")
  func faceSymmetry() throws {
    let configuration = try Golden.load().configuration()
    let cells = try VoronoiTessellation(configuration, radii: configuration.types.map { $0 == 0 ? 0.9 : 1.4 }, pool: pool)
    for atom in 0..<configuration.count {
      for face in cells.faces(of: atom) {
        let back = cells.faces(of: Int(face.neighbor)).first { ($0.displacement + face.displacement).length < 1e-9 }
        #expect(abs((back?.area ?? 0) - face.area) < 1e-9)
      }
    }
  }

  @Test("walls bound the cells where the cell does not repeat")
  func slab() throws {
    var random = RandomStream(seed: 3, stream: 1)
    let edges = try tiltedCell().vectors
    for periodic in [Periodicity([true, true, false]), Periodicity(repeating: false)] {
      let cell = try Cell(vectors: edges, origin: Vector3(-3, 4, 1), periodic: periodic)
      let gas = try idealGas(40, cell: cell, species: species("Ar"), random: &random)
      let cells = try VoronoiTessellation(gas, pool: pool)
      #expect(abs(cells.volumes.reduce(0, +) / cell.volume - 1) < 1e-12)
      #expect(cells.faces.contains { $0.neighbor == -1 })
      var outside = gas
      outside.positions[7] += 40 * edges[2]
      #expect(try analysisError { _ = try VoronoiTessellation(outside, pool: pool) }.code == .lostAtoms)
    }
  }

  @Test func lonelyAtomsAndVoids() throws {
    // One atom: the Voronoi cell of its lattice. Two clusters far apart: cells that reach across the void.
    let one = try Configuration(cell: tiltedCell(), species: species("Ar"), types: [0], positions: [Vector3(1, 2, 3)])
    #expect(abs(try VoronoiTessellation(one, pool: pool).volumes[0] / one.cell.volume - 1) < 1e-12)
    var random = RandomStream(seed: 5, stream: 1)
    let positions = (0..<200).map { _ in Vector3(random.uniform(), random.uniform(), random.uniform()) * 6 }
    let cell = try Cell(lengths: Vector3(60, 20, 20))
    let clump = try Configuration(cell: cell, species: species("Ar"), types: positions.map { _ in 0 }, positions: positions)
    #expect(abs(try VoronoiTessellation(clump, pool: pool).volumes.reduce(0, +) / cell.volume - 1) < 1e-12)
  }

  @Test("nearly touching planes of a shaken crystal")
  func shakenCrystals() throws {
    var random = RandomStream(seed: 9, stream: 1)
    let perfect = try crystal(4, cells: 4, basis: faceCentred, species: species("Ar"))
    // From displacements that rounding hides to those of a hot crystal.
    for width in [1e-14, 1e-11, 1e-9, 1e-8, 1e-6, 1e-3, 0.1] {
      let frame = shaken(perfect, by: width, random: &random)
      let cells = try VoronoiTessellation(frame.configuration, pool: pool)
      #expect(abs(cells.volumes.reduce(0, +) / perfect.cell.volume - 1) < 1e-8, "\(width)")
    }
  }

  @Test func analysisOfSpecies() throws {
    let silica = try crystal(7.16, cells: 2, basis: cristobalite, species: species("Si", "O"))
    var random = RandomStream(seed: 2, stream: 1)
    let frames = (0..<6).map { _ in shaken(silica, by: 0.1, random: &random) }
    let result = try VoronoiAnalysis(AnalysisSettings(["radii": "Si=0.3,O=1.3"], for: VoronoiAnalysis.descriptor)).analyze(frames)
    let (si, o) = (try #require(result["Si"]), try #require(result["O"]))
    #expect(abs(si.volumeShare.mean + o.volumeShare.mean - 1) < 1e-9)
    #expect(abs(si.coordinationBySpecies.reduce(0) { $0 + $1.mean } - si.coordination.mean) < 1e-9)
    #expect(abs(o.volumeDensity.reduce(0, +) * 0.25 - 1) < 1e-9)
    #expect(si.volume.error ?? 0 > 0)
    // Only the silicon, which makes diamond.
    var sublattice = VoronoiAnalysis()
    sublattice.species = ["Si"]
    let diamond = try sublattice.analyze([Frame(silica)])
    #expect(abs(try #require(diamond["Si"]).volume.mean - 7.16 * 7.16 * 7.16 / 8) < 1e-9)
    let file = try #require(diamond.files.first)
    guard case .frames(let labelled) = file.contents else { throw AnalysisError(.noFrames, "no labelled frame") }
    #expect(labelled[0].configuration.count == 64 && labelled[0].columns["voronoi_n6"]?.count == 64)
    #expect(result.summary["species"]?["Si"]?["volume_A3"]?.double == si.volume.mean)
  }

  @Test func brokenInputs() throws {
    var silica = try crystal(7.16, cells: 1, basis: cristobalite, species: species("Si", "O"))
    let analysis = VoronoiAnalysis()
    var wrong = analysis
    wrong.species = ["Na"]
    #expect(try analysisError { _ = try wrong.analyze([Frame(silica)]) }.code == .unknownSpecies)
    let silicon = Configuration.keeping(silica, type: 0)
    #expect(try analysisError { _ = try analysis.analyze([Frame(silica), Frame(silicon)]) }.code == .changedAtoms)
    silica.positions[3] = silica.positions[2]
    #expect(try analysisError { _ = try analysis.analyze([Frame(silica)]) }.code == .lostAtoms)
    silica.positions[3].x = .nan
    #expect(try analysisError { _ = try analysis.analyze([Frame(silica)]) }.code == .lostAtoms)
    #expect(
      try analysisError { _ = try VoronoiAnalysis(AnalysisSettings(["radii": "O:1.3"], for: VoronoiAnalysis.descriptor)) }.code
        == .invalidSetting)
  }

  @Test("times of 3000 atoms of silica", .enabled(if: ProcessInfo.processInfo.environment["VITROLYTE_SLOW_TESTS"] == "1"))
  func speed() throws {
    var random = RandomStream(seed: 2, stream: 1)
    let frame = shaken(try crystal(7.16, cells: 5, basis: cristobalite, species: species("Si", "O")), by: 0.35, random: &random)
    // Processor time on one thread, since other programs may run beside; and the shape that analyses take.
    let times = try (0..<30).map { _ in
      let start = clock()
      _ = try VoronoiTessellation(frame.configuration, pool: WorkerPool(threads: 1))
      return Double(clock() - start) / Double(CLOCKS_PER_SEC) * 1e3
    }
    print("voronoi: \(frame.configuration.count) atoms, \(times.min() ?? 0) ms of one core")
  }
}

extension Configuration {
  /// Without the atoms of other types.
  static func keeping(_ configuration: Configuration, type: Int32) -> Configuration {
    var result = configuration
    let kept = configuration.types.indices.filter { configuration.types[$0] == type }
    result.types = kept.map { configuration.types[$0] }
    result.positions = kept.map { configuration.positions[$0] }
    return result
  }
}
