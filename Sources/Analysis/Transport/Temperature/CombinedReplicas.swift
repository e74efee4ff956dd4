import Structures

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// One point for each temperature, of all that were found at it.
///
///     y = sum w y / sum w,   w = 1/s²,   error² = 1 / sum w
///
/// What replicas differ by tests these errors, over all temperatures together:
///
///     r = sum_T sum_i w_i (y_i - y_T)² / sum_T (m_T - 1)
///
/// Where r is above 1, the errors of single runs leave something out, and all errors, also those of temperatures without replicas, are
/// multiplied by its root; Student's t then has `sum (m - 1)` degrees of freedom. One temperature alone has too few replicas to say how much
/// they scatter. Replicas without errors weigh the same, and `r` is their variance.
public struct CombinedReplicas: Sendable {
  /// By rising temperature.
  public let points: [TransportPoint]
  /// What the errors were multiplied by; 1 where the replicas scatter no more than these say, and where there are none.
  public let scale: Double
  /// The degrees of freedom of a scale that the replicas gave, and that all errors therefore share; `nil` where each error is its own.
  public let degrees: Double?

  /// - Parameter points: At least as many as temperatures, in any order; valid ones.
  public init(_ points: [TransportPoint]) {
    let groups = Dictionary(grouping: points, by: \.temperature).sorted { $0.key < $1.key }.map(\.value)
    let known = points.count { $0.logError != nil }
    let areWeighted = known == points.count
    let freedom = Double(points.count - groups.count)
    let means = groups.map { Mean($0) }
    guard freedom > 0, areWeighted || known == 0 else {
      // Where only some have an error, the scatter around the line decides.
      self.points = zip(groups, means).map { group, mean in group.count == 1 ? group[0] : mean.point(scale: 1, degrees: nil) }
      (scale, degrees) = (1, nil)
      return
    }
    let ratio = means.reduce(0) { $0 + $1.scatter } / freedom
    guard ratio > (areWeighted ? 1 : 0) else {
      self.points = zip(groups, means).map { group, mean in group.count == 1 ? group[0] : mean.point(scale: 1, degrees: nil) }
      (scale, degrees) = (1, nil)
      return
    }
    scale = areWeighted ? ratio.squareRoot() : 1
    degrees = freedom
    self.points = means.map { $0.point(scale: ratio.squareRoot(), degrees: freedom) }
  }

  /// The points of one temperature together.
  private struct Mean {
    let points: [TransportPoint]
    let areWeighted: Bool
    let weights: [Double]
    let total: Double
    let logarithm: Double
    /// The weighted sum of squares around the mean.
    let scatter: Double

    init(_ points: [TransportPoint]) {
      self.points = points
      let areWeighted = points.allSatisfy { $0.logError != nil }
      let weights = points.map { point in areWeighted ? point.logError.map { 1 / ($0 * $0) } ?? 1 : 1 }
      self.areWeighted = areWeighted
      self.weights = weights
      let total = weights.reduce(0, +)
      let logarithm = zip(weights, points).reduce(0) { $0 + $1.0 * log($1.1.value) } / total
      self.total = total
      self.logarithm = logarithm
      scatter = zip(weights, points).reduce(0) { sum, entry in
        let difference = log(entry.1.value) - logarithm
        return sum + entry.0 * difference * difference
      }
    }

    /// - Parameters:
    ///   - scale: What errors are multiplied by; without errors, that of one point.
    ///   - degrees: Those of the scale, or `nil` for errors as they are.
    func point(scale: Double, degrees: Double?) -> TransportPoint {
      let names = points.map(\.source).filter { !$0.isEmpty }
      let value = points.count == 1 ? points[0].value : exp(logarithm)
      var result = TransportPoint(temperature: points[0].temperature, value: value, error: nil, source: names.joined(separator: ", "))
      guard areWeighted || degrees != nil else { return result }
      result.logError = scale / total.squareRoot()
      // Satterthwaite: the variance 1/W is a mean of the variances with weights w²s⁴ = 1.
      let share = zip(weights, points).reduce(0) { $0 + $1.0 * $1.0 / $1.1.degrees }
      result.degrees = degrees ?? (share > 0 ? total * total / share : .infinity)
      return result
    }
  }
}
