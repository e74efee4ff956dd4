import Structures

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// Points of one material against temperature with all that is made of them: line, laws, extrapolation.
public struct TemperatureSeries: Sendable {
  /// Its name in keys and tables.
  public let name: String
  public let fit: ArrheniusFit
  public let models: TemperatureModelComparison
  public let robust: RobustLine?
  /// At the temperatures asked for.
  public let predictions: [ArrheniusFit.Prediction]
  /// What turns diffusion coefficients into conductivities at temperatures where it is known; empty where it is not.
  public let carriers: [Carriers]
  /// What was left out, with the reason.
  public let excluded: [String]
  /// What the points of the fit were made of.
  public let replicas: CombinedReplicas

  /// The ions of a run, whose density falls as the cell expands.
  public struct Carriers: Hashable, Sendable {
    /// In K.
    public var temperature: Double
    public var ions: ChargeCarriers

    public init(temperature: Double, ions: ChargeCarriers) { (self.temperature, self.ions) = (temperature, ions) }
  }

  /// - Parameters:
  ///   - points: One or more at a temperature.
  ///   - temperatures: Where the line is read, in K.
  ///   - excluded: Points that were left out before, one sentence each.
  /// - Throws: What ``ArrheniusFit/init(_:quantity:errors:)`` throws; `.invalidSetting` for a temperature that is not positive.
  public init(
    name: String, points: [TransportPoint], quantity: TransportQuantity, errors: ArrheniusFit.Errors? = nil, temperatures: [Double] = [300],
    carriers: [Carriers] = [], excluded: [String] = []
  ) throws {
    if let bad = temperatures.first(where: { !($0 > 0 && $0.isFinite) }) {
      throw AnalysisError(.invalidSetting, "the line cannot be read at \(bad) K; give temperatures above 0 K")
    }
    // One that has no logarithm is refused by name before it is lost in a mean.
    let replicas = CombinedReplicas(points.allSatisfy(\.isValid) ? points : [])
    let fit = try ArrheniusFit(
      replicas.points.isEmpty ? points : replicas.points, quantity: quantity, errors: errors, sharedDegrees: replicas.degrees)
    self.replicas = replicas
    self.name = name
    self.fit = fit
    models = TemperatureModelComparison(fit)
    robust = RobustLine(fit.points, quantity: quantity)
    predictions = temperatures.map { fit.prediction(at: $0) }
    self.carriers = quantity == .diffusion ? carriers : []
    self.excluded = excluded
  }

  /// The predictions as conductivities: as they are, or by Nernst and Einstein from diffusion coefficients; empty without carriers.
  public var conductivities: [ArrheniusFit.Prediction] {
    if fit.quantity == .conductivity { return predictions }
    return predictions.compactMap { prediction in
      conductivityPerDiffusion(at: prediction.temperature).map { prediction.scaled(by: $0) }
    }
  }

  /// σ/D by Nernst and Einstein in S s/cm³, with the mean density of the runs at the nearest temperature; `nil` without carriers.
  func conductivityPerDiffusion(at temperature: Double) -> Double? {
    guard let nearest = carriers.map({ abs($0.temperature - temperature) }).min() else { return nil }
    let ions = carriers.filter { abs($0.temperature - temperature) <= nearest }.map(\.ions)
    let density = ions.reduce(0) { $0 + $1.density } / Double(ions.count)
    return ChargeCarriers(density: density, charge: ions[0].charge).conductivityPerDiffusion(at: temperature)
  }

  /// How many different temperatures the points are at.
  public var temperatureCount: Int { Set(fit.points.map(\.temperature)).count }

  /// The p value below which a straight line does not describe the points.
  public static let significance = 0.01

  /// Why the numbers cannot be trusted; empty where they can.
  public var shortcomings: [String] {
    var reasons: [String] = []
    if temperatureCount < 3 {
      reasons.append("\(name): \(temperatureCount) temperatures cannot show whether the points lie on a straight line; give three or more")
    }
    if let p = fit.goodnessOfFit, p < Self.significance {
      reasons.append(
        "\(name): a straight line does not describe the points within their errors (chi2 \(Self.short(fit.chiSquared)) for "
          + "\(fit.degreesOfFreedom) degrees of freedom, p = \(Self.short(p)))")
    }
    if fit.activationEnergy.value <= 0 {
      reasons.append("\(name): the activation energy is not positive; look at the points")
    } else if fit.activationEnergy.interval.contains(0) {
      reasons.append("\(name): the interval of the activation energy holds zero: the points are too few, or their errors too large")
    }
    return reasons
  }

  /// What a person should know before believing the numbers.
  public var warnings: [String] {
    var warnings = excluded
    if fit.errors == .scatter {
      warnings.append("\(name): the points have no errors, so the line cannot be tested; errors come from the scatter around it")
    } else if fit.points.contains(where: { $0.logError == nil }) {
      warnings.append("\(name): points without an error got the largest of the others; errors are scaled by the scatter")
    }
    if let degrees = replicas.degrees, replicas.scale > 1 {
      warnings.append(
        "\(name): replicas scatter \(Self.short(replicas.scale)) times as much as their errors say; all errors are multiplied by that, which "
          + "\(Self.short(degrees)) degree\(degrees == 1 ? "" : "s") of freedom give")
    }
    for prediction in predictions where prediction.distance > 0 {
      warnings.append(
        "\(name): \(Self.short(prediction.temperature)) K lies \(Self.short(prediction.distance)) times the span of the data in 1/T beyond them; its "
          + "interval holds only if the line goes on")
    }
    if let robust, !fit.activationEnergy.interval.contains(robust.activationEnergy), fit.points.count > 3 {
      warnings.append(
        "\(name): the median of the slopes of all pairs gives \(Self.short(robust.activationEnergy)) eV, outside the interval of the fit; a "
          + "single point may decide the line")
    }
    if let best = betterLaw {
      warnings.append(
        "\(name): the points speak for \(best.model.rawValue) rather than for one straight line (\(best.model.law(fit.quantity)))")
    }
    return warnings
  }

  /// The law that the points speak for, where that is clearly not one straight line.
  public var betterLaw: TemperatureModelFit? {
    guard let best = models.preferred, best.model != .arrhenius, let line = models.fits.first,
      best.logEvidence - line.logEvidence > 3, best.bic < line.bic
    else { return nil }
    return best
  }

  static func short(_ value: Double) -> String {
    guard value.isFinite, value != 0 else { return "\(value)" }
    let digits = 2 - Int(log10(abs(value)).rounded(.down))
    // Very small and very large numbers keep an exponent.
    guard (-5...5).contains(digits - 2) else {
      let exponent = Int(log10(abs(value)).rounded(.down))
      return "\((value / pow(10, Double(exponent)) * 10).rounded() / 10)e\(exponent)"
    }
    let factor = pow(10, Double(digits))
    let rounded = (value * factor).rounded() / factor
    return rounded == rounded.rounded() && abs(rounded) < 1e15 ? "\(Int(rounded))" : "\(rounded)"
  }
}
