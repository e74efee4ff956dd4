import NumericalMethods
import Structures

#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif
#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// The command that starts LAMMPS on this machine.
///
/// What the command line or the recipe says comes first, then the environment variable `VITROLYTE_LAMMPS`, then `lmp`. One word is the
/// program, which `mpirun` starts where it is to have more than one process; several words are the whole command.
public struct LAMMPSLaunch: Hashable, Sendable {
  /// The command without the options of LAMMPS.
  public let arguments: [String]
  /// What the environment has beside that of this process.
  public let environment: [String: String]

  public static let variable = "VITROLYTE_LAMMPS"
  private static let hint = "install LAMMPS and Open MPI with make engines (on Debian: apt-get install lammps openmpi-bin)"

  /// Finds the program.
  ///
  /// - Parameters:
  ///   - threads: The processes to start where `launch` does not say; 0 for one a core.
  ///   - environment: That of this process.
  /// - Throws: ``WorkflowsError`` with code `.engine` where the program is not there, `.invalidOption` where the command makes no sense.
  public init(_ launch: EngineLaunch, threads: Int, environment: [String: String] = ProcessInfo.processInfo.environment) throws {
    let text = launch.command ?? environment[Self.variable].flatMap { $0.isEmpty ? nil : $0 } ?? "lmp"
    var words = try Self.words(of: text)
    guard let program = words.first else {
      throw WorkflowsError(.invalidOption, "engine lammps: the command is empty; give the program, as in lmp, or leave it out")
    }
    let processes = launch.processes ?? (threads > 0 ? threads : WorkerPool.availableCores)
    let path = environment["PATH"] ?? ""
    guard Self.isProgram(program, path: path) else {
      throw WorkflowsError(
        .engine,
        "engine lammps: there is no program \"\(program)\"; \(Self.hint), or say where it is with --engine-command or \(Self.variable)")
    }
    // LAMMPS works in its own folder.
    if program.contains("/") { words[0] = Files.absolute(program) }
    if words.count == 1, processes > 1 {
      guard Self.isProgram("mpirun", path: path) else {
        throw WorkflowsError(
          .engine, "engine lammps: there is no mpirun to start \(processes) processes with; \(Self.hint), or take --processes 1")
      }
      arguments = ["mpirun", "-np", String(processes)] + words
      self.environment = Self.additions(processes: processes).filter { environment[$0.key] == nil }
      return
    }
    if words.count > 1, launch.processes != nil, !text.contains(Self.placeholder) {
      throw WorkflowsError(
        .invalidOption,
        "engine lammps: the command \"\(text)\" does not say where the number of processes belongs; write \(Self.placeholder) there, as in "
          + "srun -n \(Self.placeholder) lmp, or leave the number out")
    }
    arguments = words.map { $0.replacing(Self.placeholder, with: String(processes)) }
    self.environment = environment["OMP_NUM_THREADS"] == nil ? ["OMP_NUM_THREADS": "1"] : [:]
  }

  private static let placeholder = "{processes}"

  /// What Open MPI needs to be told, harmless to others: that root in a container may start processes, that there may be more of them than cores,
  /// and that two runs must not be bound to the same core.
  private static func additions(processes: Int) -> [String: String] {
    var result = ["OMP_NUM_THREADS": "1", "OMPI_MCA_hwloc_base_binding_policy": "none", "PRTE_MCA_hwloc_default_binding_policy": "none"]
    // Processes that wait for others would keep them from the cores that they share with something else, and each step wait for the slowest.
    if processes >= WorkerPool.availableCores { result["OMPI_MCA_mpi_yield_when_idle"] = "1" }
    if processes > WorkerPool.availableCores {
      result["OMPI_MCA_rmaps_base_oversubscribe"] = "1"
      result["PRTE_MCA_rmaps_default_mapping_policy"] = ":oversubscribe"
    }
    if geteuid() == 0 {
      result["OMPI_ALLOW_RUN_AS_ROOT"] = "1"
      result["OMPI_ALLOW_RUN_AS_ROOT_CONFIRM"] = "1"
    }
    return result
  }

  /// The words of a command; quotes hold blanks together.
  static func words(of text: String) throws -> [String] {
    var words: [String] = []
    var word: String?
    var quote: Character?
    for character in text {
      if let open = quote {
        if character == open { quote = nil } else { word = (word ?? "") + String(character) }
      } else if character == "\"" || character == "'" {
        quote = character
        word = word ?? ""
      } else if character.isWhitespace {
        if let done = word { words.append(done) }
        word = nil
      } else {
        word = (word ?? "") + String(character)
      }
    }
    guard quote == nil else {
      throw WorkflowsError(.invalidOption, "engine lammps: the command \(text) opens a quote that it does not close")
    }
    return words + (word.map { [$0] } ?? [])
  }

  private static func isProgram(_ name: String, path: String) -> Bool {
    func isExecutable(_ file: String) -> Bool { access(file, X_OK) == 0 && !Files.isFolder(file) }
    if name.contains("/") { return isExecutable(name) }
    return path.split(separator: ":").contains { isExecutable("\($0)/\(name)") }
  }
}
