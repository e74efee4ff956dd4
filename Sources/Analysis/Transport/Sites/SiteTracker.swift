import NumericalMethods
import Structures

/// Tells which site each ion is at, frame by frame.
struct SiteTracker: Sendable {
  /// Where one ion is.
  private struct Ion: Sendable {
    /// Along the edges, continued across them.
    var place = Vector3.zero
    var visit: SiteVisit?
    /// The way to its site now exceeds the radius.
    var isBetween = false
    var hasMoved = false
  }

  let locator: SiteLocator
  let network: SiteNetwork
  let assignment: SiteAnalysis.Assignment
  /// In Å.
  let radius: Double
  /// In Å.
  let hysteresis: Double
  private var ions: [Ion]
  private(set) var visits: [[SiteVisit]]
  private(set) var frameCount = 0
  /// Frames that ions spent at each site.
  private(set) var siteFrames: [Int]
  /// Ions times frames without any site, and outside the radius of theirs.
  private(set) var unassigned = 0
  private(set) var between = 0
  /// Sites times frames with more than one ion.
  private(set) var shared = 0
  private(set) var mostIons = 0
  /// The occupancy of each kind of site.
  private(set) var occupancy: BlockAverage
  private var counts: [Int32]

  init(
    locator: SiteLocator, network: SiteNetwork, ions: Int, assignment: SiteAnalysis.Assignment, radius: Double, hysteresis: Double
  ) {
    self.locator = locator
    self.network = network
    self.assignment = assignment
    self.radius = radius
    self.hysteresis = hysteresis
    self.ions = [Ion](repeating: Ion(), count: ions)
    visits = [[SiteVisit]](repeating: [], count: ions)
    siteFrames = [Int](repeating: 0, count: network.count)
    occupancy = BlockAverage(width: network.labels.count)
    counts = [Int32](repeating: 0, count: network.count)
  }

  /// Takes the next frame.
  ///
  /// - Parameters:
  ///   - places: Of the ions along the edges, as the frame has them, without the drift of the framework.
  ///   - vectors: The edges now.
  mutating func add(_ places: [Vector3], vectors: Matrix3, pool: WorkerPool) {
    let isFirst = frameCount == 0
    let (frame, radius2, hysteresis) = (Int32(frameCount), radius * radius, hysteresis)
    let (locator, sites, assignment) = (locator, network.fractions, assignment)
    ions.withUnsafeMutableBufferPointer { ions in
      nonisolated(unsafe) let ions = ions
      pool.forEachRange(places.count, grain: 512) { part in
        for index in part {
          var ion = ions[index]
          if isFirst {
            ion.place = places[index]
          } else {
            let step = places[index] - ion.place
            ion.place += step - step.rounded(.toNearestOrEven)
          }
          let found = locator.nearest(to: ion.place, vectors: vectors)
          let visit = SiteVisit(site: Int32(found.site), image: found.image, frame: frame)
          ion.hasMoved = false
          let isInside = found.squaredDistance <= radius2
          if let now = ion.visit, !now.isSamePlace(as: visit) {
            switch assignment {
            case .core: ion.hasMoved = isInside
            case .nearest:
              let image = Vector3(Double(now.image.x), Double(now.image.y), Double(now.image.z))
              let old = ((ion.place - sites[Int(now.site)] - image) * vectors).length
              ion.hasMoved = old > found.squaredDistance.squareRoot() + hysteresis
            }
          } else if ion.visit == nil {
            ion.hasMoved = isInside || assignment == .nearest
          }
          if ion.hasMoved { ion.visit = visit }
          ion.isBetween = !isInside || ion.visit?.site != visit.site
          ions[index] = ion
        }
      }
    }
    count()
    frameCount += 1
  }

  private mutating func count() {
    for site in counts.indices { counts[site] = 0 }
    for (index, ion) in ions.enumerated() {
      guard let visit = ion.visit else {
        unassigned += 1
        continue
      }
      if ion.hasMoved { visits[index].append(visit) }
      if ion.isBetween { between += 1 }
      counts[Int(visit.site)] += 1
    }
    var kinds = [Double](repeating: 0, count: network.labels.count)
    for (site, count) in counts.enumerated() where count > 0 {
      siteFrames[site] += Int(count)
      kinds[network.kinds[site]] += Double(count)
      if count > 1 { shared += 1 }
      mostIons = max(mostIons, Int(count))
    }
    occupancy.add(zip(kinds, network.kindCounts).map { $0 / Double($1) })
  }

  var memoryInBytes: Int {
    visits.reduce(0) { $0 + $1.count * MemoryLayout<SiteVisit>.stride } + ions.count * MemoryLayout<Ion>.stride
  }
}
