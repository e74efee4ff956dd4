import NumericalMethods
import Structures

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// A law fitted to points, and how much they speak for it.
///
/// The parameter that is not linear is searched between its bounds, on a grid and then by golden sections; the others follow by linear least
/// squares. With errors as given:
///
///     BIC = chi² + k ln n,   AICc = chi² + 2k + 2k (k + 1) / (n - k - 1)
///     Z = ∫ prior exp(-chi² / 2),   linear parameters by the Gaussian integral, which is exact, the other one on the grid
///
/// Where the errors are only known up to a factor, or not at all, chi² stands for `n ln(chi² / n)` in BIC and AICc (with k + 1 parameters), and
/// Z is integrated over the factor with the prior 1/s. Priors are even: 100 for logarithms of prefactors, 3 eV for energies, the bounds for the
/// other parameter.
///
/// Source: Schwarz, Ann. Stat. 6, 461 (1978), doi:10.1214/aos/1176344136; Hurvich and Tsai, Biometrika 76, 297 (1989),
/// doi:10.1093/biomet/76.2.297; MacKay, Information Theory, Inference, and Learning Algorithms (2003), chapter 28.
public struct TemperatureModelFit: Sendable {
  public let model: TemperatureModel
  /// In the order of ``TemperatureModel/parameterNames(_:)``; a break as a temperature.
  public let values: [Double]
  /// Standard errors from the curvature at the minimum; empty where they mean nothing, as at a bound.
  public let errors: [Double]
  public let chiSquared: Double
  public let bic: Double
  /// `nil` for too few points.
  public let aicc: Double?
  /// The logarithm of Z; only differences between laws for the same points mean something.
  public let logEvidence: Double
  /// Whether the parameter that is not linear ended at one of its bounds.
  public let isAtBound: Bool
  let coefficients: [Double]
  let parameter: Double
  private let quantity: TransportQuantity

  /// The widths of the even priors.
  static let logarithmPrior = 100.0
  static let energyPrior = 3.0
  private static let gridSize = 400

  /// - Returns: `nil` where the points are at fewer temperatures than the law needs.
  init?(_ model: TemperatureModel, fit: ArrheniusFit) {
    let points = fit.points
    let temperatures = points.map(\.temperature)
    guard Set(temperatures).count >= model.neededTemperatures else { return nil }
    let values = points.map { fit.quantity.fitted($0.value, at: $0.temperature) }
    func solve(_ parameter: Double) -> LinearLeastSquares? {
      LinearLeastSquares(rows: temperatures.map { model.row(at: $0, parameter) }, values: values, errors: fit.standardErrors)
    }
    let n = Double(points.count)
    // What rounding leaves of points that lie on the curve exactly.
    let floor = 1e-24 * n
    let isKnown = fit.errors == .given
    func logEvidence(_ solution: LinearLeastSquares) -> Double {
      let k = Double(solution.coefficients.count)
      let prior = -log(Self.logarithmPrior) - (k - 1) * log(Self.energyPrior)
      if isKnown { return prior + k / 2 * log(2 * .pi) + solution.logDeterminant / 2 - solution.chiSquared / 2 }
      let half = (n - k) / 2
      return prior + k / 2 * log(2 * .pi) + solution.logDeterminant / 2 + lgamma(half) - half * log(max(floor, solution.chiSquared) / 2)
    }
    let best: (parameter: Double, solution: LinearLeastSquares)
    if let bounds = model.bounds(temperatures) {
      let step = (bounds.upperBound - bounds.lowerBound) / Double(Self.gridSize)
      let grid = (0...Self.gridSize).compactMap { index -> (Double, LinearLeastSquares)? in
        let parameter = bounds.lowerBound + Double(index) * step
        return solve(parameter).map { (parameter, $0) }
      }
      guard let start = grid.min(by: { $0.1.chiSquared < $1.1.chiSquared }) else { return nil }
      let logs = grid.map { logEvidence($0.1) }
      let largest = logs.max() ?? 0
      // The mean over the grid, whose ends count half, is the integral over an even prior.
      let sum = logs.enumerated().reduce(0) { $0 + exp($1.1 - largest) * ($1.0 == 0 || $1.0 == logs.count - 1 ? 0.5 : 1) }
      self.logEvidence = largest + log(sum / Double(Self.gridSize))
      best = Self.refine(start, step: step, bounds: bounds, solve)
      isAtBound = best.parameter - bounds.lowerBound < 1e-6 * step || bounds.upperBound - best.parameter < 1e-6 * step
    } else {
      guard let solution = solve(0) else { return nil }
      best = (0, solution)
      self.logEvidence = logEvidence(solution)
      isAtBound = false
    }
    self.model = model
    quantity = fit.quantity
    coefficients = best.solution.coefficients
    parameter = best.parameter
    chiSquared = best.solution.chiSquared
    let k = Double(model.parameterCount)
    if isKnown {
      bic = chiSquared + k * log(n)
      aicc = n > k + 1 ? chiSquared + 2 * k + 2 * k * (k + 1) / (n - k - 1) : nil
    } else {
      let scatter = n * log(max(floor, chiSquared) / n)
      bic = scatter + (k + 1) * log(n)
      aicc = n > k + 2 ? scatter + 2 * (k + 1) + 2 * (k + 1) * (k + 2) / (n - k - 2) : nil
    }
    let hasParameter = model != .arrhenius
    // A break is given as a temperature.
    let shown = model == .piecewise ? 1 / (PhysicalConstants.boltzmann * parameter) : parameter
    self.values = coefficients + (hasParameter ? [shown] : [])
    errors = isAtBound ? [] : Self.errors(model, best.parameter, best.solution, fit, shown: shown)
  }

  private static func refine(
    _ start: (Double, LinearLeastSquares), step: Double, bounds: ClosedRange<Double>, _ solve: (Double) -> LinearLeastSquares?
  ) -> (parameter: Double, solution: LinearLeastSquares) {
    var (low, high) = (max(bounds.lowerBound, start.0 - step), min(bounds.upperBound, start.0 + step))
    var best = start
    let golden = (5.0.squareRoot() - 1) / 2
    for _ in 0..<60 {
      let (left, right) = (high - golden * (high - low), low + golden * (high - low))
      guard let first = solve(left), let second = solve(right) else { break }
      for candidate in [(left, first), (right, second)] where candidate.1.chiSquared < best.1.chiSquared { best = candidate }
      if first.chiSquared < second.chiSquared { high = right } else { low = left }
    }
    return (best.0, best.1)
  }

  private static func errors(
    _ model: TemperatureModel, _ parameter: Double, _ solution: LinearLeastSquares, _ fit: ArrheniusFit, shown: Double
  ) -> [Double] {
    guard let full = jacobianFit(model, parameter, solution.coefficients, fit) else { return [] }
    let count = model.parameterCount
    let scale = fit.errors == .given ? 1 : solution.chiSquared / Double(max(1, fit.points.count - count))
    var errors = (0..<count).map { (scale * full.covariance[$0 * count + $0]).squareRoot() }
    // dT = kB T² d(1/(kB T)).
    if model == .piecewise { errors[count - 1] *= PhysicalConstants.boltzmann * shown * shown }
    return errors
  }

  /// The fit linearised at the minimum, for the covariance of all parameters.
  private static func jacobianFit(
    _ model: TemperatureModel, _ parameter: Double, _ coefficients: [Double], _ fit: ArrheniusFit
  ) -> LinearLeastSquares? {
    let rows = fit.points.map { point in
      model.row(at: point.temperature, parameter)
        + (model == .arrhenius ? [] : [model.derivative(at: point.temperature, parameter, coefficients)])
    }
    return LinearLeastSquares(rows: rows, values: fit.points.map { _ in 0 }, errors: fit.standardErrors)
  }

  /// The value at a temperature in K, or `nil` where the law has none: not above T0.
  public func value(at temperature: Double) -> Double? {
    if model == .vtf, temperature <= parameter { return nil }
    let logarithm = zip(model.row(at: temperature, parameter), coefficients).reduce(0) { $0 + $1.0 * $1.1 }
    return quantity.value(logarithm, at: temperature)
  }
}

/// The laws that the points are enough for, side by side.
public struct TemperatureModelComparison: Sendable {
  public let fits: [TemperatureModelFit]
  /// Laws that need more temperatures.
  public let refused: [TemperatureModel]

  public init(_ fit: ArrheniusFit) {
    fits = TemperatureModel.allCases.compactMap { TemperatureModelFit($0, fit: fit) }
    let fitted = fits.map(\.model)
    refused = TemperatureModel.allCases.filter { !fitted.contains($0) }
  }

  /// The probability of each law if all were as likely before, in the order of ``fits``.
  public var probabilities: [Double] {
    let largest = fits.map(\.logEvidence).max() ?? 0
    let weights = fits.map { exp($0.logEvidence - largest) }
    let total = weights.reduce(0, +)
    return weights.map { $0 / total }
  }

  /// The law with the largest evidence.
  public var preferred: TemperatureModelFit? { fits.max { $0.logEvidence < $1.logEvidence } }
}
