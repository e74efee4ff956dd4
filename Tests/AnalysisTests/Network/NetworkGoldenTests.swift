import Formats
import Foundation
import NumericalMethods
import Structures
import Testing

@testable import Analysis

/// Two glasses against ASE, SciPy and NumPy; see `Golden/network/make_network.py`.
@Suite struct NetworkGoldenTests {
  struct Golden: Decodable {
    struct Length: Decodable {
      let number: Int
      let mean: Double
      let width: Double
      let skewness: Double
    }
    struct Angle: Decodable {
      let number: Int
      let mean: Double
      let width: Double
    }
    let cutoffs: String
    let lengths: [String: Length]
    let angles: [String: Angle]
    let anions: [String: Double]
    let qn: [String: Double]
    let sharing: [String: Double]
    let linkages: [String: Double]
    let units: [String: Double]
    let fragments: [String: Double]
  }

  private func load(_ name: String) throws -> (golden: Golden, frames: [Frame]) {
    let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appendingPathComponent("../Golden/network").standardizedFileURL
    let golden = try JSONDecoder().decode(Golden.self, from: Data(contentsOf: folder.appendingPathComponent("\(name).json")))
    return (golden, try FileFormats.openFrames(path: folder.appendingPathComponent("\(name).extxyz.gz").path).allFrames())
  }

  @Test(arguments: ["libp", "lps"]) func lengthsAndAngles(name: String) throws {
    let (golden, frames) = try load(name)
    var lengths = BondLengths()
    lengths.cutoffs = try PairCutoffs(golden.cutoffs)
    let found = try lengths.analyze(frames, pool: WorkerPool(threads: 2))
    for (pair, expected) in golden.lengths {
      let entry = try #require(SpeciesPair(pair).flatMap { found[$0] })
      // Sums in another order, of differences from 0.8 of the cutoff.
      #expect(entry.bondsPerFrame == Double(expected.number))
      #expect(abs(entry.mean - expected.mean) < 1e-10 && abs(entry.width - expected.width) < 1e-9)
      #expect(abs((entry.skewness ?? .nan) - expected.skewness) < 1e-6)
    }
    var angles = BondAngles()
    angles.cutoffs = lengths.cutoffs
    let turned = try angles.analyze(frames, pool: WorkerPool(threads: 2))
    #expect(turned.distributions.count == golden.angles.count)
    for (triple, expected) in golden.angles {
      let entry = try #require(SpeciesTriple(triple).flatMap { turned[$0] })
      #expect(entry.anglesPerFrame == Double(expected.number))
      // Degrees of some hundred, in double precision; the arc cosine loses half the digits near 180.
      #expect(abs(entry.mean - expected.mean) < 1e-8 && abs(entry.width - expected.width) < 1e-8)
    }
  }

  @Test(arguments: ["libp", "lps"]) func networkAndUnits(name: String) throws {
    let (golden, frames) = try load(name)
    var parameters = NetworkStructure()
    parameters.cutoffs = try PairCutoffs(golden.cutoffs)
    let result = try parameters.analyze(frames, pool: WorkerPool(threads: 2))
    let configuration = frames[0].configuration
    func number(_ label: String) -> Double { configuration.speciesIndex(label).map { Double(configuration.speciesCounts[$0]) } ?? 0 }
    func nonzero(_ counts: [String: Double]) -> [String: Double] { counts.filter { $0.value > 0 } }
    var anions: [String: Double] = [:]
    for anion in result.anions {
      for (bonds, share) in result.anionShares(anion).enumerated() { anions["\(anion) \(bonds)"] = (share.value * number(anion)).rounded() }
    }
    #expect(nonzero(anions) == golden.anions)
    var qn: [String: Double] = [:]
    for former in result.formers {
      for (n, share) in result.qn(former).enumerated() { qn["\(former) \(n)"] = (share.value * number(former)).rounded() }
    }
    #expect(nonzero(qn) == golden.qn)
    var sharing: [String: Double] = [:]
    for entry in result.sharing {
      for (kind, pairs) in entry.perFrame.enumerated() { sharing["\(sorted(entry.formers)) \(kind + 1)"] = pairs }
    }
    #expect(nonzero(sharing) == golden.sharing)
    #expect(Dictionary(uniqueKeysWithValues: result.linkages.map { (sorted($0.formers), $0.perFrame) }) == golden.linkages)
    if name == "lps" {
      #expect(
        nonzero(Dictionary(uniqueKeysWithValues: result.fragmentSizes.enumerated().map { (String($0.offset + 1), $0.element) }))
          == golden.fragments)
    } else {
      #expect(result.fragmentsPerFrame?.value == golden.fragments.values.reduce(0, +))
      #expect(result.dimensionShares[3].value > 0.99)
    }

    var units = StructuralUnits()
    units.cutoffs = parameters.cutoffs
    let named = try units.analyze(frames, pool: WorkerPool(threads: 2))
    for (formula, count) in golden.units where formula.count < 8 {
      #expect(named[formula]?.perFrame.value == count, "\(formula) among \(named.units.map(\.type.name))")
    }
    #expect(named.units.reduce(0) { $0 + $1.perFrame.value } == golden.units.values.reduce(0, +))
  }

  private func sorted(_ pair: SpeciesPair) -> String { [pair.center, pair.neighbor].sorted().joined(separator: "-") }

  /// Automatic cutoffs find the same units: the glass was packed from 25 PS4, 51 P2S7 and 11 P2S6.
  @Test func automaticCutoffs() throws {
    let (_, frames) = try load("lps")
    let result = try StructuralUnits().analyze(frames)
    #expect(result["PS4(3-)"]?.perFrame.value == 25 && result["P2S7(4-)"]?.perFrame.value == 51 && result["P2S6(4-)"]?.perFrame.value == 11)
    #expect(result.charges.units == -323 && result.charges.modifiers == 323)
    let oxide = try NetworkStructure().analyze(try load("libp").frames)
    #expect(oxide.connectivity.map { $0.value > 2 } == true && oxide.formerBonds.isEmpty)
  }
}
