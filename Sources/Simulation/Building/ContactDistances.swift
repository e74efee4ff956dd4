import Structures

/// The smallest distances that a packing keeps between atoms, pair by pair.
///
/// A pair of anions keeps 0.75 times the sum of its ionic radii, any other pair 0.8 times the sum of its covalent radii. These lie
/// below the shortest distances in glasses (P–O 1.38 of 1.50 Å, B–O 1.20 of 1.37, O–O 2.10 of 2.45, P–S 1.70 of 2.05), so that
/// a melt soon finds its own, and above the distances where potentials without a wall turn attractive.
///
/// Source of the radii: Cordero et al., Dalton Trans. 2832 (2008), doi:10.1039/b801115j (covalent); Shannon, Acta Cryst. A32,
/// 751 (1976), doi:10.1107/S0567739476001551 (ionic, six-fold).
public struct ContactDistances: Hashable, Sendable {
  /// Multiplies all distances from radii; 1 unless a packing is to be looser or tighter.
  public var scale: Double
  /// Distances in Å by pairs of labels, in either order, that are used as they stand.
  public private(set) var overrides: [[String]: Double] = [:]

  public init(scale: Double = 1) {
    self.scale = scale
  }

  /// Sets the distance of a pair of species.
  ///
  /// - Throws: ``SimulationError`` with code `.packingFailed` where the distance is not positive.
  public mutating func set(_ distance: Double, first: String, second: String) throws {
    guard distance >= 0, distance.isFinite else {
      throw SimulationError(
        .packingFailed, "the least distance of \(first)-\(second), \(distance) Å, is no distance; give one in Å, from 0 on")
    }
    overrides[[first, second].sorted()] = distance
  }

  /// The least distance in Å between atoms of two species.
  public func distance(_ first: Species, _ second: Species) -> Double {
    if let distance = overrides[[first.label, second.label].sorted()] { return distance }
    if let a = Self.ionicRadii[first.element.symbol], let b = Self.ionicRadii[second.element.symbol] {
      return 0.75 * (a + b) * scale
    }
    return 0.8 * (first.element.covalentRadius + second.element.covalentRadius) * scale
  }

  /// The distances of all pairs of species, row by row.
  func table(_ species: [Species]) -> [Double] {
    species.flatMap { first in species.map { distance(first, $0) } }
  }

  /// Radii of anions in Å.
  private static let ionicRadii: [String: Double] = [
    "N": 1.46, "O": 1.40, "F": 1.33, "S": 1.84, "Cl": 1.81, "Se": 1.98, "Br": 1.96, "Te": 2.21, "I": 2.20,
  ]
}
