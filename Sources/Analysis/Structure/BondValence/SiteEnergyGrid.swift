import NumericalMethods
import Structures

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// Site energies on all points of a grid.
///
/// Points go in rows along c. For a tile of rows the ions that reach it are gathered once; along a row, the squared distance to an ion is a
/// parabola, of which only the stretch within the cutoff is computed, eight points at a time in single precision. Rows belong to one
/// thread and add up their ions in the same order.
struct SiteEnergyGrid {
  private typealias Lanes = SIMD8<Float>

  /// An image of an ion and its term.
  private struct Source {
    var position: Vector3
    var squaredReach: Double
    var isMorse: Bool
    /// Morse: `exp2(first - second r)`, third is half the depth. Repulsion: strength, inverse length.
    var first: Float
    var second: Float
    var third: Float
  }

  private static let tile = 8

  /// The energies in eV, `[(i * ny + j) * nz + k]`.
  static func energies(
    _ configuration: Configuration, terms: SiteEnergyTerms, size: SIMD3<Int>, pool: WorkerPool
  ) throws -> [Double] {
    let cell = configuration.cell
    let sources = Self.sources(configuration, terms)
    let row = cell.vectors[2] / Double(size.z)
    let direction = row / row.length
    let tiles = SIMD2((size.x + tile - 1) / tile, (size.y + tile - 1) / tile)
    let steps = (cell.vectors[0] / Double(size.x), cell.vectors[1] / Double(size.y))
    var result = [Double](repeating: 0, count: size.x * size.y * size.z)
    result.withUnsafeMutableBufferPointer { result in
      nonisolated(unsafe) let result = result
      pool.forEachBlock(tiles.x * tiles.y) { number in
        let (i0, j0) = (number / tiles.y * tile, number % tiles.y * tile)
        let (i1, j1) = (min(size.x, i0 + tile), min(size.y, j0 + tile))
        // The rows of the tile lie within a cylinder around its middle one.
        let half = 0.5 * (Double(i1 - i0) * steps.0.length + Double(j1 - j0) * steps.1.length)
        let middle = cell.origin + 0.5 * (Double(i0 + i1 - 1) * steps.0 + Double(j0 + j1 - 1) * steps.1)
        let near = sources.filter { source in
          let d = source.position - middle
          let along = d.dot(direction)
          let reach = source.squaredReach.squareRoot() + half
          return d.squaredLength - along * along < reach * reach
        }
        let memory = UnsafeMutablePointer<Float>.allocate(capacity: size.z + 16)
        defer { memory.deallocate() }
        for i in i0..<i1 {
          for j in j0..<j1 {
            for k in 0..<size.z + 16 { memory[k] = 0 }
            let start = cell.origin + Double(i) * steps.0 + Double(j) * steps.1
            for source in near { add(source, start: start, row: row, count: size.z, to: memory) }
            let target = (i * size.y + j) * size.z
            for k in 0..<size.z { result[target + k] = Double(memory[k]) }
          }
        }
      }
    }
    return result
  }

  /// All images that reach into the cell.
  private static func sources(_ configuration: Configuration, _ terms: SiteEnergyTerms) -> [Source] {
    let cell = configuration.cell
    let widths = cell.widths
    var sources: [Source] = []
    for atom in configuration.positions.indices {
      guard let term = terms.terms[Int(configuration.types[atom])] else { continue }
      var source: Source
      var reach = terms.cutoff
      switch term {
      case .morse(let pair):
        let scale = 1 / (pair.softness * log(2))
        source = Source(
          position: .zero, squaredReach: 0, isMorse: true, first: Float(pair.minimum * scale), second: Float(scale),
          third: Float(pair.depth / 2))
      case .repulsion(let strength, let length):
        reach = min(reach, SiteEnergyTerms.repulsionReach * length)
        source = Source(position: .zero, squaredReach: 0, isMorse: false, first: Float(strength), second: Float(1 / length), third: 0)
      }
      source.squaredReach = reach * reach
      let inside = cell.wrap(configuration.positions[atom]).position
      let f = cell.fractional(inside)
      var low = SIMD3<Int>(0, 0, 0)
      var high = low
      for axis in 0..<3 where cell.periodic[axis] {
        let share = reach / widths[axis]
        low[axis] = Int((-share - f[axis]).rounded(.up))
        high[axis] = Int((1 + share - f[axis]).rounded(.down))
      }
      for a in low.x...max(low.x, high.x) {
        for b in low.y...max(low.y, high.y) {
          for c in low.z...max(low.z, high.z) {
            source.position = inside + Vector3(Double(a), Double(b), Double(c)) * cell.vectors
            sources.append(source)
          }
        }
      }
    }
    return sources
  }

  @inline(__always)
  private static func add(_ source: Source, start: Vector3, row: Vector3, count: Int, to memory: UnsafeMutablePointer<Float>) {
    let d = start - source.position
    let slope = row.squaredLength
    let nearest = -d.dot(row) / slope
    let gap = max(0, d.squaredLength - nearest * nearest * slope)
    guard gap < source.squaredReach else { return }
    let half = ((source.squaredReach - gap) / slope).squareRoot()
    let low = max(0, Int((nearest - half).rounded(.up)))
    let high = min(count - 1, Int((nearest + half).rounded(.down)))
    guard low <= high else { return }
    let lanes = Lanes(0, 1, 2, 3, 4, 5, 6, 7)
    let (gaps, slopes) = (Lanes(repeating: Float(gap)), Lanes(repeating: Float(slope)))
    let limit = Lanes(repeating: Float(source.squaredReach))
    let closest = Lanes(repeating: Float(SiteEnergyTerms.closest * SiteEnergyTerms.closest))
    let (first, second, third) = (Lanes(repeating: source.first), Lanes(repeating: source.second), Lanes(repeating: source.third))
    var k = low
    while k <= high {
      let place = lanes + Lanes(repeating: Float(Double(k) - nearest))
      var squared = gaps.addingProduct(slopes * place, place)
      let isBeyond = squared .>= limit
      squared.replace(with: closest, where: squared .< closest)
      let r = squared.squareRoot()
      var value: Lanes
      if source.isMorse {
        let x = exp2(first - second * r)
        value = third * x * (x - 2)
      } else {
        let u = second * r
        value = first * complementaryError(u) / r
      }
      value.replace(with: 0, where: isBeyond)
      let target = UnsafeMutableRawPointer(memory + k)
      let sum = target.loadUnaligned(as: Lanes.self) + value
      target.storeBytes(of: sum, as: Lanes.self)
      k += 8
    }
  }

  /// 2^x for -126 < x < 126, within 2e-7 of itself: the whole part goes into the exponent, the rest into a polynomial.
  @inline(__always)
  private static func exp2(_ x: SIMD8<Float>) -> SIMD8<Float> {
    // Adding 1.5 · 2^23 leaves the nearest whole number in the last bits.
    let magic = Lanes(repeating: 12_582_912)
    var limited = x
    limited.replace(with: -126, where: x .< -126)
    let shifted = limited + magic
    let f = limited - (shifted - magic)
    var p = Lanes(repeating: 1.540353e-4)
    p = Lanes(repeating: 1.3333558e-3).addingProduct(p, f)
    p = Lanes(repeating: 9.6181291e-3).addingProduct(p, f)
    p = Lanes(repeating: 5.5504109e-2).addingProduct(p, f)
    p = Lanes(repeating: 2.4022651e-1).addingProduct(p, f)
    p = Lanes(repeating: 6.9314718e-1).addingProduct(p, f)
    p = Lanes(repeating: 1).addingProduct(p, f)
    let exponent = unsafeBitCast(shifted, to: SIMD8<Int32>.self) &<< 23
    return unsafeBitCast(unsafeBitCast(p, to: SIMD8<Int32>.self) &+ exponent, to: Lanes.self)
  }

  /// erfc(u) for 0 <= u < 9, within 4e-7.
  ///
  /// Source: Abramowitz and Stegun, Handbook of Mathematical Functions, 7.1.26.
  @inline(__always)
  private static func complementaryError(_ u: SIMD8<Float>) -> SIMD8<Float> {
    let t = 1 / Lanes(repeating: 1).addingProduct(Lanes(repeating: 0.3275911), u)
    var p = Lanes(repeating: 1.061405429)
    p = Lanes(repeating: -1.453152027).addingProduct(p, t)
    p = Lanes(repeating: 1.421413741).addingProduct(p, t)
    p = Lanes(repeating: -0.284496736).addingProduct(p, t)
    p = Lanes(repeating: 0.254829592).addingProduct(p, t)
    return p * t * exp2(u * u * Lanes(repeating: -1.4426950))
  }
}
