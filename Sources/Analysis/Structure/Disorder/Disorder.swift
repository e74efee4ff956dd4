import Structures

/// How disordered slabs along an axis are: 0 in the crystal, 1 in the glass.
///
/// The atoms become a density of Gaussians, which is integrated over slabs and so projected onto their plane. The two-dimensional Fourier
/// transform of a slab at depth z gives its intensity, as a share of what full order would give, free of what single atoms scatter:
///
///     A(q) = sum_j w_j exp(-i q r_j) exp(-sigma² q² / 2)
///     I(q, z) = (|A(q)|² - exp(-sigma² q²) sum_j w_j²) / ((sum_j w_j)² - sum_j w_j²)
///     F(z) = 1 - sum_q I(q, z) / sum_q I_max(q)
///
/// w_j is the share of atom j's Gaussian that lies in the slab. The sum of all intensities is fixed by the density alone (Parseval), whatever
/// the order; the sums therefore go over the Bragg peaks only: the wave vectors q ≠ 0 whose intensity in the reference exceeds both a
/// share of its strongest peak and what disorder produces by chance. The reference I_max is the most ordered slab, or one of a crystal that
/// is given. Without correlation I is 0 on average, so that F is 1 up to a few times 1 / sqrt(atoms in the slab).
///
/// F compares with *one* set of peaks: a crystal of another orientation counts as disordered. Where the slab is thinner than the crystal's
/// repeat along the axis, or no multiple of it, F goes up and down within the crystal.
///
/// - Source: after Stegmaier et al., Adv. Energy Mater. 11, 2100707 (2021), doi:10.1002/aenm.202100707.
public struct Disorder: AnalysisParameters {
  /// `a`, `b`, `c`: along the normal of the two other edges; or `x`, `y`, `z` where that is such a normal.
  public var axis = "c"
  /// The thickness of a slab in Å; a whole number of ``step``s.
  public var slabWidth = 8.0
  /// The distance between neighbouring slabs, which overlap, in Å; rounded so that a whole number fills the cell.
  public var step = 1.0
  /// The distance between points of the grid in the plane, in Å.
  public var gridSpacing = 0.25
  /// The standard deviation of the Gaussian of an atom, in Å.
  public var gaussianWidth = 0.5
  /// The weakest Bragg peak that counts, as a share of the strongest one of the reference.
  public var peakThreshold = 0.1
  /// The file of a crystal as the reference; `nil` for the most ordered slab.
  public var reference: String?
  /// Slabs with F below this are crystal.
  public var crystalBelow = 0.3
  /// Slabs with F above this are glass.
  public var glassAbove = 0.7
  /// Labels of the species to take, or empty for all.
  public var species: [String] = []

  public init() {}

  public init(_ settings: AnalysisSettings) throws {
    axis = try settings.choice("axis") ?? axis
    slabWidth = try settings.quantity("slab-width") ?? slabWidth
    step = try settings.quantity("step") ?? step
    gridSpacing = try settings.quantity("grid-spacing") ?? gridSpacing
    gaussianWidth = try settings.quantity("gaussian-width") ?? gaussianWidth
    peakThreshold = try settings.number("peak-threshold") ?? peakThreshold
    if let text = settings.text("reference"), text != "most-ordered" { reference = text }
    crystalBelow = try settings.number("crystal-below") ?? crystalBelow
    glassAbove = try settings.number("glass-above") ?? glassAbove
    species = settings.list("species") ?? []
    guard crystalBelow < glassAbove else {
      throw settings.invalid("crystal-below", "\(crystalBelow) must be less than glass-above, \(glassAbove)")
    }
    guard gridSpacing <= gaussianWidth else {
      throw settings.invalid(
        "grid-spacing", "\(gridSpacing) Å do not resolve a Gaussian of \(gaussianWidth) Å; make it at most gaussian-width")
    }
  }

  public static let descriptor = AnalysisDescriptor(
    name: "disorder", summary: "the disorder profile F(Z), and from it the regions crystal, interface and glass", group: .structure,
    parameters: [
      AnalysisParameter(
        "axis", summary: "a, b, c (along the normal of the two other edges), or x, y, z where that is such a normal",
        kind: .choice(CellAxis.names), default: "c"),
      AnalysisParameter(
        "slab-width", summary: "thickness of a slab; best a multiple of the crystal's repeat along the axis", kind: .quantity(.length),
        default: "8 A", bounds: 0.1...1000),
      AnalysisParameter(
        "step", summary: "distance between slabs, which overlap", kind: .quantity(.length), default: "1 A", bounds: 0.05...100),
      AnalysisParameter(
        "grid-spacing", summary: "distance between grid points in the plane", kind: .quantity(.length), default: "0.25 A", bounds: 0.02...2),
      AnalysisParameter(
        "gaussian-width", summary: "standard deviation of the Gaussian of an atom", kind: .quantity(.length), default: "0.5 A",
        bounds: 0.05...5),
      AnalysisParameter(
        "peak-threshold", summary: "weakest Bragg peak that counts, as a share of the strongest one of the reference", kind: .number,
        default: "0.1", bounds: 0...1),
      AnalysisParameter(
        "reference", summary: "most-ordered (slab of the trajectory), or a file with the crystal in the same orientation", kind: .text,
        default: "most-ordered"),
      AnalysisParameter("crystal-below", summary: "F below which a slab is crystal", kind: .number, default: "0.3", bounds: -1...2),
      AnalysisParameter("glass-above", summary: "F above which a slab is glass", kind: .number, default: "0.7", bounds: -1...2),
      AnalysisParameter("species", summary: "species to take", kind: .species, default: "all"),
    ],
    convention: "F(Z) = 1 - sum_q I(q, Z) / sum_q I_max(q): atoms are Gaussians, integrated over a slab and transformed in its plane; I is "
      + "the intensity without that of single atoms, as a share of that of full order; q runs over the Bragg peaks of the reference (those "
      + "above a share of its strongest, and above chance), zero left out; F is 0 for the reference and 1 without correlation; crystal, "
      + "interface and glass by thresholds of F; interfaces are fits of c + d tanh((Z - Z0) / w) with the width 2.197 w from 10 to 90 %, "
      + "slab thickness included; errors: standard error over blocks of frames",
    references: ["Stegmaier et al., Adv. Energy Mater. 11, 2100707 (2021), doi:10.1002/aenm.202100707"])

  public static var regionUse: AnalysisRegionUse { .centers }

  public func makeAccumulator(in context: AnalysisContext) -> DisorderAccumulator {
    DisorderAccumulator(self, context: context)
  }
}
