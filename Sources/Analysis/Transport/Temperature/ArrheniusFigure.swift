import Structures

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// The figure of Arrhenius: the logarithm of D or σT against 1000/T, with °C along the top.
public enum ArrheniusFigure {
  /// Series of one quantity in one figure: points with their 95 % intervals, lines, and the 95 % intervals of the lines.
  ///
  /// - Parameter series: At least one; all of the same quantity.
  public static func figure(_ series: [TemperatureSeries], name: String = "arrhenius") -> FigureDescription {
    let quantity = series.first?.fit.quantity ?? .diffusion
    let temperatures = series.flatMap { $0.fit.points.map(\.temperature) + $0.predictions.map(\.temperature) }
    let abscissas = temperatures.map { 1000 / $0 }
    let (low, high) = (abscissas.min() ?? 1, abscissas.max() ?? 2)
    let margin = 0.04 * max(high - low, 0.05 * high)
    let range = max(0.2 * low, low - margin)...high + margin
    var lines: [FigureDescription.Series] = []
    var points: [FigureDescription.Series] = []
    for (index, one) in series.enumerated() {
      let fit = one.fit
      let energy = fit.activationEnergy
      let label = series.count == 1 ? "E_{a} = \(energyText(energy)) eV" : "\(one.name), \(energyText(energy)) eV"
      points.append(
        FigureDescription.Series(
          label: label, x: fit.points.map { 1000 / $0.temperature },
          y: fit.points.map { decades(quantity.fitted($0.value, at: $0.temperature)) },
          error: fit.points.contains { $0.logError != nil }
            ? fit.points.map { point in point.interval.map { decades(log($0.upperBound / point.value)) } ?? 0 } : [],
          style: .points))
      points[index].looksLike = index
      let x = (0...60).map { range.lowerBound + (range.upperBound - range.lowerBound) * Double($0) / 60 }
      let estimates = x.map { fit.logarithm(at: 1000 / $0) }
      lines.append(
        FigureDescription.Series(
          label: "", x: x, y: estimates.map { decades($0.value) }, error: estimates.map { decades($0.interval.upperBound - $0.value) },
          style: .line))
    }
    let shown = (lines + points).flatMap { one in
      one.y.indices.flatMap { index -> [Double] in
        let error = one.error.isEmpty ? 0 : one.error[index]
        return [one.y[index] - error, one.y[index] + error]
      }
    }.filter(\.isFinite)
    let (bottom, top) = (shown.min() ?? -1, shown.max() ?? 0)
    // An interval without bounds, as of a line through three points that scatter, would leave nothing to see of the points.
    let heights = points.flatMap(\.y)
    let (lowest, highest) = (heights.min() ?? bottom, heights.max() ?? top)
    let room = 0.04 * (top - bottom) + 0.1
    let visible = max(bottom, lowest - 12) - room...min(top, highest + 12) + room
    let isDiffusion = quantity == .diffusion
    let unit = isDiffusion ? "cm^{2} s^{-1}" : "S K cm^{-1}"
    var figure = FigureDescription(
      name: name,
      title:
        "\(isDiffusion ? "Diffusion coefficients" : "Conductivities times temperature") against inverse temperature: points and their 95 % "
        + "intervals, straight lines and theirs.",
      x: .init(label: "1000/T", unit: "1/K", range: range),
      y: .init(label: "log_{10}[\(isDiffusion ? "D" : "σT") / (\(unit))]", range: visible), series: lines + points)
    figure.topAxis = FigureDescription.TopAxis(label: "Temperature", unit: "°C", ticks: celsiusTicks(range))
    return figure
  }

  private static func decades(_ logarithm: Double) -> Double { logarithm / log(10) }

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
