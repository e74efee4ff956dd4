import NumericalMethods
import Structures

/// The analyses of a recipe over what its stages wrote.
struct RunAnalyses {
  let folder: RunFolder
  let recipe: Recipe
  let species: [Species]
  let pool: WorkerPool

  struct Outcome {
    var results: JSONValue
    var shortcomings: [String] = []
  }

  func perform(note: (String) -> Void) throws -> Outcome {
    Outcome(results: .object([JSONValue.Member]()))
  }
}
