/// What a repair at short distances is: what replaces a pair form below a distance r0.
public struct ShortRangeDescriptor: Sendable {
  /// The name in force-field files.
  public let name: String
  public let equation: String
  public let summary: String
  public let parameters: [ParameterDescriptor]
  public let reference: String
  let make: @Sendable (ShortRangeInput) throws -> PairTerm.ShortRange?

  /// Every repair, by name.
  public static let builtins: [ShortRangeDescriptor] = [DuTeterCore.descriptor, JoinedRepulsion.descriptor]
}

/// What a repair is made from.
struct ShortRangeInput {
  /// The form to repair.
  var form: any PairForm
  /// The parameters given in the program's units.
  var values: [String: Double]
  /// In Å.
  var cutoff: Double
  /// k q1 q2 in eV Å.
  var coulomb: Double
}

extension DuTeterCore {
  static let descriptor = ShortRangeDescriptor(
    name: "du-teter", equation: "B/r^n + D r^2 for r < r0",
    summary: "the core of Du and coworkers; B, D, n and r0 are computed for pairs that do not give them",
    parameters: [
      // LAMMPS's units of B depend on n: an energy times a length to the power n.
      ParameterDescriptor("B", .energy(lengthPower: 0), "strength of the core (eV A^n)", isOptional: true, bounds: 0...),
      ParameterDescriptor("D", .energy(lengthPower: -2), "strength of the term in r^2", isOptional: true),
      ParameterDescriptor("n", .none, "power of the core", isOptional: true, bounds: 1...30),
      ParameterDescriptor("r0", .length, "where the core begins", isOptional: true, bounds: 0.1...5),
    ],
    reference: "Deng and Du, J. Am. Ceram. Soc. 102, 2482 (2019), doi:10.1111/jace.16082"
  ) { input in
    if let b = input.values["B"], let d = input.values["D"], let n = input.values["n"], let r0 = input.values["r0"] {
      return PairTerm.ShortRange(form: DuTeterCore(b: b, d: d, n: n), radius: r0)
    }
    guard input.values["B"] == nil, input.values["D"] == nil, input.values["n"] == nil else {
      throw InteractionsError(
        .invalidForceField, "a du-teter core needs B, D, n and r0 together; give all four, or r0 alone, or none to have them computed")
    }
    guard let buckingham = input.form as? Buckingham else {
      throw InteractionsError(
        .invalidForceField, "a du-teter core can be computed for the form buckingham only; use join, or give B, D, n, r0")
    }
    if buckingham.c == 0 { return nil }
    guard let (core, radius) = continuing(buckingham, radius: input.values["r0"]) else {
      throw InteractionsError(
        .invalidForceField,
        "no du-teter core continues A = \(buckingham.a), rho = \(buckingham.rho), C = \(buckingham.c): the dispersion outweighs the "
          + "repulsion everywhere; check the numbers")
    }
    return PairTerm.ShortRange(form: core, radius: radius)
  }
}

extension JoinedRepulsion {
  static let descriptor = ShortRangeDescriptor(
    name: "join", equation: "T(r0) - T'(r0) r0 x + c x^2 - k q1 q2/r, x = r0/r - 1, T = U + k q1 q2/r",
    summary: "a repulsion for any form, joined in value and slope at the maximum of the energy with Coulomb, or at r0",
    parameters: [ParameterDescriptor("r0", .length, "where the repulsion begins", isOptional: true, bounds: 0.1...5)],
    reference: "Vitrolyte, docs/potentials.md"
  ) { input in
    try continuing(input.form, coulomb: input.coulomb, radius: input.values["r0"], cutoff: input.cutoff)
      .map { PairTerm.ShortRange(form: $0, radius: $0.radius) }
  }
}
