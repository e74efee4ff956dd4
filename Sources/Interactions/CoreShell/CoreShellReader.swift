import Structures

/// Reads the key `core-shell` of a force-field file.
struct CoreShellReader {
  let units: PotentialUnits
  let species: [ForceField.SpeciesEntry]

  func read(_ node: ForceFieldNode) throws -> CoreShellModel {
    let fields = try node.fields("core-shell", known: ["spring-form", "ions"])
    // No default: the two conventions differ by a factor of 2 and both are in use.
    guard let formNode = fields["spring-form"] else {
      throw node.error(
        "core-shell needs spring-form, the energy of a spring of strength k: \"k r^2/2\" (GULP) or \"k r^2\" (LAMMPS bond_style harmonic)")
    }
    let form = try formNode.choice("spring-form", among: CoreShellModel.SpringForm.allCases, name: \.rawValue)
    guard let ionsNode = fields["ions"] else {
      throw node.error("core-shell needs ions, as in ions: {O: {core-charge: 0.86, shell-charge: -2.86, spring: 65}}")
    }
    var model = CoreShellModel(ions: [])
    for (key, label, value) in try ionsNode.entries("ions") {
      model.ions.append(try ion(label, at: key, value, form))
    }
    guard !model.ions.isEmpty else { throw ionsNode.error("ions names no species") }
    return model
  }

  private func ion(
    _ label: String, at key: ForceFieldNode, _ node: ForceFieldNode, _ form: CoreShellModel.SpringForm
  ) throws -> CoreShellModel.Ion {
    let known = species.map(\.label)
    guard let entry = species.first(where: { $0.label == label }) else {
      throw key.error("\"\(label)\" is not among the species \(known.joined(separator: ", "))\(didYouMean(label, among: known))")
    }
    let fields = try node.fields("the ion \(label)", known: Self.parameters.map(\.name))
    let values = try node.parameters(Self.parameters, of: "the ion \(label)", from: fields, units: units)
    func value(_ name: String) -> Double { values[name] ?? .nan }
    let ion = CoreShellModel.Ion(
      label: label, coreCharge: value("core-charge"), shellCharge: value("shell-charge"),
      spring: value("spring") * (form == .half ? 1 : 2), shellMass: value("shell-mass"))
    guard case .fixed(let charge)? = entry.charge, abs(ion.coreCharge + ion.shellCharge - charge) < 1e-9 else {
      throw key.error(
        "the core of \(ion.coreCharge) e and the shell of \(ion.shellCharge) e do not add up to the charge of species \(label); give "
          + "\(label): {charge: \(ion.coreCharge + ion.shellCharge)} there, or mend one of them")
    }
    guard ion.shellMass < (entry.mass ?? entry.element.mass) else {
      throw key.error("the shell of \(label) cannot weigh \(ion.shellMass) amu: the whole atom has \(entry.mass ?? entry.element.mass) amu")
    }
    return ion
  }

  private static let parameters = [
    ParameterDescriptor("core-charge", .none, "the charge of the core in e"),
    ParameterDescriptor("shell-charge", .none, "the charge of the shell in e"),
    ParameterDescriptor("spring", .energy(lengthPower: -2), "the strength k of the spring", bounds: 1e-3...1e6),
    ParameterDescriptor(
      "shell-mass", .none, "the mass of the shell in amu, for adiabatic shells", default: 0.2, bounds: 1e-3...100),
  ]
}
