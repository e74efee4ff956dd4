import Foundation
import Testing

@testable import Workflows

@Suite("How LAMMPS is started")
struct LAMMPSLaunchTests {
  /// A folder with empty programs of these names, as the only one along PATH.
  private func path(_ names: String...) throws -> (folder: TemporaryFolder, environment: [String: String]) {
    let folder = try TemporaryFolder()
    for name in names {
      let isMade = FileManager.default.createFile(atPath: folder.file(name), contents: Data(), attributes: [.posixPermissions: 0o755])
      #expect(isMade)
    }
    return (folder, ["PATH": "/nowhere:" + folder.path])
  }

  private func arguments(
    _ command: String? = nil, processes: Int? = nil, threads: Int = 2, in environment: [String: String]
  ) throws -> [String] {
    try LAMMPSLaunch(EngineLaunch(command: command, processes: processes), threads: threads, environment: environment).arguments
  }

  private func message(_ body: () throws -> Void) -> String {
    do {
      try body()
      return ""
    } catch { return (error as? WorkflowsError)?.message ?? "\(error)" }
  }

  @Test("one word is the program, several are the whole command")
  func commands() throws {
    let (folder, environment) = try path("lmp", "mpirun", "srun")
    #expect(try arguments(in: environment) == ["mpirun", "-np", "2", "lmp"])
    #expect(try arguments(processes: 1, in: environment) == ["lmp"])
    #expect(try arguments(threads: 1, in: environment) == ["lmp"])
    #expect(try arguments(processes: 5, in: environment) == ["mpirun", "-np", "5", "lmp"])
    #expect(try arguments("srun lmp", in: environment) == ["srun", "lmp"])
    #expect(try arguments("srun -n {processes} 'my lmp'", processes: 8, in: environment) == ["srun", "-n", "8", "my lmp"])
    #expect(try arguments(folder.file("lmp"), processes: 3, in: environment) == ["mpirun", "-np", "3", folder.file("lmp")])
    let named = environment.merging([LAMMPSLaunch.variable: "srun lmp"]) { _, new in new }
    #expect(try arguments(in: named) == ["srun", "lmp"])
    #expect(try arguments("lmp", processes: 1, in: named) == ["lmp"])
  }

  @Test("what the person set in the environment stays")
  func environment() throws {
    let (folder, environment) = try path("lmp", "mpirun")
    let plain = try LAMMPSLaunch(EngineLaunch(processes: 10_000), threads: 0, environment: environment).environment
    #expect(plain["OMP_NUM_THREADS"] == "1")
    #expect(plain["OMPI_MCA_rmaps_base_oversubscribe"] == "1")
    let own = environment.merging(["OMP_NUM_THREADS": "4"]) { _, new in new }
    #expect(try LAMMPSLaunch(EngineLaunch(processes: 2), threads: 0, environment: own).environment["OMP_NUM_THREADS"] == nil)
    withExtendedLifetime(folder) {}
  }

  @Test("what is missing or makes no sense is said, and how to mend it")
  func errors() throws {
    let (empty, nothing) = try path()
    #expect(
      message { _ = try arguments(in: nothing) }.contains("there is no program \"lmp\"; install LAMMPS and Open MPI with make engines"))
    let (serial, environment) = try path("lmp")
    #expect(message { _ = try arguments(in: environment) }.contains("there is no mpirun to start 2 processes"))
    #expect(message { _ = try arguments("lmp -sf opt", processes: 4, in: environment) }.contains("write {processes} there"))
    #expect(message { _ = try arguments("lmp 'x", in: environment) }.contains("opens a quote"))
    #expect(message { _ = try arguments(" ", in: environment) }.contains("is empty"))
    withExtendedLifetime((empty, serial)) {}
  }
}
