import Structures

/// What a pair form is made from.
public struct PairFormInput: Sendable {
  /// The parameters in the program's units, defaults filled in.
  public var values: [String: Double]
  /// In Å.
  public var cutoff: Double
  /// The elements of the pair.
  public var elements: (Element, Element)
  /// The sampled function of a pair with the form `table`.
  public var samples: PairSamples?

  /// A parameter that the descriptor requires or gives a default.
  subscript(name: String) -> Double { values[name] ?? .nan }
}

/// What a pair form is: its name in force-field files, its parameters, and how it is made.
public struct PairFormDescriptor: Sendable {
  /// The name in force-field files.
  public let name: String
  /// The energy as plain text.
  public let equation: String
  public let summary: String
  public let parameters: [ParameterDescriptor]
  public let reference: String
  /// Whether the form goes smoothly to zero at its cutoff by itself, so that shifts and switches have no place.
  public let vanishesAtCutoff: Bool
  /// Whether the form is a list of samples in place of parameters.
  public let takesSamples: Bool
  let make: @Sendable (PairFormInput) throws -> any PairForm

  init(
    name: String, equation: String, summary: String, parameters: [ParameterDescriptor], reference: String,
    vanishesAtCutoff: Bool = false, takesSamples: Bool = false, make: @escaping @Sendable (PairFormInput) throws -> any PairForm
  ) {
    self.name = name
    self.equation = equation
    self.summary = summary
    self.parameters = parameters
    self.reference = reference
    self.vanishesAtCutoff = vanishesAtCutoff
    self.takesSamples = takesSamples
    self.make = make
  }

  /// Every pair form, by name.
  public static let builtins: [PairFormDescriptor] = [
    Born.descriptor,
    Buckingham.descriptor,
    LennardJones.descriptor,
    LennardJones96.descriptor,
    Morse.descriptor,
    Pedone.descriptor,
    Shik.descriptor,
    StillingerWeberPair.descriptor,
    SampledPair.descriptor,
    VashishtaPair.descriptor,
    ZieglerBiersackLittmark.descriptor,
  ]
}
