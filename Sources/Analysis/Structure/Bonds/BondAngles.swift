import Structures

/// Three species of which the one in the middle is the vertex of an angle: `O-B-O`.
public struct SpeciesTriple: Hashable, Sendable, CustomStringConvertible {
  public var first: String
  public var vertex: String
  public var last: String

  public init(_ first: String, _ vertex: String, _ last: String) {
    (self.first, self.vertex, self.last) = (first, vertex, last)
  }

  /// Reads `O-B-O`; `nil` where there are not three labels.
  public init?(_ text: String) {
    let parts = text.split(separator: "-", omittingEmptySubsequences: false).map(String.init)
    guard parts.count == 3, !parts.contains("") else { return nil }
    self.init(parts[0], parts[1], parts[2])
  }

  /// The same angle from the other side.
  var reversed: SpeciesTriple { SpeciesTriple(last, vertex, first) }

  public var description: String { "\(first)-\(vertex)-\(last)" }
}

/// Distributions of bond angles, triple by triple.
///
///     p(theta) = n(theta) / (N dtheta),     with the sine correction   p'(theta) = p(theta) / sin(theta), normalised again
///
/// Points strewn at random around the vertex give p ~ sin(theta); the correction makes that flat. Each pair of bonds of a vertex is
/// one angle.
public struct BondAngles: AnalysisParameters {
  /// Which triples; empty for all that the bonds of the network form.
  public var triples: [SpeciesTriple] = []
  public var cutoffs: PairCutoffs = .automatic
  /// The width of a bin in degrees, rounded so that a whole number of them makes 180.
  public var binWidth = 1.0
  /// Whether distributions are divided by sin(theta).
  public var sineCorrection = false

  public init() {}

  public init(_ settings: AnalysisSettings) throws {
    triples =
      try settings.list("triples")?.map { text in
        guard let triple = SpeciesTriple(text) else {
          throw settings.invalid("triples", "\"\(text)\" is no triple of species; write three labels with dashes between, such as O-B-O")
        }
        return triple
      } ?? []
    cutoffs = try settings.cutoffs()
    binWidth = try settings.number("bin-width") ?? binWidth
    sineCorrection = try settings.flag("sine-correction") ?? false
  }

  public static let descriptor = AnalysisDescriptor(
    name: "angles", summary: "distributions of bond angles, such as O-B-O and P-O-B", group: .structure,
    parameters: [
      AnalysisParameter(
        "triples",
        summary: "triples with the vertex in the middle, such as O-B-O,P-O-B; by default all of bonds between formers and anions",
        kind: .text, default: "all of the network"),
      AutomaticCutoffs.parameter,
      AnalysisParameter("bin-width", summary: "width of a bin in degrees", kind: .number, default: "1", bounds: 0.01...30),
      AnalysisParameter("sine-correction", summary: "divide distributions by sin(theta)", kind: .flag, default: "false"),
    ],
    convention: "each pair of bonds (closer than the cutoffs) of a vertex is one angle; p(theta) integrates to 1 over degrees; with "
      + "sine-correction p is divided by sin(theta) at the middle of each bin and normalised again; mean and width (standard deviation) "
      + "are of the angles themselves; errors: standard error over blocks of frames")

  public func makeAccumulator(in context: AnalysisContext) -> BondAngleAccumulator {
    BondAngleAccumulator(self, context: context)
  }
}
