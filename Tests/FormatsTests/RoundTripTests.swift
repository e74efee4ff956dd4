import Foundation
import NumericalMethods
import Structures
import Testing

@testable import Formats

/// What is written reads back to the same bits.
struct RoundTripTests {
  /// A configuration of random atoms in a cell of LAMMPS's orientation, with all that formats can carry.
  private static func frame(seed: UInt64, atoms: Int = 40) throws -> Frame {
    var generator = Seeded(state: seed)
    func random(_ range: ClosedRange<Double>) -> Double { Double.random(in: range, using: &generator) }
    func vector(_ scale: Double) -> Vector3 { Vector3(random(-scale...scale), random(-scale...scale), random(-scale...scale)) }
    let isTilted = seed % 2 == 1
    let cell = try Cell(
      vectors: Matrix3(
        Vector3(random(8...20), 0, 0), Vector3(isTilted ? random(-5...5) : 0, random(8...20), 0),
        Vector3(isTilted ? random(-5...5) : 0, isTilted ? random(-5...5) : 0, random(8...20))),
      origin: seed % 3 == 0 ? vector(10) : .zero)
    let species = [
      try Species.list("Li")[0], Species(try #require(Element(symbol: "S")), label: "S4", mass: 32.066), try Species.list("P")[0],
    ]
    let types = (0..<atoms).map { _ in Int32.random(in: 0..<3, using: &generator) }
    let positions = (0..<atoms).map { _ in cell.cartesian(Vector3(random(0...1), random(0...1), random(0...1))) }
    var configuration = try Configuration(cell: cell, species: species, types: [0, 1, 2] + types.dropFirst(3), positions: positions)
    configuration.velocities = (0..<atoms).map { _ in vector(10) }
    configuration.charges = (0..<atoms).map { _ in random(-2...2) }
    configuration.images = (0..<atoms).map { _ in
      SIMD3<Int32>(.random(in: -9...9, using: &generator), .random(in: -9...9, using: &generator), 0)
    }
    configuration.wrap()
    if seed % 5 == 0 { configuration.identifiers = (0..<atoms).map { 10 * $0 + 7 } }
    configuration.molecules = (0..<atoms).map { Int32($0 / 4) }
    configuration.topology.bonds = [.init(type: 1, atoms: SIMD2(3, 0)), .init(type: 0, atoms: SIMD2(1, 2))]
    configuration.topology.angles = [.init(type: 0, atoms: SIMD3(5, 4, 3))]
    configuration.topology.dihedrals = [.init(type: 0, atoms: SIMD4(5, 4, 3, 9))]
    configuration.topology.impropers = [.init(type: 2, atoms: SIMD4(9, 4, 3, 5))]
    var frame = Frame(configuration)
    frame.step = Int(seed) * 100
    frame.time = random(0...1000)
    frame.energy = random(-1000...0)
    frame.forces = (0..<atoms).map { _ in vector(3) }
    frame.stress = Matrix3(vector(0.1), vector(0.1), vector(0.1))
    frame.columns["softness"] = (0..<atoms).map { _ in random(-1...1) }
    return frame
  }

  private static func throughFile(_ frame: Frame, _ name: String) throws -> Frame {
    try Support.withTemporaryFile(name) { path in
      try FileFormats.write(frame, to: path, options: WriteOptions(includesTime: true))
      let (read, warnings) = try FileFormats.readFrame(path: path)
      #expect(warnings.isEmpty, "\(warnings)")
      return read
    }
  }

  /// Kinds of sulfur and phosphorus whose labels are symbols of other elements are told by their mass, in our own files without a word.
  @Test func labelsOfOtherElements() throws {
    let (sulfur, phosphorus) = (try #require(Element(symbol: "S")), try #require(Element(symbol: "P")))
    let configuration = try Configuration(
      cell: Cell(lengths: Vector3(9, 9, 9)), species: [Species(sulfur, label: "Sc"), Species(phosphorus, label: "Pa")], types: [0, 1],
      positions: [.zero, Vector3(2, 0, 0)])
    let read = try Self.throughFile(Frame(configuration), "labels.data")
    #expect(read.configuration.species.map(\.element) == [sulfur, phosphorus])
    try Support.withTemporaryFile("foreign.data") { path in
      try FileFormats.write(Frame(configuration), to: path)
      let text = try String(contentsOfFile: path, encoding: .utf8).replacingOccurrences(of: "Vitrolyte", with: "another program")
      try text.write(toFile: path, atomically: true, encoding: .utf8)
      #expect(try FileFormats.readFrame(path: path).warnings.count == 2)
    }
  }

  @Test(arguments: UInt64(0)..<12)
  func lammpsData(_ seed: UInt64) throws {
    let frame = try Self.frame(seed: seed)
    let read = try Self.throughFile(frame, "glass.data").configuration
    let written = frame.configuration
    // The corner of a box that does not start at zero may cost the length its last bit.
    for axis in 0..<3 { #expect((read.cell.vectors[axis] - written.cell.vectors[axis]).length <= 1e-14) }
    #expect(read.cell.origin == written.cell.origin)
    #expect(read.positions == written.positions)
    #expect(read.velocities == written.velocities)
    #expect(read.images == written.images)
    #expect(read.charges == written.charges)
    #expect(read.types == written.types)
    #expect(read.species == written.species)
    #expect(read.identifiers == written.identifiers)
    #expect(read.molecules == written.molecules)
    #expect(read.topology == written.topology)
  }

  @Test(arguments: UInt64(0)..<12, ["t.lammpstrj", "t.dump.gz", "t.dump.zst"])
  func lammpsDump(_ seed: UInt64, _ name: String) throws {
    let frame = try Self.frame(seed: seed)
    let read = try Self.throughFile(frame, name)
    let (first, second) = (read.configuration, frame.configuration)
    // The bounding box and back: a few roundings of some 20 Å.
    for axis in 0..<3 { #expect((first.cell.vectors[axis] - second.cell.vectors[axis]).length <= 2e-14) }
    #expect(zip(first.positions, second.positions).allSatisfy { ($0 - $1).length < 1e-13 })
    #expect(first.images == second.images)
    #expect(first.velocities == second.velocities)
    #expect(first.charges == second.charges)
    #expect(first.types == second.types)
    #expect(first.species.map(\.label) == second.species.map(\.label))
    #expect(first.identifiers == second.identifiers)
    #expect(read.forces == frame.forces)
    #expect(read.step == frame.step && read.time == frame.time)
  }

  @Test(arguments: UInt64(0)..<12)
  func extendedXYZ(_ seed: UInt64) throws {
    var frame = try Self.frame(seed: seed)
    frame.configuration.topology = Topology()
    if seed % 4 == 0 { frame.configuration.cell = try Cell(vectors: frame.configuration.cell.vectors, periodic: [true, false, true]) }
    frame.configuration.wrap()
    let read = try Self.throughFile(frame, "t.xyz.zst")
    let (first, second) = (read.configuration, frame.configuration)
    #expect(first.cell == second.cell)
    #expect(first.positions == second.positions)
    #expect(first.velocities == second.velocities)
    #expect(first.images == second.images)
    #expect(first.charges == second.charges)
    #expect(first.types == second.types && first.species == second.species)
    #expect(first.identifiers == second.identifiers && first.molecules == second.molecules)
    #expect(read.forces == frame.forces && read.stress == frame.stress && read.energy == frame.energy)
    #expect(read.step == frame.step && read.time == frame.time)
    #expect(read.columns["softness"] == frame.columns["softness"])
  }

  @Test(arguments: UInt64(0)..<6)
  func poscar(_ seed: UInt64) throws {
    var frame = try Self.frame(seed: seed)
    // Positions are written along the edges, so that the last bits are lost; ordered by species.
    frame.configuration.species[1].label = "S"
    let read = try Self.throughFile(frame, "POSCAR_new").configuration
    let types = frame.configuration.types
    let order: [Int] = (0..<3).flatMap { (type: Int32) in types.indices.filter { types[$0] == type } }
    #expect(read.cell.vectors == frame.configuration.cell.vectors)
    let origin = frame.configuration.cell.origin
    for (atom, source) in order.enumerated() {
      #expect((read.positions[atom] + origin - frame.configuration.positions[source]).length < 1e-13)
      #expect((read.velocities[atom] - frame.configuration.velocities[source]).length < 1e-14)
    }
  }

  /// A cell in general orientation is turned; distances, angles and speeds stay.
  @Test(arguments: ["g.data", "g.dump"])
  func generalCellsAreTurned(_ name: String) throws {
    var generator = Seeded(state: 11)
    func vector() -> Vector3 {
      Vector3(.random(in: -1...1, using: &generator), .random(in: -1...1, using: &generator), .random(in: -1...1, using: &generator))
    }
    for _ in 0..<20 {
      let vectors = Matrix3(Vector3(8, 1, 2) + vector(), Vector3(-1, 9, 1) + vector(), Vector3(1, -2, 7) + vector())
      let cell = try Cell(vectors: vectors, origin: vector())
      var configuration = try Configuration(
        cell: cell, species: try Species.list("Si"), types: [Int32](repeating: 0, count: 10),
        positions: (0..<10).map { _ in cell.cartesian((vector() + 1) * 0.5) })
      configuration.velocities = (0..<10).map { _ in vector() * 8 }
      configuration.wrap()
      let read = try Self.throughFile(Frame(configuration), name).configuration
      #expect(abs(read.cell.volume / cell.volume - 1) < 1e-13)
      // A general cell becomes one with a along x; its metric stays, to rounding of some 10 Å.
      for i in 0..<10 {
        for j in 0..<i {
          let before = cell.minimumImage(configuration.positions[i] - configuration.positions[j]).length
          let after = read.cell.minimumImage(read.positions[i] - read.positions[j]).length
          #expect(abs(before - after) < 1e-12)
          #expect(abs(configuration.velocities[i].dot(configuration.velocities[j]) - read.velocities[i].dot(read.velocities[j])) < 1e-11)
        }
        // Velocities turn with the atoms.
        let along = configuration.velocities[i].dot(configuration.positions[i] - cell.origin)
        #expect(abs(along - read.velocities[i].dot(read.positions[i] - read.cell.origin)) < 1e-10)
      }
    }
  }
}
