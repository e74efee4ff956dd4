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
    /// In rad²/ps, over the lags of ``fit``.
    public let diffusivity: Double
    public let diffusivityError: Double?
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
    let kinds = data.kinds.enumerated().map { kind, name in
      Kind(
        name: name, members: data.members(of: kind), ends: data.ends, curves: curves[kind], courses: reorientations.courses,
        interval: interval, frames: frameCount, fit: fit)
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
    for kind in self.kinds where kind.exponent < 0.7 && kind.diffusivity > 0 {
      warnings.append(
        "the squared angle of \(kind.name) grows as t^\(brief((kind.exponent * 100).rounded() / 100)) at the lags of the fit: they librate or turn "
          + "only now and then, and D_r is an upper bound")
    }
    if let pairing { warnings += pairing.warnings }
    self.warnings = warnings
  }

  public var analysis: String { UnitRotation.descriptor.name }
  public var convention: String { UnitRotation.descriptor.convention }

  /// The kind with a name.
  public subscript(name: String) -> Kind? { kinds.first { $0.name == name } }

  /// Hops near units within the coincidence time of a reorientation, over those at shifted times, with the scatter over shifts.
  public var enhancement: (value: Double, error: Double)? {
    guard let pairing, pairing.expected > 0 else { return nil }
    return (pairing.observed / pairing.expected, pairing.scatter / pairing.expected)
  }

  /// How far ions go near units that reorient over how far they go near others, with its error.
  public var diffusivityRatio: (value: Double, error: Double?)? {
    pairing?.diffusivityRatio.map { ($0, pairing?.diffusivityRatioError) }
  }

  public var settings: [AnalysisSetting] {
    [
      AnalysisSetting("center", parameters.center ?? "units by their bonds"),
      AnalysisSetting("neighbor", parameters.neighbor ?? "units by their bonds"), cutoffs,
      AnalysisSetting("patience", "\(parameters.patience) frames"),
      AnalysisSetting("window", "\(brief(parameters.window)) ps (\(window) frames)"),
      AnalysisSetting("angle", "\(brief(parameters.angle)) deg"), AnalysisSetting("mobile", pairing?.label ?? "none"),
      AnalysisSetting("radius", "\(brief(parameters.radius)) A"), AnalysisSetting("coincidence", "\(brief(parameters.coincidence)) ps"),
      AnalysisSetting(
        "hop-threshold",
        pairing.map { "\(brief(($0.threshold * 1e4).rounded() / 1e4)) A2, half a window of \(brief(parameters.window)) ps" } ?? "none"),
      AnalysisSetting("fit", "lags of \(fit.lowerBound) to \(fit.upperBound) frames"),
    ] + tracks.described(labels: [], interval: interval).filter { !["species", "split"].contains($0.name) }
  }

  public var summaryValues: [(key: String, value: SummaryValue)] {
    func optional(_ value: Double?) -> SummaryValue { value.map { .number($0) } ?? .null }
    let units = kinds.map { kind -> (key: String, value: SummaryValue) in
      (
        kind.name,
        .object([
          ("units", .integer(kind.units)), ("kept", .integer(kind.kept)), ("tau1_ps", optional(kind.decayTimes[0])),
          ("tau2_ps", optional(kind.decayTimes[1])), ("tau3_ps", optional(kind.decayTimes[2])),
          ("D_r_rad2_per_ps", .number(kind.diffusivity)), ("D_r_error_rad2_per_ps", optional(kind.diffusivityError)),
          ("exponent", .number(kind.exponent)), ("exponent_error", optional(kind.exponentError)),
          ("libration_deg", .number(kind.libration)), ("reorientations", .integer(kind.reorientations)),
          ("rate_per_ns", .number(kind.rate)), ("rate_error_per_ns", .number(kind.rateError)), ("residence_ps", optional(kind.residence)),
        ])
      )
    }
    var values: [(key: String, value: SummaryValue)] = [("units", .object(units)), ("left_out", .integer(leftOut))]
    guard let pairing else { return values }
    let middle = pairing.windowLags.firstIndex(of: 0)
    values.append(
      (
        "paddle_wheel",
        .object([
          ("mobile", .text(pairing.label)), ("hops", .integer(pairing.hops)), ("hops_near_units", .integer(pairing.hopsNear)),
          ("coincident_hops", .number(pairing.observed)), ("expected_hops", .number(pairing.expected)),
          ("enhancement", optional(enhancement?.value)), ("enhancement_error", optional(enhancement?.error)),
          ("chance", .number(pairing.chance)), ("reorientations_with_hop", .number(pairing.accompanied)),
          ("reorientations_with_hop_expected", .number(pairing.accompaniedExpected)),
          ("correlation", optional(middle.map { pairing.correlation[$0] })),
          ("correlation_error", optional(middle.flatMap { pairing.correlationError.isEmpty ? nil : pairing.correlationError[$0] })),
          ("diffusivity_ratio", optional(diffusivityRatio?.value)), ("diffusivity_ratio_error", optional(diffusivityRatio?.error)),
        ])
      ))
    return values
  }
}
