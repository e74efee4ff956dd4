import Structures

/// What ``IntermediateScattering`` gives.
public struct IntermediateScatteringResult: AnalysisResult {
  /// The functions of one species.
  public struct Curves: Sendable {
    public let label: String
    public let atoms: Int
    /// One entry a wave number.
    public let curves: [Curve]
    /// Jumps whose rates are those of the relaxation, or `nil` for fewer than three of these or where none fit.
    public let hopping: ChudleyElliott?
  }

  /// The functions at one wave number.
  public struct Curve: Sendable {
    /// In 1/Å.
    public let wavenumber: Double
    /// F_s(q, t) at every lag from 0 to half the run.
    public let values: [Double]
    /// Its standard error over blocks of atoms, or empty for fewer than two atoms.
    public let error: [Double]
    /// The fit, or `nil` where nothing decays.
    public let relaxation: StretchedExponential?
    /// The standard errors of amplitude, time, exponent and rate, or empty.
    let relaxationErrors: [Double]
    let spectrum: EnergySpectrum
    /// Angular frequencies of ``spectralDensity`` in rad/ps.
    public var frequencies: [Double] { spectrum.frequencies }
    /// S_s(q, w) in ps.
    public var spectralDensity: [Double] { spectrum.values }
    /// The half width at half maximum without the resolution, in meV; `nil` where the line does not fall to a half.
    public var halfWidth: Double? { spectrum.quasiElasticWidth.map { $0 * EnergySpectrum.reducedPlanck } }
    /// The inverse of the mean relaxation time, in 1/ps.
    public var rate: Double? { relaxation.map { 1 / $0.meanTime } }
  }

  public let parameters: IntermediateScattering
  public let labels: [String]
  public let species: [Curves]
  /// The full width at half maximum of the resolution in rad/ps.
  public let resolution: Double
  /// In ps.
  public let frameInterval: Double
  public let frameCount: Int
  let trackWarnings: [String]

  public var analysis: String { IntermediateScattering.descriptor.name }
  public var convention: String { IntermediateScattering.descriptor.convention }

  /// The full width at half maximum of the resolution in meV.
  public var resolutionEnergy: Double { resolution * EnergySpectrum.reducedPlanck }

  public var settings: [AnalysisSetting] {
    parameters.tracks.described(labels: labels, interval: frameInterval) + [
      AnalysisSetting("q", parameters.wavenumbers.map(brief).joined(separator: ",") + " 1/A"),
      AnalysisSetting("directions", "\(parameters.directions.rawValue), Lebedev's weights"),
      AnalysisSetting("resolution", "\(rounded(resolutionEnergy)) meV, full width at half maximum of a normal distribution"),
      AnalysisSetting("fit-from", "\(brief(parameters.fitFrom)) ps"),
    ]
  }

  public subscript(label: String) -> Curves? { species.first { $0.label == label } }

  public var warnings: [String] {
    var warnings = trackWarnings
    let duration = Double(frameCount / 2) * frameInterval
    for part in species {
      let unfitted = part.curves.filter { $0.relaxation == nil }
      if !unfitted.isEmpty {
        warnings.append("\(part.label): no relaxation at q = \(list(unfitted)) 1/Å; F_s hardly decays from fit-from to half the run")
      }
      let beyond = part.curves.filter { ($0.relaxation?.time ?? 0) > duration }
      if !beyond.isEmpty {
        warnings.append("\(part.label): the relaxation time at q = \(list(beyond)) 1/Å is longer than half the run: an extrapolation")
      }
    }
    return warnings
  }

  private func list(_ curves: [Curve]) -> String { curves.map { brief($0.wavenumber) }.joined(separator: ", ") }
  private func rounded(_ value: Double) -> String { brief((value * 1e5).rounded() / 1e5) }
}
