import Structures

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// The figure of Arrhenius: the logarithm of D or σT against 1000/T, with °C along the top.
public enum ArrheniusFigure {
  /// Series of one quantity in one figure: points with their 95 % intervals, lines with theirs, dashed beyond the points, and what the lines
  /// give at the temperatures asked for as hollow symbols. Where the points of the only series speak for another law, that is a thin line.
  ///
  /// - Parameter series: At least one; all of the same quantity.
  public static func figure(_ series: [TemperatureSeries], name: String = "arrhenius") -> FigureDescription {
    let quantity = series.first?.fit.quantity ?? .diffusion
    let places = series.flatMap { abscissas($0) }
    let (low, high) = (places.min() ?? 1, places.max() ?? 2)
    let margin = 0.05 * max(high - low, 0.05 * high)
    let range = max(0.2 * low, low - margin)...high + margin
    let isOnly = series.count == 1
    let measured = series.enumerated().map { points($1, $0, isOnly: isOnly) }
    // Symbols lie on the lines and their bands.
    var drawn = series.enumerated().flatMap { lines($1, $0) } + measured + series.enumerated().flatMap { marks($1, $0, isOnly: isOnly) }
    let visible = heights(drawn, around: measured.flatMap(\.y))
    if isOnly, let law = law(series[0], range) { drawn.append(law) }
    let isDiffusion = quantity == .diffusion
    let unit = isDiffusion ? "cm^{2} s^{-1}" : "S K cm^{-1}"
    var figure = FigureDescription(
      name: name,
      title:
        "\(isDiffusion ? "Diffusion coefficients" : "Conductivities times temperature") against inverse temperature: points, straight lines "
        + "(dashed beyond the points), and values of the lines (hollow), with 95 % intervals.",
      x: .init(label: "1000/T", unit: "1/K", range: range),
      y: .init(label: "log_{10}[\(isDiffusion ? "D" : "σT") / (\(unit))]", range: visible), series: drawn)
    figure.topAxis = FigureDescription.TopAxis(label: "Temperature", unit: "°C", ticks: celsiusTicks(range))
    return figure
  }

  /// Where a series has points, or values of its line.
  private static func abscissas(_ series: TemperatureSeries) -> [Double] {
    (series.fit.points.map(\.temperature) + series.predictions.map(\.temperature)).map { 1000 / $0 }
  }

  private static func points(_ series: TemperatureSeries, _ index: Int, isOnly: Bool) -> FigureDescription.Series {
    let fit = series.fit
    let energy = energyText(fit.activationEnergy)
    let intervals = fit.points.map { ($0.value, $0.interval ?? $0.value...$0.value) }
    let hasErrors = fit.points.contains { $0.logError != nil }
    var points = FigureDescription.Series(
      label: isOnly ? "\(series.name): E_{a} = \(energy) eV" : "\(series.name), \(energy) eV",
      x: fit.points.map { 1000 / $0.temperature },
      y: fit.points.map { decades(fit.quantity.fitted($0.value, at: $0.temperature)) },
      error: hasErrors ? intervals.map { decades(log($1.upperBound / $0)) } : [], style: .points)
    // An interval down to 0 has no lower end on this scale: a decade tells that.
    if hasErrors { points.errorBelow = intervals.map { $1.lowerBound > 0 ? decades(log($0 / $1.lowerBound)) : 1 } }
    points.looksLike = index
    return points
  }

  /// The line among the points, and dashed beyond them as far as it is read.
  private static func lines(_ series: TemperatureSeries, _ index: Int) -> [FigureDescription.Series] {
    let data = series.fit.points.map { 1000 / $0.temperature }
    let all = abscissas(series)
    guard let hot = data.min(), let cold = data.max(), let first = all.min(), let last = all.max() else { return [] }
    let parts: [(from: Double, to: Double, style: FigureDescription.Series.Style)] = [
      (hot, cold, .line), (first, hot, .dashed), (cold, last, .dashed),
    ]
    return parts.filter { $0.to > $0.from }.map { part in
      let x = (0...40).map { part.from + (part.to - part.from) * Double($0) / 40 }
      let estimates = x.map { series.fit.logarithm(at: 1000 / $0) }
      var line = FigureDescription.Series(
        label: "", x: x, y: estimates.map { decades($0.value) }, error: estimates.map { decades($0.interval.upperBound - $0.value) },
        style: part.style)
      line.looksLike = index
      return line
    }
  }

  /// The values of the line beyond the points, with their intervals.
  private static func marks(_ series: TemperatureSeries, _ index: Int, isOnly: Bool) -> [FigureDescription.Series] {
    let beyond = series.predictions.filter { $0.distance > 0 }
    guard let first = beyond.first else { return [] }
    let estimates = beyond.map { series.fit.logarithm(at: $0.temperature) }
    let symbol = series.fit.quantity == .diffusion ? "D" : "σ"
    let unit = series.fit.quantity == .diffusion ? "cm^{2}/s" : "S/cm"
    let value = beyond.count == 1 ? "\(symbol)(\(TemperatureSeries.short(first.temperature)) K) = \(powerText(first.value)) \(unit)" : ""
    var marks = FigureDescription.Series(
      label: isOnly ? value : "", x: beyond.map { 1000 / $0.temperature }, y: estimates.map { decades($0.value) },
      error: estimates.map { decades($0.interval.upperBound - $0.value) }, style: .points)
    (marks.looksLike, marks.isHollow) = (index, true)
    return [marks]
  }

  /// The law that the points speak for where that is not the line, as far as it has values.
  private static func law(_ series: TemperatureSeries, _ range: ClosedRange<Double>) -> FigureDescription.Series? {
    guard let law = series.betterLaw, let first = abscissas(series).min(), let last = abscissas(series).max() else { return nil }
    let x = (0...120).map { first + (last - first) * Double($0) / 120 }
    let y = x.map { place in law.value(at: 1000 / place).map { decades(series.fit.quantity.fitted($0, at: 1000 / place)) } ?? .nan }
    return FigureDescription.Series(label: law.model == .vtf ? "VTF" : "two lines", x: x, y: y, style: .outline)
  }

  /// The heights shown: all that is drawn, but no more than twelve decades beyond the points, of which an interval without bounds, as of a line
  /// through three points that scatter, would leave nothing to see.
  private static func heights(_ drawn: [FigureDescription.Series], around points: [Double]) -> ClosedRange<Double> {
    let shown = drawn.flatMap { one in
      one.y.indices.flatMap { index -> [Double] in
        let up = one.error.isEmpty ? 0 : one.error[index]
        let down = one.errorBelow.isEmpty ? up : one.errorBelow[index]
        return [one.y[index] - down, one.y[index] + up]
      }
    }.filter(\.isFinite)
    let (bottom, top) = (shown.min() ?? -1, shown.max() ?? 0)
    let (lowest, highest) = (points.min() ?? bottom, points.max() ?? top)
    let room = 0.04 * (top - bottom) + 0.1
    return max(bottom, lowest - 12) - room...min(top, highest + 12) + room
  }

  private static func decades(_ logarithm: Double) -> Double { logarithm / log(10) }

  /// A positive number with two digits, `0.0031` or `3.1×10^{−9}`.
  static func powerText(_ value: Double) -> String {
    guard value > 0, value.isFinite else { return "\(value)" }
    var exponent = Int(log10(value).rounded(.down))
    var digits = (value / pow(10, Double(exponent)) * 10).rounded()
    if digits >= 100 { (digits, exponent) = (digits / 10, exponent + 1) }
    if (-3...0).contains(exponent) {
      let text = String(Int(digits))
      return exponent == 0 ? "\(text.prefix(1)).\(text.dropFirst())" : "0." + String(repeating: "0", count: -exponent - 1) + text
    }
    return "\(Int(digits) / 10).\(Int(digits) % 10)×10^{\(exponent < 0 ? "−\(-exponent)" : "\(exponent)")}"
  }

  /// Value and standard error in the last digits, `0.314(12)`.
  static func energyText(_ energy: ArrheniusFit.Estimate) -> String {
    guard energy.error.isFinite, energy.error > 0 else { return "\((energy.value * 1000).rounded() / 1000)" }
    let decimals = min(6, max(0, 1 - Int(log10(energy.error).rounded(.down))))
    let factor = pow(10, Double(decimals))
    let digits = Int((abs(energy.value) * factor).rounded())
    let whole = digits / Int(factor)
    let part = String(digits % Int(factor))
    let sign = energy.value < 0 ? "−" : ""
    let fraction = decimals == 0 ? "" : "." + String(repeating: "0", count: max(0, decimals - part.count)) + part
    return "\(sign)\(whole)\(fraction)(\(Int((energy.error * factor).rounded())))"
  }

  /// Round temperatures that have room for their labels, hot to cold.
  static func celsiusTicks(_ range: ClosedRange<Double>) -> [FigureDescription.TopAxis.Tick] {
    let span = range.upperBound - range.lowerBound
    var ticks: [FigureDescription.TopAxis.Tick] = []
    // The rounder ones first; those that would touch another are left out.
    let candidates = [25, 100, 200, 400, 800, 1600, 600, 300, 1200, 500, 1000, 2000, 700, 900, 0, 50, -50, -100, 150, 250, 350, 75]
    for celsius in candidates {
      let x = 1000 / (Double(celsius) + 273.15)
      guard x >= range.lowerBound, x <= range.upperBound, ticks.allSatisfy({ abs($0.x - x) > 0.12 * span }) else { continue }
      ticks.append(.init(x: x, label: celsius < 0 ? "−\(-celsius)" : "\(celsius)"))
    }
    return ticks.sorted { $0.x < $1.x }
  }
}
