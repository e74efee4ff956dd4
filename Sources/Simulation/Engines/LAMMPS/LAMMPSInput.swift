import Formats
import Interactions
import Structures

/// A run as input of LAMMPS: files that a person can read, change, and run by hand with `lmp -in run.lmp`.
///
/// Units are metal. The potential is the same to the accuracy of ``LAMMPSPairTable``; docs/engines.md says which of LAMMPS's thermostats and
/// barostats stand for ours.
public struct LAMMPSInput: Sendable {
  /// A file of the input.
  public struct File: Sendable {
    public var name: String
    public var text: String
  }

  /// All files but the atoms.
  public let files: [File]
  /// The atoms to begin with, as the file ``startName`` holds them: numbered from 1, turned as LAMMPS wants it.
  public let start: Configuration
  /// The parts of the potential energy, in the order of ``LAMMPSLog/Row/terms``.
  public let terms: [EnergyTerm]
  private let stems: [String]

  /// Translates a run.
  ///
  /// - Parameter title: A line for people.
  /// - Throws: ``SimulationError`` with code `.inexpressible` where LAMMPS has no counterpart, `.invalidStage` where a stage is none.
  public init(
    _ configuration: Configuration, interactions: ResolvedForceField, stages: [LAMMPSStage], seed: UInt64, title: String
  ) throws {
    guard configuration.cell.isPeriodic else {
      throw SimulationError(
        .inexpressible, "engine lammps: the cell must repeat along all three edges; make it periodic, or use the engine native")
    }
    var start = configuration
    start.identifiers = []
    start.molecules = []
    // The types of the terms are the forms of the interactions; older versions of LAMMPS cannot read names for them.
    start.topology = Topology()
    if let bonded = interactions.bonded {
      (start.topology.bonds, start.topology.angles, start.topology.dihedrals) = (bonded.bonds, bonded.angles, bonded.dihedrals)
    }
    start.charges = interactions.charges(of: start)
    self.start = start
    let potential = try LAMMPSPotential(interactions, for: start)
    terms = potential.terms
    stems = stages.enumerated().map { index, stage in
      stage.name.hasPrefix("\(index + 1)-") ? stage.name : "\(index + 1)-\(stage.name)"
    }
    var files = [File(name: "potential.lmp", text: potential.commands)] + potential.files.map { File(name: $0.name, text: $0.text) }
    var atomsMove = start.velocities.contains { $0 != .zero }
    for (index, stage) in stages.enumerated() {
      var initialTemperature: Double?
      var degreesOfFreedom = 3 * start.count - 3
      if case .dynamics(let dynamics, let temperature, _) = stage.action {
        try dynamics.check(atoms: start.count, cell: start.cell)
        if !atomsMove { initialTemperature = temperature }
        degreesOfFreedom = dynamics.degreesOfFreedom(atoms: start.count)
      }
      let writer = LAMMPSStageWriter(
        number: index + 1, fileStem: stems[index], stage: stage, initialTemperature: initialTemperature, atomsMove: atomsMove,
        terms: potential.terms.map { LAMMPSPotential.variable($0) }, degreesOfFreedom: degreesOfFreedom, seed: seed)
      files.append(File(name: stems[index] + ".lmp", text: try writer.text()))
      if case .dynamics = stage.action { atomsMove = true }
    }
    let main = Self.main(
      stems: stems, style: start.topology.isEmpty ? "charge" : "full", isTilted: !start.cell.isOrthorhombic, title: title)
    self.files = [File(name: Self.mainName, text: main)] + files
  }

  /// The input that begins everything.
  public static let mainName = "run.lmp"
  /// The atoms to begin with.
  public static let startName = "start.data"

  /// The atoms at the end of a stage, counted from 0, as LAMMPS writes them; -1 gives those to begin with.
  public func endName(ofStage stage: Int) -> String { stage < 0 ? Self.startName : stems[stage] + ".data" }

  /// The frames of a stage, counted from 0.
  public func framesName(ofStage stage: Int) -> String { stems[stage] + ".lammpstrj" }

  /// What follows the name of the program in order to run all stages from one on, counted from 0.
  public func arguments(fromStage stage: Int, log: String) -> [String] {
    ["-in", Self.mainName, "-log", log, "-var", "first", "\(stage + 1)", "-var", "start", endName(ofStage: stage - 1)]
  }

  private static func main(stems: [String], style: String, isTilted: Bool, title: String) -> String {
    var text = """
      # \(LAMMPSText.plain(title))
      # Written by Vitrolyte. By hand, in this folder:  mpirun -np 4 lmp -in \(mainName)
      # To go on after stage 2:  mpirun -np 4 lmp -in \(mainName) -var first 3 -var start \(stems.count > 1 ? stems[1] : "2-name").data
      variable first index 1
      variable start index \(startName)

      units metal
      atom_style \(style)
      boundary p p p
      \(isTilted ? "box tilt large\n" : "")read_data ${start}
      include potential.lmp
      neighbor 1.5 bin
      neigh_modify every 1 delay 0 check yes


      """
    for (index, stem) in stems.enumerated() { text += "if \"${first} <= \(index + 1)\" then \"include \(stem).lmp\"\n" }
    return text
  }
}
