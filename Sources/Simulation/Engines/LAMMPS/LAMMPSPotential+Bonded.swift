import Interactions
import Structures

extension LAMMPSPotential {
  /// Adds bonds, angles and dihedrals; their types are the forms of the interactions, counted from 1.
  ///
  /// - Throws: ``SimulationError`` with code `.inexpressible` for a form that LAMMPS does not have.
  mutating func addBonded(_ bonded: BondedInteractions) throws {
    try add("bond", bonded.bondForms.map(Self.translated), energy: "ebond", to: .bonds)
    try add("angle", bonded.angleForms.map(Self.translated), energy: "eangle", to: .angles)
    try add("dihedral", bonded.dihedralForms.map(Self.translated), energy: "edihed", to: .dihedrals)
  }

  /// A form as a style of LAMMPS and what follows it in one or more `…_coeff`, in the order in which they are given.
  private typealias Translation = (style: String, coefficients: [String])

  private mutating func add(_ kind: String, _ forms: [Translation?], energy: String, to term: EnergyTerm) throws {
    guard !forms.isEmpty else { return }
    let known = forms.compactMap(\.self)
    guard known.count == forms.count else {
      throw SimulationError(.inexpressible, "engine lammps: a form of the \(term.rawValue) has no translation; use the engine native")
    }
    let styles = Set(known.map(\.style)).sorted()
    let isHybrid = styles.count > 1
    var commands = ["\(kind)_style \(isHybrid ? "hybrid " : "")\(styles.joined(separator: " "))"]
    for (index, form) in known.enumerated() {
      for coefficients in form.coefficients {
        commands.append("\(kind)_coeff \(index + 1) \(isHybrid ? form.style + " " : "")\(coefficients)")
      }
    }
    add(commands: commands)
    addEnergy(energy, to: term)
  }

  private static func translated(_ form: any BondForm) -> Translation? {
    switch form {
    case let form as ClassIIBond: ("class2", ["\(form.r0) \(form.k2) \(form.k3) \(form.k4)"])
    case let form as MorseBond: ("morse", ["\(form.depth) \(form.a) \(form.r0)"])
    default: nil
    }
  }

  private static func translated(_ form: any AngleForm) -> Translation? {
    switch form {
    case let form as ClassIIAngle:
      (
        "class2",
        [
          "\(degrees(form.theta0)) \(form.k2) \(form.k3) \(form.k4)",
          "bb \(form.bondBond.m) \(form.bondBond.r1) \(form.bondBond.r2)",
          "ba \(form.bondAngle.n1) \(form.bondAngle.n2) \(form.bondAngle.r1) \(form.bondAngle.r2)",
        ]
      )
    case let form as CosineAngle where form.linear == 0:
      ("cosine/squared", ["\(form.squared) \(form.restAngle)"])
    case let form as CosineAngle where form.squared == 0: ("cosine", ["\(form.linear)"])
    default: nil
    }
  }

  /// The class II dihedral has three waves; all its cross terms are zero here.
  private static func translated(_ form: DihedralForm) -> Translation? {
    guard form.waves.dropFirst(3).allSatisfy({ $0.strength == 0 }) else { return nil }
    let waves = (0..<3).map { form.waves.indices.contains($0) ? form.waves[$0] : .init(strength: 0, phase: 0) }
    return (
      "class2",
      [
        waves.map { "\($0.strength) \(degrees($0.phase))" }.joined(separator: " "), "mbt 0 0 0 0", "ebt 0 0 0 0 0 0 0 0",
        "at 0 0 0 0 0 0 0 0", "aat 0 0 0", "bb13 0 0 0",
      ]
    )
  }

  static func degrees(_ radians: Double) -> Double { radians * 180 / .pi }
}
