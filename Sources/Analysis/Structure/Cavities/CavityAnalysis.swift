import Structures

/// Free volume, cavities and channels between atoms, for a spherical probe.
///
/// All follow from the distance d of the points of a grid to the nearest surface of an atom (``DistanceField``):
///
///     free:        d > 0
///     accessible:  d >= r_probe, where the middle of the probe can be
///     occupiable:  within r_probe of an accessible point, what the probe fills
///
/// Accessible points that hang together are a cavity, or a channel where they go on for ever (``GridRegion``). Fractions of volume are exact but for the
/// sampling of the grid; the occupiable volume is too small by about half a step of the grid all around.
public struct CavityAnalysis: AnalysisParameters {
  public var radii = AtomRadii.ionic
  /// In Å.
  public var probe = 0.6
  /// The most between points of the grid along an edge, in Å.
  public var spacing = 0.25
  /// Labels of the species that take space, or empty for all; without Li, channels for Li show.
  public var species: [String] = []

  public init() {}

  public init(_ settings: AnalysisSettings) throws {
    if let text = settings.text("radii") {
      do {
        radii = try AtomRadii(text)
      } catch let error as any ExplainedError {
        throw settings.invalid("radii", error.message)
      }
    }
    probe = try settings.quantity("probe") ?? probe
    spacing = try settings.quantity("spacing") ?? spacing
    species = settings.list("species") ?? []
  }

  public static let descriptor = AnalysisDescriptor(
    name: "cavities", summary: "free volume, cavities and channels for a spherical probe", group: .structure,
    parameters: [
      AnalysisParameter(
        "radii", summary: "radii of the atoms: ionic, covalent, van-der-waals, or by species such as O=1.35,Si=0.26 (in A)", kind: .text,
        default: "ionic"),
      AnalysisParameter(
        "probe", summary: "radius of the probe; the default is about that of Li+", kind: .quantity(.length), default: "0.6 A",
        bounds: 0...20),
      AnalysisParameter(
        "spacing", summary: "most between points of the grid", kind: .quantity(.length), default: "0.25 A", bounds: 0.01...5),
      AnalysisParameter("species", summary: "species that take space; leave Li out to see channels for it", kind: .species, default: "all"),
    ],
    convention:
      "d: distance from a point to the nearest surface of an atom, over all periodic images; free: d > 0; accessible: d at least the "
      + "radius of the probe (where its middle can be); occupiable: within a radius of the probe of an accessible point (what it fills); cavities: "
      + "accessible points of the grid joined along its edges; channels: those that go on for ever in 1, 2 or 3 directions; fractions are of the "
      + "volume of the cell, averaged over frames; largest sphere: the largest radius that fits between the atoms; travelling sphere: the largest "
      + "that goes on for ever, too small by at most one step of the grid; errors: standard error over blocks of frames",
    references: [
      "Shannon (ionic radii), Acta Cryst. A32, 751 (1976), doi:10.1107/S0567739476001551",
      "Ongari et al. (accessible and occupiable volume), Langmuir 33, 14529 (2017), doi:10.1021/acs.langmuir.7b01682",
    ])

  public func makeAccumulator(in context: AnalysisContext) -> CavityAccumulator {
    CavityAccumulator(self, context: context)
  }
}
