import Structures

/// The ionic conductivity: of ions one by one (Nernst and Einstein), and of all together (Einstein, and Green and Kubo).
///
///     σ_NE = e² / (V k T) sum_i z_i² D_i
///     σ    = e² / (2 d V k T) lim d < |Q(t0 + t) - Q(t0)|² > / dt,   Q = sum_i z_i r_i
///     σ_GK = e² / (d V k T) integral < J(0) · J(t) > dt,              J = sum_i z_i v_i
///     H    = σ_NE / σ,   σ = sum_ab σ_ab,   t_a = sum_b σ_ab / σ
///
/// with `σ_ab = F² z_a z_b L_ab` from the displacements of the species as wholes.
///
/// - Source: France-Lanord and Grossman, Phys. Rev. Lett. 122, 136001 (2019), doi:10.1103/PhysRevLett.122.136001; Fong, Self, McCloskey
///   and Persson, Macromolecules 54, 2575 (2021), doi:10.1021/acs.macromol.0c02545; Murch, Solid State Ionics 7, 177 (1982),
///   doi:10.1016/0167-2738(82)90050-9 (the Haven ratio).
public struct Conductivity: AnalysisParameters {
  /// How atoms are followed; by default in the frame of the centre of mass.
  public var tracks: TrackSettings
  /// In K.
  public var temperature: Double
  var charges = IonicCharges.Choice.automatic
  /// The shortest and longest time of the fits in ps, or `nil` for a choice by the data.
  public var fitFrom: Double?
  public var fitTo: Double?
  /// The upper limit of the integral of the current's autocorrelation in ps, or `nil` for a choice by the data.
  public var plateau: Double?

  /// - Parameter temperature: In K.
  public init(temperature: Double) {
    self.temperature = temperature
    tracks = TrackSettings()
    tracks.driftSpecies = ["all"]
  }

  /// - Parameters:
  ///   - temperature: In K.
  ///   - charges: In e, by label of species; formal ones for the others.
  public init(temperature: Double, charges: [String: Double]) {
    self.init(temperature: temperature)
    self.charges = .given(charges)
  }

  public init(_ settings: AnalysisSettings) throws {
    guard let temperature = try settings.quantity("temperature") else {
      throw settings.invalid("temperature", "a conductivity needs the temperature of the run; give it, as in temperature \"700 K\"")
    }
    self.init(temperature: temperature)
    tracks = try TrackSettings(settings)
    if settings.text("remove-drift") == nil { tracks.driftSpecies = ["all"] }
    charges = try IonicCharges.Choice(settings.text("charges") ?? "auto")
    fitFrom = try Diffusion.time("fit-from", settings)
    fitTo = try Diffusion.time("fit-to", settings)
    plateau = try Diffusion.time("plateau", settings)
  }

  public static let descriptor = AnalysisDescriptor(
    name: "conductivity", summary: "ionic conductivity: Nernst-Einstein, collective, Haven ratio, Onsager coefficients, transference",
    group: .transport,
    parameters: trackParameters + [
      AnalysisParameter(
        "temperature", summary: "temperature of the run (always needed)", kind: .quantity(.temperature), default: "none",
        bounds: 1e-3...1e6),
      AnalysisParameter(
        "charges", summary: "auto (those of the file, or formal ones), file, formal, or charges in e by species such as Li=1,P=5,S=-2",
        kind: .text, default: "auto"),
    ] + Diffusion.fitParameters + [
      AnalysisParameter(
        "plateau", summary: "upper limit of the Green-Kubo integral, or auto (where the autocorrelation has vanished in its noise)",
        kind: .quantity(.time), default: "auto", bounds: 1e-9...1e9)
    ],
    convention:
      "sigma from the charge displacement over all time origins, in the frame of reference that remove-drift names (the centre of mass "
      + "unless given), over the fit that the tracer diffusion of the most conducting species takes; Nernst-Einstein and "
      + "Haven ratio from the same tracks, of the species named with species, or of all that are ions by themselves (no network formers, no "
      + "anions most of which are bonded to one); "
      + "Haven ratio = sigma_NE / sigma; sigma_ab = F² z_a z_b L_ab, so that sigma is the sum over all pairs; transference = row sum / sigma; "
      + "volume: mean over frames; Green-Kubo only where the file has velocities often enough",
    references: [
      "France-Lanord and Grossman, Phys. Rev. Lett. 122, 136001 (2019), doi:10.1103/PhysRevLett.122.136001",
      "Fong et al., Macromolecules 54, 2575 (2021), doi:10.1021/acs.macromol.0c02545",
      "Murch, Solid State Ionics 7, 177 (1982), doi:10.1016/0167-2738(82)90050-9",
    ])

  private static var trackParameters: [AnalysisParameter] {
    TrackSettings.parameters().map { parameter in
      var parameter = parameter
      if parameter.name == "remove-drift" {
        parameter.summary = "frame of reference: species at rest as a whole (such as P,S), all (centre of mass), or none"
        parameter.default = "all"
      }
      return parameter
    }
  }

  public static var regionUse: AnalysisRegionUse { .refused("a current flows through the whole cell; use split for parts of species") }

  public func makeAccumulator(in context: AnalysisContext) -> ConductivityAccumulator {
    ConductivityAccumulator(self, context: context)
  }
}
