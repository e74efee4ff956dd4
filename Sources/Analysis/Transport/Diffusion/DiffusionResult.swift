import Structures

/// What ``Diffusion`` gives.
public struct DiffusionResult: AnalysisResult {
  /// The motion of one species.
  public struct Species: Sendable {
    public let label: String
    public let atoms: Int
    /// The mean-squared displacement along the directions asked for, by lag from 0 on, in Å².
    public let curve: [Double]
    /// In Å.
    public let hopLength: Double
    /// `nil` where nothing moves at all.
    public let estimate: DiffusionEstimate?

    /// Whether there is a diffusion coefficient to believe.
    public var isValid: Bool { estimate?.isValid ?? false }
    public var refusals: [String] { estimate?.refusals ?? ["the atoms do not move"] }
  }

  /// Å²/ps in cm²/s.
  static let squareCentimetresPerSecond = 1e-4

  public let parameters: Diffusion
  public let species: [Species]
  /// In ps.
  public let frameInterval: Double
  public let frameCount: Int
  public let finiteSize: FiniteSizeCorrection?
  let trackWarnings: [String]

  public var analysis: String { Diffusion.descriptor.name }
  public var convention: String { Diffusion.descriptor.convention }

  /// The result of a species.
  public subscript(label: String) -> Species? { species.first { $0.label == label } }

  /// The estimate that was asked for, with the correction for finite size where there is one; `nil` where it is refused.
  public func value(_ species: Species) -> DiffusionEstimate.Value? {
    guard species.isValid, var value = species.estimate?.value(of: parameters.method) else { return nil }
    if let shift = finiteSize?.value {
      value.value += shift
      value.interval = value.interval.lowerBound + shift...value.interval.upperBound + shift
    }
    return value
  }

  /// Atoms of a framework do not diffuse: nobody expects them to, unless asked for by name.
  public var meetsQualityTest: Bool {
    let good = species.filter { value($0) != nil }.count
    return parameters.tracks.species.isEmpty ? good > 0 : good == species.count
  }

  public var settings: [AnalysisSetting] {
    let names = ["x", "y", "z"]
    return parameters.tracks.described(labels: species.map(\.label), interval: frameInterval) + [
      AnalysisSetting("method", parameters.method.rawValue),
      AnalysisSetting("fit-from", parameters.fitFrom.map { "\(brief($0)) ps" } ?? "auto"),
      AnalysisSetting("fit-to", parameters.fitTo.map { "\(brief($0)) ps" } ?? "auto"),
      AnalysisSetting("dimensions", parameters.axes.map { names[$0] }.joined()),
      AnalysisSetting("hop-length", species.map { "\($0.label)=\(rounded($0.hopLength))" }.joined(separator: ",") + " Å"),
      AnalysisSetting("viscosity", parameters.viscosity.map { "\(brief($0)) mPa s" } ?? "no correction for finite size"),
      AnalysisSetting("temperature", parameters.temperature.map { "\(brief($0)) K" } ?? "none"),
    ]
  }

  public var warnings: [String] {
    var warnings = trackWarnings
    for species in species {
      if !species.isValid {
        warnings.append("\(species.label): no diffusion coefficient: \(species.refusals.joined(separator: "; "))")
      } else if value(species) == nil {
        warnings.append("\(species.label): the run is too short for the method \(parameters.method.rawValue)")
      }
      if species.isValid { warnings += species.estimate?.warnings.map { "\(species.label): \($0)" } ?? [] }
    }
    if let finiteSize {
      warnings.append("D is that of an infinite liquid (Yeh and Hummer); the correction holds for no solid")
      if !finiteSize.isCubic { warnings.append("the constant of the correction for finite size is that of a cube, which this cell is not") }
    }
    return warnings
  }

  public var summaryValues: [(key: String, value: SummaryValue)] {
    var values: [(key: String, value: SummaryValue)] = []
    if species.count == 1, let only = species.first {
      values += head(only)
    }
    values.append(("frame_interval_ps", .number(frameInterval)))
    if let finiteSize {
      values.append(("finite_size_correction_cm2_per_s", .number(finiteSize.value * Self.squareCentimetresPerSecond)))
    }
    values.append(("species", .object(species.map { ($0.label, .object(head($0) + details($0))) })))
    return values
  }

  private func head(_ species: Species) -> [(key: String, value: SummaryValue)] {
    let value = value(species)?.scaled(by: Self.squareCentimetresPerSecond)
    return [
      ("D_cm2_per_s", value.map { .number($0.value) } ?? .null), ("error_cm2_per_s", value.map { .number($0.error) } ?? .null),
      ("interval95_cm2_per_s", value.map { .numbers([$0.interval.lowerBound, $0.interval.upperBound]) } ?? .null),
      ("degrees_of_freedom", value.map { .number($0.degrees) } ?? .null),
      ("is_diffusive", .flag(species.isValid)),
      ("refused_because", .array(species.isValid ? [] : species.refusals.map { .text($0) })),
    ]
  }

  private func details(_ species: Species) -> [(key: String, value: SummaryValue)] {
    guard let estimate = species.estimate else { return [("atoms", .integer(species.atoms))] }
    func object(_ value: DiffusionEstimate.Value?) -> SummaryValue {
      guard let value = value?.scaled(by: Self.squareCentimetresPerSecond) else { return .null }
      return .object([
        ("slope_cm2_per_s", .number(value.value)), ("error_cm2_per_s", .number(value.error)),
        ("interval95_cm2_per_s", .numbers([value.interval.lowerBound, value.interval.upperBound])),
      ])
    }
    return [
      ("atoms", .integer(species.atoms)),
      (
        "estimators",
        .object(DiffusionEstimate.Method.allCases.map { ($0.rawValue, object(estimate.value(of: $0))) })
      ),
      ("blocks", .integer(estimate.blockCount)),
      ("beta", .number(estimate.exponent.value)), ("beta_error", .number(estimate.exponent.error)),
      ("fit_from_ps", .number(Double(estimate.lags[0]) * frameInterval)),
      ("fit_to_ps", .number(Double(estimate.lags[estimate.lags.count - 1]) * frameInterval)),
      ("constant_part_A2", .number(estimate.intercept)), ("fit_quality", .number(estimate.quality)),
      ("independent_displacements", .number(estimate.independentDisplacements)),
      ("correlation_of_ions", .number(estimate.collectivity)), ("scatter_of_ions", .number(estimate.scatter)),
      ("rms_displacement_A", .number(estimate.range)), ("hop_length_A", .number(species.hopLength)),
    ]
  }
}
