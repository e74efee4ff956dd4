/// The parameters of three-body terms as flat tables, for kernels.
struct ThreeBodyTables {
  /// A leg: the factor is exp[inverse/(r - cutoff) + linear r], which covers both kinds.
  struct Leg {
    /// 0 where there is no such leg.
    var squaredCutoff = 0.0
    var cutoff = 0.0
    var inverse = 0.0
    var linear = 0.0
  }

  let species: Int
  /// By vertex and other species.
  let legs: [Leg]
  /// By vertex, first and second leg; zero where two legs have no term.
  let triplets: [ThreeBodyInteractions.Triplet]

  init(_ interactions: ThreeBodyInteractions) {
    let n = interactions.species
    species = n
    legs = (0..<n * n).map { index in
      switch interactions.leg(index / n, index % n) {
      case nil: Leg()
      case .exponential(let gamma, let cutoff)?: Leg(squaredCutoff: cutoff * cutoff, cutoff: cutoff, inverse: gamma)
      case .screened(let rho, let cutoff)?: Leg(squaredCutoff: cutoff * cutoff, cutoff: cutoff, linear: -1 / rho)
      }
    }
    triplets = (0..<n * n * n).map { index in
      interactions.triplet(index / (n * n), index / n % n, index % n) ?? .init(strength: 0, rest: 0)
    }
  }
}
