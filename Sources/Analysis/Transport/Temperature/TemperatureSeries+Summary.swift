import Structures

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

extension TemperatureSeries {
  /// 1 eV in kJ/mol.
  public static let kilojoulePerMole = 96.48533212

  /// The definitions behind the numbers.
  public static let convention =
    "weighted least squares of ln D, or of ln(sigma T), against 1/T; intervals hold 95 % (Student's t); extrapolated values are those of the line"

  /// The numbers worth reading, keyed by name with unit.
  public var summary: SummaryValue {
    let energy = fit.activationEnergy
    let prefactor = fit.logPrefactor
    let unit = fit.quantity == .diffusion ? "cm2_per_s" : "S_K_per_cm"
    func pair(_ range: ClosedRange<Double>, _ transform: (Double) -> Double = { $0 }) -> SummaryValue {
      .numbers([transform(range.lowerBound), transform(range.upperBound)])
    }
    let scale = Self.kilojoulePerMole
    return .object([
      ("quantity", .text(fit.quantity.rawValue)), ("convention", .text(Self.convention)), ("points", .integer(fit.points.count)),
      ("temperatures", .integer(temperatureCount)), ("errors", .text(fit.errors.summary)),
      ("errors_scaled_by_scatter_of_replicas", .number(replicas.scale)),
      ("activation_energy_eV", .number(energy.value)), ("standard_error_eV", .number(energy.error)),
      ("interval95_eV", pair(energy.interval)),
      ("activation_energy_kJ_per_mol", .number(energy.value * scale)), ("standard_error_kJ_per_mol", .number(energy.error * scale)),
      ("interval95_kJ_per_mol", pair(energy.interval) { $0 * scale }),
      ("prefactor_\(unit)", .number(exp(prefactor.value))), ("interval95_prefactor_\(unit)", pair(prefactor.interval, exp)),
      ("ln_prefactor", .number(prefactor.value)), ("standard_error_ln_prefactor", .number(prefactor.error)),
      ("correlation", .number(fit.correlation)),
      ("degrees_of_freedom_t", energy.degrees.isFinite ? .number(energy.degrees) : .null),
      ("chi_squared", fit.errors == .scatter ? .null : .number(fit.chiSquared)), ("degrees_of_freedom", .integer(fit.degreesOfFreedom)),
      ("p_value", fit.goodnessOfFit.map { .number($0) } ?? .null),
      ("robust_activation_energy_eV", robust.map { .number($0.activationEnergy) } ?? .null),
      ("extrapolated", .array(predictions.indices.map(extrapolated))), ("models", .array(modelSummaries)),
      ("preferred_model", models.preferred.map { .text($0.model.rawValue) } ?? .null), ("data", .array(fit.points.map(point))),
      ("warnings", .array(warnings.map { .text($0) })), ("shortcomings", .array(shortcomings.map { .text($0) })),
      ("meets_quality_test", .flag(shortcomings.isEmpty)),
    ])
  }

  private func extrapolated(_ index: Int) -> SummaryValue {
    let prediction = predictions[index]
    let interval = SummaryValue.numbers([prediction.interval.lowerBound, prediction.interval.upperBound])
    var entries: [(key: String, value: SummaryValue)] = [
      ("temperature_K", .number(prediction.temperature)), ("value", .number(prediction.value)), ("unit", .text(fit.quantity.unit)),
      ("interval95", interval), ("beyond_data", .flag(prediction.distance > 0)),
      ("distance_in_spans_of_data", .number(prediction.distance)),
    ]
    if fit.quantity == .diffusion {
      entries += [("D_cm2_per_s", .number(prediction.value)), ("interval95_cm2_per_s", interval)]
    }
    if conductivities.indices.contains(index) {
      let conductivity = conductivities[index]
      entries += [
        ("sigma_S_per_cm", .number(conductivity.value)),
        ("interval95_S_per_cm", .numbers([conductivity.interval.lowerBound, conductivity.interval.upperBound])),
        ("sigma_from", .text(fit.quantity == .conductivity ? "conductivities" : "Nernst-Einstein, Haven ratio 1")),
      ]
    }
    return .object(entries)
  }

  private var modelSummaries: [SummaryValue] {
    let probabilities = models.probabilities
    let fitted = zip(models.fits, probabilities).map { fit, probability -> SummaryValue in
      let names = fit.model.parameterNames(self.fit.quantity)
      return .object([
        ("name", .text(fit.model.rawValue)), ("law", .text(fit.model.law(self.fit.quantity))),
        ("parameters", .object(zip(names, fit.values).map { ($0, .number($1)) })),
        ("standard_errors", fit.errors.isEmpty ? .null : .object(zip(names, fit.errors).map { ($0, .number($1)) })),
        ("at_bound", .flag(fit.isAtBound)), ("chi_squared", .number(fit.chiSquared)), ("BIC", .number(fit.bic)),
        ("AICc", fit.aicc.map { .number($0) } ?? .null), ("ln_evidence", .number(fit.logEvidence)), ("probability", .number(probability)),
        (
          "extrapolated",
          .array(
            predictions.map { prediction in
              .object([
                ("temperature_K", .number(prediction.temperature)),
                ("value", fit.value(at: prediction.temperature).map { .number($0) } ?? .null),
              ])
            })
        ),
      ])
    }
    let refused = models.refused.map { model -> SummaryValue in
      .object([
        ("name", .text(model.rawValue)), ("law", .text(model.law(fit.quantity))),
        ("refused", .text("needs points at \(model.neededTemperatures) temperatures")),
      ])
    }
    return fitted + refused
  }

  private func point(_ point: TransportPoint) -> SummaryValue {
    let suffix = fit.quantity.keySuffix
    var entries: [(key: String, value: SummaryValue)] = [
      ("temperature_K", .number(point.temperature)), ("\(fit.quantity.symbol)_\(suffix)", .number(point.value)),
      ("interval95_\(suffix)", point.interval.map { .numbers([$0.lowerBound, $0.upperBound]) } ?? .null),
    ]
    if !point.source.isEmpty { entries.append(("source", .text(point.source))) }
    return .object(entries)
  }

  /// The points beside the line.
  public var table: DataTable {
    let quantity = fit.quantity
    let residuals = fit.normalizedResiduals
    let values = fit.points.map { quantity.value(fit.logarithm(at: $0.temperature).value, at: $0.temperature) }
    var columns = [
      DataTable.Column("temperature", unit: "K", fit.points.map(\.temperature)),
      DataTable.Column("1000/T", unit: "1/K", fit.points.map { 1000 / $0.temperature }),
      DataTable.Column(quantity.symbol, unit: quantity.unit, fit.points.map(\.value)),
      DataTable.Column("low", unit: quantity.unit, fit.points.map { $0.interval?.lowerBound ?? .nan }),
      DataTable.Column("high", unit: quantity.unit, fit.points.map { $0.interval?.upperBound ?? .nan }),
      DataTable.Column("line", unit: quantity.unit, values),
    ]
    if fit.errors != .scatter { columns.append(DataTable.Column("residual/error", residuals)) }
    if !carriers.isEmpty {
      let conductivities = fit.points.map { point in conductivityPerDiffusion(at: point.temperature).map { $0 * point.value } ?? .nan }
      columns.append(DataTable.Column("sigma_NE", unit: "S/cm", conductivities))
    }
    return DataTable(
      name: "arrhenius-points-\(fileName)",
      title: "\(name): points with their 95 % intervals, and the straight line at their temperatures.",
      columns: columns)
  }

  /// The name without what does not belong into the name of a file.
  var fileName: String {
    let safe = name.map { $0.isASCII && ($0.isLetter || $0.isNumber || "-._".contains($0)) ? String($0) : "-" }.joined()
    return safe.isEmpty ? "series" : safe
  }
}
