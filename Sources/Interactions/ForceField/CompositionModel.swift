import Structures

/// How many atoms of each element a configuration has.
public struct ElementCounts: Sendable {
  private let counts: [Element: Int]

  public init(_ configuration: Configuration) {
    var counts: [Element: Int] = [:]
    for (species, count) in zip(configuration.species, configuration.speciesCounts) where count > 0 {
      counts[species.element, default: 0] += count
    }
    self.counts = counts
  }

  /// The number of atoms of an element by symbol; 0 for what is absent or unknown.
  public subscript(symbol: String) -> Double {
    Element(symbol: symbol).flatMap { counts[$0] }.map { Double($0) } ?? 0
  }
}

/// A rule that computes a parameter of a pair from the composition, named in files as `A: {model: boron-oxygen-deng-du}`.
public struct CompositionModel: Sendable {
  public let name: String
  public let summary: String
  public let equation: String
  public let reference: String
  /// What a person must give beside the composition, where the pair is present.
  public let inputs: [ParameterDescriptor]
  /// What the value is measured in.
  public let unit: ParameterUnit
  let value: @Sendable (_ counts: ElementCounts, _ inputs: [String: Double]) throws -> Double

  /// Every model, by name.
  public static let builtins: [CompositionModel] = [BoronOxygenRepulsion.descriptor]
}
