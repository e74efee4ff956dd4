import NumericalMethods
import Structures
import Testing

@testable import Analysis

@Suite struct MeanSquaredDisplacementTests {
  /// Frames of lithium at unwrapped positions, wrapped into a cell.
  private func frames(
    _ tracks: [[Vector3]], cell: Cell, wrapped: Bool = true, images: Bool = false, symbols: [String] = ["Li"], types: [Int32]? = nil
  ) throws -> [Frame] {
    try tracks.map { positions in
      var configuration = try Configuration(
        cell: cell, species: symbols.map(species), types: types ?? [Int32](repeating: 0, count: positions.count), positions: positions)
      if wrapped { configuration.wrap() }
      if !images { configuration.images = [] }
      var frame = Frame(configuration)
      frame.isUnwrapped = !wrapped
      return frame
    }
  }

  private func walk(atoms: Int, frames: Int, step: Double, seed: UInt64, in cell: Cell) -> [[Vector3]] {
    var random = RandomStream(seed: seed)
    var positions = (0..<atoms).map { _ in cell.cartesian(Vector3(random.uniform(), random.uniform(), random.uniform())) }
    var tracks = [positions]
    for _ in 1..<frames {
      for i in positions.indices { positions[i] += Vector3(random.normal(), random.normal(), random.normal()) * step }
      tracks.append(positions)
    }
    return tracks
  }

  /// The definition, by two loops.
  private func direct(_ tracks: [[Vector3]]) -> [Double] {
    tracks.indices.map { lag in
      var sum = 0.0
      for origin in 0..<tracks.count - lag {
        for atom in tracks[0].indices { sum += (tracks[origin + lag][atom] - tracks[origin][atom]).squaredLength }
      }
      return sum / Double((tracks.count - lag) * tracks[0].count)
    }
  }

  @Test func agreesWithMDAnalysisAndFreudOnATriclinicNPTDump() throws {
    let golden = try GoldenTrajectory.values()
    var parameters = MeanSquaredDisplacement()
    parameters.unwrapping = .images
    let fromImages = try parameters.analyze(GoldenTrajectory.frames(.wrappedWithImages), pool: WorkerPool(threads: 2))
    let fromUnwrapped = try parameters.analyze(GoldenTrajectory.frames(.unwrapped))
    parameters.unwrapping = .toroidal
    let toroidal = try parameters.analyze(GoldenTrajectory.frames(.wrappedWithImages))
    let toroidalFromUnwrapped = try parameters.analyze(GoldenTrajectory.frames(.unwrapped))
    for (label, expected) in golden.msd {
      for lag in 1..<45 {
        // MDAnalysis and freud keep positions up to 50 Å in single precision, 2e-6 Å, and the file has five decimals.
        func close(_ value: Double?, _ reference: Double) -> Bool { abs((value ?? .nan) - reference) < 1e-6 * max(1, reference) }
        #expect(close(fromUnwrapped[label]?.values[lag], expected.mdanalysis[lag]))
        #expect(close(fromUnwrapped[label]?.directions[0][lag], expected.x[lag]))
        #expect(close(fromUnwrapped[label]?.directions[1][lag], expected.y[lag]))
        #expect(close(fromUnwrapped[label]?.directions[2][lag], expected.z[lag]))
        #expect(close(fromImages[label]?.values[lag], expected.mdanalysis[lag]))
        // freud's Fourier transform is in single precision.
        #expect(abs((fromUnwrapped[label]?.values[lag] ?? .nan) - expected.freud[lag]) < 2e-6 * max(500, expected.freud[lag]))
        #expect(close(toroidal[label]?.values[lag], expected.toroidal[lag]))
        #expect(close(toroidalFromUnwrapped[label]?.values[lag], expected.toroidal[lag]))
      }
    }
    // The barostat makes the difference that the scheme is about.
    #expect(abs((toroidal["Ar"]?.values[40] ?? 0) / (fromImages["Ar"]?.values[40] ?? 1) - 1) > 0.1)
  }

  @Test(arguments: [2, 3, 17, 64, 100]) func transformAgreesWithTwoLoops(count: Int) throws {
    let cell = try skewedCell()
    let tracks = walk(atoms: 37, frames: count, step: 0.3, seed: 4, in: cell)
    let result = try MeanSquaredDisplacement().analyze(frames(tracks, cell: cell), pool: WorkerPool(threads: 2))
    for (fast, plain) in zip(result.all.values, direct(tracks)) {
      // Sums of squares of some 10 Å² cancel; wrapping adds rounding of 1e-15 a step.
      #expect(abs(fast - plain) < 1e-11 * max(1, plain))
    }
  }

  @Test(arguments: Unwrapping.Scheme.allCases) func wrappingThenUnwrappingIsTheIdentity(scheme: Unwrapping.Scheme) throws {
    let cell = try skewedCell()
    let tracks = walk(atoms: 50, frames: 200, step: 0.4, seed: 8, in: cell)
    var unwrapping = Unwrapping(scheme)
    for (number, frame) in try frames(tracks, cell: cell, images: scheme == .images).enumerated() {
      let positions = try unwrapping.next(frame, frameName: "frame \(number)")
      for atom in positions.indices {
        // 200 steps, each rounded at 1e-15 of 100 Å. The first frame may lie a lattice vector away, for all frames.
        let shift = tracks[0][atom] - cell.wrap(tracks[0][atom]).position
        let offset = scheme == .images ? Vector3.zero : shift
        #expect((positions[atom] + offset - tracks[number][atom]).length < 1e-10)
      }
    }
  }

  @Test func breathingCellMovesNobody() throws {
    // Atoms at rest in the cell of each frame but far from home: only the sum of steps sees that they stand still.
    let mean = try skewedCell()
    var random = RandomStream(seed: 3)
    let fractional = (0..<40).map { _ in Vector3(random.uniform(), random.uniform(), random.uniform()) }
    let homes = (0..<40).map { _ in SIMD3<Int32>(Int32.random(in: -9...9, using: &random), 7, -5) }
    let frames = try (0..<64).map { number -> Frame in
      let strain = 0.02 * (number % 2 == 0 ? 1 : -1)
      let cell = try mean.deformed(by: Matrix3(diagonal: Vector3(1 + strain, 1 - strain, 1 + strain / 2)))
      var configuration = try Configuration(
        cell: cell, species: [species("Li")], types: [Int32](repeating: 0, count: 40), positions: fractional.map(cell.cartesian))
      configuration.images = homes
      return Frame(configuration)
    }
    var parameters = MeanSquaredDisplacement()
    let toroidal = try parameters.analyze(frames)
    parameters.unwrapping = .images
    let images = try parameters.analyze(frames)
    // Within the cell atoms move by up to 4 % of its 20 Å; nine cells away by many times that.
    #expect(toroidal.all.values[1] < 1)
    #expect(images.all.values[1] > 10)
    // Without flags, the shortest image of each step tells the same.
    var bare = frames
    for i in bare.indices { bare[i].configuration.images = [] }
    parameters.unwrapping = .toroidal
    let withoutFlags = try parameters.analyze(bare)
    #expect(zip(withoutFlags.all.values, toroidal.all.values).allSatisfy { abs($0 - $1) < 1e-9 })
  }

  @Test func walkInABreathingCellComesBackExactly() throws {
    // A walk of steps, wrapped into cells that change: the toroidal scheme must give back the sum of the steps.
    let mean = try skewedCell()
    var random = RandomStream(seed: 12)
    var wrapped = mean.cartesian(Vector3(0.3, 0.6, 0.9))
    var track = wrapped
    var unwrapping = Unwrapping(.toroidal)
    for number in 0..<500 {
      let strain = Vector3(random.normal(), random.normal(), random.normal()) * 0.01
      let cell = try mean.deformed(by: Matrix3(diagonal: 1 + strain))
      if number > 0 {
        let step = Vector3(random.normal(), random.normal(), random.normal()) * 0.3
        wrapped = cell.wrap(wrapped + step).position
        track += step
      } else {
        wrapped = cell.wrap(wrapped).position
        track = wrapped
      }
      let frame = Frame(try Configuration(cell: cell, species: [species("Li")], types: [0], positions: [wrapped]))
      let position = try unwrapping.next(frame, frameName: "frame \(number)")[0]
      #expect((position - track).length < 1e-9)
    }
  }

  @Test func ballisticMotionAndLags() throws {
    let cell = try Cell(lengths: Vector3(10, 11, 12))
    let velocity = Vector3(0.3, -0.2, 0.5)
    let tracks = (0..<40).map { frame in [Vector3(1, 2, 3) + velocity * Double(frame), Vector3(4, 4, 4) - velocity * Double(frame)] }
    let job = try Analyses.job("msd", settings: ["lags": "1,2,10", "dt": "50 fs", "frames": "0::3", "species": "Li"])
    let outcome = try AnalysisRunner([job], pool: WorkerPool(threads: 1)).run(frames(tracks, cell: cell))
    let result = try #require(outcome.results[0] as? DisplacementResult)
    // Every third frame: one lag is three steps, 150 fs.
    #expect(abs((result.frameInterval ?? 0) - 0.15) < 1e-15)
    for lag in 1..<14 {
      #expect(abs(result.all.values[lag] - velocity.squaredLength * 9 * Double(lag * lag)) < 1e-10)
      #expect(abs(result.all.directions[2][lag] - 0.25 * 9 * Double(lag * lag)) < 1e-10)
    }
    guard case .array(let lags) = result.summary["lag_frames"], case .array(let msd) = result.summary["msd_A2"] else {
      Issue.record("the summary has no lag_frames and msd_A2")
      return
    }
    #expect(lags.compactMap(\.double) == [1, 2, 10])
    #expect(abs((msd[2].double ?? 0) - velocity.squaredLength * 900) < 1e-9)
  }

  @Test func randomWalkHasSixDt() throws {
    let cell = try Cell(lengths: Vector3(20, 20, 20))
    let tracks = walk(atoms: 400, frames: 300, step: 0.5, seed: 17, in: cell)
    let result = try MeanSquaredDisplacement().analyze(frames(tracks, cell: cell), pool: WorkerPool(threads: 2))
    for lag in [1, 5, 20, 60] {
      // 3 σ² a step. Five standard errors, which themselves must be of the right size: the relative error of the mean over
      // N atoms and K independent stretches of three normal components is sqrt(2 / (3 N K)) at least.
      let expected = 3 * 0.25 * Double(lag)
      let error = result.all.error[lag]
      #expect(abs(result.all.values[lag] - expected) < 5 * error)
      let least = expected * (2 / (3 * 400 * Double(300 / lag))).squareRoot()
      #expect(error > 0.5 * least && error < 4 * least)
    }
  }

  @Test func driftOfAGroupIsRemoved() throws {
    let cell = try Cell(lengths: Vector3(15, 15, 15))
    let types = (0..<30).map { Int32($0 < 20 ? 0 : $0 < 25 ? 1 : 2) }
    let still = walk(atoms: 30, frames: 50, step: 0, seed: 1, in: cell)
    var moving = still
    for frame in moving.indices {
      for atom in 0..<30 {
        // All drift; lithium moves 0.1 Å a frame on top.
        moving[frame][atom] += Vector3(0.2, 0.1, 0) * Double(frame)
        if atom < 20 { moving[frame][atom] += Vector3(0, 0, 0.1) * Double(frame) }
      }
    }
    let input = try frames(moving, cell: cell, symbols: ["Li", "P", "S"], types: types)
    var parameters = MeanSquaredDisplacement()
    parameters.driftSpecies = ["P", "S"]
    let result = try parameters.analyze(input)
    #expect(abs((result["Li"]?.values[10] ?? 0) - 1) < 1e-10)
    #expect((result["P"]?.values[10] ?? 1) < 1e-10)
    #expect(result.warnings.allSatisfy { !$0.contains("centre of mass") })
    parameters.driftSpecies = []
    let kept = try parameters.analyze(input)
    #expect(abs((kept["P"]?.values[10] ?? 0) - 5) < 1e-10)
    #expect(kept.warnings.contains { $0.contains("centre of mass") })
    parameters.driftSpecies = ["all"]
    let all = try parameters.analyze(input)
    // The mass-weighted mean of the lithium's own motion stays behind.
    let masses = input[0].configuration.masses
    let share = masses[..<20].reduce(0, +) / masses.reduce(0, +)
    #expect(abs((all["P"]?.values[10] ?? 0) - share * share) < 1e-10)
  }

  @Test func shuffledFramesAreSortedByIdentifier() throws {
    let cell = try skewedCell()
    let tracks = walk(atoms: 12, frames: 20, step: 0.3, seed: 4, in: cell)
    var input = try frames(tracks, cell: cell)
    var random = RandomStream(seed: 9)
    for i in input.indices {
      let order = (0..<12).shuffled(using: &random)
      input[i].configuration.identifiers = order.map { 100 + $0 }
      input[i].configuration.positions = order.map { input[i].configuration.positions[$0] }
    }
    let result = try MeanSquaredDisplacement().analyze(input)
    for (fast, plain) in zip(result.all.values, direct(tracks)) { #expect(abs(fast - plain) < 1e-11 * max(1, plain)) }
  }

  @Test func threadsChangeNoBit() throws {
    let cell = try skewedCell()
    let input = try frames(walk(atoms: 70, frames: 90, step: 0.3, seed: 4, in: cell), cell: cell)
    let results = try [1, 2, 4].map { try MeanSquaredDisplacement().analyze(input, pool: WorkerPool(threads: $0)).all }
    #expect(results.allSatisfy { $0.values == results[0].values && $0.error == results[0].error })
  }

  @Test func badInputIsExplained() throws {
    let cell = try Cell(lengths: Vector3(10, 10, 10))
    var input = try frames([[Vector3(1, 1, 1)], [Vector3(1, 1, 1)], [Vector3(5.5, 1, 1)]], cell: cell)
    for i in input.indices { input[i].configuration.identifiers = [77] }
    func message(_ settings: [String: String], _ frames: [Frame]) -> String {
      do {
        _ = try AnalysisRunner([Analyses.job("msd", settings: settings)], pool: WorkerPool(threads: 1)).run(frames)
        return ""
      } catch {
        return "\(error)"
      }
    }
    let far = message([:], input)
    #expect(far.contains("atom 77 (Li)") && far.contains("frame 2") && far.contains("4.5"))
    #expect(message(["unwrap": "heuristic"], input).contains("atom 77"))
    #expect(message(["unwrap": "images"], input).contains("image flags"))
    #expect(message(["unwrap": "toroid"], input).contains("did you mean \"toroidal\""))
    #expect(message(["lags": "1,9"], Array(input[..<2])).contains("lag of 9"))
    #expect(message(["frames": "1"], input).contains("two frames"))
    #expect(message(["frames": "9:"], input).contains("got no frame"))
    #expect(message(["dt": "50"], input).contains("unit"))
    #expect(message([:], []).contains("no complete frame"))
    input[0].step = 0
    input[1].step = 10
    input[2].step = 30
    #expect(message([:], input).contains("20 steps after"))
    #expect(message(["unwrp": "images"], input).contains("did you mean \"unwrap\""))

    let context = AnalysisContext(pool: WorkerPool(threads: 1), memoryLimit: 30)
    var accumulator = MeanSquaredDisplacement().makeAccumulator(in: context)
    try accumulator.add(input[0])
    #expect(accumulator.memoryInBytes == 24)
    let error = #expect(throws: AnalysisError.self) { try accumulator.add(input[1]) }
    #expect(error?.code == .tooMuchMemory)
  }
}
