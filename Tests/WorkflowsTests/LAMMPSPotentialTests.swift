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

    // Cubic splines through ten thousand points of r²: see LAMMPSPairTable. Energies are right to 1e-11 of the whole here, forces to 3e-7.
    try compare(system, recipe, energies: 1e-8, forces: 1e-6, pool: pool)
  }

  /// Each a part of the energy within a share of the whole, and the forces within a share of the largest.
  private func compare(
    _ system: PreparedSystem, _ recipe: Recipe, energies: Double, forces tolerance: Double, pool: WorkerPool
  ) throws {
    let folder = try TemporaryFolder()
    let input = try LAMMPSInput(recipe, system)
    for file in input.files { try file.text.write(toFile: folder.file(file.name), atomically: true, encoding: .utf8) }
    try FileFormats.write(input.start, to: folder.file(LAMMPSInput.startName))
    let style = try #require(input.files[0].text.split(separator: "\n").first { $0.hasPrefix("atom_style") })
    let commands = """
      units metal
      \(style)
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
    #expect(abs(numbers[3] - evaluation.energy) < energies * abs(evaluation.energy))
    for (term, energy) in zip(input.terms, numbers[4...]) {
      let native = try #require(evaluation.energies[term])
      #expect(abs(energy - native) < energies * abs(evaluation.energy), "\(term): \(energy), \(native)")
    }
    let largest = forces.map(\.length).max() ?? 0
    let frame = try FileFormats.readFrame(path: folder.file("forces.lammpstrj"), species: system.configuration.species).frame
    let difference = zip(frame.forces, forces).map { ($0 - $1).length }.max() ?? .infinity
    #expect(frame.forces.count == forces.count)
    #expect(difference < tolerance * largest, "\(difference) of \(largest)")
    // At rest the pressure is the virial; LAMMPS's bar is rounded to 4e-8. Parts of it cancel.
    let pressure =
      evaluation.virial.trace / (3 * input.start.cell.volume) * PhysicalConstants.gigapascalPerElectronvoltPerCubicAngstrom
    #expect(abs(numbers[2] * 1e-4 - pressure) < 100 * energies * max(1, abs(pressure)), "\(numbers[2] * 1e-4), \(pressure)")
  }

  /// P2S7 and PS4 units with lithium: every bonded term of the force field, Stillinger and Weber's term, and scaled 1-4 pairs.
  @Test("bonds, angles, dihedrals, three-body terms and lattice sums are those of the native engine", arguments: ["ewald", "spme"])
  func bonded(_ method: String) throws {
    let folder = try TemporaryFolder()
    let text = try #require(ForceField.builtinText("lps-ariga"))
      .replacingOccurrences(of: "{method: spme, cutoff: 12.0, accuracy: 1e-5}", with: "{method: \(method), cutoff: 12.0, accuracy: 1e-7}")
      // Rounded charges leave -3e-6 e on a P2S7 unit.
      .replacingOccurrences(of: "Sc: {charge: -0.342149", with: "Sc: {charge: -0.342146")
    try text.write(toFile: folder.file("lps.yaml"), atomically: true, encoding: .utf8)
    let configuration = try Self.thiophosphate()
    let system = try PreparedSystem(configuration, potential: PotentialChoice(folder.file("lps.yaml")))
    #expect(system.interactions.energyTerms == [.pair, .coulomb, .bonds, .angles, .dihedrals, .threeBody])
    let recipe = try Recipe(parsing: "name: x\nsystem: {file: x}\npotential: x\nstages:\n  - nve: {steps: 1}\n")
    // LAMMPS's formula for erfc is right to 1.5e-7 and its errors add up over pairs, to 1e-6 of the energy here; forces: 1e-7.
    try compare(system, recipe, energies: 1e-5, forces: 1e-6, pool: WorkerPool(threads: 1))
  }

  static func thiophosphate() throws -> Configuration {
    func species(_ label: String, _ symbol: String) throws -> Species { Species(try #require(Element(symbol: symbol)), label: label) }
    let kinds = try [
      species("Li", "Li"), species("P4", "P"), species("S4", "S"), species("Pa", "P"), species("S1", "S"), species("Sc", "S"),
    ]
    let tetrahedron = [Vector3(1.2, 1.15, 1.25), Vector3(-1.2, -1.1, 1.3), Vector3(-1.15, 1.25, -1.2), Vector3(1.25, -1.2, -1.1)]
    let (one, two, three) = (Vector3(5, 5, 5), Vector3(12, 5.2, 4.8), Vector3(14.9, 7.5, 5))
    var types: [Int32] = [1, 2, 2, 2, 2]
    var positions = [one] + tetrahedron.map { one + $0 }
    // The bridging sulfur lies between the two phosphorus atoms.
    types += [3, 3, 5, 4, 4, 4, 4, 4, 4]
    positions += [two, three, Vector3(13.6, 5.6, 5.8)]
    positions += [Vector3(-1.3, 1.2, 1), Vector3(-0.8, -1.8, 0.4), Vector3(0.2, 0.9, -1.9)].map { two + $0 }
    positions += [Vector3(1.9, 0.3, -0.5), Vector3(-0.6, 1.1, -1.6), Vector3(-0.4, 1.3, 1.5)].map { three + $0 }
    let lithium = [Vector3(7.4, 6.4, 8.2), Vector3(3, 7.5, 7.2), Vector3(9.3, 6.8, 4.6), Vector3(12.5, 8.6, 7), Vector3(7.7, 4.6, 7.7)]
    types += lithium.map { _ in 0 } + [0, 0]
    positions += lithium + [Vector3(15.6, 9.6, 3), Vector3(16, 4.7, 6.9)]
    let cell = try Cell(
      vectors: Matrix3(Vector3(19, 0, 0), Vector3(3, 17, 0), Vector3(-2, 1.5, 15)), origin: .zero, periodic: [true, true, true])
    var result = try Configuration(cell: cell, species: kinds, types: types, positions: positions)
    let bonds: [SIMD2<Int32>] = [
      [0, 1], [0, 2], [0, 3], [0, 4], [5, 7], [6, 7], [5, 8], [5, 9], [5, 10], [6, 11], [6, 12], [6, 13],
    ]
    result.topology.bonds = bonds.map { Topology.Term(type: 0, atoms: $0) }
    for vertex in Int32(0)..<14 {
      let others = result.topology.bonds.compactMap { $0.atoms.x == vertex ? $0.atoms.y : $0.atoms.y == vertex ? $0.atoms.x : nil }
      for (index, first) in others.enumerated() {
        for second in others.dropFirst(index + 1) { result.topology.angles.append(.init(type: 0, atoms: SIMD3(first, vertex, second))) }
      }
    }
    for end in Int32(8)...10 { result.topology.dihedrals.append(.init(type: 0, atoms: [6, 7, 5, end])) }
    for end in Int32(11)...13 { result.topology.dihedrals.append(.init(type: 0, atoms: [5, 7, 6, end])) }
    return result
  }

  @Test("other forms of bonds, angles, dihedrals and three-body terms are those of the native engine")
  func otherForms() throws {
    let recipe = try Recipe(
      parsing: "name: x\nseed: 3\nsystem: {formula: SiO2, atoms: 60, density: 1 g/cm3}\npotential: pmmcs\nstages:\n  - nve: {steps: 1}\n")
    let pool = WorkerPool(threads: 1)
    var system = try PreparedSystem(recipe, pool: pool)
    try relax(&system, pool: pool)
    let cell = system.configuration.cell
    // Bonds along a chain of atoms that are near each other, whatever they are.
    func near(_ atom: Int, among others: [Int]) -> Int {
      let positions = system.configuration.positions
      return others.min {
        cell.minimumImage(positions[$0] - positions[atom]).squaredLength < cell.minimumImage(positions[$1] - positions[atom]).squaredLength
      } ?? 0
    }
    var chain = [0]
    while chain.count < 12 { chain.append(near(chain[chain.count - 1], among: (0..<60).filter { !chain.contains($0) })) }
    let links = chain.map { Int32($0) }
    system.interactions.bonded = BondedInteractions(
      bondForms: [ClassIIBond(r0: 1.7, k2: 3, k3: -1, k4: 0.5), MorseBond(depth: 1.2, a: 1.1, r0: 1.9)],
      bonds: (0..<11).map { .init(type: Int32($0 % 2), atoms: SIMD2(links[$0], links[$0 + 1])) },
      angleForms: [
        CosineAngle(squared: 0.7, cosine0: -0.3), CosineAngle(linear: 0.4),
        ClassIIAngle(theta0: 1.9, k2: 1, k3: 0.2, k4: 0.1, bondBond: (0.3, 1.6, 1.7), bondAngle: (0.2, -0.3, 1.6, 1.7)),
      ],
      angles: (0..<10).map { .init(type: Int32($0 % 3), atoms: SIMD3(links[$0], links[$0 + 1], links[$0 + 2])) },
      dihedralForms: [DihedralForm([.init(strength: 0.2, phase: 0.3), .init(strength: -0.1, phase: 2), .init(strength: 0.3, phase: 1)])],
      dihedrals: (0..<9).map { .init(type: 0, atoms: SIMD4(links[$0], links[$0 + 1], links[$0 + 2], links[$0 + 3])) })
    system.interactions.threeBody = [
      ThreeBodyInteractions(.saturating, species: 2) { vertex, other in
        vertex == other ? nil : .exponential(gamma: 1, cutoff: vertex == 0 ? 2.6 : 2.9)
      } triplet: { vertex, _, _ in
        .init(strength: vertex == 0 ? 5 : 20, rest: vertex == 0 ? -0.33 : -0.8, saturation: vertex == 0 ? 0 : 0.6)
      },
      ThreeBodyInteractions(.cosine, species: 2) { vertex, _ in
        vertex == 1 ? .exponential(gamma: 0.8, cutoff: 3.2) : nil
      } triplet: {
        _, first, second in
        .init(strength: 1 + Double(first + second), rest: -0.2 * Double(first + second))
      },
    ]
    try compare(system, recipe, energies: 1e-8, forces: 1e-6, pool: pool)
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
