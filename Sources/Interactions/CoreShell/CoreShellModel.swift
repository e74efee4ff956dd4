import Structures

/// Ions with a massless or light shell that carries part of their charge and takes the short-range terms.
///
/// Core and shell are bound by a spring of energy `spring r²/2` and do not see each other's charge. Source: Dick and Overhauser,
/// Phys. Rev. 112, 90 (1958), doi:10.1103/PhysRev.112.90.
public struct CoreShellModel: Sendable, Hashable {
  /// A species whose atoms have a shell.
  public struct Ion: Sendable, Hashable {
    /// The species of the force field.
    public var label: String
    /// In e; the charge of the species is the sum of the two.
    public var coreCharge, shellCharge: Double
    /// In eV/Å², for an energy of `spring r²/2`.
    public var spring: Double
    /// In amu, for shells that move by themselves; it is part of the mass of the atom.
    public var shellMass: Double
  }

  /// In the order of the file.
  public var ions: [Ion]

  /// The ion of a species, or `nil` where it has no shell.
  public func ion(_ label: String) -> Ion? { ions.first { $0.label == label } }

  /// What the shells of a species are called.
  static func shellLabel(_ label: String) -> String { "\(label) shell" }

  /// How a file states the energy of the spring: the thesis and some codes leave out the half.
  enum SpringForm: String, CaseIterable {
    case half = "k r^2/2"
    case whole = "k r^2"
  }
}

extension ForceField {
  /// The force field of cores and shells as particles of their own: short-range terms between shells and ions without a shell.
  func separatingShells(_ model: CoreShellModel) -> ForceField {
    var result = self
    let withShell = Set(model.ions.map(\.label))
    result.species = species.flatMap { entry -> [SpeciesEntry] in
      guard let ion = model.ion(entry.label) else { return [entry] }
      return [
        SpeciesEntry(
          label: entry.label, element: entry.element, charge: .fixed(ion.coreCharge),
          mass: (entry.mass ?? entry.element.mass) - ion.shellMass),
        SpeciesEntry(
          label: CoreShellModel.shellLabel(entry.label), element: entry.element, charge: .fixed(ion.shellCharge), mass: ion.shellMass),
      ]
    }
    func bearer(_ label: String) -> String { withShell.contains(label) ? CoreShellModel.shellLabel(label) : label }
    func moved<Value>(_ table: [SpeciesPair: Value]) -> [SpeciesPair: Value] {
      Dictionary(uniqueKeysWithValues: table.map { (SpeciesPair(bearer($0.key.first), bearer($0.key.second)), $0.value) })
    }
    for index in result.blocks.indices {
      result.blocks[index].coefficients = moved(blocks[index].coefficients)
      result.blocks[index].repairs = moved(blocks[index].repairs)
      // Cores feel charges and springs only.
      for core in withShell {
        for other in result.species.map(\.label) {
          result.blocks[index].coefficients[SpeciesPair(core, other)] = PairBlock.Coefficients(
            values: [:], isNone: true, place: blocks[index].place)
        }
      }
    }
    return result
  }
}
