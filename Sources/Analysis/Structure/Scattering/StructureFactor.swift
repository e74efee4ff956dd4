import Structures

/// Partial and total static structure factors.
///
/// Directly, from the density amplitudes at reciprocal vectors of the cell (``PhaseSums``),
///
///     I_ab(Q) = < Re rho_a(Q) rho_b(Q)* > / N
///
/// averaged over the vectors of a bin and over frames, or by the transform of g(r) up to a radius R,
///
///     S_ab(Q) = 1 + 4 pi rho_0 ∫_0^R r² (g_ab(r) - 1) sin(Qr)/(Qr) M(r) dr        (Faber-Ziman)
///
/// with M = sin(pi r/R)/(pi r/R) (Lorch) or 1 (step), where pairs of like atoms are normalised by N(N-1), so that an ideal gas has S = 1.
/// Direct sums have no error of truncation and resolve all that the cell holds; the transform is smeared by about 2 pi / R. Nothing can
/// be known below the length of the shortest reciprocal vector, 2 pi / L. ``StructureFactorFormalism`` says how partials and totals are defined.
///
/// - Source: thesis eqs. 2.3 and 2.4; Fischer, Barnes and Salmon, Rep. Prog. Phys. 69, 233 (2006), doi:10.1088/0034-4885/69/1/R05; Lorch, J. Phys.
///   C 2, 229 (1969), doi:10.1088/0022-3719/2/2/305.
public struct StructureFactor: AnalysisParameters {
  public enum Method: String, CaseIterable, Sendable { case direct, transform }

  public var radiations: [Radiation] = [.neutron, .xRay]
  public var scatterers = Scatterers()
  public var method = Method.direct
  public var formalism = StructureFactorFormalism.faberZiman
  /// The range of Q in 1/Å; `nil` for 2 pi / L at its beginning.
  public var lowestQ: Double?
  public var highestQ = 20.0
  /// In 1/Å.
  public var binWidth = 0.05
  /// How many reciprocal vectors a bin may have, of Q and -Q one.
  public var vectorsPerBin = 400
  /// Where g(r) ends for the transform, in Å; `nil` for the smaller of 20 Å and half the smallest width of the first cell.
  public var cutoff: Double?
  static let automaticCutoff = 20.0
  public var window = TruncationWindow.lorch
  /// The standard deviation of the Gaussian that smooths totals before the first peak is sought, in 1/Å.
  public var smoothing = 0.05

  public init() {}

  public init(_ settings: AnalysisSettings) throws {
    radiations = try Radiation.list("radiation", in: settings) ?? radiations
    scatterers = try Scatterers(settings)
    method = try settings.choice("method").flatMap(Method.init) ?? method
    formalism = try settings.choice("formalism").flatMap(StructureFactorFormalism.init) ?? formalism
    lowestQ = settings.text("q-min") == "auto" ? nil : try settings.quantity("q-min")
    highestQ = try settings.quantity("q-max") ?? highestQ
    binWidth = try settings.quantity("bin-width") ?? binWidth
    vectorsPerBin = try settings.integer("max-vectors") ?? vectorsPerBin
    cutoff = settings.text("cutoff") == "auto" ? nil : try settings.lengthOrBareNumber("cutoff")
    window = try settings.choice("window").flatMap(TruncationWindow.init) ?? window
    smoothing = try settings.quantity("smoothing") ?? smoothing
    if window == .none, method == .transform {
      throw settings.invalid("window", "g(r) ends at a radius; the window is lorch or step")
    }
    guard (lowestQ ?? 0) < highestQ, binWidth < highestQ else {
      throw settings.invalid("q-max", "it must exceed q-min and the width of a bin")
    }
    try Self.check(highestQ: highestQ, radiations: radiations, settings: settings)
  }

  /// - Throws: ``AnalysisError`` with code `.invalidSetting` where form factors end below the highest Q.
  static func check(highestQ: Double, radiations: [Radiation], settings: AnalysisSettings) throws {
    if highestQ > XRayFormFactor.largestQ, radiations.contains(where: { $0 != .neutron }) {
      throw settings.invalid(
        "q-max", "form factors for X-rays and electrons end at \(brief((XRayFormFactor.largestQ * 10).rounded(.down) / 10)) 1/A")
    }
  }

  public static let descriptor = AnalysisDescriptor(
    name: "structure-factor", summary: "partial and total S(Q) for neutrons, X-rays and electrons, with the first peak", group: .structure,
    parameters: [
      AnalysisParameter(
        "radiation", summary: "of which totals are made: neutron, x-ray, electron", kind: .text, default: "neutron,x-ray"),
      AnalysisParameter(
        "method", summary: "from reciprocal vectors, or from g(r)", kind: .choice(Method.allCases.map(\.rawValue)), default: "direct"),
      AnalysisParameter(
        "formalism", summary: "the definition of partials and totals", kind: .choice(StructureFactorFormalism.allCases.map(\.rawValue)),
        default: "faber-ziman"),
      AnalysisParameter(
        "q-min", summary: "smallest Q; auto is the smallest that the cell resolves, 2 pi / L", kind: .quantity(.wavenumber),
        default: "auto",
        bounds: 0...100),
      AnalysisParameter("q-max", summary: "largest Q", kind: .quantity(.wavenumber), default: "20 1/A", bounds: 0.1...100),
      AnalysisParameter("bin-width", summary: "width of a bin of Q", kind: .quantity(.wavenumber), default: "0.05 1/A", bounds: 1e-3...2),
      AnalysisParameter(
        "max-vectors", summary: "largest number of reciprocal vectors a bin", kind: .integer, default: "400", bounds: 1...1_000_000),
      AnalysisParameter(
        "cutoff", summary: "where g(r) ends for the transform; auto is the smaller of 20 A and half the smallest cell width",
        kind: .quantity(.length),
        default: "auto", bounds: 1...1000),
      AnalysisParameter(
        "window", summary: "factor on g(r) - 1 for the transform", kind: .choice(["lorch", "step"]), default: "lorch"),
      AnalysisParameter(
        "smoothing", summary: "width of the Gaussian that smooths totals before the first peak is sought", kind: .quantity(.wavenumber),
        default: "0.05 1/A", bounds: 0...1),
    ] + Scatterers.parameters,
    convention:
      "partials: Faber-Ziman S_ab -> 1, Ashcroft-Langreth S_ab -> delta_ab, Bhatia-Thornton S_NN -> 1, S_CC -> c_1 c_2, S_NC -> 0 at "
      + "large Q; totals: Faber-Ziman sum c_a c_b f_a f_b S_ab / (sum c_a f_a)², else sum f_a f_b I_ab / sum c_a f_a²; neutron lengths of "
      + "Sears (complex where nuclei absorb), X-ray form factors of Waasmaier and Kirfel without dispersion corrections, electron factors by Mott and "
      + "Bethe; first peak: smoothed top, width and area above the line through the lowest points on both sides; errors: standard "
      + "error over blocks of frames; scatter: standard error from the scatter of the vectors of a bin, which counts in a glass whose frames "
      + "repeat each other; errors of the first peak: the larger of those by frames and by that scatter",
    references: [
      "Fischer et al., Rep. Prog. Phys. 69, 233 (2006), doi:10.1088/0034-4885/69/1/R05",
      "Sears, Neutron News 3, 26 (1992), doi:10.1080/10448639208218770",
      "Waasmaier and Kirfel, Acta Cryst. A 51, 416 (1995), doi:10.1107/S0108767394013292",
    ])

  public func makeAccumulator(in context: AnalysisContext) -> StructureFactorAccumulator {
    StructureFactorAccumulator(self, context: context)
  }
}

/// What ends a transform smoothly, or not.
public enum TruncationWindow: String, CaseIterable, Sendable {
  /// sin(pi x)/(pi x) up to the end x = 1: no ripples, and peaks twice as wide.
  case lorch
  /// 1 up to the end.
  case step
  /// No end at all, where that is possible.
  case none
}
