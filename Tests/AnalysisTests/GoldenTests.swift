import Analysis
import Formats
import Foundation
import NumericalMethods
import Structures
import Testing

/// g(r) and displacements of a liquid in a cell that tilts and breathes, against freud, MDAnalysis and numpy on a
/// trajectory that LAMMPS wrote; see `Golden/make_golden.py`.
@Suite struct GoldenTests {
  struct Golden: Decodable {
    struct Pair: Decodable {
      let counts: [Int]
      let g: [Double]
    }

    let atoms: [Int]
    let frames: Int
    let cutoff: Double
    let bins: Int
    let pairs: [String: Pair]
    let total: [Double]
    /// Scheme, species, axis, lag.
    let msd: [String: [String: [[Double]]]]
  }

  static let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appendingPathComponent("Golden")

  static func golden() throws -> Golden {
    try JSONDecoder().decode(Golden.self, from: Data(contentsOf: folder.appendingPathComponent("melt.json")))
  }

  static func outcome(_ parameters: any AnalysisParameters) throws -> AnalysisRunner.Outcome {
    let labels = try species("Ar", "Kr")
    return try AnalysisRunner([AnalysisJob(parameters)], pool: WorkerPool(threads: 2)).run {
      try FileFormats.openFrames(path: folder.appendingPathComponent("melt.dump.gz").path, species: labels)
    }
  }

  @Test func radialDistribution() throws {
    let golden = try Self.golden()
    var rdf = RadialDistribution()
    rdf.cutoff = golden.cutoff
    rdf.binWidth = golden.cutoff / Double(golden.bins)
    let outcome = try Self.outcome(rdf)
    let result = try #require(outcome.results.first as? RadialDistributionResult)
    #expect(outcome.framesRead == golden.frames && result.frameCount == golden.frames)
    #expect(result.warnings.isEmpty)
    try #require(result.radii.count == golden.bins && golden.pairs.count == 3)
    for (name, expected) in golden.pairs {
      let pair = try #require(SpeciesPair(name))
      let partial = try #require(result.partial(pair.center, pair.neighbor))
      // The same pairs in the same bins: what is left is the order of sums.
      #expect(largestDifference(partial.values, expected.g) < 1e-9, "\(name)")
      // Running numbers are the raw counts added up.
      let kind = pair.center == "Ar" ? 0 : 1
      let perAtom = (pair.center == pair.neighbor ? 2.0 : 1.0) / Double(golden.atoms[kind] * golden.frames)
      let running = try #require(partial.running.first { $0.pair == pair })
      let last = Double(expected.counts.reduce(0, +)) * perAtom
      #expect(abs(try #require(running.numbers.last) - last) < 1e-9, "\(name)")
    }
    #expect(largestDifference(result.total, golden.total) < 1e-9)
  }

  @Test(arguments: [
    ("images", Unwrapping.Scheme.images, [String]()), ("toroidal", .toroidal, []), ("toroidal without Kr drift", .toroidal, ["Kr"]),
  ])
  func displacement(name: String, scheme: Unwrapping.Scheme, drift: [String]) throws {
    let golden = try Self.golden()
    var msd = MeanSquaredDisplacement()
    msd.tracks.unwrapping = scheme
    msd.tracks.driftSpecies = drift
    msd.tracks.frameInterval = 0.5
    let result = try #require(try Self.outcome(msd).results.first as? DisplacementResult)
    let curves = try #require(golden.msd[name])
    for label in ["Ar", "Kr"] {
      let expected = try #require(curves[label])
      let curve = try #require(result[label])
      for axis in 0..<3 {
        try #require(curve.directions[axis].count == golden.frames)
        // Å² up to some hundred in double precision: a Fourier transform loses a few digits of sixteen.
        #expect(largestDifference(curve.directions[axis], expected[axis]) < 1e-9, "\(label) \(axis)")
      }
    }
  }

  @Test func theSchemesDifferHere() throws {
    let golden = try Self.golden()
    let images = try #require(golden.msd["images"]?["Ar"]?[0].last)
    let toroidal = try #require(golden.msd["toroidal"]?["Ar"]?[0].last)
    // Otherwise the test above could not tell them apart.
    #expect(abs(images - toroidal) > 0.1)
  }

  @Test func withoutFlagsTheWayCannotBeTold() throws {
    let labels = try species("Ar", "Kr")
    let path = Self.folder.appendingPathComponent("melt.dump.gz").path
    var frames = try FileFormats.openFrames(path: path, species: labels).allFrames()
    for i in frames.indices { frames[i].configuration.images = [] }
    // Atoms go further between these frames than nearest images follow; wrong numbers would be worse than none.
    let error = #expect(throws: StructuresError.self) { try MeanSquaredDisplacement().analyze(frames) }
    #expect(error?.code == .ambiguousDisplacement && error?.message.contains("image flags") == true)
  }
}
