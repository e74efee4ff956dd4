import NumericalMethods
import Structures
import Testing

@testable import Formats

@Suite struct CubeTests {
  /// Header, axes and order of values as the format has them: bohr, points along an edge with the step between them, the last edge fastest.
  @Test func fileSaysWhatTheGridHolds() throws {
    let cell = try Cell(vectors: Matrix3(Vector3(4, 0, 0), Vector3(1, 5, 0), Vector3(-1, 0.5, 6)), origin: Vector3(0.1, 0.2, 0.3))
    let size = SIMD3(2, 3, 7)
    let grid = VolumetricGrid(cell: cell, size: size, values: (0..<42).map { Double($0) - 0.125 }, quantity: "E", unit: "eV")
    let lithium = Species(try #require(Element(symbol: "Li")))
    let atom = try Configuration(cell: cell, species: [lithium], types: [0], positions: [Vector3(5, 3, 2)])
    let text = String(decoding: VolumetricFiles.cube(grid, configuration: atom), as: UTF8.self)
    let lines = text.split(separator: "\n", omittingEmptySubsequences: false).map { $0.split(separator: " ").compactMap { Double($0) } }
    #expect(text.hasPrefix("E (eV)\n"))
    let bohr = 0.529177210903
    func near(_ row: [Double], _ values: [Double]) -> Bool {
      row.count == values.count && zip(row, values).allSatisfy { abs($0 - $1) < 1e-9 }
    }
    #expect(near(lines[2], [1, 0.1 / bohr, 0.2 / bohr, 0.3 / bohr]))
    #expect(near(lines[4], [3, 1 / bohr / 3, 5 / bohr / 3, 0]))
    #expect(near(lines[5], [7, -1 / bohr / 7, 0.5 / bohr / 7, 6 / bohr / 7]))
    // Beyond the face of a, the atom is written by its image inside.
    let inside = cell.wrap(Vector3(5, 3, 2)).position
    #expect(near(lines[6], [3, 0, inside.x / bohr, inside.y / bohr, inside.z / bohr]))
    #expect(lines[7...].flatMap { $0 } == grid.values)
    // Rows hold up to six values, and each line along c begins anew.
    #expect(lines[7].count == 6 && lines[8].count == 1 && lines[9].count == 6)
  }
}
