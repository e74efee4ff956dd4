import Structures

/// Turns the keys of a dynamics stage into numbers of steps and targets.
enum DynamicsParsing {
  static func action(_ ensemble: Dynamics.Ensemble, _ values: ParsedGroup, stageName: String) throws -> Stage.Action {
    let timestep = values.quantity("timestep") ?? 0.001
    let temperature = values.ramp("temperature") ?? values.quantity("temperature").map { Dynamics.Ramp($0) }
    let pressure = ensemble == .npt ? values.ramp("pressure") ?? Dynamics.Ramp(0) : nil
    let steps = try self.steps(values, timestep: timestep, temperature: temperature, pressure: pressure)
    var thermostat: Dynamics.Thermostat?
    if ensemble != .nve {
      let group = try values.group("thermostat")
      let form = group.choice("form").flatMap(Dynamics.Thermostat.Form.init(rawValue:)) ?? .noseHooverChain
      if ensemble == .npt, form != .noseHooverChain {
        throw values.error(
          "npt works with the thermostat nose-hoover-chain, not \(form.rawValue): the barostat of Martyna, Tobias and Klein is coupled to "
            + "Nosé-Hoover chains; leave the form out", at: "thermostat")
      }
      thermostat = Dynamics.Thermostat(form: form, damping: group.quantity("damping") ?? (form == .langevin ? 1 : 0.1))
    }
    var barostat: Dynamics.Barostat?
    if ensemble == .npt {
      let group = try values.group("barostat")
      barostat = Dynamics.Barostat(
        coupling: group.choice("coupling").flatMap(Dynamics.Barostat.Coupling.init(rawValue:)) ?? .isotropic,
        damping: group.quantity("damping") ?? 1)
    }
    let thermo = try values.group("thermo").interval("every", timestep: timestep)
    let removal = try values.group("remove-momentum").interval("every", timestep: timestep)
    let longRange = try values.group("long-range").interval("every", timestep: timestep) ?? 1
    guard steps % longRange == 0, (thermo ?? 100) % longRange == 0 else {
      throw values.error(
        "long-range forces every \(longRange) steps need a number of steps (\(steps)) and an interval of thermo (\(thermo ?? 100) steps) that "
          + "are multiples of it", at: "long-range")
    }
    return .dynamics(
      Dynamics(
        ensemble: ensemble, temperature: temperature, pressure: pressure, steps: steps, timestep: timestep,
        thermostat: thermostat, barostat: barostat,
        trajectory: try trajectory(values, timestep: timestep, stageName: stageName),
        thermoInterval: thermo ?? 100, momentumRemovalInterval: removal ?? 1000, longRangeInterval: longRange))
  }

  /// The number of steps from exactly one of `duration`, `rate` and `steps`.
  private static func steps(_ values: ParsedGroup, timestep: Double, temperature: Dynamics.Ramp?, pressure: Dynamics.Ramp?) throws -> Int {
    let given = ["duration", "rate", "steps"].filter { values.has($0) }
    guard given.count == 1, let key = given.first else {
      throw values.error(
        given.isEmpty
          ? "the stage has no length; give one of duration (20 ps), steps (20000) and, for a ramp, rate (10 K/ps)"
          : "\(given.joined(separator: " and ")) both say how long the stage is; leave all but one out", at: given.last)
    }
    if key == "steps" { return values.count("steps") ?? 1 }
    var time: Double
    if key == "duration" {
      time = values.quantity("duration") ?? 0
    } else {
      guard let rate = values.rate("rate") else { return 1 }
      let isTemperature = rate.dimension == .temperatureRate
      let what = isTemperature ? "temperature" : "pressure"
      guard let ramp = isTemperature ? temperature : pressure, !ramp.isConstant else {
        throw values.error(
          "a rate in \(rate.dimension.internalUnit) needs a \(what) that is ramped; write \(what): [from, to], "
            + "or give a duration instead of the rate", at: "rate")
      }
      guard rate.value > 0 else {
        throw values.error("the rate must be positive, whether the \(what) rises or falls; leave the sign out", at: "rate")
      }
      time = abs(ramp.end - ramp.start) / rate.value
    }
    let count = (time / timestep).rounded()
    guard count >= 1, count <= 1e12 else {
      throw values.error(
        "\(NumberText.exact(time)) ps are \(NumberText.significant(time / timestep, 6)) steps of \(NumberText.exact(timestep)) ps; "
          + "a stage takes between 1 and 10^12", at: key)
    }
    return Int(count)
  }

  private static func trajectory(_ values: ParsedGroup, timestep: Double, stageName: String) throws -> Dynamics.TrajectoryOutput? {
    guard values.has("trajectory") else { return nil }
    let group = try values.group("trajectory")
    guard let interval = try group.interval("every", timestep: timestep) else { return nil }
    let file = group.text("file")
    // The longest ending wins: a plain dump is no compressed one.
    let fromFile = file.flatMap { file in
      Dynamics.TrajectoryOutput.Format.allCases.filter { file.hasSuffix($0.fileSuffix) || file.hasSuffix("." + $0.rawValue) }
        .max { $0.fileSuffix.count < $1.fileSuffix.count }
    }
    let given = group.choice("format").flatMap(Dynamics.TrajectoryOutput.Format.init(rawValue:))
    if let file {
      guard !file.contains("/"), file != ".", file != "..", !file.isEmpty else {
        throw group.error("\"\(file)\" is no name of a file in the run folder; leave the folder out", at: "file")
      }
      guard !RunFolder.reservedNames.contains(file) else {
        throw group.error("\"\(file)\" is a file that every run writes; choose another name", at: "file")
      }
      guard let format = given ?? fromFile else {
        let endings = Dynamics.TrajectoryOutput.Format.allCases.map(\.fileSuffix).joined(separator: ", ")
        throw group.error("\"\(file)\" does not end in a known format (\(endings)); choose such an ending or give the format", at: "file")
      }
      if let fromFile, fromFile != format {
        throw group.error(
          "\"\(file)\" ends as \(fromFile.rawValue), but the format is \(format.rawValue); change one of them, so that readers "
            + "recognise the file", at: "format")
      }
      return Dynamics.TrajectoryOutput(interval: interval, format: format, file: file)
    }
    let format = given ?? .dumpGzip
    return Dynamics.TrajectoryOutput(interval: interval, format: format, file: "trajectory-\(stageName)\(format.fileSuffix)")
  }
}
