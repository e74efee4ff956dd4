/// Molar volumes of compounds in glasses, for guesses of density.
///
/// Additive volumes in the sense of Appen: what a mole of the compound adds to the volume of a glass. Each was chosen so
/// that the density of the glass in its comment comes out (rounded handbook values at room temperature); where no glass is
/// known, 1.1 times the volume of the crystal.
enum GlassMolarVolumes {
  /// A binary compound as cation, anion, cations a formula unit, cm³/mol, and the charge of the cation.
  struct Entry {
    let cation: String
    let anion: String
    let charge: Int
    /// cm³ for a mole of cations.
    let volume: Double

    init(_ cation: String, _ anion: String, charge: Int, cations: Double = 1, molarVolume: Double) {
      self.cation = cation
      self.anion = anion
      self.charge = charge
      volume = molarVolume / cations
    }
  }

  static let entries: [Entry] = [
    // Network-forming oxides.
    Entry("Si", "O", charge: 4, molarVolume: 27.3),  // SiO2 2.20 g/cm³
    Entry("B", "O", charge: 3, cations: 2, molarVolume: 32.0),  // Li2O-2B2O3 2.25 g/cm³; pure B2O3 takes 38
    Entry("P", "O", charge: 5, cations: 2, molarVolume: 61.0),  // LiPO3 2.37, NaPO3 2.49 g/cm³
    Entry("Ge", "O", charge: 4, molarVolume: 28.7),  // GeO2 3.65 g/cm³
    Entry("Al", "O", charge: 3, cations: 2, molarVolume: 40.0),  // albite glass 2.38 g/cm³
    Entry("As", "O", charge: 3, cations: 2, molarVolume: 53.0),
    Entry("Te", "O", charge: 4, molarVolume: 29.0),  // 20Na2O-80TeO2 4.6 to 5 g/cm³
    Entry("V", "O", charge: 5, cations: 2, molarVolume: 60.0),  // V2O5 about 3.0 g/cm³
    Entry("Sb", "O", charge: 3, cations: 2, molarVolume: 56.0),
    Entry("Bi", "O", charge: 3, cations: 2, molarVolume: 57.0),
    // Modifying and intermediate oxides.
    Entry("Li", "O", charge: 1, cations: 2, molarVolume: 11.0),  // Li2O-2SiO2 2.35 g/cm³
    Entry("Na", "O", charge: 1, cations: 2, molarVolume: 20.0),  // Na2O-2SiO2 2.49 g/cm³
    Entry("K", "O", charge: 1, cations: 2, molarVolume: 33.0),  // K2O-2SiO2 2.47 g/cm³
    Entry("Rb", "O", charge: 1, cations: 2, molarVolume: 41.0),
    Entry("Cs", "O", charge: 1, cations: 2, molarVolume: 52.0),
    Entry("Ag", "O", charge: 1, cations: 2, molarVolume: 26.0),  // AgPO3 4.4 g/cm³
    Entry("Be", "O", charge: 2, molarVolume: 8.0),
    Entry("Mg", "O", charge: 2, molarVolume: 12.0),  // MgSiO3 2.75 g/cm³
    Entry("Ca", "O", charge: 2, molarVolume: 14.4),  // CaSiO3 2.90 g/cm³
    Entry("Sr", "O", charge: 2, molarVolume: 17.5),
    Entry("Ba", "O", charge: 2, molarVolume: 22.0),  // BaO-2SiO2 3.7 g/cm³
    Entry("Zn", "O", charge: 2, molarVolume: 14.5),
    Entry("Cd", "O", charge: 2, molarVolume: 17.0),
    Entry("Pb", "O", charge: 2, molarVolume: 22.5),  // PbSiO3 5.9 g/cm³
    Entry("Mn", "O", charge: 2, molarVolume: 14.5),
    Entry("Fe", "O", charge: 3, cations: 2, molarVolume: 38.0),
    Entry("Ga", "O", charge: 3, cations: 2, molarVolume: 37.0),
    Entry("In", "O", charge: 3, cations: 2, molarVolume: 43.0),
    Entry("Sc", "O", charge: 3, cations: 2, molarVolume: 39.0),
    Entry("Y", "O", charge: 3, cations: 2, molarVolume: 44.0),
    Entry("La", "O", charge: 3, cations: 2, molarVolume: 50.0),
    Entry("Ti", "O", charge: 4, molarVolume: 20.5),
    Entry("Zr", "O", charge: 4, molarVolume: 22.5),
    Entry("Sn", "O", charge: 4, molarVolume: 23.5),
    Entry("Hf", "O", charge: 4, molarVolume: 23.0),
    Entry("Nb", "O", charge: 5, cations: 2, molarVolume: 57.0),
    Entry("Ta", "O", charge: 5, cations: 2, molarVolume: 57.0),
    Entry("Mo", "O", charge: 6, molarVolume: 33.0),
    Entry("W", "O", charge: 6, molarVolume: 34.0),
    // Sulfides.
    Entry("Li", "S", charge: 1, cations: 2, molarVolume: 29.0),  // 75Li2S-25P2S5 1.88, 70Li2S-30P2S5 1.93 g/cm³
    Entry("Na", "S", charge: 1, cations: 2, molarVolume: 42.0),  // 75Na2S-25P2S5 2.0 g/cm³
    Entry("K", "S", charge: 1, cations: 2, molarVolume: 62.0),
    Entry("Ag", "S", charge: 1, cations: 2, molarVolume: 36.0),
    Entry("P", "S", charge: 5, cations: 2, molarVolume: 102.0),  // with Li2S as above
    Entry("Si", "S", charge: 4, molarVolume: 46.0),  // 60Li2S-40SiS2 about 1.8 g/cm³
    Entry("Ge", "S", charge: 4, molarVolume: 50.0),  // GeS2 2.72 g/cm³
    Entry("Sn", "S", charge: 4, molarVolume: 45.0),
    Entry("B", "S", charge: 3, cations: 2, molarVolume: 66.0),  // B2S3 1.8 g/cm³
    Entry("Al", "S", charge: 3, cations: 2, molarVolume: 74.0),
    Entry("Ga", "S", charge: 3, cations: 2, molarVolume: 68.0),
    Entry("As", "S", charge: 3, cations: 2, molarVolume: 77.0),  // As2S3 3.20 g/cm³
    Entry("Sb", "S", charge: 3, cations: 2, molarVolume: 82.0),
    Entry("La", "S", charge: 3, cations: 2, molarVolume: 80.0),
    // Selenides.
    Entry("Ge", "Se", charge: 4, molarVolume: 54.0),  // GeSe2 4.3 g/cm³
    Entry("As", "Se", charge: 3, cations: 2, molarVolume: 84.5),  // As2Se3 4.58 g/cm³
    // Halides.
    Entry("Li", "F", charge: 1, molarVolume: 10.5),
    Entry("Na", "F", charge: 1, molarVolume: 16.0),
    Entry("Be", "F", charge: 2, molarVolume: 23.7),  // BeF2 1.99 g/cm³
    Entry("Zr", "F", charge: 4, molarVolume: 40.0),
    Entry("Ba", "F", charge: 2, molarVolume: 37.0),
    Entry("Li", "Cl", charge: 1, molarVolume: 22.0),
    Entry("Na", "Cl", charge: 1, molarVolume: 29.0),
    Entry("K", "Cl", charge: 1, molarVolume: 40.0),
    Entry("Ag", "Cl", charge: 1, molarVolume: 27.0),
    Entry("Zn", "Cl", charge: 2, molarVolume: 50.0),
    Entry("Li", "Br", charge: 1, molarVolume: 27.0),
    Entry("Na", "Br", charge: 1, molarVolume: 34.5),
    Entry("Ag", "Br", charge: 1, molarVolume: 30.0),
    Entry("Li", "I", charge: 1, molarVolume: 36.0),
    Entry("Na", "I", charge: 1, molarVolume: 44.0),
    Entry("Ag", "I", charge: 1, molarVolume: 41.0),
  ]
}
