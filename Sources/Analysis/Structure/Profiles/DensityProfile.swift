import Structures

/// Concentration, number density, mass density and charge density in layers along an axis.
///
///     n_s(z) = N_s(z) / V_bin,   c_s(z) = N_s(z) / N(z),   rho(z) = m(z) / V_bin
///
/// Bins are equal shares of the cell, so that they follow a cell that changes (NPT); their width is that of the mean cell.
public struct DensityProfile: AnalysisParameters {
  /// `a`, `b`, `c`: along the normal of the two other edges; or `x`, `y`, `z` where that is such a normal.
  public var axis = "c"
  /// About how wide a bin is, in Å: a whole number of them fills the first cell.
  public var binWidth = 0.5
  /// Labels of the species to take, or empty for all.
  public var species: [String] = []

  public init() {}

  public init(_ settings: AnalysisSettings) throws {
    axis = try settings.choice("axis") ?? axis
    binWidth = try settings.quantity("bin-width") ?? binWidth
    species = settings.list("species") ?? []
  }

  public static let descriptor = AnalysisDescriptor(
    name: "profile", summary: "concentration, number, mass and charge density in layers along an axis", group: .structure,
    parameters: [
      AnalysisParameter(
        "axis", summary: "a, b, c (along the normal of the two other edges), or x, y, z where that is such a normal",
        kind: .choice(CellAxis.names), default: "c"),
      AnalysisParameter(
        "bin-width", summary: "width of a layer, rounded so that a whole number fills the cell", kind: .quantity(.length), default: "0.5 A",
        bounds: 0.01...1000),
      AnalysisParameter("species", summary: "species to take", kind: .species, default: "all"),
    ],
    convention: "layers are parallel to the two other edges and depth counts along their normal, from the corner of the cell; bins are "
      + "equal shares of the cell of each frame; concentration is the share of the atoms taken in the layer; charge density from the "
      + "charges in the file; in a region: its atoms only, per volume of the layer; errors: standard error over blocks of frames",
    references: ["Allen and Tildesley, Computer Simulation of Liquids, 2nd ed., doi:10.1093/oso/9780198803195.001.0001"])

  public static var regionUse: AnalysisRegionUse { .centers }

  public func makeAccumulator(in context: AnalysisContext) -> DensityProfileAccumulator {
    DensityProfileAccumulator(self, context: context)
  }
}
