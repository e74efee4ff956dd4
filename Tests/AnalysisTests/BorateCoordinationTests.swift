import NumericalMethods
import Structures
import Testing

@testable import Analysis

/// Threefold and fourfold boron, as glasses hold both.
@Suite struct BorateCoordinationTests {
  /// Boron atoms far apart, `four` of them with four oxygens 1.47 Å away, the others with three at 1.37 Å.
  private func borate(_ four: Int, of total: Int, seed: UInt64) throws -> Frame {
    var random = RandomStream(seed: seed)
    var positions: [Vector3] = []
    var types: [Int32] = []
    for atom in 0..<total {
      let center = Vector3(Double(atom) * 8, 4, 4)
      positions.append(center)
      types.append(0)
      let directions =
        atom < four
        ? [Vector3(1, 1, 1), Vector3(1, -1, -1), Vector3(-1, 1, -1), Vector3(-1, -1, 1)]
        : [Vector3(1, 0, 0), Vector3(-0.5, 0.8660254, 0), Vector3(-0.5, -0.8660254, 0)]
      for direction in directions {
        let shake = Vector3(random.normal(), random.normal(), random.normal()) * 0.03
        positions.append(center + direction * ((atom < four ? 1.47 : 1.37) / direction.length) + shake)
        types.append(1)
      }
    }
    let cell = try Cell(lengths: Vector3(8 * Double(total), 8, 8))
    return Frame(try Configuration(cell: cell, species: try species("B", "O"), types: types, positions: positions))
  }

  @Test func sharesOfThreefoldAndFourfoldBoron() throws {
    let frames = try (0..<12).map { try borate(9, of: 20, seed: UInt64($0)) }
    let outcome = try AnalysisRunner([Analyses.job("coordination")], pool: WorkerPool(threads: 2)).run(frames)
    let result = try #require(outcome.results[0] as? CoordinationResult)
    let boron = try #require(result[SpeciesPair("B", "O")])
    #expect(abs(boron.share(3) - 0.55) < 1e-12)
    #expect(abs(boron.share(4) - 0.45) < 1e-12)
    #expect(abs(boron.mean - 3.45) < 1e-12)
    // Every frame has the same shares.
    #expect(boron.errors.allSatisfy { $0 < 1e-12 })
    #expect(boron.cutoff > 1.6 && boron.cutoff < 4)
    let summary = result.summary
    #expect(summary["pairs"]?["B-O"]?["shares"]?["[4]B"]?.double == boron.share(4))
    #expect(summary["pairs"]?["B-O"]?["distribution"]?["3"]?.double == boron.share(3))
    #expect(summary["pairs"]?["B-O"]?["cutoff_A"]?.double == boron.cutoff)
    #expect(summary["pairs"]?["B-O"]?["mean"]?.double == boron.mean)
    // Two passes over the twelve frames, but twelve frames counted.
    #expect(result.frameCount == 12)
  }

  @Test func givenCutoffsTakeOnePassAndEitherOrder() throws {
    let frames = try [borate(1, of: 2, seed: 1)]
    var passes = 0
    let job = try Analyses.job("coordination", settings: ["cutoff": "B-O=1.9, O-B=2.0 A"])
    let outcome = try AnalysisRunner([job], pool: WorkerPool(threads: 1)).run(progress: { pass, _ in passes = pass + 1 }) {
      FrameArraySource(frames)
    }
    #expect(passes == 1)
    let result = try #require(outcome.results[0] as? CoordinationResult)
    #expect(result[SpeciesPair("B", "O")]?.mean == 3.5)
    #expect(result[SpeciesPair("O", "B")]?.mean == 1)
    #expect(result[SpeciesPair("O", "B")]?.cutoff == 2)
  }

  @Test func sharesHaveBlockErrors() throws {
    let frames = try (0..<8).map { try borate($0 % 2 == 0 ? 9 : 11, of: 20, seed: UInt64($0)) }
    var parameters = CoordinationNumbers()
    parameters.cutoffs = .single(1.9)
    let boron = try #require(try parameters.analyze(frames)[SpeciesPair("B", "O")])
    // Eight blocks of one frame, 0.45 and 0.55 in turn: error² = 8 · 0.05² / (8 · 7).
    #expect(abs(boron.errors[4] - (0.0025 / 7).squareRoot()) < 1e-12)
    #expect(abs(boron.share(4) - 0.5) < 1e-12)
  }

  @Test func badSettingsAreExplained() throws {
    let frames = try [borate(1, of: 2, seed: 1)]
    func message(_ settings: [String: String]) -> String {
      do {
        _ = try AnalysisRunner([Analyses.job("coordination", settings: settings)], pool: WorkerPool(threads: 1)).run(frames)
        return ""
      } catch {
        return "\(error)"
      }
    }
    #expect(message(["pairs": "B-0"]).contains("\"0\""))
    #expect(message(["pairs": "B"]).contains("no pair"))
    #expect(message(["cutoff": "B-O:2"]).contains("cutoff of coordination") && message(["cutoff": "B-O=2,x"]).contains("P-S=2.6"))
    #expect(message(["cutoff": "-1"]).contains("positive"))
    #expect(message(["cutoff": "B-O=2", "pairs": "O-O"]).contains("O-O has no cutoff"))
    #expect(message(["cutof": "2"]).contains("did you mean \"cutoff\""))
    #expect(message(["cutoff": "30"]).contains("no shell"))
    #expect(message(["pairs": "B-B"]).contains("first minimum"))
  }
}
