import Structures

/// `vitrolyte info`: what is in a file.
public enum Info {
  public static func perform(file: String) throws -> CommandResult {
    throw WorkflowsError.notAvailable("info")
  }
}

/// What a person asks of `convert`.
public struct ConvertRequest: Sendable {
  public var input: String
  public var output: String
  /// The names of the formats where the endings do not tell, or `nil`.
  public var inputFormat: String?
  public var outputFormat: String?
  public var frames: FrameRange
  /// The labels of atom types 1, 2 … for files that only number them.
  public var species: [String]

  public init(
    input: String, output: String, inputFormat: String? = nil, outputFormat: String? = nil, frames: FrameRange = FrameRange(),
    species: [String] = []
  ) {
    self.input = input
    self.output = output
    self.inputFormat = inputFormat
    self.outputFormat = outputFormat
    self.frames = frames
    self.species = species
  }
}

/// `vitrolyte convert`: any readable format to any writable one.
public enum Convert {
  public static func perform(_ request: ConvertRequest) throws -> CommandResult {
    throw WorkflowsError.notAvailable("convert")
  }
}
