import Structures

/// Diffusion coefficients of species with an error that holds.
///
///     D = lim d < |r(t0 + t) - r(t0)|² > / dt / (2 d)
///
/// for `d` directions, from a straight line with intercept through the mean-squared displacement over all time origins.
///
/// - Source: Bullerjahn, von Bülow and Hummer, J. Chem. Phys. 153, 024116 (2020), doi:10.1063/5.0008312; McCluskey, Coles and Morgan,
///   J. Chem. Theory Comput. 21, 79 (2025), doi:10.1021/acs.jctc.4c01249.
public struct Diffusion: AnalysisParameters {
  /// How atoms are followed.
  public var tracks = TrackSettings()
  /// Which estimate is given as the diffusion coefficient; the others stand beside it.
  public var method = DiffusionEstimate.Method.gls
  /// The shortest and longest time of the fit in ps, or `nil` for a choice by the data.
  public var fitFrom: Double?
  public var fitTo: Double?
  /// Directions, of 0, 1 and 2.
  public var axes = [0, 1, 2]
  /// The length of a hop in Å, or `nil` for the distance to the nearest atom of the same kind.
  public var hopLength: Double?
  /// For the finite size of a liquid: its viscosity in mPa s and temperature in K.
  public var viscosity: Double?
  public var temperature: Double?

  public init() {}

  public init(_ settings: AnalysisSettings) throws {
    tracks = try TrackSettings(settings)
    if let name = try settings.choice("method"), let method = DiffusionEstimate.Method(rawValue: name) { self.method = method }
    fitFrom = try Self.time("fit-from", settings)
    fitTo = try Self.time("fit-to", settings)
    axes = (try settings.choice("dimensions") ?? "xyz").map { $0 == "x" ? 0 : $0 == "y" ? 1 : 2 }
    if let text = settings.text("hop-length"), text != "auto" { hopLength = try settings.quantity("hop-length") }
    viscosity = try settings.number("viscosity")
    temperature = try settings.quantity("temperature")
    if viscosity != nil, temperature == nil {
      throw settings.invalid("viscosity", "the correction for the finite size of a liquid needs its temperature, too; give temperature")
    }
    if viscosity != nil, axes.count != 3 {
      throw settings.invalid("viscosity", "the correction for the finite size of a liquid is that of all three directions")
    }
  }

  static func time(_ name: String, _ settings: AnalysisSettings) throws -> Double? {
    guard let text = settings.text(name), text != "auto" else { return nil }
    return try settings.quantity(name)
  }

  /// The settings of the fit, shared with ``Conductivity``.
  static let fitParameters = [
    AnalysisParameter(
      "fit-from", summary: "shortest time of the fit, or auto (three times the time from which on a line holds within its errors)",
      kind: .quantity(.time), default: "auto", bounds: 1e-9...1e9),
    AnalysisParameter(
      "fit-to", summary: "longest time of the fit, or auto (half the run)", kind: .quantity(.time), default: "auto", bounds: 1e-9...1e9),
  ]

  public static let descriptor = AnalysisDescriptor(
    name: "diffusion", summary: "diffusion coefficient per species with a 95 % interval that holds, or a refusal", group: .transport,
    parameters: TrackSettings.parameters() + [
      AnalysisParameter(
        "method",
        summary: "gls (generalised least squares), ols (ordinary least squares) or blocks (mean over blocks of time); all three are shown",
        kind: .choice(DiffusionEstimate.Method.allCases.map(\.rawValue)), default: "gls")
    ] + fitParameters + [
      AnalysisParameter(
        "dimensions", summary: "directions that count", kind: .choice(["xyz", "x", "y", "z", "xy", "xz", "yz"]), default: "xyz"),
      AnalysisParameter(
        "hop-length", summary: "root mean square displacement below which nothing is said, or auto (nearest atom of the same kind)",
        kind: .quantity(.length), default: "auto", bounds: 1e-6...1e6),
      AnalysisParameter(
        "viscosity", summary: "viscosity of a liquid in mPa s, to correct D for the size of a cubic cell; not for solids", kind: .number,
        default: "no correction", bounds: 1e-9...1e12),
      AnalysisParameter(
        "temperature", summary: "temperature, for the correction only", kind: .quantity(.temperature), default: "none", bounds: 1e-3...1e6),
    ],
    convention:
      "D = slope / (2 d) of intercept + slope t through the mean-squared displacement over all time origins; covariance of the "
      + "mean-squared displacement from the Gaussian identity with the measured curve itself, the fourth cumulant of displacements, the "
      + "scatter from ion to ion and the correlation of ions; the scatter of ions, or of blocks of time, alone where it is larger than chance lets "
      + "it be; intervals by Wilson and Hilferty with Student's t; the exponent beta is that "
      + "of time beside a constant part; refused where beta is not 1 within 2.6 errors, or is known to no better than ± 0.3, or the root mean "
      + "square displacement at the longest lag is less than a hop. No correction for the size of the cell: that of Yeh and Hummer is for flow in liquids, and no such flow "
      + "exists in a solid",
    references: [
      "Bullerjahn et al., J. Chem. Phys. 153, 024116 (2020), doi:10.1063/5.0008312",
      "McCluskey et al., J. Chem. Theory Comput. 21, 79 (2025), doi:10.1021/acs.jctc.4c01249",
      "Yeh and Hummer, J. Phys. Chem. B 108, 15873 (2004), doi:10.1021/jp0477147",
    ])

  public static var regionUse: AnalysisRegionUse { .centers }

  public func makeAccumulator(in context: AnalysisContext) -> DiffusionAccumulator {
    DiffusionAccumulator(self, context: context)
  }
}
