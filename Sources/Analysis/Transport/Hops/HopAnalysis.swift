import Structures

/// Hops of ions between cages, found without reference sites, and the hopping model that they make.
///
///     D = Γ <a²> / 6,   Γ = Γ0 exp(-ΔE / kT),   σ = n q² Γ <a²> / (6 kT)
///
/// for a rate Γ of hops per ion and lengths a between cages (``HopFinder``). The tracer diffusion coefficient over that of the model is
/// the correlation factor: 1 where hops know nothing of each other, below 1 where ions jump back.
///
/// - Source: Murch, in Diffusion in Condensed Matter (Springer, 2005), chapter 10, for correlation factors; ``HopFinder`` for hops.
public struct HopAnalysis: AnalysisParameters {
  /// How atoms are followed.
  public var tracks = TrackSettings()
  public var method = HopFinder.Method.pHop
  /// Both halves together, in ps.
  public var window = 2.0
  /// In Å², or `nil` to take it from the scatter within cages.
  public var threshold: Double?
  /// The least time between two hops of an ion in ps, or `nil` for half a window.
  public var minimumResidence: Double?
  /// Γ0 in THz.
  public var attemptFrequency = 10.0
  /// In K; without it there is no activation energy and no conductivity.
  public var temperature: Double?
  /// The charge of an ion in e.
  public var charge = 1.0
  /// Hops are together when they are no farther apart than this, in ps; `nil` for half a window.
  public var cooperativeTime: Double?
  /// And no farther than this, between their middles in Å.
  public var cooperativeDistance = 4.0

  /// The threshold in squares of the scatter within cages: centres of cages then lie three and a half widths of the vibration apart.
  static let scattersOfThreshold = 4.0
  /// The least automatic threshold in Å²: moves by less than half an ångström are no hops of an ion, however still it stands.
  static let leastThreshold = 0.25

  public init() {}

  public init(_ settings: AnalysisSettings) throws {
    tracks = try TrackSettings(settings)
    if let name = try settings.choice("method"), let chosen = HopFinder.Method(rawValue: name) { method = chosen }
    window = try settings.quantity("window") ?? window
    threshold = try settings.text("threshold") == "auto" ? nil : settings.number("threshold")
    minimumResidence = try settings.quantity("minimum-residence")
    attemptFrequency = try settings.quantity("attempt-frequency") ?? attemptFrequency
    temperature = try settings.quantity("temperature")
    charge = try settings.number("charge") ?? charge
    cooperativeTime = try settings.quantity("cooperative-time")
    cooperativeDistance = try settings.quantity("cooperative-distance") ?? cooperativeDistance
  }

  public static let descriptor = AnalysisDescriptor(
    name: "hops", summary: "hops of ions between cages without reference sites: rate, length, waiting times, correlation, cooperation",
    group: .transport,
    parameters: TrackSettings.parameters() + [
      AnalysisParameter(
        "method", summary: "p-hop (maxima of p_hop) or cage (leaving a cage without coming back)",
        kind: .choice(HopFinder.Method.allCases.map(\.rawValue)), default: HopFinder.Method.pHop.rawValue),
      AnalysisParameter(
        "window", summary: "time that tells a cage from a hop, half of it before and half after", kind: .quantity(.time), default: "2 ps",
        bounds: 1e-6...1e9),
      AnalysisParameter(
        "threshold", summary: "least p_hop, or square of the radius of a cage, in A2; auto takes 4 times the scatter within cages",
        kind: .number, default: "auto", bounds: 1e-9...1e9),
      AnalysisParameter(
        "minimum-residence", summary: "least time between two hops of an ion", kind: .quantity(.time), default: "half a window",
        bounds: 0...1e9),
      AnalysisParameter(
        "attempt-frequency", summary: "prefactor of the rate for the activation energy", kind: .quantity(.frequency), default: "10 THz",
        bounds: 1e-9...1e9),
      AnalysisParameter(
        "temperature", summary: "for activation energy and conductivity of the hopping model", kind: .quantity(.temperature),
        default: "none", bounds: 1e-3...1e6),
      AnalysisParameter("charge", summary: "charge of an ion in e, for the conductivity", kind: .number, default: "1", bounds: -10...10),
      AnalysisParameter(
        "cooperative-time", summary: "hops no farther apart in time count as together", kind: .quantity(.time), default: "half a window",
        bounds: 0...1e9),
      AnalysisParameter(
        "cooperative-distance", summary: "and no farther apart than this, between their middles", kind: .quantity(.length),
        default: "4 A", bounds: 1e-3...100),
    ],
    convention:
      "p_hop(t) = sqrt(<(r - <r>_B)²>_A <(r - <r>_A)²>_B), A the half window before t, B from t on; a hop is a maximum above the threshold, "
      + "or leaving a cage and staying away for the minimum residence; cages are means over at most half a window; rate = hops / (ions x "
      + "observable time); D = Γ <a²>/6; correlation factor = D of the mean-squared displacement / that; waiting times by Kaplan and "
      + "Meier, from hop to hop; errors: leaving out blocks of ions, and for the rate the largest of counting, ions and time, together with "
      + "half of the range over half, this and twice the window",
    references: [
      "Candelier et al., Phys. Rev. Lett. 102, 088001 (2009), doi:10.1103/PhysRevLett.102.088001",
      "Smessaert and Rottler, Phys. Rev. E 88, 022314 (2013), doi:10.1103/PhysRevE.88.022314",
      "de Souza and Wales, J. Chem. Phys. 129, 164507 (2008), doi:10.1063/1.2992128",
      "Kaplan and Meier, J. Am. Stat. Assoc. 53, 457 (1958), doi:10.1080/01621459.1958.10501452",
    ])

  public static var regionUse: AnalysisRegionUse { .centers }

  public func makeAccumulator(in context: AnalysisContext) -> HopAccumulator { HopAccumulator(self, context: context) }
}
