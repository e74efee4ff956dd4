import Structures

/// What an analysis says about itself: help, recipe reference and checks of settings come from it.
public struct AnalysisDescriptor: Sendable {
  /// The headings under which analyses are listed.
  public enum Group: String, CaseIterable, Sendable {
    case structure, transport, mechanics
  }

  /// The name after `analyze` and in recipes: `rdf`.
  public var name: String
  /// One line for lists.
  public var summary: String
  public var group: Group
  /// The settings that this analysis takes, beside those of every analysis (``common``).
  public var parameters: [AnalysisParameter]
  /// Definitions and normalisation, printed with results.
  public var convention: String
  /// Sources, with DOI.
  public var references: [String]

  public init(
    name: String, summary: String, group: Group, parameters: [AnalysisParameter], convention: String, references: [String] = []
  ) {
    self.name = name
    self.summary = summary
    self.group = group
    self.parameters = parameters
    self.convention = convention
    self.references = references
  }

  /// The settings that every analysis takes.
  public static let common = [
    AnalysisParameter(
      "frames", summary: "which frames, as first:end:stride counted from 0, end not included", kind: .frames, default: "all"),
    AnalysisParameter(
      "region",
      summary: "atoms to take: crystal, interface or glass (1, 2, 3 in the column region), or a column and its value such as c_order=1",
      kind: .text, default: "all atoms"),
    AnalysisParameter(
      "labels", summary: "file whose frame has the column of region, with the same atoms; otherwise the trajectory's own", kind: .text,
      default: "the trajectory"),
  ]

  /// All settings, ``common`` last.
  public var allParameters: [AnalysisParameter] { parameters + Self.common }
}

/// One setting of an analysis.
public struct AnalysisParameter: Sendable {
  /// What the text of a setting must be.
  public enum Kind: Sendable {
    /// A number with a unit.
    case quantity(Dimension)
    /// A number without a unit.
    case number
    case integer
    case flag
    /// Words of no fixed set, such as the name of a file.
    case text
    case choice([String])
    /// Labels of species, separated by commas.
    case species
    /// Pairs of species, separated by commas: `B-O,P-O`.
    case pairs
    /// `auto`, one length in Å, or one a pair: `P-S=2.6,Li-S=3.1`.
    case cutoffs
    /// Whole numbers, separated by commas.
    case integers
    case frames
  }

  /// The name in recipes and, after two dashes, on the command line: `bin-width`.
  public var name: String
  public var summary: String
  public var kind: Kind
  /// What is taken where nothing is given, as text.
  public var `default`: String
  /// The values allowed, in the internal unit of the dimension.
  public var bounds: ClosedRange<Double>?

  public init(
    _ name: String, summary: String, kind: Kind, default: String, bounds: ClosedRange<Double>? = nil
  ) {
    self.name = name
    self.summary = summary
    self.kind = kind
    self.default = `default`
    self.bounds = bounds
  }

  /// The unit in which ``bounds`` count, or empty.
  public var unit: String {
    if case .quantity(let dimension) = kind { dimension.internalUnit } else { "" }
  }
}
