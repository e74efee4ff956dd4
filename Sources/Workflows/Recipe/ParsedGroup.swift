import Structures

/// The values of a mapping, checked against descriptors: known keys, shapes, units, bounds, required keys.
struct ParsedGroup {
  /// A checked value.
  enum Content {
    case quantity(Double)
    case ramp(Dynamics.Ramp)
    case rate(Double, Dimension)
    case time(Double)
    case steps(Int)
    case count(Int)
    case text(String)
    case flag(Bool)
    case group(ParsedGroup)
  }

  /// What errors call the mapping: `stage nvt`.
  let what: String
  let location: SourceLocation
  private let values: [String: Content]
  private let nodes: [String: RecipeNode]

  /// Checks a mapping; `nil` (or nothing after the key) stands for one without keys.
  init(_ node: RecipeNode?, _ descriptors: [RecipeParameter], what: String, location: SourceLocation) throws {
    let fields = try node.flatMap { $0.isNull ? nil : try $0.fields(descriptors.map(\.name), of: what) } ?? [:]
    try self.init(fields: fields, descriptors, what: what, location: node?.location ?? location)
  }

  /// Checks some of the fields of a mapping.
  init(_ node: RecipeNode, fields: [String: RecipeNode], _ descriptors: [RecipeParameter], what: String) throws {
    try self.init(fields: fields, descriptors, what: what, location: node.location)
  }

  private init(fields: [String: RecipeNode], _ descriptors: [RecipeParameter], what: String, location: SourceLocation) throws {
    self.what = what
    self.location = location
    nodes = fields
    var values: [String: Content] = [:]
    for descriptor in descriptors {
      if let node = nodes[descriptor.name] {
        values[descriptor.name] = try Self.content(node, descriptor, what: what)
      } else if descriptor.isRequired {
        throw WorkflowsError(
          .invalidRecipe, "\(what) needs \(descriptor.name) (\(descriptor.kindText)): \(descriptor.summary)", at: self.location)
      } else if let content = try Self.defaultContent(descriptor, location: self.location) {
        values[descriptor.name] = content
      }
    }
    self.values = values
  }

  /// Whether the recipe says something under a key itself.
  func has(_ key: String) -> Bool { nodes[key] != nil }

  func node(_ key: String) -> RecipeNode? { nodes[key] }

  /// An error at the value of a key, or at the mapping.
  func error(_ message: String, at key: String? = nil) -> WorkflowsError {
    WorkflowsError(.invalidRecipe, "\(what): \(message)", at: key.flatMap { nodes[$0]?.location } ?? location)
  }

  func quantity(_ key: String) -> Double? {
    if case .quantity(let value) = values[key] { value } else { nil }
  }

  func ramp(_ key: String) -> Dynamics.Ramp? {
    if case .ramp(let value) = values[key] { value } else { nil }
  }

  func rate(_ key: String) -> (value: Double, dimension: Dimension)? {
    if case .rate(let value, let dimension) = values[key] { (value, dimension) } else { nil }
  }

  func count(_ key: String) -> Int? {
    if case .count(let value) = values[key] { value } else { nil }
  }

  func text(_ key: String) -> String? {
    if case .text(let value) = values[key], has(key) { value } else { nil }
  }

  func choice(_ key: String) -> String? {
    if case .text(let value) = values[key] { value } else { nil }
  }

  func flag(_ key: String) -> Bool? {
    if case .flag(let value) = values[key] { value } else { nil }
  }

  /// A mapping of its own; the defaults of its keys where it is left out.
  func group(_ key: String) throws -> ParsedGroup {
    if case .group(let value) = values[key] { return value }
    throw error("has no mapping \(key)", at: key)
  }

  /// An interval in steps.
  ///
  /// - Throws: Where a time is no whole number of time steps: rounding it would give every frame a wrong time.
  func interval(_ key: String, timestep: Double) throws -> Int? {
    switch values[key] {
    case .steps(let steps): return steps
    case .time(let time):
      let steps = (time / timestep).rounded()
      guard steps >= 1, abs(time / timestep - steps) < 1e-6 * steps else {
        let nearest = max(1, steps) * timestep
        throw error(
          "\(NumberText.exact(time)) ps are not a whole number of time steps of \(NumberText.exact(timestep)) ps; "
            + "write \(NumberText.significant(nearest, 6)) ps or \(Int(max(1, steps))) steps", at: key)
      }
      return Int(steps)
    default: return nil
    }
  }
}

extension ParsedGroup {
  /// The value of a node as a descriptor wants it.
  private static func content(_ node: RecipeNode, _ descriptor: RecipeParameter, what: String) throws -> Content {
    let name = "\(what): \(descriptor.name)"
    func scalar() throws -> String {
      guard let text = node.scalar else { throw node.error("\(name) has no value; expected \(descriptor.kindText)") }
      return text
    }
    switch descriptor.kind {
    case .quantity(let dimension, let bounds):
      return .quantity(try quantity(node, dimension, bounds, name: name))
    case .ramp(let dimension, let bounds):
      guard let items = node.items else { return .ramp(Dynamics.Ramp(try quantity(node, dimension, bounds, name: name))) }
      guard items.count == 2 else {
        throw node.error("\(name) is one value or two, [from, to], not \(items.count); split longer programmes into stages")
      }
      return .ramp(
        Dynamics.Ramp(try quantity(items[0], dimension, bounds, name: name), try quantity(items[1], dimension, bounds, name: name)))
    case .wallTime(let bounds):
      let text = try scalar()
      do {
        return .quantity(try WallTime.parse(text, bounds))
      } catch let error as WorkflowsError {
        throw node.error("\(name): \(error.message)")
      }
    case .rate(let dimensions):
      return try rate(node, try scalar(), dimensions, name: name)
    case .interval:
      return try interval(node, try scalar(), name: name)
    case .count(let bounds):
      let text = try scalar()
      guard let value = Int(text) else { throw node.error("\(name) is a whole number, not \"\(text)\"") }
      guard bounds.contains(value) else {
        throw node.error("\(name) is \(value), outside its bounds: \(descriptor.kindText)")
      }
      return .count(value)
    case .choice(let words):
      let text = try scalar()
      guard words.contains(text) else {
        throw node.error("\(name) is no \"\(text)\"\(didYouMean(text, among: words)); choose one of \(words.joined(separator: ", "))")
      }
      return .text(text)
    case .text:
      return .text(try scalar())
    case .flag:
      let text = try scalar()
      guard text == "true" || text == "false" else { throw node.error("\(name) is true or false, not \"\(text)\"") }
      return .flag(text == "true")
    case .group(let descriptors):
      return .group(try ParsedGroup(node, descriptors, what: name, location: node.location))
    }
  }

  private static func quantity(
    _ node: RecipeNode, _ dimension: Dimension, _ bounds: ClosedRange<Double>, name: String
  ) throws -> Double {
    guard let text = node.scalar else {
      throw node.error("\(name) is one \(dimension.rawValue), such as 1 \(dimension.internalUnit)")
    }
    let value: Double
    do {
      value = try Quantity.parse(text, as: dimension)
    } catch let error as StructuresError {
      throw node.error("\(name): \(error.message)")
    }
    guard bounds.contains(value) else {
      throw node.error(
        "\(name) is \(NumberText.exact(value)) \(dimension.internalUnit), outside its bounds: "
          + RecipeParameter.boundsText(bounds, unit: dimension.internalUnit))
    }
    return value
  }

  private static func rate(_ node: RecipeNode, _ text: String, _ dimensions: [Dimension], name: String) throws -> Content {
    var first: StructuresError?
    for dimension in dimensions {
      do {
        return .rate(try Quantity.parse(text, as: dimension), dimension)
      } catch let error as StructuresError {
        first = first ?? error
      }
    }
    throw node.error("\(name): \(first?.message ?? "\"\(text)\" is no rate")")
  }

  private static func interval(_ node: RecipeNode, _ text: String, name: String) throws -> Content {
    for suffix in [" steps", " step"] where text.hasSuffix(suffix) {
      guard let steps = Int(text.dropLast(suffix.count)), steps >= 1 else {
        throw node.error("\(name): \"\(text)\" is no positive whole number of steps")
      }
      return .steps(steps)
    }
    do {
      let time = try Quantity.parse(text, as: .time)
      guard time > 0 else { throw node.error("\(name): \"\(text)\" is no positive time") }
      return .time(time)
    } catch let error as StructuresError {
      throw node.error("\(name): \(error.message); or a number of steps, as in \"100 steps\"")
    }
  }

  /// The value of a key that is left out, where its default is a value and not a description.
  private static func defaultContent(_ descriptor: RecipeParameter, location: SourceLocation) throws -> Content? {
    if case .group(let descriptors) = descriptor.kind {
      // Keys without a default are only required of a mapping that is written.
      let optional = descriptors.filter { !$0.isRequired }
      return .group(try ParsedGroup(nil, optional, what: descriptor.name, location: location))
    }
    guard let text = descriptor.defaultText else { return nil }
    switch descriptor.kind {
    case .quantity(let dimension, _):
      // A default that depends on other keys is a description, and the stage gives its value.
      return (try? Quantity.parse(text, as: dimension)).map { .quantity($0) }
    case .ramp(let dimension, _): return (try? Quantity.parse(text, as: dimension)).map { .ramp(Dynamics.Ramp($0)) }
    case .wallTime: return .quantity(try WallTime.parse(text))
    case .count: return Int(text).map { .count($0) }
    case .choice(let words): return words.contains(text) ? .text(text) : nil
    case .flag: return .flag(text == "true")
    case .interval:
      return Int(text.prefix { $0.isNumber }).map { .steps($0) }
    case .text, .rate, .group: return nil
    }
  }
}
