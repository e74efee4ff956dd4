import Structures

/// How anion units turn: PS4, P2S7, P2S6 and others, and whether ions hop when they do.
///
///     C_l(t) = < P_l(u(0) · u(t)) >,   l = 1, 2
///     MSAD(t) = < |phi(t) - phi(0)|² >,   6 D_r t for rotational diffusion
///
/// u are the bonds from centres to neighbours, phi the sum of the small rotations from frame to frame, each the optimal one of a polyhedron: a
/// former with its anions, of which P2S7 has two. Whole units of several formers twist, so that no rotation takes one shape into another.
/// A reorientation is a change by more than an angle of the orientation averaged over a window, that lasts for a window more at least; what is
/// between two of them is libration.
///
/// - Source: Berne and Pecora, Dynamic Light Scattering (1976), chapter 7; Mazza et al., Phys. Rev. E 76, 031203 (2007),
///   doi:10.1103/PhysRevE.76.031203 (unbounded angles); Zhang and Nazar, Nat. Rev. Mater. 7, 389 (2022), doi:10.1038/s41578-021-00401-0
///   (rotation and the hops of ions).
public struct UnitRotation: AnalysisParameters {
  /// How atoms are followed.
  public var tracks = TrackSettings()
  /// Labels or elements at the centres of polyhedra; empty for units found by their bonds.
  public var center: [String] = []
  /// Labels or elements at the corners of polyhedra.
  public var neighbor: [String] = []
  /// Labels of the formers, or empty for the elements that form networks.
  public var formers: [String] = []
  /// Labels of the anions, or empty for the elements that are anions.
  public var anions: [String] = []
  public var cutoffs: PairCutoffs = .automatic
  /// How many successive frames a unit may have other members before it is given up.
  public var patience = 0
  /// The time over which orientations and positions are averaged, in ps.
  public var window = 1.0
  /// The least change of the averaged orientation that is a reorientation, in degrees.
  public var angle = 60.0
  /// Labels or elements of the ions whose hops are set against rotations; `nil` for the first of Li, Na, K, Rb, Cs and Ag, empty for none.
  public var mobile: [String]?
  /// How near to the centre of a polyhedron ions count, in Å.
  public var radius = 5.0
  /// How long before and after a reorientation a hop counts as coincident, in ps.
  public var coincidence = 2.0
  /// The least p_hop of a hop in Å², or `nil` for one that follows from how ions scatter in their cages.
  public var hopThreshold: Double?

  public init() {}

  public init(_ settings: AnalysisSettings) throws {
    tracks = try TrackSettings(settings)
    center = settings.list("center") ?? []
    neighbor = settings.list("neighbor") ?? []
    guard center.isEmpty == neighbor.isEmpty else {
      throw settings.invalid(
        center.isEmpty ? "center" : "neighbor",
        "polyhedra need both, such as center P and neighbor S; leave both out for units by their bonds")
    }
    formers = settings.list("formers") ?? []
    anions = settings.list("anions") ?? []
    cutoffs = try settings.cutoffs()
    patience = try settings.integer("patience") ?? patience
    window = try settings.quantity("window") ?? window
    angle = try settings.quantity("angle") ?? angle
    mobile = settings.list("mobile").map { $0 == ["none"] ? [] : $0 }
    radius = try settings.quantity("radius") ?? radius
    coincidence = try settings.quantity("coincidence") ?? coincidence
    hopThreshold = try settings.number("hop-threshold")
  }

  public static let descriptor = AnalysisDescriptor(
    name: "rotation", summary: "rotation of PS4 and other units: correlations, libration, reorientations, and hops of ions beside them",
    group: .transport,
    parameters: [
      AnalysisParameter(
        "center", summary: "species at the centres of polyhedra, with neighbor", kind: .species, default: "units by their bonds"),
      AnalysisParameter("neighbor", summary: "species at the corners of polyhedra", kind: .species, default: "units by their bonds"),
    ] + NetworkRoles.parameters + [
      AutomaticCutoffs.parameter,
      AnalysisParameter(
        "patience", summary: "frames in a row that a unit may have other members before it is given up", kind: .integer, default: "0",
        bounds: 0...1e6),
      AnalysisParameter(
        "window", summary: "time over which orientations and positions are averaged", kind: .quantity(.time), default: "1 ps",
        bounds: 1e-6...1e9),
      AnalysisParameter(
        "angle", summary: "least change of the averaged orientation that is a reorientation", kind: .quantity(.angle), default: "60 deg",
        bounds: 1...170),
      AnalysisParameter(
        "mobile", summary: "ions whose hops are set against rotations, or none", kind: .species,
        default: "the first of Li, Na, K, Rb, Cs, Ag that is there"),
      AnalysisParameter(
        "radius", summary: "how near to the centre of a polyhedron ions count", kind: .quantity(.length), default: "5 A", bounds: 0.1...100),
      AnalysisParameter(
        "coincidence", summary: "how long before and after a reorientation a hop counts", kind: .quantity(.time), default: "2 ps",
        bounds: 1e-6...1e9),
      AnalysisParameter(
        "hop-threshold", summary: "least p_hop of a hop, in A2", kind: .number, default: "from the scatter in the cages", bounds: 1e-6...1e6
      ),
    ] + TrackSettings.parameters().filter { !["species", "split"].contains($0.name) },
    convention:
      "C1, C2: Legendre polynomials of the angle that a bond from centre to neighbour turns in a time, over all bonds, units and time origins; "
      + "C3 of tetrahedra: the third one summed over all pairs of bonds of a unit, which rotations that only exchange corners leave at 1; angular "
      + "displacement: sum of the optimal rotations of each former with its anions from frame to frame, without bounds; D_r: its mean square / 6t "
      + "at lags of 1/20 to 1/5 of the run, none where C1 falls at less than a third of 2 D_r there; libration: deviation from the mean orientation "
      + "between reorientations; rate: reorientations per polyhedron and time; a unit that changes its members is left out from then on; "
      + "enhancement: hops near a polyhedron that turns over those at shifted times of the same turns, and so the ratio of displacements; errors: standard error over blocks of units (Poisson for rates), for the enhancement the scatter over shifted times",
    references: [
      "Mazza et al., Phys. Rev. E 76, 031203 (2007), doi:10.1103/PhysRevE.76.031203",
      "Zhang and Nazar, Nat. Rev. Mater. 7, 389 (2022), doi:10.1038/s41578-021-00401-0",
      "Horn, J. Opt. Soc. Am. A 4, 629 (1987), doi:10.1364/JOSAA.4.000629",
    ])

  public static var regionUse: AnalysisRegionUse { .refused("units would be cut at its edge; split the result by kinds of units instead") }

  public func makeAccumulator(in context: AnalysisContext) -> RotationAccumulator {
    RotationAccumulator(self, context: context)
  }
}
