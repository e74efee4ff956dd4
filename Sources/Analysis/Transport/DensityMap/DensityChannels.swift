import NumericalMethods
import Structures

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// What a density says of ways through the cell.
struct DensityChannels: Sendable {
  /// The names of ``barriers``.
  static let names = ["1D", "2D", "3D", "a", "b", "c"]

  /// The part of the cell above a density.
  struct Level: Sendable {
    /// In units of kT below the highest.
    var energy: Double
    /// In 1/Å³.
    var density: Double
    var volumeShare: Double
    var ionShare: Double
    var parts: Int
    /// In how many independent directions the part that goes farthest winds around the cell.
    var dimension: Int
    /// Whether a part winds around a, b, c.
    var along: [Bool]
  }

  /// In kT above the lowest free energy, by ``names``; `nil` where no way winds around through what was visited.
  let barriers: [Double?]

  /// - Parameter density: In any unit; never negative.
  init(_ density: [Double], size: SIMD3<Int>, periodic: Periodicity) {
    let percolation = Percolation(Self.energies(density), size: size, periodic: periodic, connectivity: 6)
    barriers = percolation.thresholds + percolation.alongEdges
  }

  /// -ln(rho / max rho) of each point; infinite where nothing was.
  static func energies(_ density: [Double]) -> [Double] {
    let most = density.max() ?? 0
    return density.map { $0 > 0 && most > 0 ? log(most / $0) : .infinity }
  }

  /// The part of the cell above a threshold.
  static func level(above threshold: Double, of density: [Double], size: SIMD3<Int>, periodic: Periodicity) -> Level {
    let most = density.max() ?? 0
    let inside = density.map { $0 >= threshold && $0 > 0 }
    let region = GridRegion(size, periodic: periodic, contains: inside)
    var (count, sum, all) = (0, 0.0, 0.0)
    for (value, isInside) in zip(density, inside) {
      all += value
      if isInside {
        count += 1
        sum += value
      }
    }
    let along = (0..<3).map { axis in region.parts.contains { $0.directions.contains { $0[axis] != 0 } } }
    return Level(
      energy: threshold > 0 ? log(most / threshold) : .infinity, density: threshold, volumeShare: Double(count) / Double(max(1, density.count)),
      ionShare: all > 0 ? sum / all : 0, parts: region.parts.count, dimension: region.dimension, along: along)
  }
}
