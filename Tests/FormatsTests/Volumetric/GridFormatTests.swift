import Foundation
import NumericalMethods
import Structures
import Testing

@testable import Formats

@Suite struct GridFormatTests {
  private func grid() throws -> VolumetricGrid {
    let cell = try Cell(vectors: Matrix3(Vector3(4, 0, 0), Vector3(1, 5, 0), Vector3(-1, 0.5, 6)), origin: Vector3(0.1, 0.2, 0.3))
    return VolumetricGrid(
      cell: cell, size: SIMD3(2, 3, 4), values: (0..<24).map { Double($0) + 0.125 }, quantity: "Li density", unit: "1/A3")
  }

  /// As VASP has it: atoms, a blank line, the size, values times the volume with the first edge fastest, five a line.
  @Test func chargeDensityFile() throws {
    let grid = try grid()
    let lithium = Species(try #require(Element(symbol: "Li")))
    let sulfur = Species(try #require(Element(symbol: "S")))
    let atoms = try Configuration(
      cell: grid.cell, species: [lithium, sulfur], types: [1, 0, 1],
      positions: [grid.cell.cartesian(Vector3(0.25, 0.5, 0.75)), grid.cell.cartesian(Vector3(1.1, 0, 0)), grid.cell.cartesian(.zero)])
    let text = String(decoding: VolumetricFiles.chgcar(grid, configuration: atoms), as: UTF8.self)
    let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
    #expect(lines[5] == "Li S" && lines[6] == "1 2" && lines[7] == "Direct")
    #expect(lines[8].hasPrefix("0.1000000000 ") && lines[9] == "0.2500000000 0.5000000000 0.7500000000")
    #expect(lines[11] == "" && lines[12] == "2 3 4")
    let values = lines[13...].flatMap { $0.split(separator: " ").compactMap { Double($0) } }
    #expect(lines[13].split(separator: " ").count == 5 && values.count == 24)
    for k in 0..<4 {
      for j in 0..<3 {
        for i in 0..<2 { #expect(values[(k * 3 + j) * 2 + i] == grid.values[(i * 3 + j) * 4 + k] * grid.cell.volume) }
      }
    }
    let alone = String(decoding: VolumetricFiles.chgcar(grid, configuration: nil), as: UTF8.self)
    #expect(alone.contains("\nH\n1\nDirect\n0 0 0\n"))
  }

  /// Points of the structured grid and their values, big-endian, the first plane again at the end.
  @Test func structuredGridFile() throws {
    let grid = try grid()
    let bytes = VolumetricFiles.vtk(grid)
    func find(_ text: String) throws -> Int {
      let pattern = Array(text.utf8)
      return try #require((0..<bytes.count - pattern.count).first { Array(bytes[$0..<$0 + pattern.count]) == pattern }) + pattern.count
    }
    func number(_ place: Int) -> Double {
      Double(Float(bitPattern: bytes[place..<place + 4].reduce(UInt32(0)) { $0 << 8 | UInt32($1) }))
    }
    let points = try find("DIMENSIONS 3 4 5\nPOINTS 60 float\n")
    let values = try find("SCALARS Li_density float 1\nLOOKUP_TABLE default\n")
    for k in 0...4 {
      for j in 0...3 {
        for i in 0...2 {
          let index = (k * 4 + j) * 3 + i
          #expect(number(values + 4 * index) == grid.values[((i % 2) * 3 + j % 3) * 4 + k % 4])
          for axis in 0..<3 {
            // Single precision.
            #expect(abs(number(points + 12 * index + 4 * axis) - grid.position(i, j, k)[axis]) < 1e-6)
          }
        }
      }
    }
  }

  /// The files that `density_make.py` of the analysis tests reads with ASE and pymatgen.
  @Test(
    .enabled(if: ProcessInfo.processInfo.environment["VITROLYTE_GRID_FOLDER"] != nil, "no folder for files to read with other programs"))
  func filesForOtherPrograms() throws {
    let folder = try #require(ProcessInfo.processInfo.environment["VITROLYTE_GRID_FOLDER"])
    var grid = try grid()
    grid.cell.origin = .zero
    let sulfur = Species(try #require(Element(symbol: "S")))
    let atoms = try Configuration(cell: grid.cell, species: [sulfur], types: [0], positions: [Vector3(1, 2, 3)])
    try VolumetricFiles.writeCube(grid, configuration: atoms, to: folder + "/grid.cube")
    try VolumetricFiles.writeCHGCAR(grid, configuration: atoms, to: folder + "/grid.chgcar")
    try VolumetricFiles.writeVTK(grid, to: folder + "/grid.vtk")
  }
}
