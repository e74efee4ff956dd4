#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// The energy of four bonded atoms 1-2-3-4 as a function of the angle φ between the planes 1-2-3 and 2-3-4; 180° is trans.
///
///     U(φ) = Σ_n K_n [1 - cos(n φ - φ_n)],   n = 1 … 6
///
/// Every form in use is such a sum: that of class II force fields as it stands (n = 1 … 3), `charmm` K [1 + cos(n φ - d)] with
/// φ_n = d + 180°, `opls` with K_n/2 and phases of 0 or 180°. Cross terms of class II force fields are not part of it.
/// Source: Sun, J. Phys. Chem. B 102, 7338 (1998), doi:10.1021/jp980939v, eq. 1.
public struct DihedralForm: Sendable, Hashable {
  /// K in eV and φ_n in radians by n - 1.
  public let waves: [Wave]

  /// One term of the sum.
  public struct Wave: Sendable, Hashable {
    public var strength, phase: Double

    public init(strength: Double, phase: Double) {
      (self.strength, self.phase) = (strength, phase)
    }
  }

  public static let mostWaves = 6

  /// - Parameter waves: By n - 1, at most ``mostWaves``.
  public init(_ waves: [Wave]) {
    precondition(waves.count <= Self.mostWaves, "a dihedral has at most six waves")
    self.waves = waves
  }

  /// The energy in eV and its derivative in eV/rad.
  public func callAsFunction(phi: Double) -> (energy: Double, derivative: Double) {
    var (energy, derivative) = (0.0, 0.0)
    for (index, wave) in waves.enumerated() {
      let n = Double(index + 1)
      energy += wave.strength * (1 - cos(n * phi - wave.phase))
      derivative += wave.strength * n * sin(n * phi - wave.phase)
    }
    return (energy, derivative)
  }
}

/// A dihedral form with the sines and cosines of its phases, for eight dihedrals at a time.
struct DihedralSeries {
  /// K, K cos φ_n and K sin φ_n.
  private let waves: [(strength: Double, cosine: Double, sine: Double)]

  init(_ form: DihedralForm) {
    waves = form.waves.map { ($0.strength, $0.strength * cos($0.phase), $0.strength * sin($0.phase)) }
  }

  /// Whether there is nothing to compute.
  var isZero: Bool { waves.allSatisfy { $0.strength == 0 } }

  /// The multiples of the angle follow from its sine and cosine by addition theorems; there is no need for the angle.
  @inline(__always)
  func callAsFunction(cosine c: EightLanes, sine s: EightLanes) -> (energy: EightLanes, derivative: EightLanes) {
    var (cn, sn) = (EightLanes(repeating: 1), EightLanes(repeating: 0))
    var (energy, derivative) = (EightLanes(repeating: 0), EightLanes(repeating: 0))
    for (index, wave) in waves.enumerated() {
      (cn, sn) = (cn * c - sn * s, sn * c + cn * s)
      energy += wave.strength - (cn * wave.cosine + sn * wave.sine)
      derivative += (sn * wave.cosine - cn * wave.sine) * Double(index + 1)
    }
    return (energy, derivative)
  }
}
