import Structures

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// The file formats, how to find the one of a file, and how to read and write with it.
public enum FileFormats {
  /// Every format, by name.
  public static let builtins: [FileFormat] = [.cif, .deepmd, .extendedXYZ, .lammpsData, .lammpsDump, .poscar, .xdatcar]

  /// The format with a name.
  ///
  /// - Throws: ``FormatsError`` with code `.unknownFormat`, which names the formats there are.
  public static func named(_ name: String) throws -> FileFormat {
    if let format = builtins.first(where: { $0.name == name.lowercased() }) { return format }
    let names = builtins.map(\.name)
    throw FormatsError(
      .unknownFormat,
      "there is no file format \"\(name)\"\(didYouMean(name, among: names)); the formats are \(names.joined(separator: ", "))")
  }

  /// The format that a file name means, whatever compression it ends in; `nil` where it means none.
  public static func matching(path: String) -> FileFormat? {
    let stripped = Compression.stripExtension(path)
    let name = String(stripped.split(separator: "/").last ?? stripped)
    // An extension says more than a beginning: data.cif is a CIF.
    let lower = name.lowercased()
    return builtins.first { $0.extensions.contains { lower.hasSuffix("." + $0) } } ?? builtins.first { $0.matches(fileName: name) }
  }

  /// The format of a file by its name and, failing that, by how it begins.
  ///
  /// - Throws: ``FormatsError`` with code `.unknownFormat` where neither tells, `.unreadable` where the file cannot be opened.
  public static func detect(path: String) throws -> FileFormat {
    // A folder, whatever its name.
    if access("\(path)/type.raw", F_OK) == 0 { return .deepmd }
    if let format = matching(path: path) { return format }
    let head = try head(of: path)
    if let format = builtins.first(where: { $0.recognizes(head) }) { return format }
    throw FormatsError(
      .unknownFormat,
      "\(path): neither the name nor the beginning of the file tells its format; name it, one of "
        + builtins.map(\.name).joined(separator: ", "))
  }

  /// The first 16 KiB of a file, decompressed.
  private static func head(of path: String) throws -> String {
    let source = try Compression.open(path)
    var bytes = [UInt8](repeating: 0, count: 1 << 14)
    var count = 0
    while count < bytes.count {
      let more = try bytes.withUnsafeMutableBytes { try source.read(into: UnsafeMutableRawBufferPointer(rebasing: $0[count...])) }
      if more == 0 { break }
      count += more
    }
    return String(decoding: bytes.prefix(count), as: UTF8.self)
  }
}
