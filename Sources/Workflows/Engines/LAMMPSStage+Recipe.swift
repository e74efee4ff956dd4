import Simulation

extension LAMMPSStage {
  /// The stage of a recipe in the terms of the engine lammps.
  init(_ stage: Stage) {
    let action: Action =
      switch stage.action {
      case .minimize(let minimization):
        .minimize(Minimizer(maximumForce: minimization.maximumForce, maximumSteps: minimization.maximumSteps))
      case .dynamics(let dynamics):
        .dynamics(
          DynamicsStage(dynamics), initialTemperature: dynamics.temperature?.start, frameInterval: dynamics.trajectory?.interval)
      }
    self.init(name: stage.name, action: action)
  }
}

extension LAMMPSInput {
  /// A recipe with its atoms and interactions as input of LAMMPS.
  ///
  /// - Throws: What ``LAMMPSInput/init(_:interactions:stages:seed:title:)`` throws, before anything is run.
  init(_ recipe: Recipe, _ system: PreparedSystem) throws {
    try self.init(
      system.configuration, interactions: system.interactions, stages: recipe.stages.map { LAMMPSStage($0) }, seed: recipe.seed,
      title: recipe.name)
  }
}
