import Analysis
import Formats
import Reporting
import Structures

/// A transport coefficient as some result holds it, with what must be known before it is fitted.
struct TransportReading {
  var quantity: TransportQuantity
  /// The species that moves; empty for all charges together.
  var species: String
  var point: TransportPoint
  /// Whether the analysis stood by the number.
  var isTrusted: Bool
  /// The ions in a volume, where the run tells.
  var carriers: ChargeCarriers?

  /// Reads the numbers of the analyses `diffusion` and `conductivity` from results of a run, `{"diffusion": {…}}`, or from the summary of one.
  ///
  /// - Parameters:
  ///   - source: Where they come from, for messages.
  ///   - carriers: Gives the ions of a species in a volume.
  static func readings(
    of json: JSONValue, temperature: Double, source: String, carriers: (String) -> ChargeCarriers? = { _ in nil }
  ) -> [TransportReading] {
    var readings: [TransportReading] = []
    func add(_ object: JSONValue, _ quantity: TransportQuantity, species: String, trusted: Bool) {
      let key = "\(quantity.symbol)_\(quantity.keySuffix)"
      guard let value = object[key]?.double else { return }
      let bounds = object["interval95_\(quantity.keySuffix)"]?.elements?.compactMap(\.double) ?? []
      let degrees = object["degrees_of_freedom"]?.double ?? .infinity
      let point =
        bounds.count == 2 && bounds[0] <= bounds[1]
        ? TransportPoint(temperature: temperature, value: value, interval: bounds[0]...bounds[1], degrees: degrees, source: source)
        : TransportPoint(temperature: temperature, value: value, error: nil, source: source)
      readings.append(
        TransportReading(
          quantity: quantity, species: species, point: point, isTrusted: trusted && object["meets_quality_test"] != .bool(false),
          carriers: quantity == .diffusion ? carriers(species) : nil))
    }
    for quantity in TransportQuantity.allCases {
      let inside = json[quantity.rawValue]
      guard let object = inside ?? (json["analysis"]?.text == quantity.rawValue ? json : nil) else { continue }
      let isTrusted = object["meets_quality_test"] != .bool(false)
      if quantity == .diffusion, case .object(let members)? = object["species"], !members.isEmpty {
        // One verdict over all species says nothing about one of them that has its own.
        for member in members {
          add(member.value, quantity, species: member.key, trusted: member.value["meets_quality_test"] != nil || isTrusted)
        }
      } else {
        add(object, quantity, species: "", trusted: isTrusted)
      }
    }
    return readings
  }

  /// Reads a run folder; that of a series gives its branches.
  ///
  /// - Throws: ``WorkflowsError`` with code `.runFolder` where the run is not complete or has no such results.
  static func readings(ofRun path: String) throws -> [TransportReading] {
    let branches = Files.path(SeriesRun.branchesName, in: path)
    if Files.isFolder(branches) {
      return try Files.list(branches).map { Files.path($0, in: branches) }.filter {
        Files.exists(Files.path(RunFolder.resultsName, in: $0))
      }.flatMap { try Self.readings(ofRun: $0) }
    }
    let folder = try RunFolder(path, for: .report)
    guard Files.exists(folder.file(RunFolder.resultsName)) else {
      throw WorkflowsError(.runFolder, "the run in \(path) has no results yet; go on with it with vitrolyte run … --resume")
    }
    let recipe = try folder.recipe()
    let thermo = try ThermoHistory(csv: Files.readText(folder.file(RunFolder.thermoName)))
    let final = try FileFormats.readConfiguration(path: folder.file(RunFolder.finalConfigurationName)).configuration
    let volume = recipe.analyzedStage.flatMap { thermo.mean("volume", stage: $0.name) }
    let readings = Self.readings(of: try folder.results(), temperature: try recipe.analyzedTemperature(thermo, path), source: path) {
      species in
      guard let volume, let index = final.speciesIndex(species), let charge = formalCharge(final.species[index].element.symbol)
      else { return nil }
      return ChargeCarriers(density: Double(final.speciesCounts[index]) / volume, charge: charge)
    }
    guard !readings.isEmpty else {
      throw WorkflowsError(
        .runFolder,
        "the results in \(path) have no diffusion coefficient and no conductivity; add - diffusion: {species: Li} to the recipe's analyze, "
          + "and go on with --resume")
    }
    return readings
  }

  /// The charge in e of an ion that carries current in glasses, or `nil` for one that builds them.
  static func formalCharge(_ element: String) -> Double? {
    switch element {
    case "H", "Li", "Na", "K", "Rb", "Cs", "Ag", "Cu": 1
    case "Mg", "Ca", "Sr", "Ba", "Zn": 2
    case "F", "Cl", "Br", "I": -1
    default: nil
    }
  }
}

extension Recipe {
  /// The stage whose trajectory the analyses read.
  var analyzedStage: Stage? {
    stages.last { if case .dynamics(let dynamics) = $0.action { dynamics.trajectory != nil } else { false } }
  }

  /// The temperature of that stage in K: what the thermostat holds, or the mean where none does.
  fileprivate func analyzedTemperature(_ thermo: ThermoHistory, _ path: String) throws -> Double {
    guard let stage = analyzedStage, case .dynamics(let dynamics) = stage.action else {
      throw WorkflowsError(.runFolder, "the run in \(path) has no stage with a trajectory, so that its results have no temperature")
    }
    if dynamics.ensemble != .nve, let ramp = dynamics.temperature {
      guard ramp.isConstant else {
        throw WorkflowsError(
          .runFolder,
          "the trajectory of \(path) is of stage \(stage.name), whose temperature is ramped; hold one temperature to fit its results")
      }
      return ramp.start
    }
    guard let mean = thermo.mean("temperature", stage: stage.name) else {
      throw WorkflowsError(.runFolder, "\(path): thermo.csv has no temperature of stage \(stage.name)")
    }
    return mean
  }
}
