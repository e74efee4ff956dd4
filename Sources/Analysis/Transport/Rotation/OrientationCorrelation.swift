import NumericalMethods
import Structures

/// Correlations of orientations and angular displacements over all time origins, by Fourier transform.
///
///     P_2(u · v) = (3 sum_ij u_i u_j v_i v_j - 1) / 2,   sum_bonds P_3(u · v) = sum_m Y_3m(u) Y_3m(v)
///
/// so that each is a sum of autocorrelations of numbers. Units that are given up count as far as they go.
struct OrientationCorrelation {
  /// The curves of one kind of unit, one value a lag in frames from 0 on; `nan` where no unit lasts that long.
  struct Curves: Sendable {
    var first: [Double]
    var second: [Double]
    /// Of tetrahedra; empty for others.
    var third: [Double]
    /// In rad².
    var squaredAngle: [Double]
    /// The same of each block of units.
    var blocks: [Block]
  }

  struct Block: Sendable {
    var first: [Double]
    var second: [Double]
    var third: [Double]
    var squaredAngle: [Double]
  }

  /// Sums over products, and how many there are, of bonds and of units.
  private struct Sums: Sendable {
    var first: [Double]
    var second: [Double]
    var third: [Double]
    var thirdZero = 0.0
    var angle: [Double]
    var bonds: [Double]
    var units: [Double]
    var tetrahedra: [Double]

    init(_ frames: Int) {
      let zeros = [Double](repeating: 0, count: frames)
      (first, second, third, angle) = (zeros, zeros, zeros, zeros)
      (bonds, units, tetrahedra) = (zeros, zeros, zeros)
    }

    mutating func add(_ other: Sums) {
      for lag in first.indices {
        first[lag] += other.first[lag]
        second[lag] += other.second[lag]
        third[lag] += other.third[lag]
        angle[lag] += other.angle[lag]
        bonds[lag] += other.bonds[lag]
        units[lag] += other.units[lag]
        tetrahedra[lag] += other.tetrahedra[lag]
      }
    }

    var block: Block {
      let hasThird = tetrahedra.contains { $0 > 0 }
      let zero = hasThird ? third[0] / max(1, tetrahedra[0]) : 1
      return Block(
        first: zip(first, bonds).map { $1 > 0 ? $0 / $1 : .nan },
        second: zip(second, bonds).map { $1 > 0 ? 1.5 * $0 / $1 - 0.5 : .nan },
        third: hasThird ? zip(third, tetrahedra).map { $1 > 0 ? $0 / $1 / zero : .nan } : [],
        squaredAngle: zip(angle, units).map { $1 > 0 ? max(0, $0 / $1) : .nan })
    }
  }

  /// Blocks of units behind an error.
  private static let blockCount = 16

  private let data: RotorData

  init(_ data: RotorData) { self.data = data }

  /// The curves of each kind of unit.
  func curves() throws -> [Curves] {
    let frames = data.store.frameCount
    let transform = FourierTransform(length: FourierTransform.fastLength(atLeast: 2 * frames))
    var tasks: [[Int]] = []
    var owners: [Range<Int>] = []
    for kind in data.kinds.indices {
      let blocks = data.blocks(of: kind, most: Self.blockCount)
      owners.append(tasks.count..<tasks.count + blocks.count)
      tasks += blocks
    }
    let parts = tasks
    let sums = try data.pool.map(parts.count) { try self.sums(of: parts[$0], transform) }
    return owners.map { range in
      var total = Sums(frames)
      for task in range { total.add(sums[task]) }
      let block = total.block
      return Curves(
        first: block.first, second: block.second, third: block.third, squaredAngle: block.squaredAngle, blocks: sums[range].map(\.block))
    }
  }

  private func sums(of rotors: [Int], _ transform: FourierTransform) throws -> Sums {
    let frames = data.store.frameCount
    let length = transform.length
    var sums = Sums(frames)
    var signal = [Double](repeating: 0, count: length)
    var spectrum = [SIMD2<Double>](repeating: .zero, count: transform.spectrumCount)
    var powers = [[Double]](repeating: [Double](repeating: 0, count: transform.spectrumCount), count: 4)
    /// Adds the power of a signal of which only some frames count.
    func add(_ values: [Double], to place: Int, factor: Double = 1) {
      for frame in 0..<length { signal[frame] = frame < values.count ? values[frame] : 0 }
      signal.withUnsafeBufferPointer { input in
        spectrum.withUnsafeMutableBufferPointer { output in
          guard let input = input.baseAddress, let output = output.baseAddress else { return }
          transform.forward(input, into: output)
          powers[place].withUnsafeMutableBufferPointer { power in
            for k in power.indices { power[k] += factor * (output[k].x * output[k].x + output[k].y * output[k].y) }
          }
        }
      }
    }
    for rotor in rotors {
      let end = data.ends[rotor]
      guard end > 0 else { continue }
      let unit = data.rotors[rotor]
      var octupole = [[Double]](repeating: [Double](repeating: 0, count: unit.isTetrahedron ? end : 0), count: 7)
      for bond in 0..<unit.bondCount {
        let u = try Array(data.vectors(data.rows.bonds[rotor] + bond).prefix(end))
        for axis in 0..<3 { add(u.map { $0[axis] }, to: 0) }
        for axis in 0..<3 {
          add(u.map { $0[axis] * $0[axis] }, to: 1)
          add(u.map { $0[axis] * $0[(axis + 1) % 3] }, to: 1, factor: 2)
        }
        guard unit.isTetrahedron else { continue }
        for frame in 0..<end {
          let y = Self.thirdHarmonics(u[frame])
          for m in 0..<7 { octupole[m][frame] += y[m] }
        }
      }
      if unit.isTetrahedron { for m in 0..<7 { add(octupole[m], to: 2) } }
      var turned = try Array(data.vectors(data.rows.turned(rotor)).prefix(end))
      let mean = turned.reduce(.zero, +) * (1 / Double(end))
      for frame in 0..<end { turned[frame] -= mean }
      for axis in 0..<3 { add(turned.map { $0[axis] }, to: 3) }
      var twoSided = 2 * turned.reduce(0) { $0 + $1.squaredLength }
      for lag in 0..<end {
        if lag > 0 { twoSided -= turned[lag - 1].squaredLength + turned[end - lag].squaredLength }
        sums.angle[lag] += twoSided
        let count = Double(end - lag)
        sums.units[lag] += count
        sums.bonds[lag] += count * Double(unit.bondCount)
        if unit.isTetrahedron { sums.tetrahedra[lag] += count }
      }
    }
    func correlation(_ place: Int) -> ArraySlice<Double> { transform.inverse(powers[place].map { SIMD2($0, 0) }).prefix(frames) }
    sums.first = Array(correlation(0))
    sums.second = Array(correlation(1))
    sums.third = Array(correlation(2))
    let cross = correlation(3)
    for lag in 0..<frames { sums.angle[lag] -= 2 * cross[lag] }
    return sums
  }

  /// The seven real harmonics of degree 3, scaled so that the sum of their products at two directions is P_3 of the cosine between them.
  static func thirdHarmonics(_ u: Vector3) -> [Double] {
    let (x, y, z) = (u.x, u.y, u.z)
    let (a, b, c) = ((3.0 / 8).squareRoot(), (5.0 / 8).squareRoot(), 15.0.squareRoot())
    return [
      z * (5 * z * z - 3) / 2, a * x * (5 * z * z - 1), a * y * (5 * z * z - 1), c / 2 * z * (x * x - y * y), c * x * y * z,
      b * x * (x * x - 3 * y * y), b * y * (3 * x * x - y * y),
    ]
  }

  /// C1, C2 and the angular displacement of one unit by their definitions: the twin that the transforms are held against.
  static func reference(bonds: [[Vector3]], turned: [Vector3], lag: Int) -> (first: Double, second: Double, squaredAngle: Double) {
    var (first, second, angle, count) = (0.0, 0.0, 0.0, 0.0)
    for track in bonds {
      for frame in 0..<track.count - lag {
        let cosine = track[frame].dot(track[frame + lag])
        first += cosine
        second += 1.5 * cosine * cosine - 0.5
        count += 1
      }
    }
    for frame in 0..<turned.count - lag { angle += (turned[frame + lag] - turned[frame]).squaredLength }
    return (first / count, second / count, angle / Double(turned.count - lag))
  }
}
