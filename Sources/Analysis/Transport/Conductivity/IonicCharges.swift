import Structures

/// The charge of each atom that counts in a conductivity, in e.
struct IonicCharges: Sendable {
  /// By atom.
  let values: [Double]
  /// Where they come from, for the settings of a result.
  let source: String
  let warnings: [String]

  /// Where charges come from.
  enum Choice: Sendable, Equatable {
    /// Those of the file where it has any, formal ones otherwise.
    case automatic
    case file
    case formal
    /// By label of species; formal ones for the others.
    case given([String: Double])

    /// Reads `auto`, `file`, `formal` or `Li=1,P=5,S=-2`.
    init(_ text: String) throws {
      switch text {
      case "auto": self = .automatic
      case "file": self = .file
      case "formal": self = .formal
      default:
        var charges: [String: Double] = [:]
        for part in text.split(separator: ",") {
          let sides = part.filter { $0 != " " }.split(separator: "=", omittingEmptySubsequences: false)
          guard sides.count == 2, !sides[0].isEmpty, let charge = Double(sides[1]), charge.isFinite else {
            throw AnalysisError(
              .invalidSetting, "conductivity: \"\(part)\" is no charge; write auto, file, formal, or charges in e such as Li=1,P=5,S=-2")
          }
          charges[String(sides[0])] = charge
        }
        self = .given(charges)
      }
    }
  }

  /// - Parameters:
  ///   - taken: The atoms whose charges count.
  ///   - tracks: The frame of reference.
  /// - Throws: ``AnalysisError`` with code `.invalidSetting` or `.unknownSpecies`.
  init(_ choice: Choice, in configuration: Configuration, taken: [Int], tracks: TrackSettings) throws {
    var warnings: [String] = []
    let present = zip(configuration.species, configuration.speciesCounts).filter { $0.1 > 0 }.map(\.0)
    var given: [String: Double] = [:]
    switch choice {
    case .file where configuration.charges.isEmpty:
      throw AnalysisError(
        .invalidSetting,
        "conductivity: the file has no charges; give them, as in charges Li=1,P=5,S=-2, or take formal ones (charges formal)")
    case .automatic where !configuration.charges.isEmpty, .file:
      let charges = configuration.charges
      guard charges.allSatisfy(\.isFinite) else {
        throw AnalysisError(.invalidSetting, "conductivity: a charge of the file is not finite; give charges by species with charges")
      }
      values = charges
      source = "file"
      let differ = present.contains { species in
        guard let usual = OxidationStates.usual[species.element.symbol] else { return false }
        let own = zip(configuration.types, charges).filter { configuration.species[Int($0.0)].label == species.label }.map(\.1)
        return abs(own.reduce(0, +) / Double(max(1, own.count)) - Double(usual)) > 0.2
      }
      if differ {
        warnings.append(
          "the charges of the file are not formal ones: a conductivity measured over long times counts the formal charge of an ion; compare "
            + "with charges formal")
      }
    case .given(let charges):
      given = try SpeciesSelection.byLabel(charges, among: present, analysis: "conductivity: charges")
      fallthrough
    default:
      var byType: [Double] = []
      for species in configuration.species {
        if let charge = given[species.label] ?? OxidationStates.usual[species.element.symbol].map(Double.init) {
          byType.append(charge)
        } else if present.contains(where: { $0.label == species.label }) {
          throw AnalysisError(
            .invalidSetting, "conductivity: \(species.label) has no usual formal charge; give it, as in charges \(species.label)=2")
        } else {
          byType.append(0)
        }
      }
      values = configuration.types.map { byType[Int($0)] }
      source = zip(configuration.species, byType).filter { species, _ in present.contains { $0.label == species.label } }
        .map { "\($0.label)=\(brief($1))" }.joined(separator: ",")
    }
    let charges = values
    let total = taken.reduce(0) { $0 + charges[$1] }
    let size = taken.reduce(0) { $0 + abs(charges[$1]) }
    let own = Set(taken.map { configuration.species[Int(configuration.types[$0])].label })
    let others = present.map(\.label).filter { !own.contains($0) }
    // Where what is left out stands still as a whole, a part of the ions has a conductivity of its own.
    let restsOnOthers = !tracks.driftSpecies.isEmpty && tracks.driftSpecies != ["all"] && own.isDisjoint(with: tracks.driftSpecies)
    if abs(total) > 1e-3 * max(1, size), others.isEmpty || !restsOnOthers {
      let frame = tracks.driftSpecies.isEmpty ? "no drift removed" : "\(tracks.driftSpecies.joined(separator: ",")) at rest"
      var text = "the charges of the atoms taken (\(source)) sum to \(rounded(total)) e, not to zero: the conductivity then depends on the "
      text += "frame of reference, here \(frame); "
      if !others.isEmpty {
        text += "take all species, or have the others at rest with remove-drift \(others.joined(separator: ","))"
      } else if source == "file" {
        text += "give charges that sum to zero with charges"
      } else {
        text += "formal charges count no bonds between like atoms: where there are some, as P-P, give charges, as in charges P2=4"
      }
      warnings.append(text)
    }
    self.warnings = warnings
  }
}
