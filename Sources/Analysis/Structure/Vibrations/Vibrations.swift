import Structures

/// Vibrational densities of states, infrared and Raman spectra from a trajectory.
///
/// The density of states is the spectrum of the mass-weighted velocities, by averages over stretches of the trajectory that
/// overlap by half (Welch's method):
///
///     g(f) = norm * sum_i m_i S_i(f) / integral of the sum,   S_i: the power spectrum of the velocity of atom i
///
/// with `norm` 3N - 3 (3N where drift is kept) or 1; partial densities add up to the total. Infrared absorption comes from the flux of charge
/// J = sum q v, classically, with the refractive index n, the speed of light c, and <J(0) · J(t)> Fourier transformed over
/// positive and negative times, S_J(f):
///
///     alpha(f) n(f) = S_J(f) / (6 epsilon_0 c V k_B T)
///
/// Raman intensities, reduced, are spectra of the rate of the polarisability in a model of bonds; ``VibrationalMotion``.
///
/// Sources: Dickey and Paskin, Phys. Rev. 188, 1407 (1969), doi:10.1103/PhysRev.188.1407; Thomas et al., Phys. Chem. Chem. Phys. 15,
/// 6608 (2013), doi:10.1039/c3cp44302g.
public struct Vibrations: AnalysisParameters {
  /// Where velocities come from.
  public enum Source: String, CaseIterable, Sendable {
    /// The file, where it has them; otherwise steps.
    case auto
    case velocities
    /// Steps of unwrapped positions between frames.
    case positions
  }

  /// What the integral of the density of states is.
  public enum Norm: String, CaseIterable, Sendable {
    /// 3N - 3, or 3N where drift is kept.
    case modes
    /// 1.
    case unity = "1"
  }

  /// Labels of the species to take, or empty for all.
  public var species: [String] = []
  public var source = Source.auto
  /// The length of a stretch in ps.
  public var length = 4.0
  public var window = SpectralWindow.hann
  public var norm = Norm.modes
  /// Whether the velocity of the centre of mass is removed in each frame.
  public var removesDrift = true
  /// Charges in e by label of species, instead of those of the file.
  public var charges: [String: Double] = [:]
  /// The bond-polarisability model, the same for all bonds, or `nil` for no Raman spectrum.
  public var raman: BondPolarizability?
  /// What counts as a bond for ``raman``.
  public var cutoffs: PairCutoffs = .automatic
  /// The time between frames of the trajectory in ps, where the file does not tell it.
  public var frameInterval: Double?

  public init() {}

  public init(_ settings: AnalysisSettings) throws {
    species = settings.list("species") ?? []
    if let name = try settings.choice("source"), let source = Source(rawValue: name) { self.source = source }
    length = try settings.quantity("length") ?? length
    if let name = try settings.choice("window"), let window = SpectralWindow(rawValue: name) { self.window = window }
    if let name = try settings.choice("norm"), let norm = Norm(rawValue: name) { self.norm = norm }
    removesDrift = try settings.flag("remove-drift") ?? true
    for part in settings.list("charges") ?? [] where part != "file" {
      let sides = part.split(separator: "=", omittingEmptySubsequences: false)
      guard sides.count == 2, !sides[0].isEmpty, let charge = Double(sides[1]), charge.isFinite else {
        throw settings.invalid("charges", "\"\(part)\" is no charge of a species; write charges in e, such as Li=1,P=5,S=-2")
      }
      charges[String(sides[0])] = charge
    }
    if let numbers = settings.list("raman"), numbers != ["none"] {
      raman = numbers == ["default"] ? BondPolarizability() : try BondPolarizability(numbers, settings)
    }
    cutoffs = try settings.cutoffs()
    frameInterval = try settings.quantity("dt")
  }

  public static let descriptor = AnalysisDescriptor(
    name: "vibrations", summary: "vibrational densities of states, infrared and Raman spectra from velocities", group: .structure,
    parameters: [
      AnalysisParameter("species", summary: "species to take", kind: .species, default: "all"),
      AnalysisParameter(
        "source", summary: "velocities of the file, steps between positions, or velocities where the file has them",
        kind: .choice(Source.allCases.map(\.rawValue)), default: Source.auto.rawValue),
      AnalysisParameter(
        "length", summary: "length of the stretches that are averaged; the resolution is about its inverse", kind: .quantity(.time),
        default: "4 ps", bounds: 1e-6...1e9),
      AnalysisParameter(
        "window", summary: "weights of a stretch: hann, blackman or none", kind: .choice(SpectralWindow.allCases.map(\.rawValue)),
        default: SpectralWindow.hann.rawValue),
      AnalysisParameter(
        "norm", summary: "integral of the density of states: modes (3N - 3) or 1", kind: .choice(Norm.allCases.map(\.rawValue)),
        default: Norm.modes.rawValue),
      AnalysisParameter(
        "remove-drift", summary: "whether the velocity of the centre of mass is removed", kind: .flag, default: "true"),
      AnalysisParameter(
        "charges", summary: "charges in e for the infrared spectrum, such as Li=1,P=5,S=-2", kind: .text, default: "those of the file"),
      AnalysisParameter(
        "raman",
        summary: "none, default, or three numbers of the bond-polarisability model: trace 2aT'+aL', stretch aL'-aT', turn (aL-aT)/R",
        kind: .text, default: "none"),
      AutomaticCutoffs.parameter,
      AnalysisParameter(
        "dt", summary: "time between frames of the file, where the file does not tell it", kind: .quantity(.time), default: "from the file",
        bounds: 1e-9...1e9),
    ],
    convention:
      "density of states: power spectrum of mass-weighted velocities, averaged over stretches that overlap by half, integral over "
      + "frequency as in norm; partial densities add up to the total; temperatures: kinetic, 3 N - 3 M_s/M degrees of freedom a species; "
      + "infrared: alpha n = S_J / (6 epsilon_0 c V k_B T) of the charge flux J = sum q v, classical, fixed charges, in arbitrary units where "
      + "the cell is not periodic; Raman: reduced, spectrum of the rate of the polarisability of bonds, arbitrary units, HH = a² + 4 g²/45, "
      + "HV = g²/15; errors: standard error over stretches",
    references: [
      "Dickey and Paskin, Phys. Rev. 188, 1407 (1969), doi:10.1103/PhysRev.188.1407",
      "Welch, IEEE Trans. Audio Electroacoust. 15, 70 (1967), doi:10.1109/TAU.1967.1161901",
      "Thomas et al., Phys. Chem. Chem. Phys. 15, 6608 (2013), doi:10.1039/c3cp44302g",
      "Umari, Pasquarello and Dal Corso, Phys. Rev. B 63, 094305 (2001), doi:10.1103/PhysRevB.63.094305",
    ])

  public func makeAccumulator(in context: AnalysisContext) -> VibrationAccumulator {
    VibrationAccumulator(self, context: context)
  }
}

/// The numbers of the bond-polarisability model of ``Vibrations/raman``, in arbitrary units: only their ratios matter.
public struct BondPolarizability: Sendable, Hashable {
  /// `2 alpha_T' + alpha_L'`, with alpha_L and alpha_T the polarisabilities along and across a bond and primes for derivatives
  /// by its length.
  public var trace = 1.0
  /// `alpha_L' - alpha_T'`.
  public var stretch = 0.25
  /// `(alpha_L - alpha_T) / R`.
  public var turn = 0.075

  /// Numbers for a first look, which were fitted to nothing: the trace changes most, the anisotropy a quarter of that.
  public init() {}

  public init(trace: Double, stretch: Double, turn: Double) {
    (self.trace, self.stretch, self.turn) = (trace, stretch, turn)
  }

  init(_ text: [String], _ settings: AnalysisSettings) throws {
    let numbers = text.compactMap { Double($0) }.filter(\.isFinite)
    guard text.count == 3, numbers.count == 3 else {
      throw settings.invalid(
        "raman", "\"\(text.joined(separator: ","))\" are not three numbers; write trace,stretch,turn, such as 1,0.25,0.075")
    }
    self.init(trace: numbers[0], stretch: numbers[1], turn: numbers[2])
  }
}
