import Structures
import Testing

@testable import Workflows

@Suite("Recipes that vary something")
struct VariationTests {
  static func text(_ stages: String, _ vary: String = "vary: {temperature: [700 K, 800 K]}") -> String {
    "name: x\nseed: 5\nsystem: {formula: SiO2, atoms: 9}\npotential: pmmcs\nstages:\n\(stages)\n\(vary)\n"
  }

  static let stages = """
      - nvt: {name: melt, temperature: 1000 K, duration: 1 ps}
      - nvt: {name: wait, temperature: 300 K, duration: 1 ps}
      - npt: {name: heat, temperature: [300 K, $temperature], rate: 100 K/ps}
      - nvt: {name: hold, temperature: $temperature, duration: 2 ps, trajectory: {every: 10 fs}}
    """

  @Test("the recipe with its defaults reads back to the same one")
  func roundTrip() throws {
    for vary in ["vary: {temperature: [700 K, 800 K]}", "vary: {temperature: [700 K], replicas: 3, from: wait}"] {
      let recipe = try Recipe(parsing: Self.text(Self.stages, vary))
      #expect(try Recipe(parsing: recipe.yaml) == recipe)
      #expect(recipe.yaml.contains("[300 K, $temperature]"))
    }
    let recipe = try Recipe(parsing: Self.text(Self.stages))
    let branch = recipe.recipe(of: recipe.branches[1], start: "/tmp/start.data")
    #expect(try Recipe(parsing: branch.yaml) == branch)
  }

  @Test("stages before the first that depends on the temperature are common; those of a branch have its values")
  func branches() throws {
    let recipe = try Recipe(parsing: Self.text(Self.stages))
    #expect(recipe.vary == Variation(temperatures: [700, 800], firstStage: 2))
    #expect(recipe.commonRecipe?.stages.map(\.name) == ["melt", "wait"])
    #expect(recipe.branches.map(\.name) == ["700K", "800K"])
    for (branch, steps) in zip(recipe.branches, [4000, 5000]) {
      let own = recipe.recipe(of: branch, start: "start.data")
      // What the same stages say with the temperature written out.
      let plain = Self.stages.split(separator: "\n").suffix(2).joined(separator: "\n")
        .replacing("$temperature", with: "\(Int(branch.temperature)) K")
      #expect(own.stages == (try Recipe(parsing: Self.text(plain, ""))).stages)
      #expect(own.stages[0].steps == steps)
      #expect(own.vary == nil && own.seed == branch.seed)
    }
    let early = try Recipe(parsing: Self.text(Self.stages, "vary: {temperature: [700 K], replicas: 2, from: wait}"))
    #expect(early.vary?.firstStage == 1)
    // Replicas that are added later leave the first where it is.
    #expect(early.branches.map(\.name) == ["700K", "700K-2"])
  }

  @Test("seeds of branches depend on seed, temperature and replica alone, and differ")
  func seeds() throws {
    let few = try Recipe(parsing: Self.text(Self.stages, "vary: {temperature: [800 K], replicas: 2}"))
    let many = try Recipe(parsing: Self.text(Self.stages, "vary: {temperature: [600 K, 700 K, 800 K, 900 K], replicas: 3}"))
    #expect(few.branches.map(\.seed) == Array(many.branches.map(\.seed)[6..<8]))
    #expect(Set(many.branches.map(\.seed)).count == 12)
    var other = many
    other.seed = 6
    #expect(Set(many.branches.map(\.seed)).isDisjoint(with: other.branches.map(\.seed)))
  }

  @Test(
    "mistakes have a place and a remedy",
    arguments: [
      ("vary: {}", "does not say what to vary"), ("vary: {temperature: 700 K}", "is a list"), ("vary: {temperature: []}", "is a list"),
      ("vary: {temperature: [700]}", "has no unit"), ("vary: {temperature: [700 K, 700 K]}", "replicas"),
      ("vary: {temperature: [700 K], replicas: 0}", "outside its bounds"), ("vary: {temperature: [700 K], from: hodl}", "did you mean"),
      ("vary: {temperature: [700 K], from: hold}", "branch there or earlier"),
      ("vary: {pressure: [1 GPa]}", "no key of vary"), ("", "varies none"),
    ])
  func mistakes(_ vary: String, _ words: String) throws {
    let error = #expect(throws: WorkflowsError.self) { try Recipe(parsing: Self.text(Self.stages, vary), file: "r.yaml") }
    #expect(error?.message.contains(words) == true, "\(error?.message ?? "")")
    #expect(error?.message.hasPrefix("r.yaml:") == true)
    #expect(error?.isInputError == true)
  }

  @Test("a recipe whose stages vary nothing is refused")
  func nothing() {
    let error = #expect(throws: WorkflowsError.self) {
      try Recipe(parsing: Self.text("  - nvt: {temperature: 300 K, steps: 1}"))
    }
    #expect(error?.message.contains("write $temperature") == true)
  }

  @Test("a branch at the temperature that a ramp comes from is there in one step")
  func emptyRamp() throws {
    for list in ["[300 K, 800 K]", "[800 K, 300 K]"] {
      let recipe = try Recipe(parsing: Self.text(Self.stages, "vary: {temperature: \(list)}"))
      #expect(try Recipe(parsing: recipe.yaml) == recipe)
      let steps = Dictionary(uniqueKeysWithValues: recipe.branches.map { ($0.name, recipe.recipe(of: $0, start: "x").stages[0].steps) })
      #expect(steps == ["300K": 1, "800K": 5000])
    }
  }

  @Test("atoms of a file that are held hot to the end are no melt; those that are cooled, and packed ones, are")
  func melt() throws {
    func hottest(_ system: String, _ stages: [String]) throws -> Int? {
      let list = stages.map { "  - nvt: {temperature: \($0), duration: 1 ps}\n" }.joined()
      return try Recipe(parsing: "name: x\nsystem: \(system)\npotential: pmmcs\nstages:\n\(list)").hottestStage
    }
    let branch = ["[300 K, 1200 K]", "1200 K"]
    #expect(try hottest("{file: start.data}", branch) == nil)
    #expect(try hottest("{file: crystal.cif}", branch + ["[1200 K, 300 K]"]) == 1)
    #expect(try hottest("{formula: SiO2, atoms: 9}", branch) == 1)
    #expect(try hottest("{formula: SiO2, atoms: 9}", ["900 K"]) == nil)
  }
}
