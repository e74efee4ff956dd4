import Structures

/// The formal charge (oxidation state) of each species, in e.
struct FormalCharges: Sendable {
  let byLabel: [String: Int]
  /// What a person should know.
  let warning: String?

  /// Reads `Li=1,P=5,S=-2`.
  ///
  /// - Throws: ``AnalysisError`` with code `.invalidSetting`.
  static func parse(_ text: String) throws -> [String: Int] {
    var charges: [String: Int] = [:]
    for part in text.split(separator: ",") {
      let sides = part.filter { $0 != " " }.split(separator: "=", omittingEmptySubsequences: false)
      guard sides.count == 2, !sides[0].isEmpty, let charge = Int(sides[1]), abs(charge) <= 9 else {
        throw AnalysisError(.invalidSetting, "\"\(part)\" is no formal charge; write whole charges by species, such as Li=1,P=5,S=-2")
      }
      charges[String(sides[0])] = charge
    }
    return charges
  }

  /// - Parameter given: Charges by label; usual ones are taken for the others.
  /// - Throws: ``AnalysisError`` with code `.invalidSetting` where a species has no charge.
  init(_ given: [String: Int], in configuration: Configuration) throws {
    var charges: [String: Int] = [:]
    var total = 0
    let present = zip(configuration.species, configuration.speciesCounts).filter { $0.1 > 0 }
    let given = try SpeciesSelection.byLabel(given, among: present.map(\.0), analysis: "bond-valence: charges")
    for (species, count) in present {
      guard let charge = given[species.label] ?? OxidationStates.usual[species.element.symbol] else {
        throw AnalysisError(
          .invalidSetting, "bond-valence: \(species.label) has no usual formal charge; give it, as in charges \(species.label)=2")
      }
      charges[species.label] = charge
      total += charge * count
    }
    byLabel = charges
    let list = present.map { "\($0.0.label)=\(charges[$0.0.label] ?? 0)" }.joined(separator: ",")
    warning =
      total == 0
      ? nil : "the formal charges \(list) sum to \(total) e, not to zero; give those of this structure with charges (P is +4 in P2S6 4-)"
  }
}
