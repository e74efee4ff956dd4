/// One stage of a run.
public struct Stage: Hashable, Sendable {
  /// The name in `thermo.csv` and of the trajectory; letters, digits, `-`, `_` and `.`, unlike that of any other stage.
  public var name: String
  public var action: Action

  public enum Action: Hashable, Sendable {
    case minimize(Minimization)
    case dynamics(Dynamics)
  }

  public init(name: String, action: Action) {
    self.name = name
    self.action = action
  }

  /// The number of steps; for a minimisation the most that it may take.
  public var steps: Int {
    switch action {
    case .minimize(let minimization): minimization.maximumSteps
    case .dynamics(let dynamics): dynamics.steps
    }
  }

  /// The simulated time in ps; 0 for a minimisation.
  public var duration: Double {
    switch action {
    case .minimize: 0
    case .dynamics(let dynamics): dynamics.duration
    }
  }

  /// The name of the kind, as the recipe writes it.
  public var kind: String {
    switch action {
    case .minimize: "minimize"
    case .dynamics(let dynamics): dynamics.ensemble.rawValue
    }
  }
}

/// Moves the atoms to a minimum of the energy in a fixed cell.
public struct Minimization: Hashable, Sendable {
  /// Ends when no atom feels a larger force, in eV/Å.
  public var maximumForce: Double
  public var maximumSteps: Int

  public init(maximumForce: Double, maximumSteps: Int) {
    self.maximumForce = maximumForce
    self.maximumSteps = maximumSteps
  }
}
