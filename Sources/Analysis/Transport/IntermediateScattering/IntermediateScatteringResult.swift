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
    /// Why there are no such jumps.
    public let withoutHopping: String?
  }

  /// The functions at one wave number.
  public struct Curve: Sendable {
    /// In 1/Å.
    public let wavenumber: Double
    /// F_s(q, t) at every lag from 0 to half the run.
    public let values: [Double]
    /// Its standard error over blocks of atoms, or empty for fewer than two atoms.
    public let error: [Double]
    /// F_s where the fit begins; `nil` where that is beyond half the run.
    let valueAtFit: Double?
    /// The fit, or `nil` where nothing decays, or everything has before the fit begins.
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
    /// Of the fit; `nil` where it is at a bound, which is then all that is known.
    public var amplitude: Double? { relaxation.flatMap { $0.hasBoundAmplitude ? nil : $0.amplitude } }
    public var exponent: Double? { relaxation.flatMap { $0.hasBoundExponent ? nil : $0.exponent } }

    enum Quantity: Int { case amplitude, time, exponent, rate }

    /// The standard error of a quantity of the fit, or `nil` where it has none.
    func error(of quantity: Quantity) -> Double? {
      if quantity == .amplitude, amplitude == nil { return nil }
      if quantity == .exponent, exponent == nil { return nil }
      return relaxationErrors.count == 4 ? relaxationErrors[quantity.rawValue] : nil
    }
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

  /// A relaxation of which less than this is left where the fit begins has no fit.
  static let leastAtFit = 0.1

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
      let gone = part.curves.filter { ($0.valueAtFit ?? 1) < Self.leastAtFit }
      if !gone.isEmpty {
        warnings.append(
          "\(part.label): no relaxation at q = \(list(gone)) 1/Å; F_s has decayed before fit-from, to "
            + gone.map { brief((($0.valueAtFit ?? 0) * 1000).rounded() / 1000) }.joined(separator: ", ") + "; lower it")
      }
      let unfitted = part.curves.filter { $0.relaxation == nil && ($0.valueAtFit ?? 1) >= Self.leastAtFit }
      if !unfitted.isEmpty {
        warnings.append("\(part.label): no relaxation at q = \(list(unfitted)) 1/Å; F_s hardly decays from fit-from to half the run")
      }
      let whole = part.curves.filter { $0.relaxation?.hasBoundAmplitude ?? false }
      if !whole.isEmpty {
        warnings.append(
          "\(part.label): no amplitude at q = \(list(whole)) 1/Å; it is at its bound 1, F_s has no plateau between vibration and relaxation"
        )
      }
      let bent = part.curves.filter { $0.relaxation?.hasBoundExponent ?? false }
      if !bent.isEmpty {
        warnings.append("\(part.label): the stretching exponent at q = \(list(bent)) 1/Å is at its bound: no stretched exponential")
      }
      let coarse = part.curves.filter { $0.values.count > 1 && $0.values[1] < 0.5 }
      if !coarse.isEmpty {
        warnings.append(
          "\(part.label): at q = \(list(coarse)) 1/Å F_s falls below 0.5 from one frame to the next: S(q,w) is that of straight lines between "
            + "frames; write frames more often")
      }
      if let reason = part.withoutHopping, part.curves.count >= 3 {
        warnings.append("\(part.label): no jumps after Chudley and Elliott: \(reason)")
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
