import Analysis
import NumericalMethods
import Structures
import Testing

@Suite struct UnwrappingTests {
  @Test(arguments: Unwrapping.Scheme.allCases, [true, false]) func wrapThenUnwrapIsTheIdentity(scheme: Unwrapping.Scheme, flags: Bool)
    throws
  {
    if scheme == .images && !flags { return }
    var random = RandomStream(seed: 41)
    let tracks = randomWalks(atoms: 50, frames: 80, width: 0.6, random: &random)
    let trajectory = try frames(tracks, cell: { _ in try tiltedCell() }, species: try species("Li"), flags: flags)
    var unwrapping = Unwrapping(scheme)
    var crossed = false
    var start: [Vector3] = []
    for (number, frame) in trajectory.enumerated() {
      let positions = try unwrapping.next(frame, frameName: "frame \(number)")
      if number == 0 { start = positions }
      for i in positions.indices {
        // Eighty additions of numbers near 20 Å.
        let travelled = positions[i] - start[i]
        let expected = tracks[number][i] - tracks[0][i]
        #expect((travelled - expected).length < 1e-11)
        if (frame.configuration.positions[i] - tracks[number][i]).length > 1 { crossed = true }
      }
    }
    #expect(crossed)
  }

  /// A walker's steps, each added to where it stood in its cell and wrapped into the next cell, whose edges and angles swing by a few percent.
  @Test(arguments: [false, true], [false, true]) func walksInASwingingCellComeBack(isTriclinic: Bool, flags: Bool) throws {
    var random = RandomStream(seed: 44)
    let start = isTriclinic ? try tiltedCell().vectors : Matrix3(Vector3(11, 0, 0), Vector3(0, 13, 0), Vector3(0, 0, 12))
    var positions = (0..<40).map { _ in Vector3(random.uniform(), random.uniform(), random.uniform()) * start }
    var images = [SIMD3<Int32>](repeating: .zero, count: 40)
    var walked = [Vector3](repeating: .zero, count: 40)
    var unwrapping = Unwrapping(.toroidal)
    var first: [Vector3] = []
    for number in 0..<200 {
      var cell = try Cell(vectors: start)
      if number > 0 {
        let rows = (0..<3).map { row in
          start[row] * (1 + 0.02 * random.normal())
            + (isTriclinic ? Vector3(random.normal(), random.normal(), random.normal()) * 0.1 : .zero)
        }
        cell = try Cell(vectors: Matrix3(rows[0], rows[1], rows[2]))
        for atom in positions.indices {
          let step = Vector3(random.normal(), random.normal(), random.normal()) * 0.5
          walked[atom] += step
          positions[atom] += step
        }
      }
      for atom in positions.indices {
        let (position, image) = cell.wrap(positions[atom])
        positions[atom] = position
        images[atom] = images[atom] &+ image
      }
      var configuration = try Configuration(
        cell: cell, species: try species("Li"), types: [Int32](repeating: 0, count: 40), positions: positions)
      if flags { configuration.images = images }
      let unwrapped = try unwrapping.next(Frame(configuration), frameName: "frame \(number)")
      if number == 0 { first = unwrapped }
      // Two hundred additions of numbers near 20 Å, and as many edges added and taken away.
      for atom in positions.indices { #expect((unwrapped[atom] - first[atom] - walked[atom]).length < 1e-10) }
    }
    // The walk has left its cell, so that something was there to unwrap.
    #expect(walked.contains { abs($0.x) > 12 })
  }

  /// A breathing cube in which atoms stand still in fractional coordinates of their own cell, many edges away from it.
  @Test func breathingCell() throws {
    let edge = { (frame: Int) in frame % 2 == 0 ? 10.0 : 10.4 }
    let flags = SIMD3<Int32>(5, 0, 0)
    let trajectory = try (0..<20).map { number -> Frame in
      var configuration = try Configuration(
        cell: Cell(lengths: Vector3(repeating: edge(number))), species: try species("Li"), types: [0],
        positions: [Vector3(repeating: 0.5 * edge(number))])
      configuration.images = [flags]
      return Frame(configuration)
    }
    func squared(_ scheme: Unwrapping.Scheme) throws -> Double {
      var parameters = MeanSquaredDisplacement()
      parameters.tracks.unwrapping = scheme
      return try parameters.analyze(trajectory).all.values[1]
    }
    // Toroidal: 0.2 Å in each direction. Lattice view: the edges between add 5 · 0.4 Å in x.
    #expect(abs(try squared(.toroidal) - 3 * 0.04) < 1e-9)
    let lattice = 2.2 * 2.2 + 2 * 0.04
    #expect(abs(try squared(.images) - lattice) < 1e-9)
  }

  /// In a cell that breathes by chance, the lattice view gives a walker far away a diffusion that it has not.
  @Test func onlyToroidalStepsAreTheWalkersOwn() throws {
    var random = RandomStream(seed: 42)
    let edges = (0..<100).map { _ in 10 + 0.2 * random.normal() }
    var position = (0..<60).map { _ in Vector3(random.uniform(), random.uniform(), random.uniform()) * 10 }
    var images = [SIMD3<Int32>](repeating: SIMD3(3, 0, 0), count: 60)
    var trajectory: [Frame] = []
    for edge in edges {
      let cell = try Cell(lengths: Vector3(repeating: edge))
      var configuration = try Configuration(
        cell: cell, species: try species("Li"), types: [Int32](repeating: 0, count: 60),
        positions: position.map { $0 + Vector3(random.normal(), random.normal(), random.normal()) })
      configuration.images = images
      configuration.wrap()
      trajectory.append(Frame(configuration))
      position = configuration.positions
      images = configuration.images
    }
    func curve(_ scheme: Unwrapping.Scheme) throws -> DisplacementResult.Curve {
      var parameters = MeanSquaredDisplacement()
      parameters.tracks.unwrapping = scheme
      return try parameters.analyze(trajectory).all
    }
    // Steps of unit width: 3 Å² a frame, the walk being built of wrapped positions and the cell it steps into.
    let toroidal = try curve(.toroidal)
    for lag in [1, 10, 40] {
      let expected = 3 * Double(lag)
      #expect(abs(toroidal.values[lag] - expected) < 4 * toroidal.error[lag], "\(lag)")
    }
    // Three edges away, the momentary cell adds 2 (3 · 0.2 Å)² = 0.7 Å² in each frame.
    let lattice = try curve(.images)
    #expect(lattice.values[1] > toroidal.values[1] + 0.5)
  }

  /// Unwrapped coordinates (xu yu zu) in a cell that stays, then in one that swings, then wrapped ones with flags.
  @Test(arguments: [Unwrapping.Scheme.toroidal, .images]) func unwrappedCoordinatesAreAsGoodAsFlags(scheme: Unwrapping.Scheme) throws {
    var random = RandomStream(seed: 45)
    let tracks = randomWalks(atoms: 30, frames: 60, width: 0.6, random: &random)
    let start = try tiltedCell().vectors
    let swing = (0..<60).map { $0 < 20 ? 1 : 1 + 0.02 * random.normal() }
    let flagged = try frames(tracks, cell: { try Cell(vectors: start * swing[$0]) }, species: try species("Li"))
    var (byFlags, byCoordinates) = (Unwrapping(scheme), Unwrapping(scheme))
    for (number, frame) in flagged.enumerated() {
      var unwrapped = frame
      if number < 40 {
        let images = frame.configuration.images
        for atom in images.indices {
          let image = Vector3(Double(images[atom].x), Double(images[atom].y), Double(images[atom].z))
          unwrapped.configuration.positions[atom] += image * frame.configuration.cell.vectors
        }
        unwrapped.configuration.images = []
        unwrapped.isUnwrapped = true
      }
      let expected = try byFlags.next(frame, frameName: "frame \(number)")
      let positions = try byCoordinates.next(unwrapped, frameName: "frame \(number)")
      for atom in positions.indices { #expect((positions[atom] - expected[atom]).length < 1e-10) }
    }
  }

  /// Unwrapped coordinates that nobody calls so, in a cell that breathes: the same steps as where they are called so.
  @Test func farFromTheCellIsAsNear() throws {
    let trajectory = try (0..<20).map { number -> Frame in
      let edge = number % 2 == 0 ? 10.0 : 10.4
      return Frame(
        try Configuration(
          cell: Cell(lengths: Vector3(repeating: edge)), species: try species("Li"), types: [0],
          positions: [Vector3(20.5, 0.5, 0.5) * edge]))
    }
    let told = trajectory.map { frame in
      var frame = frame
      frame.isUnwrapped = true
      return frame
    }
    let value = try MeanSquaredDisplacement().analyze(trajectory).all.values[1]
    #expect(abs(value - 3 * 0.04) < 1e-9)
    #expect(abs(try MeanSquaredDisplacement().analyze(told).all.values[1] - value) < 1e-9)
  }

  @Test func aFlippedCellIsTheSameLattice() throws {
    // LAMMPS flips a strong tilt: b becomes b - a, and flags count anew.
    let before = Matrix3(Vector3(12, 0, 0), Vector3(6.1, 12, 0), Vector3(0, 0, 12))
    let after = Matrix3(Vector3(12, 0, 0), Vector3(-5.9, 12, 0), Vector3(0, 0, 12))
    var random = RandomStream(seed: 43)
    let tracks = randomWalks(atoms: 40, frames: 30, width: 0.5, random: &random)
    let trajectory = try frames(tracks, cell: { try Cell(vectors: $0 < 15 ? before : after) }, species: try species("Li"))
    for scheme in [Unwrapping.Scheme.toroidal, .images] {
      var parameters = MeanSquaredDisplacement()
      parameters.tracks.unwrapping = scheme
      let result = try parameters.analyze(trajectory)
      #expect(abs(result.all.values[9] - directDisplacement(tracks, atoms: Array(0..<40), lag: 9)) < 1e-9, "\(scheme)")
    }
  }

  @Test(arguments: [Unwrapping.Scheme.toroidal, .heuristic]) func tooLargeJumpNamesFrameAndAtom(scheme: Unwrapping.Scheme) throws {
    var tracks = (0..<6).map { _ in (0..<5).map { Vector3(Double($0), 1, 1) } }
    for frame in 4..<6 { tracks[frame][2] += Vector3(0, 5.2, 0) }
    let trajectory = try frames(tracks, cell: { _ in try Cell(lengths: Vector3(repeating: 12)) }, species: try species("Li"), flags: false)
    var parameters = MeanSquaredDisplacement()
    parameters.tracks.unwrapping = scheme
    let error = #expect(throws: StructuresError.self) { try parameters.analyze(trajectory) }
    #expect(error?.code == .ambiguousDisplacement)
    let message = try #require(error?.message)
    #expect(message.contains("atom 3 (Li)") && message.contains("frame 4 (step 400)") && message.contains("5.2 Å"))
  }

  @Test func imagesNeedFlags() throws {
    let trajectory = try frames(
      [[.zero], [.zero]], cell: { _ in try tiltedCell() }, species: try species("Li"), flags: false)
    var parameters = MeanSquaredDisplacement()
    parameters.tracks.unwrapping = .images
    let error = #expect(throws: StructuresError.self) { try parameters.analyze(trajectory) }
    #expect(error?.code == .inconsistentArrays && error?.message.contains("ix iy iz") == true)
  }
}
