/// What a recipe varies: the temperatures of its branches, which share all stages before the first that depends on them.
///
/// Another quantity becomes a list beside ``temperatures``, a mark in ``Dynamics/Variation`` and a line in ``VariationParsing``.
public struct Variation: Hashable, Sendable {
  /// In K, in the order written, each once.
  public var temperatures: [Double]
  /// How many independent branches there are at each temperature; they differ in their random numbers.
  public var replicas: Int
  /// The first stage of a branch, by its place among the stages; those before run once.
  public var firstStage: Int

  public init(temperatures: [Double], replicas: Int = 1, firstStage: Int) {
    self.temperatures = temperatures
    self.replicas = replicas
    self.firstStage = firstStage
  }

  /// What stands in a stage for the temperature of a branch.
  static let temperatureVariable = "$temperature"
}

extension Dynamics {
  /// Which of the values of a stage are those of a branch.
  public struct Variation: Hashable, Sendable {
    /// Whether the temperature at the first step is varied.
    public var start: Bool
    /// Whether the temperature at the last step is varied.
    public var end: Bool
    /// How fast the temperature is ramped in K/ps, where that is what gives the number of steps.
    public var rate: Double?

    public init(start: Bool, end: Bool, rate: Double? = nil) {
      (self.start, self.end, self.rate) = (start, end, rate)
    }
  }
}

/// One branch of a recipe that varies something.
public struct Branch: Hashable, Sendable {
  /// In K.
  public var temperature: Double
  /// From 1.
  public var replica: Int
  /// The name of its folder, `700K`, or `700K-2` for the second replica, whatever number of them there is.
  public var name: String
  /// Of its random numbers.
  public var seed: UInt64
}

extension Recipe {
  /// The branches, temperature by temperature; empty where nothing is varied.
  public var branches: [Branch] {
    guard let vary else { return [] }
    return vary.temperatures.flatMap { temperature in
      (1...vary.replicas).map { replica in
        let name = "\(NumberText.exact(temperature))K" + (replica > 1 ? "-\(replica)" : "")
        return Branch(
          temperature: temperature, replica: replica, name: name, seed: Self.branchSeed(seed, temperature: temperature, replica: replica))
      }
    }
  }

  /// A seed that depends on seed, temperature and replica alone, so that a temperature added later changes no other branch.
  static func branchSeed(_ seed: UInt64, temperature: Double, replica: Int) -> UInt64 {
    let digest = SHA256.digest(Array("seed \(seed), temperature \(NumberText.exact(temperature)) K, replica \(replica)".utf8))
    // Eight digits of a hash: short enough to be written down, never 0.
    return digest.prefix(4).reduce(0) { $0 << 8 | UInt64($1) } | 1
  }

  /// The recipe of the stages that all branches share, or `nil` where there are none.
  public var commonRecipe: Recipe? {
    guard let vary, vary.firstStage > 0 else { return nil }
    var recipe = self
    recipe.vary = nil
    recipe.name += ", common part"
    recipe.stages = Array(stages.prefix(vary.firstStage))
    recipe.analyses = []
    return recipe
  }

  /// The recipe of one branch: an ordinary one that can be run by itself.
  ///
  /// - Parameter start: The path of the atoms that it begins with.
  public func recipe(of branch: Branch, start: String) -> Recipe {
    var recipe = self
    recipe.vary = nil
    recipe.name += ", \(NumberText.exact(branch.temperature)) K" + (branch.replica > 1 ? ", replica \(branch.replica)" : "")
    recipe.seed = branch.seed
    recipe.system = InitialSystem(.file(start))
    recipe.stages = stages.dropFirst(vary?.firstStage ?? 0).map { $0.resolved(at: branch.temperature) }
    return recipe
  }
}

extension Stage {
  /// The stage of a branch at a temperature in K.
  func resolved(at temperature: Double) -> Stage {
    guard case .dynamics(var dynamics) = action, let variation = dynamics.variation else { return self }
    var ramp = dynamics.temperature ?? Dynamics.Ramp(temperature)
    if variation.start { ramp.start = temperature }
    if variation.end { ramp.end = temperature }
    dynamics.temperature = ramp
    if let rate = variation.rate {
      // A branch at the other end of the ramp is there already.
      dynamics.steps = max(1, Int((abs(ramp.end - ramp.start) / rate / dynamics.timestep).rounded()))
    }
    dynamics.variation = nil
    return Stage(name: name, action: .dynamics(dynamics))
  }
}
