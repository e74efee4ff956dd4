import NumericalMethods
import Structures

/// All reflections of one spacing of lattice planes.
public struct PowderReflection: Sendable {
  /// One of the triples, that with the highest h, then k, then l among those with the fewest negative indices.
  public var indices: SIMD3<Int32>
  /// How many reciprocal vectors have this spacing and scatter at all.
  public var multiplicity: Int
  /// In Å.
  public var spacing: Double
  /// 2θ in degrees.
  public var twoTheta: Double
  /// The mean of |F|² over these vectors, an atom of the cell.
  public var squaredFactor: Double
  /// The strongest is 100.
  public var intensity: Double

  /// Reflections that differ by less than this part of d are one.
  private static let sameSpacing = 1e-6

  /// - Parameter lines: Indices, Q and |F|² of one of each two opposite vectors.
  static func merged(
    _ lines: [(SIMD3<Int32>, SIMD2<Double>)], cell: Cell, parameters: PowderDiffraction
  ) -> [PowderReflection] {
    let sorted = lines.sorted {
      $0.1.x != $1.1.x ? $0.1.x < $1.1.x : ($0.0.x, $0.0.y, $0.0.z) < ($1.0.x, $1.0.y, $1.0.z)
    }
    let strongest = lines.reduce(0) { max($0, $1.1.y) }
    var groups: [[(SIMD3<Int32>, SIMD2<Double>)]] = []
    // Forbidden reflections, zero but for rounding, are left out.
    for line in sorted where line.1.y > 1e-12 * strongest {
      if let last = groups.last?.last, line.1.x - last.1.x < sameSpacing * line.1.x {
        groups[groups.count - 1].append(line)
      } else {
        groups.append([line])
      }
    }
    var result = groups.compactMap { group -> PowderReflection? in
      let q = group.reduce(0) { $0 + $1.1.x } / Double(group.count)
      guard let angle = PowderAngles.twoTheta(q: q, wavelength: parameters.wavelength), parameters.range.contains(angle) else { return nil }
      let sum = group.reduce(0) { $0 + 2 * $1.1.y }
      let triples = group.flatMap { [$0.0, SIMD3<Int32>.zero &- $0.0] }
      let best = triples.max { rank($0) < rank($1) } ?? .zero
      return PowderReflection(
        indices: best, multiplicity: triples.count, spacing: 2 * Double.pi / q, twoTheta: angle,
        squaredFactor: sum / Double(triples.count),
        intensity: sum * PowderAngles.lorentzPolarisation(angle, radiation: parameters.radiation))
    }
    let highest = result.reduce(0) { max($0, $1.intensity) }
    for number in result.indices where highest > 0 { result[number].intensity *= 100 / highest }
    return result
  }

  private static func rank(_ triple: SIMD3<Int32>) -> (Int, Int32, Int32, Int32) {
    ((0..<3).count { triple[$0] >= 0 }, triple.x, triple.y, triple.z)
  }
}

/// A maximum of a powder pattern.
public struct PowderPeak: Sendable {
  /// 2θ in degrees.
  public var twoTheta: Double
  /// In Å.
  public var spacing: Double
  /// The highest is 100.
  public var height: Double
  /// Full width at half height in degrees, above zero; `nil` where a neighbour or the end of the pattern is in the way.
  public var width: Double?

  /// The maxima that stand out of both sides by a share of the highest.
  static func found(_ angles: [Double], _ pattern: [Double], wavelength: Double, prominence: Double) -> [PowderPeak] {
    let top = pattern.max() ?? 0
    guard top > 0, pattern.count > 2 else { return [] }
    var peaks: [PowderPeak] = []
    for i in 1..<pattern.count - 1 where pattern[i] > pattern[i - 1] && pattern[i] >= pattern[i + 1] {
      func lowest(_ step: Int) -> Double {
        var (place, low) = (i + step, pattern[i])
        while pattern.indices.contains(place), pattern[place] <= pattern[i] {
          low = min(low, pattern[place])
          place += step
        }
        return low
      }
      guard pattern[i] - max(lowest(-1), lowest(1)) > prominence * top else { continue }
      // The vertex of the parabola through three points.
      let curvature = pattern[i - 1] - 2 * pattern[i] + pattern[i + 1]
      let shift = curvature < 0 ? (pattern[i - 1] - pattern[i + 1]) / (2 * curvature) : 0
      let angle = angles[i] + shift * (angles[1] - angles[0])
      let height = pattern[i] - (pattern[i - 1] - pattern[i + 1]) * shift / 4
      func half(_ step: Int) -> Double? {
        var place = i
        while pattern.indices.contains(place + step), pattern[place + step] <= pattern[place] {
          if pattern[place + step] < height / 2 {
            let part = (pattern[place] - height / 2) / (pattern[place] - pattern[place + step])
            return angles[place] + part * (angles[place + step] - angles[place])
          }
          place += step
        }
        return nil
      }
      let width = half(-1).flatMap { low in half(1).map { $0 - low } }
      peaks.append(
        PowderPeak(
          twoTheta: angle, spacing: PowderAngles.spacing(angle, wavelength: wavelength), height: height / top * 100, width: width))
    }
    return peaks
  }
}
