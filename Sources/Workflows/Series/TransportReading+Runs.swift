import Analysis
import Formats
import Reporting
import Structures

/// What run folders hold.
extension TransportReading {
  /// Readings, and what a person should know of those that are missing.
  struct Collection {
    var readings: [TransportReading] = []
    var remarks: [String] = []
  }

  /// Reads a run folder; that of a series gives the branches of its recipe.
  ///
  /// - Parameter source: What messages call it; `nil` for its path.
  /// - Throws: ``WorkflowsError`` with code `.runFolder` where the run is not complete or has no such results.
  static func readings(ofRun path: String, source: String? = nil) throws -> Collection {
    let recipePath = Files.path(RunFolder.recipeName, in: path)
    // A series that still runs is locked, but the branches that it has done are not.
    if Files.exists(recipePath), Files.isFolder(Files.path(SeriesRun.branchesName, in: path)) {
      let recipe = try Recipe(contentsOf: recipePath)
      if recipe.vary != nil { return try readings(ofSeries: recipe, in: path) }
    }
    return Collection(readings: try readings(ofSingleRun: path, source: source ?? path))
  }

  /// Reads the branches of a recipe, whatever else lies in the folder.
  static func readings(ofSeries recipe: Recipe, in path: String) throws -> Collection {
    var collection = Collection()
    var missing: [String] = []
    var failures: [String] = []
    for branch in recipe.branches {
      let folder = Files.path(branch.name, in: Files.path(SeriesRun.branchesName, in: path))
      guard Files.exists(Files.path(RunFolder.resultsName, in: folder)) else {
        missing.append(branch.name)
        continue
      }
      do {
        collection.readings += try readings(ofSingleRun: folder, source: branch.name)
      } catch let error as any ExplainedError {
        failures.append(error.message)
      }
    }
    guard !collection.readings.isEmpty else {
      throw WorkflowsError(
        .runFolder,
        failures.first ?? "no branch of the series in \(path) has results yet; go on with it with vitrolyte run … --out \(path) --resume")
    }
    if !missing.isEmpty {
      collection.remarks.append(
        "the series in \(path) is not complete: there are no results of \(missing.joined(separator: ", ")) yet, and the line is without them"
      )
    }
    collection.remarks += failures
    return collection
  }

  private static func readings(ofSingleRun path: String, source: String) throws -> [TransportReading] {
    let folder = try RunFolder(path, for: .report)
    guard Files.exists(folder.file(RunFolder.resultsName)) else {
      throw WorkflowsError(.runFolder, "the run in \(path) has no results yet; go on with it with vitrolyte run … --resume")
    }
    let recipe = try folder.recipe()
    let thermo = try ThermoHistory(csv: Files.readText(folder.file(RunFolder.thermoName)))
    let final = try FileFormats.readConfiguration(path: folder.file(RunFolder.finalConfigurationName)).configuration
    let volume = recipe.analyzedStage.flatMap { thermo.mean("volume", stage: $0.name) }
    var readings = Self.readings(of: try folder.results(), temperature: try recipe.heldTemperature(thermo, path), source: source) {
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
    for index in readings.indices { readings[index].origin = Files.absolute(path) }
    return readings
  }
}

extension Recipe {
  /// The stage whose trajectory the analyses read.
  var analyzedStage: Stage? {
    stages.last { if case .dynamics(let dynamics) = $0.action { dynamics.trajectory != nil } else { false } }
  }

  /// The temperature of that stage in K: what the thermostat holds, or the mean where none does.
  fileprivate func heldTemperature(_ thermo: ThermoHistory, _ path: String) throws -> Double {
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
