/// The strength A of the B-O repulsion of Deng and Du, which depends on composition and boron coordination.
///
/// With K = SiO2/B2O3, R = (modifier oxides - Al2O3)/B2O3, the share N4 of four-fold boron and Rmax = K/16 + 1/2
///
///     A = A2 + T3 N4 Rmax/R                              for R > Rmax
///     A = A1 + T1 [Rmax - (Rmax - N4)²/Rmax] + T2 K²     otherwise
///     T3 = (A1 + T2 K² - A2)/Rmax + T1
///
/// and A1 = 11900, A2 = 12525, T1 = 4350, T2 = 85 eV; A is at most 25000 eV. The two branches meet where N4 = R = Rmax.
/// N4 is an input: the model of Dell, Bray and Xiao that borosilicate work takes it from is negative for lithium
/// borophosphates. Source: Deng and Du, J. Am. Ceram. Soc. 102, 2482 (2019), doi:10.1111/jace.16082, with the erratum
/// doi:10.1111/jace.16897.
public enum BoronOxygenRepulsion {
  /// A in eV.
  ///
  /// - Parameters:
  ///   - k: SiO2/B2O3, not negative.
  ///   - r: (Modifier oxides - Al2O3)/B2O3.
  ///   - fourFoldFraction: The share of four-fold boron, 0 to 1.
  public static func strength(k: Double, r: Double, fourFoldFraction: Double) -> Double {
    let (a1, a2, t1, t2) = (11900.0, 12525.0, 4350.0, 85.0)
    let most = k / 16 + 0.5
    let t3 = (a1 + t2 * k * k - a2) / most + t1
    let deficit = most - fourFoldFraction
    let a = r > most ? a2 + t3 * fourFoldFraction * most / r : a1 + t1 * (most - deficit * deficit / most) + t2 * k * k
    return min(a, 25000)
  }

  /// K and R of a composition that holds boron.
  public static func ratios(_ counts: ElementCounts) -> (k: Double, r: Double) {
    let boronOxide = counts["B"] / 2
    let alkali = ["Li", "Na", "K"].reduce(0) { $0 + counts[$1] } / 2
    let alkalineEarth = ["Be", "Mg", "Ca", "Sr", "Ba"].reduce(0) { $0 + counts[$1] }
    return (counts["Si"] / boronOxide, (alkali + alkalineEarth - counts["Al"] / 2) / boronOxide)
  }

  static let descriptor = CompositionModel(
    name: "boron-oxygen-deng-du",
    summary: "strength of the B-O repulsion from SiO2/B2O3, modifier/B2O3 and the share of four-fold boron",
    equation: "R > Rmax: A2 + T3 N4 Rmax/R; otherwise: A1 + T1 [Rmax - (Rmax - N4)^2/Rmax] + T2 K^2",
    reference: "Deng and Du, J. Am. Ceram. Soc. 102, 2482 (2019), doi:10.1111/jace.16082; erratum doi:10.1111/jace.16897",
    inputs: [
      ParameterDescriptor(
        "boron-four-fold-fraction", .none,
        "share of boron atoms with four oxygen neighbours, from 11B NMR of the glass or of its like; the simulated glass "
          + "follows it only in part, so compare the outcome",
        bounds: 0...1)
    ],
    unit: .energy(lengthPower: 0)
  ) { counts, inputs in
    let (k, r) = ratios(counts)
    return strength(k: k, r: r, fourFoldFraction: inputs["boron-four-fold-fraction"] ?? .nan)
  }
}
