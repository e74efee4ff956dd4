import Structures

extension VibrationResult {
  public var analysis: String { Vibrations.descriptor.name }
  public var convention: String { Vibrations.descriptor.convention }

  public var settings: [AnalysisSetting] {
    let length = Double(windowFrames) * interval
    var result = [
      AnalysisSetting("species", partials.map(\.label).joined(separator: ",")),
      AnalysisSetting("source", usesPositions ? "positions: steps over the time between frames, corrected" : "velocities"),
      AnalysisSetting("length", "\(brief(length)) ps, \(windowFrames) frames"),
      AnalysisSetting("window", "\(parameters.window.rawValue), \(windows) stretches that overlap by half"),
      AnalysisSetting("norm", parameters.norm == .unity ? "1" : parameters.removesDrift ? "modes: 3N - 3" : "modes: 3N"),
      AnalysisSetting("remove-drift", String(parameters.removesDrift)),
      AnalysisSetting(
        "charges",
        infrared == nil
          ? "none"
          : parameters.charges.isEmpty
            ? "those of the file" : parameters.charges.sorted { $0.key < $1.key }.map { "\($0)=\(brief($1))" }.joined(separator: ",")),
      AnalysisSetting(
        "raman", parameters.raman.map { "trace \(brief($0.trace)), stretch \(brief($0.stretch)), turn \(brief($0.turn))" } ?? "none"),
      AnalysisSetting("dt", "\(brief(interval)) ps between frames used"),
      AnalysisSetting("errors", windows > 1 ? "over stretches" : "none: one stretch"),
    ]
    if let cutoffs { result.append(cutoffs) }
    return result
  }

  /// The partial density of a species.
  public subscript(label: String) -> Partial? { partials.first { $0.label == label } }

  /// The width of a bin in THz.
  public var resolution: Double { frequencies.count > 1 ? frequencies[1] : 0 }

  /// The integral of a spectrum over frequency.
  public func integral(_ spectrum: Spectrum) -> Double { spectrum.values.reduce(0, +) * resolution }

  /// Maxima that stand out by a twentieth of the highest, in THz, the highest first.
  public static func peaks(_ spectrum: Spectrum, frequencies: [Double]) -> [Double] {
    let values = spectrum.values
    guard values.count > 2, let highest = values.dropFirst().max(), highest > 0 else { return [] }
    let tops = (1..<values.count - 1).filter { i in
      guard values[i] > values[i - 1], values[i] >= values[i + 1], values[i] > 0.05 * highest else { return false }
      // Down to a deeper place on both sides before any higher point.
      func falls(_ step: Int) -> Bool {
        var j = i + step
        while values.indices.contains(j), values[j] <= values[i] {
          if values[j] < values[i] - 0.05 * highest { return true }
          j += step
        }
        return !values.indices.contains(j)
      }
      return falls(-1) && falls(1)
    }
    return tops.sorted { values[$0] > values[$1] }.prefix(8).map { frequencies[$0] }
  }

  private var axes: [DataTable.Column] {
    [
      DataTable.Column("frequency", unit: "THz", frequencies),
      DataTable.Column("wavenumber", unit: "1/cm", frequencies.map { $0 * Self.wavenumberPerTerahertz }),
    ]
  }

  private func columns(_ name: String, unit: String, _ spectrum: Spectrum) -> [DataTable.Column] {
    [DataTable.Column(name, unit: unit, spectrum.values)]
      + (spectrum.errors.isEmpty ? [] : [DataTable.Column(name + "_error", unit: unit, spectrum.errors)])
  }

  public var tables: [DataTable] {
    let lags = (0..<frequencies.count).map { Double($0) * interval }
    var result = [
      DataTable(
        name: "vibrations", title: "Vibrational densities of states",
        columns: axes + columns("dos", unit: "1/THz", total)
          + partials.flatMap { columns("dos_\($0.label)", unit: "1/THz", $0.density) }),
      DataTable(
        name: "velocity-autocorrelation", title: "Velocity autocorrelation over that at t = 0",
        columns: [DataTable.Column("time", unit: "ps", lags)] + partials.map { DataTable.Column("vacf_\($0.label)", $0.autocorrelation) }),
    ]
    if let infrared {
      result.append(
        DataTable(
          name: "infrared", title: "Infrared absorption coefficient times refractive index",
          columns: axes + columns("alpha_n", unit: infraredIsAbsolute ? "1/cm" : "arbitrary", infrared)))
    }
    if let raman {
      result.append(
        DataTable(
          name: "raman", title: "Reduced Raman spectra in a bond-polarisability model",
          columns: axes + columns("HH", unit: "arbitrary", raman.parallel) + columns("HV", unit: "arbitrary", raman.crossed)))
    }
    return result
  }

  /// How many bins hold nearly all of the density of states.
  private var shownBins: Int {
    let all = total.values.reduce(0, +)
    var sum = 0.0
    for (k, value) in total.values.enumerated() {
      sum += value
      if sum > 0.998 * all { return min(total.values.count, Int(1.15 * Double(k)) + 3) }
    }
    return total.values.count
  }

  public var figures: [FigureDescription] {
    let shown = 0..<shownBins
    let x = FigureDescription.Axis(label: "frequency", unit: "THz", range: 0...max(1e-9, frequencies[shown.upperBound - 1]))
    let wavenumbers = shown.map { frequencies[$0] * Self.wavenumberPerTerahertz }
    let wavenumberAxis = FigureDescription.Axis(label: "wavenumber", unit: "cm^{-1}", range: 0...max(1e-9, wavenumbers.last ?? 1))
    func series(_ label: String, _ spectrum: Spectrum, _ x: [Double]) -> FigureDescription.Series {
      FigureDescription.Series(label: label, x: x, y: shown.map { spectrum.values[$0] })
    }
    let terahertz = shown.map { frequencies[$0] }
    var result = [
      FigureDescription(
        name: "vibrations", title: "Vibrational density of states", x: x, y: FigureDescription.Axis(label: "g(f)", unit: "THz^{-1}"),
        series: [series(partials.count > 1 ? "total" : "", total, terahertz)]
          + (partials.count > 1 ? partials.map { series($0.label, $0.density, terahertz) } : []))
    ]
    if let infrared {
      result.append(
        FigureDescription(
          name: "infrared", title: "Infrared absorption", x: wavenumberAxis,
          y: FigureDescription.Axis(label: "α n", unit: infraredIsAbsolute ? "cm^{-1}" : "arbitrary units"),
          series: [series("", infrared, wavenumbers)]))
    }
    if let raman {
      result.append(
        FigureDescription(
          name: "raman", title: "Reduced Raman spectra", x: wavenumberAxis,
          y: FigureDescription.Axis(label: "intensity", unit: "arbitrary units"),
          series: [series("HH", raman.parallel, wavenumbers), series("HV", raman.crossed, wavenumbers)]))
    }
    return result
  }

  public var summaryValues: [(key: String, value: SummaryValue)] {
    func peaks(_ spectrum: Spectrum) -> SummaryValue { .numbers(Self.peaks(spectrum, frequencies: frequencies)) }
    let all = total.values.reduce(0, +)
    let mean = all > 0 ? zip(frequencies, total.values).reduce(0) { $0 + $1.0 * $1.1 } / all : 0
    let species = partials.map { partial -> (key: String, value: SummaryValue) in
      (
        partial.label,
        .object([
          ("atoms", .integer(partial.atoms)), ("dos_integral", .number(integral(partial.density))),
          ("temperature_K", .number(partial.temperature)),
          ("temperature_error_K", partial.temperatureError.map { .number($0) } ?? .null), ("peaks_THz", peaks(partial.density)),
        ])
      )
    }
    var result: [(key: String, value: SummaryValue)] = [
      ("stretch_ps", .number(Double(windowFrames) * interval)), ("stretches", .integer(windows)), ("bin_THz", .number(resolution)),
      ("highest_frequency_THz", .number(frequencies.last ?? 0)), ("temperature_K", .number(temperature)),
      ("temperature_error_K", temperatureError.map { .number($0) } ?? .null), ("dos_integral", .number(integral(total))),
      ("mean_frequency_THz", .number(mean)), ("peaks_THz", peaks(total)), ("species", .object(species)),
    ]
    if let infrared {
      result.append(
        ("infrared", .object([("unit", .text(infraredIsAbsolute ? "1/cm" : "arbitrary")), ("peaks_THz", peaks(infrared))])))
    }
    if let raman {
      result.append(("raman", .object([("HH_peaks_THz", peaks(raman.parallel)), ("HV_peaks_THz", peaks(raman.crossed))])))
    }
    return result
  }
}
