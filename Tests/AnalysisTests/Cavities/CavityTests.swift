import Foundation
import NumericalMethods
import Structures
import Testing

@testable import Analysis

@Suite("Cavities") struct CavityTests {
  private let pool = WorkerPool(threads: 2)

  private func one(_ positions: [Vector3], edge: Double) throws -> Configuration {
    try Configuration(
      cell: Cell(lengths: Vector3(repeating: edge)), species: species("Ar"), types: positions.map { _ in 0 }, positions: positions)
  }

  @Test("the distance field is that of a plain loop, in skewed, small and half-open cells") func distances() throws {
    var random = RandomStream(seed: 1, stream: 1)
    let vectors = Matrix3(Vector3(5, 0, 0), Vector3(3, 6, 0), Vector3(-2, 1.5, 4))
    for (count, periodic, scale) in [(7, true, 1.0), (1, true, 1), (60, true, 3), (9, false, 4)] {
      let cell = try Cell(vectors: vectors * scale, periodic: Periodicity([true, periodic, true]))
      let gas = try idealGas(count, cell: cell, species: species("Ar", "Ne"), random: &random)
      let radii = gas.types.map { $0 == 0 ? 0.4 : 1.9 }
      let size = SIMD3(13, 9, 17)
      let field = try DistanceField(gas, radii: radii, size: size, pool: pool)
      for i in 0..<size.x {
        for j in 0..<size.y {
          for k in 0..<size.z {
            let f = Vector3(Double(i) / 13, Double(j) / 9, Double(k) / 17)
            let point = cell.cartesian(f)
            var least = Double.infinity
            for (position, radius) in zip(gas.positions, radii) {
              least = min(least, cell.minimumImage(position - point).length - radius)
            }
            #expect(abs(field.values[(i * size.y + j) * size.z + k] - least) < 1e-12)
          }
        }
      }
    }
  }

  @Test("one sphere in a box") func sphere() throws {
    let radius = 2.3
    let configuration = try one([Vector3(1, 2, 3)], edge: 8)
    var analysis = CavityAnalysis()
    analysis.radii = .given(["Ar": radius])
    analysis.probe = 0.5
    analysis.spacing = 0.1
    let result = try analysis.analyze([Frame(configuration)], pool: pool)
    func outside(_ r: Double) -> Double { 1 - 4 * Double.pi / 3 * r * r * r / 512 }
    // 80 points along an edge: a regular grid samples the 3 % of its points at the surface to about 1 %.
    #expect(abs(result.free.mean - outside(radius)) < 5e-4)
    #expect(abs(result.accessible.mean - outside(radius + 0.5)) < 5e-4)
    // The probe reaches the sphere everywhere; the border is too far out by less than half a step, 0.6 % of the volume.
    #expect(result.occupiable.mean <= result.free.mean && result.occupiable.mean > result.free.mean - 0.007)
    #expect(result.percolation.map(\.mean) == [1, 1, 1] && result.channels.mean == 1 && result.closedCavities.mean == 0)
    // Farthest: the opposite corner of the box.
    #expect(abs(result.largestSphere.mean - (4 * 3.0.squareRoot() - radius)) < 1e-4)
    // The way along an edge leads halfway between spheres, at a face: 4√2 from the middle; grid points lie on it.
    #expect(abs(result.travellingSpheres[0].mean - (4 * 2.0.squareRoot() - radius)) < 0.1)
    #expect(result.travellingSpheres[2].mean <= result.travellingSpheres[0].mean)
    #expect(abs(result.survival[10] - outside(radius + 0.5)) < 5e-4)
  }

  @Test("holes of crystals") func holes() throws {
    // fcc: octahedral holes at a/2, in touch with atoms of radius a √2/4 where spheres touch.
    let edge = 4.0
    let touching = edge * 2.0.squareRoot() / 4
    let fcc = try crystal(edge, cells: 2, basis: faceCentred, species: species("Ar"))
    var analysis = CavityAnalysis()
    analysis.radii = .given(["Ar": touching])
    analysis.probe = 0.3
    analysis.spacing = 0.1
    let result = try analysis.analyze([Frame(fcc)], pool: pool)
    #expect(abs(result.largestSphere.mean - (edge / 2 - touching)) < 1e-4)
    // 32 octahedral holes; the 64 tetrahedral ones hold a sphere of (√6/2 - 1) of the radius, 0.318 Å.
    #expect(result.closedCavities.mean == 96 && result.channels.mean == 0)
    // 40 points along the edge of a cell, the same in all cells.
    #expect(abs(result.free.mean - (1 - Double.pi / (3 * 2.0.squareRoot()))) < 4e-3)
    #expect(abs((result.cavities.first?.radius ?? 0) - (edge / 2 - touching)) < 1e-9)
    analysis.probe = 0.5
    #expect(try analysis.analyze([Frame(fcc)], pool: pool).closedCavities.mean == 32)
    // Ways through a triangle of touching spheres: (2/√3 - 1) of the radius; the steps of the grid make it 0.1 Å narrower at most.
    let bottleneck = touching * (2 / 3.0.squareRoot() - 1)
    for sphere in result.travellingSpheres { #expect(sphere.mean <= bottleneck + 1e-9 && sphere.mean > bottleneck - 0.1) }
    // Simple cubic: the middle of the cube.
    let cubic = try crystal(3, cells: 3, basis: simpleCubic, species: species("Ar"))
    analysis.radii = .given(["Ar": 1.5])
    let open = try analysis.analyze([Frame(cubic)], pool: pool)
    #expect(abs(open.largestSphere.mean - 1.5 * (3.0.squareRoot() - 1)) < 1e-4)
    // Through the square of four atoms: 1.5 (√2 - 1), a place on the grid.
    #expect(abs(open.travellingSpheres[2].mean - 1.5 * (2.0.squareRoot() - 1)) < 0.02)
  }

  @Test("channels and layers: walls of atoms leave one or two directions") func channels() throws {
    // Planes of touching atoms at right angles to z: layers. With planes across y as well: channels along x.
    let edge = 12.0
    let steps = (0..<12).map { Double($0) }
    let floor = steps.flatMap { x in steps.map { Vector3(x, $0, 0) } }
    let wall = steps.flatMap { x in steps.map { Vector3(x, 0, $0) } }
    let lid = steps.flatMap { y in steps.map { Vector3(0, y, $0) } }
    var analysis = CavityAnalysis()
    analysis.radii = .given(["Ar": 1])
    analysis.probe = 1
    analysis.spacing = 0.4
    for (positions, dimension) in [(floor, 2), (floor + wall, 1), (floor + wall + lid, 0)] {
      // Atoms on the lines where walls meet stand there twice, which is no harm here.
      let result = try analysis.analyze([Frame(try one(positions, edge: edge))], pool: pool)
      #expect(result.cavities.map(\.dimension) == [dimension])
      #expect(result.percolation.map(\.mean) == (1...3).map { dimension >= $0 ? 1 : 0 })
      for level in 0..<3 where level >= dimension { #expect(result.travellingSpheres[level].mean < 0.8) }
      for level in 0..<dimension { #expect(result.travellingSpheres[level].mean > 4.5) }
    }
  }

  @Test("a channel along a diagonal percolates in one dimension, along that diagonal") func diagonal() {
    let size = SIMD3(12, 12, 12)
    var contains = [Bool](repeating: false, count: 12 * 12 * 12)
    for step in 0..<12 {
      for (i, j) in [(step, step), (step, (step + 1) % 12)] { contains[(i * 12 + j) * 12 + 5] = true }
    }
    contains[0] = true
    let region = GridRegion(size, periodic: Periodicity(repeating: true), contains: contains)
    #expect(region.parts.map(\.dimension) == [1, 0] && region.parts.map(\.count) == [24, 1])
    #expect(region.parts[0].directions == [SIMD3(1, 1, 0)] || region.parts[0].directions == [SIMD3(-1, -1, 0)])
    let open = GridRegion(size, periodic: Periodicity([false, true, true]), contains: contains)
    #expect(open.dimension == 0)
  }

  @Test("translation, supercell and threads") func invariances() throws {
    var random = RandomStream(seed: 8, stream: 1)
    let gas = try idealGas(12, cell: Cell(lengths: Vector3(8, 10, 12)), species: species("Si", "O"), random: &random)
    var analysis = CavityAnalysis()
    analysis.spacing = 0.5
    let result = try analysis.analyze([Frame(gas)], pool: pool)
    let large = try analysis.analyze([Frame(gas.replicated((2, 1, 2)))], pool: WorkerPool(threads: 1))
    // The same grid points up to rounding; one point is 3e-4 of the volume.
    #expect(abs(large.free.mean - result.free.mean) < 4e-4)
    #expect(abs(large.occupiable.mean - result.occupiable.mean) < 2e-3)
    #expect(abs(large.largestSphere.mean - result.largestSphere.mean) < 1e-4)
    var moved = gas
    // Whole steps of the grid.
    moved.positions = gas.positions.map { $0 + Vector3(1.5, -23, 40.5) }
    let shifted = try analysis.analyze([Frame(moved)], pool: WorkerPool(threads: 1))
    #expect(abs(shifted.free.mean - result.free.mean) < 4e-4)
    let again = try analysis.analyze([Frame(gas)], pool: WorkerPool(threads: 1))
    #expect(again.summary.json() == result.summary.json())
  }

  @Test("species that take space, errors over frames, files") func selection() throws {
    var random = RandomStream(seed: 8, stream: 1)
    let silica = try crystal(7.16, cells: 1, basis: cristobalite, species: species("Si", "O"))
    let frames = (0..<4).map { _ in shaken(silica, by: 0.2, random: &random) }
    func run(_ values: [String: String]) throws -> CavityResult {
      try CavityAnalysis(AnalysisSettings(values, for: CavityAnalysis.descriptor)).analyze(frames, pool: pool)
    }
    let all = try run(["spacing": "0.5 A"])
    let silicon = try run(["spacing": "0.5 A", "species": "Si"])
    #expect(silicon.free.mean > all.free.mean && all.free.error ?? 0 > 0)
    #expect(try run(["spacing": "0.5 A", "radii": "van-der-waals"]).free.mean < all.free.mean)
    guard case .grid(let grid, let atoms) = try #require(all.files.first).contents else { throw AnalysisError(.noFrames, "no grid") }
    #expect(grid.size == SIMD3(15, 15, 15) && atoms?.count == 24)
    #expect(all.summary["free_fraction"]?.double == all.free.mean)
    #expect(try analysisError { _ = try run(["radii": "Si=1"]) }.code == .unknownSpecies)
    #expect(try analysisError { _ = try run(["radii": "Si=-1,O=1"]) }.code == .invalidSetting)
    #expect(try analysisError { _ = try run(["probe": "-1 A"]) }.code == .invalidSetting)
    var huge = frames[0]
    huge.configuration.cell = try Cell(lengths: Vector3(repeating: 1000))
    #expect(try analysisError { _ = try CavityAnalysis().analyze([huge]) }.code == .tooMuchMemory)
  }

  @Test("no room at all, and nothing but room") func extremes() throws {
    let full = try one([Vector3(1, 1, 1)], edge: 3)
    var analysis = CavityAnalysis()
    analysis.radii = .given(["Ar": 3])
    let result = try analysis.analyze([Frame(full)], pool: pool)
    #expect(result.free.mean == 0 && result.cavities.isEmpty && result.travellingSpheres.map(\.mean) == [0, 0, 0])
    analysis.radii = .given(["Ar": 0])
    analysis.probe = 0
    #expect(try analysis.analyze([Frame(full)], pool: pool).free.mean > 0.99)
  }

  @Test("times of 3000 atoms of silica", .enabled(if: ProcessInfo.processInfo.environment["VITROLYTE_SLOW_TESTS"] == "1"))
  func speed() throws {
    var random = RandomStream(seed: 2, stream: 1)
    let frame = shaken(try crystal(7.16, cells: 5, basis: cristobalite, species: species("Si", "O")), by: 0.35, random: &random)
    for threads in [1, 2] {
      let time = try ContinuousClock().measure { _ = try CavityAnalysis().analyze([frame], pool: WorkerPool(threads: threads)) }
      print("cavities: \(frame.configuration.count) atoms, \(threads) threads, \(time)")
    }
  }
}
