import Structures

extension ForceField {
  /// What a person may choose when a force field is resolved.
  public struct Options: Sendable {
    /// The values of ``ForceField/inputs`` by name.
    public var inputs: [String: Double] = [:]
    /// Optional parts of the force field that are switched on or off, by the names in ``ForceField/switches``.
    public var switches: [String: Bool] = [:]
    /// The width in Å of the switch before the cutoffs of pair terms and Coulomb, in place of what the file says; 0 for none.
    public var smoothing: Double?
    /// The electrostatics, in place of what the file says; ``smoothing`` leaves it as it is given here.
    public var coulomb: Coulomb?
    /// The accuracy of a lattice sum, in place of what the file or ``coulomb`` says; see ``LatticeSum/accuracy``.
    public var accuracy: Double?
    /// The cutoff of the pair terms in Å, in place of what the file says.
    public var pairCutoff: Double?
    /// How shells move in dynamics; without meaning for force fields without shells.
    public var shellMotion = ShellMotion.relaxed

    public init(
      inputs: [String: Double] = [:], smoothing: Double? = nil, coulomb: Coulomb? = nil, pairCutoff: Double? = nil,
      switches: [String: Bool] = [:]
    ) {
      self.switches = switches
      self.inputs = inputs
      self.smoothing = smoothing
      self.coulomb = coulomb
      self.pairCutoff = pairCutoff
    }
  }

  /// Computes the interactions of the species of a configuration.
  ///
  /// Parameters that depend on the composition are computed from the atoms that are there; species without atoms need no
  /// parameters and take part in nothing.
  ///
  /// - Throws: ``InteractionsError`` where a species or a pair is unknown, an input is missing or out of its bounds, or
  ///   the charges of all atoms do not cancel. The message says which, and how to mend it.
  public func resolve(for configuration: Configuration, options: Options = Options()) throws -> ResolvedForceField {
    try checkInputs(options.inputs)
    try checkSwitches(options.switches)
    guard let coreShell else {
      let resolver = try ForceFieldResolver(forceField: self, configuration: configuration, options: options)
      var result = ResolvedForceField(pair: try resolver.interactions())
      try resolver.addBondedAndManyBody(to: &result)
      return result
    }
    guard bonded.isEmpty, threeBody.isEmpty else {
      throw InteractionsError(.unsupported, "\(name) has shells beside bonds or three-body terms, which do not go together; take one out")
    }
    let labels = try zip(configuration.species, configuration.speciesCounts).map { species, count in
      try ForceFieldResolver.entry(of: species, present: count > 0, in: self)?.label ?? species.label
    }
    let shells = try ShellParticles(configuration, labels: labels, model: coreShell)
    let resolver = try ForceFieldResolver(
      forceField: separatingShells(coreShell), configuration: shells.configuration, options: options)
    var result = ResolvedForceField(pair: try resolver.interactions())
    result.pair.specialPairs = SpecialPairs(shells.specialPairs, atoms: shells.configuration.count)
    result.shells = shells
    result.shellMotion = options.shellMotion
    return result
  }

  private func checkSwitches(_ given: [String: Bool]) throws {
    let known = switches
    for name in given.keys.sorted() where !known.contains(name) {
      throw InteractionsError(
        .invalidForceField,
        "the force field \(self.name) has no option \"\(name)\" that is true or false\(didYouMean(name, among: known))"
          + (known.isEmpty ? "" : "; it has \(known.joined(separator: ", "))"))
    }
  }

  private func checkInputs(_ given: [String: Double]) throws {
    let known = inputs
    for (name, value) in given.sorted(by: { $0.key < $1.key }) {
      guard let input = known.first(where: { $0.name == name }) else {
        let names = known.map(\.name)
        throw InteractionsError(
          .invalidForceField,
          "the force field \(self.name) has no input \"\(name)\"\(didYouMean(name, among: names)); "
            + (names.isEmpty ? "it has none" : "its inputs are \(names.joined(separator: ", "))"))
      }
      if let complaint = input.complaint(about: value) {
        throw InteractionsError(.invalidForceField, "\(name) of \(self.name) \(complaint), not \(value): it is the \(input.summary)")
      }
    }
  }
}
