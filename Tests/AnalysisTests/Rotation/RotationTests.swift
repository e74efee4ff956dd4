import Formats
import Foundation
import NumericalMethods
import Structures
import Testing

@testable import Analysis

@Suite struct RotationTests {
  @Test func optimalRotation() throws {
    var random = RandomStream(seed: 2)
    for _ in 0..<300 {
      let count = 3 + Int(random.uniform() * 6)
      var from = (0..<count).map { _ in Vector3(random.normal(), random.normal(), random.normal()) }
      let middle = from.reduce(.zero, +) * (1 / Double(count))
      from = from.map { $0 - middle }
      let turn = RotatingUnits.random(&random, width: 2)
      let to = from.map { turn.rotated($0) }
      let found = from.withUnsafeBufferPointer { a in to.withUnsafeBufferPointer { OptimalRotation.orientation(from: a, to: $0) } }
      // The root of a quartic has half the digits of its coefficients where shapes nearly lie on a line.
      #expect(found.angle(to: turn) < 1e-6)
      let noisy = to.map { $0 + Vector3(random.normal(), random.normal(), random.normal()) * 0.1 }
      let fast = from.withUnsafeBufferPointer { a in noisy.withUnsafeBufferPointer { OptimalRotation.orientation(from: a, to: $0) } }
      let plain = try #require(OptimalRotation.reference(from: from, to: noisy))
      #expect(fast.angle(to: plain) < 1e-6)
    }
  }

  @Test func orientationsAreRotations() {
    var random = RandomStream(seed: 3)
    for _ in 0..<100 {
      let (a, b) = (RotatingUnits.random(&random, width: 1.5), RotatingUnits.random(&random, width: 1.5))
      let v = Vector3(random.normal(), random.normal(), random.normal())
      #expect(((a * b).rotated(v) - a.rotated(b.rotated(v))).length < 1e-12)
      #expect(Orientation(rotationVector: a.rotationVector).angle(to: a) < 1e-12)
      #expect(abs((b * a.inverse).rotationVector.length - a.angle(to: b)) < 1e-9)
    }
    #expect(abs(Orientation(rotationVector: Vector3(0, 0, 1e-7)).angle(to: .identity) - 1e-7) < 1e-18)
  }

  @Test func thirdHarmonicsGiveTheThirdLegendrePolynomial() {
    var random = RandomStream(seed: 4)
    for _ in 0..<50 {
      let (a, b) = (Vector3(random.normal(), random.normal(), random.normal()), Vector3(random.normal(), random.normal(), random.normal()))
      let (u, v) = (a / a.length, b / b.length)
      let x = u.dot(v)
      let sum = zip(OrientationCorrelation.thirdHarmonics(u), OrientationCorrelation.thirdHarmonics(v)).reduce(0) { $0 + $1.0 * $1.1 }
      #expect(abs(sum - (5 * x * x * x - 3 * x) / 2) < 1e-13)
    }
  }

  /// C1, C2 and optimal rotations against MDAnalysis and numpy; see `Golden/transport/rotation_make.py`.
  @Test func agreesWithMDAnalysis() throws {
    struct Golden: Decodable {
      struct Turn: Decodable {
        let frame: Int
        let unit: Int
        let angle: Double
        let matrix: [Double]
      }
      let lags: [Int]
      let c1: [Double]
      let c2: [Double]
      let rotations: [Turn]
    }
    let folder = GoldenTests.folder.appendingPathComponent("transport")
    let golden = try JSONDecoder().decode(Golden.self, from: Data(contentsOf: folder.appendingPathComponent("rotation_tetrahedra.json")))
    var rotation = RotatingUnits.settings()
    rotation.window = 0.5
    rotation.tracks.frameInterval = 0.1
    let outcome = try AnalysisRunner([AnalysisJob(rotation)], pool: WorkerPool(threads: 2)).run {
      try FileFormats.openFrames(path: folder.appendingPathComponent("rotation_tetrahedra.xyz.gz").path)
    }
    let result = try #require(outcome.results.first as? RotationResult)
    let kind = try #require(result["PS4(3-)"])
    #expect(kind.units == 6 && kind.kept == 6)
    for (place, lag) in golden.lags.enumerated() {
      // MDAnalysis wraps vectors in single precision.
      #expect(abs(kind.c1[lag] - golden.c1[place]) < 1e-6)
      #expect(abs(kind.c2[lag] - golden.c2[place]) < 1e-6)
    }
    let source = try FileFormats.openFrames(path: folder.appendingPathComponent("rotation_tetrahedra.xyz.gz").path)
    let frames = try source.allFrames()
    for turn in golden.rotations {
      func shape(_ frame: Int) -> [Vector3] {
        let configuration = frames[frame].configuration
        let atoms = (0..<5).map { configuration.positions[5 * turn.unit + $0] }
        let shape = atoms.map { configuration.cell.minimumImage($0 - atoms[0]) }
        let middle = shape.reduce(.zero, +) * 0.2
        return shape.map { $0 - middle }
      }
      let found = shape(0).withUnsafeBufferPointer { from in
        shape(turn.frame).withUnsafeBufferPointer { OptimalRotation.orientation(from: from, to: $0) }
      }
      #expect(abs(found.rotationVector.length * 180 / Double.pi - turn.angle) < 1e-3)
      let rows = (0..<3).map { row in Vector3(turn.matrix[3 * row], turn.matrix[3 * row + 1], turn.matrix[3 * row + 2]) }
      let v = Vector3(0.3, -0.7, 0.2)
      let expected = Vector3(rows[0].dot(v), rows[1].dot(v), rows[2].dot(v))
      #expect((found.rotated(v) - expected).length < 1e-5)
    }
  }

  /// `C_l = exp(-l (l + 1) D_r t)`, squared angle `6 D_r t`.
  @Test func rotationalDiffusion() throws {
    var random = RandomStream(seed: 5)
    let units = try RotatingUnits(6, tilt: true)
    let (width, frames) = (0.08, 400)
    var now = units.centers.map { _ in RotatingUnits.random(&random, width: 1) }
    let tracks = (0..<frames).map { _ in
      now = now.map { RotatingUnits.random(&random, width: width) * $0 }
      return now
    }
    let result = try RotatingUnits.settings().analyze(units.frames(tracks))
    let kind = try #require(result["PS4(3-)"])
    #expect(kind.units == 216 && kind.kept == 216)
    let diffusivity = width * width / 2 / 0.1
    let error = try #require(kind.diffusivityError)
    #expect(abs((kind.diffusivity ?? 0) - diffusivity) < 3.5 * error && error < 0.1 * diffusivity)
    #expect(abs(kind.exponent - 1) < 3.5 * (kind.exponentError ?? 0))
    for lag in [1, 5, 20, 60] {
      let t = 0.1 * Double(lag)
      for (curve, error, l) in [(kind.c1, kind.c1Error, 1.0), (kind.c2, kind.c2Error, 2.0)] {
        let expected = exp(-l * (l + 1) * diffusivity * t)
        // Four standard errors; steps of 0.14 rad make C_l fall by 1e-3 of itself less than infinitely small ones.
        #expect(abs(curve[lag] - expected) < 4 * error[lag] + 2e-3 * expected)
      }
      // C3 of tetrahedra decays with l = 3.
      #expect(abs(kind.c3[lag] - exp(-12 * diffusivity * t)) < 4 * kind.c3Error[lag] + 4e-3)
    }
    let tau = try #require(kind.decayTimes[0])
    #expect(abs(tau * 2 * diffusivity - 1) < 0.1)
    // Orientations that wander cross any threshold, mostly by little.
    #expect(result.warnings.count == 1 && result.warnings[0].contains("change gradually"))
  }

  /// Libration alone, wide and with a memory of 0.3 ps: the sum of its small rotations wanders almost as diffusion does.
  @Test func librationAloneGivesNoDiffusion() throws {
    var random = RandomStream(seed: 12)
    let units = try RotatingUnits(3)
    let home = units.centers.map { _ in RotatingUnits.random(&random, width: 1) }
    let width = 28.7 * Double.pi / 180 / 3.0.squareRoot()
    let memory = exp(-0.2 / 0.3)
    var vectors = home.map { _ in Vector3(random.normal(), random.normal(), random.normal()) * width }
    let tracks = (0..<2000).map { _ in
      vectors = vectors.map {
        $0 * memory + Vector3(random.normal(), random.normal(), random.normal()) * (width * (1 - memory * memory).squareRoot())
      }
      return zip(vectors, home).map { Orientation(rotationVector: $0) * $1 }
    }
    let result = try RotatingUnits.settings().analyze(units.frames(tracks, interval: 0.2))
    let kind = try #require(result["PS4(3-)"])
    #expect(abs(kind.libration - 28.7) < 1 && kind.c1[1000] > 0.7)
    // The slope alone is there, and would be believed.
    #expect(kind.angularSlope > 0.003 && kind.exponent > 0.6)
    #expect(kind.diffusivity == nil && kind.diffusivityError == nil)
    #expect(result.warnings.contains { $0.contains("there is no D_r") })
    #expect(result.summary.json().contains("\"D_r_rad2_per_ps\": null"))
  }

  @Test func librationHasNoEvents() throws {
    var random = RandomStream(seed: 6)
    let units = try RotatingUnits(3)
    let home = units.centers.map { _ in RotatingUnits.random(&random, width: 1) }
    let width = 0.15
    let tracks = (0..<600).map { _ in home.map { RotatingUnits.random(&random, width: width) * $0 } }
    let result = try RotatingUnits.settings().analyze(units.frames(tracks))
    let kind = try #require(result["PS4(3-)"])
    #expect(kind.reorientations == 0 && kind.rate == 0 && kind.residence == nil && kind.rateError > 0)
    // The mean over 27 units and 600 frames of a chi distribution with three degrees of freedom.
    #expect(abs(kind.libration - width * 3.0.squareRoot() * 180 / Double.pi) < 0.3)
    #expect(kind.c1[300] > 0.9 && kind.decayTimes[1] == nil && abs(kind.exponent) < 0.3)
    #expect(result.warnings.contains { $0.contains("librate") })
    #expect(abs(kind.librationShares.reduce(0, +) - 1) < 1e-12)
  }

  /// Jumps by 120° at known times: as many events, at these frames, with this angle.
  @Test func jumpsAreFoundWhereTheyAre() throws {
    var random = RandomStream(seed: 7)
    let units = try RotatingUnits(3, tilt: true)
    var tracks = [[Orientation]](repeating: [], count: 1000)
    var planted: [(unit: Int, frame: Int)] = []
    for unit in units.centers.indices {
      var home = RotatingUnits.random(&random, width: 1)
      var next = 40 + Int(random.uniform() * 100)
      for frame in 0..<1000 {
        if frame == next, frame < 960 {
          home = home * RotatingUnits.third(&random)
          planted.append((unit, frame))
          next += 40 + Int(random.uniform() * 100)
        }
        tracks[frame].append(RotatingUnits.random(&random, width: 0.1) * home)
      }
    }
    let result = try RotatingUnits.settings().analyze(units.frames(tracks))
    let kind = try #require(result["PS4(3-)"])
    #expect(kind.reorientations == planted.count)
    // Means over ten frames of 0.17 rad each: 3 degrees.
    #expect(kind.jumpAngles.allSatisfy { abs($0 - 120) < 15 })
    #expect(!result.warnings.contains { $0.contains("change gradually") })
    // Some 270 turns of 120 degrees about random axes; C1 falls slower than such a D_r says, and yet it is one.
    let jumps = Double(planted.count) / (27 * 100) * pow(2 * Double.pi / 3, 2) / 6
    #expect(abs((kind.diffusivity ?? 0) / jumps - 1) < 0.4)
    let time = 27 * (1000 - 20) * 1e-4
    #expect(abs(kind.rate - Double(planted.count) / time) < 1e-9)
    #expect(abs(kind.rateError - Double(planted.count).squareRoot() / time) < 1e-9)
    #expect(abs((kind.residence ?? 0) - 9) < 0.7)
    // The symmetry of the tetrahedron hides all jumps from C3.
    #expect(kind.c3[500] > 0.8 && kind.c1[500] < 0.3)
    for unit in units.centers.indices {
      let course = Reorientations.course(tracks.map { $0[unit] }, rotor: unit, window: 10, angle: Double.pi / 3)
      #expect(course.events.map(\.frame) == planted.filter { $0.unit == unit }.map(\.frame))
    }
    // An excursion shorter than the window is none, one that lasts is two.
    for (length, events) in [(6, 0), (60, 2)] {
      let track = (0..<200).map { frame in
        (100..<100 + length).contains(frame) ? Orientation(rotationVector: Vector3(0, 0, 2)) : Orientation.identity
      }
      #expect(Reorientations.course(track, rotor: 0, window: 10, angle: Double.pi / 3).events.count == events)
    }
  }

  @Test func transformsAgreeWithDefinitions() throws {
    var random = RandomStream(seed: 8)
    let frames = 37
    let rotors = (0..<3).map { index in
      Rotor(kind: 0, unit: index, atoms: [3 * index, 3 * index + 1, 3 * index + 2])
    }
    let rows = RotorRows(ions: 0, rotors: rotors)
    var store = TrackStore(rows: rows.count, memoryLimit: 1 << 12)
    var tracks = [[Vector3]](repeating: [], count: rows.count)
    for _ in 0..<frames {
      let values = (0..<rows.count).map { row in
        let v = Vector3(random.normal(), random.normal(), random.normal())
        return row >= 9 ? v / v.length : v
      }
      for row in 0..<rows.count { tracks[row].append(values[row]) }
      try store.append(values)
    }
    let ends = [37, 20, 5]
    let data = RotorData(store: store, rows: rows, rotors: rotors, ends: ends, kinds: ["x"], pool: WorkerPool(threads: 2))
    let curves = try OrientationCorrelation(data).curves()[0]
    for lag in [0, 1, 4, 12, 25, 36] {
      var (first, second, angle, bonds, units) = (0.0, 0.0, 0.0, 0.0, 0.0)
      for (rotor, end) in ends.enumerated() where lag < end {
        let own = (0..<rotors[rotor].bondCount).map { Array(tracks[rows.bonds[rotor] + $0].prefix(end)) }
        let value = OrientationCorrelation.reference(bonds: own, turned: Array(tracks[rows.turned(rotor)].prefix(end)), lag: lag)
        let count = Double(end - lag)
        first += value.first * 2 * count
        second += value.second * 2 * count
        angle += value.squaredAngle * count
        bonds += 2 * count
        units += count
      }
      #expect(abs(curves.first[lag] - first / bonds) < 1e-12)
      #expect(abs(curves.second[lag] - second / bonds) < 1e-12)
      #expect(abs(curves.squaredAngle[lag] - angle / units) < 1e-11)
    }
    #expect(curves.third.isEmpty)
  }

  @Test func unitsThatChangeMembersAreLeftOut() throws {
    var random = RandomStream(seed: 9)
    let units = try RotatingUnits(2)
    let tracks = (0..<100).map { _ in units.centers.map { _ in RotatingUnits.random(&random, width: 0.1) } }
    var run = try units.frames(tracks)
    // The first sulfur of the first unit leaves at frame 50; that of the second is away for three frames.
    for number in 50..<100 { run[number].configuration.positions[1] += Vector3(1.5, 1.5, 1.5) }
    for number in 60..<63 { run[number].configuration.positions[6] += Vector3(1.5, 1.5, 1.5) }
    var rotation = RotatingUnits.settings()
    rotation.window = 0.5
    let strict = try rotation.analyze(run)
    #expect(strict["PS4(3-)"]?.units == 8 && strict["PS4(3-)"]?.kept == 6)
    #expect(strict.warnings.contains { $0.hasPrefix("2 of 8 units changed their members") })
    rotation.patience = 3
    #expect(try rotation.analyze(run)["PS4(3-)"]?.kept == 7)
    // The same tetrahedra as polyhedra.
    rotation.center = ["P"]
    rotation.neighbor = ["S"]
    rotation.patience = 0
    let polyhedra = try rotation.analyze(run)
    #expect(polyhedra["PS4"]?.kept == 6)
    #expect(largestDifference(polyhedra.kinds[0].c1.filter(\.isFinite), strict.kinds[0].c1.filter(\.isFinite)) < 1e-12)
    #expect(strict.meetsQualityTest)
    // Where none is left, what those that lasted longest did is no result.
    for number in 50..<100 {
      for unit in 1..<8 { run[number].configuration.positions[5 * unit + 1] += Vector3(1.5, 1.5, 1.5) }
    }
    let lost = try rotation.analyze(run)
    #expect(lost.kinds[0].kept == 0 && !lost.meetsQualityTest)
  }

  /// The same motion elsewhere, turned as a whole, in other edges of the same lattice, and with its atoms in another order.
  @Test func invariances() throws {
    var random = RandomStream(seed: 10)
    let units = try RotatingUnits(2, spacing: 9)
    var now = units.centers.map { _ in RotatingUnits.random(&random, width: 1) }
    var ions = (0..<12).map { _ in units.cell.cartesian(Vector3(random.uniform(), random.uniform(), random.uniform())) }
    var tracks: [[Orientation]] = []
    var ways: [[Vector3]] = []
    for frame in 0..<120 {
      now = now.map { RotatingUnits.random(&random, width: 0.25) * $0 }
      if frame % 20 == 10 { ions = ions.map { $0 + Vector3(random.normal(), random.normal(), random.normal()) * 1.5 } }
      tracks.append(now)
      ways.append(ions.map { $0 + Vector3(random.normal(), random.normal(), random.normal()) * 0.1 })
    }
    let run = try units.frames(tracks, ions: ways)
    var rotation = RotatingUnits.settings(mobile: "Li")
    rotation.window = 0.5
    // Eight of these fit into the run.
    rotation.coincidence = 1
    let base = try rotation.analyze(run)
    let turn = Orientation(rotationVector: Vector3(0.4, -1, 0.3))
    func changed(_ body: (Configuration) throws -> Configuration) throws -> RotationResult {
      try rotation.analyze(
        run.map { frame in
          var result = frame
          result.configuration = try body(frame.configuration)
          return result
        })
    }
    let shift = Vector3(3.3, -20, 0.4)
    let cases = [
      try changed { c in
        var result = c
        result.positions = c.positions.map { c.cell.wrap($0 + shift).position }
        return result
      },
      try changed { c in
        let v = c.cell.vectors
        let cell = try Cell(vectors: Matrix3(turn.rotated(v[0]), turn.rotated(v[1]), turn.rotated(v[2])))
        return try Configuration(cell: cell, species: c.species, types: c.types, positions: c.positions.map { turn.rotated($0) })
      },
      try changed { c in
        let v = c.cell.vectors
        let cell = try Cell(vectors: Matrix3(v[0], v[1] + v[0], v[2] - v[1]))
        return try Configuration(cell: cell, species: c.species, types: c.types, positions: c.positions.map { cell.wrap($0).position })
      },
      try changed { c in
        let order = c.types.indices.sorted { ($0 * 7919) % 1009 < ($1 * 7919) % 1009 }
        return try Configuration(
          cell: c.cell, species: c.species, types: order.map { c.types[$0] }, positions: order.map { c.positions[$0] })
      },
    ]
    #expect(base.summary["paddle_wheel"]?["hops"]?.double ?? 0 > 20)
    let ratio = try #require(base.diffusivityRatio).value
    for (place, other) in cases.enumerated() {
      // Rounding of positions of some dozen Å, through 120 steps.
      #expect(largestDifference(other.kinds[0].c1, base.kinds[0].c1) < 1e-8)
      #expect(largestDifference(other.kinds[0].c2, base.kinds[0].c2) < 1e-8)
      #expect(largestDifference(other.kinds[0].squaredAngle, base.kinds[0].squaredAngle) < 1e-6)
      #expect(other.kinds[0].reorientations == base.kinds[0].reorientations)
      for key in ["hops", "hops_near_units", "coincident_hops"] {
        #expect(other.summary["paddle_wheel"]?[key]?.double == base.summary["paddle_wheel"]?[key]?.double)
      }
      // Units in another order are shifted by other random times.
      if place < 3 { #expect(abs((other.diffusivityRatio?.value ?? 0) - ratio) < 1e-8) }
    }
    let one = try rotation.analyze(run, pool: WorkerPool(threads: 1))
    let two = try rotation.analyze(run, pool: WorkerPool(threads: 2))
    #expect(one.summary.json() == two.summary.json())
  }

  @Test func errorsSayHowToMendThem() throws {
    let units = try RotatingUnits(2)
    let still = [[Orientation]](repeating: units.centers.map { _ in .identity }, count: 50)
    let run = try units.frames(still)
    var rotation = RotatingUnits.settings(mobile: nil)
    #expect(try analysisError { _ = try rotation.analyze(run) }.message.contains("mobile none"))
    rotation = RotatingUnits.settings()
    rotation.window = 2
    #expect(try analysisError { _ = try rotation.analyze(run) }.code == .tooFewFrames)
    #expect(try analysisError { _ = try rotation.analyze([]) }.code == .noFrames)
    rotation.cutoffs = .perPair([SpeciesPair("P", "S")], [0.5])
    #expect(try analysisError { _ = try rotation.analyze(run) }.message.contains("no unit of at least three atoms"))
    let small = try Cell(lengths: Vector3(repeating: 4))
    let tight = try Configuration(
      cell: small, species: units.species, types: [0, 1, 1, 1, 1],
      positions: [.zero] + RotatingUnits.corners.map { small.wrap($0).position })
    #expect(try analysisError { _ = try RotatingUnits.settings().analyze([Frame(tight)]) }.message.contains("larger cell"))
    #expect(try analysisError { _ = try Analyses.job("rotation", settings: ["center": "P"]) }.message.contains("need both"))
    var untimed = run
    for index in untimed.indices { untimed[index].time = nil }
    #expect(try analysisError { _ = try RotatingUnits.settings().analyze(untimed) }.code == .unevenTimes)
  }
}
