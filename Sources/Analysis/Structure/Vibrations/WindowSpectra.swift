import NumericalMethods

/// Power spectra and autocorrelations of many signals over one stretch of a trajectory.
///
/// One-sided power spectra of the stretch x(n), n < L, with weights w(n) and the time dt between frames:
///
///     S(f_k) = c_k dt / (sum w²) |sum_n w(n) x(n) exp(-2 pi i k n / L)|²,   f_k = k / (L dt)
///
/// with c = 2, but 1 for k = 0 and, where L is even, k = L/2; its integral over frequency is the mean of x². Autocorrelations
/// are those without weights, by transforms of twice the length.
///
/// Source: Welch, IEEE Trans. Audio Electroacoust. 15, 70 (1967), doi:10.1109/TAU.1967.1161901.
struct WindowSpectra {
  let length: Int
  let interval: Double
  private let weights: [Double]
  private let transform: FourierTransform
  private let padded: FourierTransform

  init(length: Int, interval: Double, window: SpectralWindow) {
    self.length = length
    self.interval = interval
    weights = window.weights(length)
    transform = FourierTransform(length: length)
    padded = FourierTransform(length: FourierTransform.fastLength(atLeast: 2 * length))
  }

  /// The number of frequencies.
  var bins: Int { length / 2 + 1 }
  /// The number of lags of autocorrelations, from 0 on.
  var lags: Int { length / 2 + 1 }

  /// Weighted sums of the spectra and autocorrelations of groups of signals.
  ///
  /// - Parameters:
  ///   - rows: One a frame, each with all signals.
  ///   - groups: Ranges of signals.
  ///   - factors: The weight of each signal in the sum of its group.
  /// - Returns: A spectrum of ``bins`` and an autocorrelation of ``lags`` numbers for each group; those of groups beyond
  ///   `correlated` are empty.
  func sums(
    _ rows: ArraySlice<[Double]>, groups: [Range<Int>], factors: [Double], correlated: Int, pool: WorkerPool
  ) -> [(spectrum: [Double], correlation: [Double])] {
    var tasks: [(group: Int, signals: Range<Int>)] = []
    for (group, range) in groups.enumerated() {
      // As many blocks as fit the number of signals, whatever the number of threads.
      let blocks = max(1, min(32, range.count / 24))
      for block in 0..<blocks {
        tasks.append((group, range.lowerBound + block * range.count / blocks..<range.lowerBound + (block + 1) * range.count / blocks))
      }
    }
    var parts = [(power: [Double], padded: [Double])](repeating: ([], []), count: tasks.count)
    parts.withUnsafeMutableBufferPointer { parts in
      nonisolated(unsafe) let parts = parts
      let tasks = tasks
      pool.forEachBlock(tasks.count) { task in
        parts[task] = power(rows, tasks[task].signals, factors, isCorrelated: tasks[task].group < correlated)
      }
    }
    let scale = interval / weights.reduce(0) { $0 + $1 * $1 }
    return groups.indices.map { group in
      var spectrum = [Double](repeating: 0, count: bins)
      var power = [Double](repeating: 0, count: group < correlated ? padded.spectrumCount : 0)
      for (task, part) in zip(tasks, parts) where task.group == group {
        for k in spectrum.indices { spectrum[k] += part.power[k] }
        for k in power.indices { power[k] += part.padded[k] }
      }
      for k in spectrum.indices { spectrum[k] *= scale * (k == 0 || 2 * k == length ? 1 : 2) }
      let full = power.isEmpty ? [] : padded.inverse(power.map { SIMD2($0, 0) })
      return (spectrum, full.isEmpty ? [] : (0..<lags).map { full[$0] / Double(length - $0) })
    }
  }

  private func power(
    _ rows: ArraySlice<[Double]>, _ signals: Range<Int>, _ factors: [Double], isCorrelated: Bool
  ) -> (power: [Double], padded: [Double]) {
    var power = [Double](repeating: 0, count: bins)
    var paddedPower = [Double](repeating: 0, count: isCorrelated ? padded.spectrumCount : 0)
    // A few signals at a time, so that each visit to a frame reads a line of memory in full.
    let group = 24
    var values = [Double](repeating: 0, count: group * padded.length)
    var signal = [Double](repeating: 0, count: length)
    var spectrum = [SIMD2<Double>](repeating: .zero, count: max(transform.spectrumCount, padded.spectrumCount))
    for begin in stride(from: signals.lowerBound, to: signals.upperBound, by: group) {
      let count = min(group, signals.upperBound - begin)
      for (frame, row) in rows.enumerated() {
        for i in 0..<count { values[i * padded.length + frame] = row[begin + i] }
      }
      for i in 0..<count {
        let factor = factors[begin + i]
        for n in 0..<length { signal[n] = weights[n] * values[i * padded.length + n] }
        spectrum.withUnsafeMutableBufferPointer { spectrum in
          guard let output = spectrum.baseAddress else { return }
          signal.withUnsafeBufferPointer { $0.baseAddress.map { transform.forward($0, into: output) } }
          for k in 0..<bins { power[k] += factor * (output[k] * output[k]).sum() }
          guard isCorrelated else { return }
          values.withUnsafeBufferPointer { $0.baseAddress.map { padded.forward($0 + i * padded.length, into: output) } }
          for k in 0..<padded.spectrumCount { paddedPower[k] += factor * (output[k] * output[k]).sum() }
        }
      }
    }
    return (power, paddedPower)
  }
}
