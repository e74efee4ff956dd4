import Simulation

/// Watches that shells with a mass of their own stay cold: warm ones no longer lie where no force acts on them.
enum ShellTemperatureGuard {
  /// Shells warmer than this share of the atoms' temperature change the forces on the atoms.
  static let share = 0.1

  /// - Throws: ``SimulationError`` where the shells are as hot as the atoms.
  static func check(_ now: Thermodynamics, timestep: Double) throws {
    guard let shells = now.shellTemperature, shells > now.temperature, shells > 10 else { return }
    throw SimulationError(
      .unstable,
      "step \(now.step): the shells are at \(NumberText.significant(shells, 3)) K, as hot as the atoms (\(NumberText.significant(now.temperature, 3)) K): "
        + "they no longer follow their cores. Take a shorter time step than \(timestep * 1e3) fs (0.2 fs is usual), heavier shells, or "
        + "shells: relaxed")
  }

  static func warning(_ now: Thermodynamics) -> String? {
    guard let shells = now.shellTemperature, shells > share * now.temperature else { return nil }
    return "the shells ended at \(NumberText.significant(shells, 3)) K, more than a tenth of the temperature of the atoms; "
      + "take a shorter time step or relaxed shells"
  }
}
