import Formats
import Interactions
import NumericalMethods
import Simulation
import Structures

/// The atoms of a recipe or a file, with the interactions between them.
public struct PreparedSystem: Sendable {
  public var configuration: Configuration
  public var interactions: ResolvedForceField
  public var forceField: ForceField
  /// What a person should know before trusting what follows.
  public var warnings: [String]
  /// What was made, for the manifest.
  public var notes: [JSONValue.Member]

  /// Builds or reads the atoms of a recipe, and resolves its force field for them.
  ///
  /// It depends on the recipe and the files that it names alone, so that a resumed run gets the same atoms.
  public init(_ recipe: Recipe, pool: WorkerPool) throws {
    let start = try StartingConfiguration(recipe.system, potential: recipe.potential, seed: recipe.seed, pool: pool)
    try self.init(start.configuration, potential: recipe.potential)
    warnings = start.warnings + warnings
    notes = start.notes + notes
  }

  /// Resolves a force field for atoms that are there.
  public init(_ configuration: Configuration, potential: PotentialChoice) throws {
    forceField = try ForceField.find(potential.name)
    interactions = try forceField.resolve(for: configuration, options: try potential.resolveOptions())
    self.configuration = configuration
    // What is written from here on carries the charges that the forces were computed with.
    self.configuration.charges = interactions.charges(of: configuration)
    warnings = interactions.warnings
    notes = [
      .init("atoms", .integer(configuration.count)), .init("formula", .string(configuration.formula)),
      .init("density_g_cm3", .number(configuration.density)),
      .init("potential", .string(forceField.name)),
      .init("potential_references", .array(forceField.references.compactMap { ($0.citation ?? $0.doi).map { .string($0) } })),
    ]
  }

  /// What dynamics moves: the atoms, or cores and shells where shells move by themselves.
  public var particles: Configuration { interactions.movingShells?.configuration ?? configuration }

  /// A calculator for ``particles``.
  public func dynamicsCalculator(precision: Recipe.Precision, pool: WorkerPool) throws -> any ForceCalculator {
    try interactions.dynamicsCalculator(for: configuration, precision: precision == .mixed ? .mixed : .double, pool: pool)
  }

  /// A calculator for the atoms.
  public func calculator(precision: Recipe.Precision, pool: WorkerPool) throws -> any ForceCalculator {
    try interactions.calculator(for: configuration, precision: precision == .mixed ? .mixed : .double, pool: pool)
  }
}

/// The atoms with which a run begins.
struct StartingConfiguration {
  var configuration: Configuration
  var warnings: [String] = []
  var notes: [JSONValue.Member] = []

  /// - Parameter potential: The force field whose structural units are built from; needed for units alone.
  init(_ system: InitialSystem, potential: PotentialChoice? = nil, seed: UInt64, pool: WorkerPool) throws {
    switch system.source {
    case .file(let path):
      (configuration, warnings) = try FileFormats.readConfiguration(path: path)
      notes = [.init("file", .string(path))]
    case .composition(let shares):
      self = try Self.packed(
        Composition(molePercent: shares.map { ($0.formula, $0.percent) }), system: system, seed: seed, pool: pool)
    case .units(let units):
      let forceField = try Self.forceField(potential)
      let counts = try UnitCounts(shares: units.map { ($0.name, $0.amount) }, atoms: system.atoms ?? 0, forceField: forceField)
      self = try Self.packed(counts, forceField, system: system, seed: seed, pool: pool)
    case .unitCounts(let units):
      let forceField = try Self.forceField(potential)
      let counts = try UnitCounts(counts: units.map { ($0.name, Int($0.amount)) }, forceField: forceField)
      self = try Self.packed(counts, forceField, system: system, seed: seed, pool: pool)
    case .formula(let formula):
      self = try Self.packed(Composition(formula: formula), system: system, seed: seed, pool: pool)
    }
  }

  private init(_ configuration: Configuration, warnings: [String], notes: [JSONValue.Member]) {
    self.configuration = configuration
    self.warnings = warnings
    self.notes = notes
  }

  private static func forceField(_ potential: PotentialChoice?) throws -> ForceField {
    guard let potential else {
      throw WorkflowsError(
        .invalidOption, "units are those of a force field; name it, as in --potential lps-ariga (vitrolyte potentials lists them)")
    }
    return try ForceField.find(potential.name)
  }

  private static func packed(
    _ counts: UnitCounts, _ forceField: ForceField, system: InitialSystem, seed: UInt64, pool: WorkerPool
  ) throws -> Self {
    guard let density = system.density else {
      throw WorkflowsError(.invalidRecipe, "units are packed at a density; give it, as in density: 1.76 g/cm3")
    }
    let packed = try UnitPacking(seed: seed).pack(counts, density: density, forceField: forceField, pool: pool)
    let charge = packed.configuration.charges.reduce(0, +)
    let shares = zip(counts.items, counts.shares).map { JSONValue.Member($0.0.unit.name, .number($0.1)) }
    return Self(
      packed.configuration, warnings: [],
      notes: [
        .init("composition", .string(counts.description)),
        .init("units", .object(packed.found.countsByName.sorted { $0.key < $1.key }.map { .init($0.key, .integer($0.value)) })),
        .init("share_of_\(counts.former.symbol)", .object(shares)),
        // What is left of sums of charges with a few decimals.
        .init("net_charge_e", .number((charge * 1e6).rounded() / 1e6)),
        .init("packing_density_g_cm3", .number(density)),
      ])
  }

  private static func packed(_ composition: Composition, system: InitialSystem, seed: UInt64, pool: WorkerPool) throws -> Self {
    guard let atoms = system.atoms else {
      throw WorkflowsError(.invalidRecipe, "a system that is packed needs a number of atoms; give atoms, as in atoms: 3000")
    }
    let counts = try composition.atomCounts(nearest: atoms)
    var warnings: [String] = []
    let density: Double
    if let given = system.density {
      density = given
    } else {
      let estimate = try composition.estimatedDensity()
      density = estimate.density
      warnings.append(
        "no density was given; the atoms were packed at \(NumberText.significant(density, 4)) g/cm3 "
          + "(within about \(NumberText.significant(estimate.relativeError * 100, 2)) %: \(estimate.note))")
    }
    let packed = try Packing(seed: seed).pack(counts, density: density, pool: pool)
    return Self(
      packed.configuration, warnings: warnings,
      notes: [
        .init("requested_composition", .string(composition.description)), .init("composition", .string(counts.description)),
        .init("packing_density_g_cm3", .number(density)),
      ])
  }
}

extension PotentialChoice {
  /// A method of electrostatics by its name, with the settings that suit most oxides.
  private static func electrostatics(_ option: Setting) throws -> Coulomb {
    switch option.text {
    case "spme": return .spme(LatticeSum(accuracy: 1e-5))
    case "ewald": return .ewald(LatticeSum(accuracy: 1e-5))
    case "dsf": return .dsf(cutoff: 10, alpha: 0.2)
    default:
      throw WorkflowsError(
        .invalidOption, "coulomb is spme, ewald or dsf, not \"\(option.text)\"; other settings belong into a force-field file",
        at: option.location.value)
    }
  }

  /// The options in the terms of the force field.
  func resolveOptions() throws -> ForceField.Options {
    var result = ForceField.Options()
    for option in options {
      do {
        switch option.key {
        case "smooth": result.smoothing = try Quantity.parse(option.text, as: .length)
        case "shells":
          guard let motion = ShellMotion(rawValue: option.text) else {
            throw WorkflowsError(
              .invalidOption, "shells are \(ShellMotion.allCases.map(\.rawValue).joined(separator: " or ")), not \"\(option.text)\"",
              at: option.location.value)
          }
          result.shellMotion = motion
        case "cutoff": result.pairCutoff = try Quantity.parse(option.text, as: .length)
        case "coulomb": result.coulomb = try Self.electrostatics(option)
        case "accuracy":
          guard let accuracy = Double(option.text), LatticeSum.accuracies.contains(accuracy) else {
            throw WorkflowsError(
              .invalidOption,
              "accuracy is the error of the forces over that between two unit charges 1 A apart, a number from "
                + "\(LatticeSum.accuracies.lowerBound) to \(LatticeSum.accuracies.upperBound) such as 1e-5, not \"\(option.text)\"",
              at: option.location.value)
          }
          result.accuracy = accuracy
        default:
          if let isOn = ["true": true, "false": false][option.text] {
            result.switches[option.key] = isOn
            continue
          }
          guard let value = Double(option.text) else {
            throw WorkflowsError(.invalidOption, "\"\(option.text)\" is neither a number nor true or false", at: option.location.value)
          }
          result.inputs[option.key] = value
        }
      } catch let error as StructuresError {
        throw WorkflowsError(.invalidOption, "\(option.key) of \(name): \(error.message)", at: option.location.value)
      }
    }
    return result
  }
}
