import NumericalMethods
import Structures
import Testing

@Suite struct ConfigurationTests {
  /// A water-like molecule across an edge of a skewed cell, and an ion.
  private func molecule() throws -> Configuration {
    let oxygen = try #require(Element(symbol: "O"))
    let hydrogen = try #require(Element(symbol: "H"))
    let cell = try Cell(vectors: Matrix3(Vector3(5, 0, 0), Vector3(2, 6, 0), Vector3(-1, 1.5, 7)), origin: Vector3(1, 2, 3))
    var result = try Configuration(
      cell: cell, species: [Species(oxygen), Species(hydrogen, label: "Hw")], types: [0, 1, 1, 0],
      positions: [Vector3(1.1, 2.2, 3.1), Vector3(0.4, 1.6, 3.2), Vector3(1.9, 2.5, 2.6), Vector3(4, 5, 6)])
    result.velocities = (0..<4).map { Vector3(Double($0), 1, -1) }
    result.charges = [-0.8, 0.4, 0.4, 0]
    result.molecules = [1, 1, 1, 2]
    result.identifiers = [7, 8, 9, 12]
    result.topology.bonds = [.init(type: 0, atoms: SIMD2(0, 1)), .init(type: 0, atoms: SIMD2(0, 2))]
    result.topology.angles = [.init(type: 2, atoms: SIMD3(1, 0, 2))]
    result.topology.dihedrals = [.init(type: 0, atoms: SIMD4(1, 0, 2, 3))]
    result.topology.impropers = [.init(type: 1, atoms: SIMD4(3, 0, 1, 2))]
    result.topology.bondLabels = ["O-H"]
    return result
  }

  @Test func wrappingAndUnwrappingIsTheIdentity() throws {
    var configuration = try molecule()
    let original = configuration.positions
    configuration.wrap()
    #expect(configuration.images.contains { $0 != .zero })
    for position in configuration.positions {
      let f = configuration.cell.fractional(position)
      #expect(f.min() >= -1e-15 && f.max() < 1)
    }
    configuration.positions = configuration.positions.map { $0 + Vector3(30, -40, 50) }
    configuration.wrap()
    for (unwrapped, start) in zip(configuration.unwrappedPositions, original) {
      #expect((unwrapped - start - Vector3(30, -40, 50)).length < 1e-12)
    }
  }

  @Test func replicationKeepsBondsTogether() throws {
    var source = try molecule()
    source.wrap()
    let result = try source.replicated((2, 3, 2))
    #expect(result.count == 48)
    #expect(result.types == (0..<12).flatMap { _ in source.types })
    #expect(result.velocities == (0..<12).flatMap { _ in source.velocities })
    #expect(result.charges == (0..<12).flatMap { _ in source.charges })
    #expect(result.images.count == 48)
    #expect(result.cell.origin == source.cell.origin)
    #expect(abs(result.cell.volume / source.cell.volume - 12) < 1e-13)
    #expect(abs(result.density - source.density) < 1e-13)
    #expect(Set(result.molecules).count == 24)
    #expect(result.topology.bonds.count == 24 && result.topology.angles.count == 12)
    #expect(result.topology.dihedrals.count == 12 && result.topology.impropers.count == 12)
    #expect(result.topology.bondLabels == ["O-H"])
    #expect(result.topology.angles[5].type == 2 && result.topology.angles[5].atoms == SIMD3(21, 20, 22))
    let (before, after) = (source.unwrappedPositions, result.unwrappedPositions)
    for (index, bond) in result.topology.bonds.enumerated() {
      let (i, j) = (Int(bond.atoms.x), Int(bond.atoms.y))
      #expect(result.molecules[i] == result.molecules[j])
      let model = source.topology.bonds[index % 2].atoms
      let vector = before[Int(model.y)] - before[Int(model.x)]
      #expect((after[j] - after[i] - vector).length < 1e-12)
      #expect((result.cell.minimumImage(result.positions[j] - result.positions[i]) - vector).length < 1e-12)
    }
    for position in result.positions {
      let f = result.cell.fractional(position)
      #expect(f.min() >= -1e-15 && f.max() < 1)
    }
  }

  @Test func aReplicaHasTheSameNeighbours() throws {
    let source = try molecule()
    let result = try source.replicated((3, 1, 2))
    func distances(_ configuration: Configuration, _ atom: Int) throws -> [Double] {
      var found: [Double] = []
      let search = try NeighborSearch(cell: configuration.cell, positions: configuration.positions, cutoff: 8)
      search.forEachNeighbor(of: atom) { found.append($0.squaredDistance) }
      return found.sorted()
    }
    for atom in 0..<source.count {
      let (a, b) = (try distances(source, atom), try distances(result, atom + 4 * source.count))
      #expect(!a.isEmpty)
      #expect(a.count == b.count && zip(a, b).allSatisfy { abs($0 - $1) < 1e-11 })
    }
  }

  @Test func massDensityAndFormulaAreThoseOfTheField() throws {
    // One formula unit of SiO2 in 45.3 Å3: 60.083 g/mol / (45.3e-24 cm3 × 6.02214076e23) = 2.2024 g/cm3, vitreous silica.
    let (silicon, oxygen) = (try #require(Element(symbol: "Si")), try #require(Element(symbol: "O")))
    let configuration = try Configuration(
      cell: Cell(lengths: Vector3(1, 1, 45.3)), species: [Species(silicon), Species(oxygen)], types: [1, 0, 1],
      positions: [.zero, Vector3(0, 0, 1), Vector3(0, 0, 2)])
    #expect(abs(configuration.density - 60.083 / (45.3 * 0.602214076)) < 1e-9)
    #expect(configuration.formula == "Si1 O2")
    #expect(configuration.speciesCounts == [1, 2])
    #expect(configuration.masses == [15.999, 28.085, 15.999])
    #expect(configuration.speciesIndex("O") == 1 && configuration.speciesIndex("o") == nil)
    #expect(configuration.unwrappedPositions == configuration.positions)
  }

  @Test func inconsistentArraysAreRefused() throws {
    let cell = try Cell(lengths: Vector3(5, 5, 5))
    let species = [Species(try #require(Element(symbol: "Li")))]
    let broken: [([Int32], [Vector3])] = [
      ([0], []), ([0, 0], [.zero]), ([1], [.zero]), ([-1], [.zero]), ([0], [Vector3(.nan, 0, 0)]), ([0], [Vector3(0, .infinity, 0)]),
    ]
    for (types, positions) in broken {
      let error = try structuresError { try Configuration(cell: cell, species: species, types: types, positions: positions) }
      #expect(error.code == .inconsistentArrays)
    }
    #expect(try Configuration(cell: cell, species: [], types: [], positions: []).count == 0)
  }
}
