import Foundation
import Testing

@testable import Workflows

/// The checkout that holds these tests.
private let checkout = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
  .deletingLastPathComponent().path

@Suite("Documentation and examples")
struct DocumentationTests {
  @Test("docs/recipes.md is what the descriptors say (make docs writes it)")
  func recipeReference() throws {
    #expect(try Files.readText(checkout + "/docs/recipes.md") == RecipeReference.markdown)
  }

  @Test("every key of every stage is in the reference")
  func referenceIsComplete() {
    for kind in StageKind.builtins {
      for parameter in kind.parameters { #expect(RecipeReference.markdown.contains("| `\(parameter.name)` |"), "\(parameter.name)") }
    }
  }

  @Test("every example is a recipe, and survives being written")
  func examples() throws {
    let names = try Files.list(checkout + "/examples").filter { $0.hasSuffix(".yaml") }
    #expect(names.contains("libp-glass.yaml"))
    for name in names {
      let recipe = try Recipe(contentsOf: checkout + "/examples/" + name)
      #expect(try Recipe(parsing: recipe.yaml) == recipe, "\(name)")
    }
  }

  @Test("the demonstration is as long as it was measured to be")
  func demonstration() throws {
    let recipe = try Recipe(contentsOf: checkout + "/examples/libp-glass.yaml")
    // Six minutes on two cores are the limit; 250 000 steps of 1500 atoms take half of that at 0.7 ms.
    #expect(recipe.totalSteps <= 300_000)
    #expect(recipe.system.atoms == 1500)
  }

  @Test("the version is that of CITATION.cff and stands in CHANGELOG.md")
  func version() throws {
    #expect(try Files.readText(checkout + "/CITATION.cff").contains("\nversion: \(ProgramVersion.current)\n"))
    #expect(try Files.readText(checkout + "/CHANGELOG.md").contains("\n## [\(ProgramVersion.current)]"))
  }

  @Test("Files named in README.md and ARCHITECTURE.md exist")
  func links() throws {
    for page in ["README.md", "ARCHITECTURE.md", "CONTRIBUTING.md"] {
      let text = try Files.readText(checkout + "/" + page)
      for match in text.matches(of: /\]\(([A-Za-z][A-Za-z0-9_\/.\-]*)\)/) where !match.output.1.contains("images/") {
        #expect(Files.exists(checkout + "/" + match.output.1), "\(page): \(match.output.1)")
      }
    }
  }
}
