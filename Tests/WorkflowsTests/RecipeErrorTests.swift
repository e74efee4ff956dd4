import Testing

@testable import Workflows

@Suite("Recipes that are wrong")
struct RecipeErrorTests {
  /// A recipe that is right but for what replaces one of its lines.
  static func recipe(
    head: String = "name: x", system: String = "system: {formula: Li3PS4, atoms: 100}", potential: String = "potential: p",
    stage: String = "  - nvt: {temperature: 300 K, steps: 10}", tail: String = ""
  ) -> String {
    [head, system, potential, "stages:", stage, tail].joined(separator: "\n")
  }

  /// A text and what its error must say: where, what, how to mend it.
  struct Case: CustomTestStringConvertible, Sendable {
    let text: String
    let place: String
    let fragments: [String]
    var testDescription: String { fragments[0] }

    init(_ text: String, at place: String, _ fragments: String...) {
      self.text = text
      self.place = place
      self.fragments = fragments
    }
  }

  static let cases = [
    Case("", at: "1:1", "the file is empty"),
    Case("name: [", at: "2:1", "brackets"),
    Case("\tname: x", at: "1:1", "tabs"),
    Case("just words", at: "1:1", "a recipe is a mapping"),
    Case("name: x\nname: y", at: "", "\"name\" is given twice"),
    Case(recipe(head: "nmae: x"), at: "1:1", "\"nmae\" is no key of a recipe", "did you mean \"name\"?"),
    Case(recipe(head: "seed: 1"), at: "1:1", "needs name"),
    Case(recipe(head: "name: x\nseed: -1"), at: "2:7", "seed is -1, outside"),
    Case(recipe(head: "name: x\nseed: 1.5"), at: "2:7", "whole number, not \"1.5\""),
    Case(recipe(head: "name: x\nthreads: many"), at: "2:10", "all; not \"many\""),
    Case(recipe(head: "name: x\nprecision: duoble"), at: "2:12", "did you mean \"double\"?"),
    Case(recipe(head: "name: x\nengine: warp"), at: "2:9", "choose one of native"),
    Case(recipe(head: "name: x\ncheckpoint: {every: 50 fs}"), at: "2:21", "no time on the clock"),
    Case(recipe(head: "name: x\ncheckpoint: {every: 0 s}"), at: "2:21", "outside the bounds"),
    Case(recipe(head: "name: x\nreport: maybe"), at: "2:9", "true or false"),
    Case("name: x\nsystem: {formula: S, atoms: 1}\npotential: p", at: "1:1", "has no stages"),
    Case(recipe(system: "system:"), at: "1:1", "has no system"),
    Case(recipe(system: "system: {atoms: 100}"), at: "2:9", "one of composition, formula, file, units and unit-counts"),
    Case(recipe(system: "system: {formula: S, file: a, atoms: 1}"), at: "2:28", "formula and file"),
    Case(recipe(system: "system: {file: a, atoms: 1}"), at: "2:26", "leave atoms out"),
    Case(recipe(system: "system: {formula: Li3PS4}"), at: "2:9", "how many atoms"),
    Case(recipe(system: "system: {formula: Xx2O, atoms: 9}"), at: "2:19", "\"Xx\" in the formula Xx2O is no element"),
    Case(recipe(system: "system: {formula: li2o, atoms: 9}"), at: "2:19", "\"l\" does not belong"),
    Case(recipe(system: "system: {formula: Li2S, atoms: 9, density: 2}"), at: "2:44", "has no unit", "g/cm3"),
    Case(recipe(system: "system: {formula: Li2S, atoms: 9, density: 2 K}"), at: "2:44", "is a temperature, where a density is needed"),
    Case(recipe(system: "system: {formula: Li2S, atoms: 9, density: 200 g/cm3}"), at: "2:44", "outside its bounds: 0.01 to 30 g/cm3"),
    Case(recipe(system: "system: {composition: {Li2O: 40, B2O3: 50}, atoms: 9}"), at: "2:23", "add up to 90 mol %, not 100"),
    Case(recipe(system: "system: {composition: {Li2O: 40, B2O3: 60 g}, atoms: 9}"), at: "2:40", "share of B2O3"),
    Case(recipe(system: "system: {composition: {Li2O: -40, B2O3: 140}, atoms: 9}"), at: "2:30", "positive number of mol %"),
    Case(recipe(system: "system: {composition: Li2O, atoms: 9}"), at: "2:23", "mapping of formulas and shares"),
    Case(recipe(system: "system: {units: {PS4: 1}, atoms: 9}"), at: "2:9", "give it, as in density: 1.76 g/cm3"),
    Case(recipe(system: "system: {units: {PS4: 1}, density: 2 g/cm3}"), at: "2:9", "how many atoms"),
    Case(recipe(system: "system: {units: {PS4: 0.5}, atoms: 9, density: 2 g/cm3}"), at: "2:17", "add up to 0.5, not 1"),
    Case(recipe(system: "system: {units: {PS4: 58}, atoms: 9, density: 2 g/cm3}"), at: "2:23", "share of PS4", "0 to 1"),
    Case(recipe(system: "system: {units: PS4, atoms: 9, density: 2 g/cm3}"), at: "2:17", "{PS4: 0.58, P2S7: 0.20, P2S6: 0.22}"),
    Case(recipe(system: "system: {unit-counts: {PS4: 1.5}, density: 2 g/cm3}"), at: "2:29", "whole number"),
    Case(recipe(system: "system: {unit-counts: {PS4: 3}, atoms: 9, density: 2 g/cm3}"), at: "2:40", "leave atoms out"),
    Case(recipe(potential: "potential: {cutoff: 3}"), at: "3:12", "mapping with a name"),
    Case(recipe(stage: "  - nvtt: {temperature: 300 K, steps: 10}"), at: "5:5", "no stage; did you mean \"nvt\"?"),
    Case(recipe(stage: "  - nvt: {temprature: 300 K, steps: 10}"), at: "5:11", "did you mean \"temperature\"?"),
    Case(recipe(stage: "  - nvt: {steps: 10}"), at: "5:10", "stage 1, nvt needs temperature"),
    Case(recipe(stage: "  - nvt"), at: "5:5", "stage 1, nvt needs temperature"),
    Case(recipe(stage: "  - nvt: {temperature: 300, steps: 10}"), at: "5:24", "\"300\" has no unit", "a number and one of K"),
    Case(recipe(stage: "  - nvt: {temperature: 300 C, steps: 10}"), at: "5:24", "no unit of temperature"),
    Case(recipe(stage: "  - nvt: {temperature: [300 K], steps: 10}"), at: "5:24", "[from, to], not 1"),
    Case(recipe(stage: "  - nvt: {temperature: -5 K, steps: 10}"), at: "5:24", "outside its bounds"),
    Case(recipe(stage: "  - nvt: {temperature: 300 K}"), at: "5:10", "the stage has no length"),
    Case(recipe(stage: "  - nvt: {temperature: 300 K, steps: 10, duration: 1 ps}"), at: "5:38", "duration and steps both say"),
    Case(recipe(stage: "  - nvt: {temperature: 300 K, rate: 1 K/ps}"), at: "5:37", "needs a temperature that is ramped"),
    Case(recipe(stage: "  - nvt: {temperature: [2 K, 1 K], rate: -1 K/ps}"), at: "5:42", "must be positive"),
    Case(recipe(stage: "  - nvt: {temperature: [2 K, 1 K], rate: 1 GPa/ps}"), at: "5:42", "needs a pressure that is ramped"),
    Case(recipe(stage: "  - nvt: {temperature: [2 K, 1 K], rate: 1 ps}"), at: "5:42", "is a time, where a rate of temperature"),
    Case(recipe(stage: "  - nvt: {temperature: 300 K, duration: 0.4 fs}"), at: "5:41", "steps of 0.001 ps"),
    Case(recipe(stage: "  - nvt: {temperature: 300 K, steps: 10, timestep: 1 ps}"), at: "5:52", "outside its bounds"),
    Case(recipe(stage: "  - nvt: {temperature: 300 K, steps: 10, pressure: 0 GPa}"), at: "5:42", "\"pressure\" is no key of stage 1, nvt"),
    Case(
      recipe(stage: "  - nvt: {temperature: 300 K, steps: 10, timestep: 0.7 fs, trajectory: {every: 50 fs}}"), at: "5:80",
      "not a whole number of time steps", "71 steps"),
    Case(recipe(stage: "  - nvt: {temperature: 300 K, steps: 10, trajectory: {}}"), at: "5:54", "trajectory needs every"),
    Case(recipe(stage: "  - nvt: {temperature: 300 K, steps: 10, trajectory: {every: 50}}"), at: "5:62", "has no unit", "100 steps"),
    Case(
      recipe(stage: "  - nvt: {temperature: 300 K, steps: 10, trajectory: {every: 5 fs, file: ../a.extxyz}}"), at: "5:74",
      "leave the folder out"),
    Case(
      recipe(stage: "  - nvt: {temperature: 300 K, steps: 10, trajectory: {every: 5 fs, file: thermo.csv}}"), at: "5:74",
      "every run writes"),
    Case(
      recipe(stage: "  - nvt: {temperature: 300 K, steps: 10, trajectory: {every: 5 fs, file: a.foo}}"), at: "5:74",
      "does not end in a known format"),
    Case(
      recipe(stage: "  - nvt: {temperature: 300 K, steps: 10, trajectory: {every: 5 fs, format: extxyz, file: a.lammpstrj.gz}}"),
      at: "5:76", "ends as dump.gz, but the format is extxyz"),
    Case(
      recipe(stage: "  - npt: {temperature: 300 K, steps: 10, thermostat: {form: bussi}}"), at: "5:54", "npt works with the thermostat"),
    Case(recipe(stage: "  - npt: {temperature: 300 K, steps: 10, barostat: {coupling: iso}}"), at: "5:63", "choose one of isotropic"),
    Case(recipe(stage: "  - nve: {temperature: [300 K, 400 K], steps: 10}"), at: "5:24", "one temperature"),
    Case(recipe(stage: "  - nve: {steps: 10, name: a/b}"), at: "5:28", "no name of a stage"),
    Case(recipe(stage: "  - nve: {steps: 10, name: a}\n  - nve: {steps: 10, name: a}"), at: "6:28", "another stage is called a"),
    Case(
      recipe(
        stage: "  - nve: {steps: 10, trajectory: {every: 5 fs, file: a.extxyz}}\n"
          + "  - nve: {steps: 10, trajectory: {every: 5 fs, file: a.extxyz}}"), at: "6:34", "writes its trajectory to a.extxyz"),
    Case(recipe(stage: "  - nve: {steps: 10}\n    nvt: {}"), at: "6:5", "one stage", "\"- \""),
    Case(recipe(stage: "  nve"), at: "5:3", "stages is a list"),
    Case(recipe(tail: "analyze: rdf"), at: "6:10", "list of analyses"),
    Case(recipe(tail: "analyze:\n  - rdf: 5"), at: "7:10", "mapping of keys and values"),
    Case(recipe(tail: "analyze:\n  - rdf: {cutoff: [[1]]}"), at: "7:20", "deeper nesting"),
  ]

  @Test("the error says where, what, and how to mend it", arguments: cases)
  func errorIsExplained(_ example: Case) throws {
    let error = try #require(throws: WorkflowsError.self) { _ = try Recipe(parsing: example.text, file: "r.yaml") }
    #expect(error.isInputError)
    #expect(error.message.hasPrefix("r.yaml:\(example.place)"), "\(error.message)")
    for fragment in example.fragments { #expect(error.message.contains(fragment), "\(error.message)") }
  }

  @Test("no damaged recipe crashes the reader, and every error leads to a line")
  func mutatedRecipes() {
    var bytes = SmallRandom(state: 42)
    let original = Array(RecipeParsingTests.everything.utf8)
    var refused = 0
    for _ in 0..<3000 {
      var mutated = original
      for _ in 0..<(1 + bytes.next() % 4) {
        let place = bytes.next() % mutated.count
        switch bytes.next() % 3 {
        case 0: mutated[place] = UInt8(bytes.next() % 127 + 1)
        case 1: mutated.remove(at: place)
        default:
          mutated.insert(contentsOf: ["{", "[", ":", "- ", "\n", "&a ", "*a ", "1e999 ", "\"", "!!"][bytes.next() % 10].utf8, at: place)
        }
      }
      do {
        _ = try Recipe(parsing: String(decoding: mutated, as: UTF8.self), file: "r.yaml")
      } catch let error as WorkflowsError {
        refused += 1
        #expect(error.message.hasPrefix("r.yaml:"), "\(error.message)")
      } catch {
        Issue.record("an error of another kind: \(error)")
      }
    }
    // Most bytes of a recipe mean something.
    #expect(refused > 1000)
  }
}

/// Random numbers that are the same in every run.
struct SmallRandom {
  var state: UInt64

  mutating func next() -> Int {
    state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
    return Int(state >> 33)
  }
}
