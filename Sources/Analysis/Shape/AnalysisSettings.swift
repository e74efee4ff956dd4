import Structures

/// The settings of one analysis as people write them, checked against its descriptor.
public struct AnalysisSettings: Sendable {
  private let values: [String: String]
  private let descriptor: AnalysisDescriptor

  /// - Parameter values: Text by name; lists are separated by commas. An empty text counts as not given.
  /// - Throws: ``AnalysisError`` with code `.unknownSetting` for a name that the descriptor does not list.
  public init(_ values: [String: String], for descriptor: AnalysisDescriptor) throws {
    let known = descriptor.allParameters.map(\.name)
    for name in values.keys.sorted() where !known.contains(name) {
      throw AnalysisError(
        .unknownSetting,
        "\(descriptor.name) has no setting \"\(name)\"\(didYouMean(name, among: known)); it takes \(known.joined(separator: ", "))")
    }
    self.values = values.filter { !$0.value.isEmpty }
    self.descriptor = descriptor
  }

  /// The text of a setting, or `nil` where it is not given.
  public func text(_ name: String) -> String? { values[name] }

  /// A number with its unit, in the internal unit; `nil` where it is not given.
  ///
  /// - Throws: ``AnalysisError`` with code `.invalidSetting` where the text is no such quantity or out of bounds.
  public func quantity(_ name: String) throws -> Double? {
    guard let text = values[name], let parameter = parameter(name), case .quantity(let dimension) = parameter.kind else { return nil }
    let value: Double
    do {
      value = try Quantity.parse(text, as: dimension)
    } catch let error as StructuresError {
      throw invalid(name, error.message)
    }
    try check(value, parameter, text: text)
    return value
  }

  /// A number without a unit; `nil` where it is not given.
  ///
  /// - Throws: ``AnalysisError`` with code `.invalidSetting` where the text is no number or out of bounds.
  public func number(_ name: String) throws -> Double? {
    guard let text = values[name], let parameter = parameter(name) else { return nil }
    guard let value = Double(text), value.isFinite else { throw invalid(name, "\"\(text)\" is no number") }
    try check(value, parameter, text: text)
    return value
  }

  /// `true` or `false`; `nil` where it is not given.
  ///
  /// - Throws: ``AnalysisError`` with code `.invalidSetting`.
  public func flag(_ name: String) throws -> Bool? {
    guard let text = values[name] else { return nil }
    guard let value = Bool(text) else { throw invalid(name, "\"\(text)\" is neither true nor false") }
    return value
  }

  /// A whole number; `nil` where it is not given.
  public func integer(_ name: String) throws -> Int? {
    guard let text = values[name], let parameter = parameter(name) else { return nil }
    guard let value = Int(text) else { throw invalid(name, "\"\(text)\" is no whole number") }
    try check(Double(value), parameter, text: text)
    return value
  }

  /// Whole numbers; `nil` where they are not given.
  public func integers(_ name: String) throws -> [Int]? {
    guard let list = list(name), let parameter = parameter(name) else { return nil }
    return try list.map { text in
      guard let value = Int(text) else {
        throw invalid(name, "\"\(text)\" is no whole number; write whole numbers separated by commas, such as 1,2,10")
      }
      try check(Double(value), parameter, text: text)
      return value
    }
  }

  /// One of the words of a choice; `nil` where it is not given.
  public func choice(_ name: String) throws -> String? {
    guard let text = values[name], let parameter = parameter(name), case .choice(let words) = parameter.kind else { return nil }
    guard words.contains(text) else {
      throw invalid(name, "\"\(text)\" is none of \(words.joined(separator: ", "))\(didYouMean(text, among: words))")
    }
    return text
  }

  /// The parts between commas without blanks around; `nil` where the setting is not given.
  public func list(_ name: String) -> [String]? {
    values[name].map { text in
      text.split(separator: ",").map { part in
        String(part.drop { $0 == " " }.reversed().drop { $0 == " " }.reversed())
      }.filter { !$0.isEmpty }
    }
  }

  /// Pairs of species; `nil` where they are not given.
  public func pairs(_ name: String) throws -> [SpeciesPair]? {
    try list(name)?.map { text in
      guard let pair = SpeciesPair(text) else {
        throw invalid(name, "\"\(text)\" is no pair of species; write two labels with a dash between, such as P-S")
      }
      return pair
    }
  }

  /// The range of frames, all where it is not given.
  public func frames() throws -> FrameRange {
    guard let text = values["frames"], text != "all" else { return FrameRange() }
    do {
      return try FrameRange(text)
    } catch let error as StructuresError {
      throw invalid("frames", error.message)
    }
  }

  /// The region of the atoms, or `nil` for all.
  func region() throws -> AnalysisRegion? {
    guard let text = values["region"], text != "all" else {
      if values["labels"] != nil, values["split"] == nil {
        throw invalid("labels", "it tells the regions of atoms, but no region is asked for; add region, such as region crystal")
      }
      return nil
    }
    guard let region = AnalysisRegion(text) else {
      throw invalid(
        "region",
        "\"\(text)\" is no region\(didYouMean(text, among: AnalysisRegion.names)); write \(AnalysisRegion.names.joined(separator: ", ")), "
          + "or a column of the file and its value, such as c_order=1")
    }
    return region
  }

  /// An error about the value of a setting.
  public func invalid(_ name: String, _ reason: String) -> AnalysisError {
    AnalysisError(.invalidSetting, "\(name) of \(descriptor.name): \(reason)")
  }

  private func parameter(_ name: String) -> AnalysisParameter? {
    descriptor.allParameters.first { $0.name == name }
  }

  private func check(_ value: Double, _ parameter: AnalysisParameter, text: String) throws {
    guard let bounds = parameter.bounds, !bounds.contains(value) else { return }
    let unit = parameter.unit.isEmpty ? "" : " " + parameter.unit
    throw invalid(
      parameter.name,
      "\"\(text)\" is out of bounds; give a value from \(brief(bounds.lowerBound)) to \(brief(bounds.upperBound))\(unit)")
  }
}

/// Two species of which the first is at the centre: `P-S`.
public struct SpeciesPair: Hashable, Sendable, CustomStringConvertible {
  public var center: String
  public var neighbor: String

  public init(_ center: String, _ neighbor: String) {
    self.center = center
    self.neighbor = neighbor
  }

  /// Reads `P-S`; `nil` where there are not two labels.
  public init?(_ text: String) {
    let parts = text.split(separator: "-", omittingEmptySubsequences: false)
    guard parts.count == 2, !parts[0].isEmpty, !parts[1].isEmpty else { return nil }
    self.init(String(parts[0]), String(parts[1]))
  }

  public var description: String { "\(center)-\(neighbor)" }
}

/// A number as short as it is exact: whole numbers without a point.
func brief(_ value: Double) -> String {
  value == value.rounded() && abs(value) < 1e15 ? String(Int(value)) : String(value)
}
