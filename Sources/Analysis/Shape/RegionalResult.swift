import Structures

/// The result of an analysis of a region, which says so among its settings and warnings.
public struct RegionalResult: AnalysisResult {
  /// The result itself.
  public let base: any AnalysisResult
  public let region: AnalysisRegion
  /// The file with the labels, or `nil` where the trajectory has them.
  public let labels: String?
  let warning: String?

  public var analysis: String { base.analysis }
  public var settings: [AnalysisSetting] {
    base.settings + [
      AnalysisSetting("region", "\(region) (\(region.column) = \(brief(region.value)))"),
      AnalysisSetting("labels", labels ?? "the trajectory"),
    ]
  }
  public var convention: String { base.convention }
  public var frameCount: Int { base.frameCount }
  public var tables: [DataTable] { base.tables }
  public var figures: [FigureDescription] { base.figures }
  public var files: [AnalysisFile] { base.files }
  public var summaryValues: [(key: String, value: SummaryValue)] { base.summaryValues }
  public var warnings: [String] { base.warnings + (warning.map { [$0] } ?? []) }
  public var meetsQualityTest: Bool { base.meetsQualityTest }
}
