import Structures

/// A simulated structure beside a measured one.
///
/// The function that was measured is computed from the frames with the same radiation on the same points, and
///
///     R_chi = { sum_i [E(x_i) - S(x_i)]² / sum_i E(x_i)² }^(1/2)
///
/// over a range, with E measured and S simulated.
///
/// - Source: Wright, J. Non-Cryst. Solids 159, 264 (1993), doi:10.1016/0022-3093(93)90232-M; thesis figure 4-2.
public struct ExperimentComparison: AnalysisParameters {
  /// What was measured.
  public enum Quantity: String, CaseIterable, Sendable {
    /// S(Q), Faber-Ziman.
    case structureFactor = "S"
    /// S(Q) - 1; in barn times |<b>|², Keen's F(Q).
    case interference = "F"
    /// Q [S(Q) - 1], in 1/Å.
    case reducedInterference = "QF"
    /// D(r), T(r), G(r) and g(r) as ``PairDistribution`` has them.
    case differential = "D"
    case total = "T"
    case reduced = "G"
    case radial = "g"

    /// Whether it is a function of Q.
    var isReciprocal: Bool { self == .structureFactor || self == .interference || self == .reducedInterference }
    /// Whether barn makes sense of it.
    var canBeInBarn: Bool { self == .interference || self == .differential || self == .total }
  }

  public enum Scale: Hashable, Sendable {
    /// Measured values are multiplied by this.
    case factor(Double)
    /// The factor with the smallest sum of squared differences over the range.
    case fitted
  }

  /// Must be there before frames are taken.
  public var measured: MeasuredCurve?
  public var quantity = Quantity.structureFactor
  public var radiation = Radiation.neutron
  /// Whether measured values are in barn, not divided by |<b>|².
  public var isInBarn = false
  public var scale = Scale.factor(1)
  /// Where R_chi is taken; `nil` for 1 to 8 Å, or all points of Q.
  public var range: ClosedRange<Double>?
  public var structureFactor = StructureFactor()
  public var pairDistribution = PairDistribution()

  public init(measured: MeasuredCurve) { self.measured = measured }

  public init(_ settings: AnalysisSettings) throws {
    quantity = try settings.choice("quantity").flatMap(Quantity.init) ?? quantity
    radiation = try settings.choice("radiation").flatMap(Radiation.init) ?? radiation
    let columns = try settings.integers("columns") ?? [1, 2]
    guard columns.count == 2 else { throw settings.invalid("columns", "write two numbers, the columns of x and y, such as 1,2") }
    if let path = settings.text("file"), path != "none" {
      var curve = try MeasuredCurve(path: path, columns: (columns[0], columns[1]))
      if try settings.choice("x-units") == "nm" { curve.x = curve.x.map { quantity.isReciprocal ? $0 * 0.1 : $0 * 10 } }
      measured = curve
    }
    let units = try settings.choice("units") ?? "auto"
    isInBarn = units == "barn" || units == "auto" && radiation == .neutron && quantity.canBeInBarn
    guard !isInBarn || radiation == .neutron && quantity.canBeInBarn else {
      throw settings.invalid(
        "units", "only F, D and T of neutrons may be in barn; \(quantity.rawValue) of \(radiation.rawValue)s is normalized")
    }
    if let text = settings.text("scale"), text != "fit" {
      guard let factor = Double(text), factor.isFinite, factor != 0 else {
        throw settings.invalid("scale", "\"\(text)\" is neither fit nor a number")
      }
      scale = .factor(factor)
    } else if settings.text("scale") == "fit" {
      scale = .fitted
    }
    if let text = settings.text("range"), text != "auto" {
      let parts = text.split(separator: ":", omittingEmptySubsequences: false).map { Double($0) }
      guard parts.count == 2, let low = parts[0], let high = parts[1], low < high, high.isFinite, low.isFinite else {
        throw settings.invalid("range", "\"\(text)\" is no range; write two numbers such as 1:8")
      }
      range = low...high
    }
    let scatterers = try Scatterers(settings)
    structureFactor.radiations = [radiation]
    structureFactor.scatterers = scatterers
    structureFactor.method = try settings.choice("method").flatMap(StructureFactor.Method.init) ?? structureFactor.method
    structureFactor.binWidth = try settings.quantity("bin-width") ?? structureFactor.binWidth
    structureFactor.cutoff = settings.text("cutoff") == "auto" ? nil : try settings.lengthOrBareNumber("cutoff")
    structureFactor.highestQ = max(1, measured?.x.last ?? 1)
    pairDistribution.radiations = [radiation]
    pairDistribution.scatterers = scatterers
    pairDistribution.highestQ = try settings.quantity("q-max") ?? pairDistribution.highestQ
    pairDistribution.broadening = try settings.quantity("broadening") ?? pairDistribution.broadening
    pairDistribution.cutoff = structureFactor.cutoff
    let window = try settings.choice("window").flatMap(TruncationWindow.init) ?? .lorch
    pairDistribution.window = window
    structureFactor.window = window == .none ? .step : window
    if quantity.isReciprocal {
      if radiation != .neutron { structureFactor.highestQ = min(structureFactor.highestQ, XRayFormFactor.largestQ) }
    } else if window != .none {
      try StructureFactor.check(highestQ: pairDistribution.highestQ, radiations: [radiation], settings: settings)
      pairDistribution.binWidth = min(pairDistribution.binWidth, 1.2 / pairDistribution.highestQ)
    }
  }

  public static let descriptor = AnalysisDescriptor(
    name: "compare", summary: "a measured S(Q), F(Q), D(r), T(r) or G(r) beside the simulated one, with R_chi", group: .structure,
    parameters: [
      AnalysisParameter("file", summary: "text file with the measured function in columns", kind: .text, default: "none"),
      AnalysisParameter(
        "quantity", summary: "what was measured: S(Q), F(Q) = S - 1, QF = Q (S - 1), D(r), T(r), G(r) or g(r)",
        kind: .choice(Quantity.allCases.map(\.rawValue)), default: "S"),
      AnalysisParameter(
        "radiation", summary: "with what it was measured", kind: .choice(Radiation.allCases.map(\.rawValue)), default: "neutron"),
      AnalysisParameter(
        "units", summary: "normalized by (sum c f)², or barn; auto is barn for F, D and T of neutrons",
        kind: .choice(["auto", "normalized", "barn"]), default: "auto"),
      AnalysisParameter("x-units", summary: "unit of r, or of 1/Q", kind: .choice(["A", "nm"]), default: "A"),
      AnalysisParameter("columns", summary: "columns of x and y, counted from 1", kind: .integers, default: "1,2", bounds: 1...1000),
      AnalysisParameter("scale", summary: "factor on measured values, or fit", kind: .text, default: "1"),
      AnalysisParameter(
        "range", summary: "where R_chi is taken, in A or 1/A; auto is 1:8 A, or all of Q", kind: .text, default: "auto"),
      AnalysisParameter(
        "method", summary: "how S(Q) is computed", kind: .choice(StructureFactor.Method.allCases.map(\.rawValue)), default: "direct"),
      AnalysisParameter("bin-width", summary: "width of a bin of Q", kind: .quantity(.wavenumber), default: "0.05 1/A", bounds: 1e-3...2),
      AnalysisParameter(
        "q-max", summary: "where the experiment behind a function of r ended", kind: .quantity(.wavenumber), default: "40 1/A",
        bounds: 1...200),
      AnalysisParameter(
        "window", summary: "the window with which a function of r was made from the experiment",
        kind: .choice(TruncationWindow.allCases.map(\.rawValue)), default: "lorch"),
      AnalysisParameter(
        "broadening", summary: "standard deviation of a Gaussian that peaks of r are folded with", kind: .quantity(.length), default: "0 A",
        bounds: 0...2),
      AnalysisParameter(
        "cutoff", summary: "where g(r) ends; auto is the smaller of 20 A and half the smallest cell width", kind: .quantity(.length),
        default: "auto", bounds: 1...1000),
    ] + Scatterers.parameters,
    convention: "R_chi = sqrt(sum (measured - simulated)² / sum measured²) over the measured points in the range; functions as in "
      + "structure-factor (Faber-Ziman) and pdf (Keen 2001); simulated values are interpolated on straight lines; no fit but of the scale",
    references: ["Wright, J. Non-Cryst. Solids 159, 264 (1993), doi:10.1016/0022-3093(93)90232-M"])

  public func makeAccumulator(in context: AnalysisContext) -> ExperimentComparisonAccumulator {
    ExperimentComparisonAccumulator(self, context: context)
  }
}

/// Takes frames for ``ExperimentComparison``.
public struct ExperimentComparisonAccumulator: AnalysisAccumulator {
  private let parameters: ExperimentComparison
  private var reciprocal: StructureFactorAccumulator?
  private var real: PairDistributionAccumulator?

  init(_ parameters: ExperimentComparison, context: AnalysisContext) {
    self.parameters = parameters
    let name = ExperimentComparison.descriptor.name
    if parameters.quantity.isReciprocal {
      reciprocal = StructureFactorAccumulator(parameters.structureFactor, context: context, name: name)
    } else {
      real = PairDistributionAccumulator(parameters.pairDistribution, context: context, name: name)
    }
  }

  public var memoryInBytes: Int { (reciprocal?.memoryInBytes ?? 0) + (real?.memoryInBytes ?? 0) }

  public mutating func add(_ frame: Frame) throws {
    guard parameters.measured != nil else {
      throw AnalysisError(
        .invalidSetting,
        "\(ExperimentComparison.descriptor.name): there is no measured function; name a file with columns of numbers with file")
    }
    try reciprocal?.add(frame)
    try real?.add(frame)
  }

  public func result() throws -> ExperimentComparisonResult {
    let name = ExperimentComparison.descriptor.name
    if let reciprocal {
      let intensities = try reciprocal.intensities()
      let result = try StructureFactorResult(parameters.structureFactor, intensities: intensities)
      let weights = try ScatteringWeights(
        parameters.radiation, elements: intensities.elements, scatterers: parameters.structureFactor.scatterers, analysis: name)
      let square = weights.pairs(0, concentrations: intensities.concentrations).squareOfMean / 100
      let values = zip(result.q, result.totals.first?.curve.values ?? []).map { q, s -> Double in
        switch parameters.quantity {
        case .interference: (s - 1) * (parameters.isInBarn ? square : 1)
        case .reducedInterference: q * (s - 1)
        default: s
        }
      }
      let warnings = result.warnings.filter { !$0.contains("first peak") }
      return try ExperimentComparisonResult(parameters, x: result.q, simulated: values, frameCount: result.frameCount, warnings: warnings)
    }
    guard let real else { throw AnalysisError(.noFrames, "\(name) got no frame") }
    let result = try PairDistributionResult(parameters.pairDistribution, curves: real.curves())
    guard let total = result.totals.first else { throw AnalysisError(.noFrames, "\(name) got no frame") }
    let factor = parameters.isInBarn ? total.squareOfMean ?? 1 : 1
    let values = result.radii.indices.map { i -> Double in
      switch parameters.quantity {
      case .total: total.total[i] * factor
      case .radial: total.total[i] / (4 * Double.pi * result.density * result.radii[i])
      default: total.reduced[i] * factor
      }
    }
    return try ExperimentComparisonResult(
      parameters, x: result.radii, simulated: values, frameCount: result.frameCount, warnings: result.warnings)
  }
}
