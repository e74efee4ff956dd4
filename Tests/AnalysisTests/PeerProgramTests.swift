import Analysis
import Formats
import Foundation
import NumericalMethods
import Structures
import Testing

/// g(r) and displacements as MDAnalysis and freud themselves give them, on a triclinic NPT trajectory that LAMMPS wrote and
/// in which the cell changes its edges by up to a half; see `Golden/make_triclinic_npt.py`.
@Suite struct PeerProgramTests {
  struct Golden: Decodable {
    struct Programs: Decodable {
      var mdanalysis: [String: [Double]]
      var freud: [String: [Double]]
    }
    struct Displacements: Decodable {
      var mdanalysis, freud, x, y, z, toroidal: [Double]
    }
    enum CodingKeys: String, CodingKey {
      case cutoff = "cutoff_A"
      case bins, rdf, msd
    }
    var cutoff: Double
    var bins: Int
    var rdf: Programs
    var msd: [String: Displacements]
  }

  static let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appendingPathComponent("Golden")

  static func golden() throws -> Golden {
    try JSONDecoder().decode(Golden.self, from: Data(contentsOf: folder.appendingPathComponent("triclinic-npt.json")))
  }

  static func trajectory() throws -> [Frame] {
    try FileFormats.openFrames(
      path: folder.appendingPathComponent("triclinic-npt.lammpstrj.gz").path, species: try species("Ar", "Ne")
    ).allFrames()
  }

  @Test func radialDistribution() throws {
    let golden = try Self.golden()
    let trajectory = try Self.trajectory()
    try #require(trajectory.count == 45)
    var parameters = RadialDistribution()
    parameters.cutoff = golden.cutoff
    parameters.binWidth = golden.cutoff / Double(golden.bins)
    let result = try parameters.analyze(trajectory, pool: WorkerPool(threads: 2))
    let counts = trajectory[0].configuration.speciesCounts
    for (key, expected) in golden.rdf.mdanalysis {
      let pair = try #require(SpeciesPair(key))
      let partial = try #require(result.partial(pair.center, pair.neighbor))
      // MDAnalysis divides a pair of like species by N (N - 1), we and freud by N².
      let number = Double(counts[pair.center == "Ar" ? 0 : 1])
      let factor = pair.center == pair.neighbor ? number / (number - 1) : 1
      // Their positions and cells are in single precision: 1e-7 of the volume. freud sums and divides in it as well.
      #expect(largestRelative(partial.values.map { $0 * factor }, expected) < 1e-6, "\(key)")
      #expect(largestRelative(partial.values, try #require(golden.rdf.freud[key])) < 2e-6, "\(key)")
    }
  }

  @Test func displacements() throws {
    let golden = try Self.golden()
    let trajectory = try Self.trajectory()
    let unwrapped = trajectory.map { frame in
      var frame = frame
      frame.configuration.positions = frame.configuration.unwrappedPositions
      frame.configuration.images = []
      frame.isUnwrapped = true
      return frame
    }
    var parameters = MeanSquaredDisplacement()
    for frames in [trajectory, unwrapped] {
      parameters.tracks.unwrapping = .images
      let lattice = try parameters.analyze(frames, pool: WorkerPool(threads: 2))
      parameters.tracks.unwrapping = .toroidal
      let toroidal = try parameters.analyze(frames)
      for (label, expected) in golden.msd {
        let curve = try #require(lattice[label])
        // MDAnalysis and freud keep positions up to 50 Å in single precision, 2e-6 Å, and the file has five decimals.
        #expect(largestRelative(curve.values, expected.mdanalysis) < 1e-6, "\(label)")
        for (values, reference) in zip(curve.directions, [expected.x, expected.y, expected.z]) {
          #expect(largestRelative(values, reference) < 1e-6, "\(label)")
        }
        // freud's Fourier transform is in single precision: 1e-6 of the largest square, whatever the lag.
        #expect(largestDifference(curve.values, expected.freud) < 2e-6 * (expected.freud.max() ?? 0), "\(label)")
        #expect(largestRelative(try #require(toroidal[label]).values, expected.toroidal) < 1e-9, "\(label)")
        // The barostat makes the difference that the scheme is about.
        #expect(abs(try #require(toroidal[label]).values[40] / curve.values[40] - 1) > 0.1)
      }
    }
  }

  /// The largest difference, relative for references above one.
  private func largestRelative(_ values: [Double], _ references: [Double]) -> Double {
    let scale = references.map { max(1, abs($0)) }
    return largestDifference(zip(values, scale).map { $0 / $1 }, zip(references, scale).map { $0 / $1 })
  }
}
