/// What the tables of the fast kernel are made from: the interactions of a system's species, as functions of distance.
struct PairSampler {
  /// What one pair of atoms contributes at a distance.
  struct Sample {
    /// The short-range energy in eV.
    var pair: Double
    /// The Coulomb energy in eV.
    var coulomb: Double
    /// The whole force -dU/dr in eV/Å.
    var force: Double
  }

  /// The number of species.
  var speciesCount: Int
  /// The distance beyond which no pair interacts, in Å.
  var cutoff: Double
  /// For each pair of species, the distances below the cutoff at which the force may jump, in Å.
  var jumps: (_ a: Int, _ b: Int) -> [Double]
  /// The interaction of two species at a distance in Å; smooth between jumps.
  var sample: (_ a: Int, _ b: Int, _ r: Double) -> Sample
  /// The energy that does not depend on positions, by species, in eV an atom.
  var selfEnergies: [Double]
}
