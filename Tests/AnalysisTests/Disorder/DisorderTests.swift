import NumericalMethods
import Structures
import Testing

@testable import Analysis

@Suite struct DisorderTests {
  /// Face-centred cubic below `share` of the height, points that keep 2 Å apart above; 4.2 Å cells.
  private func glassCeramic(cells: Int, high: Int, crystal count: Int, random: inout RandomStream) throws -> Configuration {
    let edge = 4.2
    let lengths = Vector3(edge * Double(cells), edge * Double(cells), edge * Double(high))
    var positions: [Vector3] = []
    for k in 0..<count {
      for i in 0..<cells {
        for j in 0..<cells {
          for (place, _) in faceCentred {
            let noise = Vector3(random.normal(), random.normal(), random.normal()) * 0.1
            positions.append((Vector3(Double(i), Double(j), Double(k)) + place) * edge + noise)
          }
        }
      }
    }
    let cell = try Cell(lengths: lengths)
    let bottom = Double(count) * edge
    let wanted = 4 * cells * cells * (high - count)
    var placed: [Vector3] = []
    while placed.count < wanted {
      let place = Vector3(
        random.uniform() * lengths.x, random.uniform() * lengths.y, bottom + random.uniform() * (lengths.z - bottom - 0.1))
      if !placed.contains(where: { cell.minimumImage($0 - place).squaredLength < 2 * 2 }) { placed.append(place) }
    }
    return try Configuration(
      cell: cell, species: species("Li"), types: [Int32](repeating: 0, count: positions.count + wanted), positions: positions + placed)
  }

  private func settings(width: Double, step: Double) -> Disorder {
    var disorder = Disorder()
    (disorder.slabWidth, disorder.step) = (width, step)
    return disorder
  }

  @Test func gridAgreesWithTheDefinition() throws {
    var random = RandomStream(seed: 11)
    let cell = try Cell(vectors: Matrix3(Vector3(11, 0, 0), Vector3(3, 12, 0), Vector3(-4, 2.5, 9)))
    let gas = try idealGas(60, cell: cell, species: species("Li"), random: &random)
    for axis in ["a", "b", "c"] {
      var disorder = settings(width: 4, step: 1)
      disorder.axis = axis
      let geometry = try SlabGeometry(disorder, in: cell)
      let twin = SlabSpectrum.reference(gas, isTaken: { $0 != 7 }, geometry: geometry)
      let fast = SlabSpectrum(gas, isTaken: { $0 != 7 }, geometry: geometry, pool: WorkerPool(threads: 2))
      let largest = zip(twin.intensities, fast.intensities).map { abs($0 - $1) }.max() ?? 1
      // Gaussians end at 5 widths, where they have fallen to exp(-12.5) = 4e-6 of their height.
      #expect(largest < 2e-5, "axis \(axis): \(largest)")
      #expect(twin.intensities.map(abs).max() ?? 0 > 0.03)
      let alone = SlabSpectrum(gas, isTaken: { $0 != 7 }, geometry: geometry, pool: WorkerPool(threads: 1))
      #expect(alone.intensities == fast.intensities)
    }
  }

  @Test func crystalIsZeroAndGlassIsOne() throws {
    var random = RandomStream(seed: 12)
    let frame = Frame(try glassCeramic(cells: 5, high: 16, crystal: 8, random: &random))
    // Two cells thick.
    let result = try settings(width: 8.4, step: 0.7).analyze([frame])
    let inCrystal = zip(result.positions, result.disorder).filter { $0.0 > 6 && $0.0 < 27 }.map(\.1)
    let inGlass = zip(result.positions, result.disorder).filter { $0.0 > 40 && $0.0 < 61 }.map(\.1)
    // Peaks of 200 atoms shaken by 0.1 Å fluctuate by some hundredths between slabs; in the glass by 1/N each.
    #expect(inCrystal.allSatisfy { abs($0) < 0.1 }, "\(inCrystal)")
    #expect(inGlass.allSatisfy { abs($0 - 1) < 0.1 }, "\(inGlass)")
    // 200 and 020; the next are a tenth of them, for the width of the Gaussian.
    #expect(result.peaks >= 2)
    // The crystal ends at 33.6 - 2.1/2 Å (its last plane) and begins at 0; F is half-way where half of the slab's amplitude is.
    #expect(result.interfaces.count == 2)
    let up = try #require(result.interfaces.first { $0.risesToGlass })
    let down = try #require(result.interfaces.first { !$0.risesToGlass })
    #expect(abs(up.position - 33) < 2.5 && up.width > 3 && up.width < 10, "\(up)")
    #expect(min(down.position, 67.2 - down.position) < 3, "\(down)")
    #expect(result.regions.map(\.name).sorted() == ["crystal", "glass", "interface", "interface"])
    #expect(abs(result.regions.reduce(0) { $0 + $1.thickness } - 67.2) < 1e-9)
    let labels = try #require(result.labelled.columns["region"])
    for (position, label) in zip(result.labelled.configuration.positions, labels) {
      if position.z > 8, position.z < 25 { #expect(label == 1) }
      if position.z > 42, position.z < 58 { #expect(label == 3) }
    }
  }

  @Test func movesWithTheAtoms() throws {
    var random = RandomStream(seed: 13)
    let frame = Frame(try glassCeramic(cells: 4, high: 12, crystal: 6, random: &random))
    let plain = try settings(width: 8.4, step: 0.7).analyze([frame])
    var moved = frame
    // 10 steps along z, any way in the plane.
    for i in moved.configuration.positions.indices { moved.configuration.positions[i] += Vector3(1.234, -3.3, 7) }
    let shifted = try settings(width: 8.4, step: 0.7).analyze([moved])
    let count = plain.disorder.count
    for i in 0..<count { #expect(abs(shifted.disorder[(i + 10) % count] - plain.disorder[i]) < 1e-4) }
    // Repeated in the plane, Bragg peaks are the same but chance has four times the atoms.
    let large = try settings(width: 8.4, step: 0.7).analyze([Frame(frame.configuration.replicated((2, 2, 1)))])
    for i in 0..<count { #expect(abs(large.disorder[i] - plain.disorder[i]) < 0.03) }
  }

  @Test func glassAloneHasNoPeaks() throws {
    var random = RandomStream(seed: 14)
    let result = try settings(width: 8, step: 1).analyze([Frame(try glassCeramic(cells: 5, high: 8, crystal: 0, random: &random))])
    #expect(result.peaks == 0 && result.warnings.count == 1)
    #expect(result.disorder.allSatisfy { $0 == 1 })
    #expect(result.regions.map(\.name) == ["glass"])
  }

  @Test func takesACrystalAsReference() throws {
    var random = RandomStream(seed: 15)
    let unit = Frame(try crystal(4.2, cells: 1, basis: faceCentred, species: species("Li")))
    let glassCeramic = try glassCeramic(cells: 4, high: 12, crystal: 6, random: &random)
    var disorder = settings(width: 4.2, step: 0.7)
    disorder.reference = "crystal.cif"
    let runner = AnalysisRunner([AnalysisJob(disorder)], pool: WorkerPool(threads: 1), reader: { _ in unit })
    let result = try #require(try runner.run([Frame(glassCeramic)]).results[0] as? DisorderResult)
    let inside = zip(result.positions, result.disorder).filter { $0.0 > 5 && $0.0 < 20 }.map(\.1)
    // Shaken by 0.1 Å, peaks lose 1 - exp(-0.01 q²): 0.09 at q = 2 · 2π/4.2 and 0.2 at q = 4.2/Å.
    #expect(inside.allSatisfy { $0 > 0.02 && $0 < 0.3 }, "\(inside)")
    let glass = zip(result.positions, result.disorder).filter { $0.0 > 30 && $0.0 < 45 }.map(\.1)
    #expect(glass.allSatisfy { $0 > 0.85 && $0 < 1.1 }, "\(glass)")
    disorder.reference = "other.cif"
    let other = Frame(try crystal(4.9, cells: 1, basis: faceCentred, species: species("Li")))
    #expect {
      try AnalysisRunner([AnalysisJob(disorder)], pool: WorkerPool(threads: 1), reader: { _ in other }).run([Frame(glassCeramic)])
    } throws: { ($0 as? AnalysisError)?.code == .notCommensurate }
  }

  @Test func averagesOverFrames() throws {
    var random = RandomStream(seed: 16)
    let start = try glassCeramic(cells: 4, high: 12, crystal: 6, random: &random)
    let frames = (0..<8).map { _ in shaken(start, by: 0.15, random: &random) }
    let result = try settings(width: 8.4, step: 2.1).analyze(frames)
    #expect(result.frameCount == 8)
    #expect(result.errors.count == result.disorder.count && result.errors.allSatisfy { $0 > 0 && $0 < 0.05 })
    #expect(result.interfaces.allSatisfy { ($0.positionError ?? 9) < 1 })
  }

  @Test func refusesWhatItCannotDo() throws {
    #expect(throws: AnalysisError.self) { try Analyses.job("disorder", settings: ["grid-spacing": "1 A"]) }
    #expect(throws: AnalysisError.self) { try Analyses.job("disorder", settings: ["crystal-below": "0.8"]) }
    var random = RandomStream(seed: 17)
    var gas = try idealGas(50, cell: tiltedCell(), species: species("Li"), random: &random)
    gas.cell = try Cell(vectors: gas.cell.vectors, periodic: [false, true, true])
    #expect(throws: AnalysisError.self) { try Disorder().analyze([Frame(gas)]) }
    var disorder = Disorder()
    disorder.species = ["Na"]
    gas.cell = try tiltedCell()
    #expect(throws: AnalysisError.self) { try disorder.analyze([Frame(gas)]) }
    // One atom: nothing but empty slabs.
    let lonely = try Configuration(cell: tiltedCell(), species: species("Li"), types: [0], positions: [.zero])
    #expect(try Disorder().analyze([Frame(lonely)]).regions.map(\.name) == ["empty"])
  }

  @Test func stepIsFound() {
    let x = (0..<40).map { Double($0) }
    let y = x.map { 0.4 - 0.3 * tanhOf(($0 - 17.3) / 2.5) }
    let fit = StepFit(x: x, y: y, center: 15, scale: 1)
    // Exact data: what is left is the last step of the search.
    #expect(abs(fit.center - 17.3) < 2e-3 && abs(fit.scale - 2.5) < 5e-3)
    #expect(abs(fit.middle - 0.4) < 1e-3 && abs(fit.height + 0.3) < 1e-3)
  }

  private func tanhOf(_ x: Double) -> Double {
    var (sum, e) = (1.0, 1.0)
    // exp(2x) by its series, to need no C library here.
    for n in 1..<200 {
      e *= 2 * abs(x) / Double(n)
      sum += e
    }
    let value = (sum - 1) / (sum + 1)
    return x < 0 ? -value : value
  }
}
