/// The keys of a recipe outside its stages and analyses.
public enum RecipeSchema {
  public static let name = RecipeParameter("name", .text, required: true, "The title of the run and of its report.")
  public static let seed = RecipeParameter("seed", .count(0...Int.max), default: "1", "The seed of all random numbers.")
  public static let engine = RecipeParameter(
    "engine", .choice(Recipe.Engine.allCases.map(\.rawValue)), default: "native", "What moves the atoms.")
  /// The keys of `engine` where it is a mapping.
  public static let engineKeys = [
    RecipeParameter(
      "name", .choice(Recipe.Engine.allCases.map(\.rawValue)), required: true, "What moves the atoms."),
    RecipeParameter(
      "command", .text, default: "`lmp`, or what VITROLYTE_LAMMPS says",
      "Where the program is, or a whole command such as `srun -n {processes} lmp`."),
    RecipeParameter("processes", .count(1...1_000_000), default: "`threads`", "How many processes share the atoms."),
  ]
  public static let precision = RecipeParameter(
    "precision", .choice(Recipe.Precision.allCases.map(\.rawValue)), default: "mixed",
    "Arithmetic of the force loops: pairs in single precision and sums in double, or all in double.")
  public static let threads = RecipeParameter(
    "threads", .text, default: "all", "A whole number from 1, or `all` for every core; the result does not depend on it.")
  public static let checkpoint = RecipeParameter(
    "checkpoint",
    .group([RecipeParameter("every", .wallTime(0.01...604_800), default: "1 min", "The time between checkpoints.")]),
    default: "the defaults of its keys", "How much an interrupted run can lose; the result does not depend on it.")
  public static let report = RecipeParameter("report", .flag, default: "true", "Whether the run ends with `report.html`.")

  /// The keys of `system`; exactly one of ``systemSources`` says what the atoms are.
  public static let systemKeys = [
    RecipeParameter("composition", .text, "Constituents and their shares in mol %, as in {Li2O: 40, B2O3: 30, P2O5: 30}; 100 in all."),
    RecipeParameter("formula", .text, "One formula, as in Li3PS4."),
    RecipeParameter("file", .text, "A file with atoms and cell, taken as they are; relative to the recipe."),
    RecipeParameter(
      "units", .text,
      "Structural units of the force field, and the share of the network former's atoms (phosphorus) in each, as in "
        + "{PS4: 0.58, P2S7: 0.20, P2S6: 0.22}; 1 in all. Cations come on top, as many as balance the charge."),
    RecipeParameter(
      "unit-counts", .text,
      "Structural units of the force field and how many of each, as in {PS4: 201, P2S7: 413, P2S6: 91}; atoms follows."),
    RecipeParameter("atoms", .count(1...1_000_000_000), "About how many atoms to pack; the true number keeps the stoichiometry exact."),
    RecipeParameter(
      "density", .quantity(.density, 0.01...30), default: "a guess from known glasses", "The density to pack at; units need it."),
  ]

  /// The keys of `system` that say what the atoms are.
  static let systemSources = ["composition", "formula", "file", "units", "unit-counts"]

  /// The keys of `vary`.
  public static let varyKeys = [
    RecipeParameter(
      "temperature", .text, required: true,
      "A list of temperatures, as in [700 K, 800 K, 900 K, 1000 K]: a branch at each, which stands as `$temperature` in its stages."),
    RecipeParameter(
      "replicas", .count(1...1000), default: "1", "Branches at each temperature, with random numbers of their own."),
    RecipeParameter(
      "from", .text, default: "the first stage with `$temperature`",
      "The name of the first stage of the branches; the stages before it run once, and all branches begin with their last atoms."),
  ]

  /// The keys that become single values.
  static let valueKeys = [name, seed, precision, threads, checkpoint, report]

  /// All keys of a recipe, in the order in which it is written.
  public static let keys = [
    "name", "seed", "system", "potential", "engine", "precision", "threads", "checkpoint", "stages", "vary", "analyze",
    "report",
  ]
}
