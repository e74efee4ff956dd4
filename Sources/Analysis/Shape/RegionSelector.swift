import Structures

/// Marks or picks the atoms of a region in each frame of a job.
///
/// Labels come from the frame itself, so that atoms can enter and leave a region, or from one labelled frame for all. Motion is of the same
/// atoms throughout: analyses of transport keep the atoms that are in the region in their first frame.
struct RegionSelector {
  private let region: AnalysisRegion
  private let analysis: String
  private let use: AnalysisRegionUse
  private let keepsFirst: Bool
  private let file: String?
  private let labels: Labels?
  private var first: Labels?

  /// The region of each atom.
  private struct Labels {
    let selection: [Bool]
    let atoms: LabelledAtoms

    func selection(for frame: Frame, _ analysis: String, _ place: String) throws -> [Bool] {
      try atoms.places(of: frame.configuration, analysis: analysis, place: place).map { selection[$0] }
    }
  }

  /// - Returns: `nil` where the job takes all atoms.
  /// - Throws: ``AnalysisError`` where the analysis takes no region; what reading the labels throws.
  init?(_ job: AnalysisJob, reader: AnalysisReader?) throws {
    guard let region = job.region else { return nil }
    self.region = region
    file = job.labels
    let descriptor = job.descriptor
    analysis = descriptor.name
    use = type(of: job.parameters).regionUse
    keepsFirst = descriptor.group != .structure
    if case .refused(let reason) = use {
      throw AnalysisError(.regionRefused, "\(descriptor.name) takes no region: \(reason)")
    }
    if let path = job.labels {
      guard let reader else {
        throw AnalysisError(.unreadableFile, "\(descriptor.name): \(path) cannot be read here; set AnalysisRunner.reader")
      }
      let frame = try reader(path)
      labels = Labels(selection: try region.selection(of: frame, in: path), atoms: LabelledAtoms(frame.configuration))
    } else {
      labels = nil
    }
  }

  /// The frame as the analysis is to see it.
  ///
  /// - Parameter number: Of the frame in the file.
  mutating func selected(_ frame: Frame, number: Int) throws -> Frame {
    let place = frame.step.map { "frame \(number) (step \($0))" } ?? "frame \(number)"
    var selection: [Bool]
    if let labels = labels ?? first {
      selection = try labels.selection(for: frame, analysis, place)
    } else {
      selection = try region.selection(of: frame, in: place)
      if keepsFirst { first = Labels(selection: selection, atoms: LabelledAtoms(frame.configuration)) }
    }
    if case .filtered = use { return frame.keeping(selection) }
    var result = frame
    result.selection = selection
    return result
  }

  /// A result that names the region.
  func described(_ result: any AnalysisResult) -> RegionalResult {
    var warning: String?
    if case .filtered = use {
      warning =
        "only the atoms of region \(region) were seen: those outside do not count as neighbours, and where a volume divides, it is that of "
        + "the whole cell"
    }
    return RegionalResult(base: result, region: region, labels: file, warning: warning)
  }
}
