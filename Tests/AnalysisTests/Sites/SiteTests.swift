import Formats
import Foundation
import NumericalMethods
import Structures
import Testing

@testable import Analysis

/// Lithium on two kinds of sites of a crystal that breathes and drifts, each jump known.
///
/// Sulfur is at the corners of cells of 4 Å and sites of kind Li1 in their middles, of kind Li2 in the middles of their faces along x.
struct SiteWalk {
  static let edge = 4.0
  static let cells = 3
  static let interval = 0.1
  var frames: [Frame] = []
  /// The site of each ion at each frame, by label and cell.
  var jumps: [(ion: Int, frame: Int, isFromFirst: Bool, isForward: Bool)] = []
  var firstKindFrames = 0
  let reference: Frame

  /// - Parameters:
  ///   - tilt: How far the second edge of a cell leans along the first, in Å.
  ///   - isWild: Whether the cell breathes and the crystal drifts, from an origin of its own.
  init(ions: Int, count: Int, tilt: Double, isWild: Bool, hop: Double = 0.02, seed: UInt64) throws {
    var random = RandomStream(seed: seed)
    let unit = Matrix3(Vector3(Self.edge, 0, 0), Vector3(tilt, Self.edge, 0), Vector3(0, 0, Self.edge))
    let unitCell = try Cell(vectors: unit)
    let sulfur = try #require(Element(symbol: "S"))
    let lithium = try #require(Element(symbol: "Li"))
    reference = Frame(
      try Configuration(
        cell: unitCell, species: [Species(sulfur), Species(lithium, label: "Li1"), Species(lithium, label: "Li2")], types: [0, 1, 2],
        positions: [Vector3(0, 0, 0), Vector3(0.5, 0.5, 0.5), Vector3(0, 0.5, 0.5)].map { unitCell.cartesian($0) }))
    // Halves of cells along x: even is the first kind.
    var places = (0..<ions).map { ion in SIMD3<Int>(2 * (ion % 3), ion / 3 % 3, ion / 9) }
    var drift = isWild ? Vector3(0.4, -0.3, 0.5) : .zero
    let number = Double(Self.cells)
    for frame in 0..<count {
      let breath = isWild ? 1 + 0.01 * sin(Double(frame) / 30) : 1
      if isWild { drift += Vector3(0.013, 0.004, -0.009) }
      for ion in places.indices {
        if frame > 0, random.uniform() < hop {
          let isForward = random.uniform() < 0.5
          jumps.append((ion, frame, places[ion].x % 2 == 0, isForward))
          places[ion].x += isForward ? 1 : -1
        }
        if places[ion].x % 2 == 0 { firstKindFrames += 1 }
      }
      var positions: [Vector3] = []
      for i in 0..<Self.cells {
        for j in 0..<Self.cells { for k in 0..<Self.cells { positions.append(Vector3(Double(i), Double(j), Double(k))) } }
      }
      positions += places.map { Vector3(Double($0.x) / 2 + 0.5, Double($0.y) + 0.5, Double($0.z) + 0.5) }
      let shaken = positions.map { place in
        (place * unit + drift) * breath + Vector3(random.normal(), random.normal(), random.normal()) * 0.08
      }
      var configuration = try Configuration(
        cell: Cell(vectors: Matrix3(unit[0] * (number * breath), unit[1] * (number * breath), unit[2] * (number * breath))),
        species: [Species(sulfur), Species(lithium)], types: [Int32](repeating: 0, count: 27) + [Int32](repeating: 1, count: ions),
        positions: shaken)
      configuration.wrap()
      configuration.images = []
      var result = Frame(configuration)
      result.time = Self.interval * Double(frame)
      frames.append(result)
    }
  }

  func context(threads: Int = 1) -> AnalysisContext {
    let reference = reference
    return AnalysisContext(pool: WorkerPool(threads: threads), reader: { _ in reference })
  }

  func analyze(_ analysis: SiteAnalysis, threads: Int = 1) throws -> SiteResult {
    var accumulator = analysis.makeAccumulator(in: context(threads: threads))
    for frame in frames { try accumulator.add(frame) }
    return try accumulator.result()
  }
}

@Suite struct SiteTests {
  @Test(arguments: [(0.0, false), (0.0, true), (1.3, true)], SiteAnalysis.Assignment.allCases)
  func countsEveryJump(_ crystal: (tilt: Double, isWild: Bool), assignment: SiteAnalysis.Assignment) throws {
    let walk = try SiteWalk(ions: 12, count: 600, tilt: crystal.tilt, isWild: crystal.isWild, seed: 91)
    var analysis = SiteAnalysis(sites: "reference")
    analysis.assignment = assignment
    let result = try walk.analyze(analysis)
    #expect(result.network.count == 54 && result.network.labels == ["Li1", "Li2"] && result.network.supercell == [3, 3, 3])
    #expect(abs(result.radius - 0.9) < 1e-6)
    #expect(walk.jumps.count > 100)
    #expect(result.jumps.count(from: 0, to: 1) == walk.jumps.count { $0.isFromFirst })
    #expect(result.jumps.count(from: 1, to: 0) == walk.jumps.count { !$0.isFromFirst })
    #expect(result.jumps.count(from: 0, to: 0) == 0 && result.jumps.count(from: 1, to: 1) == 0)
    let events = try #require(result["Li"]).events
    let found = events.sorted { ($0.hop.frame, $0.ion) < ($1.hop.frame, $1.ion) }
    #expect(found.map(\.ion) == walk.jumps.map(\.ion) && found.map(\.hop.frame) == walk.jumps.map(\.frame))
    for (event, jump) in zip(found, walk.jumps) {
      // In the mean cell, which breathes by 1 %.
      #expect((event.hop.displacement - Vector3(jump.isForward ? 2 : -2, 0, 0)).length < 0.02)
    }
    #expect(abs(result.kindOccupancy[0] * 27 * 600 - Double(walk.firstKindFrames)) < 1e-6)
    #expect(abs(result.jumps.time(0) - Double(walk.firstKindFrames) * SiteWalk.interval) < 1e-9)
    let rate = result.jumps.rate(from: 0, to: 1)
    #expect(abs(rate.value - 0.2) < 4 * (rate.error ?? 0) && (rate.error ?? 1) < 0.04)
    #expect(abs(result.jumps.meanResidence(0).value - 1 / rate.value) < 1e-12)
    // Rows along x, one after the other.
    #expect(result.percolation.dimensions == 1 && result.percolation.axes == [true, false, false])
    #expect(result.unassignedShare == 0 && result.betweenShare < 1e-3)
    if crystal.isWild { #expect((result.mismatch ?? 1) < 0.2) }
  }

  @Test func jumpsMakeTheDiffusionCoefficient() throws {
    let walk = try SiteWalk(ions: 27, count: 4000, tilt: 0, isWild: false, hop: 0.05, seed: 92)
    let part = try #require(try walk.analyze(SiteAnalysis(sites: "reference"))["Li"])
    // Γ = 0.5/ps along one line of 2 Å steps.
    let expected = 0.5 * 4 / 6
    #expect(abs(part.hopDiffusivity.value - expected) < 4 * (part.hopDiffusivity.error ?? 0))
    for value in [part.chainCorrelation, part.correlationFactor, part.firstOrderCorrelation] {
      #expect(abs(value.value - 1) < 4 * (value.error ?? 0) && (value.error ?? 1) < 0.4)
    }
    #expect(part.returnShare.value > 0.4 && part.returnShare.value < 0.6)
  }

  @Test func agreesWithSiteAnalysis() throws {
    struct Golden: Decodable {
      let nearest: [[Int]]
      let spheres: [[Int]]
    }
    let path = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../Golden/transport/hops_sites.json")
    let golden = try JSONDecoder().decode(Golden.self, from: Data(contentsOf: path))
    var state = 4711
    func next() -> Double {
      state = state * 48271 % 2_147_483_647
      return Double(state) / 2_147_483_647
    }
    func three() -> Vector3 {
      let x = next()
      let y = next()
      return Vector3(x, y, next())
    }
    let cell = try Cell(vectors: Matrix3(Vector3(9.0371, 0, 0), Vector3(2.5, 10.0213, 0), Vector3(-2, 1.5, 11.0119)))
    var sites: [Vector3] = []
    for i in 0..<3 {
      for j in 0..<3 { for k in 0..<3 { sites.append((Vector3(Double(i), Double(j), Double(k)) + three() * 0.3) * (1.0 / 3)) } }
    }
    var places = (0..<12).map { _ in three() }
    var walk: [[Vector3]] = []
    for _ in 0..<150 {
      walk.append(places)
      for ion in places.indices { places[ion] += (three() - Vector3(repeating: 0.5)) * 0.12 }
    }
    let lithium = try species("Li")
    let reference = Frame(
      try Configuration(
        cell: cell, species: lithium, types: [Int32](repeating: 0, count: 27), positions: sites.map { cell.cartesian($0) }))
    let trajectory = try frames(walk.map { $0.map { cell.cartesian($0) } }, cell: { _ in cell }, species: lithium, flags: false)
    for (assignment, expected) in [(SiteAnalysis.Assignment.nearest, golden.nearest), (.core, golden.spheres)] {
      var analysis = SiteAnalysis(sites: "reference")
      analysis.assignment = assignment
      analysis.radius = 1
      analysis.hysteresis = 0
      var accumulator = analysis.makeAccumulator(
        in: AnalysisContext(pool: WorkerPool(threads: 1), reader: { _ in reference }))
      for frame in trajectory { try accumulator.add(frame) }
      let result = try accumulator.result()
      #expect(try result.network.shortestDistance(in: cell) > 2)
      for (ion, sequence) in expected.enumerated() {
        var states = [Int](repeating: -1, count: 150)
        for visit in result.visits[ion] {
          for frame in Int(visit.frame)..<150 { states[frame] = Int(visit.site) }
        }
        // There, an ion between spheres is nowhere; here, it still belongs to the last.
        var last = -1
        let continued = sequence.map { site in
          if site >= 0 { last = site }
          return last
        }
        #expect(states == continued, "\(assignment) ion \(ion)")
      }
      #expect(result.species[0].hops > 30)
    }
  }

  @Test func threadsChangeNothing() throws {
    let walk = try SiteWalk(ions: 20, count: 200, tilt: 1.3, isWild: true, seed: 93)
    let analysis = SiteAnalysis(sites: "reference")
    #expect(try walk.analyze(analysis).summary.json() == walk.analyze(analysis, threads: 4).summary.json())
  }

  @Test func nearestSiteOfAnyPoint() throws {
    var random = RandomStream(seed: 94)
    let cell = try Cell(vectors: Matrix3(Vector3(7, 0, 0), Vector3(4, 6, 0), Vector3(-3, 2.5, 8)))
    let strained = try cell.deformed(by: Matrix3(Vector3(1.03, 0.02, 0), Vector3(0, 0.98, 0), Vector3(0.01, 0, 1.02)))
    for count in [1, 2, 9, 40] {
      let sites = (0..<count).map { _ in Vector3(random.uniform(), random.uniform(), random.uniform()) }
      let locator = try SiteLocator(sites, cell: cell)
      for _ in 0..<500 {
        let point = Vector3(random.uniform(), random.uniform(), random.uniform()) * 5 - Vector3(repeating: 2)
        for now in [cell, strained] {
          let found = locator.nearest(to: point, vectors: now.vectors)
          let distances = sites.map { now.minimumImage((point - $0) * now.vectors).squaredLength }
          #expect(abs(found.squaredDistance - (distances.min() ?? 0)) < 1e-9)
          let image = Vector3(Double(found.image.x), Double(found.image.y), Double(found.image.z))
          #expect(((point - sites[found.site] - image) * now.vectors).squaredLength - found.squaredDistance < 1e-9)
        }
      }
    }
  }

  @Test func recrossingsAreNoJumps() {
    func visit(_ site: Int32, _ frame: Int32, _ image: Int32 = 0) -> SiteVisit {
      SiteVisit(site: site, image: SIMD3(image, 0, 0), frame: frame)
    }
    let visits = [visit(0, 0), visit(1, 10), visit(0, 12), visit(1, 20), visit(2, 22), visit(2, 40, 1), visit(2, 41)]
    #expect(SiteVisit.withoutRecrossings(visits, shorterThan: 1) == visits)
    // To and fro within five frames goes, going on does not; another image is another place.
    #expect(SiteVisit.withoutRecrossings(visits, shorterThan: 5) == [visit(0, 0), visit(1, 20), visit(2, 22)])
  }

  @Test func pathsAcrossTheCell() {
    func edge(_ from: Int, _ to: Int, _ x: Int32 = 0, _ y: Int32 = 0, _ z: Int32 = 0) -> SitePercolation.Edge {
      SitePercolation.Edge(from: from, to: to, shift: SIMD3(x, y, z))
    }
    let ring = SitePercolation(sites: 8, edges: [edge(0, 1), edge(1, 2), edge(2, 3), edge(3, 0)])
    #expect(ring.dimensions == 0 && ring.components == 1 && ring.largestShare == 0.5)
    // Out over an edge and back over it is no path across.
    #expect(SitePercolation(sites: 2, edges: [edge(0, 1, 1), edge(1, 0, -1)]).dimensions == 0)
    let line = SitePercolation(sites: 4, edges: [edge(0, 1), edge(1, 0, 0, 1), edge(2, 3)])
    #expect(line.dimensions == 1 && line.axes == [false, true, false] && line.components == 2)
    #expect(SitePercolation(sites: 1, edges: [edge(0, 0, 1, 1)]).dimensions == 1)
    #expect(SitePercolation(sites: 2, edges: [edge(0, 1), edge(0, 1, 1), edge(0, 1, 0, 0, 1)]).dimensions == 2)
    #expect(SitePercolation(sites: 1, edges: [edge(0, 0, 1), edge(0, 0, 0, 1), edge(0, 0, 0, 0, 1)]).dimensions == 3)
  }

  @Test func stringsOfJumps() {
    let jumps = [
      // Three in a row, the last first; one alone; one too late for the first.
      SiteStrings.Jump(ion: 0, from: 2, to: 3, frame: 10), SiteStrings.Jump(ion: 1, from: 1, to: 2, frame: 12),
      SiteStrings.Jump(ion: 2, from: 0, to: 1, frame: 11), SiteStrings.Jump(ion: 3, from: 7, to: 8, frame: 11),
      SiteStrings.Jump(ion: 4, from: 5, to: 0, frame: 40),
    ]
    let strings = SiteStrings(jumps, sites: 9, within: 3, observable: 1..<50)
    #expect(strings.sizes == [1, 3] && strings.counts == [2, 1] && strings.largestShare == 0.6)
    #expect(abs(strings.collectiveShare - 0.6) < 1e-12 && abs(strings.meanSize - 11.0 / 5) < 1e-12)
    #expect(SiteStrings([], sites: 3, within: 1, observable: 1..<9).counts.isEmpty)
    // Each takes the site that the last left, two frames later: a string lasts no longer than the time, not as long as the run.
    let chain = (0..<50).map { SiteStrings.Jump(ion: $0, from: 49 - $0, to: 50 - $0, frame: 10 + 2 * $0) }
    let parts = SiteStrings(chain, sites: 60, within: 3, observable: 1..<200)
    #expect(parts.sizes == [2] && parts.counts == [25] && parts.collectiveShare == 1)
    // No ion comes to a site that another left before, but for its neighbours in the chain: seven frames of 199 each.
    let ends = 2.0 / 50
    #expect(!parts.isChance)
    #expect(abs(parts.expectedShare - ((1 - ends) * (1 - pow(1 - 7.0 / 199, 2)) + ends * 7 / 199)) < 1e-12)
  }

  @Test func stringsByChance() {
    var random = RandomStream(seed: 97)
    func site() -> Int { Int(random.uniform() * 60) }
    let jumps = (0..<4000).map { index in
      SiteStrings.Jump(ion: index % 500, from: site(), to: site(), frame: 1 + Int(random.uniform() * 3000))
    }
    let strings = SiteStrings(jumps, sites: 60, within: 5, observable: 1..<3001)
    // 67 arrivals and as many departures of others, each within 11 of 3000 frames.
    #expect(abs(strings.expectedShare - (1 - exp(-4000 / 30 * 11 / 3000))) < 0.01)
    // Jumps share their partners: the error is twice that of counting at most.
    #expect(abs(strings.collectiveShare - strings.expectedShare) < 4 * 2 * (0.24 / 4000).squareRoot())
    #expect(strings.isChance)
  }

  @Test func longTimesMakeOneString() throws {
    let walk = try SiteWalk(ions: 6, count: 300, tilt: 0, isWild: false, hop: 0.05, seed: 98)
    var analysis = SiteAnalysis(sites: "reference")
    let usual = try walk.analyze(analysis)
    #expect(!usual.warnings.contains { $0.contains("one string") })
    #expect(
      usual.tables.map(\.name) == [
        "site-kinds", "jump-diffusion", "jump-paths", "jump-rates", "sites", "jumps", "strings", "residence-times",
      ])
    #expect(
      usual.tables.prefix(3).allSatisfy { table in table.columns.allSatisfy { $0.rowCount == table.columns[0].rowCount && $0.rowCount > 0 }
      })
    analysis.cooperativeTime = 100
    #expect(try walk.analyze(analysis).warnings.contains { $0.contains("one string") })
  }

  /// A framework of two elements without symmetry, its reference from any origin.
  @Test func alignsFromAnyOrigin() throws {
    var random = RandomStream(seed: 99)
    let unit = try Cell(vectors: Matrix3(Vector3(8.1, 0, 0), Vector3(1.3, 7.2, 0), Vector3(-0.8, 0.6, 6.4)))
    let symbols = try ["Li", "P", "S"].map { Species(try #require(Element(symbol: $0))) }
    let types: [Int32] = [0, 0, 0, 1, 1, 2, 2, 2, 2, 2, 2]
    var places: [Vector3] = []
    while places.count < types.count {
      let place = Vector3(random.uniform(), random.uniform(), random.uniform())
      if places.allSatisfy({ unit.minimumImage((place - $0) * unit.vectors).length > 2 }) { places.append(place) }
    }
    let crystal = try Configuration(cell: unit, species: symbols, types: types, positions: places.map { unit.cartesian($0) })
    var frame = try crystal.replicated((1, 2, 2))
    for atom in frame.positions.indices { frame.positions[atom] += Vector3(random.normal(), random.normal(), random.normal()) * 0.12 }
    let isMobile = frame.types.map { $0 == 0 }
    for _ in 0..<60 {
      let origin = Vector3(random.uniform(), random.uniform(), random.uniform())
      let moved = try Configuration(
        cell: unit, species: symbols, types: types, positions: places.map { unit.cartesian($0 + origin) })
      let network = try SiteNetwork(
        reference: Frame(moved), wanted: [], elements: [symbols[0].element], column: nil, supercell: nil, cell: frame.cell, place: "test")
      #expect(network.supercell == [1, 2, 2] && network.edgeMismatch < 1e-12)
      let found = try #require(try network.shift(of: frame, isMobile: isMobile))
      // Three directions of 0.12 Å, and the sites less the origin, but for whole cells.
      #expect(abs(found.distance - 0.208) < 0.06, "\(origin)")
      let off = Vector3(found.shift.x, found.shift.y * 2, found.shift.z * 2) + origin
      // The mean over 32 atoms, six times its width.
      #expect(((off - off.rounded(.toNearestOrEven)) * unit.vectors).length < 0.22, "\(origin)")
    }
  }

  @Test func otherCellsAreTold() throws {
    let walk = try SiteWalk(ions: 9, count: 60, tilt: 0, isWild: false, seed: 100)
    func warnings(_ strain: Matrix3) throws -> [String] {
      let cell = walk.reference.configuration.cell
      let strained = try cell.deformed(by: strain)
      var reference = walk.reference
      reference.configuration.positions = reference.configuration.positions.map { strained.cartesian(cell.fractional($0)) }
      reference.configuration.cell = strained
      let frame = reference
      var accumulator = SiteAnalysis(sites: "other.cif").makeAccumulator(
        in: AnalysisContext(pool: WorkerPool(threads: 1), reader: { _ in frame }))
      for frame in walk.frames { try accumulator.add(frame) }
      return try accumulator.result().warnings
    }
    #expect(try !warnings(Matrix3(diagonal: Vector3(1.02, 1, 0.98))).contains { $0.contains("other.cif") })
    #expect(try warnings(Matrix3(diagonal: Vector3(1.12, 1, 1))).contains { $0.contains("10.7 %") && $0.contains("other.cif") })
    // 14° between the first two edges.
    #expect(try warnings(Matrix3(Vector3(1, 0, 0), Vector3(0.25, 1, 0), Vector3(0, 0, 1))).contains { $0.contains("14.04°") })
  }

  @Test func missingFileIsAskedWrongly() throws {
    let walk = try SiteWalk(ions: 9, count: 3, tilt: 0, isWild: false, seed: 101)
    var accumulator = SiteAnalysis(sites: "no-such-file.extxyz").makeAccumulator(
      in: AnalysisContext(pool: WorkerPool(threads: 1), reader: { try FileFormats.readFrame(path: $0, species: nil).frame }))
    let error = try #require(throws: FormatsError.self) { try accumulator.add(walk.frames[0]) }
    #expect(error.code == .unreadable && error.isInputError && error.message.contains("no-such-file.extxyz"))
  }

  @Test func saysWhatIsWrong() throws {
    #expect(try analysisError { _ = try Analyses.job("sites") }.message.contains("reference crystal"))
    #expect(try analysisError { _ = try Analyses.job("sites", settings: ["sites": "a", "supercell": "2,2"]) }.message.contains("three"))
    let walk = try SiteWalk(ions: 9, count: 5, tilt: 0, isWild: false, seed: 95)
    var analysis = SiteAnalysis(sites: "reference")
    analysis.supercell = [2, 3, 3]
    #expect(try analysisError { _ = try walk.analyze(analysis) }.code == .notCommensurate)
    analysis.supercell = nil
    analysis.siteSpecies = ["Na"]
    #expect(try analysisError { _ = try walk.analyze(analysis) }.message.contains("Li1"))
    analysis.siteSpecies = []
    analysis.labelColumn = "wyckoff"
    #expect(try analysisError { _ = try walk.analyze(analysis) }.message.contains("wyckoff"))
    analysis.labelColumn = nil
    analysis.radius = 0.1
    let warned = try walk.analyze(analysis)
    #expect(warned.warnings.contains { $0.contains("outside the radius") || $0.contains("had not been at any site") })
    #expect(warned.species[0].hops == 0 && !warned.summary.json().contains("nan"))
  }
}
