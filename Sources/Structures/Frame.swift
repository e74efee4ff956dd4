import NumericalMethods

/// One instant of a trajectory: a configuration and what the file says about it.
public struct Frame: Sendable {
  public var configuration: Configuration
  /// The step of the simulation, where the file counts steps.
  public var step: Int?
  /// The time in ps, where the file gives it.
  public var time: Double?
  /// The potential energy in eV.
  public var energy: Double?
  /// Forces in eV/Å, or empty.
  public var forces: [Vector3] = []
  /// The stress in eV/Å³, tension positive.
  public var stress: Matrix3?
  /// Further columns, one number an atom, by the name in the file.
  public var columns: [String: [Double]] = [:]
  /// Whether ``Configuration/positions`` are unwrapped already (LAMMPS `xu`), so that no image need be counted.
  public var isUnwrapped = false
  /// Which atoms an analysis takes as its centres, or empty for all; the others still count as their neighbours.
  public var selection: [Bool] = []

  public init(_ configuration: Configuration) {
    self.configuration = configuration
  }
}

/// A source of frames, read one at a time: it never holds the file.
public protocol FrameSource: AnyObject {
  /// The next frame, or `nil` after the last one.
  ///
  /// - Throws: What the format's reader throws on broken input, with file, line and what was expected. A last frame
  ///   that ends too early is no error: it is left out and ``warnings`` says so.
  func next() throws -> Frame?
  /// What a person should know about what was read so far.
  var warnings: [String] { get }
}

extension FrameSource {
  /// All frames that are left. Only for files known to be small.
  public func allFrames() throws -> [Frame] {
    var frames: [Frame] = []
    while let frame = try next() { frames.append(frame) }
    return frames
  }
}

/// A range of frames as `first:last:stride` of the command line; each part may be left out.
///
/// Counting starts at 0 and `last` is not included, as in Python; negative numbers are not taken, since a stream does not
/// know its length.
public struct FrameRange: Sendable, Hashable {
  public var first = 0
  public var end: Int?
  public var stride = 1

  public init() {}

  /// - Throws: ``StructuresError`` with code `.invalidSelection`.
  public init(_ text: String) throws {
    let parts = text.split(separator: ":", omittingEmptySubsequences: false)
    func number(_ index: Int, least: Int) throws -> Int? {
      guard index < parts.count, !parts[index].isEmpty else { return nil }
      guard let value = Int(parts[index]), value >= least else {
        throw StructuresError(
          .invalidSelection,
          "\"\(text)\" is no range of frames; write first:end:stride with whole numbers, counted from 0, such as 100:, :500 or ::10")
      }
      return value
    }
    guard !text.isEmpty else {
      throw StructuresError(.invalidSelection, "the range of frames is empty; write first:end:stride, such as 100:, :500 or ::10")
    }
    guard (1...3).contains(parts.count) else {
      throw StructuresError(.invalidSelection, "\"\(text)\" has too many colons; write first:end:stride")
    }
    first = try number(0, least: 0) ?? 0
    end = parts.count == 1 ? first + (first == .max ? 0 : 1) : try number(1, least: 0)
    stride = try number(2, least: 1) ?? 1
  }

  /// Whether the frame with this number belongs to the range.
  public func contains(_ frame: Int) -> Bool {
    frame >= first && end.map { frame < $0 } ?? true && (frame - first) % stride == 0
  }

  /// Whether no frame from this one on belongs to the range.
  public func isPast(_ frame: Int) -> Bool { end.map { frame >= $0 } ?? false }
}
