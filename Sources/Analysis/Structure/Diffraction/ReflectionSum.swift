import NumericalMethods
import Structures

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// The reciprocal vectors of a cell up to a Q, one of each two opposite ones.
struct ReflectionList: Sendable {
  let indices: [SIMD3<Int32>]

  /// - Parameter highestQ: In 1/Å.
  init(_ cell: Cell, highestQ: Double) {
    let reciprocal = Self.reciprocal(cell)
    let reach = Self.reach(cell, highestQ: highestQ)
    var indices: [SIMD3<Int32>] = []
    for h in 0...reach.x {
      for k in (h == 0 ? 0 : -reach.y)...reach.y {
        for l in -reach.z...reach.z where h > 0 || k > 0 || l > 0 {
          let q = Vector3(Double(h), Double(k), Double(l)) * reciprocal
          if q.squaredLength <= highestQ * highestQ { indices.append(SIMD3(Int32(h), Int32(k), Int32(l))) }
        }
      }
    }
    self.indices = indices
  }

  /// 2π times the reciprocal edges, as rows: Q = (h, k, l) times this.
  static func reciprocal(_ cell: Cell) -> Matrix3 { cell.inverse.transposed * (2 * Double.pi) }

  /// The highest index along each edge.
  static func reach(_ cell: Cell, highestQ: Double) -> SIMD3<Int> {
    let lengths = cell.lengths * (highestQ / (2 * Double.pi))
    return SIMD3(Int(lengths.x), Int(lengths.y), Int(lengths.z))
  }

  /// How many vectors there are, about.
  static func estimate(_ cell: Cell, highestQ: Double) -> Double {
    cell.volume * highestQ * highestQ * highestQ / (12 * Double.pi * Double.pi)
  }
}

/// The squared structure factors |F|² of a cell at reciprocal vectors, as they are defined.
enum ReflectionSum {
  /// What scatters: real and imaginary amplitudes by species at a Q, Debye-Waller factors included.
  typealias Amplitudes = @Sendable (Double) -> [SIMD2<Double>]

  /// - Parameters:
  ///   - classes: The species of each atom, an index into amplitudes.
  ///   - amplitudes: Called with Q in 1/Å.
  /// - Returns: Q and |F|² at each vector, the mean of both of two opposite ones.
  static func squares(
    _ configuration: Configuration, classes: [Int32], classCount: Int, _ list: ReflectionList, amplitudes: Amplitudes, pool: WorkerPool
  ) -> [SIMD2<Double>] {
    let cell = configuration.cell
    let reciprocal = ReflectionList.reciprocal(cell)
    let highest = list.indices.reduce(SIMD3<Int32>.zero) {
      $0.replacing(with: SIMD3(abs($1.x), abs($1.y), abs($1.z)), where: SIMD3(abs($1.x), abs($1.y), abs($1.z)) .> $0)
    }
    // exp(2πi m x) of each atom for all m of an edge, those below zero by their conjugate.
    let phases = (0..<3).map { axis in
      configuration.positions.flatMap { position -> [SIMD2<Double>] in
        let angle = 2 * Double.pi * cell.fractional(position)[axis]
        return (0...Int(highest[axis])).map { SIMD2(cos(Double($0) * angle), sin(Double($0) * angle)) }
      }
    }
    let strides = (0..<3).map { Int(highest[$0]) + 1 }
    var result = [SIMD2<Double>](repeating: .zero, count: list.indices.count)
    result.withUnsafeMutableBufferPointer { buffer in
      nonisolated(unsafe) let buffer = buffer
      pool.forEachRange(list.indices.count, grain: max(1, 100_000 / max(1, configuration.count))) { range in
        var sums = [SIMD2<Double>](repeating: .zero, count: classCount)
        for number in range {
          let index = list.indices[number]
          for kind in 0..<classCount { sums[kind] = .zero }
          for atom in classes.indices where classes[atom] >= 0 {
            let x = phases[0][atom * strides[0] + Int(index.x)]
            var y = phases[1][atom * strides[1] + Int(abs(index.y))]
            var z = phases[2][atom * strides[2] + Int(abs(index.z))]
            if index.y < 0 { y.y = -y.y }
            if index.z < 0 { z.y = -z.y }
            let xy = SIMD2(x.x * y.x - x.y * y.y, x.x * y.y + x.y * y.x)
            sums[Int(classes[atom])] += SIMD2(xy.x * z.x - xy.y * z.y, xy.x * z.y + xy.y * z.x)
          }
          let q = (Vector3(Double(index.x), Double(index.y), Double(index.z)) * reciprocal).length
          buffer[number] = SIMD2(q, square(sums, amplitudes(q)))
        }
      }
    }
    return result
  }

  /// The mean of |sum_a f_a S_a|² and of the same with the conjugates of S: those of opposite vectors, which differ where nuclei absorb.
  @inline(__always)
  static func square(_ sums: [SIMD2<Double>], _ amplitudes: [SIMD2<Double>]) -> Double {
    var (even, odd) = (SIMD2<Double>.zero, SIMD2<Double>.zero)
    for (sum, f) in zip(sums, amplitudes) {
      even += f.x * sum
      odd += f.y * sum
    }
    return (even * even).sum() + (odd * odd).sum()
  }
}
