import NumericalMethods
import Structures
import Testing

@testable import Analysis

@Suite struct RadialDistributionTests {
  @Test func idealGasIsOne() throws {
    var random = RandomStream(seed: 11)
    let kinds = try species("Ar", "Kr")
    let frames = try (0..<40).map { _ in Frame(try idealGas(400, cell: tiltedCell(), species: kinds, random: &random)) }
    var rdf = RadialDistribution()
    rdf.cutoff = 6
    rdf.binWidth = 0.5
    let result = try rdf.analyze(frames)
    for partial in result.partials {
      // Like atoms lack themselves: (N - 1) / N of N² pairs.
      let expected = partial.pair.center == partial.pair.neighbor ? 1 - 1 / 200.0 : 1
      for bin in result.radii.indices {
        #expect(abs(partial.values[bin] - expected) < 5 * partial.error[bin], "\(partial.pair) \(result.radii[bin])")
      }
      // Beyond the first bins there are thousands of pairs, so that the errors are small too.
      #expect(partial.error[11] < 0.01)
    }
  }

  @Test(arguments: [(1.0, 2.0), (5.0, 6.5)]) func volumeIsThatOfEachFrame(low: Double, high: Double) throws {
    // Two frames of the same points in cells of different sizes: the normalised shells are those of each.
    let kinds = try species("Ar")
    let small = try crystal(4, cells: 3, basis: simpleCubic, species: kinds)
    let large = try crystal(5, cells: 3, basis: simpleCubic, species: kinds)
    var rdf = RadialDistribution()
    rdf.cutoff = 6
    rdf.binWidth = 0.3
    let both = try rdf.analyze([Frame(small), Frame(large)])
    let (one, two) = (try rdf.analyze([Frame(small)]), try rdf.analyze([Frame(large)]))
    for bin in both.radii.indices {
      let mean = (one.total[bin] + two.total[bin]) / 2
      #expect(abs(both.total[bin] - mean) < 1e-12)
    }
    let inside = both.radii.indices.filter { both.radii[$0] > low && both.radii[$0] < high }
    let hasPairs = inside.contains { both.total[$0] > 0 }
    #expect(hasPairs == (low > 4))
  }

  @Test(arguments: [("simple cubic", 6.0, 3.0), ("fcc", 12.0, 4.2426)])
  func firstShells(name: String, neighbors: Double, edge: Double) throws {
    var random = RandomStream(seed: 3)
    let kinds = try species("Ar")
    // The nearest neighbours are 3 Å away in both.
    let ideal = try crystal(edge, cells: 6, basis: name == "fcc" ? faceCentred : simpleCubic, species: kinds)
    let frames = (0..<4).map { _ in shaken(ideal, by: 0.08, random: &random) }
    var rdf = RadialDistribution()
    rdf.cutoff = 6
    let result = try rdf.analyze(frames)
    let shell = try #require(result.partial("Ar", "Ar")?.shell)
    // A peak of width 0.12 Å from some thousand pairs: its top wanders by a tenth of the width.
    #expect(abs(try #require(shell.peak) - 3) < 0.05)
    let minimum = try #require(shell.minimum)
    #expect(minimum > 3.3 && minimum < 4)
    let coordination = try #require(result.coordination(SpeciesPair("Ar", "Ar")))
    // The gap is empty; only interpolation within a bin of no atoms is between.
    #expect(abs(coordination.value - neighbors) < 1e-2)
  }

  @Test func imagesBeyondHalfTheCell() throws {
    let kinds = try species("Ar", "Kr")
    var random = RandomStream(seed: 5)
    let small = try idealGas(30, cell: tiltedCell(), species: kinds, random: &random)
    var rdf = RadialDistribution()
    rdf.cutoff = 18
    // No border lies on the length of an edge, where rounding would decide about each atom's own images.
    rdf.binWidth = 0.24
    let once = try rdf.analyze([Frame(small)])
    let replicated = try rdf.analyze([Frame(small.replicated((3, 3, 3)))])
    // The same infinite crystal; the pairs of an atom with its own images count in both.
    #expect(largestDifference(once.total, replicated.total) < 1e-9)
    #expect(once.warnings.contains { $0.contains("half the cell") })
    #expect(replicated.warnings.isEmpty)
  }

  @Test func countsAreThoseOfTheReference() throws {
    var random = RandomStream(seed: 6)
    let kinds = try species("Ar", "Kr", "Xe")
    for (cutoff, bins) in [(3.0, 30), (7.5, 751), (16.0, 64)] {
      let cell = try tiltedCell()
      let gas = try idealGas(150, cell: cell, species: kinds, random: &random)
      // Unwrapped positions and left-out atoms count as they should.
      let moved = gas.positions.enumerated().map { $0.offset % 3 == 0 ? $0.element + 2 * cell.vectors[1] : $0.element }
      let classes = gas.types.map { $0 == 2 ? -1 : $0 }
      var histogram = PairHistogram(classes: 2, cutoff: cutoff, bins: bins)
      let counts = histogram.count(cell: cell, positions: moved, classOf: classes, pool: WorkerPool(threads: 1))
      let expected = try PairHistogramReference.count(
        cell: cell, positions: gas.positions, classOf: classes, classes: 2, cutoff: cutoff, bins: bins)
      #expect(counts.reduce(0, +) == expected.reduce(0, +))
      // Wrapping back rounds; one pair in a bin's border of 1e-13 Å would be a chance of one in millions.
      #expect(counts == expected)
    }
  }

  @Test func cutoffStaysWithinHalfTheCell() throws {
    var random = RandomStream(seed: 7)
    let gas = try idealGas(60, cell: tiltedCell(), species: try species("Ar"), random: &random)
    let result = try RadialDistribution().analyze([Frame(gas)])
    let widths = try tiltedCell().widths
    let half = min(widths.x, widths.y, widths.z) / 2
    #expect(abs(result.cutoff - half) < 1e-12)
    #expect(result.warnings.isEmpty)
    #expect(result.blocks == nil && result.totalError.isEmpty)
  }

  @Test(arguments: [2, 5]) func threadsChangeNothing(threads: Int) throws {
    var random = RandomStream(seed: 8)
    let kinds = try species("Ar", "Kr")
    let frames = try (0..<3).map { _ in Frame(try idealGas(700, cell: tiltedCell(), species: kinds, random: &random)) }
    let one = try RadialDistribution().analyze(frames, pool: WorkerPool(threads: 1))
    let many = try RadialDistribution().analyze(frames, pool: WorkerPool(threads: threads))
    #expect(one.summary.json() == many.summary.json())
    #expect(one.total == many.total && one.partials.map(\.values) == many.partials.map(\.values))
    #expect(one.partials.flatMap(\.running).map(\.error) == many.partials.flatMap(\.running).map(\.error))
  }

  @Test func summaryKeysAndTables() throws {
    var random = RandomStream(seed: 9)
    let ideal = try crystal(7.16, cells: 3, basis: cristobalite, species: try species("Si", "O"))
    let result = try RadialDistribution().analyze((0..<4).map { _ in shaken(ideal, by: 0.06, random: &random) })
    let pairs = try #require(result.summary["pairs"])
    for pair in ["Si-Si", "Si-O", "O-Si", "O-O"] {
      let entry = try #require(pairs[pair])
      for key in ["first_peak_A", "first_minimum_A", "coordination"] { #expect(entry[key] != nil, "\(pair) \(key)") }
    }
    // Si-O of 7.16 sqrt(3) / 8 = 1.550 Å; four O around Si, two Si around O.
    #expect(abs(try #require(pairs["Si-O"]?["first_peak_A"]?.double) - 1.550) < 0.03)
    #expect(abs(try #require(pairs["Si-O"]?["coordination"]?.double) - 4) < 1e-2)
    #expect(abs(try #require(pairs["O-Si"]?["coordination"]?.double) - 2) < 1e-2)
    #expect(result.tables.map(\.name) == ["rdf", "rdf-coordination", "rdf-shells"])
  }
}
