import Structures

/// Bond-valence sums, the global instability index, and the bond-valence site energy of a mobile ion.
///
///     s_ij = exp((r0 - R_ij) / b),   V_i = sum_j s_ij,   GII = sqrt(<(V_i - |q_i|)²>)
///
/// over all ions j of opposite charge up to the cutoff, all periodic images included. The site energy of a mobile cation at any place is
/// a Morse potential of the anions and a screened repulsion of the other cations; all mobile ions are taken away:
///
///     E = sum_anions D0/2 {[exp((Rmin - R) / b) - 1]² - 1} + sum_cations k q q' / sqrt(n n') erfc(R / (f (r + r'))) / R
///
/// n are principal quantum numbers, r radii, f = 0.74. For a mobile anion, cations and anions change places. The barriers in one, two and
/// three dimensions are the lowest energies above the minimum below which connected grid points wind around the periodic
/// cell in so many independent directions.
///
/// - Source: Chen, Wong and Adams, Acta Cryst. B 75, 18 (2019), doi:10.1107/S2052520618015718; Adams and Rao, Phys. Chem. Chem. Phys. 11, 3210
///   (2009), doi:10.1039/b901753d; Salinas-Sanchez et al., J. Solid State Chem. 100, 201 (1992), doi:10.1016/0022-4596(92)90094-C.
public struct BondValence: AnalysisParameters {
  /// Formal charges by label; usual ones for the others.
  public var charges: [String: Int] = [:]
  public var set = BondValenceSet.softBV
  /// The largest distance in Å.
  public var cutoff = 10.0
  /// The label of the mobile species; `nil` for lithium, or else another alkali metal or silver, where there is one.
  public var mobile: String?
  /// Whether to compute the landscape.
  public var landscape = true
  /// The distance between grid points in Å, at most.
  public var gridSpacing = 0.2
  /// f in the screening length of like charges, `f (r + r')`.
  public var screening = 0.74
  /// How many of the points around a point are its neighbours: 6, or 26 with those across edges and corners.
  public var connectivity = 26

  public init() {}

  public init(_ settings: AnalysisSettings) throws {
    do {
      charges = try FormalCharges.parse(settings.text("charges").map { $0 == "usual" ? "" : $0 } ?? "")
    } catch let error as AnalysisError {
      throw settings.invalid("charges", error.message)
    }
    if let name = try settings.choice("parameters"), let set = BondValenceSet(rawValue: name) { self.set = set }
    cutoff = try settings.quantity("cutoff") ?? cutoff
    if let text = settings.text("mobile"), text != "auto" { if text == "none" { landscape = false } else { mobile = text } }
    gridSpacing = try settings.quantity("grid-spacing") ?? gridSpacing
    screening = try settings.number("screening") ?? screening
    if let text = try settings.choice("connectivity") { connectivity = Int(text) ?? connectivity }
    guard set == .softBV || mobile == nil else {
      throw settings.invalid("parameters", "\(set.rawValue) has no energies for a landscape; take softbv, or mobile none")
    }
    if set != .softBV { landscape = false }
  }

  public static let descriptor = AnalysisDescriptor(
    name: "bond-valence", summary: "bond-valence sums, instability index, and site energies of a mobile ion with percolation barriers",
    group: .structure,
    parameters: [
      AnalysisParameter(
        "charges", summary: "formal charges by species, such as Li=1,P=5,S=-2; usual ones for those not given", kind: .text,
        default: "usual"),
      AnalysisParameter(
        "parameters",
        summary:
          "softbv (bonds beyond the first shell, energies) or okeeffe-brese (b = 0.37 A, rough estimates for any elements, sums only)",
        kind: .choice(BondValenceSet.allCases.map(\.rawValue)), default: BondValenceSet.softBV.rawValue),
      AnalysisParameter("cutoff", summary: "largest distance", kind: .quantity(.length), default: "10 A", bounds: 1...50),
      AnalysisParameter(
        "mobile", summary: "species of the landscape; auto (Li, or else Na, K, Rb, Cs, Ag), or none", kind: .species, default: "auto"),
      AnalysisParameter(
        "grid-spacing", summary: "largest distance between grid points along an edge", kind: .quantity(.length), default: "0.2 A",
        bounds: 0.02...5),
      AnalysisParameter(
        "screening", summary: "f: like charges are screened over f times the sum of their radii", kind: .number, default: "0.74",
        bounds: 0.01...10),
      AnalysisParameter(
        "connectivity", summary: "neighbours of a grid point on a path: 6 (faces) or 26 (edges and corners too)",
        kind: .choice(["6", "26"]), default: "26"),
    ],
    convention:
      "V_i = sum over ions of opposite formal charge of exp((r0 - R)/b); GII is the root mean square of V_i - |q_i| over the ions; "
      + "site energies: Morse potential of opposite, erfc-screened repulsion of like ions, mobile ions taken away; barriers count from the "
      + "lowest grid point; in nD, connected points below the barrier wind around the cell in n independent directions; landscape "
      + "and barriers of each frame are averaged, the file is of the first; in a region: sums of its atoms, landscape of the whole cell; "
      + "errors: standard error over blocks of frames",
    references: [
      "Chen, Wong and Adams, Acta Cryst. B 75, 18 (2019), doi:10.1107/S2052520618015718",
      "Adams and Rao, Phys. Chem. Chem. Phys. 11, 3210 (2009), doi:10.1039/b901753d",
      "O'Keeffe and Brese, J. Am. Chem. Soc. 113, 3226 (1991), doi:10.1021/ja00009a002",
    ])

  public static var regionUse: AnalysisRegionUse { .centers }

  public func makeAccumulator(in context: AnalysisContext) -> BondValenceAccumulator {
    BondValenceAccumulator(self, context: context)
  }
}
