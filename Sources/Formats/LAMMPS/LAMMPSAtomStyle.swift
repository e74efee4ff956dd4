/// The columns of the section `Atoms` of a LAMMPS data file.
///
/// Source: LAMMPS manual, command `read_data`.
enum LAMMPSAtomStyle: String, CaseIterable {
  case atomic, charge, full, molecular, bond, angle

  var hasMolecule: Bool { self != .atomic && self != .charge }
  var hasCharge: Bool { self == .charge || self == .full }

  /// The number of columns without image flags.
  var columnCount: Int { 5 + (hasMolecule ? 1 : 0) + (hasCharge ? 1 : 0) }

  /// The style that a hint (`Atoms # full`) names or that the first row shows.
  ///
  /// - Throws: ``FormatsError`` with code `.unsupported` for other styles, `.malformed` where the row is ambiguous.
  static func find(hint: String?, row: [TextLine.Word], hasBonds: Bool, section: TextLine, line: TextLine) throws -> LAMMPSAtomStyle {
    let known = "atomic, charge, full, molecular, bond and angle"
    if let hint, let style = LAMMPSAtomStyle(rawValue: hint) {
      guard row.count == style.columnCount || row.count == style.columnCount + 3 else {
        throw line.failure(
          "expected the \(style.columnCount) or, with image flags, \(style.columnCount + 3) columns of atom style \(hint), found \(row.count)"
        )
      }
      return style
    }
    switch row.count {
    case 5, 8: return .atomic
    case 7, 10: return .full
    case 6, 9:
      if hasBonds { return .molecular }
      // A charge has a decimal point nearly always, a molecule or a type never.
      if NumberParser.integer(row[2].text) == nil { return .charge }
      throw line.failure(
        "six columns are those of atom style charge and of molecular; say which in the section's line, such as \"Atoms # charge\"")
    default:
      let hinted = hint.map { "the atom style \"\($0)\" is unknown here, and " } ?? ""
      throw line.failure(
        hint == nil ? .malformed : .unsupported,
        "\(hinted)\(row.count) columns fit no atom style that can be read (\(known)); write the file with one of these (atom_style in LAMMPS)"
      )
    }
  }
}
