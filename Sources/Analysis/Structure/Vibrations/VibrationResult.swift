import NumericalMethods
import Structures

/// What ``Vibrations`` gives.
public struct VibrationResult: AnalysisResult {
  /// One curve over ``frequencies``.
  public struct Spectrum: Sendable {
    public var values: [Double]
    /// Standard errors, or empty.
    public var errors: [Double]
  }

  /// The vibrations of one species.
  public struct Partial: Sendable {
    public var label: String
    public var atoms: Int
    /// In 1/THz.
    public var density: Spectrum
    /// The kinetic temperature in K.
    public var temperature: Double
    public var temperatureError: Double?
    /// `<v(0) · v(t)> / <v²>` over all time origins of a stretch, by lags of ``interval`` from 0 on.
    public var autocorrelation: [Double]
  }

  public let parameters: Vibrations
  /// In THz, from 0 on.
  public let frequencies: [Double]
  /// In 1/THz.
  public let total: Spectrum
  public let partials: [Partial]
  /// The kinetic temperature of the species taken, in K.
  public let temperature: Double
  public let temperatureError: Double?
  /// The infrared absorption coefficient times the refractive index in 1/cm, or in arbitrary units; `nil` without charges.
  public let infrared: Spectrum?
  /// Whether ``infrared`` is in 1/cm.
  public let infraredIsAbsolute: Bool
  /// Reduced Raman spectra, light polarised alike (HH) and crosswise (HV), in arbitrary units.
  public let raman: (parallel: Spectrum, crossed: Spectrum)?
  /// The time between lags in ps.
  public let interval: Double
  /// Frames in a stretch, and how many stretches there were.
  public let windowFrames: Int
  public let windows: Int
  let usesPositions: Bool
  let cutoffs: AnalysisSetting?
  public let frameCount: Int
  public let warnings: [String]

  /// 1 THz in 1/cm.
  public static let wavenumberPerTerahertz = 33.35640951981521
  /// The speed of light in Å/ps.
  private static let speedOfLight = 2.99792458e6

  init(
    parameters: Vibrations, labels: [String], counts: [Int], massShares: [Double], interval: Double, windowFrames: Int, windows: Int,
    spectra: BlockAverage, kinetic: BlockAverage, hasCharges: Bool, volume: Double?, usesPositions: Bool, cutoffs: AnalysisSetting?,
    frameCount: Int, warnings: [String]
  ) {
    self.parameters = parameters
    self.interval = interval
    self.windowFrames = windowFrames
    self.windows = windows
    self.usesPositions = usesPositions
    self.cutoffs = cutoffs
    self.frameCount = frameCount
    let bins = windowFrames / 2 + 1
    let width = 1 / (Double(windowFrames) * interval)
    frequencies = (0..<bins).map { Double($0) * width }
    let kinds = labels.count
    let freedom = zip(counts, massShares).map { 3 * (Double($0) - (parameters.removesDrift ? $1 : 0)) }
    let norm = parameters.norm == .unity ? 1 : freedom.reduce(0, +)

    /// Densities by species and their sum, scaled to the integral.
    func densities(_ mean: [Double]) -> [Double] {
      let integral = width * mean[0..<kinds * bins].reduce(0, +)
      let scale = integral > 0 ? norm / integral : 0
      let partials = mean[0..<kinds * bins].map { $0 * scale }
      return partials + (0..<bins).map { k in (0..<kinds).reduce(0) { $0 + partials[$1 * bins + k] } }
    }
    let density = densities(spectra.mean)
    let densityErrors = spectra.standardError(of: densities)
    func spectrum(_ values: [Double], _ errors: [Double], _ place: Int) -> Spectrum {
      Spectrum(
        values: Array(values[place * bins..<(place + 1) * bins]),
        errors: errors.isEmpty ? [] : Array(errors[place * bins..<(place + 1) * bins]))
    }
    total = spectrum(density, densityErrors, kinds)

    // Steps between frames see less than the whole kinetic energy; the corrected spectra tell what is missing.
    let energies = (0..<kinds).map { kind -> Double in
      usesPositions ? width * spectra.mean[kind * bins..<(kind + 1) * bins].reduce(0, +) : kinetic.mean[kind]
    }
    let kelvin = PhysicalConstants.massVelocitySquared / PhysicalConstants.boltzmann
    func temperatures(_ energies: [Double]) -> [Double] {
      let each = zip(energies, freedom).map { $1 > 0 ? $0 * kelvin / $1 : 0 }
      let all = freedom.reduce(0, +)
      return each + [all > 0 ? energies.reduce(0, +) * kelvin / all : 0]
    }
    let temperature = temperatures(energies)
    let temperatureErrors = kinetic.standardError(of: temperatures)
    self.temperature = temperature[kinds]
    temperatureError = temperatureErrors.isEmpty ? nil : temperatureErrors[kinds]
    let mean = spectra.mean
    let correlations = kinds + (hasCharges ? 1 : 0) + (parameters.raman == nil ? 0 : 2)
    partials = labels.indices.map { kind in
      let begin = correlations * bins + kind * bins
      let sum = Array(mean[begin..<begin + bins])
      return Partial(
        label: labels[kind], atoms: counts[kind], density: spectrum(density, densityErrors, kind), temperature: temperature[kind],
        temperatureError: temperatureErrors.isEmpty ? nil : temperatureErrors[kind],
        autocorrelation: sum.map { sum[0] > 0 ? $0 / sum[0] : 0 })
    }

    let meanTemperature = temperature[kinds]
    infraredIsAbsolute = volume != nil && meanTemperature > 0
    if hasCharges {
      // 1/epsilon_0 = 4 pi * 14.4 eV Å/e²; one-sided spectra are twice those over positive and negative times; 1/Å is 1e8/cm.
      let factor =
        volume.map { volume in
          4 * Double.pi * PhysicalConstants.coulomb * 0.5 * 1e8
            / (6 * Self.speedOfLight * volume * PhysicalConstants.boltzmann * max(meanTemperature, 1e-300))
        } ?? 1
      let scale = infraredIsAbsolute ? factor : 1
      infrared = spectrum(mean.map { $0 * scale }, spectra.standardError.map { $0 * scale }, kinds)
    } else {
      infrared = nil
    }
    if parameters.raman != nil {
      let place = kinds + (hasCharges ? 1 : 0)
      func light(_ crossed: Bool) -> ([Double]) -> [Double] {
        { mean in
          (0..<bins).map { k in
            let (isotropic, anisotropic) = (mean[place * bins + k], mean[(place + 1) * bins + k])
            return crossed ? anisotropic / 15 : isotropic + 4 * anisotropic / 45
          }
        }
      }
      raman = (
        Spectrum(values: light(false)(mean), errors: spectra.standardError(of: light(false))),
        Spectrum(values: light(true)(mean), errors: spectra.standardError(of: light(true)))
      )
    } else {
      raman = nil
    }

    var warnings = warnings
    for (kind, label) in labels.enumerated() where kinds > 1 && meanTemperature > 0 {
      let error = temperatureErrors.isEmpty ? 0 : temperatureErrors[kind]
      if abs(temperature[kind] / meanTemperature - 1) > 0.05, abs(temperature[kind] - meanTemperature) > 3 * error {
        warnings.append(
          "\(label) has a kinetic temperature of \(brief((temperature[kind] * 10).rounded() / 10)) K where all have "
            + "\(brief((meanTemperature * 10).rounded() / 10)) K: energy is not shared evenly, and densities of states are off by as much")
      }
    }
    if parameters.raman == BondPolarizability() {
      warnings.append(
        "the numbers of the bond-polarisability model are the default ones, which were fitted to nothing; give those of the bonds")
    }
    self.warnings = warnings
  }
}
