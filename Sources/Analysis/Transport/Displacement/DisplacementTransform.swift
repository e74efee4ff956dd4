import NumericalMethods

/// Mean-squared displacements of many tracks by Fourier transform.
///
///     msd(m) = < x²(k) + x²(k + m) > - 2 < x(k) x(k + m) >
///
/// The first part is a running sum; the second is an autocorrelation (``AutocorrelationSum``). Each block of
/// atoms is one task with sums of its own, so that the number of threads changes nothing.
struct DisplacementTransform {
  /// The curves of a group of atoms.
  struct Curves: Sendable {
    /// x, y, z: one value a lag in Å², from lag 0 on.
    var directions: [[Double]]
    /// The standard error of their sum over blocks of atoms, or empty for fewer than two atoms.
    var error: [Double]
    var slope: LocalSlope
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
    let sums = try pool.map(parts.count) { try block(parts[$0]) }
    func joined(_ members: [Int]) -> Curves {
      let atoms = members.reduce(0) { $0 + tasks[$1].count }
      let directions = (0..<3).map { axis in
        (0..<frames).map { lag in members.reduce(0) { $0 + sums[$1][axis][lag] } / Double(max(1, atoms)) }
      }
      let samples = members.map { task in
        (0..<frames).map { lag in (sums[task][0][lag] + sums[task][1][lag] + sums[task][2][lag]) / Double(tasks[task].count) }
      }
      let total = (0..<frames).map { directions[0][$0] + directions[1][$0] + directions[2][$0] }
      return Curves(
        directions: directions, error: BlockAverage.standardError(of: samples), slope: LocalSlope(total, blocks: samples),
        blocks: members.count, atoms: atoms)
    }
    return owners.map { joined(Array($0)) } + [joined(Array(tasks.indices))]
  }

  /// The mean-squared displacement of one point that follows a path: x, y and z by frame.
  static func curve(of path: [[Double]]) -> [Double] {
    let frames = path[0].count
    var total = [Double](repeating: 0, count: frames)
    for axis in path {
      let correlation = AutocorrelationSum(length: frames)
      var squares = [Double](repeating: 0, count: frames)
      var signal = axis
      signal.withUnsafeMutableBufferPointer { signal in
        guard let signal = signal.baseAddress else { return }
        center(signal, frames, &squares)
        correlation.add(signal, nil)
      }
      for (lag, value) in displacements(squares, correlation.correlation()).enumerated() { total[lag] += value }
    }
    return total
  }

  /// The sums over the atoms of a block: x, y, z by lag.
  private func block(_ atoms: Range<Int>) throws -> [[Double]] {
    let frames = store.frameCount
    let correlations = (0..<3).map { _ in AutocorrelationSum(length: frames) }
    var squares = [[Double]](repeating: [Double](repeating: 0, count: frames), count: 3)
    try store.forEachBatch(of: atoms) { part, signals in
      for row in 0..<3 * part.count { Self.center(signals + row * frames, frames, &squares[row % 3]) }
      for axis in 0..<3 {
        for atom in stride(from: 0, to: part.count, by: 2) {
          let first = signals + (3 * atom + axis) * frames
          correlations[axis].add(first, atom + 1 < part.count ? first + 3 * frames : nil)
        }
      }
    }
    return (0..<3).map { Self.displacements(squares[$0], correlations[$0].correlation()) }
  }

  /// Sums of squared displacements over atoms and mean over origins, by lag.
  ///
  /// - Parameters:
  ///   - squares: Sums of squares by frame.
  ///   - correlation: Sums of autocorrelations by lag.
  private static func displacements(_ squares: [Double], _ correlation: [Double]) -> [Double] {
    let frames = squares.count
    var twoSided = 2 * squares.reduce(0, +)
    return (0..<frames).map { lag in
      if lag == 0 { return 0 }
      twoSided -= squares[lag - 1] + squares[frames - lag]
      // Rounding must not make a square negative.
      return max(0, (twoSided - 2 * correlation[lag]) / Double(frames - lag))
    }
  }

  /// Shifts a signal to mean zero and adds its squares to sums by frame: displacements do not change with the origin, and around the mean,
  /// products cancel least.
  private static func center(_ signal: UnsafeMutablePointer<Double>, _ frames: Int, _ squares: inout [Double]) {
    var sums = SIMD8<Double>.zero
    for frame in stride(from: 0, to: frames - frames % 8, by: 8) {
      sums += UnsafeRawPointer(signal + frame).loadUnaligned(as: SIMD8<Double>.self)
    }
    var sum = sums.sum()
    for frame in frames - frames % 8..<frames { sum += signal[frame] }
    let mean = sum / Double(frames)
    squares.withUnsafeMutableBufferPointer { squares in
      for frame in 0..<frames {
        signal[frame] -= mean
        squares[frame] += signal[frame] * signal[frame]
      }
    }
  }
}
