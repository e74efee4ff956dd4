import Structures

/// Where ions are: their density on a grid over the mean cell, the free energy that it implies, and the channels that it forms.
///
///     rho(g) = < ions at g > / (volume of a point),   F(g) = -kT ln(rho(g) / max rho)
///
/// An ion counts at the point nearest to it in coordinates along the edges of its frame's cell, so that a cell that breathes is mapped onto the
/// mean one. A barrier is the lowest level of F up to which points join into a part that winds around the cell.
///
/// - Source: He, Zhu, Mo, Nat. Commun. 8, 15893 (2017), doi:10.1038/ncomms15893 (densities and free energies of ions); Newman and Ziff, Phys. Rev. E
///   64, 016706 (2001), doi:10.1103/PhysRevE.64.016706 (percolation).
public struct DensityMap: AnalysisParameters {
  /// The edge of the cell along which figures look.
  public enum View: String, CaseIterable, Sendable {
    case a, b, c

    var axis: Int { self == .a ? 0 : self == .b ? 1 : 2 }
  }

  /// How atoms are followed; without species, the first of Li, Na, K, Rb, Cs and Ag that is there.
  public var tracks = TrackSettings()
  /// The distance of grid points along the edges in Å, or a little less.
  public var spacing = 0.4
  /// The standard deviation in Å of the Gaussian that each ion is spread by; 0 for none.
  public var smearing = 0.5
  /// In K, for free energies in eV; without, they are in units of kT.
  public var temperature: Double?
  /// The density in 1/Å³ above which channels are described, or `nil` for the mean density.
  public var threshold: Double?
  /// What grids are written as.
  public var formats: [AnalysisFile.GridFormat] = [.cube]
  public var view = View.c
  /// How many of the ions that end farthest from where they began are drawn.
  public var traced = 3
  /// The numbers of atoms to draw instead.
  public var atoms: [Int] = []

  public init() {}

  public init(_ settings: AnalysisSettings) throws {
    tracks = try TrackSettings(settings)
    spacing = try settings.quantity("spacing") ?? spacing
    smearing = try settings.quantity("smearing") ?? smearing
    temperature = try settings.quantity("temperature")
    threshold = try settings.number("threshold")
    if let names = settings.list("format") {
      formats = try names.map { name in
        guard let format = AnalysisFile.GridFormat(rawValue: name) else {
          let known = AnalysisFile.GridFormat.allCases.map(\.rawValue)
          throw settings.invalid("format", "\"\(name)\" is none of \(known.joined(separator: ", "))\(didYouMean(name, among: known))")
        }
        return format
      }
    }
    if let name = try settings.choice("view"), let view = View(rawValue: name) { self.view = view }
    traced = try settings.integer("trace") ?? traced
    atoms = try settings.integers("atoms") ?? []
  }

  public static let descriptor = AnalysisDescriptor(
    name: "density-map", summary: "ion density on a grid, free energy, percolating channels, and trajectories coloured by time",
    group: .transport,
    parameters: TrackSettings.parameters(species: "the first of Li, Na, K, Rb, Cs, Ag that is there").filter { $0.name != "split" } + [
      AnalysisParameter(
        "spacing", summary: "distance of grid points along the edges", kind: .quantity(.length), default: "0.4 A", bounds: 0.01...10),
      AnalysisParameter(
        "smearing", summary: "standard deviation of the Gaussian that each ion is spread by, 0 A for none", kind: .quantity(.length),
        default: "0.5 A", bounds: 0...5),
      AnalysisParameter(
        "temperature", summary: "for free energies in eV; without, they are in units of kT", kind: .quantity(.temperature), default: "none",
        bounds: 1...1e5),
      AnalysisParameter(
        "threshold", summary: "density in 1/A3 above which channels are described", kind: .number, default: "the mean density",
        bounds: 1e-12...1e3),
      AnalysisParameter("format", summary: "what grids are written as: cube, chgcar, vtk", kind: .text, default: "cube"),
      AnalysisParameter(
        "view", summary: "edge of the cell along which figures look", kind: .choice(View.allCases.map(\.rawValue)), default: "c"),
      AnalysisParameter(
        "trace", summary: "how many of the ions that end farthest from their start are drawn, coloured by time", kind: .integer,
        default: "3", bounds: 0...20),
      AnalysisParameter(
        "atoms", summary: "numbers of the atoms to draw instead (as in the file, or counted from 1)", kind: .integers, default: "none",
        bounds: 0...1e15),
    ],
    convention:
      "density: mean number of ions nearest to a grid point over the volume of a point, at coordinates along the edges of each frame's cell, "
      + "on the mean cell; drift removed only where asked, as a shift along the edges; its integral is the number of ions; free energy: "
      + "-kT ln(density / largest density); barrier: lowest level up to which points that share a face join and wind around the cell (1D, 2D, 3D: "
      + "in so many independent directions; a, b, c: around that edge); what was seen less than once, in the volume of a point or that over which "
      + "smearing averages, has no free energy; smearing lowers barriers narrower than itself, noise raises all; errors: standard error over blocks "
      + "of frames, and how much higher the barriers of blocks are than that of the whole, which tells of noise",
    references: [
      "He, Zhu, Mo, Nat. Commun. 8, 15893 (2017), doi:10.1038/ncomms15893",
      "Newman and Ziff, Phys. Rev. E 64, 016706 (2001), doi:10.1103/PhysRevE.64.016706",
    ])

  public static var regionUse: AnalysisRegionUse { .centers }

  public func makeAccumulator(in context: AnalysisContext) -> DensityMapAccumulator {
    DensityMapAccumulator(self, context: context)
  }
}
