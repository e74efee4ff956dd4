import Structures

/// What a reader needs to know beside the file.
public struct ReadOptions: Sendable {
  /// The species of type 1, 2, 3 …, for files that number their types and do not say which elements these are.
  public var species: [Species]?

  public init(species: [Species]? = nil) { self.species = species }
}

/// How a writer writes.
public struct WriteOptions: Sendable {
  /// Digits after the decimal point of positions, velocities and forces; `nil` writes every number so that it reads back to the
  /// same bits.
  public var decimals: Int?

  /// Whether LAMMPS dumps say their units and time (`dump_modify units yes time yes`); MDAnalysis cannot read dumps that do.
  public var includesTime: Bool

  public init(decimals: Int? = nil, includesTime: Bool = false) {
    self.decimals = decimals.map { max(0, min(15, $0)) }
    self.includesTime = includesTime
  }
}

/// A file format: what it is called, how it is recognised, how it is read and written.
public struct FileFormat: Sendable {
  /// The name by which people ask for it.
  public let name: String
  /// One sentence of what it is.
  public let summary: String
  /// Extensions without the dot, lower case.
  public let extensions: [String]
  /// Beginnings of file names that mean this format, lower case (`poscar`).
  public let namePrefixes: [String]
  /// Whether a file may hold more than one frame.
  public let readsTrajectory: Bool
  /// Whether the beginning of a file is in this format.
  let recognizes: @Sendable (String) -> Bool
  let open: @Sendable (String, ReadOptions) throws -> any FrameSource
  /// The bytes of one frame, which is the first of its file or follows others.
  let encode: (@Sendable (Frame, _ index: Int, WriteOptions) throws -> [UInt8])?
  /// Whether frames can be written one after the other.
  public let writesTrajectory: Bool

  public var canRead: Bool { true }
  public var canWrite: Bool { encode != nil }

  init(
    name: String, summary: String, extensions: [String], namePrefixes: [String] = [], readsTrajectory: Bool,
    recognizes: @escaping @Sendable (String) -> Bool,
    open: @escaping @Sendable (String, ReadOptions) throws -> any FrameSource,
    encode: (@Sendable (Frame, Int, WriteOptions) throws -> [UInt8])? = nil
  ) {
    self.name = name
    self.summary = summary
    self.extensions = extensions
    self.namePrefixes = namePrefixes
    self.readsTrajectory = readsTrajectory
    self.recognizes = recognizes
    self.open = open
    self.encode = encode
    writesTrajectory = readsTrajectory && encode != nil
  }

  /// Whether a file name, without directory and compression, means this format.
  func matches(fileName: String) -> Bool {
    let name = fileName.lowercased()
    if extensions.contains(where: { name.hasSuffix("." + $0) }) { return true }
    // POSCAR_relaxed and data.silica are of their formats, poscarreader.txt is of none.
    return namePrefixes.contains { prefix in
      guard name.hasPrefix(prefix) else { return false }
      guard let next = name.dropFirst(prefix.count).first else { return true }
      return !next.isLetter
    }
  }
}

/// A source of one frame.
final class SingleFrameSource: FrameSource {
  private var frame: Frame?
  let warnings: [String]

  init(_ frame: Frame, warnings: [String]) {
    self.frame = frame
    self.warnings = warnings
  }

  func next() -> Frame? {
    defer { frame = nil }
    return frame
  }
}
