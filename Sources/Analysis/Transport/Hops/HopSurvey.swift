import NumericalMethods
import Structures

/// Finds the hops of all ions of a species and adds up what they tell.
struct HopSurvey {
  let parameters: HopAnalysis
  let store: TrackStore
  let interval: Double
  let halfWindow: Int
  let pool: WorkerPool

  /// What a block of ions gives.
  private struct Part: Sendable {
    var tally: HopTally
    var events: [HopCooperation.Event] = []
  }

  /// The hops found with one window.
  private struct Finding {
    let finder: HopFinder
    let variance: Double
    let observable: Range<Int>
    let parts: [Part]

    var sums: HopSums { parts.map(\.tally.sums).reduce(HopSums(), +) }
  }

  /// - Parameters:
  ///   - rows: The rows of the species.
  ///   - first: Where each row was in the first frame.
  func species(_ label: String, rows: Range<Int>, first: [Vector3], cell: Cell) throws -> HopStatistics {
    guard let finding = try find(rows, halfWindow: halfWindow, first: first) else {
      throw AnalysisError(
        .tooFewFrames,
        "hops: in \(store.frameCount) frames no hop has half a window (\(halfWindow) frames) before and after it; take a longer run or a "
          + "shorter window")
    }
    let (finder, observable, parts) = (finding.finder, finding.observable, finding.parts)
    let events = parts.flatMap(\.events)
    let slope = finding.sums.slope
    let cooperation = try HopCooperation(
      events, cell: cell, observable: observable, time: cooperativeFrames, distance: parameters.cooperativeDistance,
      placeRadius: finder.threshold.squareRoot(), pool: pool)
    return HopStatistics(
      label: label, rows: rows, threshold: finder.threshold, minimumResidence: finder.minimumResidence, cageVariance: finding.variance,
      blocks: parts.map(\.tally.sums), events: events,
      survival: HopTally.survival(parts.map(\.tally)), observable: observable, cooperation: cooperation,
      volume: cell.volume, interval: interval, example: try example(events, rows: rows),
      halfWindowSums: try sums(rows, halfWindow: halfWindow / 2, slope: slope),
      doubleWindowSums: try sums(rows, halfWindow: 2 * halfWindow, slope: slope),
      isResidenceGiven: parameters.minimumResidence != nil)
  }

  /// The hops with a window, and with what follows from it where nobody set it; `nil` where the run is too short.
  ///
  /// - Parameter first: Where each row was in the first frame, or `nil` where sums are enough.
  private func find(_ rows: Range<Int>, halfWindow: Int, first: [Vector3]?) throws -> Finding? {
    let blocks = HopTally.blocks(of: rows)
    let residence = parameters.minimumResidence.map { max(1, Int(($0 / interval).rounded())) } ?? halfWindow
    func finder(_ threshold: Double) -> HopFinder {
      HopFinder(method: parameters.method, halfWindow: halfWindow, threshold: threshold, minimumResidence: residence)
    }
    let observable = finder(1).observableFrames(of: store.frameCount)
    guard !observable.isEmpty else { return nil }
    let variance = median(try pool.map(blocks.count) { try variances(of: blocks[$0], halfWindow: halfWindow) }.flatMap { $0 })
    let found = finder(parameters.threshold ?? max(HopAnalysis.leastThreshold, HopAnalysis.scattersOfThreshold * variance))
    let parts = try pool.map(blocks.count) { try part(blocks[$0], finder: found, observable: observable, first: first) }
    return Finding(finder: found, variance: variance, observable: observable, parts: parts)
  }

  /// What hops add up to with another window; `nil` where frames or the run do not allow it.
  ///
  /// - Parameter slope: Of the mean-squared displacements, which no window changes.
  private func sums(_ rows: Range<Int>, halfWindow: Int, slope: Double) throws -> HopSums? {
    guard halfWindow >= 2, var sums = try find(rows, halfWindow: halfWindow, first: nil)?.sums else { return nil }
    sums.slope = slope
    return sums
  }

  /// The frames within which hops are together.
  var cooperativeFrames: Int { parameters.cooperativeTime.map { Int(($0 / interval).rounded()) } ?? halfWindow }

  private func variances(of rows: Range<Int>, halfWindow: Int) throws -> [Double] {
    var values: [Double] = []
    try store.forEachBatch(of: rows) { part, signals in
      for row in 0..<part.count {
        let (x, y, z) = directions(row, signals)
        if let value = HopFinder.cageVariance(x, y, z, halfWindow: halfWindow) { values.append(value) }
      }
    }
    return values
  }

  private func directions(
    _ row: Int, _ signals: UnsafeMutablePointer<Double>
  ) -> (UnsafeBufferPointer<Double>, UnsafeBufferPointer<Double>, UnsafeBufferPointer<Double>) {
    let frames = store.frameCount
    func axis(_ axis: Int) -> UnsafeBufferPointer<Double> {
      UnsafeBufferPointer(start: signals + (3 * row + axis) * frames, count: frames)
    }
    return (axis(0), axis(1), axis(2))
  }

  private func part(
    _ rows: Range<Int>, finder: HopFinder, observable: Range<Int>, first: [Vector3]?
  ) throws -> Part {
    let lags = HopTally.lags(frames: store.frameCount)
    var result = Part(
      tally: HopTally(
        observable: observable, interval: interval, minimumResidence: finder.minimumResidence, returnRadius: finder.threshold.squareRoot()))
    try store.forEachBatch(of: rows) { part, signals in
      for row in part {
        let (x, y, z) = directions(row - part.lowerBound, signals)
        let hops = finder.hops(x, y, z).filter { observable.contains($0.frame) }
        guard let first else {
          result.tally.add(hops, slope: 0)
          continue
        }
        result.tally.add(hops, slope: HopTally.slope(x, y, z, lags: lags, interval: interval))
        for var hop in hops {
          hop.from += first[row]
          hop.to += first[row]
          result.events.append(HopCooperation.Event(ion: row, hop: hop))
        }
      }
    }
    return result
  }

  /// p_hop of the ion that hops as often as the average of those that do, around its hops.
  private func example(_ events: [HopCooperation.Event], rows: Range<Int>) throws -> HopExample? {
    guard !events.isEmpty else { return nil }
    var counts = [Int](repeating: 0, count: rows.count)
    for event in events { counts[event.ion - rows.lowerBound] += 1 }
    let hopping = counts.filter { $0 > 0 }
    let typical = Double(events.count) / Double(hopping.count)
    guard
      let ion = counts.indices.filter({ counts[$0] > 0 }).min(by: { abs(Double(counts[$0]) - typical) < abs(Double(counts[$1]) - typical) })
    else { return nil }
    let row = rows.lowerBound + ion
    let hops = events.filter { $0.ion == row }.map(\.hop)
    // So many windows that peaks can still be told apart.
    let begin = max(0, (hops.first?.frame ?? 0) - 10 * halfWindow)
    let frames = begin..<min(store.frameCount, begin + 120 * halfWindow)
    var result: HopExample?
    try store.forEachBatch(of: row..<row + 1) { _, signals in
      let (x, y, z) = directions(0, signals)
      let activity = HopFinder.activity(x, y, z, halfWindow: halfWindow)
      result = HopExample(
        row: row, frames: frames, activity: Array(activity[frames]), hops: hops.map(\.frame).filter { frames.contains($0) })
    }
    return result
  }

  private func median(_ values: [Double]) -> Double {
    let sorted = values.sorted()
    return sorted.isEmpty ? 0 : (sorted[(sorted.count - 1) / 2] + sorted[sorted.count / 2]) / 2
  }
}

/// A part of the p_hop of one ion, for a figure.
public struct HopExample: Sendable {
  /// The row of the ion.
  public let row: Int
  public let frames: Range<Int>
  /// p_hop at each of ``frames``, in Å².
  public let activity: [Double]
  /// The frames of its hops among ``frames``.
  public let hops: [Int]
}
