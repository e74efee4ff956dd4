import Structures

/// Which sites of a crystal its ions are at, and how they jump between them.
///
/// Sites are atoms of a reference crystal, scaled to the momentary cell and moved with the framework. An ion belongs to the last site
/// within whose radius it was (`core`), or to the nearest one with a hysteresis (`nearest`); a change is a jump. The jump diffusion
/// coefficient `D_J = Γ <a²> / 6` counts jumps as independent; the tracer diffusion coefficient over it is the correlation factor.
///
/// - Source: Vargas-Barbosa and Roling, ChemElectroChem 7, 367 (2020), doi:10.1002/celc.201901627, for correlation factors; de Klerk et
///   al., ACS Appl. Energy Mater. 1, 3230 (2018), doi:10.1021/acsaem.8b00457, for jumps between sites.
public struct SiteAnalysis: AnalysisParameters {
  /// How ions belong to sites.
  public enum Assignment: String, CaseIterable, Sendable {
    /// An ion belongs to the last site within whose radius it was.
    case core
    /// An ion belongs to the nearest site, and to a new one once it is nearer by the hysteresis.
    case nearest
  }

  /// How atoms are followed. The drift that is removed is that of all other species unless ``keepsDrift``.
  public var tracks = TrackSettings(species: ["Li"])
  /// Whether no drift is removed where ``tracks`` name none.
  public var keepsDrift = false
  /// The file with the reference crystal.
  public var sites: String
  /// The labels of its species that are sites, or empty for those of the ions' elements.
  public var siteSpecies: [String] = []
  /// A column of the reference that parts sites of a label.
  public var labelColumn: String?
  /// How often the reference is repeated along each edge, or `nil` for what fits.
  public var supercell: [Int]?
  /// Whether the framework of the reference is moved onto that of the first frame.
  public var aligns = true
  public var assignment = Assignment.core
  /// In Å, or `nil` for 0.45 times the shortest distance between sites.
  public var radius: Double?
  /// In Å.
  public var hysteresis = 0.3
  /// Stays that are shorter and lead back do not count, in ps.
  public var minimumResidence = 0.0
  /// In ps.
  public var cooperativeTime = 1.0
  /// In Å.
  public var cooperativeDistance = 4.5

  /// The automatic radius over the shortest distance between sites: spheres do not touch.
  static let radiusShare = 0.45

  public init(sites: String) { self.sites = sites }

  public init(_ settings: AnalysisSettings) throws {
    guard let path = settings.text("sites") else {
      throw settings.invalid("sites", "name the file with the reference crystal, such as sites crystal.cif")
    }
    self.init(sites: path)
    tracks = try TrackSettings(settings, species: ["Li"])
    keepsDrift = settings.list("remove-drift") == ["none"]
    siteSpecies = settings.list("site-species") ?? []
    labelColumn = settings.text("label-column")
    supercell = try settings.integers("supercell")
    if let supercell, supercell.count != 3 {
      throw settings.invalid("supercell", "write three whole numbers, such as 2,2,3")
    }
    aligns = try settings.flag("align") ?? aligns
    if let name = try settings.choice("assignment"), let chosen = Assignment(rawValue: name) { assignment = chosen }
    radius = try settings.quantity("radius")
    hysteresis = try settings.quantity("hysteresis") ?? hysteresis
    minimumResidence = try settings.quantity("minimum-residence") ?? minimumResidence
    cooperativeTime = try settings.quantity("cooperative-time") ?? cooperativeTime
    cooperativeDistance = try settings.quantity("cooperative-distance") ?? cooperativeDistance
  }

  public static let descriptor = AnalysisDescriptor(
    name: "sites", summary: "sites of a crystal: occupancy, jumps between them, residence times, collective jumps, percolation",
    group: .transport,
    parameters: TrackSettings.parameters(species: "Li").map { parameter in
      var parameter = parameter
      if parameter.name == "remove-drift" { parameter.default = "all other species" }
      return parameter
    } + [
      AnalysisParameter("sites", summary: "file with a reference crystal whose atoms are at the sites", kind: .text, default: "needed"),
      AnalysisParameter(
        "site-species", summary: "species of the reference that are sites", kind: .species, default: "those of the ions' element"),
      AnalysisParameter(
        "label-column", summary: "column of the reference whose values part sites of a species", kind: .text, default: "none"),
      AnalysisParameter(
        "supercell", summary: "how often to repeat the reference along each edge, such as 2,2,3", kind: .integers, default: "what fits",
        bounds: 1...1000),
      AnalysisParameter(
        "align", summary: "whether the framework of the reference is moved onto that of the first frame", kind: .flag, default: "true"),
      AnalysisParameter(
        "assignment", summary: "core (last site within whose radius the ion was) or nearest (with a hysteresis)",
        kind: .choice(Assignment.allCases.map(\.rawValue)), default: Assignment.core.rawValue),
      AnalysisParameter(
        "radius", summary: "of a site", kind: .quantity(.length), default: "0.45 times the shortest distance between sites",
        bounds: 1e-3...100),
      AnalysisParameter(
        "hysteresis", summary: "how much nearer a new site must be, for assignment nearest", kind: .quantity(.length), default: "0.3 A",
        bounds: 0...100),
      AnalysisParameter(
        "minimum-residence", summary: "stays that are shorter and lead back are no jumps", kind: .quantity(.time), default: "0 ps",
        bounds: 0...1e9),
      AnalysisParameter(
        "cooperative-time", summary: "jumps no farther apart in time count as together", kind: .quantity(.time), default: "1 ps",
        bounds: 0...1e9),
      AnalysisParameter(
        "cooperative-distance", summary: "and no farther apart than this, between their middles", kind: .quantity(.length),
        default: "4.5 A", bounds: 1e-3...100),
    ],
    convention:
      "sites scale with the momentary cell and move with the framework; occupancy = time that ions belong to a site / time, on the way "
      + "included; rate A->B = jumps / time spent on A; mean residence = time / departures; D_J = Γ <a²>/6 with jumps as independent; "
      + "correlation factor = D of the mean-squared displacement / D_J; strings: jumps of which one ends where another ion's began; "
      + "errors: leaving out blocks of ions, for rates at least that of counting",
    references: [
      "de Klerk et al., ACS Appl. Energy Mater. 1, 3230 (2018), doi:10.1021/acsaem.8b00457",
      "Kaplan and Meier, J. Am. Stat. Assoc. 53, 457 (1958), doi:10.1080/01621459.1958.10501452",
    ])

  public static var regionUse: AnalysisRegionUse { .centers }

  public func makeAccumulator(in context: AnalysisContext) -> SiteAccumulator { SiteAccumulator(self, context: context) }
}
