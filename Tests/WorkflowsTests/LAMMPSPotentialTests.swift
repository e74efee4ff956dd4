import Formats
import Foundation
import Interactions
import NumericalMethods
import Simulation
import Structures
import Testing

@testable import Workflows

/// LAMMPS and this program must see the same potential.
@Suite("The potential in LAMMPS", .enabled(if: LAMMPSProgram.isInstalled, LAMMPSProgram.absence), .serialized)
struct LAMMPSPotentialTests {
  struct Case: CustomTestStringConvertible, Sendable {
    var system: String
    var potential: String
    var isTriclinic = false
    var testDescription: String { "\(potential), \(system)\(isTriclinic ? ", triclinic" : "")" }
  }

  static let cases = [
    Case(
      system: "{composition: {Li2O: 40, B2O3: 30, P2O5: 30}, atoms: 300, density: 2.31 g/cm3}",
      potential: "{name: libp-du, boron-four-fold-fraction: 0.45}"),
    Case(
      system: "{composition: {Li2O: 40, B2O3: 30, P2O5: 30}, atoms: 300, density: 2.31 g/cm3}",
      potential: "{name: libp-du, boron-four-fold-fraction: 0.45, smooth: 1 A}"),
    Case(system: "{formula: SiO2, atoms: 300, density: 2.2 g/cm3}", potential: "bks"),
    Case(system: "{formula: SiO2, atoms: 300, density: 2.2 g/cm3}", potential: "pmmcs", isTriclinic: true),
    Case(system: "{formula: SiO2, atoms: 300, density: 2.2 g/cm3}", potential: "shik"),
    Case(system: "{formula: SiO2, atoms: 300, density: 2.2 g/cm3}", potential: "teter-sio2"),
    Case(system: "{composition: {SiO2: 60, B2O3: 20, Na2O: 20}, atoms: 300, density: 2.4 g/cm3}", potential: "wang-borosilicate"),
  ]

  @Test("energies by term, forces and pressure of a packed glass are those of the native engine", arguments: cases)
  func sameNumbers(_ check: Case) throws {
    let recipe = try Recipe(
      parsing: "name: x\nseed: 3\nsystem: \(check.system)\npotential: \(check.potential)\nstages:\n  - nve: {steps: 1}\n")
    let pool = WorkerPool(threads: 2)
    var system = try PreparedSystem(recipe, pool: pool)
    if check.isTriclinic { try shear(&system.configuration) }
    try relax(&system, pool: pool)

    let folder = try TemporaryFolder()
    let input = try LAMMPSInput(recipe, system)
    for file in input.files { try file.text.write(toFile: folder.file(file.name), atomically: true, encoding: .utf8) }
    try FileFormats.write(input.start, to: folder.file(LAMMPSInput.startName))
    let commands = """
      units metal
      atom_style charge
      box tilt large
      read_data start.data
      include potential.lmp
      dump forces all custom 1 forces.lammpstrj id type x y z fx fy fz
      dump_modify forces sort id format float %.17g
      thermo_style custom step pe press v_potential \(input.terms.map { "v_energy_\($0.rawValue)" }.joined(separator: " "))
      thermo_modify format float %.17g
      run 0
      """
    try commands.write(toFile: folder.file("check.lmp"), atomically: true, encoding: .utf8)
    let outcome = try LAMMPSProgram.run(["-in", "check.lmp"], in: folder.path)
    #expect(outcome.status == 0, "\(outcome.output.suffix(1000))")
    let lines = outcome.output.split(separator: "\n").map { $0.split(separator: " ") }
    let header = try #require(lines.firstIndex { $0.first == "Step" })
    let numbers = lines[header + 1].compactMap { Double($0) }

    var forces: [Vector3] = []
    let evaluation = try system.calculator(precision: .double, pool: pool).evaluate(
      positions: input.start.unwrappedPositions, cell: input.start.cell, forces: &forces, energies: true)
    // Cubic splines through ten thousand points of r²: see LAMMPSPairTable. The worst case here, 1e-10, leaves a hundredfold.
    #expect(abs(numbers[3] - evaluation.energy) < 1e-8 * abs(evaluation.energy))
    for (term, energy) in zip(input.terms, numbers[4...]) {
      let native = try #require(evaluation.energies[term])
      #expect(abs(energy - native) < 1e-8 * abs(evaluation.energy), "\(term): \(energy), \(native)")
    }
    let largest = forces.map(\.length).max() ?? 0
    let frame = try FileFormats.readFrame(path: folder.file("forces.lammpstrj"), species: system.configuration.species).frame
    let difference = zip(frame.forces, forces).map { ($0 - $1).length }.max() ?? .infinity
    #expect(frame.forces.count == forces.count)
    #expect(difference < 1e-6 * largest, "\(difference) of \(largest)")
    // At rest the pressure is the virial; LAMMPS's bar is rounded to 4e-8.
    let pressure =
      evaluation.virial.trace / (3 * input.start.cell.volume) * PhysicalConstants.gigapascalPerElectronvoltPerCubicAngstrom
    #expect(abs(numbers[2] * 1e-4 - pressure) < 1e-6 * max(1, abs(pressure)))
  }

  /// Tilts the cell and the atoms with it.
  private func shear(_ configuration: inout Configuration) throws {
    let old = configuration.cell
    let (a, b, c) = old.vectors.rows
    let cell = try Cell(vectors: Matrix3(a, b + a * 0.2, c - a * 0.1 + b * 0.3), origin: old.origin, periodic: old.periodic)
    configuration.positions = configuration.unwrappedPositions.map { old.fractional($0) * cell.vectors + cell.origin }
    configuration.images = []
    configuration.cell = cell
    configuration.wrap()
  }

  /// Takes the worst contacts of the packing away, as a run does first.
  private func relax(_ system: inout PreparedSystem, pool: WorkerPool) throws {
    var state = SimulationState(system.configuration, seed: 3)
    _ = try Minimizer(maximumForce: 0.5, maximumSteps: 100).minimize(
      &state, calculator: system.calculator(precision: .double, pool: pool), pool: pool)
    system.configuration = try state.configuration(like: system.configuration)
    system.configuration.velocities = []
  }
}
