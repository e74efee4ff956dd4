import NumericalMethods
import Structures

/// What ``StructureFactor`` gives.
public struct StructureFactorResult: AnalysisResult {
  /// A curve over ``StructureFactorResult/q``.
  public struct Curve: Sendable {
    /// `Si-O`, `NN`, or empty for a total.
    public var name: String
    public var values: [Double]
    /// Standard errors, or empty where there are too few frames.
    public var error: [Double]
  }

  /// The total of one radiation.
  public struct Total: Sendable {
    public var radiation: Radiation
    public var curve: Curve
    /// The standard error that comes from the scatter of the vectors of each bin; empty for a transform.
    public var scatter: [Double]
    /// The first peak, or `nil` where none stands out.
    public var peak: DiffractionPeak?
    /// Standard errors of position, height, width and area of the peak, the larger of those by frames and by directions; empty where there
    /// are none.
    public var peakError: [Double]
  }

  public let parameters: StructureFactor
  /// In 1/Å: of direct sums the mean length of the vectors of each bin.
  public let q: [Double]
  public let partials: [Curve]
  public let totals: [Total]
  /// How many reciprocal vectors went in at each Q; empty for a transform.
  public let vectors: [Double]
  public let concentrations: [Double]
  public let labels: [String]
  public let frameCount: Int
  /// The number of blocks behind the errors and the frames in each, or `nil` where there are no errors.
  public let blocks: (count: Int, length: Int)?
  public let warnings: [String]
  private let truncationRadius: Double?

  init(_ parameters: StructureFactor, intensities: ScatteringIntensities) throws {
    self.parameters = parameters
    let name = StructureFactor.descriptor.name
    let formalism = parameters.formalism
    if formalism == .bhatiaThornton, intensities.labels.count != 2 {
      throw AnalysisError(
        .invalidSetting,
        "\(name): bhatia-thornton is for two species, and there are \(intensities.labels.joined(separator: ", ")); take faber-ziman or "
          + "ashcroft-langreth")
    }
    q = intensities.q
    labels = intensities.labels
    concentrations = intensities.concentrations
    vectors = intensities.vectors
    frameCount = intensities.frameCount
    blocks = intensities.blocks.isEmpty ? nil : (intensities.blocks.count, intensities.blockLength)
    let c = intensities.concentrations
    let count = intensities.q.count
    let (values, errors) = intensities.derived { formalism.partials($0, concentrations: c).flatMap { $0 } }
    partials = formalism.names(labels).enumerated().map { number, name in
      let range = number * count..<(number + 1) * count
      return Curve(name: name, values: Array(values[range]), error: errors.isEmpty ? [] : Array(errors[range]))
    }
    var warnings = intensities.warnings
    totals = try parameters.radiations.map { radiation in
      let weights = try ScatteringWeights(radiation, elements: intensities.elements, scatterers: parameters.scatterers, analysis: name)
      if formalism == .faberZiman { try weights.requireMean(concentrations: c, analysis: name) }
      func total(_ intensity: [[Double]]) -> [Double] {
        formalism.total(intensity, q: intensities.q, weights: weights, concentrations: c)
      }
      let (values, error) = intensities.derived(total)
      let scatter = intensities.scatter {
        formalism.factors(amplitudes: weights.amplitudes(intensities.q[$0]), concentrations: c).pairs
      }
      let noise = intensities.q.indices.map { i -> Double in
        guard !scatter.isEmpty else { return error.isEmpty ? 0 : error[i] }
        // Where vectors are few: intensities of disordered matter scatter as much as their mean.
        let directions = scatter[i].isFinite ? scatter[i] : max(1, abs(values[i])) / intensities.vectors[i].squareRoot()
        return max(directions, error.isEmpty ? 0 : error[i])
      }
      let peak = DiffractionPeak(q: intensities.q, values: values, noise: noise, smoothing: parameters.smoothing)
      let peakError = peak.map { peak in
        func again(_ values: [Double]) -> [Double] {
          DiffractionPeak(q: intensities.q, values: values, noise: [], smoothing: parameters.smoothing, within: peak.feet)?.values
            ?? [.nan, .nan, .nan, .nan]
        }
        let byFrames = intensities.derived { again(total($0)) }.error
        guard !scatter.isEmpty else { return byFrames }
        let byDirections = Self.spread(of: values, noise: noise, again)
        return byFrames.isEmpty ? byDirections : zip(byFrames, byDirections).map { $0 > $1 || !$1.isFinite ? $0 : $1 }
      }
      return Total(
        radiation: radiation, curve: Curve(name: "", values: values, error: error), scatter: scatter, peak: peak, peakError: peakError ?? []
      )
    }
    for total in totals where total.peak == nil {
      warnings.append("no first peak of the \(total.radiation.rawValue) total stands out of the noise")
    }
    if let (radius, deviation) = intensities.truncation {
      truncationRadius = radius
      warnings.append(
        "g(r) ends at \(brief((radius * 1e3).rounded() / 1e3)) A: features of S(Q) narrower than \(brief((200 * Double.pi / radius).rounded() / 100)) "
          + "1/A are smeared")
      if deviation > 0.02 {
        warnings.append(
          "g(r) still deviates from 1 by up to \(brief((deviation * 1e3).rounded() / 1e3)) where it ends: S(Q) has ripples or, with the Lorch "
            + "window, peaks that are too low")
      }
    } else {
      truncationRadius = nil
    }
    self.warnings = warnings
  }

  /// The standard deviations of what follows from a curve whose points scatter by themselves, from draws that are always the same.
  private static func spread(of values: [Double], noise: [Double], _ follow: ([Double]) -> [Double]) -> [Double] {
    // The spread of 64 draws is right to 9 %.
    let draws = 64
    var random = RandomStream(seed: 1)
    let samples = (0..<draws).map { _ in follow(zip(values, noise).map { $0 + $1 * random.normal() }) }
    return (samples.first ?? []).indices.map { index in
      let known = samples.map { $0[index] }.filter(\.isFinite)
      guard known.count > draws / 2 else { return .nan }
      let mean = known.reduce(0, +) / Double(known.count)
      return (known.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(known.count - 1)).squareRoot()
    }
  }

  public var analysis: String { StructureFactor.descriptor.name }
  public var convention: String { StructureFactor.descriptor.convention }

  public var settings: [AnalysisSetting] {
    var settings = [
      AnalysisSetting("radiation", parameters.radiations.map(\.rawValue).joined(separator: ",")),
      AnalysisSetting("method", parameters.method.rawValue), AnalysisSetting("formalism", parameters.formalism.rawValue),
      AnalysisSetting("q-min", "\(brief(((q.first ?? 0) * 1e6).rounded() / 1e6)) 1/A"),
      AnalysisSetting("q-max", "\(brief(parameters.highestQ)) 1/A"), AnalysisSetting("bin-width", "\(brief(parameters.binWidth)) 1/A"),
    ]
    if let truncationRadius {
      settings += [AnalysisSetting("cutoff", "\(brief(truncationRadius)) A"), AnalysisSetting("window", parameters.window.rawValue)]
    } else {
      settings.append(AnalysisSetting("max-vectors", String(parameters.vectorsPerBin)))
    }
    return settings + [
      AnalysisSetting("smoothing", "\(brief(parameters.smoothing)) 1/A"),
      AnalysisSetting("isotopes", parameters.scatterers.isotopeText), AnalysisSetting("ions", parameters.scatterers.ionText),
      AnalysisSetting("errors", blocks.map { "\($0.count) blocks of \($0.length) frames" } ?? "none: too few frames"),
    ]
  }

  /// A partial by its name, of species in either order.
  public func partial(_ name: String) -> Curve? {
    if let found = partials.first(where: { $0.name == name }) { return found }
    guard let pair = SpeciesPair(name) else { return nil }
    return partials.first { $0.name == pair.reversed.description }
  }

  public func total(_ radiation: Radiation) -> Total? { totals.first { $0.radiation == radiation } }

  public var tables: [DataTable] {
    var columns = [DataTable.Column("q", unit: "1/A", q)]
    if !vectors.isEmpty { columns.append(DataTable.Column("vectors", vectors)) }
    let curves = totals.map { ("S_\($0.radiation.rawValue)", $0.curve) } + partials.map { ("S_\($0.name)", $0) }
    for (name, curve) in curves {
      columns.append(DataTable.Column(name, curve.values))
      if !curve.error.isEmpty { columns.append(DataTable.Column("\(name)_error", curve.error)) }
    }
    for total in totals where !total.scatter.isEmpty {
      columns.append(DataTable.Column("S_\(total.radiation.rawValue)_scatter", total.scatter))
    }
    func numbers(_ value: (Total) -> Double?) -> [Double] { totals.map { value($0) ?? .nan } }
    func error(_ index: Int) -> [Double] { numbers { $0.peakError.isEmpty ? nil : $0.peakError[index] } }
    return [
      DataTable(name: "structure-factor", title: "Structure factors, \(parameters.formalism.rawValue)", columns: columns),
      DataTable(
        name: "structure-factor-peaks", title: "First peaks of S(Q)",
        columns: [
          DataTable.Column("radiation", totals.map(\.radiation.rawValue)),
          DataTable.Column("first_peak", unit: "1/A", numbers { $0.peak?.position }),
          DataTable.Column("first_peak_error", unit: "1/A", error(0)),
          DataTable.Column("height", numbers { $0.peak?.height }), DataTable.Column("height_error", error(1)),
          DataTable.Column("width", unit: "1/A", numbers { $0.peak?.width }), DataTable.Column("width_error", unit: "1/A", error(2)),
          DataTable.Column("area", unit: "1/A", numbers { $0.peak?.area }), DataTable.Column("area_error", unit: "1/A", error(3)),
        ]),
    ]
  }

  public var figures: [FigureDescription] {
    let axis = FigureDescription.Axis(label: "Q", unit: "1/A", range: 0...parameters.highestQ)
    let single = totals.count == 1 ? totals.first : nil
    return [
      FigureDescription(
        name: "structure-factor", title: "Total structure factors", x: axis, y: FigureDescription.Axis(label: "S(Q)"),
        series: totals.map { FigureDescription.Series(label: $0.radiation.rawValue, x: q, y: $0.curve.values) },
        markers: single?.peak.map { [FigureDescription.Marker(x: $0.position, label: "")] } ?? []),
      FigureDescription(
        name: "structure-factor-partials", title: "Partial structure factors", x: axis,
        y: FigureDescription.Axis(label: parameters.formalism == .bhatiaThornton ? "S_{NN}, S_{NC}, S_{CC}" : "S_{ab}(Q)"),
        series: partials.map { FigureDescription.Series(label: $0.name, x: q, y: $0.values) }),
    ]
  }

  public var summaryValues: [(key: String, value: SummaryValue)] {
    let radiations = totals.map { total -> (key: String, value: SummaryValue) in
      func number(_ value: Double?) -> SummaryValue { value.map { $0.isFinite ? .number($0) : .null } ?? .null }
      func error(_ index: Int) -> SummaryValue { number(total.peakError.isEmpty ? nil : total.peakError[index]) }
      return (
        total.radiation.rawValue,
        .object([
          ("first_peak_1_per_A", number(total.peak?.position)), ("first_peak_error_1_per_A", error(0)),
          ("first_peak_height", number(total.peak?.height)), ("first_peak_height_error", error(1)),
          ("first_peak_width_1_per_A", number(total.peak?.width)), ("first_peak_width_error_1_per_A", error(2)),
          ("first_peak_area_1_per_A", number(total.peak?.area)), ("first_peak_area_error_1_per_A", error(3)),
        ])
      )
    }
    return [
      ("formalism", .text(parameters.formalism.rawValue)), ("q_range_1_per_A", .numbers([q.first ?? 0, q.last ?? 0])),
      ("radiations", .object(radiations)),
    ]
  }
}
