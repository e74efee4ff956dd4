import NumericalMethods
import Structures
import Testing

@testable import Reporting

@Suite struct SnapshotTests {
  static func pair(_ separation: Vector3) throws -> Configuration {
    let elements = try ["Si", "O"].map { Species(try #require(Element(symbol: $0))) }
    return try Configuration(
      cell: Cell(lengths: Vector3(10, 10, 10)), species: elements, types: [0, 1],
      positions: [Vector3(5, 5, 5), Vector3(5, 5, 5) + separation])
  }

  @Test(arguments: [false, true], [Snapshot.Bonds.none, .covalent])
  func glassIsSmallAndWellFormed(skewed: Bool, bonds: Snapshot.Bonds) throws {
    let svg = try Snapshot(GlassExample.packing(skewed: skewed), bonds: bonds).svg()
    let check = MarkupCheck(svg)
    #expect(check.faults.isEmpty)
    #expect(svg.utf8.count < 250_000, "\(svg.utf8.count) bytes")
    // Four spheres stand in the key.
    let uses = (check.elements["use"] ?? 0) - 4
    #expect(uses > 700 && uses <= 1500, "\(uses) of 1500 atoms are seen")
    for symbol in ["Li", "B", "O", "P", "Å"] { #expect(check.text.contains(symbol)) }
    #expect(!svg.contains("nan") && !svg.contains("inf"))
  }

  @Test func hiddenAtomsAreLeftOut() throws {
    // The eye looks along the third row of the rotation.
    let towards = SnapshotView.standard.rotation[2]
    // Silicon is the larger sphere: it hides the oxygen behind it, and the oxygen before it hides only its middle.
    #expect(try Snapshot(Self.pair(towards * -2)).scene.atoms.count == 1)
    #expect(try Snapshot(Self.pair(towards * 2)).scene.atoms.count == 2)
    let depths = try Snapshot(GlassExample.packing()).scene.atoms.map(\.center.z)
    #expect(zip(depths, depths.dropFirst()).allSatisfy { $0 <= $1 }, "from back to front")
  }

  @Test func rotationIsProper() {
    for view in [SnapshotView.standard, SnapshotView(azimuth: 0, elevation: 0), SnapshotView(azimuth: 200, elevation: 90)] {
      let product = view.rotation * view.rotation.transposed
      // A few roundings of sines and cosines.
      for row in 0..<3 { #expect((product[row] - Matrix3.identity[row]).length < 1e-14) }
      #expect(abs(view.rotation.determinant - 1) < 1e-14)
    }
    // From the front, x is to the right and z up.
    let front = SnapshotView(azimuth: 0, elevation: 0).rotation
    #expect((front * Vector3(1, 0, 0) - Vector3(1, 0, 0)).length < 1e-14)
    #expect((front * Vector3(0, 0, 1) - Vector3(0, 1, 0)).length < 1e-14)
  }

  @Test func atomsOutsideAreWrapped() throws {
    var moved = try GlassExample.packing(skewed: true)
    let scene = try Snapshot(moved).scene
    for atom in moved.positions.indices { moved.positions[atom] += Double(atom % 5 - 2) * moved.cell.vectors[atom % 3] }
    let again = try Snapshot(moved).scene
    // Atoms at an edge may wrap to the other side by rounding; there are none here.
    #expect(again.atoms.count == scene.atoms.count)
    #expect(zip(scene.atoms, again.atoms).allSatisfy { ($0.center - $1.center).length < 1e-9 })
  }

  @Test func bondsJoinFormersAndOxygen() throws {
    #expect(try Snapshot(Self.pair(Vector3(1.6, 0, 0)), bonds: .covalent).scene.bonds.count == 1)
    #expect(try Snapshot(Self.pair(Vector3(2.6, 0, 0)), bonds: .covalent).scene.bonds.isEmpty)
    // Across an edge of the cell a stick would cut through the picture.
    var across = try Self.pair(Vector3(1.6, 0, 0))
    across.positions = across.positions.map { $0 + Vector3(4, 0, 0) }
    #expect(try Snapshot(across, bonds: .covalent).scene.bonds.isEmpty)
    let ionic = try Configuration(
      cell: Cell(lengths: Vector3(10, 10, 10)), species: ["Li", "O"].map { Species(try #require(Element(symbol: $0))) }, types: [0, 1],
      positions: [Vector3(5, 5, 5), Vector3(6.9, 5, 5)])
    #expect(try Snapshot(ionic, bonds: .covalent).scene.bonds.isEmpty)
  }

  @Test func manyAtomsBecomeACorner() throws {
    let large = try GlassExample.packing().replicated((5, 5, 5))
    let snapshot = try Snapshot(large, maximumAtoms: 3000)
    #expect(snapshot.scene.atomCount == 3000)
    #expect(snapshot.caption.contains("3000 of the 187500 atoms"))
    // 3000 of 187 500 atoms fill 1/62.5 of the volume, an edge of 0.252; the packing is uneven.
    #expect(abs(snapshot.scene.fraction - 0.252) < 0.02)
    #expect(snapshot.svg().utf8.count < 250_000)
  }

  @Test func cellsWithoutPeriodsAndSingleAtomsAreDrawn() throws {
    let oxygen = Species(try #require(Element(symbol: "O")))
    let cell = try Cell(vectors: Matrix3(diagonal: Vector3(3, 3, 3)), periodic: Periodicity(repeating: false))
    let outside = try Configuration(cell: cell, species: [oxygen], types: [0, 0], positions: [Vector3(-40, 0, 0), Vector3(50, 1, 1)])
    let svg = try Snapshot(outside, maximumAtoms: 1).svg()
    #expect(MarkupCheck(svg).faults.isEmpty && !svg.contains("nan") && !svg.contains("inf"))
    #expect(MarkupCheck(try Snapshot(outside, bonds: .covalent).svg()).faults.isEmpty)
  }

  @Test func nothingToDrawIsAnError() throws {
    let empty = try Configuration(cell: Cell(lengths: Vector3(1, 1, 1)), species: [], types: [], positions: [])
    #expect(throws: ReportingError.self) { try Snapshot(empty) }
    var broken = try Self.pair(Vector3(1, 0, 0))
    #expect(throws: ReportingError.self) { try Snapshot(broken, radiusScale: 0) }
    broken.positions[1].x = .nan
    let error = #expect(throws: ReportingError.self) { try Snapshot(broken) }
    #expect(error?.message.contains("atom 2") == true)
    broken.positions[1].x = 1e30
    #expect(throws: ReportingError.self) { try Snapshot(broken) }
  }
}
