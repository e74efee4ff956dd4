import Structures

/// What ``Conductivity`` gives.
public struct ConductivityResult: AnalysisResult {
  /// The ions of one species, one by one.
  public struct Species: Sendable {
    public let label: String
    public let atoms: Int
    /// The mean charge in e.
    public let charge: Double
    /// Whether its atoms are ions by themselves, each with its own charge: those of networks and larger ions are not.
    public let isIon: Bool
    /// `nil` where nothing moves.
    public let tracer: DiffusionEstimate?
    /// What the ions would conduct if they moved independently, in S/cm.
    public let conductivity: DiffusionEstimate.Value?

    /// Whether the species diffuses, as far as the run tells.
    public var isMobile: Bool { tracer?.isValid ?? false }
  }

  /// e²/(eV Å ps) in S/cm.
  static let siemensPerCentimetre = 16.02176634
  /// Faraday's constant in C/mol.
  static let faraday = 96485.33212

  public let parameters: Conductivity
  public let species: [Species]
  /// The mean volume in Å³.
  public let volume: Double
  /// From e² Å²/ps to S/cm: 16.02 / (V k T).
  public let conversion: Double
  /// The fit of the charge displacement; its values are `σ / conversion`, in e² Å²/ps.
  public let collective: DiffusionEstimate?
  /// `< |Q(t0 + t) - Q(t0)|² >` by lag from 0 on, in e² Å².
  public let curve: [Double]
  public let onsager: OnsagerCoefficients?
  /// `nil` where the file has no velocities.
  public let greenKubo: GreenKubo?
  /// Why there is no ``greenKubo``.
  public let withoutGreenKubo: String?
  /// Whether no frame has velocities.
  let hasNoVelocities: Bool
  let chargeSource: String
  /// Whether all that is taken is one species, in the frame of its own centre.
  let isOwnFrame: Bool
  /// In ps.
  public let frameInterval: Double
  public let frameCount: Int
  let otherWarnings: [String]

  public var analysis: String { Conductivity.descriptor.name }
  public var convention: String { Conductivity.descriptor.convention }

  /// The collective conductivity in S/cm, or `nil` where the charge displacement is not diffusive.
  public var value: DiffusionEstimate.Value? {
    guard let collective, collective.isValid else { return nil }
    return collective.generalized.scaled(by: conversion)
  }

  /// The species behind ``nernstEinstein``: ions by themselves that diffuse.
  public var carriers: [Species] { species.filter { $0.isMobile && $0.isIon } }

  /// The conductivity of Nernst and Einstein in S/cm, of ``carriers``; `nil` where there are none.
  public var nernstEinstein: DiffusionEstimate.Value? {
    let parts = carriers.compactMap(\.conductivity)
    guard !parts.isEmpty else { return nil }
    if parts.count == 1 { return parts[0] }
    let error = parts.reduce(0) { $0 + $1.error * $1.error }.squareRoot()
    return DiffusionEstimate.Value(
      parts.reduce(0) { $0 + $1.value }, error: error, degrees: parts.map(\.degrees).min() ?? .infinity)
  }

  /// `σ_NE / σ`; `nil` where either is missing.
  public var havenRatio: DiffusionEstimate.Value? {
    guard let tracer = nernstEinstein, let value, value.value > 0, tracer.value > 0 else { return nil }
    let relative =
      ((value.error / value.value) * (value.error / value.value) + (tracer.error / tracer.value) * (tracer.error / tracer.value))
      .squareRoot()
    let ratio = tracer.value / value.value
    var result = DiffusionEstimate.Value(ratio, error: ratio * relative, degrees: value.degrees)
    // The current is what scatters, and it stands below the line.
    let inverse = DiffusionInterval.interval(1 / ratio, error: relative / ratio, degrees: value.degrees)
    if inverse.lowerBound > 0 { result.interval = 1 / inverse.upperBound...1 / inverse.lowerBound }
    return result
  }

  public var meetsQualityTest: Bool { value != nil }

  public var settings: [AnalysisSetting] {
    parameters.tracks.described(labels: species.map(\.label), interval: frameInterval) + [
      AnalysisSetting("temperature", "\(brief(parameters.temperature)) K"), AnalysisSetting("charges", chargeSource),
      AnalysisSetting("nernst-einstein", carriers.isEmpty ? "none" : carriers.map(\.label).joined(separator: ",")),
      AnalysisSetting("fit-from", parameters.fitFrom.map { "\(brief($0)) ps" } ?? "auto"),
      AnalysisSetting("fit-to", parameters.fitTo.map { "\(brief($0)) ps" } ?? "auto"),
      AnalysisSetting(
        "plateau",
        parameters.plateau.map { "\(brief($0)) ps" }
          ?? greenKubo?.plateau.map { "auto: \(brief(Double($0.lowerBound) * frameInterval)) ps" }
          ?? "auto: none\(withoutGreenKubo.map { " (\($0))" } ?? "")"),
    ]
  }

  public var warnings: [String] {
    var warnings = otherWarnings
    for species in species {
      if !species.isIon {
        continue
      } else if !species.isMobile {
        warnings.append(
          "\(species.label) counts as immobile in the Nernst-Einstein conductivity: "
            + (species.tracer?.refusals.joined(separator: "; ") ?? "it does not move"))
      } else {
        warnings += species.tracer?.warnings.map { "\(species.label): \($0)" } ?? []
      }
    }
    let bound = species.filter { !$0.isIon }.map(\.label)
    if !bound.isEmpty {
      warnings.append(
        "\(bound.joined(separator: ", ")) \(bound.count == 1 ? "is" : "are") not in the Nernst-Einstein conductivity and the Haven ratio: "
          + "parts of a network or of larger ions; name species to count each of their atoms as an ion")
    }
    if let collective {
      warnings += collective.refusals.map { "no collective conductivity: \($0)" }
      if collective.isValid { warnings += collective.warnings.map { "charge displacement: \($0)" } }
    } else {
      warnings.append(
        "no collective conductivity: the charge does not move"
          + (isOwnFrame ? "; one species stands still in the frame of its own centre: take remove-drift none" : ""))
    }
    guard let greenKubo else {
      // Most files have no velocities, and nobody expects more of them.
      if let withoutGreenKubo, !hasNoVelocities { warnings.append("no Green-Kubo conductivity: \(withoutGreenKubo)") }
      return warnings
    }
    if !greenKubo.isResolved {
      warnings.append("the velocities come too seldom for the Green-Kubo integral: the current forgets itself from frame to frame")
    } else if let other = greenKubo.value {
      if let value, abs(other.value - value.value) > 2 * (other.error * other.error + value.error * value.error).squareRoot() {
        warnings.append("Green-Kubo and Einstein conductivities differ by more than twice their errors")
      }
      if greenKubo.driftsOn, let later = greenKubo.later {
        warnings.append(
          "the Green-Kubo integral goes on beyond its plateau, to \(rounded(later.value)) S/cm: a slow tail is cut off; trust Einstein's, or give "
            + "a longer plateau")
      }
    } else if let plateau = parameters.plateau {
      let most = Double(GreenKubo.latestPlateau(frames: frameCount)) * frameInterval
      warnings.append("a plateau of \(brief(plateau)) ps is too late for this run: give at most \(brief(most)) ps, a fortieth of it")
    } else {
      warnings.append("the Green-Kubo integral has no plateau within a twentieth of the run")
    }
    return warnings
  }

  public var summaryValues: [(key: String, value: SummaryValue)] {
    func entries(_ value: DiffusionEstimate.Value?) -> [(key: String, value: SummaryValue)] {
      [
        ("sigma_S_per_cm", value.map { .number($0.value) } ?? .null), ("error_S_per_cm", value.map { .number($0.error) } ?? .null),
        ("interval95_S_per_cm", value.map { .numbers([$0.interval.lowerBound, $0.interval.upperBound]) } ?? .null),
        ("degrees_of_freedom", value.map { .number($0.degrees) } ?? .null),
      ]
    }
    let carriers: (key: String, value: SummaryValue) = ("species", .array(carriers.map { .text($0.label) }))
    var values = entries(value)
    values += [
      ("temperature_K", .number(parameters.temperature)), ("volume_A3", .number(volume)), ("charges", .text(chargeSource)),
      ("nernst_einstein", .object(entries(nernstEinstein) + [carriers])),
      (
        "haven_ratio",
        havenRatio.map {
          .object([
            ("value", .number($0.value)), ("error", .number($0.error)),
            ("interval95", .numbers([$0.interval.lowerBound, $0.interval.upperBound])), carriers,
          ])
        } ?? .null
      ),
      ("einstein", collective.map { .object(fit($0)) } ?? .null),
      ("green_kubo", greenKubo.map { .object(entries($0.isResolved ? $0.value : nil) + plateau($0)) } ?? .null),
    ]
    if value != nil, let onsager {
      let count = onsager.labels.count
      func rows(_ matrix: [Double]) -> SummaryValue {
        .array((0..<count).map { .numbers(Array(matrix[$0 * count..<($0 + 1) * count])) })
      }
      values += [
        ("onsager_species", .array(onsager.labels.map { .text($0) })), ("onsager_sigma_S_per_cm", rows(onsager.matrix)),
        ("onsager_error_S_per_cm", rows(onsager.errors)), ("onsager_L_mol2_per_J_cm_s", coefficients(onsager)),
        (
          "transference",
          onsager.transference.map { numbers in
            .object(
              zip(onsager.labels, numbers).map { ($0, .object([("value", .number($1.value)), ("error", .number($1.error))])) })
          } ?? .null
        ),
      ]
    }
    values.append(
      (
        "species",
        .object(
          species.map { species in
            let entry: [(key: String, value: SummaryValue)] = [
              ("atoms", .integer(species.atoms)), ("charge_e", .number(species.charge)), ("is_ion", .flag(species.isIon)),
              ("is_diffusive", .flag(species.isMobile)),
              (
                "D_cm2_per_s",
                species.isMobile
                  ? species.tracer.map { .number($0.generalized.value * DiffusionResult.squareCentimetresPerSecond) } ?? .null : .null
              ),
            ]
            return (species.label, .object(entry + entries(species.isMobile ? species.conductivity : nil)))
          })
      ))
    return values
  }

  private func fit(_ estimate: DiffusionEstimate) -> [(key: String, value: SummaryValue)] {
    let estimators = DiffusionEstimate.Method.allCases.map { method -> (key: String, value: SummaryValue) in
      guard let value = estimate.value(of: method)?.scaled(by: conversion) else { return (method.rawValue, .null) }
      return (
        method.rawValue,
        .object([
          ("slope_S_per_cm", .number(value.value)), ("error_S_per_cm", .number(value.error)),
          ("interval95_S_per_cm", .numbers([value.interval.lowerBound, value.interval.upperBound])),
        ])
      )
    }
    return [
      ("is_diffusive", .flag(estimate.isValid)), ("refused_because", .array(estimate.refusals.map { .text($0) })),
      ("estimators", .object(estimators)), ("beta", .number(estimate.exponent.value)), ("beta_error", .number(estimate.exponent.error)),
      ("fit_from_ps", .number(Double(estimate.lags[0]) * frameInterval)),
      ("fit_to_ps", .number(Double(estimate.lags[estimate.lags.count - 1]) * frameInterval)),
      ("independent_displacements", .number(estimate.independentDisplacements)),
    ]
  }

  private func plateau(_ result: GreenKubo) -> [(key: String, value: SummaryValue)] {
    [
      (
        "plateau_ps",
        result.plateau.map { .numbers([Double($0.lowerBound) * frameInterval, Double($0.upperBound) * frameInterval]) } ?? .null
      ), ("is_resolved", .flag(result.isResolved)),
      (
        "later",
        result.laterLags.flatMap { lags in
          result.later.map { later in
            .object([
              ("from_ps", .number(Double(lags.lowerBound) * frameInterval)), ("to_ps", .number(Double(lags.upperBound) * frameInterval)),
              ("sigma_S_per_cm", .number(later.value)), ("error_S_per_cm", .number(later.error)),
              ("differs", .flag(result.driftsOn)),
            ])
          }
        } ?? .null
      ),
    ]
  }

  /// `L_ab = σ_ab / (F² z_a z_b)`, `null` where a species has no charge.
  private func coefficients(_ onsager: OnsagerCoefficients) -> SummaryValue {
    let charges = species.map(\.charge)
    return .array(
      charges.indices.map { a in
        .numbers(
          charges.indices.map { b in
            let product = charges[a] * charges[b] * Self.faraday * Self.faraday
            return product == 0 ? .nan : onsager.matrix[a * charges.count + b] / product
          })
      })
  }
}
