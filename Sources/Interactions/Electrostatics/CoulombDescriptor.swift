/// What a method of electrostatics is: its name in force-field files and its parameters.
public struct CoulombDescriptor: Sendable {
  /// The name in force-field files.
  public let name: String
  public let equation: String
  public let summary: String
  public let parameters: [ParameterDescriptor]
  public let reference: String
  let make: @Sendable (_ values: [String: Double]) -> Coulomb

  /// Every method, by name.
  public static let builtins: [CoulombDescriptor] = [
    CoulombDescriptor(
      name: "dsf", equation: "k q1 q2 [erfc(alpha r)/r - erfc(alpha R)/R + f (r - R)]",
      summary: "damped shifted force: energy and force vanish at the cutoff R",
      parameters: [cutoff, alpha, smooth], reference: "Fennell and Gezelter, J. Chem. Phys. 124, 234104 (2006), doi:10.1063/1.2206581"
    ) { .dsf(cutoff: $0["cutoff"] ?? .nan, alpha: $0["alpha"] ?? .nan, smoothing: $0["smooth"] ?? 0) },
    CoulombDescriptor(
      name: "shik", equation: "k q1 q2 [1/r - 1/R + (r - R)/R^2] exp(-gamma^2/(r - R)^2)",
      summary: "the truncated Coulomb term of the SHIK potentials, without self energy",
      parameters: [
        cutoff, ParameterDescriptor("gamma", .length, "how far before the cutoff the term fades", default: 0.2, bounds: 0...),
      ],
      reference: "Sundararaman et al., J. Chem. Phys. 148, 194504 (2018), doi:10.1063/1.5023707"
    ) { .shik(cutoff: $0["cutoff"] ?? .nan, gamma: $0["gamma"] ?? 0.2) },
    CoulombDescriptor(
      name: "wolf", equation: "k q1 q2 [erfc(alpha r)/r - erfc(alpha R)/R]",
      summary: "Wolf's sum: forces as dsf, energies without the term that belongs to their shift (unless smooth)",
      parameters: [cutoff, alpha, smooth], reference: "Wolf et al., J. Chem. Phys. 110, 8254 (1999), doi:10.1063/1.478738"
    ) { .wolf(cutoff: $0["cutoff"] ?? .nan, alpha: $0["alpha"] ?? .nan, smoothing: $0["smooth"] ?? 0) },
  ]

  private static let cutoff = ParameterDescriptor("cutoff", .length, "where the term ends", bounds: 0.5...1000)
  private static let alpha = ParameterDescriptor("alpha", .inverseLength, "damping", bounds: 0...10)
  private static let smooth = ParameterDescriptor(
    "smooth", .length, "width of a switch to zero before the cutoff", default: 0, bounds: 0...)
}
