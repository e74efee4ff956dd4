import Structures

/// Writes frames one after the other.
public protocol FrameWriter: AnyObject {
  /// Adds a frame; it is handed to the operating system whole before this returns.
  func append(_ frame: Frame) throws
  /// Waits until all frames are on the disk.
  func flush() throws
  /// The size of the file after the last complete frame: where to cut and go on when resuming.
  var byteOffset: Int { get }
  /// The number of frames written by this writer.
  var frameCount: Int { get }
}

/// Writes each frame as a block of its own: plain, a gzip member, or a Zstandard frame, by the name of the file.
///
/// A file can therefore be cut after any frame and continued, and one whose writer was killed loses at most its last frame.
final class TrajectoryWriter: FrameWriter {
  private let file: FileDescriptor
  private let format: FileFormat
  private let options: WriteOptions
  private let compressor: Compressor
  private(set) var byteOffset: Int
  private(set) var frameCount = 0
  private let beginsFile: Bool

  /// - Parameter offset: Where an existing file is cut and continued; `nil` begins a new one.
  init(path: String, format: FileFormat, options: WriteOptions, offset: Int?) throws {
    self.format = format
    self.options = options
    compressor = Compressor(compression: Compression(path: path))
    file = try FileDescriptor(writing: path, truncate: offset == nil)
    if let offset {
      let size = try file.size()
      guard offset >= 0, size >= offset else {
        throw FormatsError(
          .inconsistent, "\(path) has \(size) bytes, but the run had written \(offset); it was replaced or cut, so start a new one")
      }
      try file.truncate(to: offset)
    }
    byteOffset = offset ?? 0
    beginsFile = byteOffset == 0
  }

  func append(_ frame: Frame) throws {
    guard let encode = format.encode else {
      throw FormatsError(.unsupported, "the format \(format.name) cannot be written")
    }
    guard format.writesTrajectory || frameCount == 0 && beginsFile else {
      throw FormatsError(.unsupported, "\(file.path): the format \(format.name) holds one frame; choose another for a trajectory")
    }
    let block = try compressor.compress(try encode(frame, beginsFile ? frameCount : frameCount + 1, options))
    do {
      try block.withUnsafeBytes { try file.write($0) }
    } catch {
      // A full disk may have taken part of the frame.
      try? file.truncate(to: byteOffset)
      throw error
    }
    byteOffset += block.count
    frameCount += 1
  }

  func flush() throws { try file.synchronize() }
}
