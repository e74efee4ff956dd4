import NumericalMethods
import Structures

/// What ``PowderDiffraction`` gives.
public struct PowderResult: AnalysisResult {
  public let parameters: PowderDiffraction
  let labels: [String]
  public let usesMesh: Bool
  /// 2θ of the points of the pattern, in degrees.
  public let angles: [Double]
  /// The pattern, its highest point 100.
  public let pattern: [Double]
  /// Its standard error, or empty.
  public let errors: [Double]
  /// Where there is a sum over reflections, those of the range, by rising angle.
  public let reflections: [PowderReflection]
  /// By rising angle.
  public let peaks: [PowderPeak]
  public let frameCount: Int
  /// The number of blocks behind the errors and the frames in each, or `nil` where there are no errors.
  public let blocks: (count: Int, length: Int)?
  public let warnings: [String]

  /// Peaks stand out by this share of the highest.
  static let prominence = 0.01
  /// Weaker reflections are not listed.
  static let weakest = 1e-3

  init(
    parameters: PowderDiffraction, labels: [String], usesMesh: Bool, angles: [Double], average: BlockAverage,
    reflections: [PowderReflection],
    frameCount: Int, warnings: [String]
  ) {
    self.parameters = parameters
    self.labels = labels
    self.usesMesh = usesMesh
    self.angles = angles
    let mean = average.mean
    let highest = mean.max() ?? 0
    let scale = highest > 0 ? 100 / highest : 0
    pattern = mean.map { $0 * scale }
    errors = average.standardError.map { $0 * scale }
    self.reflections = reflections
    peaks = PowderPeak.found(angles, pattern, wavelength: parameters.wavelength, prominence: Self.prominence)
    self.frameCount = frameCount
    blocks = average.blockCount > 1 ? (average.blockCount, average.blockLength) : nil
    self.warnings = warnings + (highest > 0 ? [] : ["nothing is scattered in this range; give another range or wavelength"])
  }

  public var analysis: String { PowderDiffraction.descriptor.name }
  public var convention: String { PowderDiffraction.descriptor.convention }

  /// The reflections strong enough to list.
  var listed: [PowderReflection] { Array(reflections.filter { $0.intensity >= Self.weakest }.prefix(5000)) }

  public var settings: [AnalysisSetting] {
    let displacements = labels.map { "\($0)=\(brief(parameters.displacement(of: $0)))" }.joined(separator: ",")
    return [
      AnalysisSetting("radiation", parameters.radiation.rawValue),
      AnalysisSetting("wavelength", "\(parameters.wavelength) A (\(parameters.wavelengthName))"),
      AnalysisSetting("from", "\(brief(parameters.range.lowerBound)) deg"),
      AnalysisSetting("to", "\(brief(parameters.range.upperBound)) deg"),
      AnalysisSetting("step", "\(brief(parameters.step)) deg"), AnalysisSetting("profile", parameters.profile.rawValue),
      AnalysisSetting("width", "\(brief(parameters.width)) deg"), AnalysisSetting("b-iso", displacements + " A^2"),
      AnalysisSetting("method", usesMesh ? "mesh" : "reflections"), AnalysisSetting("isotopes", parameters.scatterers.isotopeText),
      AnalysisSetting("ions", parameters.scatterers.ionText),
      AnalysisSetting("errors", blocks.map { "\($0.count) blocks of \($0.length) frames" } ?? "none: too few frames"),
    ]
  }

  public var tables: [DataTable] {
    let pattern = DataTable(
      name: "xrd", title: "Powder pattern, highest point 100",
      columns: [
        DataTable.Column("two_theta", unit: "deg", angles), DataTable.Column("intensity", self.pattern),
        DataTable.Column("intensity_error", errors.isEmpty ? angles.map { _ in .nan } : errors),
      ])
    let peaks = DataTable(
      name: "xrd-peaks", title: "Peaks of the powder pattern",
      columns: [
        DataTable.Column("two_theta", unit: "deg", self.peaks.map(\.twoTheta)), DataTable.Column("d", unit: "A", self.peaks.map(\.spacing)),
        DataTable.Column("height", self.peaks.map(\.height)), DataTable.Column("width", unit: "deg", self.peaks.map { $0.width ?? .nan }),
      ])
    guard !reflections.isEmpty else { return [pattern, peaks] }
    let listed = self.listed
    return [
      pattern, peaks,
      DataTable(
        name: "xrd-reflections", title: "Reflections, strongest 100",
        columns: [
          DataTable.Column("h", listed.map { Double($0.indices.x) }), DataTable.Column("k", listed.map { Double($0.indices.y) }),
          DataTable.Column("l", listed.map { Double($0.indices.z) }),
          DataTable.Column("multiplicity", listed.map { Double($0.multiplicity) }),
          DataTable.Column("d", unit: "A", listed.map(\.spacing)), DataTable.Column("two_theta", unit: "deg", listed.map(\.twoTheta)),
          DataTable.Column("F2_per_atom", unit: parameters.radiation == .neutron ? "fm2" : "e2", listed.map(\.squaredFactor)),
          DataTable.Column("intensity", listed.map(\.intensity)),
        ]),
    ]
  }

  public var figures: [FigureDescription] {
    var series = [FigureDescription.Series(label: "", x: angles, y: pattern, error: [], style: .line)]
    if !reflections.isEmpty, reflections.count < 500 {
      let listed = listed.filter { $0.intensity >= 0.1 }
      series.append(FigureDescription.Series(label: "reflections", x: listed.map(\.twoTheta), y: listed.map { _ in -3 }, style: .points))
    }
    return [
      FigureDescription(
        name: "xrd", title: "\(parameters.radiation == .neutron ? "Neutron" : "X-ray") powder pattern, \(parameters.wavelengthName)",
        x: FigureDescription.Axis(label: "2θ", unit: "°", range: parameters.range),
        y: FigureDescription.Axis(label: "intensity (highest 100)"), series: series)
    ]
  }

  public var summaryValues: [(key: String, value: SummaryValue)] {
    let strongest = listed.sorted { $0.intensity > $1.intensity }.prefix(50).sorted { $0.twoTheta < $1.twoTheta }
    return [
      ("wavelength_A", .number(parameters.wavelength)), ("radiation", .text(parameters.radiation.rawValue)),
      ("method", .text(usesMesh ? "mesh" : "reflections")),
      (
        "peaks",
        .array(
          peaks.map { peak in
            .object([
              ("two_theta_deg", .number(peak.twoTheta)), ("d_A", .number(peak.spacing)), ("height", .number(peak.height)),
              ("width_deg", peak.width.map { .number($0) } ?? .null),
            ])
          })
      ),
      (
        "reflections",
        .array(
          strongest.map { reflection in
            .object([
              ("hkl", .integers([Int(reflection.indices.x), Int(reflection.indices.y), Int(reflection.indices.z)])),
              ("multiplicity", .integer(reflection.multiplicity)), ("d_A", .number(reflection.spacing)),
              ("two_theta_deg", .number(reflection.twoTheta)), ("intensity", .number(reflection.intensity)),
            ])
          })
      ),
    ]
  }
}
