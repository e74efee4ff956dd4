#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// What a form of bonded terms is: its name in force-field files, its parameters, and how it is made.
public struct BondedFormDescriptor<Form: Sendable>: Sendable {
  /// The name in force-field files.
  public let name: String
  /// The energy as plain text.
  public let equation: String
  public let summary: String
  public let parameters: [ParameterDescriptor]
  public let reference: String
  /// From values in the program's units, defaults filled in.
  let make: @Sendable (BondedFormValues) throws -> Form
}

/// The parameters of a bonded form by name.
struct BondedFormValues {
  var values: [String: Double]

  /// A parameter that the descriptor requires or gives a default.
  subscript(name: String) -> Double { values[name] ?? .nan }
}

private let classII = "Sun, J. Phys. Chem. B 102, 7338 (1998), doi:10.1021/jp980939v"

extension BondedFormDescriptor where Form == any BondForm {
  /// Every form of bonds, by name.
  public static let bonds: [BondedFormDescriptor] = [
    BondedFormDescriptor(
      name: "class2", equation: "K2 (r - r0)^2 + K3 (r - r0)^3 + K4 (r - r0)^4", summary: "quartic bond of class II force fields",
      parameters: [
        r0, .init("K2", .energy(lengthPower: -2), "stiffness, without a factor 1/2"),
        .init("K3", .energy(lengthPower: -3), "cubic constant", default: 0),
        .init("K4", .energy(lengthPower: -4), "quartic constant", default: 0),
      ], reference: classII
    ) { ClassIIBond(r0: $0["r0"], k2: $0["K2"], k3: $0["K3"], k4: $0["K4"]) },
    BondedFormDescriptor(
      name: "harmonic", equation: "K (r - r0)^2", summary: "harmonic bond; K is half the spring constant, as in LAMMPS",
      parameters: [r0, .init("K", .energy(lengthPower: -2), "half the spring constant", bounds: 0...)], reference: "Hooke's law"
    ) { ClassIIBond(r0: $0["r0"], k2: $0["K"]) },
    BondedFormDescriptor(
      name: "morse", equation: "D0 {1 - exp[-a (r - r0)]}^2", summary: "Morse bond, zero at its minimum",
      parameters: [r0, .init("D0", .energy(lengthPower: 0), "depth", bounds: 0...), .init("a", .inverseLength, "width", bounds: 0...)],
      reference: "Morse, Phys. Rev. 34, 57 (1929), doi:10.1103/PhysRev.34.57"
    ) { MorseBond(depth: $0["D0"], a: $0["a"], r0: $0["r0"]) },
  ]

  private static var r0: ParameterDescriptor { .init("r0", .length, "length at rest", bounds: 0...) }
}

extension BondedFormDescriptor where Form == any AngleForm {
  /// Every form of angles, by name.
  public static let angles: [BondedFormDescriptor] = [
    BondedFormDescriptor(
      name: "class2",
      equation: "K2 D^2 + K3 D^3 + K4 D^4 + M (r12 - bb-r1)(r23 - bb-r2) + N1 (r12 - ba-r1) D + N2 (r23 - ba-r2) D, D = theta - theta0",
      summary: "angle of class II force fields with bond-bond and bond-angle cross terms; D in radians",
      parameters: [
        theta0, .init("K2", .energy(lengthPower: 0), "stiffness by rad^2, without a factor 1/2"),
        .init("K3", .energy(lengthPower: 0), "cubic constant by rad^3", default: 0),
        .init("K4", .energy(lengthPower: 0), "quartic constant by rad^4", default: 0),
        .init("M", .energy(lengthPower: -2), "bond-bond constant", default: 0),
        .init("bb-r1", .length, "length of the first leg in the bond-bond term", default: 0),
        .init("bb-r2", .length, "length of the second leg in the bond-bond term", default: 0),
        .init("N1", .energy(lengthPower: -1), "bond-angle constant of the first leg by rad", default: 0),
        .init("N2", .energy(lengthPower: -1), "bond-angle constant of the second leg by rad", default: 0),
        .init("ba-r1", .length, "length of the first leg in the bond-angle term", default: 0),
        .init("ba-r2", .length, "length of the second leg in the bond-angle term", default: 0),
      ], reference: classII
    ) {
      ClassIIAngle(
        theta0: $0["theta0"], k2: $0["K2"], k3: $0["K3"], k4: $0["K4"], bondBond: ($0["M"], $0["bb-r1"], $0["bb-r2"]),
        bondAngle: ($0["N1"], $0["N2"], $0["ba-r1"], $0["ba-r2"]))
    },
    BondedFormDescriptor(
      name: "cosine", equation: "K (1 + cos theta)", summary: "straight angle by its cosine",
      parameters: [.init("K", .energy(lengthPower: 0), "strength")], reference: "LAMMPS angle_style cosine"
    ) { CosineAngle(linear: $0["K"]) },
    BondedFormDescriptor(
      name: "cosine-squared", equation: "K (cos theta - cos theta0)^2", summary: "angle harmonic in its cosine",
      parameters: [theta0, .init("K", .energy(lengthPower: 0), "strength, without a factor 1/2")],
      reference: "LAMMPS angle_style cosine/squared"
    ) { CosineAngle(squared: $0["K"], cosine0: cos($0["theta0"])) },
    BondedFormDescriptor(
      name: "harmonic", equation: "K (theta - theta0)^2", summary: "harmonic angle; K by rad^2 is half the stiffness, as in LAMMPS",
      parameters: [theta0, .init("K", .energy(lengthPower: 0), "half the stiffness by rad^2", bounds: 0...)], reference: "Hooke's law"
    ) { ClassIIAngle(theta0: $0["theta0"], k2: $0["K"]) },
  ]

  private static var theta0: ParameterDescriptor { .init("theta0", .angle, "angle at rest", bounds: 0...Double.pi) }
}

extension BondedFormDescriptor where Form == DihedralForm {
  /// Every form of dihedrals, by name.
  public static let dihedrals: [BondedFormDescriptor] = [
    BondedFormDescriptor(
      name: "charmm", equation: "K [1 + cos(n phi - d)]", summary: "one wave with a phase",
      parameters: [
        .init("K", .energy(lengthPower: 0), "strength"),
        .init("n", .none, "number of waves in a turn, a whole number", bounds: 1...Double(DihedralForm.mostWaves)),
        .init("d", .angle, "phase", default: 0),
      ], reference: "LAMMPS dihedral_style charmm, without its 1-4 weight"
    ) { values in
      guard let n = Int(exactly: values["n"]) else {
        throw InteractionsError(.invalidForceField, "n is a whole number, not \(values["n"])")
      }
      let none = DihedralForm.Wave(strength: 0, phase: 0)
      return DihedralForm(Array(repeating: none, count: n - 1) + [.init(strength: values["K"], phase: values["d"] + Double.pi)])
    },
    BondedFormDescriptor(
      name: "class2", equation: "sum over n = 1, 2, 3 of Kn [1 - cos(n phi - phin)]",
      summary: "three waves of class II force fields, without cross terms",
      parameters: (1...3).flatMap { n in
        [
          ParameterDescriptor("K\(n)", .energy(lengthPower: 0), "strength of wave \(n)", default: 0),
          ParameterDescriptor("phi\(n)", .angle, "phase of wave \(n)", default: 0),
        ]
      }, reference: classII
    ) { values in DihedralForm((1...3).map { .init(strength: values["K\($0)"], phase: values["phi\($0)"]) }) },
    BondedFormDescriptor(
      name: "opls",
      equation: "K1/2 [1 + cos phi] + K2/2 [1 - cos 2 phi] + K3/2 [1 + cos 3 phi] + K4/2 [1 - cos 4 phi]", summary: "four waves of OPLS",
      parameters: (1...4).map { ParameterDescriptor("K\($0)", .energy(lengthPower: 0), "strength of wave \($0)", default: 0) },
      reference: "Watkins and Jorgensen, J. Phys. Chem. A 105, 4118 (2001), doi:10.1021/jp004071w"
    ) { values in
      DihedralForm((1...4).map { .init(strength: values["K\($0)"] / 2, phase: $0 % 2 == 1 ? Double.pi : 0) })
    },
  ]
}
