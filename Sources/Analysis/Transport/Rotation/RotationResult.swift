import NumericalMethods
import Structures

/// What ``UnitRotation`` gives.
public struct RotationResult: AnalysisResult {
  /// The rotation of one kind of unit.
  public struct Kind: Sendable {
    /// `PS4(3-)`.
    public let name: String
    /// How many units there were at first, and how many kept their members to the end.
    public let units: Int
    public let kept: Int
    /// How many polyhedra are followed: one a former of each unit.
    public let rotors: Int
    /// One value a lag in frames from 0 on; not finite where no unit lasts that long.
    public let c1: [Double]
    public let c2: [Double]
    /// Of tetrahedra; empty for others.
    public let c3: [Double]
    /// In rad².
    public let squaredAngle: [Double]
    /// Standard errors over blocks of units, or empty for fewer than four.
    public let c1Error: [Double]
    public let c2Error: [Double]
    public let c3Error: [Double]
    public let squaredAngleError: [Double]
    /// In rad²/ps, over the lags of ``fit``; `nil` where ``c1`` does not fall as it says.
    public let diffusivity: Double?
    public let diffusivityError: Double?
    /// The slope of the squared angle / 6 in rad²/ps, whatever C1 says.
    let angularSlope: Double
    /// The slope of log(squared angle) against log(t) over the same lags: 1 for diffusion, 0 for libration.
    public let exponent: Double
    public let exponentError: Double?
    /// The times at which C1, C2 and C3 have fallen to 1/e, in ps.
    public let decayTimes: [Double?]
    /// The root mean square of the angle to the mean orientation between reorientations, in degrees.
    public let libration: Double
    /// The share of frames by this angle, in bins of a degree.
    public let librationShares: [Double]
    /// The angles of reorientations in degrees.
    public let jumpAngles: [Double]
    /// Reorientations per unit, in 1/ns, with the error of counting.
    public let rate: Double
    public let rateError: Double
    /// The mean time between two reorientations that were both seen, in ps.
    public let residence: Double?

    public var reorientations: Int { jumpAngles.count }
  }

  public let parameters: UnitRotation
  public let kinds: [Kind]
  /// The time between frames in ps.
  public let interval: Double
  public let frameCount: Int
  public let warnings: [String]
  /// The lags of the fit of D_r, in frames.
  public let fit: ClosedRange<Int>
  let pairing: RotationPairing?
  private let cutoffs: AnalysisSetting
  private let tracks: TrackSettings
  private let window: Int
  private let leftOut: Int

  init(
    parameters: UnitRotation, cutoffs: AnalysisSetting, data: RotorData, leftOut: Int, curves: [OrientationCorrelation.Curves],
    reorientations: Reorientations, pairing: RotationPairing?, interval: Double, frameCount: Int, window: Int, tracks: TrackSettings,
    warnings: [String]
  ) {
    self.parameters = parameters
    self.cutoffs = cutoffs
    self.interval = interval
    self.frameCount = frameCount
    self.pairing = pairing
    self.window = window
    self.tracks = tracks
    self.leftOut = leftOut
    let first = max(1, frameCount / 20)
    let fit = first...max(first + 1, frameCount / 5)
    self.fit = fit
    var warnings = warnings
    let kinds = data.kinds.indices.map { kind in
      Kind(
        kind, of: data, curves: curves[kind], courses: reorientations.courses, interval: interval, frames: frameCount, fit: fit)
    }
    self.kinds = kinds.sorted { $0.units > $1.units }
    let lost = kinds.reduce(0) { $0 + $1.units - $1.kept }
    let all = kinds.reduce(0) { $0 + $1.units }
    if lost > 0 {
      warnings.append(
        "\(lost) of \(all) units changed their members and count up to there only; where bonds only flicker at the cutoff, raise patience")
    }
    if leftOut > 0 {
      warnings.append("\(leftOut) pieces are left out: without end, on one line, of fewer than three atoms, or of more than 8 formers")
    }
    for kind in self.kinds {
      if kind.diffusivity == nil {
        warnings.append(
          "C1 of \(kind.name) goes from \(Self.rounded(kind.c1[fit.lowerBound])) to \(Self.rounded(kind.c1[fit.upperBound])) at the lags of the fit, "
            + "where squared angles stand for \(brief((kind.angularSlope * 1e5).rounded() / 1e5)) rad2/ps: they librate, or few of them turn, and "
            + "there is no D_r")
      } else if kind.exponent < 0.7, kind.angularSlope > 0 {
        warnings.append(
          "the squared angle of \(kind.name) grows as t^\(Self.rounded(kind.exponent)) at the lags of the fit: they librate or turn only now and "
            + "then, and D_r is an upper bound")
      }
      if kind.diffusivity != nil, kind.exponent > 1.5 {
        warnings.append(
          "the squared angle of \(kind.name) grows as t^\(Self.rounded(kind.exponent)) at the lags of the fit: they turn on without forgetting "
            + "it, and D_r holds for longer times at most")
      }
      let gradual = kind.jumpAngles.count { $0 < parameters.angle + 10 }
      if kind.reorientations >= 10, 2 * gradual > kind.reorientations {
        warnings.append(
          "\(gradual) of \(kind.reorientations) reorientations of \(kind.name) are by less than 10 degrees more than asked for: orientations change "
            + "gradually, and the rate depends on angle")
      }
    }
    if let pairing { warnings += pairing.warnings }
    self.warnings = warnings
  }

  private static func rounded(_ value: Double) -> String { brief((value * 100).rounded() / 100) }

  /// Where no unit lasts to the end, those that last longest stand for all.
  public var meetsQualityTest: Bool { kinds.contains { $0.kept > 0 } }

  public var analysis: String { UnitRotation.descriptor.name }
  public var convention: String { UnitRotation.descriptor.convention }

  /// The kind with a name.
  public subscript(name: String) -> Kind? { kinds.first { $0.name == name } }

  /// Hops near units within the coincidence time of a reorientation, over those at shifted times, with the scatter over shifts.
  public var enhancement: (value: Double, error: Double)? {
    guard let pairing, pairing.expected > 0 else { return nil }
    return (pairing.observed / pairing.expected, pairing.scatter / pairing.expected)
  }

  /// How far ions go near units that reorient over how far they go near others, over the same at shifted times, with its error.
  public var diffusivityRatio: (value: Double, error: Double?)? {
    pairing?.windows.ratio.map { ($0, pairing?.windows.ratioError) }
  }

  public var settings: [AnalysisSetting] {
    [
      AnalysisSetting("center", parameters.center.isEmpty ? "units by their bonds" : parameters.center.joined(separator: ",")),
      AnalysisSetting("neighbor", parameters.neighbor.isEmpty ? "units by their bonds" : parameters.neighbor.joined(separator: ",")),
      cutoffs,
      AnalysisSetting("patience", "\(parameters.patience) frames"),
      AnalysisSetting("window", "\(brief(parameters.window)) ps (\(window) frames)"),
      AnalysisSetting("angle", "\(brief(parameters.angle)) deg"), AnalysisSetting("mobile", pairing?.label ?? "none"),
      AnalysisSetting("radius", "\(brief(parameters.radius)) A"), AnalysisSetting("coincidence", "\(brief(parameters.coincidence)) ps"),
      AnalysisSetting(
        "hop-threshold",
        pairing.map { "\(brief(($0.threshold * 1e4).rounded() / 1e4)) A2, half a window of \(brief(parameters.window)) ps" } ?? "none"),
      AnalysisSetting("fit", "lags of \(fit.lowerBound) to \(fit.upperBound) frames"),
    ]
      + tracks.described(labels: [], interval: interval).filter {
        !["species", "split"].contains($0.name) && !(tracks.driftSpecies.isEmpty && $0.name == "drift-weights")
      }
  }

  public var summaryValues: [(key: String, value: SummaryValue)] {
    func optional(_ value: Double?) -> SummaryValue { value.map { .number($0) } ?? .null }
    let units = kinds.map { kind -> (key: String, value: SummaryValue) in
      (
        kind.name,
        .object([
          ("units", .integer(kind.units)), ("rotors", .integer(kind.rotors)), ("kept", .integer(kind.kept)),
          ("tau1_ps", optional(kind.decayTimes[0])),
          ("tau2_ps", optional(kind.decayTimes[1])), ("tau3_ps", optional(kind.decayTimes[2])),
          ("D_r_rad2_per_ps", optional(kind.diffusivity)), ("D_r_error_rad2_per_ps", optional(kind.diffusivityError)),
          ("exponent", .number(kind.exponent)), ("exponent_error", optional(kind.exponentError)),
          ("libration_deg", .number(kind.libration)), ("reorientations", .integer(kind.reorientations)),
          ("rate_per_ns", .number(kind.rate)), ("rate_error_per_ns", .number(kind.rateError)), ("residence_ps", optional(kind.residence)),
        ])
      )
    }
    var values: [(key: String, value: SummaryValue)] = [("units", .object(units)), ("left_out", .integer(leftOut))]
    guard let pairing else { return values }
    let windows = pairing.windows
    let middle = windows.lags.firstIndex(of: 0)
    values.append(
      (
        "paddle_wheel",
        .object([
          ("mobile", .text(pairing.label)), ("hops", .integer(pairing.hops)), ("hops_near_units", .integer(pairing.hopsNear)),
          ("coincident_hops", .number(pairing.observed)), ("expected_hops", .number(pairing.expected)),
          ("enhancement", optional(enhancement?.value)), ("enhancement_error", optional(enhancement?.error)),
          ("chance", .number(pairing.chance)), ("reorientations_with_hop", .number(pairing.accompanied)),
          ("reorientations_with_hop_expected", .number(pairing.accompaniedExpected)),
          ("correlation", optional(middle.map { windows.correlation[$0] })),
          ("correlation_error", optional(middle.flatMap { windows.correlationError.isEmpty ? nil : windows.correlationError[$0] })),
          ("diffusivity_ratio", optional(windows.ratio)), ("diffusivity_ratio_error", optional(windows.ratioError)),
        ])
      ))
    return values
  }
}
