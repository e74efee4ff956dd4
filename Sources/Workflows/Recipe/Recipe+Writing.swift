extension Recipe {
  /// The recipe as YAML with every default written out; reading it gives an equal recipe.
  public var yaml: String {
    var text = YAMLText()
    text.line("name: \(YAMLText.scalar(name))")
    text.line("seed: \(seed)")
    text.line("system:")
    text.indented { writeSystem(to: &$0) }
    if potential.options.isEmpty {
      text.line("potential: \(YAMLText.scalar(potential.name))")
    } else {
      text.line("potential:")
      text.indented {
        $0.line("name: \(YAMLText.scalar(potential.name))")
        $0.settings(potential.options)
      }
    }
    writeEngine(to: &text)
    text.line("precision: \(precision.rawValue)")
    text.line("threads: \(threads == 0 ? "all" : String(threads))")
    text.line("checkpoint: {every: \(NumberText.exact(checkpointInterval)) s}")
    text.line("stages:")
    text.indented { for stage in stages { stage.write(to: &$0) } }
    if let vary {
      var keys = ["temperature: [\(vary.temperatures.map { "\(NumberText.exact($0)) K" }.joined(separator: ", "))]"]
      keys.append("replicas: \(vary.replicas)")
      if stages.indices.contains(vary.firstStage) { keys.append("from: \(YAMLText.scalar(stages[vary.firstStage].name))") }
      text.line("vary: {\(keys.joined(separator: ", "))}")
    }
    if !analyses.isEmpty {
      text.line("analyze:")
      text.indented {
        for analysis in analyses {
          $0.line("- \(YAMLText.scalar(analysis.name)):")
          $0.indented { $0.indented { $0.settings(analysis.settings) } }
        }
      }
    }
    text.line("report: \(report)")
    return text.text
  }

  private func writeEngine(to text: inout YAMLText) {
    var keys = ["name: \(engine.rawValue)"]
    if let command = launch.command { keys.append("command: \(YAMLText.quoted(command))") }
    if let processes = launch.processes { keys.append("processes: \(processes)") }
    text.line("engine: " + (keys.count == 1 ? engine.rawValue : "{\(keys.joined(separator: ", "))}"))
  }

  private static func amounts(_ units: [InitialSystem.UnitAmount]) -> String {
    units.map { "\(YAMLText.scalar($0.name)): \(NumberText.exact($0.amount))" }.joined(separator: ", ")
  }

  private func writeSystem(to text: inout YAMLText) {
    switch system.source {
    case .composition(let shares):
      let items = shares.map { "\(YAMLText.scalar($0.formula)): \(NumberText.exact($0.percent))" }
      text.line("composition: {\(items.joined(separator: ", "))}  # mol %")
    case .formula(let formula): text.line("formula: \(YAMLText.scalar(formula))")
    case .file(let file): text.line("file: \(YAMLText.scalar(file))")
    case .units(let units): text.line("units: {\(Self.amounts(units))}  # share of the network former's atoms")
    case .unitCounts(let units): text.line("unit-counts: {\(Self.amounts(units))}")
    }
    if let atoms = system.atoms { text.line("atoms: \(atoms)") }
    if let density = system.density { text.line("density: \(NumberText.exact(density)) g/cm3") }
  }
}

extension Stage {
  fileprivate func write(to text: inout YAMLText) {
    text.line("- \(kind):")
    text.indented {
      $0.indented {
        $0.line("name: \(YAMLText.scalar(name))")
        switch action {
        case .minimize(let minimization):
          $0.line("max-force: \(NumberText.exact(minimization.maximumForce)) eV/A")
          $0.line("max-steps: \(minimization.maximumSteps)")
        case .dynamics(let dynamics): dynamics.write(to: &$0)
        }
      }
    }
  }
}

extension Dynamics {
  fileprivate func write(to text: inout YAMLText) {
    func ramp(_ ramp: Ramp, _ unit: String) -> String {
      ramp.isConstant
        ? "\(NumberText.exact(ramp.start)) \(unit)" : "[\(NumberText.exact(ramp.start)) \(unit), \(NumberText.exact(ramp.end)) \(unit)]"
    }
    if let temperature {
      let variable = Workflows.Variation.temperatureVariable
      if let variation, variation.start, variation.end {
        text.line("temperature: \(variable)")
      } else if let variation {
        let ends = [
          variation.start ? variable : "\(NumberText.exact(temperature.start)) K",
          variation.end ? variable : "\(NumberText.exact(temperature.end)) K",
        ]
        text.line("temperature: [\(ends.joined(separator: ", "))]")
      } else {
        text.line("temperature: \(ramp(temperature, "K"))")
      }
    }
    if let pressure { text.line("pressure: \(ramp(pressure, "GPa"))") }
    if let rate = variation?.rate {
      text.line("rate: \(NumberText.exact(rate)) K/ps")
    } else {
      text.line("steps: \(steps)  # \(NumberText.significant(duration, 8)) ps")
    }
    text.line("timestep: \(NumberText.exact(timestep)) ps")
    if let thermostat { text.line("thermostat: {form: \(thermostat.form.rawValue), damping: \(NumberText.exact(thermostat.damping)) ps}") }
    if let barostat { text.line("barostat: {coupling: \(barostat.coupling.rawValue), damping: \(NumberText.exact(barostat.damping)) ps}") }
    text.line("thermo: {every: \(thermoInterval) steps}")
    if longRangeInterval > 1 { text.line("long-range: {every: \(longRangeInterval) steps}") }
    text.line("remove-momentum: {every: \(momentumRemovalInterval) steps}")
    if let trajectory {
      text.line(
        "trajectory: {every: \(trajectory.interval) steps, format: \(trajectory.format.rawValue), "
          + "file: \(YAMLText.scalar(trajectory.file))}")
    }
  }
}

/// Indented YAML.
private struct YAMLText {
  private(set) var text = ""
  private var indentation = 0

  mutating func line(_ content: String) {
    text += String(repeating: " ", count: indentation) + content + "\n"
  }

  mutating func indented(_ body: (inout YAMLText) -> Void) {
    indentation += 2
    body(&self)
    indentation -= 2
  }

  mutating func settings(_ settings: [Setting]) {
    for setting in settings {
      let key = Self.scalar(setting.key)
      switch setting.value {
      case .text(let text): line("\(key): \(Self.scalar(text))")
      case .list(let items): line("\(key): [\(items.map(Self.scalar).joined(separator: ", "))]")
      case .mapping(let pairs):
        line("\(key): {\(pairs.map { $0.map(Self.scalar).joined(separator: ": ") }.joined(separator: ", "))}")
      }
    }
  }

  /// A text as a YAML scalar: as it is where that is safe, in double quotes where not.
  static func scalar(_ text: String) -> String {
    let safe = text.utf8.allSatisfy { byte in
      switch byte {
      case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "0")...UInt8(ascii: "9"): true
      default: " _-./+()%^".utf8.contains(byte)
      }
    }
    let startsSafely = text.utf8.first.map { !" -%.".utf8.contains($0) || text.hasPrefix("./") || text.hasPrefix("../") } ?? false
    if safe, startsSafely, !text.hasSuffix(" "), !["null", "Null", "NULL"].contains(text) { return text }
    return quoted(text)
  }

  /// A text in double quotes.
  static func quoted(_ text: String) -> String {
    var quoted = ""
    JSONValue.writeString(text, to: &quoted)
    return quoted
  }
}
