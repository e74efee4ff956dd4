import Formats
import Interactions
import Simulation
import Structures

/// The files that grow while a run goes on.
///
/// Each is open from its first line to the end of the run; a checkpoint records how long each was, and a resumed run cuts them there.
final class RunOutputs {
  private let folder: RunFolder
  private let terms: [EnergyTerm]
  private let thermo: ThermoLog
  private var trajectories: [String: any FrameWriter] = [:]
  private var lengths: [String: UInt64]

  init(_ folder: RunFolder, terms: [EnergyTerm], hasMovingShells: Bool = false, continuing checkpoint: RunCheckpoint?) throws {
    self.folder = folder
    self.terms = terms
    lengths = checkpoint?.fileLengths ?? [:]
    thermo = try ThermoLog(
      path: folder.file(RunFolder.thermoName), terms: terms.map(\.rawValue),
      further: hasMovingShells ? ["core_shell_temperature_K"] : [], continuingAt: lengths[RunFolder.thermoName])
  }

  func record(_ now: Thermodynamics, stage: String, cell: Cell) throws {
    try thermo.append(
      ThermoRow(
        step: now.step, time: now.time, stage: stage, temperature: now.temperature, potentialEnergy: now.potentialEnergy ?? 0,
        kineticEnergy: now.kineticEnergy, conservedEnergy: now.conservedEnergy ?? 0, pressure: now.pressure, cell: cell,
        density: now.density, terms: terms.map { now.energyTerms[$0] ?? 0 }, further: now.shellTemperature.map { [$0] } ?? []))
  }

  func record(_ row: ThermoRow) throws { try thermo.append(row) }

  func append(_ frame: Frame, to output: Dynamics.TrajectoryOutput) throws {
    try writer(output).append(frame)
  }

  private func writer(_ output: Dynamics.TrajectoryOutput) throws -> any FrameWriter {
    if let open = trajectories[output.file] { return open }
    let path = folder.file(output.file)
    try Files.createFolder(Files.parent(of: path))
    let writer = BackgroundFrameWriter(
      try FileFormats.openWriter(
        path: path, options: WriteOptions(decimals: 5), appendingAt: lengths[output.file].map { Int($0) }))
    trajectories[output.file] = writer
    return writer
  }

  /// Brings everything to the disk and tells how long each file is.
  func synchronize() throws -> [String: UInt64] {
    lengths[RunFolder.thermoName] = try thermo.synchronize()
    for (name, writer) in trajectories {
      try writer.flush()
      lengths[name] = UInt64(writer.byteOffset)
    }
    return lengths
  }

  /// Makes the rows so far visible to readers.
  func flush() throws { try thermo.flush() }
}
