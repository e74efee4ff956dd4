import NumericalMethods
import Structures

/// Autocorrelations of the phases exp(i q r(t)) of many tracks by Fourier transform, at every lag.
struct PhaseCorrelation: Sendable {
  let store: TrackStore
  let wavenumbers: [Double]
  let points: [(direction: Vector3, weight: Double)]
  /// How many lags from 0 on.
  let lags: Int
  private let transform: FourierTransform

  init(store: TrackStore, wavenumbers: [Double], directions: SphericalDirections, lags: Int) {
    self.store = store
    self.wavenumbers = wavenumbers
    points = directions.points
    self.lags = lags
    transform = FourierTransform(length: FourierTransform.fastLength(atLeast: store.frameCount + lags))
  }

  /// The sums over some atoms of the mean over origins and directions: for each wave number one value a lag.
  func sums(of atoms: Range<Int>) throws -> [[Double]] {
    let frames = store.frameCount
    let length = transform.length
    var power = wavenumbers.map { _ in [Double](repeating: 0, count: transform.spectrumCount) }
    var phase = [Double](repeating: 0, count: frames)
    var cosine = [Double](repeating: 0, count: length)
    var sine = cosine
    var spectrum = [SIMD2<Double>](repeating: .zero, count: transform.spectrumCount)
    try store.forEachBatch(of: atoms, pitch: frames) { rows, signals in
      for row in 0..<rows.count {
        let x = signals + 3 * row * frames
        for point in points {
          let n = point.direction
          for frame in 0..<frames { phase[frame] = n.x * x[frame] + n.y * x[frames + frame] + n.z * x[2 * frames + frame] }
          for (index, q) in wavenumbers.enumerated() {
            phase.withUnsafeBufferPointer { phase in
              cosine.withUnsafeMutableBufferPointer { cosine in
                sine.withUnsafeMutableBufferPointer { sine in
                  VectorSineCosine.fill(phase, times: q, sine: sine, cosine: cosine)
                  addPower(cosine, &spectrum, to: &power[index], weight: point.weight)
                  addPower(sine, &spectrum, to: &power[index], weight: point.weight)
                }
              }
            }
          }
        }
      }
    }
    return power.map { power in
      let correlation = transform.inverse(power.map { SIMD2($0, 0) })
      return (0..<lags).map { correlation[$0] / Double(frames - $0) }
    }
  }

  private func addPower(
    _ signal: UnsafeMutableBufferPointer<Double>, _ spectrum: inout [SIMD2<Double>], to power: inout [Double], weight: Double
  ) {
    guard let input = signal.baseAddress else { return }
    spectrum.withUnsafeMutableBufferPointer { spectrum in
      guard let output = spectrum.baseAddress else { return }
      transform.forward(input, into: output)
      power.withUnsafeMutableBufferPointer { power in
        for k in power.indices { power[k] += weight * (output[k].x * output[k].x + output[k].y * output[k].y) }
      }
    }
  }
}
