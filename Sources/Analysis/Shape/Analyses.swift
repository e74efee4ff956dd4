import Structures

/// The analyses that there are.
public enum Analyses {
  /// All of them, alphabetically by name.
  public static let builtins: [any AnalysisParameters.Type] = [
    CavityAnalysis.self,
    ExperimentComparison.self,
    CoordinationNumbers.self,
    MeanSquaredDisplacement.self,
    OrderAnalysis.self,
    PairDistribution.self,
    RadialDistribution.self,
    StructureFactor.self,
    VoronoiAnalysis.self,
    PowderDiffraction.self,
  ]

  /// What they say about themselves, in the same order.
  public static var descriptors: [AnalysisDescriptor] { builtins.map { $0.descriptor } }

  /// The analysis with a name.
  ///
  /// - Throws: ``AnalysisError`` with code `.unknownAnalysis`, with the nearest name.
  public static func named(_ name: String) throws -> any AnalysisParameters.Type {
    for type in builtins where type.descriptor.name == name { return type }
    let known = descriptors.map(\.name)
    throw AnalysisError(
      .unknownAnalysis, "there is no analysis \"\(name)\"\(didYouMean(name, among: known)); there are \(known.joined(separator: ", "))")
  }

  /// Makes an analysis from text, as the command line and recipes do.
  ///
  /// - Parameters:
  ///   - name: After `analyze`, or the key in a recipe.
  ///   - settings: Text by name, lists separated by commas; `frames` included.
  /// - Throws: ``AnalysisError`` that says what is wrong with the name, a setting or its value.
  public static func job(_ name: String, settings: [String: String] = [:]) throws -> AnalysisJob {
    let type = try named(name)
    let settings = try AnalysisSettings(settings, for: type.descriptor)
    return AnalysisJob(try type.init(settings), frames: try settings.frames())
  }
}

/// An analysis and the frames that it takes.
public struct AnalysisJob: Sendable {
  public var parameters: any AnalysisParameters
  public var frames: FrameRange

  public init(_ parameters: any AnalysisParameters, frames: FrameRange = FrameRange()) {
    self.parameters = parameters
    self.frames = frames
  }

  public var descriptor: AnalysisDescriptor { type(of: parameters).descriptor }
}
