/// The reference of recipes as Markdown, made from the descriptors, so that it cannot disagree with the program.
public enum RecipeReference {
  /// The text of docs/recipes.md.
  public static var markdown: String {
    var text = """
      # Recipes

      A recipe is a YAML file that says what a run is. Numbers carry their unit as text (`20 ps`, `3000 K`, `2.31 g/cm3`); a number
      without a unit is an error where one is needed, and so is an unknown key. `vitrolyte run RECIPE.yaml` runs it,
      `vitrolyte run RECIPE.yaml --dry-run` only checks it. The run folder keeps the recipe with every default written out.

      This page is made by `vitrolyte docs recipes` from what the program checks; `make docs` writes it again.

      ## Keys of a recipe

      | key | value | default | meaning |
      | --- | --- | --- | --- |

      """
    for key in RecipeSchema.keys {
      switch key {
      case "system": text += row(key, "mapping", nil, true, "The atoms: see [system](#system).")
      case "potential":
        text += row(
          key, "name, path, or mapping", nil, true,
          "A force field that ships (`vitrolyte potentials`), the path of a YAML file, or `{name: …}` with the options of the force field.")
      case "engine":
        text += row(
          key, RecipeSchema.engine.kindText + ", or mapping", RecipeSchema.engine.defaultText, false,
          RecipeSchema.engine.summary + " See docs/engines.md.")
        for descriptor in RecipeSchema.engineKeys { text += rows(descriptor, prefix: "engine: ") }
      case "stages": text += row(key, "list", nil, true, "What happens to the atoms, in order: see [stages](#stages).")
      case "vary":
        text += row(key, "mapping", "nothing", false, "Branches from one glass: see [vary](#vary).")
      case "analyze":
        text += row(
          key, "list", "none", false,
          "Analyses of the last trajectory, each a name or `name: {settings}`: see `vitrolyte analyze --help`. "
            + "The time between frames and a constant temperature they take from the stage.")
      default:
        if let descriptor = RecipeSchema.valueKeys.first(where: { $0.name == key }) { text += rows(descriptor, prefix: "") }
      }
    }
    text += "\n## System\n\nExactly one of `composition`, `formula`, `file`, `units` and `unit-counts` says what the atoms are.\n\n"
    text += tableHead
    for descriptor in RecipeSchema.systemKeys { text += rows(descriptor, prefix: "") }
    text += "\n## Stages\n\nEach stage is `- kind: {keys}`. Time is given by exactly one of `duration`, `rate` and `steps`.\n"
    for kind in StageKind.builtins {
      text += "\n### \(kind.name)\n\n\(kind.summary)\n\n" + tableHead
      for descriptor in kind.parameters { text += rows(descriptor, prefix: "") }
    }
    text += """

      ## Vary

      `vary` makes a series of a recipe. The stages before the first that has `$temperature` run once; from there on each branch runs by
      itself, beginning with the same atoms and velocities of its own. Each branch is a run folder, `branches/700K` (`700K-2` for the second
      replica), with the analyses and a report; the series ends in the straight line of ln D or ln σT against 1/T (docs/temperature.md).

      ```yaml
      stages:
        - nvt: {name: melt, temperature: 1000 K, duration: 20 ps}
        - npt: {name: quench, temperature: [1000 K, 300 K], rate: 10 K/ps}
        - npt: {name: heat, temperature: [300 K, $temperature], rate: 50 K/ps}
        - nvt: {name: diffuse, temperature: $temperature, duration: 200 ps, trajectory: {every: 100 fs}}
      vary: {temperature: [600 K, 700 K, 800 K, 900 K]}
      analyze:
        - diffusion: {species: Li}
      ```


      """
    text += tableHead
    for descriptor in RecipeSchema.varyKeys { text += rows(descriptor, prefix: "") }
    return text
  }

  private static let tableHead = "| key | value | default | meaning |\n| --- | --- | --- | --- |\n"

  /// The row of a key, and those of the keys inside it.
  private static func rows(_ descriptor: RecipeParameter, prefix: String) -> String {
    let name = prefix + descriptor.name
    var text = row(name, descriptor.kindText, descriptor.defaultText, descriptor.isRequired, descriptor.summary)
    if case .group(let inner) = descriptor.kind {
      for descriptor in inner { text += rows(descriptor, prefix: "\(name): ") }
    }
    return text
  }

  private static func row(_ name: String, _ kind: String, _ fallback: String?, _ isRequired: Bool, _ summary: String) -> String {
    "| `\(name)` | \(kind) | \(isRequired ? "**required**" : fallback ?? "–") | \(summary) |\n"
  }
}
