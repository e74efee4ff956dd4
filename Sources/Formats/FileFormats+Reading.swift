import Structures

extension FileFormats {
  /// Opens a file of any readable format as a stream of frames.
  ///
  /// - Parameters:
  ///   - format: The name of a format; found by ``detect(path:)`` where left out.
  ///   - species: The species of type 1, 2, 3 …, for files that only number them (LAMMPS without element names).
  /// - Throws: ``FormatsError``.
  public static func openFrames(path: String, format: String? = nil, species: [Species]? = nil) throws -> any FrameSource {
    let format = try format.map(named) ?? detect(path: path)
    return try format.open(path, ReadOptions(species: species))
  }

  /// Which frame of a file to take.
  public enum FrameChoice: Sendable, Hashable {
    case first, last
    /// Counted from 0.
    case number(Int)
  }

  /// Reads one frame of a file, the last one unless told otherwise.
  ///
  /// - Returns: The frame, and what the person should know; that the file holds more frames is among it.
  /// - Throws: ``FormatsError``, with code `.endsEarly` where the file holds no such frame.
  public static func readFrame(
    path: String, format: String? = nil, species: [Species]? = nil, choice: FrameChoice = .last
  ) throws -> (frame: Frame, warnings: [String]) {
    let source = try openFrames(path: path, format: format, species: species)
    var count = 0
    var chosen: Frame?
    while let frame = try source.next() {
      chosen = frame
      count += 1
      if choice == .first || choice == .number(count - 1) { return (frame, source.warnings) }
    }
    guard choice == .last, let chosen else {
      throw FormatsError(.endsEarly, "\(path) holds \(count) complete frames, and the one asked for is not among them")
    }
    return (chosen, source.warnings + (count > 1 ? ["\(path) holds \(count) frames; the last one is taken"] : []))
  }

  /// Reads one configuration, that of the last frame unless told otherwise.
  ///
  /// - Throws: ``FormatsError``, with code `.endsEarly` where the file holds no such frame.
  public static func readConfiguration(
    path: String, format: String? = nil, species: [Species]? = nil, choice: FrameChoice = .last
  ) throws -> (configuration: Configuration, warnings: [String]) {
    let (frame, warnings) = try readFrame(path: path, format: format, species: species, choice: choice)
    return (frame.configuration, warnings)
  }
}
