import Structures

/// A force field as its file states it, completely checked.
///
/// `resolve(for:options:)` turns it into the interactions of a configuration.
public struct ForceField: Sendable {
  /// A publication.
  public struct Reference: Sendable, Hashable {
    /// The digital object identifier, without `https://doi.org/`.
    public let doi: String?
    public let citation: String?
  }

  /// The charge of a species.
  public enum Charge: Sendable, Hashable {
    /// In e.
    case fixed(Double)
    /// What makes the configuration neutral; one species at most.
    case neutralizing
  }

  /// A kind of atom that the force field knows.
  public struct SpeciesEntry: Sendable, Hashable {
    public let label: String
    public let element: Element
    /// `nil` where charges do not interact.
    public let charge: Charge?
    /// In amu, where the file gives one.
    public let mass: Double?
  }

  public let name: String
  /// One line.
  public let summary: String
  public let references: [Reference]
  /// What the force field is not good for, and choices that its source leaves open.
  public let limits: String
  public let units: PotentialUnits
  public internal(set) var species: [SpeciesEntry]
  /// How charges interact, or `nil` where they do not.
  public let coulomb: Coulomb?
  /// The path of the file, or the name among those that ship.
  public let source: String
  var blocks: [PairBlock]
  /// Ions with shells, or `nil` where all are rigid.
  public let coreShell: CoreShellModel?
  let bonded: BondedBlocks
  let threeBody: [ThreeBodyBlock]
  /// The structural units that topologies are made of, or `nil` where the file describes none.
  public let structuralUnits: StructuralUnits?

  /// What a person must give beside the composition, where the pair that needs it is present.
  public var inputs: [ParameterDescriptor] {
    var seen: Set<String> = []
    return blocks.flatMap(\.models).flatMap(\.inputs).filter { seen.insert($0.name).inserted }
  }

  /// The optional parts that a person may switch on.
  public var switches: [String] { Set(threeBody.compactMap(\.option)).sorted() }

  /// The pair forms that the force field uses.
  public var forms: [PairFormDescriptor] { blocks.map(\.form) }
}

/// Two labels without order.
struct SpeciesPair: Hashable, Sendable {
  let first, second: String

  init(_ a: String, _ b: String) {
    (first, second) = a < b ? (a, b) : (b, a)
  }
}

/// One entry of `pair` in a force-field file.
struct PairBlock: Sendable {
  /// What to do with a pair of present species that has no coefficients.
  enum Absent: String, CaseIterable, Sendable {
    /// It is an error.
    case error
    /// Charges of one sign keep apart by themselves; for opposite charges, or without charges, it is an error.
    case likeCharged = "like-charged"
    /// The same, with a warning: for sets that have terms between most cations.
    case warn
    /// The term does not act between them.
    case none
  }

  /// A parameter as the file gives it.
  enum Value: Sendable {
    /// In the program's units.
    case number(Double)
    case model(CompositionModel)
  }

  /// The entry of one pair.
  struct Coefficients: Sendable {
    var values: [String: Value]
    var samples: PairSamples?
    /// Whether the file says that the pair has no term.
    var isNone: Bool
    /// Where the entry stands.
    var place: String
  }

  var form: PairFormDescriptor
  /// How pairs without coefficients get them from those of their species.
  var mixing: MixingRule?
  /// The coefficients of single species, where there is a mixing rule.
  var speciesCoefficients: [String: [String: Double]] = [:]
  var cutoff: Double
  var shifted: Bool
  var smoothing: Double
  var coefficients: [SpeciesPair: Coefficients]
  /// What applies to every pair, where the file says `all`.
  var common: Coefficients?
  var absent: Absent
  var shortRange: ShortRangeDescriptor?
  /// The repair of single pairs: parameters in the program's units, or `nil` where the file says that it has none.
  var repairs: [SpeciesPair: [String: Double]?]
  var place: String

  var models: [CompositionModel] {
    coefficients.sorted { ($0.key.first, $0.key.second) < ($1.key.first, $1.key.second) }.flatMap { entry in
      entry.value.values.sorted { $0.key < $1.key }.compactMap { if case .model(let model) = $0.value { model } else { nil } }
    }
  }
}
