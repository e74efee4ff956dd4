import Foundation
import Interactions
import NumericalMethods
import Structures
import Testing

@testable import Simulation

@Suite("Input of LAMMPS")
struct LAMMPSInputTests {
  /// Three formula units of silica, far apart.
  static func silica() throws -> Configuration {
    let (silicon, oxygen) = (try #require(Element(symbol: "Si")), try #require(Element(symbol: "O")))
    return try Configuration(
      cell: Cell(lengths: Vector3(20, 20, 20)), species: [Species(silicon), Species(oxygen)], types: [0, 1, 1, 0, 1, 1, 0, 1, 1],
      positions: (0..<9).map { Vector3(2 * Double($0), 1.5, 3) })
  }

  static func input(
    _ configuration: Configuration, _ stages: [LAMMPSStage], forceField: String = "teter-sio2", title: String = "silica & \"$x\"\n#"
  ) throws -> LAMMPSInput {
    let interactions = try ForceField.named(forceField).resolve(for: configuration)
    return try LAMMPSInput(configuration, interactions: interactions, stages: stages, seed: 7, title: title)
  }

  static func dynamics(_ ensemble: Ensemble, steps: Int = 2000, frames: Int? = nil, temperature: Double? = nil) -> LAMMPSStage.Action {
    var stage = DynamicsStage(ensemble, timestep: 0.001, steps: steps)
    if case .nvt(_, .langevin) = ensemble { stage.fixesCenterOfMass = false }
    return .dynamics(stage, initialTemperature: temperature ?? ensemble.temperature?.start, frameInterval: frames)
  }

  /// Every kind of stage.
  static let stages = [
    LAMMPSStage(name: "pack", action: .minimize(Minimizer(maximumForce: 0.5, maximumSteps: 500))),
    LAMMPSStage(name: "melt", action: dynamics(.nvt(temperature: .constant(3000), thermostat: .bussi()), frames: 50)),
    LAMMPSStage(name: "quench", action: dynamics(.nvt(temperature: Ramp(from: 3000, to: 300), thermostat: .bussi(damping: 0.01)))),
    LAMMPSStage(name: "rub", action: dynamics(.nvt(temperature: .constant(300), thermostat: .langevin()))),
    LAMMPSStage(
      name: "5-npt",
      action: dynamics(.npt(temperature: .constant(300), pressure: Ramp(from: 0, to: 1.5), barostat: Barostat(.anisotropic)))),
    LAMMPSStage(
      name: "free-cell", action: dynamics(.npt(temperature: .constant(300), pressure: .constant(0), barostat: Barostat(.triclinic)))),
    LAMMPSStage(name: "again", action: .minimize(Minimizer(maximumForce: 0.01, maximumSteps: 10))),
    LAMMPSStage(name: "hold", action: dynamics(.nvt(temperature: Ramp(from: 300, to: 310)))),
    LAMMPSStage(name: "free", action: dynamics(.nve)),
  ]

  /// With VITROLYTE_WRITE_GOLDEN=1 the file is written anew; read the difference before it is committed.
  @Test("a small recipe is translated to the text that was read and approved")
  func golden() throws {
    let input = try Self.input(Self.silica(), Self.stages)
    let text = input.files.filter { $0.name != "pairs.table" }.map { "==> \($0.name) <==\n\($0.text)" }.joined(separator: "\n")
    let path = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appendingPathComponent("Golden/lammps_input.txt")
    if ProcessInfo.processInfo.environment["VITROLYTE_WRITE_GOLDEN"] == "1" { try text.write(to: path, atomically: true, encoding: .utf8) }
    let expected = try String(contentsOf: path, encoding: .utf8)
    for (line, (new, old)) in zip(text.split(separator: "\n"), expected.split(separator: "\n")).enumerated() {
      #expect(new == old, "line \(line + 1) without empty ones")
    }
    #expect(text == expected)
  }

  @Test("tables hold the terms at their points, and a jump at the cutoff stays inside")
  func tables() throws {
    let configuration = try Self.silica()
    let interactions = try ForceField.named("teter-sio2").resolve(for: configuration)
    let table = try #require(try Self.input(configuration, []).files.first { $0.name == "pairs.table" }).text
    let sections = table.components(separatedBy: "\n\n")
    let start = try #require(sections.firstIndex { $0.contains("short-range-1-1-2\n") })
    #expect(sections[start].hasSuffix("N 10000 RSQ 0.25 8.0"))
    let curve = try #require(interactions.pair.curve(0, 1))
    let rows = sections[start + 1].split(separator: "\n").map { $0.split(separator: " ").compactMap { Double($0) } }
    #expect(rows.count == 10_000)
    for row in [rows[0], rows[300], rows[9998]] {
      #expect(abs(row[1] - (0.0625 + (row[0] - 1) / 9999 * (64 - 0.0625)).squareRoot()) < 1e-12)
      #expect((row[2], row[3]) == curve(row[1]))
    }
    // Buckingham and C/r⁶ are cut at a finite value.
    #expect(rows[9999][2] != 0)
  }

  @Test("stages are numbered, and a run can begin with any of them")
  func names() throws {
    let input = try Self.input(Self.silica(), Self.stages)
    #expect(input.endName(ofStage: -1) == "start.data")
    #expect(input.endName(ofStage: 4) == "5-npt.data")
    #expect(input.framesName(ofStage: 1) == "2-melt.lammpstrj")
    #expect(
      input.arguments(fromStage: 2, log: "x") == ["-in", "run.lmp", "-log", "x", "-var", "first", "3", "-var", "start", "2-melt.data"])
  }

  @Test("atoms that move already keep their velocities")
  func velocities() throws {
    var configuration = try Self.silica()
    let quiet = try Self.input(configuration, [LAMMPSStage(name: "a", action: Self.dynamics(.nve, temperature: 300))])
    #expect(quiet.files.contains { $0.text.contains("velocity all create 300.0 ") })
    configuration.velocities = (0..<9).map { _ in Vector3(1, 0, 0) }
    let moving = try Self.input(configuration, [LAMMPSStage(name: "a", action: Self.dynamics(.nve, temperature: 300))])
    #expect(!moving.files.contains { $0.text.contains("velocity all create") })
  }

  /// The cube of a normal number has the mean and the variance of a sum of squares, which the thermostat needs.
  @Test("Wilson and Hilferty's cube has the right mean and variance", arguments: [30, 900])
  func chiSquare(_ degrees: Int) {
    let a = 2 / (9 * Double(degrees))
    var (mean, square) = (0.0, 0.0)
    let width = 1e-3
    for step in -8000...8000 {
      let z = Double(step) * width
      let weight = exp(-z * z / 2) / (2 * Double.pi).squareRoot() * width
      let value = Double(degrees) * pow(1 - a + z * a.squareRoot(), 3)
      mean += weight * value
      square += weight * value * value
    }
    // The errors are a³ and a²/3 of them; the sum itself is exact to rounding for so smooth a function.
    #expect(abs(mean / Double(degrees) - 1) < 2 * a * a * a + 1e-11)
    #expect(abs((square - mean * mean) / (2 * Double(degrees)) - 1) < a * a + 1e-8)
  }

  @Test("what LAMMPS cannot express is an error that says what")
  func inexpressible() throws {
    func message(_ body: () throws -> Void) -> String {
      do {
        try body()
        return ""
      } catch { return (error as? SimulationError).map { "\($0.code): \($0.message)" } ?? "\(error)" }
    }
    let silica = try Self.silica()
    var open = silica
    open.cell = try Cell(vectors: Matrix3(diagonal: Vector3(20, 20, 20)), origin: .zero, periodic: [true, true, false])
    #expect(message { _ = try Self.input(open, []) }.hasPrefix("inexpressible: engine lammps: the cell must repeat"))
    let relaxing = LAMMPSStage(name: "soft", action: .minimize(Minimizer(cellRelaxation: .full)))
    #expect(message { _ = try Self.input(silica, [relaxing]) }.hasPrefix("inexpressible: engine lammps: stage soft: LAMMPS's FIRE"))
    var interactions = try ForceField.named("teter-sio2").resolve(for: silica)
    interactions.pair.specialPairs = SpecialPairs([.init(0, 1, pairFactor: 0, coulombFactor: 0)], atoms: 9)
    #expect(
      message { _ = try LAMMPSInput(silica, interactions: interactions, stages: [], seed: 1, title: "") }
        .hasPrefix("inexpressible: engine lammps: charges of bonded atoms"))
    let elements = try ["Li", "P", "O"].map { Species(try #require(Element(symbol: $0))) }
    let phosphate = try Configuration(
      cell: Cell(lengths: Vector3(20, 20, 20)), species: elements, types: [0, 0, 0, 1, 2, 2, 2, 2],
      positions: (0..<8).map { Vector3(2 * Double($0), 1.5, 3) })
    #expect(
      message { _ = try Self.input(phosphate, [], forceField: "latp-core-shell") }
        .hasPrefix("inexpressible: engine lammps: ions with shells have no translation"))
    var stage = DynamicsStage(.nve, timestep: 0, steps: 1)
    stage.energyInterval = 1
    let still = LAMMPSStage(name: "still", action: .dynamics(stage, initialTemperature: nil, frameInterval: nil))
    #expect(message { _ = try Self.input(silica, [still]) }.hasPrefix("invalidStage"))
    struct Pole: PairForm {
      func callAsFunction(_ r: Double) -> PairValue { (r < 0.3 ? .infinity : 0, 0) }
      var breakpoints: [Double] { [] }
    }
    let pole = PairInteractions(species: silica.species, charges: [0, 0], coulomb: nil) { _, _ in PairCurve([PairTerm(Pole(), cutoff: 3)]) }
    interactions.pair = pole
    #expect(
      message { _ = try LAMMPSInput(silica, interactions: interactions, stages: [], seed: 1, title: "") }
        .contains("short-range Si-Si is not finite at 0.25 Å"))
  }
}
