#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// The weights that stretches of a trajectory are multiplied with before a Fourier transform.
///
/// Source: Harris, Proc. IEEE 66, 51 (1978), doi:10.1109/PROC.1978.10837.
public enum SpectralWindow: String, CaseIterable, Sendable {
  /// `sin²(pi (n + 1/2) / L)`: lines 1.5 bins wide (at half height), little leakage.
  case hann
  /// `0.42 - 0.5 cos(2 pi (n + 1/2) / L) + 0.08 cos(4 pi (n + 1/2) / L)`: lines 1.7 bins wide, less leakage still.
  case blackman
  /// All 1: lines 0.9 bins wide, and much leakage.
  case none

  /// The weights of a stretch.
  func weights(_ length: Int) -> [Double] {
    (0..<length).map { n in
      let angle = 2 * Double.pi * (Double(n) + 0.5) / Double(length)
      return switch self {
      case .hann: 0.5 - 0.5 * cos(angle)
      case .blackman: 0.42 - 0.5 * cos(angle) + 0.08 * cos(2 * angle)
      case .none: 1
      }
    }
  }
}
