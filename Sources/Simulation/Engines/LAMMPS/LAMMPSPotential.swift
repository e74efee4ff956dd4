import Interactions
import Structures

/// Interactions in the language of LAMMPS: commands, files that they read, and where their energies are found.
///
/// Each kind of interaction adds its part (`LAMMPSPotential+Pairs.swift` …); what none of them can say is an error.
struct LAMMPSPotential: Sendable {
  /// One style of a `pair_style hybrid/overlay` and its coefficients.
  struct PairStyle: Sendable {
    /// The name, as `table`.
    var name: String
    /// What follows the name in `pair_style`.
    var arguments: String
    var coefficients: [Coefficients]
    /// The part of the energy that the style computes, and LAMMPS's word for it in `compute pair`.
    var energy: (term: EnergyTerm, word: String)
  }

  /// A `pair_coeff`.
  struct Coefficients: Sendable {
    /// Atom types from 1, or `*`.
    var types: String
    /// What follows the name of the style.
    var arguments: String
    /// The pairs of species, counted from 0 and the lower first, for which it stands.
    var pairs: [SIMD2<Int>]
    var remark: String
  }

  /// A file that commands read.
  struct File: Sendable {
    var name: String
    var text: String
  }

  private(set) var pairStyles: [PairStyle] = []
  private(set) var files: [File] = []
  /// Commands beside those of pairs, such as `bond_style`.
  private(set) var otherCommands: [String] = []
  /// What LAMMPS calls the parts of each term of the energy that are no pair styles.
  private(set) var energyWords: [EnergyTerm: [String]] = [:]
  /// Energies in eV that do not depend on the positions, which LAMMPS leaves out.
  private(set) var constants: [EnergyTerm: Double] = [:]
  /// The terms, in the order of the native engine.
  let terms: [EnergyTerm]
  let species: [Species]

  /// Translates interactions.
  ///
  /// - Throws: ``SimulationError`` with code `.inexpressible` where LAMMPS has no counterpart.
  init(_ interactions: ResolvedForceField, for configuration: Configuration) throws {
    species = configuration.species
    terms = interactions.energyTerms
    guard interactions.shells == nil else {
      throw SimulationError(
        .inexpressible,
        "engine lammps: ions with shells have no translation; use the engine native, or a force field of rigid ions")
    }
    try addPairs(interactions.pair, counts: configuration.speciesCounts)
    try addSpecialPairs(interactions, for: configuration)
    if let bonded = interactions.bonded { try addBonded(bonded) }
    for (index, threeBody) in interactions.threeBody.enumerated() { try addThreeBody(threeBody, number: index + 1) }
    let expressed = Set(pairStyles.map(\.energy.term)).union(constants.keys).union(energyWords.keys)
    if let missing = terms.first(where: { !expressed.contains($0) }) {
      throw SimulationError(
        .inexpressible, "engine lammps: the part \(missing.rawValue) of the force field has no translation; use the engine native")
    }
  }

  mutating func add(_ style: PairStyle) { pairStyles.append(style) }
  mutating func add(_ file: File) { files.append(file) }
  mutating func add(commands: [String]) { otherCommands += commands }
  mutating func addConstant(_ energy: Double, to term: EnergyTerm) { constants[term, default: 0] += energy }
  mutating func addEnergy(_ word: String, to term: EnergyTerm) { energyWords[term, default: []].append(word) }

  /// The commands, to be read after the atoms.
  var commands: String {
    var text = "# The interactions. Energies in eV, lengths in A; types: "
    text += species.enumerated().map { "\($0.offset + 1) \(LAMMPSText.plain($0.element.label))" }.joined(separator: ", ") + "\n\n"
    text += pairCommands
    for command in otherCommands { text += command + "\n" }
    text += "\n# The parts of the energy\n"
    for term in terms {
      let styles = pairStyles.indices.filter { pairStyles[$0].energy.term == term }.map { "c_\(Self.computeName($0))" }
      let constant = constants[term].map { ["(\($0))"] } ?? []
      if !constant.isEmpty {
        text += "# The charges' energy with themselves, which tables of pairs cannot hold, is the constant at the end.\n"
      }
      text += "variable \(Self.variable(term)) equal \((styles + (energyWords[term] ?? []) + constant).joined(separator: "+"))\n"
    }
    let constant = EnergyTerm.allCases.reduce(0) { $0 + (constants[$1] ?? 0) }
    text += "variable potential equal pe+(\(constant))\nvariable conserved equal econserve+(\(constant))\n"
    return text
  }

  private var pairCommands: String {
    guard !pairStyles.isEmpty else { return "pair_style zero 1.0\npair_coeff * *\n" }
    var text = "pair_style hybrid/overlay"
    for style in pairStyles { text += " \(style.name) \(style.arguments)" }
    text += "\n"
    var missing = Set(species.indices.flatMap { a in (a..<species.count).map { SIMD2(a, $0) } })
    for (index, style) in pairStyles.enumerated() {
      for pair in style.coefficients {
        text += "pair_coeff \(pair.types) \(style.name) \(number(of: index))\(pair.arguments)  # \(pair.remark)\n"
        missing.subtract(pair.pairs)
      }
    }
    for pair in missing.sorted(by: { ($0.x, $0.y) < ($1.x, $1.y) }) { text += "pair_coeff \(pair.x + 1) \(pair.y + 1) none\n" }
    for (index, style) in pairStyles.enumerated() {
      text += "compute \(Self.computeName(index)) all pair \(style.name) \(number(of: index))\(style.energy.word)\n"
    }
    return text
  }

  /// The number that tells styles of one name apart, with a blank behind it; nothing where there is one of the name.
  private func number(of index: Int) -> String {
    let name = pairStyles[index].name
    guard pairStyles.count(where: { $0.name == name }) > 1 else { return "" }
    return "\(pairStyles[...index].count { $0.name == name }) "
  }

  private static func computeName(_ index: Int) -> String { "pairs_\(index + 1)" }

  /// The name of the variable that holds a part of the energy.
  static func variable(_ term: EnergyTerm) -> String { "energy_\(term.rawValue)" }
}

/// Text that cannot upset LAMMPS's reader of commands.
enum LAMMPSText {
  /// Letters, digits and plain punctuation; everything else, such as `&` and line breaks, becomes a blank.
  static func plain(_ text: String) -> String {
    String(
      text.unicodeScalars.map { scalar in
        let isPlain = scalar.isASCII && (scalar.properties.isAlphabetic || "0123456789 .,:;+-_/()=%".unicodeScalars.contains(scalar))
        return isPlain ? Character(scalar) : " "
      })
  }
}
