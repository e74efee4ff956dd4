import NumericalMethods
import Structures
import Testing

@testable import Analysis

@Suite struct BondDistributionTests {
  @Test func cristobaliteAngles() throws {
    let ideal = try crystal(7.16, cells: 1, basis: cristobalite, species: try species("Si", "O"))
    var parameters = BondAngles()
    parameters.cutoffs = .single(2)
    let result = try parameters.analyze([Frame(ideal)])
    let tetrahedral = try #require(result[SpeciesTriple("O", "Si", "O")])
    // The arc cosine of -1/3.
    #expect(abs(tetrahedral.mean - 109.4712206344907) < 1e-9 && tetrahedral.anglesPerFrame == 48)
    let straight = try #require(result[SpeciesTriple("Si", "O", "Si")])
    // Rounding of the cosine near -1 by 1e-16 turns the angle by 1e-6 degrees.
    #expect(abs(straight.mean - 180) < 1e-5 && straight.anglesPerFrame == 16)
    #expect(abs(straight.density.reduce(0, +) - 1) < 1e-12)
  }

  @Test func sineCorrectionMakesChanceFlat() throws {
    var random = RandomStream(seed: 61)
    let gas = try idealGas(3000, cell: Cell(lengths: Vector3(repeating: 20)), species: try species("Ar"), random: &random)
    var parameters = BondAngles()
    parameters.triples = [SpeciesTriple("Ar", "Ar", "Ar")]
    parameters.cutoffs = .single(3)
    parameters.binWidth = 10
    let plain = try #require(try parameters.analyze([Frame(gas)]).distributions.first)
    parameters.sineCorrection = true
    let flat = try #require(try parameters.analyze([Frame(gas)]).distributions.first)
    #expect(flat.mean == plain.mean)
    // Some 2.7 million angles, correlated through 3000 centres; the outermost bins have the fewest.
    for value in flat.density[1..<17] { #expect(abs(value * 180 - 1) < 0.03) }
    #expect(plain.density[8] > 5 * plain.density[0])
    #expect(abs(flat.density.reduce(0, +) * 10 - 1) < 1e-12)
  }

  @Test func lengthsOfAShakenCrystal() throws {
    var random = RandomStream(seed: 62)
    let ideal = try crystal(7.16, cells: 4, basis: cristobalite, species: try species("Si", "O"))
    let frames = (0..<20).map { _ in shaken(ideal, by: 0.05, random: &random) }
    let result = try BondLengths().analyze(frames, pool: WorkerPool(threads: 2))
    let entry = try #require(result[SpeciesPair("O", "Si")])
    #expect(result.distributions.count == 1 && entry.bondsPerFrame == 2048)
    let bond = 7.16 * 3.0.squareRoot() / 8
    // Two ends shaken by s: along the bond sqrt(2) s; across it the mean grows by 2 s²/r.
    #expect(abs(entry.mean - bond - 2 * 0.05 * 0.05 / bond) < 5 * (entry.meanError ?? 0))
    #expect(try #require(entry.meanError) > 1e-5 && (entry.meanError ?? 1) < 1e-3)
    #expect(abs(entry.width - 0.05 * 2.0.squareRoot()) < 0.002)
    #expect(abs(entry.density.reduce(0, +) * 0.01 - 1) < 1e-9)
    #expect(entry.cutoff > bond + 0.2)
  }

  @Test func elementsStandForTheirLabels() throws {
    var crystal = try crystal(7.16, cells: 1, basis: cristobalite, species: try species("Si", "O"))
    let oxygen = crystal.species[1]
    crystal.species = [crystal.species[0], Species(oxygen.element, label: "Oa"), Species(oxygen.element, label: "Ob")]
    for (number, atom) in crystal.types.indices.filter({ crystal.types[$0] == 1 }).enumerated() where number % 2 == 1 {
      crystal.types[atom] = 2
    }
    let frames = [Frame(crystal)]
    var lengths = BondLengths()
    lengths.pairs = [SpeciesPair("O", "Si"), SpeciesPair("O", "O")]
    lengths.cutoffs = try PairCutoffs("O-O=2.2,Si-O=2")
    let bonds = try lengths.analyze(frames).distributions
    #expect(Set(bonds.map(\.pair)) == [SpeciesPair("Oa", "Si"), SpeciesPair("Ob", "Si")])
    #expect(bonds.map(\.bondsPerFrame).reduce(0, +) == 32)
    var angles = BondAngles()
    angles.triples = [SpeciesTriple("O", "Si", "O")]
    angles.cutoffs = lengths.cutoffs
    #expect(try angles.analyze(frames).distributions.map(\.anglesPerFrame).reduce(0, +) == 48)
    var coordination = CoordinationNumbers()
    coordination.cutoffs = try PairCutoffs("Si-O=2")
    let around = try coordination.analyze(frames)
    #expect(around.distributions.map(\.pair) == [SpeciesPair("Si", "Oa"), SpeciesPair("Si", "Ob")])
    #expect(around.distributions.map(\.mean).reduce(0, +) == 4)
    // A pair of labels goes before its elements, wherever it stands.
    let cutoffs = try PairCutoffs("Si-O=2,Ob-Si=1").labelled(in: crystal, analysis: "test")
    #expect(cutoffs.given(for: SpeciesPair("Si", "Oa")) == 2 && cutoffs.given(for: SpeciesPair("Si", "Ob")) == 1)
    #expect(throws: AnalysisError.self) { try PairCutoffs("P-O=2").labelled(in: crystal, analysis: "test") }
  }

  @Test func homopolarBondsAmongManyOthers() throws {
    // A P-P bond of 2.25 Å in 40 phosphorus atoms that are 5 Å apart otherwise: no peak of g(r), but a bond.
    var random = RandomStream(seed: 63)
    let grid = try crystal(5, cells: 4, basis: [(.zero, 0), (Vector3(0.42, 0, 0), 1)], species: try species("P", "S"))
    var pair = grid
    pair.positions[2] = pair.positions[0] + Vector3(0, 0, 2.25)
    pair.positions[3] = pair.positions[2] + Vector3(0, 0, 2.1)
    let result = try BondLengths().analyze((0..<3).map { _ in shaken(pair, by: 0.02, random: &random) })
    let bond = try #require(result[SpeciesPair("P", "P")])
    #expect(bond.bondsPerFrame == 1 && abs(bond.mean - 2.25) < 0.1)
    #expect(result[SpeciesPair("P", "S")]?.bondsPerFrame == 64)
    #expect(result[SpeciesPair("S", "S")] == nil)
  }

  @Test func atomsBondedToTheirImages() throws {
    let chain = try Configuration(
      cell: Cell(lengths: Vector3(2, 9, 9)), species: try species("S"), types: [0], positions: [.zero])
    var parameters = BondLengths()
    parameters.pairs = [SpeciesPair("S", "S")]
    parameters.cutoffs = .single(2.5)
    let entry = try #require(try parameters.analyze([Frame(chain)]).distributions.first)
    #expect(entry.bondsPerFrame == 1 && entry.mean == 2 && entry.skewness == nil)
    var angles = BondAngles()
    angles.triples = [SpeciesTriple("S", "S", "S")]
    angles.cutoffs = .single(2.5)
    #expect(try angles.analyze([Frame(chain)]).distributions.first?.mean == 180)
  }

  @Test func textSettings() throws {
    let ideal = try crystal(7.16, cells: 1, basis: cristobalite, species: try species("Si", "O"))
    func run(_ name: String, _ settings: [String: String]) throws -> any AnalysisResult {
      try #require(
        try AnalysisRunner([Analyses.job(name, settings: settings)], pool: WorkerPool(threads: 1)).run([Frame(ideal)]).results.first)
    }
    let angles = try run("angles", ["triples": "O-Si-O", "cutoff": "Si-O=2", "sine-correction": "true", "bin-width": "2"])
    #expect(angles.summary["triples"]?["O-Si-O"]?["mean_deg"]?.double.map { abs($0 - 109.4712) < 1e-4 } == true)
    #expect(try run("bond-lengths", ["cutoff": "2.0"]).summary["pairs"]?["Si-O"]?["bonds_per_frame"]?.double == 32)
    let triple = try analysisError { _ = try Analyses.job("angles", settings: ["triples": "O-Si"]) }
    #expect(triple.message.contains("O-B-O"))
    let unknown = try analysisError { _ = try run("angles", ["triples": "O-Sx-O", "cutoff": "2"]) }
    #expect(unknown.code == .unknownSpecies)
    let missing = try analysisError { _ = try run("angles", ["triples": "O-Si-O", "cutoff": "O-O=2"]) }
    #expect(missing.message.contains("Si-O"))
    let short = try analysisError { _ = try run("bond-lengths", ["cutoff": "0.5"]) }
    #expect(short.message.contains("longer"))
  }
}
