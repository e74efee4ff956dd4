import NumericalMethods

/// What the tracks themselves say about the scatter of a slope: from ion to ion, from block to block of time, and together.
struct TrackScatter: Sendable {
  /// The slope by each row alone.
  var slopes: [Double]
  /// The same with ordinary least squares.
  var plainSlopes: [Double]
  /// By how much the exponent of time is above 1, by each row alone.
  var bends: [Double]
  /// The slope by each block of time, over all rows; empty where blocks would be too short.
  var blocks: [Double]
  /// The mean of the fourth power of displacements at the shortest lag.
  var fourth: Double

  /// - Parameters:
  ///   - store: Displacements.
  ///   - rows: Which rows.
  ///   - axes: Which directions count, of 0, 1, 2.
  ///   - fit: Lags and weights.
  static func measure(
    _ store: TrackStore, rows: Range<Int>, axes: [Int], fit: DisplacementFit, blockFit: BlockFit?, pool: WorkerPool
  ) throws -> TrackScatter {
    let parts = max(1, min(32, rows.count / 4))
    let frames = store.frameCount
    let blockCount = blockFit?.count ?? 0
    struct Part: Sendable {
      var slopes: [Double] = []
      var plain: [Double] = []
      var bends: [Double] = []
      var blocks: [Double]
      var fourth = 0.0
    }
    let results = try pool.map(parts) { part -> Part in
      let range = rows.lowerBound + part * rows.count / parts..<rows.lowerBound + (part + 1) * rows.count / parts
      var result = Part(blocks: [Double](repeating: 0, count: blockCount))
      var squares = [Double](repeating: 0, count: frames)
      try store.forEachBatch(of: range) { batch, signals in
        for row in 0..<batch.count {
          var (slope, plain, bend) = (0.0, 0.0, 0.0)
          for (place, lag) in fit.lags.enumerated() {
            let sum = Self.squares(signals + 3 * row * frames, pitch: frames, axes: axes, frames: frames, lag: lag, into: &squares)
            let mean = sum / Double(frames - lag)
            slope += fit.weights[place] * mean
            plain += fit.plainWeights[place] * mean
            bend += fit.exponentWeights[place] * mean
            if place == 0 {
              for k in 0..<frames - lag { result.fourth += squares[k] * squares[k] }
            }
          }
          result.slopes.append(slope)
          result.plain.append(plain)
          result.bends.append(bend)
          guard let blockFit else { continue }
          for (place, lag) in blockFit.lags.enumerated() {
            _ = Self.squares(signals + 3 * row * frames, pitch: frames, axes: axes, frames: frames, lag: lag, into: &squares)
            for block in 0..<blockCount {
              let begin = block * blockFit.length
              let end = begin + blockFit.length - lag
              var sum = 0.0
              for k in begin..<end { sum += squares[k] }
              result.blocks[block] += blockFit.weights[place] * sum / Double(end - begin)
            }
          }
        }
      }
      return result
    }
    var scatter = TrackScatter(
      slopes: results.flatMap(\.slopes), plainSlopes: results.flatMap(\.plain), bends: results.flatMap(\.bends),
      blocks: [Double](repeating: 0, count: blockCount), fourth: 0)
    for result in results {
      scatter.fourth += result.fourth
      for block in 0..<blockCount { scatter.blocks[block] += result.blocks[block] / Double(rows.count) }
    }
    scatter.fourth /= Double(rows.count * (frames - (fit.lags.first ?? 1)))
    return scatter
  }

  /// Squared displacements of one row from each origin, and their sum.
  @inline(__always)
  private static func squares(
    _ signals: UnsafePointer<Double>, pitch: Int, axes: [Int], frames: Int, lag: Int, into squares: inout [Double]
  ) -> Double {
    squares.withUnsafeMutableBufferPointer { squares in
      var total = 0.0
      for (place, axis) in axes.enumerated() {
        let signal = signals + axis * pitch
        if place == 0 {
          for k in 0..<frames - lag {
            let step = signal[k + lag] - signal[k]
            squares[k] = step * step
          }
        } else {
          for k in 0..<frames - lag {
            let step = signal[k + lag] - signal[k]
            squares[k] += step * step
          }
        }
      }
      for k in 0..<frames - lag { total += squares[k] }
      return total
    }
  }
}

/// The fit of each of some blocks of time by itself.
struct BlockFit: Sendable {
  /// How many blocks.
  let count: Int
  /// Frames a block.
  let length: Int
  let lags: [Int]
  let weights: [Double]

  /// Up to ten blocks, each at least four times as long as the shortest lag.
  ///
  /// - Returns: `nil` where there would be fewer than three.
  init?(_ fit: DisplacementFit, curve: [Double], frames: Int, dimensions: Int) {
    guard let first = fit.lags.first, let last = fit.lags.last else { return nil }
    let count = min(10, frames / max(4 * first, 8))
    guard count >= 3 else { return nil }
    let length = frames / count
    let lags = FitRange.spaced(first, min(last, length / 2))
    guard let own = DisplacementFit(curve: curve, lags: lags, frames: length, dimensions: dimensions) else { return nil }
    self.count = count
    self.length = length
    self.lags = lags
    weights = own.weights
  }
}
