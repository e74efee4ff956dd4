import NumericalMethods

/// What a recipe with branches takes: its parts one after the other.
struct SeriesEstimate {
  let result: CommandResult

  /// - Parameter system: The atoms that all parts have.
  init(_ recipe: Recipe, system: PreparedSystem, pool: WorkerPool) throws {
    // The speed is that of the atoms as they are now, which is measured once.
    let first = try Run.estimate(recipe.commonRecipe ?? recipe, system: system, pool: pool)
    var parts: [(name: String, estimate: RunEstimate)] = []
    func add(_ name: String, _ part: Recipe) {
      var estimate = RunEstimate(part, atoms: first.atoms, interactions: system.interactions)
      estimate.secondsPerStep = first.secondsPerStep
      parts.append((name, estimate))
    }
    if let common = recipe.commonRecipe { add(SeriesRun.commonName, common) }
    for branch in recipe.branches {
      let part = recipe.recipe(of: branch, start: SeriesRun.startName)
      try part.checkAnalyses()
      add(Files.path(branch.name, in: SeriesRun.branchesName), part)
    }
    let steps = parts.reduce(0) { $0 + $1.estimate.steps }
    let bytes = parts.reduce(0) { $0 + $1.estimate.outputs.reduce(0) { $0 + $1.bytes } }
    let memory = parts.map(\.estimate.memory).max() ?? 0
    let time = first.secondsPerStep.map { $0 * Double(steps) }
    var lines = [
      "atoms           \(NumberText.grouped(first.atoms))",
      "steps           \(NumberText.grouped(steps)) in \(parts.count) parts",
      "memory          about \(NumberText.bytes(memory))",
      "output          about \(NumberText.bytes(bytes))",
    ]
    for part in parts {
      let own = part.estimate.wallTime.map { ", about \(NumberText.duration($0))" } ?? ""
      lines.append(
        "part            \(part.name): \(NumberText.grouped(part.estimate.steps)) steps "
          + "(\(NumberText.significant(part.estimate.simulatedTime, 6)) ps)\(own)")
    }
    if let seconds = first.secondsPerStep { lines.append("measured speed  \(NumberText.significant(seconds * 1e3, 3)) ms a step") }
    if let time { lines.append("expected time   about \(NumberText.duration(time))") }
    let json = JSONValue.object([
      "atoms": .integer(first.atoms), "steps": .integer(steps), "memory_bytes": .number(memory), "output_bytes": .number(bytes),
      "parts": .array(parts.map { .object([.init("name", .string($0.name)), .init("estimate", $0.estimate.json)]) }),
      "ms_per_step": first.secondsPerStep.map { .number($0 * 1e3) }, "wall_time_s": time.map { .number($0) },
    ])
    result = CommandResult(json: json, text: lines.joined(separator: "\n") + "\n", warnings: system.warnings)
  }
}
