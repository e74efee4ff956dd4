import Structures

/// The unit systems of LAMMPS in which files of atoms can be read.
///
/// Lengths (Å), masses (g/mol) and charges (e) are the same in both.
enum LAMMPSUnits: String {
  /// ps, Å/ps, eV/Å.
  case metal
  /// fs, Å/fs, kcal/(mol Å).
  case real

  /// - Throws: ``FormatsError`` with code `.unsupported` for the others.
  init(name: String, at position: FilePosition) throws {
    guard let units = LAMMPSUnits(rawValue: name.lowercased()) else {
      throw FormatsError(
        .unsupported, at: position, "LAMMPS units \"\(name.prefix(40))\" cannot be read; expected metal or real")
    }
    self = units
  }

  /// One unit of time in ps.
  var time: Double { self == .metal ? 1 : 1e-3 }
  /// One unit of velocity in Å/ps.
  var velocity: Double { self == .metal ? 1 : 1e3 }
  /// One unit of force in eV/Å.
  var force: Double { self == .metal ? 1 : PhysicalConstants.kilocaloriePerMole }
}
