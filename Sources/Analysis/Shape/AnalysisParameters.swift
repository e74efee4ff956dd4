import NumericalMethods
import Structures

/// The settings of an analysis, and the first of its three parts: parameters, accumulator, result.
///
/// The command line and recipes make one from text (``Analyses``); a program makes it directly.
public protocol AnalysisParameters: Sendable {
  associatedtype Accumulator: AnalysisAccumulator

  /// Name, summary, settings and convention.
  static var descriptor: AnalysisDescriptor { get }

  /// What the analysis does with a region of the atoms.
  static var regionUse: AnalysisRegionUse { get }

  /// Reads settings written as text.
  ///
  /// - Throws: ``AnalysisError`` with code `.invalidSetting`.
  init(_ settings: AnalysisSettings) throws

  /// Starts the analysis.
  func makeAccumulator(in context: AnalysisContext) -> Accumulator
}

extension AnalysisParameters {
  public static var regionUse: AnalysisRegionUse { .filtered }
}

/// The second part of an analysis: takes frames one by one and keeps what it needs of them.
public protocol AnalysisAccumulator: Sendable {
  associatedtype Result: AnalysisResult

  /// Takes the next frame.
  mutating func add(_ frame: Frame) throws

  /// Ends a pass over the frames.
  ///
  /// - Returns: Whether the same frames are needed once more, for example because cutoffs came from the first pass.
  mutating func endPass() throws -> Bool

  /// How many bytes it holds now, roughly.
  var memoryInBytes: Int { get }

  /// The result of all frames.
  ///
  /// - Throws: ``AnalysisError`` with code `.noFrames` or `.tooFewFrames`.
  func result() throws -> Result
}

extension AnalysisAccumulator {
  public mutating func endPass() throws -> Bool { false }
}

/// The third part of an analysis: numbers that know their units, as tables, figures and a summary.
public protocol AnalysisResult: Sendable {
  /// The name of the analysis.
  var analysis: String { get }
  /// The settings as used, defaults and automatic choices included, in the order of the descriptor.
  var settings: [AnalysisSetting] { get }
  /// Definitions and normalisation.
  var convention: String { get }
  /// How many frames went in.
  var frameCount: Int { get }
  var tables: [DataTable] { get }
  var figures: [FigureDescription] { get }
  /// What other programs read: grids, labelled atoms.
  var files: [AnalysisFile] { get }
  /// The numbers worth reading, keyed by name with unit; without settings and convention.
  var summaryValues: [(key: String, value: SummaryValue)] { get }
  /// What a person should know before believing the numbers.
  var warnings: [String] { get }
  /// Whether the result meets its own quality test (exit status 3 otherwise).
  var meetsQualityTest: Bool { get }
}

extension AnalysisResult {
  public var files: [AnalysisFile] { [] }
  public var warnings: [String] { [] }
  public var meetsQualityTest: Bool { true }

  /// What `--json` prints and `results.json` keeps: ``summaryValues`` beside settings, convention and warnings.
  public var summary: SummaryValue {
    let settings = SummaryValue.object(settings.map { ($0.name, .text($0.value)) })
    let head: [(key: String, value: SummaryValue)] = [
      ("analysis", .text(analysis)), ("convention", .text(convention)), ("settings", settings), ("frames", .integer(frameCount)),
    ]
    let tail: [(key: String, value: SummaryValue)] = [("warnings", .array(warnings.map { .text($0) }))]
    return .object(head + summaryValues + tail)
  }
}

/// A setting as it was used.
public struct AnalysisSetting: Hashable, Sendable {
  public var name: String
  /// With its unit.
  public var value: String

  public init(_ name: String, _ value: String) {
    self.name = name
    self.value = value
  }
}

/// Reads the first frame of a file. The module knows no formats: who runs an analysis says how.
public typealias AnalysisReader = @Sendable (_ path: String) throws -> Frame

/// What an analysis shares with the program around it.
public struct AnalysisContext: Sendable {
  /// The threads; their number never changes a result.
  public var pool: WorkerPool
  /// Which frames of the source the accumulator is fed, so that errors name them by their number in the file.
  public var frames: FrameRange
  /// The most that one accumulator may hold, in bytes.
  public var memoryLimit: Int
  /// Reads the first frame of another file that a setting names; `nil` where there are no files.
  public var reader: AnalysisReader?

  public init(
    pool: WorkerPool, frames: FrameRange = FrameRange(), memoryLimit: Int = 4 << 30, reader: AnalysisReader? = nil
  ) {
    self.pool = pool
    self.frames = frames
    self.memoryLimit = memoryLimit
    self.reader = reader
  }

  /// The most that the tracks of atoms may hold in memory, in bytes; what is more goes to a scratch file.
  var trackMemory: Int { min(memoryLimit, 256 << 20) }

  /// Reads the first frame of a file that a setting names.
  ///
  /// - Throws: ``AnalysisError`` with code `.unreadableFile` where this program reads no files; what reading throws.
  func frame(ofFile path: String, analysis: String) throws -> Frame {
    guard let reader else {
      throw AnalysisError(.unreadableFile, "\(analysis): \(path) cannot be read here; set AnalysisContext.reader")
    }
    return try reader(path)
  }

  /// How errors name the frame with this number among those fed.
  func frameName(_ index: Int, _ frame: Frame) -> String {
    let number = "frame \(frames.first + index * frames.stride)"
    return frame.step.map { "\(number) (step \($0))" } ?? number
  }
}
