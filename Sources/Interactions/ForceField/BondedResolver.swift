import Structures

/// Finds the forms of the bonded terms of a configuration by the species of their atoms.
///
/// The types that a file gives its terms are not needed. An angle or a dihedral whose species the force field has in the other
/// order is turned, so that the legs play the roles that the force field gives them; where the species read the same both ways,
/// the order of the atoms in the topology decides.
struct BondedResolver {
  let forceField: ForceField
  let configuration: Configuration
  /// The force field's label of each species of the configuration.
  let labels: [String?]

  func interactions() throws -> BondedInteractions? {
    let blocks = forceField.bonded
    let topology = configuration.topology
    guard !blocks.isEmpty else { return nil }
    try checkAtoms(blocks)
    if !topology.impropers.isEmpty {
      throw InteractionsError(
        .unsupported,
        "the configuration has \(topology.impropers.count) impropers, but \(forceField.name) has no terms for them; take them out")
    }
    var result = BondedInteractions()
    (result.bondForms, result.bonds) = try resolve(topology.bonds, "bond", blocks.bonds) {
      [$0.x, $0.y]
    } turned: {
      SIMD2($0.y, $0.x)
    }
    (result.angleForms, result.angles) = try resolve(topology.angles, "angle", blocks.angles) {
      [$0.x, $0.y, $0.z]
    } turned: {
      SIMD3($0.z, $0.y, $0.x)
    }
    (result.dihedralForms, result.dihedrals) = try resolve(topology.dihedrals, "dihedral", blocks.dihedrals) {
      [$0.x, $0.y, $0.z, $0.w]
    } turned: {
      SIMD4($0.w, $0.z, $0.y, $0.x)
    }
    return result.isEmpty ? nil : result
  }

  private func resolve<Form: Sendable, Atoms>(
    _ terms: [Topology.Term<Atoms>], _ word: String, _ block: BondedBlock<Form>, atoms: (Atoms) -> [Int32], turned: (Atoms) -> Atoms
  ) throws -> (forms: [Form], terms: [Topology.Term<Atoms>]) {
    var forms: [Form] = []
    var known: [[Int32]: (type: Int32, isTurned: Bool)] = [:]
    var result: [Topology.Term<Atoms>] = []
    result.reserveCapacity(terms.count)
    for (index, term) in terms.enumerated() {
      let members = atoms(term.atoms)
      guard let bad = members.first(where: { !configuration.types.indices.contains(Int($0)) }) else {
        let types = members.map { configuration.types[Int($0)] }
        let match: (type: Int32, isTurned: Bool)
        if let seen = known[types] {
          match = seen
        } else if let seen = known[types.reversed()] {
          match = (seen.type, !seen.isTurned)
          known[types] = match
        } else {
          let names = types.map { labels[Int($0)] ?? configuration.species[Int($0)].label }
          guard let found = block.find(names) else { throw missing(word, index, names, members) }
          match = (Int32(forms.count), found.isTurned)
          forms.append(found.form)
          known[types] = match
        }
        result.append(.init(type: match.type, atoms: match.isTurned ? turned(term.atoms) : term.atoms))
        continue
      }
      throw InteractionsError(.unknownSpecies, "\(word) \(index + 1) names atom \(bad + 1), but there are \(configuration.count) atoms")
    }
    return (forms, result)
  }

  private func missing(_ word: String, _ index: Int, _ names: [String], _ atoms: [Int32]) -> InteractionsError {
    let term = names.joined(separator: "-")
    return InteractionsError(
      .missingPair,
      "\(word) \(index + 1) of the configuration, \(term) (atoms \(atoms.map { "\($0 + 1)" }.joined(separator: ", "))), has no coefficients in "
        + "\(forceField.name); give \(term): {…} under \(word)s, or correct the labels of the atoms")
  }

  /// An atom that the force field only knows with bonds must have one: without, it would fly off in silence.
  private func checkAtoms(_ blocks: BondedBlocks) throws {
    let needsBond = labels.map { $0.map(blocks.bonds.labels.contains) ?? false }
    var isBonded = [Bool](repeating: false, count: configuration.count)
    for bond in configuration.topology.bonds {
      for atom in [bond.atoms.x, bond.atoms.y] where isBonded.indices.contains(Int(atom)) { isBonded[Int(atom)] = true }
    }
    let loose = configuration.types.indices.filter { needsBond[Int(configuration.types[$0])] && !isBonded[$0] }
    guard let first = loose.first else { return }
    let label = configuration.species[Int(configuration.types[first])].label
    let remedy =
      configuration.topology.bonds.isEmpty
      ? "the configuration has no bonds at all: give a file that has them, or make them with vitrolyte build --topology-of FILE"
      : "\(loose.count) such atoms have none, atom \(first + 1) being the first"
    throw InteractionsError(.missingPair, "\(forceField.name) knows \(label) as an atom with bonds; \(remedy)")
  }
}
