import Structures

extension Recipe {
  /// Reads a recipe.
  ///
  /// - Parameters:
  ///   - text: YAML.
  ///   - file: The name that errors give.
  /// - Throws: ``WorkflowsError`` with code `.invalidRecipe`: what is wrong, at which line and column, how to mend it.
  public init(parsing text: String, file: String = "recipe") throws {
    let root = try RecipeNode.compose(text, file: file)
    let fields = try root.fields(RecipeSchema.keys, of: "a recipe")
    func required(_ key: String, _ hint: String) throws -> RecipeNode {
      guard let node = fields[key], !node.isNull else { throw root.error("the recipe has no \(key); \(hint)") }
      return node
    }
    let values = try ParsedGroup(root, fields: fields, RecipeSchema.valueKeys, what: "the recipe")
    let (engine, launch) = try Self.engine(root, fields)
    let list = try required("stages", "list at least one, as in - nvt: {temperature: 300 K, duration: 20 ps}")
    let (stages, variation) = try Self.stages(list, varied: fields["vary"])
    self.init(
      name: values.text("name") ?? "",
      seed: UInt64(values.count("seed") ?? 1),
      system: try InitialSystem(try required("system", "say what to simulate, as in system: {formula: Li3PS4, atoms: 1000}")),
      potential: try Self.potential(try required("potential", "name a force field or the path of its YAML file")),
      engine: engine,
      launch: launch,
      precision: values.choice("precision").flatMap(Precision.init(rawValue:)) ?? .mixed,
      threads: try Self.threads(values),
      checkpointInterval: try values.group("checkpoint").quantity("every") ?? 60,
      stages: stages,
      vary: variation,
      analyses: try fields["analyze"].map { try Self.analyses($0) } ?? [],
      report: values.flag("report") ?? true)
  }

  /// Reads a recipe from a file; the files that it names are taken relative to its folder and become absolute paths.
  public init(contentsOf path: String) throws {
    try self.init(parsing: try Files.readText(path), file: path)
    let folder = Files.parent(of: path)
    if case .file(let file) = system.source { system.source = .file(Files.absolute(Files.path(file, in: folder))) }
    if potential.isPath { potential.name = Files.absolute(Files.path(potential.name, in: folder)) }
  }

  private static func threads(_ values: ParsedGroup) throws -> Int {
    guard let text = values.text("threads"), text != "all" else { return 0 }
    guard let count = Int(text), (1...4096).contains(count) else {
      throw values.error("threads is a whole number from 1 to 4096, or all; not \"\(text)\"", at: "threads")
    }
    return count
  }

  /// A word, or a mapping with a name and how the program is started.
  private static func engine(_ root: RecipeNode, _ fields: [String: RecipeNode]) throws -> (Engine, EngineLaunch) {
    guard let node = fields["engine"], node.entries != nil else {
      let word = try ParsedGroup(root, fields: fields, [RecipeSchema.engine], what: "the recipe").choice("engine")
      return (word.flatMap(Engine.init(rawValue:)) ?? .native, EngineLaunch())
    }
    let values = try ParsedGroup(node, RecipeSchema.engineKeys, what: "engine", location: node.location)
    let engine = values.choice("name").flatMap(Engine.init(rawValue:)) ?? .native
    let launch = EngineLaunch(command: values.text("command"), processes: values.has("processes") ? values.count("processes") : nil)
    if engine == .native, launch != EngineLaunch() {
      throw values.error("command and processes are for engines that are other programs; leave them out, or choose lammps", at: "name")
    }
    return (engine, launch)
  }

  private static func potential(_ node: RecipeNode) throws -> PotentialChoice {
    if let name = node.scalar { return PotentialChoice(name) }
    guard let entries = node.entries, let name = entries.first(where: { $0.key.scalar == "name" })?.value.scalar else {
      throw node.error(
        "potential is a name, a path, or a mapping with a name and options, as in {name: libp-du, boron-four-fold-fraction: 0.45}")
    }
    return PotentialChoice(name, options: try settings(entries.filter { $0.key.scalar != "name" }, of: "potential"))
  }

  /// The stages, and what is varied in them.
  private static func stages(_ node: RecipeNode, varied: RecipeNode?) throws -> ([Stage], Variation?) {
    guard let varied, !varied.isNull else {
      try node.refuseVariables()
      return (try stages(node), nil)
    }
    return try VariationParsing(varied).stages(node) { try stages($0) }
  }

  private static func stages(_ node: RecipeNode) throws -> [Stage] {
    guard let items = node.items, !items.isEmpty else {
      throw node.error("stages is a list of at least one stage, as in - nvt: {temperature: 300 K, duration: 20 ps}")
    }
    var stages: [Stage] = []
    var files: Set<String> = []
    for (index, item) in items.enumerated() {
      let (name, body) = try kindAndBody(item, of: "stage", known: StageKind.builtins.map(\.name))
      guard let kind = StageKind.named(name) else { continue }
      let values = try ParsedGroup(body, kind.parameters, what: "stage \(index + 1), \(name)", location: item.location)
      let stageName = values.text("name") ?? "\(index + 1)-\(name)"
      guard !stageName.isEmpty, stageName.utf8.allSatisfy({ isNameByte($0) }) else {
        throw values.error("\"\(stageName)\" is no name of a stage; use letters, digits, -, _ and .", at: "name")
      }
      guard !stages.contains(where: { $0.name == stageName }) else {
        throw values.error("another stage is called \(stageName), too; choose another name", at: "name")
      }
      let stage = Stage(name: stageName, action: try kind.makeAction(values, stageName))
      if case .dynamics(let dynamics) = stage.action, let file = dynamics.trajectory?.file, !files.insert(file).inserted {
        throw values.error("another stage writes its trajectory to \(file), too; choose another file", at: "trajectory")
      }
      stages.append(stage)
    }
    return stages
  }

  private static func isNameByte(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "0")...UInt8(ascii: "9"): true
    default: [UInt8(ascii: "-"), UInt8(ascii: "_"), UInt8(ascii: ".")].contains(byte)
    }
  }

  private static func analyses(_ node: RecipeNode) throws -> [AnalysisRequest] {
    if node.isNull { return [] }
    guard let items = node.items else { throw node.error("analyze is a list of analyses, as in - rdf: {cutoff: 10 A}") }
    return try items.map { item in
      let (name, body) = try kindAndBody(item, of: "analysis", known: nil)
      guard let body, !body.isNull else { return AnalysisRequest(name, location: item.location) }
      guard let entries = body.entries else {
        throw body.error("the settings of \(name) are a mapping of keys and values, as in {cutoff: 10 A}")
      }
      return AnalysisRequest(name, settings: try settings(entries, of: name), location: item.location)
    }
  }

  /// An item of a list that is a word, or a mapping of one word to its settings.
  ///
  /// - Parameter known: The words, or `nil` where another module knows them.
  private static func kindAndBody(
    _ item: RecipeNode, of what: String, known: [String]?
  ) throws -> (name: String, body: RecipeNode?) {
    let key: RecipeNode
    var body: RecipeNode?
    if item.scalar != nil {
      key = item
    } else if let entries = item.entries, let first = entries.first {
      guard entries.count == 1 else {
        throw entries[1].key.error(
          "an item of the list is one \(what): begin another with \"- \", or indent the keys of \(first.key.scalar ?? "the first") further")
      }
      (key, body) = first
    } else {
      throw item.error("expected the name of one \(what) and its settings")
    }
    guard let name = key.scalar else { throw key.error("expected the name of one \(what)") }
    if let known, !known.contains(name) {
      throw key.error("\"\(name)\" is no \(what)\(didYouMean(name, among: known)); there are \(known.joined(separator: ", "))")
    }
    return (name, body)
  }

  private static func settings(_ entries: [(key: RecipeNode, value: RecipeNode)], of what: String) throws -> [Setting] {
    try entries.map { key, value in
      guard let name = key.scalar else { throw key.error("a key of \(what) is one word") }
      func text(_ node: RecipeNode) throws -> String {
        guard let text = node.scalar else {
          throw node.error("\(what): \(name) is one value, a list of values, or keys and values; deeper nesting has no meaning here")
        }
        guard text != Variation.temperatureVariable else {
          throw node.error("\(what): an analysis takes the temperature of its branch by itself; leave \(name) out")
        }
        return text
      }
      if let items = value.items { return Setting(name, .list(try items.map(text)), location: value.location) }
      if let pairs = value.entries {
        return Setting(name, .mapping(try pairs.map { [try text($0.key), try text($0.value)] }), location: value.location)
      }
      return Setting(name, .text(try text(value)), location: value.location)
    }
  }
}
