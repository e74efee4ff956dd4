import Formats
import Foundation
import NumericalMethods
import Structures
import Testing

@testable import Analysis

/// Values of numpy, pymatgen-analysis-diffusion and dynasor; see `Golden/transport/distributions_make.py`.
struct DistributionsGolden: Decodable {
  struct Species: Decodable {
    var alpha2, msd: [Double]
    var alongZ: [Double]
    var counts: [[Int]]
    var scattering: [[Double]]
    enum CodingKeys: String, CodingKey {
      case alpha2, msd, counts
      case alongZ = "alpha2_z"
      case scattering = "fs"
    }
  }
  struct Distinct: Decodable {
    var lag, bins: Int
    var cutoff: Double
    var pairs: [String: [Double]]
    enum CodingKeys: String, CodingKey {
      case lag, bins, pairs
      case cutoff = "cutoff_A"
    }
  }
  struct Npt: Decodable {
    var lags: [Int]
    var bins: Int
    var range: Double
    var q: [Double]
    var species: [String: Species]
    var distinct: Distinct
    enum CodingKeys: String, CodingKey {
      case lags, bins, q, species, distinct
      case range = "range_A"
    }
  }
  struct Fixed: Decodable {
    var origins, lag: Int
    var binWidth: Double
    var pymatgen: [String: [Int]]
    var q: [Double]
    var dynasor: [String: [[Double]]]
    enum CodingKeys: String, CodingKey {
      case origins, lag, pymatgen, q, dynasor
      case binWidth = "bin_width_A"
    }
  }
  var npt: Npt
  var fixed: Fixed

  static func read() throws -> DistributionsGolden {
    let file = PeerProgramTests.folder.appendingPathComponent("transport/distributions_golden.json")
    return try JSONDecoder().decode(DistributionsGolden.self, from: Data(contentsOf: file))
  }

  /// The trajectory with the fractional coordinates of each frame in the cell of the first.
  static func fixedCell() throws -> [Frame] {
    let frames = try PeerProgramTests.trajectory()
    let cell = frames[0].configuration.cell
    var images = [SIMD3<Int32>](repeating: .zero, count: frames[0].configuration.count)
    var before: [Vector3] = []
    return frames.map { frame in
      var frame = frame
      let places = frame.configuration.positions.map { position -> Vector3 in
        let place = frame.configuration.cell.fractional(position)
        return place - place.rounded(.down)
      }
      // The programs take the nearest image along each edge, up to half of it, which is further than our unwrapping dares to go.
      for (atom, place) in places.enumerated() where !before.isEmpty {
        let edges = (place - before[atom]).rounded(.toNearestOrEven)
        for axis in 0..<3 { images[atom][axis] -= Int32(edges[axis]) }
      }
      before = places
      frame.configuration.positions = places.map { cell.cartesian($0) }
      frame.configuration.cell = cell
      frame.configuration.images = images
      return frame
    }
  }
}
