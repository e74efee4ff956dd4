import NumericalMethods
import Structures

/// Turns visits of sites into jumps, times and rates.
struct SiteSurvey {
  let parameters: SiteAnalysis
  let tracker: SiteTracker
  let store: TrackStore
  /// In ps.
  let interval: Double
  /// The mean over the run.
  let cell: Cell
  let pool: WorkerPool

  var network: SiteNetwork { tracker.network }
  var frames: Int { tracker.frameCount }
  /// In frames, at least 1.
  var minimumResidence: Int { max(1, Int((parameters.minimumResidence / interval).rounded())) }
  var cooperativeFrames: Int { Int((parameters.cooperativeTime / interval).rounded()) }

  /// The visits of each ion that count.
  func visits() -> [[SiteVisit]] {
    tracker.visits.map { SiteVisit.withoutRecrossings($0, shorterThan: minimumResidence) }
  }

  func place(_ visit: SiteVisit) -> Vector3 {
    cell.cartesian(
      network.fractions[Int(visit.site)] + Vector3(Double(visit.image.x), Double(visit.image.y), Double(visit.image.z)))
  }

  func hops(_ visits: [SiteVisit]) -> [Hop] {
    zip(visits, visits.dropFirst()).map { old, new in
      let (from, to) = (place(old), place(new))
      return Hop(frame: Int(new.frame), from: from, to: to, strength: (to - from).squaredLength)
    }
  }

  /// The jumps of the ions of some rows as hops.
  func statistics(_ label: String, rows: Range<Int>, visits: [[SiteVisit]]) throws -> HopStatistics {
    let observable = 1..<frames
    let blocks = HopTally.blocks(of: rows)
    let lags = HopTally.lags(frames: frames)
    let parts = try pool.map(blocks.count) { block in
      var tally = HopTally(
        observable: observable, interval: interval, minimumResidence: minimumResidence, returnRadius: 1e-6)
      try store.forEachBatch(of: blocks[block]) { part, signals in
        for row in part {
          func axis(_ axis: Int) -> UnsafeBufferPointer<Double> {
            UnsafeBufferPointer(start: signals + (3 * (row - part.lowerBound) + axis) * frames, count: frames)
          }
          tally.add(hops(visits[row]), slope: HopTally.slope(axis(0), axis(1), axis(2), lags: lags, interval: interval))
        }
      }
      return tally
    }
    let events = rows.flatMap { row in hops(visits[row]).map { HopCooperation.Event(ion: row, hop: $0) } }
    let cooperation = try HopCooperation(
      events, cell: cell, observable: observable, time: cooperativeFrames, distance: parameters.cooperativeDistance,
      placeRadius: 1e-3, pool: pool)
    return HopStatistics(
      label: label, rows: rows, threshold: tracker.radius * tracker.radius, minimumResidence: minimumResidence, cageVariance: nil,
      blocks: parts.map(\.sums), events: events, survival: HopTally.survival(parts), observable: observable, cooperation: cooperation,
      volume: cell.volume, interval: interval)
  }

  /// Jumps between kinds of sites and the time spent on them, for each block of ions.
  func jumpTables(_ visits: [[SiteVisit]]) -> SiteJumps {
    let kinds = network.labels.count
    let blocks = HopTally.blocks(of: 0..<visits.count)
    let parts = blocks.map { block in
      var part = SiteJumps.Sums(kinds: kinds)
      for row in block {
        for (index, visit) in visits[row].enumerated() {
          let kind = network.kinds[Int(visit.site)]
          let next = index + 1 < visits[row].count ? visits[row][index + 1] : nil
          part.times[kind] += Double((next.map { Int($0.frame) } ?? frames) - Int(visit.frame)) * interval
          guard let next else { continue }
          let pair = kind * kinds + network.kinds[Int(next.site)]
          part.counts[pair] += 1
          part.lengths[pair] += (place(next) - place(visit)).length
        }
      }
      return part
    }
    return SiteJumps(labels: network.labels, blocks: parts)
  }

  func strings(_ visits: [[SiteVisit]]) -> SiteStrings {
    let jumps = visits.enumerated().flatMap { ion, visits in
      zip(visits, visits.dropFirst()).map {
        SiteStrings.Jump(ion: ion, from: Int($0.site), to: Int($1.site), frame: Int($1.frame))
      }
    }
    return SiteStrings(jumps, sites: network.count, within: cooperativeFrames, observable: 1..<max(2, frames))
  }

  func percolation(_ visits: [[SiteVisit]]) -> SitePercolation {
    var edges: Set<SitePercolation.Edge> = []
    for visits in visits {
      for (old, new) in zip(visits, visits.dropFirst()) {
        edges.insert(SitePercolation.Edge(from: Int(old.site), to: Int(new.site), shift: new.image &- old.image))
      }
    }
    return SitePercolation(sites: network.count, edges: edges)
  }
}
