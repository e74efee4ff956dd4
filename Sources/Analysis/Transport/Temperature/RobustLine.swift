import Structures

/// A straight line that one wrong point cannot turn, beside the fit by least squares.
///
///     E = median over pairs of - (y_j - y_i) / (x_j - x_i),    ln A = median of y_i + E x_i
///
/// Up to 29 % of the points may be wrong by any amount. Errors of the points are not looked at.
///
/// Source: Sen, J. Am. Stat. Assoc. 63, 1379 (1968), doi:10.1080/01621459.1968.10480934.
public struct RobustLine: Sendable {
  /// In eV.
  public let activationEnergy: Double
  public let logPrefactor: Double

  /// - Returns: `nil` for fewer than two temperatures.
  public init?(_ points: [TransportPoint], quantity: TransportQuantity) {
    let places = points.filter(\.isValid).map {
      (x: 1 / (PhysicalConstants.boltzmann * $0.temperature), y: quantity.fitted($0.value, at: $0.temperature))
    }
    var slopes: [Double] = []
    for (i, first) in places.enumerated() {
      for second in places[(i + 1)...] where second.x != first.x { slopes.append(-(second.y - first.y) / (second.x - first.x)) }
    }
    guard let energy = Self.median(slopes), let prefactor = Self.median(places.map { $0.y + energy * $0.x }) else { return nil }
    activationEnergy = energy
    logPrefactor = prefactor
  }

  static func median(_ values: [Double]) -> Double? {
    guard !values.isEmpty else { return nil }
    let sorted = values.sorted()
    let middle = sorted.count / 2
    return sorted.count % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2
  }
}
