import Structures

/// What a recipe may say under one key: the single source for parsing, bounds, defaults, error messages and the reference page.
public struct RecipeParameter: Sendable {
  /// The shape of a value.
  public indirect enum Kind: Sendable {
    /// A number with a unit; the bounds are in the internal unit and inclusive.
    case quantity(Dimension, ClosedRange<Double>)
    /// One quantity, or `[from, to]` for a linear change over the stage.
    case ramp(Dimension, ClosedRange<Double>)
    /// A rate of one of two dimensions.
    case rate([Dimension])
    /// Simulated time, or a number of steps as `100 steps`.
    case interval
    /// Time on the clock, in seconds; the bounds are inclusive.
    case wallTime(ClosedRange<Double>)
    /// A whole number without a unit.
    case count(ClosedRange<Int>)
    /// One word of a list.
    case choice([String])
    /// Free text.
    case text
    /// `true` or `false`.
    case flag
    /// A mapping with keys of its own.
    case group([RecipeParameter])
  }

  /// The key.
  public let name: String
  public let kind: Kind
  /// What holds where the key is left out, as a person would write it; `nil` where nothing does.
  public let defaultText: String?
  /// One phrase for the reference page.
  public let summary: String
  /// Whether leaving the key out is an error.
  public let isRequired: Bool

  public init(_ name: String, _ kind: Kind, default defaultText: String? = nil, required: Bool = false, _ summary: String) {
    self.name = name
    self.kind = kind
    self.defaultText = defaultText
    self.summary = summary
    isRequired = required
  }
}

extension RecipeParameter {
  /// The shape, unit and bounds as the reference page prints them.
  public var kindText: String {
    switch kind {
    case .quantity(let dimension, let bounds): "\(dimension.rawValue), \(Self.boundsText(bounds, unit: dimension.internalUnit))"
    case .ramp(let dimension, let bounds):
      "\(dimension.rawValue) or [from, to], \(Self.boundsText(bounds, unit: dimension.internalUnit))"
    case .rate(let dimensions): dimensions.map { "\($0.rawValue) (\($0.internalUnit))" }.joined(separator: " or ")
    case .interval: "simulated time, or `N steps`"
    case .wallTime(let bounds): "time on the clock, \(NumberText.duration(bounds.lowerBound)) to \(NumberText.duration(bounds.upperBound))"
    case .count(let bounds):
      bounds.upperBound == Int.max ? "whole number ≥ \(bounds.lowerBound)" : "whole number, \(bounds.lowerBound) to \(bounds.upperBound)"
    case .choice(let words): words.map { "`\($0)`" }.joined(separator: ", ")
    case .text: "text"
    case .flag: "`true` or `false`"
    case .group: "mapping"
    }
  }

  static func boundsText(_ bounds: ClosedRange<Double>, unit: String) -> String {
    "\(NumberText.significant(bounds.lowerBound, 6)) to \(NumberText.significant(bounds.upperBound, 6)) \(unit)"
  }
}
