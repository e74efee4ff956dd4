import NumericalMethods
import Structures

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// What ``VanHoveCorrelation`` gives.
public struct VanHoveResult: AnalysisResult {
  /// The self part of one species.
  public struct SelfPart: Sendable {
    public let label: String
    public let atoms: Int
    /// One entry a lag, in the order of ``VanHoveResult/lags``.
    public let curves: [Curve]

    /// The displacements at one lag.
    public struct Curve: Sendable {
      /// 4 pi r² G_s in 1/Å, the mean of each bin.
      public let density: [Double]
      /// Its standard error, or empty for fewer than two atoms.
      public let error: [Double]
      /// The share that lies beyond the range.
      public let beyondRange: Double
      /// The share of displacements of at least the distance asked for.
      public let beyondDistance: Double
      public let beyondDistanceError: Double?
      /// < r > in Å.
      public let mean: Double
      /// < r² > in Å².
      public let meanSquare: Double
      let peaks: RadialPeaks
      /// Where displacements are most frequent, in Å.
      public var firstPeak: Double? { peaks.first }
      /// The next peak in Å, at the length of a hop; `nil` where there is none.
      public var secondPeak: Double? { peaks.second }
      /// The minimum between the peaks in Å.
      public var minimum: Double? { peaks.minimum }
      /// The share beyond the minimum.
      public let beyondMinimum: Double?

      /// The density of a normal distribution with the same mean square, in 1/Å.
      public func gaussian(_ r: Double) -> Double {
        guard meanSquare > 0 else { return 0 }
        let width = 3 / (2 * meanSquare)
        return 4 * Double.pi * r * r * pow(width / Double.pi, 1.5) * exp(-width * r * r)
      }
    }
  }

  /// The distinct part of a pair of species.
  public struct DistinctPart: Sendable {
    public let pair: SpeciesPair
    /// One entry a lag, 0 first.
    public let curves: [Curve]

    public struct Curve: Sendable {
      /// In frames.
      public let lag: Int
      /// How many time origins.
      public let origins: Int
      /// G_d / rho, the mean of each bin.
      public let values: [Double]
      /// Its standard error over the origins, or empty for one.
      public let error: [Double]
    }
  }

  public let parameters: VanHoveCorrelation
  public let labels: [String]
  /// In frames.
  public let lags: [Int]
  public let species: [SelfPart]
  /// Empty where it was not asked for or the cell has no volume.
  public let distinct: [DistinctPart]
  /// Frames between the origins of the distinct part.
  public let originStride: Int
  /// How many origins the distinct part has; long lags have fewer.
  public let originCount: Int
  /// The time between frames in ps, or `nil` where nobody told.
  public let frameInterval: Double?
  public let frameCount: Int
  let trackWarnings: [String]

  public var analysis: String { VanHoveCorrelation.descriptor.name }
  public var convention: String { VanHoveCorrelation.descriptor.convention }

  public var settings: [AnalysisSetting] {
    parameters.tracks.described(labels: labels, interval: frameInterval) + [
      AnalysisSetting("lags", lags.map(String.init).joined(separator: ",")),
      AnalysisSetting("range", "\(brief(parameters.range)) A"),
      AnalysisSetting("bin-width", "\(brief(parameters.range / Double(parameters.bins(parameters.range)))) A"),
      AnalysisSetting("distance", "\(brief(parameters.distance)) A"),
      AnalysisSetting("distinct", distinct.isEmpty ? "false" : "true"),
      AnalysisSetting("cutoff", distinct.isEmpty ? "none" : "\(brief(parameters.cutoff)) A"),
      AnalysisSetting(
        "origins",
        "self: all; distinct: " + (distinct.isEmpty ? "none" : "\(originCount), every \(originStride) frames (long lags: fewer)")),
    ]
  }

  public var warnings: [String] {
    var warnings = trackWarnings
    for part in species {
      if let beyond = part.curves.map(\.beyondRange).max(), beyond > 0.01 {
        warnings.append("\(part.label): up to \(percent(beyond)) of the displacements lie beyond \(brief(parameters.range)) Å; raise range")
      }
    }
    return warnings
  }

  /// The self part of a species.
  public subscript(label: String) -> SelfPart? { species.first { $0.label == label } }

  /// The distinct part of a pair, in either order.
  public func distinct(_ first: String, _ second: String) -> DistinctPart? {
    distinct.first { ($0.pair.center, $0.pair.neighbor) == (first, second) || ($0.pair.center, $0.pair.neighbor) == (second, first) }
  }

  /// The middles of the bins of the self part in Å.
  public var radii: [Double] { Self.middles(parameters.range, parameters.bins(parameters.range)) }
  /// The middles of the bins of the distinct part in Å.
  public var distinctRadii: [Double] { Self.middles(parameters.cutoff, parameters.bins(parameters.cutoff)) }

  private static func middles(_ range: Double, _ bins: Int) -> [Double] {
    (0..<bins).map { (Double($0) + 0.5) * range / Double(bins) }
  }

  private func percent(_ share: Double) -> String { "\((share * 1000).rounded() / 10) %" }

  /// How figures and columns name a lag.
  func name(ofLag lag: Int) -> String {
    guard let frameInterval else { return "\(lag) frames" }
    let time = Double(lag) * frameInterval
    let digits = time > 0 ? pow(10, 3 - log10(time).rounded(.up)) : 1
    return "\(brief((time * digits).rounded() / digits)) ps"
  }
}

extension VanHoveResult.SelfPart {
  init(label: String, atoms: Int, blocks: [DisplacementHistogram]) {
    self.label = label
    self.atoms = atoms
    let lags = blocks.first?.lags ?? []
    curves = lags.indices.map { Curve(blocks, lag: $0) }
  }
}

extension VanHoveResult.SelfPart.Curve {
  fileprivate init(_ blocks: [DisplacementHistogram], lag: Int) {
    let bins = blocks.first?.bins ?? 0
    let width = (blocks.first?.range ?? 1) / Double(max(1, bins))
    var total = [Double](repeating: 0, count: bins + 1)
    var (first, second, gone) = (0.0, 0.0, 0.0)
    // Each block's shares.
    var samples: [[Double]] = []
    for block in blocks {
      // Not Double.init, which would take the bits of an unsigned number.
      let counts = block.counts[lag * (bins + 1)..<(lag + 1) * (bins + 1)].map { Double($0) }
      let own = counts.reduce(0, +)
      for bin in counts.indices { total[bin] += counts[bin] }
      let moments = block.moments[lag]
      first += moments.x
      second += moments.y
      gone += moments.z
      samples.append(counts.dropLast().map { $0 / (own * width) } + [moments.z / own])
    }
    let number = total.reduce(0, +)
    let errors = BlockAverage.standardError(of: samples)
    density = total.dropLast().map { $0 / (number * width) }
    error = errors.isEmpty ? [] : Array(errors.dropLast())
    beyondDistanceError = errors.last
    beyondRange = total[bins] / number
    mean = first / number
    meanSquare = second / number
    beyondDistance = gone / number
    peaks = RadialPeaks(density, error: error, width: width)
    beyondMinimum = peaks.minimum.map { minimum in
      // The bin of the minimum is cut where the minimum lies.
      let cut = min(bins - 1, Int(minimum / width))
      let rest = Double(cut + 1) - minimum / width
      return (total[(cut + 1)...].reduce(0, +) + rest * total[cut]) / number
    }
  }
}
