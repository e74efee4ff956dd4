import Structures

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// The range of an axis and its ticks.
struct AxisScale: Sendable {
  /// One tick; a minor one has no label.
  struct Tick: Sendable {
    var position: Double
    var label: String
    var isMajor: Bool
  }

  /// How ticks are told to gnuplot.
  enum Ticks: Sendable {
    /// Evenly spaced, with so many minor intervals between two of them and so many decimals.
    case even(step: Double, minorIntervals: Int, decimals: Int)
    /// One by one.
    case listed([Tick])
  }

  var lower: Double
  var upper: Double
  let isLogarithmic: Bool
  /// Labels show the values divided by 10 to this power, which the axis label names.
  let exponent: Int
  let ticks: Ticks
  /// How many characters the widest label of a tick has.
  let labelWidth: Double

  /// How the range of the data becomes that of the axis.
  enum Margin: Sendable {
    /// Exactly the data, for the x of curves.
    case none
    /// A little more on both sides, for the x of points and bars.
    case padded(Double)
    /// A little more, out to a minor tick, and down to zero where the data come near, for y.
    case rounded
  }

  /// Chooses range and ticks.
  ///
  /// - Parameters:
  ///   - values: What the axis must show; those that cannot be drawn are passed over.
  ///   - target: About how many labelled ticks there are.
  ///   - minorTicks: Whether there are ticks between them; without, steps are whole numbers.
  init(_ axis: FigureDescription.Axis, values: [Double], margin: Margin, target: Int = 5, minorTicks: Bool = true) {
    let drawable = values.filter { Self.isDrawable($0, on: axis) }
    var lower = axis.range?.lowerBound ?? drawable.min() ?? (axis.isLogarithmic ? 1 : 0)
    var upper = axis.range?.upperBound ?? drawable.max() ?? (axis.isLogarithmic ? 10 : 1)
    isLogarithmic = axis.isLogarithmic
    let isFixed = axis.range != nil
    if isLogarithmic {
      if !isFixed { (lower, upper) = Self.logarithmicRange(lower, upper, margin) }
      self.lower = lower
      self.upper = upper
      exponent = 0
      let list = Self.logarithmicTicks(lower, upper)
      ticks = .listed(list)
      labelWidth = list.map { MarkedText($0.label).width }.max() ?? 1
      return
    }
    if !isFixed { (lower, upper) = Self.linearRange(lower, upper, margin, target) }
    self.lower = lower
    self.upper = upper
    var (step, minorIntervals) = Self.step(for: upper - lower, target: target)
    if !minorTicks { (step, minorIntervals) = (max(1, step), 1) }
    let largest = max(abs(lower), abs(upper))
    exponent = largest >= 1e5 || largest < 1e-2 ? Int((log10(largest) / 3).rounded(.down)) * 3 : 0
    let unit = pow(10, Double(exponent))
    // 2.5 has one more decimal than its magnitude says.
    var decimals = max(0, -Int(log10(step / unit).rounded(.down)))
    if abs(step / unit * pow(10, Double(decimals)) - (step / unit * pow(10, Double(decimals))).rounded()) > 1e-6 { decimals += 1 }
    let list = Self.evenTicks(lower, upper, step: step, minorIntervals: minorIntervals, unit: unit, decimals: decimals)
    ticks = exponent == 0 ? .even(step: step, minorIntervals: minorIntervals, decimals: decimals) : .listed(list)
    labelWidth = Double(list.map(\.label.count).max() ?? 1)
  }

  /// Whether a value has a place on an axis; numbers beyond 1e100 are the debris of a division by zero.
  static func isDrawable(_ value: Double, on axis: FigureDescription.Axis) -> Bool {
    abs(value) < largestNumber && (!axis.isLogarithmic || value > 1 / largestNumber)
  }

  /// Whether two bounds are so near that ticks between them would all read the same.
  static func isEmpty(_ lower: Double, _ upper: Double) -> Bool {
    !(upper - lower > max(1 / largestNumber, 1e-12 * max(abs(lower), abs(upper))))
  }

  private static let largestNumber = 1e100

  /// Where a value lies between the ends of the axis, 0 to 1; `nil` where it has no place.
  func fraction(_ value: Double) -> Double? {
    guard value.isFinite else { return nil }
    guard isLogarithmic else { return (value - lower) / (upper - lower) }
    return value > 0 ? log(value / lower) / log(upper / lower) : nil
  }

  private static func linearRange(_ first: Double, _ last: Double, _ margin: Margin, _ target: Int) -> (Double, Double) {
    var (lower, upper) = (first, last)
    if isEmpty(lower, upper) {
      let half = abs(lower) < 1 / largestNumber ? 1 : abs(lower) * 0.05
      return (lower - half, upper + half)
    }
    let span = upper - lower
    switch margin {
    // The middle of the first bin of a histogram lies a little beside zero.
    case .none: return (lower > 0 && lower < 0.02 * span ? 0 : lower, upper)
    case .padded(let part): return (lower - part * span, upper + part * span)
    case .rounded:
      let restsOnZero = lower >= 0 && lower < 0.3 * upper
      let hangsFromZero = upper <= 0 && upper > 0.3 * lower
      lower = restsOnZero ? 0 : lower - 0.04 * span
      upper = hangsFromZero ? 0 : upper + 0.06 * span
      let (step, minorIntervals) = step(for: upper - lower, target: target)
      let minor = step / Double(minorIntervals)
      return ((lower / minor + 1e-9).rounded(.down) * minor, (upper / minor - 1e-9).rounded(.up) * minor)
    }
  }

  private static func logarithmicRange(_ first: Double, _ last: Double, _ margin: Margin) -> (Double, Double) {
    if isEmpty(first, last) { return (first / 3, last * 3) }
    let part: Double
    switch margin {
    case .none: return (first, last)
    case .padded(let padding): part = padding
    case .rounded: part = 0.05
    }
    let factor = pow(last / first, part)
    return (first / factor, last * factor)
  }

  /// A step of 1, 2 or 5 times a power of ten that cuts a range in about the given number, and how to cut it further.
  static func step(for span: Double, target: Int) -> (step: Double, minorIntervals: Int) {
    let rough = span / Double(target)
    let magnitude = pow(10, log10(rough).rounded(.down))
    switch rough / magnitude {
    case ..<1.5: return (magnitude, 2)
    case ..<3.5: return (2 * magnitude, 2)
    case ..<7.5: return (5 * magnitude, 5)
    default: return (10 * magnitude, 2)
    }
  }

  private static func evenTicks(
    _ lower: Double, _ upper: Double, step: Double, minorIntervals: Int, unit: Double, decimals: Int
  ) -> [Tick] {
    let minor = step / Double(minorIntervals)
    let first = Int((lower / minor - 1e-6).rounded(.up))
    let last = Int((upper / minor + 1e-6).rounded(.down))
    guard first <= last, last - first < 1000 else { return [] }
    return (first...last).map { index in
      let position = Double(index) * minor
      let isMajor = index % minorIntervals == 0
      let label = isMajor ? NumberFormat.fixed(position / unit, decimals: decimals).withMinusSign : ""
      return Tick(position: position, label: label, isMajor: isMajor)
    }
  }

  private static func logarithmicTicks(_ lower: Double, _ upper: Double) -> [Tick] {
    let decades = log10(upper / lower)
    let first = Int(log10(lower).rounded(.down))
    let last = Int(log10(upper).rounded(.up))
    let every = max(1, Int((decades / 6).rounded(.up)))
    let labelled: Set<Int> = decades < 0.7 ? Set(1...9) : decades < 2 ? [1, 2, 5] : [1]
    var ticks: [Tick] = []
    for power in first...max(first, last) {
      for digit in 1...9 {
        // 0.3 is written as 3/10, not as 3 × 0.1, which is 0.30000000000000004.
        let position = power < 0 ? Double(digit) / pow(10, Double(-power)) : Double(digit) * pow(10, Double(power))
        guard position >= lower * (1 - 1e-9), position <= upper * (1 + 1e-9) else { continue }
        let isMajor = labelled.contains(digit) && (power % every == 0 || decades < 2)
        if !isMajor, digit > 1, decades > 10 { continue }
        ticks.append(Tick(position: position, label: isMajor ? logarithmicLabel(digit, power) : "", isMajor: isMajor))
      }
    }
    if ticks.filter(\.isMajor).count >= 2 { return ticks }
    // Between two digits there is none: tick as on a linear axis.
    let (step, minorIntervals) = step(for: upper - lower, target: 4)
    let decimals = max(0, -Int(log10(step).rounded(.down)))
    return evenTicks(lower, upper, step: step, minorIntervals: minorIntervals, unit: 1, decimals: decimals)
  }

  private static func logarithmicLabel(_ digit: Int, _ power: Int) -> String {
    if (-3...3).contains(power) {
      return NumberFormat.shortest(power < 0 ? Double(digit) / pow(10, Double(-power)) : Double(digit) * pow(10, Double(power)))
    }
    let factor = digit == 1 ? "" : "\(digit)×"
    return "\(factor)10^{\(power)}"
  }
}
