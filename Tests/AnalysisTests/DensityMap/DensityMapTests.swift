import Formats
import Foundation
import NumericalMethods
import Structures
import Testing

@testable import Analysis

@Suite struct DensityMapTests {
  private func single(_ cell: Cell, _ positions: [Vector3], symbols: [String] = ["Li"], types: [Int32]? = nil) throws -> Frame {
    let species = try symbols.map { Species(try #require(Element(symbol: $0))) }
    return Frame(
      try Configuration(
        cell: cell, species: species, types: types ?? [Int32](repeating: 0, count: positions.count), positions: positions))
  }

  /// Counts at grid points of a triclinic cell that breathes, by numpy.histogramdd; see `Golden/transport/density_make.py`.
  @Test func countsAgreeWithNumPy() throws {
    struct Golden: Decodable {
      let size: [Int]
      let frames: Int
      let atoms: Int
      let cell: [Double]
      let counts: [Int]
      let largest: Double
    }
    let golden = try JSONDecoder().decode(
      Golden.self, from: Data(contentsOf: GoldenTests.folder.appendingPathComponent("transport/density_triclinic.json")))
    var map = DensityMap()
    map.tracks.species = ["Kr"]
    // A spacing between those that give one point more or less on any edge.
    map.spacing = 2.35
    map.smearing = 0
    let outcome = try GoldenTests.outcome(map)
    let result = try #require(outcome.results.first as? DensityMapResult)
    #expect(result.grid.size == SIMD3(golden.size[0], golden.size[1], golden.size[2]))
    #expect(result.ions == golden.atoms && result.frameCount == golden.frames)
    let edges = (0..<9).map { result.grid.cell.vectors[$0 / 3][$0 % 3] }
    // Cells have 17 digits in the file; the mean is a sum of some dozens.
    #expect(largestDifference(edges, golden.cell) < 1e-9)
    let counts = result.grid.values.map { $0 * Double(golden.frames) * result.grid.pointVolume }
    #expect(largestDifference(counts, golden.counts.map(Double.init)) < 1e-8)
    #expect(abs((result.grid.values.max() ?? 0) - golden.largest) < 1e-9)
    #expect(abs(result.integral - Double(golden.atoms)) < 1e-9)
  }

  @Test func smearingIsTheSameInAllDirections() throws {
    let cells = [
      try Cell(lengths: Vector3(12, 13, 14)), try Cell(vectors: Matrix3(Vector3(13, 0, 0), Vector3(6, 12, 0), Vector3(-4, 5, 13))),
      try Cell(vectors: Matrix3(Vector3(13, 0, 0), Vector3(12, 14, 0), Vector3(9, -11, 15))),
    ]
    for cell in cells {
      for width in [0.3, 0.8] {
        let size = SIMD3(24, 26, 30)
        var values = [Double](repeating: 0, count: size.x * size.y * size.z)
        let home = SIMD3(12, 13, 15)
        values[(home.x * size.y + home.y) * size.z + home.z] = 1
        let steps = Matrix3(cell.vectors[0] / 24, cell.vectors[1] / 26, cell.vectors[2] / 30)
        let smearing = GridSmearing(steps: steps, width: width)
        #expect(smearing.passes.count <= 6)
        let one = smearing.applied(to: values, size: size, pool: WorkerPool(threads: 1))
        let two = smearing.applied(to: values, size: size, pool: WorkerPool(threads: 2))
        #expect(one == two)
        #expect(one.allSatisfy { $0 >= 0 } && abs(one.reduce(0, +) - 1) < 1e-12)
        var second = Matrix3.zero
        for i in 0..<size.x {
          for j in 0..<size.y {
            for k in 0..<size.z {
              let r = cell.minimumImage(Vector3(Double(i - home.x), Double(j - home.y), Double(k - home.z)) * steps)
              second += Matrix3.outer(r, r) * one[(i * size.y + j) * size.z + k]
            }
          }
        }
        for row in 0..<3 {
          for column in 0..<3 {
            // What the tails around the cell take away is below 1e-6 of the variance at 0.8 Å, half a cell being 7 widths.
            #expect(abs(second[row, column] - (row == column ? width * width : 0)) < 1e-6)
          }
        }
      }
    }
  }

  @Test func discreteGaussianHasSumAndVariance() {
    for variance in [1e-4, 0.01, 0.3, 1, 7, 60] {
      let kernel = GridSmearing.discreteGaussian(variance: variance)
      let sum = kernel.reduce(0) { $0 + 2 * $1 } - kernel[0]
      let second = kernel.enumerated().reduce(0) { $0 + 2 * Double($1.offset * $1.offset) * $1.element }
      #expect(abs(sum - 1) < 1e-13)
      // Cut where less than 1e-14 is left.
      #expect(abs(second - variance) < 1e-10 * max(1, variance))
    }
    // I_0(1) and I_1(1).
    let kernel = GridSmearing.discreteGaussian(variance: 1)
    #expect(abs(kernel[0] - 1.2660658777520084 * exp(-1)) < 1e-13 && abs(kernel[1] - 0.5651591039924851 * exp(-1)) < 1e-13)
  }

  /// Ions at the points of a channel along a with Boltzmann factors as counts: the barrier is the logarithm of the largest over the smallest.
  @Test func barrierOfKnownChannel() throws {
    let cell = try Cell(vectors: Matrix3(Vector3(8, 0, 0), Vector3(2, 6, 0), Vector3(1, -1, 5)))
    let counts = [100, 60, 25, 10, 5, 20, 50, 90]
    var positions: [Vector3] = []
    for (i, count) in counts.enumerated() {
      positions += [Vector3](repeating: cell.cartesian(Vector3(Double(i) / 8, 0.5, 0.4)), count: count)
    }
    var map = DensityMap()
    map.spacing = 1.0001
    map.smearing = 0
    map.temperature = 500
    map.traced = 0
    let frames = try [single(cell, positions)]
    let result = try map.analyze(frames)
    #expect(result.grid.size == SIMD3(8, 7, 6))
    let expected = log(100.0 / 5)
    #expect(abs((result.barrier("1D")?.energy ?? 0) - expected) < 1e-12)
    #expect(abs((result.barrier("a")?.energy ?? 0) - expected) < 1e-12)
    for name in ["2D", "3D", "b", "c"] { #expect(result.barrier(name)?.energy == nil) }
    // 5 ions at a point of 1/336 of the cell.
    #expect(abs((result.barrier("a")?.density ?? 0) - 5 / (cell.volume / 336)) < 1e-9)
    #expect(abs((result.summary["barriers_eV"]?["a"]?.double ?? 0) - expected * 500 * 8.617333262e-5) < 1e-12)
    #expect(result.channels.dimension == 1 && result.channels.along == [true, false, false])
    #expect(abs(result.channels.volumeShare - 8.0 / 336) < 1e-12 && result.channels.ionShare == 1)
    // Above 22 ions a point, the channel is cut: two parts of points 0, 1, 2 and 6, 7 join around the edge into one without end.
    map.threshold = 22 / (cell.volume / 336)
    let cut = try map.analyze(frames)
    #expect(cut.channels.dimension == 0 && cut.channels.parts == 1)
    #expect(cut.files.map(\.name) == ["li-density", "li-free-energy"])
  }

  /// Random grids against scipy.ndimage.label; see `Golden/transport/density_make.py`.
  @Test func percolationAgreesWithSciPy() throws {
    struct Golden: Decodable {
      struct Case: Decodable {
        let size: [Int]
        let energies: [Double?]
        let barriers: [Double?]
      }
      let cases: [Case]
    }
    let golden = try JSONDecoder().decode(
      Golden.self, from: Data(contentsOf: GoldenTests.folder.appendingPathComponent("transport/density_percolation.json")))
    #expect(golden.cases.count == 6)
    for item in golden.cases {
      let found = Percolation(
        item.energies.map { $0 ?? .infinity }, size: SIMD3(item.size[0], item.size[1], item.size[2]),
        periodic: Periodicity(repeating: true), connectivity: 6)
      #expect(found.thresholds + found.alongEdges == item.barriers)
    }
  }

  /// Ions at random have no barrier: what is found is noise, and the error says so. They go any way between frames.
  @Test(arguments: [(0.8, 0.0), (0.4, 0.0), (0.4, 0.5)])
  func errorsCoverNoise(spacing: Double, smearing: Double) throws {
    var random = RandomStream(seed: 31)
    let cell = try Cell(lengths: Vector3(repeating: 8))
    let kinds = try species("Li", "S")
    let run = try (0..<1000).map { _ in Frame(try idealGas(120, cell: cell, species: kinds, random: &random)) }
    var map = DensityMap()
    map.spacing = spacing
    map.smearing = smearing
    #expect(throws: StructuresError.self) { _ = try map.analyze(run) }
    map.traced = 0
    let result = try map.analyze(run)
    let barrier = try #require(result.barrier("3D"))
    let (energy, error) = (try #require(barrier.energy), try #require(barrier.error))
    // Without smearing the standard error over blocks is a tenth of the barrier or less.
    #expect(energy > 0.05 && energy < 1.3 * error && error < 2)
    #expect(abs(result.integral - 60) < 1e-9 && result.trajectories.isEmpty)
    // 60 visits a point of 0.8 Å, 8 of 0.4 Å, 600 in the volume of the smearing.
    let visits = try #require(result.visits)
    #expect(result.warnings.contains { $0.contains("noise raises") } == (visits < 100) && (visits < 100) == (smearing == 0))
    #expect(!result.warnings.contains { $0.contains("drift") })
  }

  @Test func ambiguousWaysSayThatTheDensityNeedsNone() throws {
    let cell = try Cell(lengths: Vector3(repeating: 10))
    let run = [try single(cell, [.zero]), try single(cell, [Vector3(4.5, 0, 0)])]
    do {
      _ = try DensityMap().analyze(run)
      Issue.record("an ion that moved by nearly half the cell")
    } catch let error as StructuresError {
      #expect(error.code == .ambiguousDisplacement && error.message.contains("trace 0"))
    }
    var map = DensityMap()
    map.traced = 0
    #expect(abs(try map.analyze(run).integral - 2.0 / 2) < 1e-12)
    map.tracks.driftSpecies = ["all"]
    #expect(throws: StructuresError.self) { _ = try map.analyze(run) }
  }

  /// Tails of the smearing reach everywhere, but are no visits.
  @Test func tailsOfTheSmearingAreNoWays() throws {
    let cell = try Cell(lengths: Vector3(repeating: 10))
    let run = [try single(cell, [.zero]), try single(cell, [Vector3(0.1, 0, 0)])]
    let result = try DensityMap().analyze(run)
    #expect(result.parameters.spacing == 0.4 && result.parameters.smearing == 0.5)
    #expect(result.grid.values.count { $0 > 0 } > 10_000)
    #expect(result.barriers.allSatisfy { $0.energy == nil } && result.visits == nil)
    let share = try #require(result.summary["visited_share"]?.double)
    // Seen once or more within a width or so.
    #expect(share > 0 && share < 0.01)
    #expect(result.warnings.contains { $0.contains("no connected way") && $0.contains("says nothing") })
    // A site known well says that ions did not leave it.
    let site = [Vector3](repeating: .zero, count: 20_000)
    let known = try DensityMap().analyze([single(cell, site)])
    #expect(known.warnings.contains { $0.contains("were not seen to pass") })
  }

  @Test func gridsTooLargeForBlocksAreTold() throws {
    let cell = try Cell(lengths: Vector3(repeating: 16))
    var accumulator = DensityMap().makeAccumulator(in: AnalysisContext(pool: WorkerPool(threads: 1), memoryLimit: 6 << 20))
    for _ in 0..<8 { try accumulator.add(single(cell, [.zero])) }
    let result = try accumulator.result()
    #expect(result.grid.size == SIMD3(40, 40, 40) && result.warnings.contains { $0.contains("there are no errors") })
    #expect(
      try !DensityMap().analyze((0..<8).map { _ in try single(cell, [.zero]) }).warnings.contains { $0.contains("there are no errors") })
  }

  @Test func driftIsTakenOutWhereAsked() throws {
    var random = RandomStream(seed: 1)
    let cell = try tiltedCell()
    let start = (0..<40).map { _ in cell.cartesian(Vector3(random.uniform(), random.uniform(), random.uniform())) }
    let types = (0..<40).map { Int32($0 < 10 ? 0 : 1) }
    func run(_ velocity: Vector3) throws -> [Frame] {
      var noise = RandomStream(seed: 7)
      return try frames(
        (0..<30).map { number in
          start.map { $0 + velocity * Double(number) + Vector3(noise.normal(), noise.normal(), noise.normal()) * 0.05 }
        }, cell: { _ in cell }, species: species("Li", "S"), types: types, flags: false)
    }
    var map = DensityMap()
    map.spacing = 0.7
    map.smearing = 0
    let still = try map.analyze(run(.zero))
    #expect(!still.warnings.contains { $0.contains("drift") })
    let moving = try map.analyze(run(Vector3(0.21, -0.13, 0.4)))
    #expect(moving.warnings.contains { $0.contains("remove their drift (remove-drift S)") })
    map.tracks.driftSpecies = ["S"]
    let mended = try map.analyze(run(Vector3(0.21, -0.13, 0.4)))
    let reference = try map.analyze(run(.zero))
    // The same places up to rounding, which may move an ion on the border of two points.
    let different = zip(mended.grid.values, reference.grid.values).count { abs($0 - $1) > 1e-9 }
    #expect(different <= 2)
    #expect(!mended.warnings.contains { $0.contains("drift") })
    #expect(zip(still.grid.values, moving.grid.values).count { abs($0 - $1) > 1e-9 } > 100)
  }

  /// Ions that stand still along the edges of a cell that breathes, and whose edges are chosen anew on the way.
  @Test func breathingAndFlippedCells() throws {
    let places = [Vector3(0.1, 0.2, 0.31), Vector3(0.72, 0.93, 0.52)]
    let base = Matrix3(Vector3(10, 0, 0), Vector3(4.9, 11, 0), Vector3(1, -2, 12))
    let run = try (0..<20).map { number in
      let scale = 1 + 0.02 * sin(Double(number))
      var edges = base * scale
      let positions = places.map { $0 * edges }
      // From the tenth frame on, as LAMMPS flips a strong tilt.
      if number >= 10 { edges = Matrix3(edges[0], edges[1] - edges[0], edges[2]) }
      var frame = try single(try Cell(vectors: edges), positions)
      frame.configuration.wrap()
      frame.configuration.images = []
      return frame
    }
    var map = DensityMap()
    map.spacing = 1
    map.smearing = 0
    let result = try map.analyze(run)
    #expect(result.grid.values.count { $0 > 0 } == 2)
    #expect(abs(result.integral - 2) < 1e-12)
    let mean = run.indices.reduce(0) { $0 + 1 + 0.02 * sin(Double($1)) } / 20
    #expect((result.grid.cell.vectors[1] - base[1] * mean).length < 1e-12)
    #expect(result.trajectories.allSatisfy { $0.distance < 1e-9 })
    let other = try Cell(lengths: Vector3(30, 5, 7))
    let error = try analysisError { _ = try map.analyze([run[0], try single(other, run[0].configuration.positions)]) }
    #expect(error.code == .notCommensurate)
  }

  @Test func theIonsThatMovedFarthestAreDrawn() throws {
    let cell = try Cell(lengths: Vector3(repeating: 10))
    let speeds = [0.0, 0.02, -0.05, 0.01, 0.03]
    let tracks = (0..<2500).map { number in
      speeds.enumerated().map { Vector3(Double($0.offset), 1, 1 + $0.element * Double(number)) }
    }
    var map = DensityMap()
    map.spacing = 1
    map.smearing = 0
    map.traced = 2
    let run = try frames(tracks, cell: { _ in cell }, species: species("Li"), flags: false)
    let result = try map.analyze(run)
    #expect(result.trajectories.map(\.atom) == [3, 5])
    let track = result.trajectories[0]
    // Every second frame, in ps of 0.5 a frame.
    #expect(track.times.count == 1250 && track.times[1] == 1)
    // Twelve cells away, to rounding of 2500 steps.
    #expect(abs(track.positions[1249].z - (1 - 0.05 * 2498)) < 1e-9)
    map.atoms = [4, 1]
    #expect(try map.analyze(run).trajectories.map(\.atom) == [4, 1])
    map.atoms = [9]
    #expect(try analysisError { _ = try map.analyze(run) }.code == .invalidSetting)
    let frames = try #require(result.files.last)
    guard case .frames(let list) = frames.contents else {
      Issue.record("tracks are frames")
      return
    }
    #expect(list.count == 1250 && list[3].configuration.identifiers == [3, 5])
  }

  @Test func projectionKeepsTheIons() throws {
    var random = RandomStream(seed: 3)
    let cell = try tiltedCell()
    let gas = try idealGas(500, cell: cell, species: species("Li"), random: &random)
    for view in DensityMap.View.allCases {
      var map = DensityMap()
      map.spacing = 0.5
      map.smearing = 1
      map.view = view
      let result = try map.analyze([Frame(gas), Frame(gas)])
      let heat = try #require(result.figures.first?.heatMap)
      let width = (heat.x.upperBound - heat.x.lowerBound) / Double(heat.columns)
      let height = (heat.y.upperBound - heat.y.lowerBound) / Double(heat.rows)
      let sum = heat.values.filter(\.isFinite).reduce(0, +) * width * height
      // Pixels on the outline count whole or not at all.
      #expect(abs(sum - 500) < 5)
    }
  }

  @Test func errorsSayHowToMendThem() throws {
    let cell = try Cell(lengths: Vector3(repeating: 8))
    let sulfur = try single(cell, [.zero], symbols: ["S"])
    #expect(try analysisError { _ = try DensityMap().analyze([sulfur]) }.message.contains("name the ions to map with species"))
    #expect(try analysisError { _ = try DensityMap().analyze([]) }.code == .noFrames)
    let open = try Cell(vectors: cell.vectors, periodic: [true, true, false])
    #expect(try analysisError { _ = try DensityMap().analyze([try single(open, [.zero])]) }.message.contains("periodic"))
    var bad = try single(cell, [.zero])
    bad.configuration.positions[0].x = .nan
    #expect(try analysisError { _ = try DensityMap().analyze([bad]) }.code == .lostAtoms)
    var accumulator = DensityMap().makeAccumulator(in: AnalysisContext(pool: WorkerPool(threads: 1), memoryLimit: 1 << 18))
    let small = try single(cell, [.zero])
    #expect(try analysisError { try accumulator.add(small) }.message.contains("larger spacing"))
    #expect(
      try analysisError { _ = try Analyses.job("density-map", settings: ["format": "cube,vtx"]) }.message.contains("did you mean"))
    let job = try Analyses.job("density-map", settings: ["format": "cube,chgcar,vtk", "spacing": "0.5 A", "view": "a", "atoms": "3,4"])
    let map = try #require(job.parameters as? DensityMap)
    #expect(map.formats == [.cube, .chgcar, .vtk] && map.view == .a && map.atoms == [3, 4])
  }

  /// 3000 atoms of which 1000 are mapped, 1000 frames.
  @Test(.enabled(if: ProcessInfo.processInfo.environment["VITROLYTE_SLOW_TESTS"] == "1", "slow; set VITROLYTE_SLOW_TESTS=1"))
  func longRunsTakeSeconds() throws {
    var random = RandomStream(seed: 5)
    let cell = try Cell(lengths: Vector3(repeating: 36))
    var gas = try idealGas(3000, cell: cell, species: species("Li", "P", "S"), random: &random)
    var map = DensityMap()
    map.smearing = 0.2
    var accumulator = map.makeAccumulator(in: AnalysisContext(pool: WorkerPool(threads: 2)))
    let clock = ContinuousClock()
    var spent = Duration.zero
    for number in 0..<1000 {
      for atom in gas.positions.indices { gas.positions[atom] += Vector3(repeating: 0.01 * random.uniform()) }
      var frame = Frame(gas)
      frame.step = number
      spent += try clock.measure { try accumulator.add(frame) }
    }
    let end = try clock.measure { _ = try accumulator.result() }
    print("density-map, 3000 atoms: \(spent / 1000) a frame, \(end) for 180³ points at the end")
    // Ten times what an idle core of 2024 needs, since tests share the machine.
    #expect(spent < .seconds(10) && end < .seconds(60))
  }
}
