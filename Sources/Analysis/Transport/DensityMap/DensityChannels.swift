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

  /// The part of the cell below a free energy.
  struct Level: Sendable {
    /// In units of kT above the lowest.
    var energy: Double
    var volumeShare: Double
    var ionShare: Double
    /// In how many independent directions a part winds around the cell.
    var dimension: Int
    /// Whether a part winds around a, b, c.
    var along: [Bool]
  }

  /// In kT above the lowest free energy, by ``names``; `nil` where no way winds around through what was visited.
  let barriers: [Double?]

  /// - Parameters:
  ///   - density: In any unit; never negative.
  ///   - least: What is below was not visited.
  init(_ density: [Double], least: Double = 0, size: SIMD3<Int>, periodic: Periodicity) {
    let percolation = Percolation(Self.energies(density, least: least), size: size, periodic: periodic, connectivity: 6)
    barriers = percolation.thresholds + percolation.alongEdges
  }

  /// -ln(rho / max rho) of each point; infinite where nothing was.
  static func energies(_ density: [Double], least: Double) -> [Double] {
    let most = density.max() ?? 0
    return density.map { $0 > 0 && $0 >= least && most > 0 ? log(most / $0) : .infinity }
  }

  /// Shares of volume and ions below free energies, and what winds around the cell there.
  ///
  /// - Parameters:
  ///   - step: Between two levels, in kT.
  ///   - count: How many levels, the first at one step.
  func levels(of density: [Double], step: Double, count: Int) -> [Level] {
    let most = density.max() ?? 0
    let all = density.reduce(0, +)
    var points = [Double](repeating: 0, count: count)
    var ions = points
    for value in density where value > 0 {
      // A point belongs to the first level that is not below it.
      let level = max(0, Int((log(most / value) / step).rounded(.up)) - 1)
      guard level < count else { continue }
      points[level] += 1
      ions[level] += value
    }
    var (volume, sum) = (0.0, 0.0)
    return (0..<count).map { level in
      volume += points[level]
      sum += ions[level]
      let energy = Double(level + 1) * step
      let opened = barriers.map { $0.map { $0 <= energy * (1 + 1e-12) } ?? false }
      return Level(
        energy: energy, volumeShare: volume / Double(max(1, density.count)), ionShare: all > 0 ? sum / all : 0,
        dimension: opened.prefix(3).count { $0 }, along: Array(opened.suffix(3)))
    }
  }

  /// The connected parts of the cell above a density, the largest first, with the shares of volume and ions.
  static func region(
    above threshold: Double, of density: [Double], size: SIMD3<Int>, periodic: Periodicity
  ) -> (region: GridRegion, volumeShare: Double, ionShare: Double) {
    let inside = density.map { $0 >= threshold && $0 > 0 }
    var (count, sum, all) = (0, 0.0, 0.0)
    for (value, isInside) in zip(density, inside) {
      all += value
      if isInside {
        count += 1
        sum += value
      }
    }
    return (
      GridRegion(size, periodic: periodic, contains: inside), Double(count) / Double(max(1, density.count)), all > 0 ? sum / all : 0
    )
  }
}
