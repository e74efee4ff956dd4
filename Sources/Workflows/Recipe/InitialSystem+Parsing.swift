import Structures

extension InitialSystem {
  /// Reads the value of `system` alone.
  ///
  /// - Throws: ``WorkflowsError`` with code `.invalidRecipe`.
  public init(parsing text: String, file: String) throws {
    try self.init(RecipeNode.compose(text, file: file))
  }

  /// Reads what a recipe says under `system`.
  init(_ node: RecipeNode) throws {
    let fields = try node.fields(RecipeSchema.systemKeys.map(\.name), of: "system")
    let given = RecipeSchema.systemSources.filter { fields[$0] != nil }
    guard given.count == 1, let key = given.first, let what = fields[key] else {
      throw (given.last.flatMap { fields[$0] } ?? node).error(
        given.isEmpty
          ? "system does not say what to simulate; give one of composition, formula, file, units and unit-counts"
          : "system has \(given.joined(separator: " and ")); leave all but one out")
    }
    let rest = fields.filter { $0.key == "atoms" || $0.key == "density" }
    if key == "file" {
      if let extra = rest.values.min(by: { $0.location.line < $1.location.line }) {
        throw extra.error("a file has its own atoms and cell; leave \(rest.keys.sorted().joined(separator: " and ")) out")
      }
      guard let file = what.scalar else { throw what.error("system: file is a path") }
      self.init(.file(file))
      return
    }
    let values = try ParsedGroup(node, fields: rest, RecipeSchema.systemKeys.suffix(2), what: "system")
    if key == "units" || key == "unit-counts" {
      try self.init(units: what, isCounts: key == "unit-counts", values, node)
      return
    }
    guard let atoms = values.count("atoms") else {
      throw node.error("system does not say how many atoms to pack; give atoms, as in atoms: 3000")
    }
    self.init(
      key == "formula" ? .formula(try Self.formula(what)) : .composition(try Self.composition(what)), atoms: atoms,
      density: values.quantity("density"))
  }

  /// Shares or numbers of structural units, whose names the force field knows.
  private init(units node: RecipeNode, isCounts: Bool, _ values: ParsedGroup, _ system: RecipeNode) throws {
    let example = isCounts ? "{PS4: 201, P2S7: 413, P2S6: 91}" : "{PS4: 0.58, P2S7: 0.20, P2S6: 0.22}"
    guard let entries = node.entries, !entries.isEmpty else {
      throw node.error("a mapping of structural units and \(isCounts ? "their numbers" : "shares") is needed here, as in \(example)")
    }
    let units = try entries.map { key, value in
      guard let name = key.scalar else { throw key.error("expected the name of a structural unit, such as PS4") }
      guard let text = value.scalar, let amount = Double(text), amount >= 0, amount.isFinite,
        isCounts ? amount == amount.rounded() && amount < 1e9 : amount <= 1
      else {
        throw value.error(
          isCounts
            ? "the number of \(name) is a whole number from 0 on"
            : "the share of \(name) is a number from 0 to 1: the part of the network former's atoms that are in such units")
      }
      return UnitAmount(name, amount)
    }
    guard let density = values.quantity("density") else {
      throw system.error("units are packed at a density; give it, as in density: 1.76 g/cm3")
    }
    if isCounts {
      guard !values.has("atoms") else {
        throw values.error("the number of atoms follows from the numbers of units; leave atoms out", at: "atoms")
      }
      self.init(.unitCounts(units), density: density)
      return
    }
    guard let atoms = values.count("atoms") else {
      throw system.error("system does not say how many atoms to pack; give atoms, as in atoms: 8000")
    }
    let total = units.reduce(0) { $0 + $1.amount }
    // Shares are printed with two or three decimals.
    guard abs(total - 1) <= 0.005 else {
      throw node.error("the shares add up to \(NumberText.significant(total, 6)), not 1; they are shares of the network former's atoms")
    }
    self.init(.units(units), atoms: atoms, density: density)
  }

  private static func composition(_ node: RecipeNode) throws -> [InitialSystem.Share] {
    guard let entries = node.entries, !entries.isEmpty else {
      throw node.error("composition is a mapping of formulas and shares in mol %, as in {Li2O: 40, B2O3: 30, P2O5: 30}")
    }
    let shares = try entries.map { key, value in
      let formula = try formula(key)
      guard let text = value.scalar, let percent = Double(text), percent > 0, percent.isFinite else {
        throw value.error("the share of \(formula) is a positive number of mol %, without a unit; leave constituents with no share out")
      }
      return InitialSystem.Share(formula, percent: percent)
    }
    let total = shares.reduce(0) { $0 + $1.percent }
    // Shares are printed with a decimal or two: three of 33.3 are meant as thirds.
    guard abs(total - 100) <= 0.1 + 1e-9 else {
      throw node.error("the shares add up to \(NumberText.significant(total, 8)) mol %, not 100; correct them")
    }
    return shares
  }

  /// A formula whose letters are elements; brackets and numbers are the builder's to judge.
  private static func formula(_ node: RecipeNode) throws -> String {
    guard let text = node.scalar, !text.isEmpty else { throw node.error("expected a formula, such as Li2O") }
    var rest = text[...]
    var hasElement = false
    while let character = rest.first {
      if character.isASCII, character.isUppercase {
        let symbol = rest.prefix(1) + rest.dropFirst().prefix { $0.isLowercase }
        guard Element(symbol: symbol) != nil else {
          throw node.error("\"\(symbol)\" in the formula \(text) is no element; write symbols with one capital letter, as in Li2O")
        }
        hasElement = true
        rest = rest.dropFirst(symbol.count)
      } else if "0123456789.()[]".contains(character) {
        rest = rest.dropFirst()
      } else {
        throw node.error("\"\(character)\" does not belong into the formula \(text); write element symbols and numbers, as in Li2O")
      }
    }
    guard hasElement else { throw node.error("the formula \(text) has no element") }
    return text
  }
}
