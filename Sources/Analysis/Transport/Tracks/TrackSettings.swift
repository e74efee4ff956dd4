import Structures

/// How atoms are followed from frame to frame: the settings that all analyses of motion share.
public struct TrackSettings: Sendable {
  /// How the mean of a drifting group weighs its atoms.
  public enum DriftWeights: String, CaseIterable, Sendable {
    /// By mass: the group's centre of mass stands still.
    case mass
    /// Each atom alike: the group's mean displacement vanishes.
    case number
  }

  /// Labels of the species to take, or empty for all.
  public var species: [String] = []
  /// How positions are continued across the edges of the cell; ``Unwrapping``.
  public var unwrapping = Unwrapping.Scheme.toroidal
  /// Labels of the species whose common drift is removed from all atoms; empty for none, `["all"]` for all atoms.
  public var driftSpecies: [String] = []
  public var driftWeights = DriftWeights.mass
  /// A column whose values part each species into groups of their own, or `nil`.
  public var split: String?
  /// The file whose frame has the column ``split``, or `nil` where the trajectory has it.
  public var labelsFile: String?
  /// The time between frames of the trajectory in ps, where the file does not tell it.
  public var frameInterval: Double?

  public init(species: [String] = []) { self.species = species }

  /// Reads the settings of ``parameters(species:)``.
  ///
  /// - Throws: ``AnalysisError`` with code `.invalidSetting`.
  public init(_ settings: AnalysisSettings, species fallback: [String] = []) throws {
    species = settings.list("species").map { $0 == ["all"] ? [] : $0 } ?? fallback
    if let name = try settings.choice("unwrap"), let scheme = Unwrapping.Scheme(rawValue: name) { unwrapping = scheme }
    driftSpecies = settings.list("remove-drift").map { $0 == ["none"] ? [] : $0 } ?? []
    if let name = try settings.choice("drift-weights"), let weights = DriftWeights(rawValue: name) { driftWeights = weights }
    split = settings.text("split")
    labelsFile = settings.text("labels")
    frameInterval = try settings.quantity("dt")
  }

  /// What descriptors list for these settings.
  ///
  /// - Parameter species: The default of `species`, as text.
  public static func parameters(species: String = "all") -> [AnalysisParameter] {
    [
      AnalysisParameter("species", summary: "species to take", kind: .species, default: species),
      AnalysisParameter(
        "unwrap",
        summary:
          "toroidal (sum of steps, right under NPT), images (image flags times momentary cell) or heuristic (nearest image, fixed cell)",
        kind: .choice(Unwrapping.Scheme.allCases.map(\.rawValue)), default: Unwrapping.Scheme.toroidal.rawValue),
      AnalysisParameter(
        "remove-drift", summary: "species whose common drift is removed from all atoms, all, or none", kind: .species, default: "none"),
      AnalysisParameter(
        "drift-weights", summary: "mass (the group's centre of mass stands still) or number (its mean displacement vanishes)",
        kind: .choice(DriftWeights.allCases.map(\.rawValue)), default: DriftWeights.mass.rawValue),
      AnalysisParameter(
        "split", summary: "column whose values in the first frame part each species into groups, such as region", kind: .text,
        default: "none"),
      AnalysisParameter(
        "dt", summary: "time between frames of the file, where the file does not tell it", kind: .quantity(.time), default: "from the file",
        bounds: 1e-9...1e9),
    ]
  }

  /// The settings as used.
  ///
  /// - Parameters:
  ///   - labels: The species taken.
  ///   - interval: The time between the frames used in ps.
  func described(labels: [String], interval: Double?) -> [AnalysisSetting] {
    [
      AnalysisSetting("species", labels.joined(separator: ",")), AnalysisSetting("unwrap", unwrapping.rawValue),
      AnalysisSetting("remove-drift", driftSpecies.isEmpty ? "none" : driftSpecies.joined(separator: ",")),
      AnalysisSetting("drift-weights", driftSpecies.isEmpty ? "none" : driftWeights.rawValue),
      AnalysisSetting("split", split ?? "none"),
      AnalysisSetting("dt", interval.map { "\(brief($0)) ps between frames used" } ?? "unknown"),
    ]
  }
}
