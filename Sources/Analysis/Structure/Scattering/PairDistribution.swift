import Structures

/// Total correlation functions T(r), D(r) and G(r) as a scattering experiment with a finite range of Q gives them.
///
/// With the weighted total S(Q) (``StructureFactorFormalism/faberZiman``) up to Q_max,
///
///     D(r) = 2/pi ∫_0^Qmax Q [S(Q) - 1] M(Q) exp(-Q² s²/2) sin(Qr) dQ
///     T(r) = D(r) + 4 pi rho_0 r
///     g(r) = T(r) / (4 pi rho_0 r)
///
/// D here is divided by |<f>|², and is the G(r) of the "pair distribution function" community, which Keen calls G^PDF; with neutrons D and T
/// are also given in barn, times |<b>|², as Keen's D(r) and T(r). M is sin(pi x)/(pi x) with x = Q/Q_max (Lorch) or 1 (step); without a
/// window Q_max is infinite, and the weights are those at Q = 0. s is the broadening. Transforming the weighted S(Q) takes the dependence of
/// form factors on Q into account. g(r) - 1 of the simulation ends at the cutoff, beyond which it counts as 0.
///
/// - Source: Keen, J. Appl. Cryst. 34, 172 (2001), doi:10.1107/S0021889800019993, eqs. 8 to 30; thesis eq. 2.6.
public struct PairDistribution: AnalysisParameters {
  public var radiations: [Radiation] = [.neutron, .xRay]
  public var scatterers = Scatterers()
  /// Q_max in 1/Å.
  public var highestQ = 40.0
  public var window = TruncationWindow.lorch
  /// The standard deviation of a Gaussian that is folded in besides, in Å.
  public var broadening = 0.0
  /// Where g(r) ends, in Å; `nil` for the smaller of 20 Å and half the smallest width of the first cell.
  public var cutoff: Double?
  /// In Å.
  public var binWidth = 0.01

  public init() {}

  public init(_ settings: AnalysisSettings) throws {
    radiations = try Radiation.list("radiation", in: settings) ?? radiations
    scatterers = try Scatterers(settings)
    highestQ = try settings.quantity("q-max") ?? highestQ
    window = try settings.choice("window").flatMap(TruncationWindow.init) ?? window
    broadening = try settings.quantity("broadening") ?? broadening
    cutoff = settings.text("cutoff") == "auto" ? nil : try settings.lengthOrBareNumber("cutoff")
    binWidth = try settings.quantity("bin-width") ?? binWidth
    if window != .none { try StructureFactor.check(highestQ: highestQ, radiations: radiations, settings: settings) }
    if window == .none, radiations.contains(.electron), !scatterers.charges.isEmpty {
      throw settings.invalid("window", "electron factors of ions are infinite at Q = 0; take lorch or step")
    }
    if window != .none, binWidth * highestQ > 1.2 {
      throw settings.invalid(
        "bin-width",
        "\(brief(binWidth)) A is too coarse for Q up to \(brief(highestQ)) 1/A; take \(brief((1000 / highestQ).rounded(.down) / 1000)) A or less"
      )
    }
  }

  public static let descriptor = AnalysisDescriptor(
    name: "pdf", summary: "total T(r), D(r) and G(r) of neutrons and X-rays with the finite Q range of an experiment", group: .structure,
    parameters: [
      AnalysisParameter("radiation", summary: "neutron, x-ray, electron", kind: .text, default: "neutron,x-ray"),
      AnalysisParameter("q-max", summary: "where the experiment ends", kind: .quantity(.wavenumber), default: "40 1/A", bounds: 1...200),
      AnalysisParameter(
        "window", summary: "factor on Q [S(Q) - 1] up to Q_max; none for an infinite Q_max",
        kind: .choice(TruncationWindow.allCases.map(\.rawValue)), default: "lorch"),
      AnalysisParameter(
        "broadening", summary: "standard deviation of a Gaussian that peaks are folded with", kind: .quantity(.length), default: "0 A",
        bounds: 0...2),
      AnalysisParameter(
        "cutoff", summary: "largest distance; auto is the smaller of 20 A and half the smallest cell width", kind: .quantity(.length),
        default: "auto", bounds: 1...1000),
      AnalysisParameter("bin-width", summary: "width of a bin of r", kind: .quantity(.length), default: "0.01 A", bounds: 1e-3...0.2),
    ] + Scatterers.parameters,
    convention: "Keen 2001: D(r) = 4 pi rho_0 r sum c_a c_b f_a f_b [g_ab(r) - 1], T(r) = D(r) + 4 pi rho_0 r (sum c_a f_a)²; divided by "
      + "(sum c_a f_a)² unless in barn, when D(r) is also called G(r) or G^PDF(r), in 1/A²; rho_0 atoms per volume; weights depend on Q, and D(r) "
      + "is the sine transform of Q [S(Q) - 1] up to Q_max; errors: standard error over blocks of frames",
    references: [
      "Keen, J. Appl. Cryst. 34, 172 (2001), doi:10.1107/S0021889800019993",
      "Lorch, J. Phys. C 2, 229 (1969), doi:10.1088/0022-3719/2/2/305",
    ])

  public func makeAccumulator(in context: AnalysisContext) -> PairDistributionAccumulator {
    PairDistributionAccumulator(self, context: context)
  }
}

/// Counts pairs frame by frame for ``PairDistribution``.
public struct PairDistributionAccumulator: AnalysisAccumulator {
  private let parameters: PairDistribution
  private var pairs: RadialDistributionAccumulator

  init(_ parameters: PairDistribution, context: AnalysisContext, name: String = PairDistribution.descriptor.name) {
    self.parameters = parameters
    var distances = RadialDistribution()
    distances.binWidth = parameters.binWidth
    distances.cutoff = parameters.cutoff
    distances.automaticCutoff = StructureFactor.automaticCutoff
    pairs = RadialDistributionAccumulator(distances, context: context, name: name)
  }

  public var memoryInBytes: Int { pairs.memoryInBytes }

  public mutating func add(_ frame: Frame) throws {
    guard frame.configuration.cell.isPeriodic else {
      throw AnalysisError(
        .invalidSetting, "\(PairDistribution.descriptor.name): the cell does not repeat along all edges, so that it has no mean density")
    }
    try pairs.add(frame)
  }

  /// - Throws: ``AnalysisError`` with code `.noFrames`.
  func curves() throws -> PairCurves { try pairs.curves() }

  public func result() throws -> PairDistributionResult {
    try PairDistributionResult(parameters, curves: curves())
  }
}
