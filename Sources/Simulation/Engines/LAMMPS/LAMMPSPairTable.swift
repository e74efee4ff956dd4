import Interactions

/// A function of the distance as a section of a file of LAMMPS's `pair_style table`.
///
/// Points are evenly spaced in r², as the style keeps them, so that it takes them over as they stand; between them it lays
/// cubic splines through energy and force/r. With ``points`` of them up to 10 Å, the distance between two is 4 mÅ at 1.3 Å, where the
/// repulsion of a bond decays over 0.2 Å: an error of (h/ρ)⁴/384 ≈ 3e-10 of it.
///
/// Source: LAMMPS manual, "pair_style table".
struct LAMMPSPairTable: Sendable {
  /// The name of the section.
  let keyword: String
  /// What it is, for people.
  let remark: String
  /// Where the function ends, in Å. A jump there is kept: the last point belongs to the inside.
  let cutoff: Double
  /// Energy in eV and force in eV/Å.
  let function: @Sendable (Double) -> PairValue

  static let points = 10_000
  /// LAMMPS stops where atoms come closer, in Å; the kernels of this program take them for fused, too.
  static let innerCutoff = 0.25

  /// The section.
  ///
  /// - Throws: ``SimulationError`` with code `.inexpressible` where the function is not finite somewhere.
  func text() throws -> String {
    var text = "# \(remark)\n\(keyword)\nN \(Self.points) RSQ \(Self.innerCutoff) \(cutoff)\n\n"
    text.reserveCapacity(Self.points * 64)
    let low = Self.innerCutoff * Self.innerCutoff
    let step = (cutoff * cutoff - low) / Double(Self.points - 1)
    for index in 0..<Self.points {
      // Terms are zero from their cutoff on, but the last interval leads to their value just inside.
      let r = index == Self.points - 1 ? cutoff.nextDown : (low + Double(index) * step).squareRoot()
      let (energy, force) = function(r)
      guard energy.isFinite, force.isFinite else {
        throw SimulationError(
          .inexpressible,
          "engine lammps: \(remark) is not finite at \(r) Å, and LAMMPS's tables take finite numbers only; use the engine native")
      }
      text += "\(index + 1) \(r) \(energy) \(force)\n"
    }
    return text + "\n"
  }
}
