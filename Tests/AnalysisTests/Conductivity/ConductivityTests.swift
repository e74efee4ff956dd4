import NumericalMethods
import Structures
import Testing

@testable import Analysis

@Suite struct ConductivityTests {
  static let edge = 12.0
  /// From e² Å²/ps to S/cm at 700 K.
  static let conversion = 16.02176634 / (edge * edge * edge * 8.617333262e-5 * 700)

  static func result(_ frames: [Frame], _ settings: [String: String] = [:]) throws -> ConductivityResult {
    let job = try Analyses.job("conductivity", settings: ["temperature": "700 K"].merging(settings) { $1 })
    return try #require(try AnalysisRunner([job], pool: WorkerPool(threads: 2)).run(frames).results.first as? ConductivityResult)
  }

  /// Frames of Gaussian steps that a closure makes of independent normal vectors.
  static func trajectory(
    _ counts: [(String, Int)], frames number: Int, seed: UInt64, steps: ([Vector3]) -> [Vector3]
  ) throws -> [Frame] {
    var random = RandomStream(seed: seed)
    let atoms = counts.reduce(0) { $0 + $1.1 }
    var places = (0..<atoms).map { _ in Vector3(random.uniform(), random.uniform(), random.uniform()) * edge }
    let kinds = try counts.map { Species(try #require(Element(symbol: $0.0))) }
    let types = counts.enumerated().flatMap { [Int32](repeating: Int32($0.offset), count: $0.element.1) }
    let tracks = (0..<number).map { _ -> [Vector3] in
      let normal = (0..<atoms).map { _ in Vector3(random.normal(), random.normal(), random.normal()) }
      for (i, step) in steps(normal).enumerated() { places[i] += step }
      return places
    }
    return try AnalysisTests.frames(
      tracks, cell: { _ in try Cell(lengths: Vector3(repeating: Self.edge)) }, species: kinds, types: types, interval: 0.5)
  }

  @Test func constants() throws {
    // scipy.constants: e² / (eV Å ps) = 16.021766339999996 S/cm.
    #expect(abs(ConductivityResult.siemensPerCentimetre - 16.02176634) < 1e-12)
    #expect(abs(ConductivityResult.faraday - 96485.33212) < 1e-5)
  }

  @Test func independentIonsHaveHavenRatioOne() throws {
    let frames = try Self.trajectory([("Li", 40)], frames: 1200, seed: 1) { $0.map { $0 * 0.4 } }
    let result = try Self.result(frames, ["remove-drift": "none"])
    // D = 0.4² / (2 0.5 ps); 40 ions of charge 1.
    let truth = 40 * 0.16 * Self.conversion
    let (tracer, value, haven) = (
      try #require(result.nernstEinstein), try #require(result.value), try #require(result.havenRatio)
    )
    #expect(tracer.interval.contains(truth) && tracer.error < 0.05 * truth)
    #expect(value.interval.contains(truth) && value.error < 0.3 * truth)
    #expect(haven.interval.contains(1))
    #expect(result.warnings.contains { $0.contains("not to zero") })
    #expect(result.greenKubo == nil)
    let json = result.summary
    #expect(json["sigma_S_per_cm"]?.double == value.value)
    #expect(json["transference"]?["Li"]?["value"]?.double == 1)
    #expect(!json.json().contains("nan"))
  }

  @Test func ionsInPairsConductTwiceAsMuch() throws {
    let frames = try Self.trajectory([("Li", 40)], frames: 1500, seed: 2) { normal in
      normal.indices.map { normal[$0 - $0 % 2] * 0.4 }
    }
    let result = try Self.result(frames, ["remove-drift": "none"])
    let haven = try #require(result.havenRatio)
    #expect(haven.interval.contains(0.5) && !haven.interval.contains(1), "\(haven)")
  }

  @Test func boundPairsDoNotConduct() throws {
    let frames = try Self.trajectory([("Li", 20), ("Cl", 20)], frames: 300, seed: 3) { normal in
      normal.indices.map { normal[$0 % 20] * 0.4 }
    }
    let result = try Self.result(frames)
    #expect(!result.meetsQualityTest && result.nernstEinstein != nil && result.havenRatio == nil)
    if case .null? = result.summary["sigma_S_per_cm"] {} else { Issue.record("a conductivity of bound pairs") }
  }

  @Test func onsagerMatrixIsWhatWasBuilt() throws {
    // Steps of species a: p_a g_i + c_a h with h common to all: < ΔR_a ΔR_b > per direction and frame = n_a p_a² δ_ab + n_a n_b c_a c_b.
    let (own, common) = ([0.5, 0.3], [0.05, -0.08])
    let frames = try Self.trajectory([("Li", 20), ("Cl", 20)], frames: 3000, seed: 4) { normal in
      let together = (normal[0] + normal[25]) * 0.5.squareRoot()
      return normal.indices.map { i in
        let kind = i / 20
        // What the common vector is made of is taken by no ion itself.
        let single = i == 0 || i == 25 ? Vector3.zero : normal[i]
        return single * own[kind] + together * common[kind]
      }
    }
    let result = try Self.result(frames, ["remove-drift": "none"])
    let onsager = try #require(result.onsager)
    let charge = [1.0, -1.0]
    for a in 0..<2 {
      for b in 0..<2 {
        var square = 400 * common[a] * common[b]
        if a == b { square += 19 * own[a] * own[a] }
        let truth = charge[a] * charge[b] * square * Self.conversion
        let (found, error) = (onsager.matrix[2 * a + b], onsager.errors[2 * a + b])
        #expect(abs(found - truth) < 4 * error, "\(a) \(b): \(found) \(truth)")
        #expect(error < 0.3 * abs(truth), "\(a) \(b): \(error)")
      }
    }
    // The sum over pairs is the conductivity, transference numbers add up to one, and the matrix is symmetric.
    let value = try #require(result.value)
    let total = onsager.matrix.reduce(0, +)
    #expect(abs(total / value.value - 1) < 1e-9)
    let shares = try #require(onsager.transference)
    let sum = shares[0].value + shares[1].value
    #expect(abs(sum - 1) < 1e-12)
    let first: Double = 19 * 0.25 + 400 * 0.05 * 0.13
    let whole: Double = 19 * 0.34 + 400 * 0.13 * 0.13
    let truth = first / whole
    #expect(abs(shares[0].value - truth) < 4 * shares[0].error && shares[0].error < 0.1)
    #expect(onsager.matrix[1] == onsager.matrix[2])
  }

  @Test func neutralSystemsNeedNoFrame() throws {
    let frames = try Self.trajectory([("Li", 10), ("Cl", 10)], frames: 400, seed: 5) { normal in
      normal.map { $0 * 0.3 + Vector3(0.1, 0, 0) }
    }
    let (all, none, chlorine) = (
      try Self.result(frames), try Self.result(frames, ["remove-drift": "none", "fit-from": "1 ps"]),
      try Self.result(frames, ["remove-drift": "Cl"])
    )
    // The charge displacement is the same in any frame, but for rounding.
    #expect(largestDifference(all.curve, none.curve) < 1e-6 && largestDifference(all.curve, chlorine.curve) < 1e-6)
    // In the frame of the anions all the current is that of the cations.
    let shares = try #require(chlorine.onsager?.transference)
    #expect(abs(shares[0].value - 1) < 1e-6 && abs(shares[1].value) < 1e-6)
  }

  @Test func greenKuboOfLangevinIons() throws {
    // Velocities forget themselves in τ = 10 frames: D = <v²> τ of the discrete process, by trapezoids Δt (1 + m) / (1 - m) / 2.
    var random = RandomStream(seed: 6)
    let (memory, interval, width, ions) = (0.9, 0.01, 5.0, 30)
    var velocities = (0..<ions).map { _ in Vector3(random.normal(), random.normal(), random.normal()) * width }
    var places = velocities.map { _ in Vector3.zero }
    let kinds = try species("Li")
    let fresh = (1 - memory * memory).squareRoot() * width
    let frames = try (0..<4000).map { number -> Frame in
      for i in 0..<ions {
        places[i] += velocities[i] * interval
        velocities[i] = velocities[i] * memory + Vector3(random.normal(), random.normal(), random.normal()) * fresh
      }
      var configuration = try Configuration(
        cell: Cell(lengths: Vector3(repeating: Self.edge)), species: kinds, types: [Int32](repeating: 0, count: ions), positions: places)
      configuration.velocities = velocities
      configuration.wrap()
      var frame = Frame(configuration)
      frame.time = Double(number) * interval
      return frame
    }
    let result = try Self.result(frames, ["remove-drift": "none"])
    let diffusion = width * width * interval * (1 + memory) / (1 - memory) / 2
    let truth = Double(ions) * diffusion * Self.conversion
    let greenKubo = try #require(result.greenKubo)
    let value = try #require(greenKubo.value)
    #expect(greenKubo.isResolved && abs(greenKubo.correlation[1] - memory) < 0.02)
    #expect(value.interval.contains(truth) && value.error < 0.2 * truth, "\(value) \(truth)")
    let (tracer, einstein) = (try #require(result.nernstEinstein), try #require(result.value))
    #expect(tracer.interval.contains(truth))
    #expect(einstein.interval.contains(truth))
    let plateau = try #require(greenKubo.plateau)
    #expect(plateau.lowerBound >= 10 && plateau.upperBound <= 200)
    #expect(result.summary["green_kubo"]?["plateau_ps"] != nil)
    // The sum over origins by its definition.
    let currents = (0..<50).map { _ in Vector3(random.normal(), random.normal(), random.normal()) }
    let fast = GreenKubo.autocorrelation(currents[...], lags: 20)
    let plain = (0...20).map { lag -> Double in
      var sum = 0.0
      for k in 0..<50 - lag { sum += currents[k].dot(currents[k + lag]) }
      return sum / Double(50 - lag)
    }
    #expect(largestDifference(fast, plain) < 1e-12)
  }

  @Test func intervalsOfTheCurrentHold() throws {
    // One coordinate in three directions: the case that coverage rests on for conductivities.
    let sets = 120
    let tally = try CoverageTests.tally(CoverageTests.cases[4], sets: sets, seed: 7)
    // 95 % of 120 are 114 ± 2.4; four of these less.
    #expect(tally.covered[0] >= 104, "\(tally.covered[0]) of \(sets)")
  }

  @Test func brokenInput() throws {
    let frames = try Self.trajectory([("Li", 4), ("S", 2)], frames: 30, seed: 8) { $0.map { $0 * 0.3 } }
    #expect(try analysisError { _ = try Analyses.job("conductivity", settings: [:]) }.code == .invalidSetting)
    #expect(try analysisError { _ = try Self.result(frames, ["charges": "Li=one"]) }.code == .invalidSetting)
    #expect(try analysisError { _ = try Self.result(frames, ["charges": "K=1"]) }.code == .unknownSpecies)
    #expect(try analysisError { _ = try Self.result(frames, ["charges": "file"]) }.code == .invalidSetting)
    #expect(try analysisError { _ = try Self.result(frames, ["charges": "Li=0,S=0"]) }.code == .invalidSetting)
    #expect(try analysisError { _ = try Self.result(frames, ["remove-drift": "K"]) }.code == .unknownSpecies)
    #expect(try analysisError { _ = try Self.result(Array(frames.prefix(4))) }.code == .tooFewFrames)
    let open = try frames.map { frame in
      var frame = frame
      var periodic = Periodicity(repeating: true)
      periodic[2] = false
      frame.configuration.cell = try Cell(vectors: frame.configuration.cell.vectors, periodic: periodic)
      return frame
    }
    #expect(try analysisError { _ = try Self.result(open) }.code == .invalidSetting)
    // One species in the frame of its own centre of mass conducts nothing, and says why.
    let alone = try Self.trajectory([("Li", 5)], frames: 60, seed: 9) { $0.map { $0 * 0.3 } }
    let result = try Self.result(alone)
    #expect(!result.meetsQualityTest && !result.summary.json().contains("nan"))
    #expect(result.warnings.contains { $0.contains("remove-drift none") })
  }

  /// Lithium beside PS4 units that wander as wholes: twelve of the one, four of the other, neutral by formal charges.
  static func glass(frames number: Int, seed: UInt64) throws -> [Frame] {
    var random = RandomStream(seed: seed)
    func normal() -> Vector3 { Vector3(random.normal(), random.normal(), random.normal()) }
    var lithium = (0..<12).map { _ in Vector3(random.uniform(), random.uniform(), random.uniform()) * edge }
    var centers = [Vector3(2, 2, 2), Vector3(8, 8, 2), Vector3(2, 8, 8), Vector3(8, 2, 8)]
    // 2.05 Å from phosphorus to sulfur.
    let corners = [Vector3(1, 1, 1), Vector3(1, -1, -1), Vector3(-1, 1, -1), Vector3(-1, -1, 1)].map { $0 * (2.05 / 3.0.squareRoot()) }
    let tracks = (0..<number).map { _ -> [Vector3] in
      for i in lithium.indices { lithium[i] += normal() * 0.5 }
      for i in centers.indices { centers[i] += normal() * 0.4 }
      return lithium + centers + centers.flatMap { center in corners.map { center + $0 } }
    }
    return try AnalysisTests.frames(
      tracks, cell: { _ in try Cell(lengths: Vector3(repeating: Self.edge)) }, species: try species("Li", "P", "S"),
      types: [Int32](repeating: 0, count: 12) + [Int32](repeating: 1, count: 4) + [Int32](repeating: 2, count: 16), interval: 0.5)
  }

  @Test func partsOfUnitsAreNoIons() throws {
    let frames = try Self.glass(frames: 800, seed: 10)
    let result = try Self.result(frames, ["remove-drift": "none"])
    #expect(result.species.map(\.isIon) == [true, false, false])
    let tracer = try #require(result.nernstEinstein)
    // 12 ions of charge 1 with D = 0.5² / (2 0.5 ps).
    #expect(tracer.interval.contains(12 * 0.25 * Self.conversion), "\(tracer)")
    let json = result.summary
    #expect(json["nernst_einstein"]?["species"]?.json() == "[\"Li\"]")
    #expect(result.warnings.contains { $0.contains("P, S are not in the Nernst-Einstein") })
    #expect(result.warnings.allSatisfy { !$0.contains("not to zero") })
    // Who names species means each of their atoms.
    let all = try Self.result(frames, ["remove-drift": "none", "species": "Li,P,S"])
    #expect(all.species.allSatisfy { $0.isIon } && all.carriers.count > 1)
    #expect(try #require(all.nernstEinstein).value > 2 * tracer.value)
  }

  @Test func halidesAndFreeSulfurAreIons() throws {
    let cell = try Cell(lengths: Vector3(repeating: 20))
    let configuration = try Configuration(
      cell: cell, species: try species("Li", "P", "S", "Cl"), types: [0, 1, 2, 2, 3],
      positions: [Vector3(1, 1, 1), Vector3(8, 8, 8), Vector3(10, 8, 8), Vector3(15, 15, 15), Vector3(5, 15, 5)])
    let charges: [Double] = [1, 5, -2, -2, -1]
    // A sulfur at phosphorus by itself is a part, one far from it an ion; of a species with both the majority counts.
    #expect(try FreeIons.flags([[0], [1], [2], [3], [4]], charges: charges, in: configuration) == [true, false, false, true, true])
    #expect(try FreeIons.flags([[2, 3]], charges: charges, in: configuration) == [true])
  }

  @Test func chargesOfWhatIsTakenCount() throws {
    let frames = try Self.trajectory([("Li", 10), ("Cl", 10)], frames: 200, seed: 11) { $0.map { $0 * 0.3 } }
    func hint(_ settings: [String: String]) throws -> String? {
      try Self.result(frames, settings).warnings.first { $0.contains("not to zero") }
    }
    #expect(try hint([:]) == nil)
    #expect(try #require(try hint(["species": "Li"])).contains("remove-drift Cl"))
    // With the other species at rest the charge of lithium is all there is.
    #expect(try hint(["species": "Li", "remove-drift": "Cl"]) == nil)
    #expect(try #require(try hint(["charges": "Li=1,Cl=-0.5"])).contains("like atoms"))
  }

  @Test func fewDisplacementsAreNoConductivity() throws {
    let frames = try Self.trajectory([("Li", 20)], frames: 16, seed: 12) { $0.map { $0 * 0.5 } }
    let result = try Self.result(frames, ["remove-drift": "none"])
    let collective = try #require(result.collective)
    #expect(collective.independentDisplacements < 5 && result.value == nil)
    #expect(collective.refusals.contains { $0.contains("independent displacements") || $0.contains("reaches down to zero") })
  }

  @Test func greenKuboSaysWhyThereIsNone() throws {
    let frames = try Self.trajectory([("Li", 6)], frames: 100, seed: 13) { $0.map { $0 * 0.1 } }.map { frame -> Frame in
      var frame = frame
      frame.configuration.velocities = frame.configuration.positions.map { _ in Vector3(1, 0, 0) }
      return frame
    }
    func warned(_ frames: [Frame], _ text: String, _ settings: [String: String] = [:]) throws -> Bool {
      try Self.result(frames, ["remove-drift": "none"].merging(settings) { $1 }).warnings.contains { $0.contains(text) }
    }
    #expect(try warned(Array(frames.prefix(60)), "80 are the least"))
    var torn = frames
    torn[40].configuration.velocities = []
    #expect(try warned(torn, "only 99 of 100 frames have velocities"))
    // 0.5 ps between frames, a fortieth of 100: 1 ps.
    #expect(try warned(frames, "give at most 1 ps", ["plateau": "20 ps"]))
  }

  @Test func slowBackFlowIsTold() throws {
    // A current e that forgets itself in five frames, less the part of it that flows back over a hundred: J = e - c y, y = e summed with
    // memory m. Its integral is that of e times (1 - c / (1 - m))².
    var random = RandomStream(seed: 14)
    let (fast, slow, share) = (0.8, 0.99, 0.002)
    func currents(_ share: Double) -> [Vector3] {
      var (e, y) = (Vector3.zero, Vector3.zero)
      return (0..<60000).map { _ in
        e = e * fast + Vector3(random.normal(), random.normal(), random.normal()) * (1 - fast * fast).squareRoot()
        y = y * slow + e
        return e - y * share
      }
    }
    let pool = WorkerPool(threads: 2)
    let truth = (1 + fast) / (1 - fast) / 2 * 0.8 * 0.8
    let flowing = try #require(GreenKubo(currents: currents(share), interval: 1, conversion: 1, upTo: 20, pool: pool))
    let (value, later) = (try #require(flowing.value), try #require(flowing.later))
    #expect(value.value > 1.15 * truth && flowing.driftsOn, "\(value) \(later) \(truth)")
    #expect(abs(later.value - truth) < abs(value.value - truth))
    // Without it nothing goes on.
    let calm = try #require(GreenKubo(currents: currents(0), interval: 1, conversion: 1, upTo: 20, pool: pool))
    #expect(!calm.driftsOn)
  }
}
