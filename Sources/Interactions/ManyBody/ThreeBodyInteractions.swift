import Structures

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// Terms between a vertex atom and two of its neighbours:
///
///     U = Σ_i Σ_{j<k} A(θ_jik) φ(r_ij) φ(r_ik),   r_ij, r_ik < cutoff of the leg
///
/// A and φ depend on the species; each unordered pair of legs counts once.
public struct ThreeBodyInteractions: Sendable {
  /// How the energy depends on the angle.
  public enum Angular: Sendable, Hashable {
    /// λ (cos θ - cos θ0)². Source: Stillinger and Weber, Phys. Rev. B 31, 5262 (1985), doi:10.1103/PhysRevB.31.5262.
    case cosine
    /// λ (cos θ - cos θ0)² / [1 + C (cos θ - cos θ0)²].
    /// Source: Vashishta et al., Phys. Rev. B 41, 12197 (1990), doi:10.1103/PhysRevB.41.12197, with C as in later sets.
    case saturating
    /// λ (θ - θ0)².
    case harmonic
  }

  /// How the energy depends on the length of a leg; zero from the cutoff on.
  public enum Leg: Sendable, Hashable {
    /// exp[γ/(r - cutoff)]: it goes to zero at the cutoff with all its derivatives. In Å.
    case exponential(gamma: Double, cutoff: Double)
    /// exp(-r/ρ), cut off as it stands. In Å.
    case screened(rho: Double, cutoff: Double)

    public var cutoff: Double {
      switch self {
      case .exponential(_, let cutoff), .screened(_, let cutoff): cutoff
      }
    }

    /// The factor at a distance in Å, and the derivative of its logarithm in 1/Å.
    public func callAsFunction(_ r: Double) -> (value: Double, logarithmicSlope: Double) {
      guard r < cutoff else { return (0, 0) }
      switch self {
      case .exponential(let gamma, let cutoff):
        let gap = r - cutoff
        return (exp(gamma / gap), -gamma / (gap * gap))
      case .screened(let rho, _): return (exp(-r / rho), -1 / rho)
      }
    }
  }

  /// The angular part of two legs.
  public struct Triplet: Sendable, Hashable {
    /// λ in eV.
    public var strength: Double
    /// cos θ0, or θ0 in radians for ``Angular/harmonic``.
    public var rest: Double
    /// C of ``Angular/saturating``.
    public var saturation: Double

    public init(strength: Double, rest: Double, saturation: Double = 0) {
      (self.strength, self.rest, self.saturation) = (strength, rest, saturation)
    }
  }

  public let angular: Angular
  /// The number of species.
  public let species: Int
  private let legs: [Leg?]
  private let triplets: [Triplet?]

  /// - Parameters:
  ///   - leg: The leg from a vertex of one species to an atom of another, or `nil` where there is none.
  ///   - triplet: The angular part for a vertex and two legs; called with `first <= second` and for legs that exist. `nil` for none.
  public init(
    _ angular: Angular, species: Int, leg: (_ vertex: Int, _ other: Int) throws -> Leg?,
    triplet: (_ vertex: Int, _ first: Int, _ second: Int) throws -> Triplet?
  ) rethrows {
    self.angular = angular
    self.species = species
    var legs = [Leg?](repeating: nil, count: species * species)
    var triplets = [Triplet?](repeating: nil, count: species * species * species)
    for vertex in 0..<species {
      for other in 0..<species { legs[vertex * species + other] = try leg(vertex, other) }
      for first in 0..<species where legs[vertex * species + first] != nil {
        for second in first..<species where legs[vertex * species + second] != nil {
          let value = try triplet(vertex, first, second)
          triplets[(vertex * species + first) * species + second] = value
          triplets[(vertex * species + second) * species + first] = value
        }
      }
    }
    self.legs = legs
    self.triplets = triplets
  }

  public func leg(_ vertex: Int, _ other: Int) -> Leg? { legs[vertex * species + other] }

  /// The angular part of two legs in either order.
  public func triplet(_ vertex: Int, _ first: Int, _ second: Int) -> Triplet? {
    triplets[(vertex * species + first) * species + second]
  }

  /// The longest leg in Å; 0 without legs.
  public var cutoff: Double { legs.lazy.compactMap { $0?.cutoff }.max() ?? 0 }

  public var isEmpty: Bool { triplets.allSatisfy { $0 == nil } }
}

extension ThreeBodyInteractions.Angular {
  /// A in eV and its derivative by cos θ at a cosine.
  public func callAsFunction(_ cosine: Double, _ triplet: ThreeBodyInteractions.Triplet) -> (value: Double, slope: Double) {
    switch self {
    case .cosine:
      let d = cosine - triplet.rest
      return (triplet.strength * d * d, 2 * triplet.strength * d)
    case .saturating:
      let d = cosine - triplet.rest
      let bottom = 1 + triplet.saturation * d * d
      return (triplet.strength * d * d / bottom, 2 * triplet.strength * d / (bottom * bottom))
    case .harmonic:
      let d = acos(max(-1, min(1, cosine))) - triplet.rest
      return (triplet.strength * d * d, -2 * triplet.strength * d / max(AngleGeometry.leastSine, (1 - cosine * cosine).squareRoot()))
    }
  }
}
