import Structures

/// The anion units of a glass or crystal: PS4(3-), P2S7(4-), P2S6(4-), chains and rings, with charges, shares and what is around them.
///
/// A unit is what bonds among formers and anions join, over all periodic images. Its name is its formula with its formal charge:
///
///     q = sum over formers of their group - sum over anions of what they take - 2 (former-former bonds) + 2 (anion-anion bonds)
///
/// so that P2S6(4-) has a P-P bond and P2S6(2-) shares an edge. The charges of all units and modifiers of a composition that balances
/// add up to zero where every bond is found.
public struct StructuralUnits: AnalysisParameters {
  /// Labels of the formers, or empty for the elements that form networks.
  public var formers: [String] = []
  /// Labels of the anions, or empty for the elements that are anions.
  public var anions: [String] = []
  public var cutoffs: PairCutoffs = .automatic
  /// Finite units with more formers than this share one name.
  public var largest = 8
  /// The units at the corners of the ternary diagram, by name or formula; empty for PS4, P2S7 and P2S6 (with a P-P bond) where there
  /// are phosphorus and sulfur, else the three units with most formers.
  public var ternary: [String] = []
  /// How far g(r) by unit goes, in Å.
  public var range = 8.0
  /// The width of a bin of g(r), in Å.
  public var binWidth = 0.05

  public init() {}

  public init(_ settings: AnalysisSettings) throws {
    formers = settings.list("formers") ?? []
    anions = settings.list("anions") ?? []
    cutoffs = try settings.cutoffs()
    largest = try settings.integer("largest") ?? largest
    ternary = settings.list("ternary") ?? []
    guard ternary.isEmpty || ternary.count == 3 && Set(ternary).count == 3 else {
      throw settings.invalid("ternary", "a ternary diagram has three corners; name three units, such as PS4,P2S7,P2S6(4-)")
    }
    range = try settings.quantity("range") ?? range
    binWidth = try settings.quantity("bin-width") ?? binWidth
  }

  public static let descriptor = AnalysisDescriptor(
    name: "units", summary: "named anion units (PS4, P2S7, P2S6, chains, rings) with charges, shares and surroundings", group: .structure,
    parameters: NetworkRoles.parameters + [
      AutomaticCutoffs.parameter,
      AnalysisParameter("largest", summary: "finite units with more formers share one name", kind: .integer, default: "8", bounds: 1...100),
      AnalysisParameter(
        "ternary", summary: "three units at the corners of the ternary diagram", kind: .text,
        default: "PS4,P2S7,P2S6(4-), or else the three with most formers"),
      AnalysisParameter("range", summary: "how far g(r) by unit goes", kind: .quantity(.length), default: "8 A", bounds: 1...100),
      AnalysisParameter("bin-width", summary: "width of a bin of g(r)", kind: .quantity(.length), default: "0.05 A", bounds: 1e-3...1),
    ],
    convention: "a unit is what bonds among formers and anions (closer than the cutoffs) join; formal charge: formers count their group "
      + "(P 5, B 3, Si 4), O and S -2, halogens -1, less 2 for each former-former bond, plus 2 for each anion-anion bond, so that terminal "
      + "anions of fully coordinated formers carry the charge; shares of units are of all units, shares of a former of its atoms; g(r) of a "
      + "modifier and the anions of one kind of unit is normalised by the number of those anions; errors: standard error over blocks of frames"
  )

  public func makeAccumulator(in context: AnalysisContext) -> UnitAccumulator {
    UnitAccumulator(self, context: context)
  }
}
