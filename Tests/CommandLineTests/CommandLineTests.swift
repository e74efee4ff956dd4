import Foundation
import Testing
import Workflows

@Suite(
  "The command line",
  .enabled(if: Program.isBuilt, "the program vitrolyte was not built beside the tests; build all, or set VITROLYTE_BINARY"))
struct CommandLineTests {
  static let commands = ["run", "build", "energy", "relax", "info", "convert", "analyze", "arrhenius", "potentials", "report", "bench"]

  @Test("help is complete, goes to standard output, and succeeds")
  func help() throws {
    let overview = try Program.run(["--help"])
    #expect(overview.status == 0)
    #expect(overview.error.isEmpty)
    for command in Self.commands { #expect(overview.output.contains("\n  \(command) "), "\(command)") }
    for code in ["0 done", "1 failed", "2 asked wrongly", "3 done, but"] { #expect(overview.output.contains(code)) }
  }

  @Test("every command explains itself and takes --json", arguments: commands)
  func commandHelp(_ command: String) throws {
    let outcome = try Program.run([command, "--help"])
    #expect(outcome.status == 0)
    #expect(outcome.output.contains("USAGE: vitrolyte \(command)"))
    #expect(outcome.output.contains("--json"))
    #expect(outcome.output.contains("--quiet"))
  }

  @Test("the version is that of the library")
  func version() throws {
    #expect(try Program.run(["--version"]).output == ProgramVersion.current + "\n")
  }

  @Test(
    "asked wrongly is status 2, with a reason on standard error and nothing on standard output",
    arguments: [
      ["rnu"], ["run"], ["run", "a.yaml", "--frobnicate"], ["run", "a.yaml", "--threads", "0"], ["run", "a.yaml", "--seed", "-1"],
      ["run", "a.yaml", "--engine", "warp"], ["run", "a.yaml", "--dry-run", "--resume"], ["run", "no-such-recipe.yaml", "--json"],
      ["build", "--out", "a.data"], ["build", "--formula", "SiO2", "--atoms", "many", "--out", "a.data"],
      ["build", "--formula", "Xx2", "--atoms", "9", "--out", "a.data"], ["build", "--atoms", "9", "--out", "a.data"],
      ["build", "--composition", "Li2O=40", "--atoms", "9", "--out", "a.data"],
      ["build", "--formula", "SiO2", "--atoms", "9", "--density", "2.2", "--out", "a.data"],
      ["build", "--crystal", "a.cif", "--replicate", "2x2", "--out", "a.data"],
      ["build", "--crystal", "a.cif", "--atoms", "9", "--out", "a.data"], ["energy", "a.data"],
      ["energy", "a.data", "--potential", "p", "--potential-option", "nonsense"],
      ["relax", "a.data", "--potential", "p", "--cell", "round"], ["relax", "a.data", "--potential", "p", "--max-force", "1 K"],
      ["relax", "a.data", "--potential", "p", "--max-steps", "0"], ["convert", "a.data"],
      ["convert", "a.data", "b.data", "--frames", "x"], ["analyze"], ["analyze", "no-such-analysis", "a.dump"],
      ["analyze", "no-such-analysis", "--help"], ["report", "no-such-folder"], ["bench", "--steps", "0"],
      ["bench", "--configuration", "a.data"], ["docs", "poems"], ["analyze", "msd", "no-such-file.dump"], ["info", "no-such-file.data"],
      ["convert", "no-such-file.xyz", "b.data"], ["energy", "no-such-file.data", "--potential", "shik"], ["arrhenius", "no-such-folder"],
    ])
  func askedWrongly(_ arguments: [String]) throws {
    let outcome = try Program.run(arguments)
    #expect(outcome.status == 2, "\(outcome.error)")
    #expect(outcome.output.isEmpty)
    #expect(!outcome.error.isEmpty)
  }

  @Test("a mistake in a recipe is shown with its line and column")
  func recipeError() throws {
    let folder = NSTemporaryDirectory() + "vitrolyte-cli-\(UUID().uuidString)"
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let text = "name: x\nsystem: {formula: SiO2, atoms: 9}\npotential: p\nstages:\n  - nvt: {temperature: 300, steps: 1}\n"
    try text.write(toFile: folder + "/bad.yaml", atomically: true, encoding: .utf8)
    for extra in [[], ["--dry-run"]] {
      let outcome = try Program.run(["run", "bad.yaml"] + extra, in: folder)
      #expect(outcome.status == 2)
      #expect(outcome.error.hasPrefix("error: bad.yaml:5:24: stage 1, nvt: temperature: \"300\" has no unit"), "\(outcome.error)")
    }
    // A recipe that is refused leaves nothing behind.
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder) == ["bad.yaml"])
  }

  @Test("completion scripts are made for each shell", arguments: ["bash", "zsh", "fish"])
  func completions(_ shell: String) throws {
    let outcome = try Program.run(["--generate-completion-script", shell])
    #expect(outcome.status == 0)
    #expect(outcome.output.contains("vitrolyte"))
    #expect(outcome.output.contains("potentials"))
  }

  @Test("the recipe reference is printed as it stands in docs/")
  func reference() throws {
    #expect(try Program.run(["docs", "recipes"]).output == RecipeReference.markdown)
  }
}
