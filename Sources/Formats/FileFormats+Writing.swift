import Structures

extension FileFormats {
  /// Opens a file to which frames are written one by one.
  ///
  /// A name ending in `.gz` or `.zst` compresses; each frame is a gzip member or Zstandard frame of its own, at a fast level.
  /// - Parameters:
  ///   - format: The name of a format; found by the name of the file where left out.
  ///   - offset: To go on with an existing file: it is cut to this many bytes (``FrameWriter/byteOffset`` of the run before).
  /// - Throws: ``FormatsError`` with code `.unknownFormat`, `.unsupported` where the format cannot be written, `.inconsistent`
  ///   where the file is shorter than `offset`, or `.inputOutput`.
  public static func openWriter(
    path: String, format: String? = nil, options: WriteOptions = WriteOptions(), appendingAt offset: Int? = nil
  ) throws -> any FrameWriter {
    try TrajectoryWriter(path: path, format: try writable(path: path, format: format), options: options, offset: offset)
  }

  /// Writes one frame as a file, complete or not at all.
  ///
  /// - Throws: ``FormatsError`` as ``openWriter(path:format:options:appendingAt:)`` does.
  public static func write(_ frame: Frame, to path: String, format: String? = nil, options: WriteOptions = WriteOptions()) throws {
    let format = try writable(path: path, format: format)
    guard let encode = format.encode else { return }
    try AtomicFile.write(try Compressor(compression: Compression(path: path)).compress(try encode(frame, 0, options)), to: path)
  }

  /// Writes one configuration as a file, complete or not at all.
  public static func write(
    _ configuration: Configuration, to path: String, format: String? = nil, options: WriteOptions = WriteOptions()
  ) throws {
    try write(Frame(configuration), to: path, format: format, options: options)
  }

  private static func writable(path: String, format name: String?) throws -> FileFormat {
    let names = builtins.filter(\.canWrite).map { "\($0.name) (\($0.extensions.map { "." + $0 }.joined(separator: ", ")))" }
    guard let format = try name.map(named) ?? matching(path: path) else {
      throw FormatsError(
        .unknownFormat, "\(path): the name tells no format to write; the writable ones are \(names.joined(separator: ", "))")
    }
    guard format.canWrite else {
      throw FormatsError(
        .unsupported, "\(path): the format \(format.name) cannot be written; choose one of \(names.joined(separator: ", "))")
    }
    return format
  }
}
