import Structures

/// Partial and total radial distribution functions with running coordination numbers.
///
///     g_ab(r) = < V n_ab(r) > / (N_a N_b 4/3 pi (r+³ - r-³))
///     n_ab(R) = < number of b closer than R to an a >
///     g_w(r)  = sum_ab c_a c_b f_a f_b g_ab(r) / (sum_a c_a f_a)²
///
/// n_ab(r) counts ordered pairs between the borders r- and r+ of a histogram bin, over all periodic images; V is the volume
/// of each frame, so that a changing cell (NPT) is normalised frame by frame.
///
/// - Source: Allen and Tildesley, Computer Simulation of Liquids, 2nd ed., eq. 8.13, doi:10.1093/oso/9780198803195.001.0001.
public struct RadialDistribution: AnalysisParameters {
  /// The largest distance in Å; `nil` for the smaller of 10 Å and half the smallest width of the first cell. Larger
  /// distances than half a cell take in periodic images.
  public var cutoff: Double?
  /// The width of a histogram bin in Å, rounded so that a whole number of them makes the cutoff.
  public var binWidth = 0.02
  /// The width (standard deviation) of the Gaussian that smooths g(r) before peak and minimum are sought, in Å.
  public var smoothing = 0.05
  /// Labels of the species to take, or empty for all.
  public var species: [String] = []
  /// The isotopes and ions of the weighted totals.
  public var scatterers = Scatterers()
  /// What bounds ``cutoff`` where it is automatic, beside half the cell, in Å.
  var automaticCutoff = 10.0

  public init() {}

  public init(_ settings: AnalysisSettings) throws {
    cutoff = settings.text("cutoff") == "auto" ? nil : try settings.lengthOrBareNumber("cutoff")
    binWidth = try settings.quantity("bin-width") ?? binWidth
    smoothing = try settings.quantity("smoothing") ?? smoothing
    species = settings.list("species") ?? []
    scatterers = try Scatterers(settings)
  }

  public static let descriptor = AnalysisDescriptor(
    name: "rdf", summary: "partial and total g(r) with running coordination numbers", group: .structure,
    parameters: [
      AnalysisParameter(
        "cutoff", summary: "largest distance; auto is the smaller of 10 A and half the smallest cell width", kind: .quantity(.length),
        default: "auto", bounds: 0.1...1000),
      AnalysisParameter("bin-width", summary: "width of a bin", kind: .quantity(.length), default: "0.02 A", bounds: 1e-4...1),
      AnalysisParameter(
        "smoothing", summary: "width of the Gaussian that smooths g(r) before peak and minimum are sought", kind: .quantity(.length),
        default: "0.05 A", bounds: 0...1),
      AnalysisParameter("species", summary: "species to take", kind: .species, default: "all"),
    ] + Scatterers.parameters,
    convention: "g_ab(r) = V n_ab(r) / (N_a N_b v_shell), averaged over frames each with its own volume (a pair of like species is "
      + "divided by N², not N(N-1)); the total counts every atom alike, weighted totals are "
      + "sum c_a c_b f_a f_b g_ab / (sum c_a f_a)² with f the neutron scattering length or the X-ray form factor at Q = 0; coordination of A-B: "
      + "number of B around an A up to the first minimum; width: full width of g(r) at half its height, smoothing taken out; in a region: centres in "
      + "the region, neighbours everywhere, normalised with the density of the whole cell; errors: standard error over blocks of frames",
    references: ["Allen and Tildesley, Computer Simulation of Liquids, 2nd ed., doi:10.1093/oso/9780198803195.001.0001"])

  public static var regionUse: AnalysisRegionUse { .centers }

  public func makeAccumulator(in context: AnalysisContext) -> RadialDistributionAccumulator {
    RadialDistributionAccumulator(self, context: context)
  }
}

extension AnalysisSettings {
  /// A length with its unit, or a bare number that counts in Å, as cutoffs are written.
  func lengthOrBareNumber(_ name: String) throws -> Double? {
    guard let text = text(name) else { return nil }
    guard let bare = Double(text) else { return try quantity(name) }
    guard bare.isFinite, bare > 0 else { throw invalid(name, "\"\(text)\" is no positive length") }
    return try AnalysisSettings([name: "\(text) A"], for: RadialDistribution.descriptor).quantity(name)
  }
}
