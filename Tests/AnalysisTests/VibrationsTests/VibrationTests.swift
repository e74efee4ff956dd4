import Foundation
import NumericalMethods
import Structures
import Testing

@testable import Analysis

@Suite struct VibrationTests {
  struct Golden: Decodable {
    struct Densities: Decodable { var first, second: [Double] }
    enum CodingKeys: String, CodingKey {
      case hann, none, frequencies, stretches
      case vacfFirst = "vacf_first"
      case vacfSecond = "vacf_second"
    }
    var hann, none: Densities
    var frequencies: [Double]
    var stretches: Int
    var vacfFirst, vacfSecond: [Double]
  }

  static let golden = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .appendingPathComponent("Golden/vibrations/vibrations.json")

  /// Atoms that follow a formula; positions and velocities of atom i in frame n.
  static func trajectory(
    _ atoms: [Species], frames: Int, interval: Double?, edge: Double = 40, velocities: Bool = true, charges: [Double] = [],
    _ motion: (_ atom: Int, _ frame: Int) -> (position: Vector3, velocity: Vector3)
  ) throws -> [Frame] {
    var kinds: [Species] = []
    for atom in atoms where !kinds.contains(atom) { kinds.append(atom) }
    let types = atoms.map { atom in Int32(kinds.firstIndex(of: atom) ?? 0) }
    return try (0..<frames).map { n in
      let states = atoms.indices.map { motion($0, n) }
      var configuration = try Configuration(
        cell: Cell(lengths: Vector3(repeating: edge)), species: kinds, types: types, positions: states.map(\.position))
      if velocities { configuration.velocities = states.map(\.velocity) }
      configuration.charges = charges
      var frame = Frame(configuration)
      frame.time = interval.map { $0 * Double(n) }
      return frame
    }
  }

  static func atom(_ symbol: String, mass: Double) throws -> Species {
    Species(try #require(Element(symbol: symbol)), mass: mass)
  }

  /// Independent oscillators of one frequency, in all directions, with an amplitude of their velocity in Å/ps.
  static func oscillators(
    _ count: Int, frequency: Double, frames: Int, interval: Double, velocities: Bool = true, amplitude: Double = 3
  ) throws -> [Frame] {
    var random = RandomStream(seed: 5)
    let phases = (0..<3 * count).map { _ in 2 * Double.pi * random.uniform() }
    let omega = 2 * Double.pi * frequency
    let argon = try atom("Ar", mass: 40)
    return try trajectory([Species](repeating: argon, count: count), frames: frames, interval: interval, velocities: velocities) {
      atom, n in
      var (position, velocity) = (Vector3(repeating: Double(atom)), Vector3.zero)
      for axis in 0..<3 {
        let phase = omega * interval * Double(n) + phases[3 * atom + axis]
        position[axis] += amplitude / omega * sin(phase)
        velocity[axis] = amplitude * cos(phase)
      }
      return (position, velocity)
    }
  }

  static func parameters(_ length: Double) -> Vibrations {
    var parameters = Vibrations()
    parameters.length = length
    parameters.removesDrift = false
    return parameters
  }

  @Test(arguments: SpectralWindow.allCases) func oneFrequency(window: SpectralWindow) throws {
    let frames = try Self.oscillators(6, frequency: 5, frames: 1200, interval: 0.01)
    var parameters = Self.parameters(4)
    parameters.window = window
    let result = try parameters.analyze(frames)
    let top = try #require(result.total.values.indices.max { result.total.values[$0] < result.total.values[$1] })
    // Bins are 0.25 THz wide, and 5 THz is one of them.
    #expect(result.frequencies[top] == 5 && abs(result.resolution - 0.25) < 1e-12)
    #expect(VibrationResult.peaks(result.total, frequencies: result.frequencies) == [5])
    // 3N: the sum is scaled to it.
    #expect(abs(result.integral(result.total) - 18) < 1e-9)
    // m A²/2 a direction is k T; the mean over whole periods is exact.
    let expected = 40 * 9 / 2 * PhysicalConstants.massVelocitySquared / PhysicalConstants.boltzmann
    #expect(abs(result.temperature / expected - 1) < 1e-9)
    #expect(result.windows == 5 && result.windowFrames == 400)
    // The autocorrelation is a cosine, up to what the ends of stretches of 20 periods leave (of order 1/20/2pi at half a stretch).
    let correlation = result.partials[0].autocorrelation
    #expect(correlation.count == 201 && correlation[0] == 1)
    for lag in 0...200 { #expect(abs(correlation[lag] - cos(2 * Double.pi * 5 * 0.01 * Double(lag))) < 0.02) }
    #expect(result.warnings.isEmpty)
    parameters.norm = .unity
    let unity = try parameters.analyze(frames)
    #expect(abs(unity.integral(unity.total) - 1) < 1e-12)
  }

  @Test func stepsBetweenPositionsGiveTheSame() throws {
    let known = try Self.parameters(4).analyze(try Self.oscillators(6, frequency: 12, frames: 801, interval: 0.01))
    let result = try Self.parameters(4).analyze(try Self.oscillators(6, frequency: 12, frames: 801, interval: 0.01, velocities: false))
    // At 12 THz and 0.01 ps a step is 2.4 % smaller than the velocity; corrected, what leaks to other bins remains.
    #expect(abs(result.temperature / known.temperature - 1) < 1e-3)
    #expect(largestDifference(result.total.values, known.total.values) < 2e-3 * (known.total.values.max() ?? 0))
    #expect(result.warnings.contains { $0.contains("no velocities") } && known.warnings.isEmpty)
    #expect(result.settings.contains { $0.name == "source" && $0.value.contains("positions") })
  }

  @Test(arguments: ["hann", "none"]) func scipy(window: String) throws {
    let golden = try JSONDecoder().decode(Golden.self, from: Data(contentsOf: Self.golden))
    let light = try Self.atom("C", mass: 12)
    let heavy = try Self.atom("P", mass: 30)
    let frames = try Self.trajectory([light, light, heavy, heavy, heavy], frames: 300, interval: 0.02) { atom, n in
      var velocity = Vector3.zero
      for axis in 0..<3 {
        let (i, a, n) = (Double(atom), Double(axis), Double(n))
        let slow: Double = 0.3 * cos(0.011 * (a + 1) * n + i)
        let chirp: Double = 0.2 * sin(0.0007 * (i + a + 1) * n * n)
        velocity[axis] = sin((0.4 + 0.13 * i) * n + a) + slow + chirp
      }
      return (Vector3(repeating: Double(atom)), velocity)
    }
    var parameters = Self.parameters(1.6)
    parameters.window = window == "hann" ? .hann : .none
    let result = try parameters.analyze(frames)
    #expect(result.windows == golden.stretches)
    #expect(largestDifference(result.frequencies, golden.frequencies) < 1e-9)
    let expected = window == "hann" ? golden.hann : golden.none
    // Double precision; sines of arguments up to a thousand differ by 1e-13 between libraries.
    let scale = expected.first.max() ?? 0
    #expect(largestDifference(try #require(result["C"]).density.values, expected.first) < 1e-10 * scale)
    #expect(largestDifference(try #require(result["P"]).density.values, expected.second) < 1e-10 * scale)
    #expect(largestDifference(try #require(result["C"]).autocorrelation, golden.vacfFirst) < 1e-10)
    #expect(largestDifference(try #require(result["P"]).autocorrelation, golden.vacfSecond) < 1e-10)
  }

  @Test func equipartition() throws {
    var random = RandomStream(seed: 6)
    let light = try Self.atom("Li", mass: 7)
    let heavy = try Self.atom("P", mass: 31)
    let kinds = (0..<200).map { $0 < 120 ? light : heavy }
    let kT = 300 * PhysicalConstants.boltzmann / PhysicalConstants.massVelocitySquared
    let frames = try Self.trajectory(kinds, frames: 400, interval: 0.01) { atom, _ in
      let width = (kT / kinds[atom].mass).squareRoot()
      return (Vector3(repeating: Double(atom)), Vector3(random.normal(), random.normal(), random.normal()) * width)
    }
    var parameters = Vibrations()
    parameters.length = 0.5
    let result = try parameters.analyze(frames)
    // 200 atoms, 400 frames: 240 000 numbers, whose mean square scatters by sqrt(2 / 240000) = 0.3 %; five of that.
    #expect(abs(result.temperature / 300 - 1) < 0.015)
    for partial in result.partials { #expect(abs(partial.temperature / result.temperature - 1) < 0.02) }
    #expect(abs(result.integral(result.total) - 597) < 1e-9)
    // Evenly shared: each species has its degrees of freedom.
    let lithiumMass = 120.0 * 7 / (120 * 7 + 80 * 31)
    let share = 3 * (120 - lithiumMass)
    #expect(abs(result.integral(result.partials[0].density) / share - 1) < 0.02)
    // White noise is flat; a bin of the sum of 600 signals over 15 stretches scatters by about 1.2 % (correlated stretches).
    let middle = result.total.values[2..<result.total.values.count - 2]
    #expect((middle.max() ?? 0) / (middle.min() ?? 0) < 1.15)
    #expect(result.warnings.isEmpty && !result.total.errors.isEmpty)

    // Warmer Li is told.
    let warm = frames.map { frame in
      var frame = frame
      for i in 0..<120 { frame.configuration.velocities[i] *= 1.2 }
      return frame
    }
    #expect(try parameters.analyze(warm).warnings.contains { $0.contains("kinetic temperature") })
  }

  @Test func infraredOfTwoCharges() throws {
    // Two opposite charges along x, 8 THz: J = 2 q v.
    let (charge, amplitude, interval) = (0.7, 2.0, 0.005)
    let atom = try Self.atom("Li", mass: 20)
    let other = try Self.atom("F", mass: 20)
    let frames = try Self.trajectory([atom, other], frames: 2000, interval: interval, edge: 20, charges: [charge, -charge]) { atom, n in
      let phase = 2 * Double.pi * 8 * interval * Double(n)
      let sign = atom == 0 ? 1.0 : -1.0
      return (Vector3(5 + 3 * Double(atom), 5, 5), Vector3(sign * amplitude * cos(phase), 0, 0))
    }
    var parameters = Self.parameters(2)
    parameters.removesDrift = true
    let result = try parameters.analyze(frames)
    let infrared = try #require(result.infrared)
    #expect(VibrationResult.peaks(infrared, frequencies: result.frequencies) == [8] && result.infraredIsAbsolute)
    // <J²> over 2, since S_J is over positive and negative frequencies; by SI constants and numbers.
    let flux: Double = 2 * charge * amplitude * 100 * 1.602176634e-19
    let meanSquare = 0.5 * flux * flux
    let volume = 8000e-30
    let kT = 1.380649e-23 * result.temperature
    // Per metre times Hz, then per centimetre times THz.
    let vacuum: Double = 6 * 8.8541878128e-12 * 2.99792458e8
    let expected = 0.5 * meanSquare / (vacuum * volume * kT) / 100 / 1e12
    // The Coulomb constant of the program is rounded to 8 digits.
    #expect(abs(result.integral(infrared) / expected - 1) < 1e-6)
    // The same from charges by species, of another sign.
    let settings = ["charges": "Li=-0.7,F=0.7", "length": "2 ps"]
    let named = try #require(
      try AnalysisRunner([Analyses.job("vibrations", settings: settings)], pool: WorkerPool(threads: 1)).run(frames).results.first
        as? VibrationResult)
    #expect(largestDifference(try #require(named.infrared).values, infrared.values) < 1e-12 * (infrared.values.max() ?? 0))
    // Motion alike moves no charge.
    let together = frames.map { frame in
      var frame = frame
      frame.configuration.velocities[1] = frame.configuration.velocities[0]
      return frame
    }
    parameters.removesDrift = false
    #expect(try #require(try parameters.analyze(together).infrared).values.allSatisfy { $0 < 1e-20 })
  }

  @Test func polarizabilityRateIsTheDerivativeOfTheModel() throws {
    var random = RandomStream(seed: 7)
    let model = BondPolarizability(trace: 1.1, stretch: 0.4, turn: 0.15)
    let length0 = 1.6
    /// alpha_T and alpha_L linear in the length, so that the three numbers hold at length0.
    func polarizability(_ bond: Vector3) -> [Double] {
      let length = bond.length
      let n = bond / length
      let anisotropy = model.turn * length0 + model.stretch * (length - length0)
      let mean = 2 + model.trace / 3 * (length - length0)
      func element(_ i: Int, _ j: Int) -> Double { (i == j ? mean - anisotropy / 3 : 0) + anisotropy * n[i] * n[j] }
      return [element(0, 0), element(1, 1), element(2, 2), element(1, 2), element(0, 2), element(0, 1)]
    }
    for _ in 0..<20 {
      func vector() -> Vector3 { Vector3(random.normal(), random.normal(), random.normal()) }
      var bond = vector()
      bond = bond * (length0 / bond.length)
      let (first, second) = (vector(), vector())
      let pair = try Configuration(
        cell: Cell(lengths: Vector3(repeating: 20)), species: try species("Si", "O"), types: [0, 1],
        positions: [Vector3(1, 2, 19), Vector3(1, 2, 19) + bond])
      let graph = try BondGraph(pair, cutoffs: BondCutoffs([(SpeciesPair("Si", "O"), 2)]))
      let rate = VibrationalMotion.polarizabilityRate(graph, velocities: [first, second], model)
      let step = 1e-5
      let ahead = polarizability(bond + step * (second - first))
      let behind = polarizability(bond - step * (second - first))
      // Central differences: the square of the step.
      for i in 0..<6 { #expect(abs(rate[i] - (ahead[i] - behind[i]) / (2 * step)) < 1e-8) }
    }
  }

  @Test func ramanDoesNotChangeWhenTurned() throws {
    // A bond that stretches at 10 THz and turns at 3 THz.
    let (silicon, oxygen) = (try Self.atom("Si", mass: 28), try Self.atom("O", mass: 16))
    func spectra(_ turn: Matrix3) throws -> VibrationResult {
      let frames = try Self.trajectory([silicon, oxygen], frames: 1200, interval: 0.01) { atom, n in
        let t = 0.01 * Double(n)
        let (stretch, swing) = (0.02 * sin(2 * .pi * 10 * t), 0.05 * sin(2 * .pi * 3 * t))
        let stretching: Double = 0.02 * 2 * .pi * 10 * cos(2 * .pi * 10 * t)
        let swinging: Double = 0.05 * 2 * .pi * 3 * cos(2 * .pi * 3 * t)
        let velocity = Vector3(stretching, swinging, 0)
        let center = Vector3(repeating: 20)
        return atom == 0 ? (center, .zero) : (center + turn * Vector3(1.6 + stretch, swing, 0), turn * velocity)
      }
      var parameters = Self.parameters(4)
      parameters.raman = BondPolarizability(trace: 1, stretch: 0.3, turn: 0.1)
      parameters.cutoffs = try PairCutoffs("Si-O=2")
      return try parameters.analyze(frames)
    }
    let (c, s) = (cos(0.7), sin(0.7))
    let turn =
      Matrix3(Vector3(c, -s, 0), Vector3(s, c, 0), Vector3(0, 0, 1)) * Matrix3(Vector3(1, 0, 0), Vector3(0, s, c), Vector3(0, -c, s))
    let plain = try spectra(Matrix3(diagonal: Vector3(1, 1, 1)))
    let turned = try spectra(turn)
    let (a, b) = (try #require(plain.raman), try #require(turned.raman))
    // Invariants of the tensor, up to rounding.
    #expect(largestDifference(a.parallel.values, b.parallel.values) < 1e-10 * (a.parallel.values.max() ?? 0))
    #expect(largestDifference(a.crossed.values, b.crossed.values) < 1e-10 * (a.crossed.values.max() ?? 0))
    #expect(VibrationResult.peaks(a.parallel, frequencies: plain.frequencies).first == 10)
    // Turning changes the anisotropy alone.
    let crossed = VibrationResult.peaks(a.crossed, frequencies: plain.frequencies)
    #expect(crossed.contains(3) && crossed.contains(10))
    #expect(plain.tables.map(\.name).contains("raman") && plain.figures.contains { $0.name == "raman" })
  }

  @Test func threadsAndOrderOfAtomsChangeNothing() throws {
    var frames = try Self.oscillators(40, frequency: 5, frames: 300, interval: 0.02)
    for n in frames.indices { frames[n].configuration.identifiers = Array(1...40) }
    let shuffled = frames.enumerated().map { n, frame in
      var result = frame
      let order = (0..<40).map { ($0 * 7 + n) % 40 }
      result.configuration.identifiers = order.map { frame.configuration.identifiers[$0] }
      result.configuration.positions = order.map { frame.configuration.positions[$0] }
      result.configuration.velocities = order.map { frame.configuration.velocities[$0] }
      return result
    }
    let one = try Self.parameters(2).analyze(frames, pool: WorkerPool(threads: 1))
    let three = try Self.parameters(2).analyze(frames, pool: WorkerPool(threads: 3))
    #expect(one.summary.json() == three.summary.json() && one.total.values == three.total.values)
    let other = try Self.parameters(2).analyze(shuffled)
    // Sums in another order.
    #expect(largestDifference(other.total.values, one.total.values) < 1e-12 * (one.total.values.max() ?? 0))
  }

  @Test func brokenInput() throws {
    let frames = try Self.oscillators(3, frequency: 5, frames: 40, interval: 0.01)
    let short = try Self.parameters(4).analyze(frames)
    #expect(short.windows == 1 && short.windowFrames == 40 && short.total.errors.isEmpty)
    #expect(short.warnings.contains { $0.contains("shorter than one stretch") })
    #expect(try analysisError { _ = try Self.parameters(4).analyze(Array(frames.prefix(5))) }.code == .tooFewFrames)
    #expect(try analysisError { _ = try Self.parameters(4).analyze([]) }.code == .noFrames)
    var timeless = frames
    for n in timeless.indices { timeless[n].time = nil }
    let error = try analysisError { _ = try Self.parameters(4).analyze(timeless) }
    #expect(error.code == .invalidSetting && error.message.contains("dt"))
    var given = Self.parameters(4)
    given.frameInterval = 0.01
    #expect(try given.analyze(timeless).total.values == short.total.values)
    var lost = frames
    lost[20].configuration.velocities[1].z = .nan
    #expect(try analysisError { _ = try Self.parameters(4).analyze(lost) }.code == .lostAtoms)
    lost = frames
    lost[20].configuration.velocities = []
    #expect(try analysisError { _ = try Self.parameters(4).analyze(lost) }.code == .changedAtoms)
    var parameters = Self.parameters(4)
    parameters.charges = ["Xe": 1]
    #expect(try analysisError { _ = try parameters.analyze(frames) }.code == .unknownSpecies)
    parameters = Self.parameters(4)
    parameters.source = .velocities
    let still = try Self.oscillators(3, frequency: 5, frames: 40, interval: 0.01, velocities: false)
    #expect(try analysisError { _ = try parameters.analyze(still) }.message.contains("source positions"))
    #expect(try analysisError { _ = try Analyses.job("vibrations", settings: ["charges": "Li"]) }.code == .invalidSetting)
    #expect(try analysisError { _ = try Analyses.job("vibrations", settings: ["raman": "1,2"]) }.code == .invalidSetting)
    var accumulator = Self.parameters(4).makeAccumulator(in: AnalysisContext(pool: WorkerPool(threads: 1), memoryLimit: 2000))
    #expect(try analysisError { for frame in frames { try accumulator.add(frame) } }.code == .tooMuchMemory)
  }

  @Test func memoryDoesNotGrowWithTheTrajectory() throws {
    var accumulator = Self.parameters(0.5).makeAccumulator(in: AnalysisContext(pool: WorkerPool(threads: 1)))
    var most = 0
    for (n, frame) in try Self.oscillators(5, frequency: 5, frames: 2000, interval: 0.01).enumerated() {
      try accumulator.add(frame)
      if n == 200 { most = accumulator.memoryInBytes }
    }
    #expect(accumulator.memoryInBytes <= most + 8 * 50 * 15)
  }
}
