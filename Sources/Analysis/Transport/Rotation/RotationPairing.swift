import NumericalMethods
import Structures

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// Whether ions hop where and when units turn.
///
/// Hops within a radius of the centre of a polyhedron, by the time after its reorientation, over what the same reorientations at shifted times
/// give. Each shift moves all events of a polyhedron by one random time around the run, so that these and their neighbourhoods stay what they are;
/// not by less than twice the coincidence time, where what goes together still would.
struct RotationPairing: Sendable {
  /// How far curves go, in coincidence times.
  static let reach = 5.0

  /// The ions.
  let label: String
  /// Hops of all ions, and those near any unit.
  private(set) var hops = 0
  private(set) var hopsNear = 0
  private(set) var threshold = 0.0
  /// Hops near units within the coincidence time of a reorientation, and how many the shifted ones have: mean and scatter.
  private(set) var observed = 0.0
  private(set) var expected = 0.0
  private(set) var scatter = 0.0
  /// The share of shifts with at least as many.
  private(set) var chance = 1.0
  /// The share of reorientations with a hop within the coincidence time, and that of the shifted ones.
  private(set) var accompanied = 0.0
  private(set) var accompaniedExpected = 0.0
  /// By the time of the hop after the reorientation, in ps.
  private(set) var lags: [Double] = []
  /// Observed over expected, and its scatter by chance.
  private(set) var enhancement: [Double] = []
  private(set) var enhancementError: [Double] = []
  private(set) var warnings: [String] = []
  let windows: RotationWindows

  init(
    _ data: RotorData, first: [Vector3], cells: CellSequence, events: [Reorientations.Event], window: Int, interval: Double,
    parameters: UnitRotation, memoryLimit: Int, label: String
  ) throws {
    self.label = label
    let shifts = EventShifts(data, events: events, window: window, half: max(1, Int((parameters.coincidence / interval).rounded())))
    windows = try RotationWindows(
      data, first: first, cells: cells, events: events, shifts: shifts, window: window, interval: interval, parameters: parameters,
      memoryLimit: memoryLimit)
    let found = try ionHops(data, first: first, window: max(2, window), given: parameters.hopThreshold)
    hops = found.count
    try pairEvents(data, hops: found, cells: cells, shifts: shifts, window: window, interval: interval, radius: parameters.radius)
    if events.isEmpty { warnings.append("no unit reorients, so that there is nothing for hops of \(label) to go with") }
    if hops == 0 { warnings.append("no \(label) hops within this run") }
    if shifts.leftOut > 0 {
      warnings.append(
        "\(shifts.leftOut) units that reorient keep their members for less than eight coincidence times or windows, too short to shift their reorientations, "
          + "and are left out beside hops; take a longer run or a shorter coincidence")
    }
    warnings += windows.warnings
  }

  private struct IonHop: Sendable {
    var frame: Int
    /// Half-way between the cages.
    var position: Vector3
  }

  /// The hops of all ions in the order of time.
  private mutating func ionHops(_ data: RotorData, first: [Vector3], window: Int, given: Double?) throws -> [IonHop] {
    let frames = data.store.frameCount
    let ions = data.rows.ions
    let blocks = max(1, min(64, ions))
    func forEachTrack(_ block: Int, _ body: (Int, [UnsafeBufferPointer<Double>]) -> Void) throws {
      try data.store.forEachBatch(of: block * ions / blocks..<(block + 1) * ions / blocks) { rows, signals in
        for (place, row) in rows.enumerated() {
          body(row, (0..<3).map { UnsafeBufferPointer(start: signals + (3 * place + $0) * frames, count: frames) })
        }
      }
    }
    var least = given ?? 0
    if given == nil {
      var variances = try data.pool.map(blocks) { block in
        var values: [Double] = []
        try forEachTrack(block) { _, track in
          if let value = HopFinder.cageVariance(track[0], track[1], track[2], halfWindow: window) { values.append(value) }
        }
        return values
      }.flatMap(\.self)
      variances.sort()
      least = max(0.25, 4 * (variances.isEmpty ? 0 : variances[variances.count / 2]))
    }
    threshold = least
    let finder = HopFinder(halfWindow: window, threshold: least)
    let found = try data.pool.map(blocks) { block in
      var hops: [IonHop] = []
      try forEachTrack(block) { row, track in
        for hop in finder.hops(track[0], track[1], track[2]) {
          hops.append(IonHop(frame: hop.frame, position: first[row] + (hop.from + hop.to) * 0.5))
        }
      }
      return hops
    }.flatMap(\.self)
    return found.sorted {
      ($0.frame, $0.position.x, $0.position.y, $0.position.z) < ($1.frame, $1.position.x, $1.position.y, $1.position.z)
    }
  }

  /// Counts of pairs by lag: of the events, then of each shift.
  private struct Counts: Sendable {
    var lags: [[Double]]
    var coincident: [Double]
    var accompanied: [Double]
    var near = Set<Int>()
  }

  private mutating func pairEvents(
    _ data: RotorData, hops: [IonHop], cells: CellSequence, shifts: EventShifts, window: Int, interval: Double, radius: Double
  ) throws {
    let half = shifts.half
    let bins = 2 * Int(Self.reach) + 1
    let reach = (bins * 2 * half) / 2
    let square = radius * radius
    let count = data.rotors.count
    let blocks = max(1, min(64, count))
    let parts = try data.pool.map(blocks) { block in
      var counts = Counts(
        lags: [[Double]](repeating: [Double](repeating: 0, count: bins), count: EventShifts.count + 1),
        coincident: [Double](repeating: 0, count: EventShifts.count + 1), accompanied: [Double](repeating: 0, count: EventShifts.count + 1))
      for rotor in block * count / blocks..<(block + 1) * count / blocks {
        let end = data.ends[rotor]
        guard end > 2 * window else { continue }
        let centers = try data.vectors(data.rows.center(rotor))
        var near: [Int] = []
        for (index, hop) in hops.enumerated() where hop.frame < end {
          guard cells[hop.frame].minimumImage(hop.position - centers[hop.frame]).squaredLength < square else { continue }
          near.append(hop.frame)
          counts.near.insert(index)
        }
        for (shift, by) in shifts.offsets(of: rotor).enumerated() {
          for frame in shifts.frames[rotor] {
            let place = shifts.place(of: frame, shiftedBy: by, rotor: rotor)
            var isAccompanied = false
            var index = EventShifts.firstIndex(of: place - reach, in: near)
            while index < near.count, near[index] <= place + reach {
              let lag = near[index] - place
              // Bins of twice the coincidence time, the middle one around zero.
              let bin = Int((Double(lag) / Double(2 * half) + Double(bins) / 2).rounded(.down))
              if bin >= 0, bin < bins { counts.lags[shift][bin] += 1 }
              if abs(lag) <= half {
                counts.coincident[shift] += 1
                isAccompanied = true
              }
              index += 1
            }
            if isAccompanied { counts.accompanied[shift] += 1 }
          }
        }
      }
      return counts
    }
    var near = Set<Int>()
    var coincident = [Double](repeating: 0, count: EventShifts.count + 1)
    var accompanied = coincident
    var histogram = [[Double]](repeating: [Double](repeating: 0, count: bins), count: EventShifts.count + 1)
    for part in parts {
      near.formUnion(part.near)
      for shift in 0...EventShifts.count {
        coincident[shift] += part.coincident[shift]
        accompanied[shift] += part.accompanied[shift]
        for bin in 0..<bins { histogram[shift][bin] += part.lags[shift][bin] }
      }
    }
    hopsNear = near.count
    func moments(_ values: [Double]) -> (mean: Double, deviation: Double) {
      let mean = values.reduce(0, +) / Double(values.count)
      return (mean, (values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(values.count - 1)).squareRoot())
    }
    lags = (0..<bins).map { (Double($0) + 0.5 - Double(bins) / 2) * Double(2 * half) * interval }
    let total = shifts.frames.reduce(0) { $0 + $1.count }
    if total == 0, shifts.leftOut > 0 {
      // Nothing that could be shifted: nothing to say.
      (observed, expected, scatter, chance) = (.nan, .nan, .nan, .nan)
      (self.accompanied, accompaniedExpected) = (.nan, .nan)
      enhancement = [Double](repeating: .nan, count: bins)
      enhancementError = enhancement
      return
    }
    observed = coincident[0]
    (expected, scatter) = moments(Array(coincident.dropFirst()))
    chance = Double(coincident.dropFirst().count { $0 >= coincident[0] } + 1) / Double(EventShifts.count + 1)
    self.accompanied = accompanied[0] / Double(max(1, total))
    accompaniedExpected = moments(Array(accompanied.dropFirst())).mean / Double(max(1, total))
    for bin in 0..<bins {
      let (mean, deviation) = moments(histogram.dropFirst().map { $0[bin] })
      enhancement.append(mean > 0 ? histogram[0][bin] / mean : .nan)
      enhancementError.append(mean > 0 ? deviation / mean : .nan)
    }
  }
}
