import Foundation
import NumericalMethods
import Structures
import Testing

@testable import Formats

/// Files that LAMMPS wrote (Golden/make.py).
struct LAMMPSGoldenTests {
  private static func elements() throws -> [Species] { try Species.list("Si,O") }

  private static func largest(_ first: [Vector3], _ second: [Vector3]) -> Double {
    first.count == second.count ? zip(first, second).map { ($0 - $1).length }.max() ?? 0 : .infinity
  }

  /// A dump and a data file of the same instant say the same.
  @Test(arguments: ["ortho", "triclinic"])
  func lastFrameOfTheDumpIsTheDataFile(_ name: String) throws {
    let data = try FileFormats.readConfiguration(path: Support.golden("\(name).data"))
    let source = try FileFormats.openFrames(path: Support.golden("\(name).dump"), species: try Self.elements())
    let frames = try source.allFrames()
    #expect(source.warnings.isEmpty && data.warnings.isEmpty)
    #expect(frames.count == 5)
    #expect(frames.map(\.step) == [0, 50, 100, 150, 200])
    let last = try #require(frames.last).configuration
    let expected = data.configuration
    #expect(last.formula == "Si8 O8" && last.formula == expected.formula)
    #expect(last.identifiers.isEmpty && expected.identifiers.isEmpty)
    #expect(last.types == expected.types)
    // The bounds of the box carry rounding of the bounding box and back.
    for axis in 0..<3 { #expect((last.cell.vectors[axis] - expected.cell.vectors[axis]).length < 1e-14 * 20) }
    #expect((last.cell.origin - expected.cell.origin).length < 1e-14)
    // 17 digits in both: the same bits but for an atom at a face.
    #expect(Self.largest(last.positions, expected.positions) < 1e-13)
    #expect(last.images == expected.images)
    #expect(Set(last.images.map { $0.x }).count > 1, "the test would say nothing of image flags that are all alike")
    #expect(Self.largest(last.velocities, expected.velocities) < 1e-12)
    #expect(last.charges == expected.charges)
    #expect(frames.last?.forces.count == 16)
  }

  @Test(arguments: ["ortho", "triclinic"])
  func unwrappedDumpIsTheUnwrappedOne(_ name: String) throws {
    let wrapped = try FileFormats.openFrames(path: Support.golden("\(name).dump"), species: try Self.elements()).allFrames()
    let unwrapped = try FileFormats.openFrames(path: Support.golden("\(name)-unwrapped.dump.gz"), species: try Self.elements()).allFrames()
    #expect(unwrapped.count == 5 && unwrapped.allSatisfy { $0.isUnwrapped && $0.configuration.images.isEmpty })
    for (first, second) in zip(wrapped, unwrapped) {
      // Some edges of 16 Å are added, each rounded.
      #expect(Self.largest(first.configuration.unwrappedPositions, second.configuration.positions) < 1e-12)
    }
  }

  @Test func scaledDumpsAreTheSamePositions() throws {
    let wrapped = try FileFormats.openFrames(path: Support.golden("triclinic.dump"), species: try Self.elements()).allFrames()
    let scaled = try FileFormats.openFrames(path: Support.golden("triclinic-scaled.dump")).allFrames()
    let unwrapped = try FileFormats.openFrames(path: Support.golden("triclinic-su.dump")).allFrames()
    #expect(wrapped.count == 5 && scaled.count == 5 && unwrapped.count == 5)
    for index in wrapped.indices {
      // Elements by name and by mass give the species that the caller gave.
      #expect(scaled[index].configuration.species.map(\.label) == ["Si", "O"])
      #expect(unwrapped[index].configuration.species.map(\.label) == ["Si", "O"])
      #expect(scaled[index].configuration.types == wrapped[index].configuration.types)
      // Six significant digits of a share of a 17 Å edge.
      #expect(Self.largest(scaled[index].configuration.positions, wrapped[index].configuration.positions) < 3e-5)
      #expect(unwrapped[index].isUnwrapped)
      // LAMMPS scales and this scales back, along edges of 17 Å and some of them away.
      #expect(Self.largest(unwrapped[index].configuration.positions, wrapped[index].configuration.unwrappedPositions) < 1e-11)
    }
  }

  @Test func unitsAndTimeAreConverted() throws {
    let metal = try FileFormats.openFrames(path: Support.golden("triclinic.dump"), species: try Self.elements()).allFrames()
    let real = try FileFormats.openFrames(path: Support.golden("real.dump"), species: try Self.elements()).allFrames()
    // 2 fs a step in both.
    for (frames, name) in [(metal, "metal"), (real, "real")] {
      for (frame, time) in zip(frames, [0, 0.1, 0.2, 0.3, 0.4]) {
        #expect(abs((frame.time ?? -1) - time) < 1e-12, "\(name)")
      }
    }
    // LAMMPS set 40000 K in either units; degrees of freedom 3 N - 3.
    for frame in [metal[0], real[0]] {
      let configuration = frame.configuration
      let energy = zip(configuration.masses, configuration.velocities).reduce(0) { $0 + $1.0 * $1.1.squaredLength }
      let temperature = energy * PhysicalConstants.massVelocitySquared / (45 * PhysicalConstants.boltzmann)
      // LAMMPS's constants in real units have seven digits.
      #expect(abs(temperature / 40000 - 1) < 1e-5)
    }
  }

  @Test func velocitiesOfUnnamedUnitsAreWarnedOf() throws {
    let (configuration, warnings) = try FileFormats.readConfiguration(path: Support.golden("real.data"))
    // At 40000 K a factor of 10^-6 gives 0.04 K.
    #expect(warnings.contains { $0.contains("units = real") })
    let text = try String(contentsOfFile: Support.golden("real.data"), encoding: .utf8)
    try Support.withFile("real.data", text.replacing("timestep = 200", with: "timestep = 200, units = real")) { path in
      let (converted, warnings) = try FileFormats.readConfiguration(path: path)
      #expect(warnings.isEmpty)
      #expect(converted.velocities == configuration.velocities.map { $0 * 1000 })
    }
  }

  /// LAMMPS's tilted box has the volume of its edges, and the bounding box has not.
  @Test func tiltedBoxIsNotItsBoundingBox() throws {
    let frame = try FileFormats.readFrame(path: Support.golden("triclinic.dump"), species: try Self.elements()).frame
    let volume = 16.2 * 14.6 * 6.9
    #expect(abs(frame.configuration.cell.volume / volume - 1) < 1e-14)
    #expect(frame.configuration.cell.isPeriodic)
  }
}
