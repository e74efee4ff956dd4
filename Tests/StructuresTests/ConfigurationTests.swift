import NumericalMethods
import Testing

@testable import Structures

@Suite struct ConfigurationTests {
  private func sample() throws -> Configuration {
    let silicon = try #require(Element(symbol: "Si"))
    let oxygen = try #require(Element(symbol: "O"))
    let cell = try Cell(vectors: Matrix3(Vector3(5, 0, 0), Vector3(2, 6, 0), Vector3(-1, 1, 7)), origin: Vector3(1, 1, 1))
    var result = try Configuration(
      cell: cell, species: [Species(silicon), Species(oxygen)], types: [0, 1, 1],
      positions: [Vector3(2, 2, 2), Vector3(3, 4, 5), Vector3(0, 9, 3)])
    result.charges = [2.4, -1.2, -1.2]
    result.velocities = [Vector3(1, 0, 0), Vector3(0, 1, 0), Vector3(0, 0, 1)]
    result.molecules = [1, 1, 2]
    result.topology.bonds = [Topology.Term(type: 0, atoms: SIMD2(0, 1))]
    return result
  }

  @Test func massDensityAndFormula() throws {
    let silica = try sample()
    #expect(abs(silica.mass - 60.083) < 1e-9)
    // 60.083 amu in 210 Å³.
    #expect(abs(silica.density - 60.083 / 210 * 1.66053906660) < 1e-12)
    #expect(silica.formula == "Si1 O2")
    #expect(silica.speciesIndex("O") == 1 && silica.speciesIndex("N") == nil)
  }

  @Test func wrappingAndUnwrapping() throws {
    var silica = try sample()
    let before = silica.positions
    silica.wrap()
    #expect(silica.images.count == 3)
    #expect(zip(silica.unwrappedPositions, before).allSatisfy { ($0 - $1).length < 1e-12 })
    let wrapped = silica.positions
    silica.wrap()
    #expect(silica.positions == wrapped)
  }

  @Test func replicasKeepNeighboursChargesAndBonds() throws {
    let unit = try sample()
    let large = try unit.replicated((2, 1, 3))
    #expect(large.count == 18 && large.charges.count == 18 && large.velocities.count == 18)
    #expect(abs(large.cell.volume - 6 * unit.cell.volume) < 1e-9)
    #expect(abs(large.density - unit.density) < 1e-12)
    #expect(large.topology.bonds.count == 6)
    #expect(Set(large.molecules).count == 12)
    #expect(large.positions.allSatisfy { position in
      let f = large.cell.fractional(position)
      return f.x >= 0 && f.x < 1 && f.y >= 0 && f.y < 1 && f.z >= 0 && f.z < 1
    })
    // Every bond is as long as the one of the unit, and every atom has the same surroundings.
    let bond = (unit.positions[1] - unit.positions[0]).length
    for term in large.topology.bonds {
      let positions = large.unwrappedPositions
      #expect(abs((positions[Int(term.atoms.y)] - positions[Int(term.atoms.x)]).length - bond) < 1e-12)
    }
    func distances(_ configuration: Configuration, _ atom: Int) throws -> [Double] {
      let search = try NeighborSearch(cell: configuration.cell, positions: configuration.positions, cutoff: 8)
      var result: [Double] = []
      search.forEachNeighbor(of: atom) { result.append($0.squaredDistance) }
      return result.sorted()
    }
    for atom in 0..<18 {
      let (a, b) = (try distances(unit, atom % 3), try distances(large, atom))
      #expect(a.count == b.count && zip(a, b).allSatisfy { abs($0 - $1) < 1e-9 })
    }
  }

  @Test func inconsistentArraysAreRefused() throws {
    let silica = try sample()
    func make(_ types: [Int32], _ positions: [Vector3]) throws -> Configuration {
      try Configuration(cell: silica.cell, species: silica.species, types: types, positions: positions)
    }
    for (types, positions): ([Int32], [Vector3]) in [
      ([0], []), ([2], [.zero]), ([-1], [.zero]), ([0], [Vector3(.nan, 0, 0)]), ([0], [Vector3(0, 0, .infinity)]),
    ] {
      let error = #expect(throws: StructuresError.self) { try make(types, positions) }
      #expect(error?.code == .inconsistentArrays)
    }
  }

  @Test func frameRanges() throws {
    func frames(_ text: String) throws -> [Int] {
      let range = try FrameRange(text)
      return (0..<20).filter { range.contains($0) }
    }
    #expect(try frames("3:6") == [3, 4, 5])
    #expect(try frames("::7") == [0, 7, 14])
    #expect(try frames("15:") == [15, 16, 17, 18, 19])
    #expect(try frames("2:9:3") == [2, 5, 8])
    #expect(try frames("4") == [4])
    #expect(try FrameRange("2:9:3").isPast(9) && !FrameRange("2:").isPast(1_000_000))
    for text in ["a", "1:2:3:4", "-1:", "::0", "1.5:", ":-2"] { #expect(throws: StructuresError.self) { try FrameRange(text) } }
  }
}
