import Structures

/// The self and the distinct part of van Hove's correlation function.
///
///     G_s(r, t) = 1/N sum_i < delta(r - |r_i(t0 + t) - r_i(t0)|) > / (4 pi r²)
///     G_d(r, t) = 1/N sum_(i != j) < delta(r - |r_j(t0 + t) - r_i(t0)|) > / (4 pi r²)
///
/// The self part takes all time origins and unwrapped displacements. The distinct part takes some origins, spread over the run: each costs
/// as much as a radial distribution function.
///
/// - Source: van Hove, Phys. Rev. 95, 249 (1954), doi:10.1103/PhysRev.95.249.
public struct VanHoveCorrelation: AnalysisParameters {
  /// How atoms are followed.
  public var tracks = TrackSettings()
  /// Lags in frames, or empty for ``times``.
  public var lags: [Int] = []
  /// Lag times in ps, rounded to whole frames; or empty for 1, 2, 5, 10 … frames up to half the run.
  public var times: [Double] = []
  /// The largest displacement of the self part in Å.
  public var range = 20.0
  /// The width of bins in Å; a little less where it does not divide a range.
  public var binWidth = 0.1
  /// The displacement in Å beyond which atoms count as gone.
  public var distance = 4.0
  /// Whether to compute the distinct part.
  public var distinct = true
  /// The largest distance of the distinct part in Å.
  public var cutoff = 10.0
  /// The most origins of the distinct part, at least 2.
  public var origins = 32

  public init() {}

  public init(_ settings: AnalysisSettings) throws {
    tracks = try TrackSettings(settings)
    lags = try settings.integers("lags") ?? []
    times =
      try settings.list("times")?.map { text in
        do {
          let time = try Quantity.parse(text, as: .time)
          guard time > 0, time.isFinite else { throw settings.invalid("times", "\"\(text)\" is no positive time") }
          return time
        } catch let error as StructuresError {
          throw settings.invalid("times", error.message)
        }
      } ?? []
    if !lags.isEmpty, !times.isEmpty { throw settings.invalid("times", "lags are given already; give one of them") }
    range = try settings.quantity("range") ?? range
    binWidth = try settings.quantity("bin-width") ?? binWidth
    distance = try settings.quantity("distance") ?? distance
    distinct = try settings.flag("distinct") ?? distinct
    cutoff = try settings.quantity("cutoff") ?? cutoff
    origins = try settings.integer("origins") ?? origins
  }

  public static let descriptor = AnalysisDescriptor(
    name: "van-hove", summary: "van Hove correlation functions: where atoms go (self) and who takes their place (distinct)",
    group: .transport,
    parameters: TrackSettings.parameters() + [
      AnalysisParameter("lags", summary: "lags in frames used", kind: .integers, default: "1,2,5,10... to half the run", bounds: 1...1e9),
      AnalysisParameter(
        "times", summary: "lag times instead of lags, such as \"1 ps,10 ps\", rounded to frames", kind: .text, default: "lags"),
      AnalysisParameter(
        "range", summary: "largest displacement of the self part", kind: .quantity(.length), default: "20 A", bounds: 0.1...1000),
      AnalysisParameter("bin-width", summary: "width of bins", kind: .quantity(.length), default: "0.1 A", bounds: 1e-3...10),
      AnalysisParameter(
        "distance", summary: "displacement beyond which atoms count as gone", kind: .quantity(.length), default: "4 A", bounds: 0...1000),
      AnalysisParameter("distinct", summary: "whether to compute the distinct part", kind: .flag, default: "true"),
      AnalysisParameter(
        "cutoff", summary: "largest distance of the distinct part", kind: .quantity(.length), default: "10 A", bounds: 0.1...100),
      AnalysisParameter("origins", summary: "most time origins of the distinct part", kind: .integer, default: "32", bounds: 2...10000),
    ],
    convention:
      "self: unwrapped displacements of all time origins; 4 pi r² G_s is the probability density of |displacement|, its integral 1 with "
      + "the share beyond the range; Gaussian: the normal distribution with the same mean square. Distinct: G_d / rho, 1 where nothing "
      + "is correlated: pairs of different atoms, A at one time and B at the other, all images within the cutoff, at the fractional "
      + "coordinates of the earlier time in the cell of the later; like pairs divided by N (N - 1). In a region: the atoms that are in it "
      + "in the first frame. Errors: self over blocks of atoms, distinct over time origins",
    references: ["van Hove, Phys. Rev. 95, 249 (1954), doi:10.1103/PhysRev.95.249"])

  public static var regionUse: AnalysisRegionUse { .centers }

  public func makeAccumulator(in context: AnalysisContext) -> VanHoveAccumulator {
    VanHoveAccumulator(self, context: context)
  }

  /// The bins of a range.
  func bins(_ range: Double) -> Int { max(1, Int((range / binWidth - 1e-9).rounded(.up))) }
}
