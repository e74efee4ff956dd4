/// What a method of electrostatics is: its name in force-field files and its parameters.
public struct CoulombDescriptor: Sendable {
  /// The name in force-field files.
  public let name: String
  public let equation: String
  public let summary: String
  public let parameters: [ParameterDescriptor]
  public let reference: String
  let make: @Sendable (_ values: [String: Double]) -> Coulomb

  /// Whether the method sums over all periodic images: then its cutoff may be left to the program.
  public var isLatticeSum: Bool { parameters.contains { $0.name == "accuracy" } }

  /// Every method, by name.
  public static let builtins: [CoulombDescriptor] = [
    CoulombDescriptor(
      name: "dsf", equation: "k q1 q2 [erfc(alpha r)/r - erfc(alpha R)/R + f (r - R)]",
      summary: "damped shifted force: energy and force vanish at the cutoff R",
      parameters: [cutoff, alpha, smooth], reference: "Fennell and Gezelter, J. Chem. Phys. 124, 234104 (2006), doi:10.1063/1.2206581"
    ) { .dsf(cutoff: $0["cutoff"] ?? .nan, alpha: $0["alpha"] ?? .nan, smoothing: $0["smooth"] ?? 0) },
    CoulombDescriptor(
      name: "ewald", equation: "k q1 q2 erfc(alpha r)/r, and the rest in reciprocal space, wave by wave",
      summary: "the sum over all periodic images; for small cells and as a reference",
      parameters: [latticeCutoff, accuracy, splitting],
      reference: "Ewald, Ann. Phys. 369, 253 (1921), doi:10.1002/andp.19213690304"
    ) { .ewald(latticeSum($0)) },
    CoulombDescriptor(
      name: "shik", equation: "k q1 q2 [1/r - 1/R + (r - R)/R^2] exp(-gamma^2/(r - R)^2)",
      summary: "the truncated Coulomb term of the SHIK potentials, without self energy",
      parameters: [
        cutoff, ParameterDescriptor("gamma", .length, "how far before the cutoff the term fades", default: 0.2, bounds: 0...),
      ],
      reference: "Sundararaman et al., J. Chem. Phys. 148, 194504 (2018), doi:10.1063/1.5023707"
    ) { .shik(cutoff: $0["cutoff"] ?? .nan, gamma: $0["gamma"] ?? 0.2) },
    CoulombDescriptor(
      name: "spme", equation: "k q1 q2 erfc(alpha r)/r, and the rest in reciprocal space, on a mesh",
      summary: "the sum over all periodic images by smooth particle-mesh Ewald",
      parameters: [
        latticeCutoff, accuracy, splitting,
        ParameterDescriptor("order", .none, "order of the B-splines; chosen where not given", isOptional: true, bounds: 4...8),
      ],
      reference: "Essmann et al., J. Chem. Phys. 103, 8577 (1995), doi:10.1063/1.470117"
    ) { .spme(latticeSum($0)) },
    CoulombDescriptor(
      name: "wolf", equation: "k q1 q2 [erfc(alpha r)/r - erfc(alpha R)/R]",
      summary: "Wolf's sum: forces as dsf, energies without the term that belongs to their shift (unless smooth)",
      parameters: [cutoff, alpha, smooth], reference: "Wolf et al., J. Chem. Phys. 110, 8254 (1999), doi:10.1063/1.478738"
    ) { .wolf(cutoff: $0["cutoff"] ?? .nan, alpha: $0["alpha"] ?? .nan, smoothing: $0["smooth"] ?? 0) },
  ]

  private static func latticeSum(_ values: [String: Double]) -> LatticeSum {
    LatticeSum(
      accuracy: values["accuracy"] ?? .nan, cutoff: values["cutoff"], alpha: values["alpha"], order: values["order"].map { Int($0) })
  }

  private static let latticeCutoff = ParameterDescriptor(
    "cutoff", .length, "where the part in real space ends; chosen for least time where not given", isOptional: true, bounds: 0.5...1000)
  private static let accuracy = ParameterDescriptor(
    "accuracy", .none, "error of the forces over that between two unit charges 1 A apart", bounds: LatticeSum.accuracies)
  private static let splitting = ParameterDescriptor(
    "alpha", .inverseLength, "splitting parameter; follows from accuracy and cutoff where not given", isOptional: true,
    bounds: 0.01...10)
  private static let cutoff = ParameterDescriptor("cutoff", .length, "where the term ends", bounds: 0.5...1000)
  private static let alpha = ParameterDescriptor("alpha", .inverseLength, "damping", bounds: 0...10)
  private static let smooth = ParameterDescriptor(
    "smooth", .length, "width of a switch to zero before the cutoff", default: 0, bounds: 0...)
}
