#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// Adds up the autocorrelations of many real signals of one length: by Fourier transform, two signals at a time.
///
///     c(m) = sum_signals sum_k x(k) x(k + m),   0 <= k < k + m < length
///
/// Two signals make one complex one; the power of the two, symmetrised, is the power of it. Padded by zeros to twice its
/// length, its even frequencies are a transform of half the length, and the odd ones are one of the signal with its phase
/// turned, so that no zero is ever transformed. All powers are added before one inverse transform.
public final class AutocorrelationSum {
  /// The number of values of each signal.
  public let length: Int
  private let half: Int
  private let plan: OpaquePointer?
  /// Real and imaginary parts in turn: the signal, its turned copy, and their transforms.
  private let even, odd, spectrum: UnsafeMutablePointer<Double>
  /// exp(-i pi k / half).
  private let turns: [SIMD2<Double>]
  private var evenPower, oddPower: [Double]

  /// - Parameter length: At least 1.
  public init(length: Int) {
    precondition(length >= 1 && length < 1 << 29, "a signal has between 1 and 2²⁹ values")
    self.length = length
    half = FourierTransform.fastLength(atLeast: length)
    func aligned(_ count: Int) -> UnsafeMutablePointer<Double> {
      let bytes = count * MemoryLayout<Double>.stride
      let memory = UnsafeMutableRawPointer.allocate(byteCount: bytes, alignment: 64).bindMemory(to: Double.self, capacity: count)
      memory.initialize(repeating: 0, count: count)
      return memory
    }
    (even, odd, spectrum) = (aligned(2 * half), aligned(2 * half), aligned(2 * half))
    let (half, even, spectrum) = (half, UInt(bitPattern: even), UInt(bitPattern: spectrum))
    nonisolated(unsafe) var plan: OpaquePointer?
    FourierTransform.planner.withLock { _ in
      guard let input = UnsafeMutablePointer<Double>(bitPattern: even), let output = UnsafeMutablePointer<Double>(bitPattern: spectrum)
      else {
        return
      }
      plan = Double.planColumns(length: half, count: 1, input, stride: 1, output, outputStride: 1, isForward: true)
    }
    precondition(plan != nil, "FFTW made no plan for \(half) values")
    self.plan = plan
    turns = (0..<half).map { k in
      let angle = -Double.pi * Double(k) / Double(half)
      return SIMD2(cos(angle), sin(angle))
    }
    evenPower = [Double](repeating: 0, count: half)
    oddPower = evenPower
  }

  deinit {
    let plan = UInt(bitPattern: plan)
    FourierTransform.planner.withLock { _ in Double.destroy(OpaquePointer(bitPattern: plan)) }
    for memory in [even, odd, spectrum] { memory.deallocate() }
  }

  /// Adds two signals.
  ///
  /// - Parameters:
  ///   - first: ``length`` values.
  ///   - second: As many, or `nil` for one signal.
  public func add(_ first: UnsafePointer<Double>, _ second: UnsafePointer<Double>?) {
    let even = UnsafeMutableRawPointer(even).assumingMemoryBound(to: SIMD2<Double>.self)
    let odd = UnsafeMutableRawPointer(odd).assumingMemoryBound(to: SIMD2<Double>.self)
    turns.withUnsafeBufferPointer { turns in
      for k in 0..<length {
        let value = SIMD2(first[k], second?[k] ?? 0)
        even[k] = value
        let turn = turns[k]
        odd[k] = SIMD2(value.x * turn.x - value.y * turn.y, value.x * turn.y + value.y * turn.x)
      }
    }
    addPower(of: self.even, to: &evenPower)
    addPower(of: self.odd, to: &oddPower)
  }

  private func addPower(of signal: UnsafeMutablePointer<Double>, to power: inout [Double]) {
    Double.executeColumns(plan, signal, spectrum)
    power.withUnsafeMutableBufferPointer { power in
      for k in 0..<half { power[k] += spectrum[2 * k] * spectrum[2 * k] + spectrum[2 * k + 1] * spectrum[2 * k + 1] }
    }
  }

  /// The sum of the autocorrelations of all signals added so far, one value a lag from 0 to ``length`` - 1.
  public func correlation() -> [Double] {
    // Of the padded signal, the frequencies from 0 to its middle.
    let power = (0...half).map { frequency -> SIMD2<Double> in
      let k = frequency / 2
      let (there, back) =
        frequency.isMultiple(of: 2) ? (evenPower[k % half], evenPower[(half - k) % half]) : (oddPower[k], oddPower[half - 1 - k])
      return SIMD2((there + back) / 2, 0)
    }
    return Array(FourierTransform(length: 2 * half).inverse(power).prefix(length))
  }
}
