import Structures

/// The analyses that there are.
public enum Analyses {
  /// All of them, alphabetically by name.
  public static let builtins: [any AnalysisParameters.Type] = [
    BondAngles.self,
    BondLengths.self,
    BondValence.self,
    CavityAnalysis.self,
    ExperimentComparison.self,
    Conductivity.self,
    CoordinationNumbers.self,
    DensityMap.self,
    Diffusion.self,
    Disorder.self,
    HopAnalysis.self,
    MobilityAnalysis.self,
    MeanSquaredDisplacement.self,
    NetworkStructure.self,
    NonGaussianParameter.self,
    OrderAnalysis.self,
    PairDistribution.self,
    DensityProfile.self,
    RadialDistribution.self,
    Rings.self,
    UnitRotation.self,
    IntermediateScattering.self,
    SiteAnalysis.self,
    StructureFactor.self,
    StructuralUnits.self,
    VanHoveCorrelation.self,
    Vibrations.self,
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
    return AnalysisJob(
      try type.init(settings), frames: try settings.frames(), region: try settings.region(), labels: settings.text("labels"))
  }
}

/// An analysis, and the frames and atoms that it takes.
public struct AnalysisJob: Sendable {
  public var parameters: any AnalysisParameters
  public var frames: FrameRange
  /// The atoms to take, or `nil` for all.
  public var region: AnalysisRegion?
  /// The file whose frame tells the region of each atom, or `nil` where the trajectory does.
  public var labels: String?

  public init(
    _ parameters: any AnalysisParameters, frames: FrameRange = FrameRange(), region: AnalysisRegion? = nil, labels: String? = nil
  ) {
    self.parameters = parameters
    self.frames = frames
    self.region = region
    self.labels = labels
  }

  public var descriptor: AnalysisDescriptor { type(of: parameters).descriptor }
}
