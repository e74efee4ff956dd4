#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// What a form of three-body terms is: its name in force-field files, its parameters, and how it is made.
public struct ThreeBodyDescriptor: Sendable {
  /// The name in force-field files.
  public let name: String
  /// The energy of two legs as plain text.
  public let equation: String
  public let summary: String
  /// The parameters of a leg, by vertex and neighbour.
  public let legParameters: [ParameterDescriptor]
  /// The parameters of two legs.
  public let parameters: [ParameterDescriptor]
  public let reference: String
  let angular: ThreeBodyInteractions.Angular
  let leg: @Sendable (_ values: [String: Double], _ cutoff: Double) -> ThreeBodyInteractions.Leg
  let triplet: @Sendable (_ values: [String: Double]) throws -> ThreeBodyInteractions.Triplet

  /// Every form, by name.
  public static let builtins: [ThreeBodyDescriptor] = [
    ThreeBodyDescriptor(
      name: "screened-harmonic", equation: "K (theta - theta0)^2 exp(-(r1/rho1 + r2/rho2))",
      summary: "harmonic in the angle, fading with the legs; K is half the stiffness, as in LAMMPS's nb3b/screened",
      legParameters: [.init("rho", .length, "decay length", bounds: 1e-3...)],
      parameters: [
        .init("K", .energy(lengthPower: 0), "half the stiffness by rad^2"),
        .init("theta0", .angle, "angle at rest", bounds: 0...Double.pi),
      ], reference: "LAMMPS pair_style nb3b/screened", angular: .harmonic,
      leg: { .screened(rho: $0["rho"] ?? .nan, cutoff: $1) },
      triplet: { .init(strength: $0["K"] ?? .nan, rest: $0["theta0"] ?? .nan) }),
    ThreeBodyDescriptor(
      name: "stillinger-weber", equation: "lambda (cos theta - cos theta0)^2 exp[gamma1/(r1 - R1) + gamma2/(r2 - R2)]",
      summary: "the three-body part of Stillinger and Weber; smooth at the cutoffs R",
      legParameters: [gamma], parameters: [.init("lambda", .energy(lengthPower: 0), "strength")] + rest,
      reference: "Stillinger and Weber, Phys. Rev. B 31, 5262 (1985), doi:10.1103/PhysRevB.31.5262", angular: .cosine,
      leg: { .exponential(gamma: $0["gamma"] ?? .nan, cutoff: $1) },
      triplet: { .init(strength: $0["lambda"] ?? .nan, rest: try cosine($0)) }),
    ThreeBodyDescriptor(
      name: "vashishta",
      equation: "B D^2/(1 + C D^2) exp[gamma1/(r1 - R1) + gamma2/(r2 - R2)], D = cos theta - cos theta0",
      summary: "the three-body part of Vashishta; smooth at the cutoffs R",
      legParameters: [gamma],
      parameters: [.init("B", .energy(lengthPower: 0), "strength"), .init("C", .none, "saturation", default: 0, bounds: 0...)] + rest,
      reference: "Vashishta et al., Phys. Rev. B 41, 12197 (1990), doi:10.1103/PhysRevB.41.12197", angular: .saturating,
      leg: { .exponential(gamma: $0["gamma"] ?? .nan, cutoff: $1) },
      triplet: { .init(strength: $0["B"] ?? .nan, rest: try cosine($0), saturation: $0["C"] ?? 0) }),
  ]

  private static let gamma = ParameterDescriptor("gamma", .length, "how far before the cutoff the leg fades", bounds: 0...)
  private static let rest = [
    ParameterDescriptor("cos-theta0", .none, "cosine of the angle at rest; or theta0", isOptional: true, bounds: -1...1),
    ParameterDescriptor("theta0", .angle, "angle at rest; or cos-theta0", isOptional: true, bounds: 0...Double.pi),
  ]

  private static func cosine(_ values: [String: Double]) throws -> Double {
    switch (values["cos-theta0"], values["theta0"]) {
    case (let cosine?, nil): return cosine
    case (nil, let angle?): return cos(angle)
    case (nil, nil): throw InteractionsError(.invalidForceField, "the angle at rest is missing; give theta0 in degrees or cos-theta0")
    case (_?, _?): throw InteractionsError(.invalidForceField, "theta0 and cos-theta0 say the same; give one of them")
    }
  }
}
