import NumericalMethods
import Structures

/// Powder patterns of crystals and of simulation cells, against the scattering angle 2θ.
///
///     lambda = 2 d sin(theta),  Q = 4π sin(theta) / lambda = 2π / d
///     I(2θ)  = sum_hkl LP(θ) |F(hkl)|² profile(2θ - 2θ_hkl),   F(hkl) = sum_j f_j(Q) exp(-B_j (sin θ / lambda)²) exp(2πi (h x_j + k y_j + l z_j))
///
/// with the Lorentz and polarisation factor of an unpolarised beam without monochromator, (1 + cos² 2θ) / (sin² θ cos θ), for neutrons
/// 1 / (sin² θ cos θ). The sum over the reciprocal vectors of a large cell is the powder pattern of its atoms, crystalline or not; a peak is
/// then a cloud of vectors, and below 2π over the length of the cell there are none.
///
/// Source: Warren, X-Ray Diffraction (Dover, 1990), chapters 3 and 4; Bragg and Bragg, Proc. R. Soc. A 88, 428 (1913), doi:10.1098/rspa.1913.0040.
public struct PowderDiffraction: AnalysisParameters {
  /// How F is computed.
  public enum Method: String, CaseIterable, Sendable {
    /// As it is written, with a list of reflections.
    case reflections
    /// From atoms spread on a mesh, by Fourier transform.
    case mesh
    /// Reflections for what takes about a second, else the mesh.
    case auto
  }

  public enum Profile: String, CaseIterable, Sendable {
    case gaussian, lorentzian
    case pseudoVoigt = "pseudo-voigt"
  }

  public var radiation = Radiation.xRay
  public var scatterers = Scatterers()
  /// In Å, and the name under which it was asked for.
  public var wavelength = 1.54184
  public var wavelengthName = "CuKa"
  /// The range of 2θ in degrees.
  public var range = 5.0...90
  /// Between points of the pattern, in degrees.
  public var step = 0.02
  public var profile = Profile.pseudoVoigt
  /// The full width of a peak at half its height, in degrees.
  public var width = 0.1
  /// B in Å² by label of species; those left out have 0.
  public var displacements: [String: Double] = [:]
  public var method = Method.auto

  public init() {}

  public init(_ settings: AnalysisSettings) throws {
    if let word = try settings.choice("radiation") { radiation = Radiation(rawValue: word) ?? radiation }
    scatterers = try Scatterers(settings)
    if let text = settings.text("wavelength") {
      guard let found = Wavelengths.parse(text) else {
        throw settings.invalid(
          "wavelength",
          "\"\(text)\" is no wavelength; give a length with its unit such as 1.5406 A, or one of "
            + Wavelengths.named.map(\.name).joined(separator: ", "))
      }
      (wavelength, wavelengthName) = (found, text)
    }
    let low = try settings.quantity("from") ?? range.lowerBound
    let high = try settings.quantity("to") ?? range.upperBound
    guard low < high else {
      throw settings.invalid("to", "the range ends at \(brief(high)) deg, before it begins; give an angle above from")
    }
    range = low...high
    step = try settings.quantity("step") ?? step
    if let word = try settings.choice("profile") { profile = Profile(rawValue: word) ?? profile }
    width = try settings.quantity("width") ?? width
    displacements = try Self.displacements(settings)
    if let word = try settings.choice("method") { method = Method(rawValue: word) ?? method }
    guard (high - low) / step < 1e6 else { throw settings.invalid("step", "the pattern has more than a million points; give a wider step") }
    if radiation != .neutron, highestQ > XRayFormFactor.largestQ {
      throw settings.invalid("to", "form factors end at \(XRayFormFactor.largestQ) 1/Å; give a smaller angle or a longer wavelength")
    }
  }

  /// Reads `0.8` for all species or `Li=2,S=1.1`, in Å².
  private static func displacements(_ settings: AnalysisSettings) throws -> [String: Double] {
    var result: [String: Double] = [:]
    for part in settings.list("b-iso") ?? [] {
      let sides = part.split(separator: "=", omittingEmptySubsequences: false)
      guard let value = sides.last.flatMap({ Double($0) }), (0...100).contains(value), sides.count <= 2 else {
        throw settings.invalid("b-iso", "\"\(part)\" is no B; write one number in Å² for all species, or Li=2,S=1.1")
      }
      result[sides.count == 1 ? allSpecies : String(sides[0])] = value
    }
    return result
  }

  /// Stands for every species that is not named.
  static let allSpecies = "*"

  /// B of a species in Å².
  func displacement(of label: String) -> Double { displacements[label] ?? displacements[Self.allSpecies] ?? 0 }

  /// The largest Q in 1/Å that can be seen.
  var highestQ: Double { PowderAngles.q(range.upperBound, wavelength: wavelength) }

  /// Where sums over vectors end, 2θ in degrees: peaks beyond the range reach into it.
  var lastAngle: Double { min(179.9, range.upperBound + 10 * width) }

  public static let descriptor = AnalysisDescriptor(
    name: "xrd", summary: "powder diffraction pattern in 2 theta, reflections and peaks", group: .structure,
    parameters: [
      AnalysisParameter("radiation", summary: "what is scattered", kind: .choice(["x-ray", "neutron"]), default: "x-ray"),
      AnalysisParameter(
        "wavelength", summary: "a length such as 1.5406 A, or a line: CuKa, CuKa1, MoKa, CoKa, CrKa, FeKa, AgKa", kind: .text,
        default: "CuKa"),
      AnalysisParameter("from", summary: "first 2 theta", kind: .quantity(.angle), default: "5 deg", bounds: 0.1...179),
      AnalysisParameter("to", summary: "last 2 theta", kind: .quantity(.angle), default: "90 deg", bounds: 0.2...179),
      AnalysisParameter("step", summary: "between points of the pattern", kind: .quantity(.angle), default: "0.02 deg", bounds: 1e-4...5),
      AnalysisParameter(
        "profile", summary: "shape of a peak; pseudo-voigt is half of each of the others", kind: .choice(Profile.allCases.map(\.rawValue)),
        default: "pseudo-voigt"),
      AnalysisParameter(
        "width", summary: "full width of a peak at half its height", kind: .quantity(.angle), default: "0.1 deg", bounds: 1e-3...20),
      AnalysisParameter(
        "b-iso", summary: "B of the Debye-Waller factor in A^2, one for all species or Li=2,S=1.1; moving atoms of a simulation need none",
        kind: .text, default: "0"),
      AnalysisParameter(
        "method", summary: "sum over reflections, or atoms on a mesh for large cells", kind: .choice(Method.allCases.map(\.rawValue)),
        default: "auto"),
    ] + Scatterers.parameters,
    convention:
      "lambda = 2 d sin(theta); intensity of a reflection: multiplicity x |F|^2 x (1 + cos^2(2 theta)) / (sin^2(theta) cos(theta)), for neutrons "
      + "x 1 / (sin^2(theta) cos(theta)); Debye-Waller factor exp(-B (sin(theta)/lambda)^2) on amplitudes; factors of Waasmaier and Kirfel without "
      + "dispersion corrections, lengths of Sears; no absorption, no texture, no Compton scattering; reflections of one d count as one; highest peak and "
      + "strongest reflection are 100; averaged over frames; errors: standard error over blocks of frames",
    references: [
      "Bragg and Bragg, Proc. R. Soc. A 88, 428 (1913), doi:10.1098/rspa.1913.0040",
      "Waasmaier and Kirfel, Acta Cryst. A 51, 416 (1995), doi:10.1107/S0108767394013292",
      "Bearden (wavelengths), Rev. Mod. Phys. 39, 78 (1967), doi:10.1103/RevModPhys.39.78",
    ])

  public func makeAccumulator(in context: AnalysisContext) -> PowderAccumulator {
    PowderAccumulator(self, context: context)
  }
}
