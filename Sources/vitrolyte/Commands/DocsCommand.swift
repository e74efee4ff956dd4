import ArgumentParser
import Workflows

/// Pages of docs/ that are made from what the program checks.
struct DocsCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "docs", abstract: "Print a page of the documentation.", shouldDisplay: false)

  enum Page: String, CaseIterable, ExpressibleByArgument {
    case recipes
  }

  @Argument(help: "The page.")
  var page: Page

  func run() throws {
    switch page {
    case .recipes: print(RecipeReference.markdown, terminator: "")
    }
  }
}
