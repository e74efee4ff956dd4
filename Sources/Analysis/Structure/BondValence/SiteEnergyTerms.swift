import NumericalMethods
import Structures

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// How each species acts on the mobile ion; see ``BondValence``.
struct SiteEnergyTerms: Sendable {
  enum Term: Sendable {
    /// `depth/2 ((exp((minimum - R) / softness) - 1)² - 1)`.
    case morse(BondValencePair)
    /// `strength erfc(R / length) / R`.
    case repulsion(strength: Double, length: Double)
  }

  /// One a species of the configuration; `nil` for the mobile one and for neutral ones.
  let terms: [Term?]
  let cutoff: Double

  /// Closer than this the ion is as far away, in Å: sums stay finite on top of an atom.
  static let closest = 0.1
  /// Beyond so many screening lengths a repulsion counts as zero: erfc(4.5) = 2e-10.
  static let repulsionReach = 4.5

  /// - Throws: ``AnalysisError`` with code `.invalidSetting` where the set has no parameters of a pair.
  init(mobile: Species, charges: [String: Int], configuration: Configuration, parameters: BondValence) throws {
    cutoff = parameters.cutoff
    let own = charges[mobile.label] ?? 0
    guard own != 0 else {
      throw AnalysisError(.invalidSetting, "bond-valence: \(mobile.label) has no charge; give one with charges to move it")
    }
    func radius(_ species: Species, _ charge: Int) throws -> Double {
      if let radius = BondValenceSet.radius(species.element.symbol, charge: charge) { return radius }
      throw AnalysisError(.invalidSetting, "bond-valence: there is no softbv radius of \(species.label) with charge \(charge)")
    }
    let present = configuration.speciesCounts
    terms = try configuration.species.enumerated().map { index, species in
      guard species.label != mobile.label, present[index] > 0, let charge = charges[species.label], charge != 0 else { return nil }
      if charge.signum() == own.signum() {
        let quantum = Double(mobile.element.period * species.element.period).squareRoot()
        return .repulsion(
          strength: PhysicalConstants.coulomb * Double(own * charge) / quantum,
          length: parameters.screening * (try radius(mobile, own) + radius(species, charge)))
      }
      let (cation, anion) = own > 0 ? (mobile, species) : (species, mobile)
      guard
        let pair = parameters.set.pair(
          cation: (cation.element.symbol, own > 0 ? own : charge), anion: (anion.element.symbol, own > 0 ? charge : own))
      else { throw BondValenceAccumulator.missing(cation.label, anion.label, charges, parameters.set) }
      return .morse(pair)
    }
  }

  /// The energy of one ion at a distance in Å, in eV: the plain twin of ``SiteEnergyGrid``.
  func energy(_ species: Int, distance: Double) -> Double {
    let r = max(Self.closest, distance)
    switch terms[species] {
    case .morse(let pair):
      let x = exp((pair.minimum - r) / pair.softness)
      return pair.depth / 2 * ((x - 1) * (x - 1) - 1)
    case .repulsion(let strength, let length): return strength * erfc(r / length) / r
    case nil: return 0
    }
  }

  /// The energy of the mobile ion at a place, in eV.
  func energy(at point: Vector3, in configuration: Configuration) throws -> Double {
    let search = try NeighborSearch(cell: configuration.cell, positions: configuration.positions, cutoff: cutoff)
    var sum = 0.0
    search.forEachNeighbor(around: point) { neighbor in
      sum += energy(Int(configuration.types[neighbor.index]), distance: neighbor.squaredDistance.squareRoot())
    }
    return sum
  }
}
