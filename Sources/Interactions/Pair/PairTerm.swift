/// One term of a pair potential with everything done to it: repair at short distances, shift, smooth cutoff.
public struct PairTerm: Sendable {
  /// The function as the field writes it.
  public let form: any PairForm
  /// What replaces the form below a distance.
  public struct ShortRange: Sendable {
    /// The function used at distances below ``radius``.
    public let form: any PairForm
    /// In Å.
    public let radius: Double

    public init(form: any PairForm, radius: Double) {
      self.form = form
      self.radius = radius
    }
  }
  public let shortRange: ShortRange?
  public let smoothCutoff: SmoothCutoff
  /// What is taken from the energy inside the cutoff, in eV.
  public let energyShift: Double

  /// Creates a term.
  ///
  /// - Parameters:
  ///   - cutoff: In Å, positive.
  ///   - shifted: Whether the energy is moved by a constant to be zero at the cutoff. Forces stay as they are.
  ///   - smoothing: The width in Å of the switch to zero before the cutoff; 0 for none.
  public init(
    _ form: any PairForm, cutoff: Double, shifted: Bool = false, smoothing: Double = 0, shortRange: ShortRange? = nil
  ) {
    self.form = form
    self.shortRange = shortRange
    smoothCutoff = SmoothCutoff(cutoff: cutoff, width: smoothing)
    energyShift = shifted ? form(cutoff).energy : 0
  }

  /// In Å.
  public var cutoff: Double { smoothCutoff.cutoff }

  /// The energy in eV and the force in eV/Å at a distance in Å; 0 from the cutoff on.
  public func callAsFunction(_ r: Double) -> PairValue {
    guard r < cutoff else { return (0, 0) }
    var value: PairValue
    if let shortRange, r < shortRange.radius { value = shortRange.form(r) } else { value = form(r) }
    value.energy -= energyShift
    return smoothCutoff.apply(to: value, at: r)
  }

  /// The distances in Å, ascending, where one piece of the function meets the next.
  public var breakpoints: [Double] {
    var own = form.breakpoints
    if let shortRange {
      own.removeAll { $0 < shortRange.radius }
      own += shortRange.form.breakpoints.filter { $0 < shortRange.radius } + [shortRange.radius]
    }
    return (own.filter { $0 < cutoff } + smoothCutoff.breakpoints).sorted()
  }
}
