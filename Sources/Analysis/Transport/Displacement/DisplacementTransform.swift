import NumericalMethods

/// Mean-squared displacements of many tracks by Fourier transform.
///
///     msd(m) = < x²(k) + x²(k + m) > - 2 < x(k) x(k + m) >
///
/// The first part is a running sum; the second is an autocorrelation, the inverse transform of the power spectrum of the
/// zero-padded track. Power spectra of the atoms of a block add up before one inverse transform. Each block of atoms is
/// one task with sums of its own, so that the number of threads changes nothing.
struct DisplacementTransform {
  /// The curves of a group of atoms.
  struct Curves: Sendable {
    /// x, y, z: one value a lag in Å², from lag 0 on.
    var directions: [[Double]]
    /// The standard error of their sum over blocks of atoms, or empty for fewer than two atoms.
    var error: [Double]
    var blocks: Int
    var atoms: Int

    var total: [Double] {
      directions[0].indices.map { directions[0][$0] + directions[1][$0] + directions[2][$0] }
    }
  }

  let store: TrackStore
  let pool: WorkerPool

  /// Blocks of atoms behind an error.
  private static let blocks = 16

  /// - Parameter groups: Ranges of atoms.
  /// - Returns: The curves of each group, and last those of all groups together.
  func curves(groups: [Range<Int>]) throws -> [Curves] {
    let frames = store.frameCount
    let transform = FourierTransform(length: FourierTransform.fastLength(atLeast: 2 * frames))
    var tasks: [Range<Int>] = []
    var owners: [Range<Int>] = []
    for group in groups {
      let number = max(1, min(Self.blocks, group.count))
      let begin = tasks.count
      for block in 0..<number {
        tasks.append(
          group.lowerBound + block * group.count / number..<group.lowerBound + (block + 1) * group.count / number)
      }
      owners.append(begin..<tasks.count)
    }
    let parts = tasks
    let sums = try pool.map(parts.count) { try block(parts[$0], transform) }
    func joined(_ members: [Int]) -> Curves {
      let atoms = members.reduce(0) { $0 + tasks[$1].count }
      let directions = (0..<3).map { axis in
        (0..<frames).map { lag in members.reduce(0) { $0 + sums[$1][axis][lag] } / Double(max(1, atoms)) }
      }
      let samples = members.map { task in
        (0..<frames).map { lag in (sums[task][0][lag] + sums[task][1][lag] + sums[task][2][lag]) / Double(tasks[task].count) }
      }
      return Curves(
        directions: directions, error: BlockAverage.standardError(of: samples), blocks: members.count, atoms: atoms)
    }
    return owners.map { joined(Array($0)) } + [joined(Array(tasks.indices))]
  }

  /// The sums over the atoms of a block: x, y, z by lag.
  private func block(_ atoms: Range<Int>, _ transform: FourierTransform) throws -> [[Double]] {
    let frames = store.frameCount
    let length = transform.length
    var spectrum = [SIMD2<Double>](repeating: .zero, count: transform.spectrumCount)
    var power = [[Double]](repeating: [Double](repeating: 0, count: transform.spectrumCount), count: 3)
    var squares = [[Double]](repeating: [Double](repeating: 0, count: frames), count: 3)
    try store.forEachBatch(of: atoms, pitch: length) { part, signals in
      for row in 0..<3 * part.count {
        let signal = signals + row * length
        // Displacements do not change with the origin; around the mean, products cancel least.
        var mean = 0.0
        for frame in 0..<frames { mean += signal[frame] }
        mean /= Double(frames)
        squares[row % 3].withUnsafeMutableBufferPointer { squares in
          for frame in 0..<frames {
            signal[frame] -= mean
            squares[frame] += signal[frame] * signal[frame]
          }
        }
        (signal + frames).update(repeating: 0, count: length - frames)
        spectrum.withUnsafeMutableBufferPointer { spectrum in
          guard let output = spectrum.baseAddress else { return }
          transform.forward(signal, into: output)
          power[row % 3].withUnsafeMutableBufferPointer { power in
            for k in power.indices { power[k] += output[k].x * output[k].x + output[k].y * output[k].y }
          }
        }
      }
    }
    return (0..<3).map { axis in
      let correlation = transform.inverse(power[axis].map { SIMD2($0, 0) })
      var twoSided = 2 * squares[axis].reduce(0, +)
      return (0..<frames).map { lag in
        if lag == 0 { return 0 }
        twoSided -= squares[axis][lag - 1] + squares[axis][frames - lag]
        // Rounding must not make a square negative.
        return max(0, (twoSided - 2 * correlation[lag]) / Double(frames - lag))
      }
    }
  }
}
