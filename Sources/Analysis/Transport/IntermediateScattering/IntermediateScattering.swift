import Structures

/// The self-intermediate scattering function, its relaxation, and the incoherent dynamic structure factor.
///
///     F_s(q, t) = 1/N sum_i < exp(i q (r_i(t0 + t) - r_i(t0))) >          mean over directions of q and all time origins
///     S_s(q, w) = 1/(2 pi) integral exp(i w t) F_s(q, t) R(t) dt           R: the resolution, a normal distribution in w
///
/// by Fourier transform at every lag. The self part depends on displacements alone, so that q need not fit the cell.
///
/// - Source: van Hove, Phys. Rev. 95, 249 (1954), doi:10.1103/PhysRev.95.249.
public struct IntermediateScattering: AnalysisParameters {
  /// How atoms are followed.
  public var tracks = TrackSettings()
  /// Lengths of q in 1/Å.
  public var wavenumbers = [0.5, 1.0, 1.5, 2.0, 2.5]
  /// How directions of q are averaged.
  public var directions = SphericalDirections.thirteen
  /// The full width at half maximum of the resolution in eV, or `nil` for the finest that half the run gives.
  public var resolution: Double?
  /// The time in ps from which F_s is fitted: what comes before is vibration.
  public var fitFrom = 1.0

  public init() {}

  public init(_ settings: AnalysisSettings) throws {
    tracks = try TrackSettings(settings)
    if let list = settings.list("q") {
      wavenumbers = try list.map { text in
        // The unit may stand after each number, or be left out.
        let value =
          try Double(text)
          ?? {
            do { return try Quantity.parse(text, as: .wavenumber) } catch let error as StructuresError {
              throw settings.invalid("q", error.message)
            }
          }()
        guard value > 0, value <= 100 else { throw settings.invalid("q", "\"\(text)\" is no wave number between 0 and 100 1/A") }
        return value
      }
      if wavenumbers.isEmpty { throw settings.invalid("q", "give at least one wave number, such as 0.5,1.0") }
      wavenumbers = Set(wavenumbers).sorted()
    }
    if let name = try settings.choice("directions"), let choice = SphericalDirections(rawValue: name) { directions = choice }
    resolution = try settings.quantity("resolution")
    fitFrom = try settings.quantity("fit-from") ?? fitFrom
  }

  public static let descriptor = AnalysisDescriptor(
    name: "scattering", summary: "self-intermediate scattering F_s(q,t), its relaxation time, S(q,w) and quasi-elastic widths",
    group: .transport,
    parameters: TrackSettings.parameters() + [
      AnalysisParameter("q", summary: "wave numbers in 1/A, separated by commas", kind: .text, default: "0.5,1.0,1.5,2.0,2.5"),
      AnalysisParameter(
        "directions", summary: "how many directions of q are averaged, each with its opposite: 3 (axes), 7, 13 or 25",
        kind: .choice(SphericalDirections.allCases.map(\.rawValue)), default: SphericalDirections.thirteen.rawValue),
      AnalysisParameter(
        "resolution", summary: "full width at half maximum of the resolution of S(q,w)", kind: .quantity(.energy),
        default: "the finest that half the run gives", bounds: 1e-9...1),
      AnalysisParameter(
        "fit-from", summary: "time from which the relaxation is fitted", kind: .quantity(.time), default: "1 ps", bounds: 0...1e9),
    ],
    convention:
      "F_s(q,t) = <cos(q . displacement)>, all time origins, mean over directions of q with the weights of Lebedev's quadrature; fit: "
      + "A exp(-(t/tau)^beta) from fit-from to half the run, mean relaxation time tau/beta Gamma(1/beta), rate its inverse; S(q,w) in ps, "
      + "its integral over w F_s(q,0) = 1, classical (even in w), times in t a normal distribution that is the resolution; width: half "
      + "width at half maximum without the resolution (Voigt); errors: jackknife over blocks of atoms",
    references: [
      "van Hove, Phys. Rev. 95, 249 (1954), doi:10.1103/PhysRev.95.249",
      "Lebedev, USSR Comput. Math. Math. Phys. 16, 10 (1976), doi:10.1016/0041-5553(76)90100-2",
      "Chudley and Elliott, Proc. Phys. Soc. 77, 353 (1961), doi:10.1088/0370-1328/77/2/319",
      "Olivero and Longbothum, J. Quant. Spectrosc. Radiat. Transf. 17, 233 (1977), doi:10.1016/0022-4073(77)90161-3",
    ])

  public static var regionUse: AnalysisRegionUse { .centers }

  public func makeAccumulator(in context: AnalysisContext) -> IntermediateScatteringAccumulator {
    IntermediateScatteringAccumulator(self, context: context)
  }
}
