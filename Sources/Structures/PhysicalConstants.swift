/// Constants in the units of the program: Å, ps, eV, amu, e, K.
///
/// Source: CODATA 2018 (the exact values of the revised SI), except the Coulomb constant.
public enum PhysicalConstants {
  /// Boltzmann's constant in eV/K.
  public static let boltzmann = 8.617333262e-5
  /// e²/(4π ε0) in eV Å, rounded as LAMMPS rounds it in its `metal` units, so that energies agree to all printed digits.
  public static let coulomb = 14.399645
  /// Kinetic energy of 1 amu Å²/ps², in eV: `energy = 0.5 * m * v² * massVelocitySquared`.
  public static let massVelocitySquared = 1.0364269656e-4
  /// 1 eV/Å³ in GPa.
  public static let gigapascalPerElectronvoltPerCubicAngstrom = 160.2176634
  /// 1 amu/Å³ in g/cm³.
  public static let gramPerCubicCentimetrePerAmuPerCubicAngstrom = 1.66053906660
  /// 1 kcal/mol in eV.
  public static let kilocaloriePerMole = 0.0433641042
}
