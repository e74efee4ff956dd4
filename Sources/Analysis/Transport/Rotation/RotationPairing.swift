import NumericalMethods
import Structures

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// Whether ions hop where and when units turn.
///
/// Events: hops within a radius of the unit, by the time after its reorientation, over what the same reorientations at shifted times give. Each
/// shift moves all events of a unit by one random time around the run, so that units and their neighbourhoods stay what they are.
/// Windows: the angle that a unit turns by from one window to the next, correlated with the mean squared displacement of the ions near it; and
/// how far ions go that are near a unit that reorients, over those that are only near units that do not.
struct RotationPairing: Sendable {
  /// The number of times that events are shifted.
  static let shifts = 200
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
  /// By the time of the displacement after the rotation, in ps.
  private(set) var windowLags: [Double] = []
  private(set) var correlation: [Double] = []
  private(set) var correlationError: [Double] = []
  /// The squared displacement of ions near units that reorient over that near those that do not.
  private(set) var diffusivityRatio: Double?
  private(set) var diffusivityRatioError: Double?
  private(set) var warnings: [String] = []

  init(
    _ data: RotorData, first: [Vector3], cells: CellSequence, events: [Reorientations.Event], window: Int, interval: Double,
    parameters: UnitRotation, memoryLimit: Int, label: String
  ) throws {
    self.label = label
    let found = try ionHops(data, first: first, window: max(2, window), given: parameters.hopThreshold)
    hops = found.count
    try pairEvents(data, hops: found, cells: cells, events: events, window: window, interval: interval, parameters: parameters)
    try correlateWindows(data, first: first, cells: cells, events: events, window: window, interval: interval, parameters, memoryLimit)
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
    _ data: RotorData, hops: [IonHop], cells: CellSequence, events: [Reorientations.Event], window: Int, interval: Double,
    parameters: UnitRotation
  ) throws {
    let half = max(1, Int((parameters.coincidence / interval).rounded()))
    let bins = 2 * Int(Self.reach) + 1
    let reach = (bins * 2 * half) / 2
    let square = parameters.radius * parameters.radius
    var own = [[Int]](repeating: [], count: data.rotors.count)
    for event in events { own[event.rotor].append(event.frame) }
    let eventsOf = own
    let count = data.rotors.count
    let blocks = max(1, min(64, count))
    let parts = try data.pool.map(blocks) { block in
      var counts = Counts(
        lags: [[Double]](repeating: [Double](repeating: 0, count: bins), count: Self.shifts + 1),
        coincident: [Double](repeating: 0, count: Self.shifts + 1), accompanied: [Double](repeating: 0, count: Self.shifts + 1))
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
        guard !eventsOf[rotor].isEmpty else { continue }
        var random = RandomStream(seed: 20_260_101, stream: UInt64(rotor))
        let span = end - 2 * window
        for shift in 0...Self.shifts {
          let by = shift == 0 ? 0 : Int(random.uniform() * Double(span))
          for frame in eventsOf[rotor] {
            let place = window + (frame - window + by) % span
            var isAccompanied = false
            var index = Self.firstIndex(of: place - reach, in: near)
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
    var coincident = [Double](repeating: 0, count: Self.shifts + 1)
    var accompanied = coincident
    var histogram = [[Double]](repeating: [Double](repeating: 0, count: bins), count: Self.shifts + 1)
    for part in parts {
      near.formUnion(part.near)
      for shift in 0...Self.shifts {
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
    observed = coincident[0]
    (expected, scatter) = moments(Array(coincident.dropFirst()))
    chance = Double(coincident.dropFirst().count { $0 >= coincident[0] } + 1) / Double(Self.shifts + 1)
    let total = Double(max(1, events.count))
    self.accompanied = accompanied[0] / total
    accompaniedExpected = moments(Array(accompanied.dropFirst())).mean / total
    lags = (0..<bins).map { (Double($0) + 0.5 - Double(bins) / 2) * Double(2 * half) * interval }
    for bin in 0..<bins {
      let (mean, deviation) = moments(histogram.dropFirst().map { $0[bin] })
      enhancement.append(mean > 0 ? histogram[0][bin] / mean : .nan)
      enhancementError.append(mean > 0 ? deviation / mean : .nan)
    }
    if events.isEmpty { warnings.append("no unit reorients, so that there is nothing for hops of \(label) to go with") }
    if hops.isEmpty { warnings.append("no \(label) hops within this run") }
  }

  /// The first place in ascending numbers whose value is at least as large.
  private static func firstIndex(of value: Int, in sorted: [Int]) -> Int {
    var (low, high) = (0, sorted.count)
    while low < high {
      let middle = (low + high) / 2
      if sorted[middle] < value { low = middle + 1 } else { high = middle }
    }
    return low
  }

  /// What each window gives: sums for units and for ions.
  private struct WindowSums: Sendable {
    /// By unit: the squared displacement of the ions near it, or `nan` where there is none.
    var nearby: [Double]
    /// Sums and counts of squared displacements near units that reorient, and near others only.
    var turning = SIMD2<Double>.zero
    var still = SIMD2<Double>.zero
  }

  private mutating func correlateWindows(
    _ data: RotorData, first: [Vector3], cells: CellSequence, events: [Reorientations.Event], window: Int, interval: Double,
    _ parameters: UnitRotation, _ memoryLimit: Int
  ) throws {
    let rotors = data.rotors.count
    let ions = data.rows.ions
    let fitting = memoryLimit / (MemoryLayout<Vector3>.stride * (ions + 2 * rotors))
    let number = min(data.store.frameCount / window, max(8, fitting))
    if number < data.store.frameCount / window {
      warnings.append(
        "only the first \(number) windows are correlated, which is what fits into memory; take a longer window for the whole run")
    }
    guard number >= 4 else { return }
    func means(_ values: [Vector3]) -> [Vector3] {
      (0..<number).map { part in
        var sum = Vector3.zero
        for frame in part * window..<(part + 1) * window { sum += values[frame] }
        return sum * (1 / Double(window))
      }
    }
    let ionMeans = try data.pool.map(ions) { ion in means(try data.vectors(ion).map { $0 + first[ion] }) }
    let centers = try data.pool.map(rotors) { rotor in means(try data.vectors(data.rows.center(rotor))) }
    let whole = data.ends.map { $0 / window }
    let angles = try data.pool.map(rotors) { rotor in
      let track = try data.orientations(rotor)
      let mean = (0..<min(number, whole[rotor])).map { Orientation.mean(track[$0 * window..<($0 + 1) * window]) }
      return zip(mean, mean.dropFirst()).map { $0.angle(to: $1) }
    }
    var turns = [Set<Int>](repeating: [], count: number)
    for event in events {
      // A reorientation shows in the step between the windows before and after it.
      for part in max(0, event.frame / window - 1)...event.frame / window where part < number { turns[part].insert(event.rotor) }
    }
    let turnsOf = turns
    let sums = try data.pool.map(number - 1) { part -> WindowSums in
      let search = try NeighborSearch(
        cell: cells[part * window], positions: ionMeans.map { $0[part] }, cutoff: parameters.radius)
      var sums = WindowSums(nearby: [Double](repeating: .nan, count: rotors))
      let squares = ionMeans.map { ($0[part + 1] - $0[part]).squaredLength }
      // 0: near no unit, 1: near units that keep their orientation, 2: near one that reorients.
      var state = [UInt8](repeating: 0, count: ions)
      for rotor in 0..<rotors where part + 1 < whole[rotor] {
        let isTurning = turnsOf[part].contains(rotor)
        var (sum, count) = (0.0, 0.0)
        search.forEachNeighbor(around: centers[rotor][part]) { neighbor in
          sum += squares[neighbor.index]
          count += 1
          state[neighbor.index] = max(state[neighbor.index], isTurning ? 2 : 1)
        }
        if count > 0 { sums.nearby[rotor] = sum / count }
      }
      for ion in 0..<ions {
        if state[ion] == 2 { sums.turning += SIMD2(squares[ion], 1) }
        if state[ion] == 1 { sums.still += SIMD2(squares[ion], 1) }
      }
      return sums
    }
    let furthest = min(Int((Self.reach * parameters.coincidence / interval / Double(window)).rounded()), (number - 2) / 2)
    correlate(sums.map(\.nearby), angles: angles, furthest: furthest, step: Double(window) * interval)
    conditional(sums)
  }

  /// Pearson's coefficient over all units and windows, each unit around its own means.
  private mutating func correlate(_ nearby: [[Double]], angles: [[Double]], furthest: Int, step: Double) {
    let rotors = angles.count
    let blocks = max(1, min(16, rotors))
    let lagRange = -furthest...furthest
    var samples = [[SIMD3<Double>]](repeating: [SIMD3<Double>](repeating: .zero, count: lagRange.count), count: blocks)
    for rotor in 0..<rotors {
      let count = angles[rotor].count
      let valid = (0..<count).filter { !nearby[$0][rotor].isNaN }
      guard valid.count > 1 else { continue }
      let meanAngle = angles[rotor].reduce(0, +) / Double(count)
      let meanSquare = valid.reduce(0) { $0 + nearby[$1][rotor] } / Double(valid.count)
      let block = rotor * blocks / rotors
      for (place, lag) in lagRange.enumerated() {
        var sum = SIMD3<Double>.zero
        for window in max(0, -lag)..<max(max(0, -lag), min(count, count - lag)) {
          let value = nearby[window + lag][rotor]
          if value.isNaN { continue }
          let (x, y) = (angles[rotor][window] - meanAngle, value - meanSquare)
          sum += SIMD3(x * y, x * x, y * y)
        }
        samples[block][place] += sum
      }
    }
    func coefficient(_ sum: SIMD3<Double>) -> Double { sum.y > 0 && sum.z > 0 ? sum.x / (sum.y * sum.z).squareRoot() : .nan }
    windowLags = lagRange.map { Double($0) * step }
    correlation = lagRange.indices.enumerated().map { place, _ in
      coefficient(samples.reduce(.zero) { $0 + $1[place] })
    }
    let each = samples.map { $0.map(coefficient) }.filter { !$0.contains(where: \.isNaN) }
    correlationError = each.count > 3 ? BlockAverage.standardError(of: each) : []
  }

  private mutating func conditional(_ sums: [WindowSums]) {
    func ratio(_ part: ArraySlice<WindowSums>) -> Double? {
      let (turning, still) = part.reduce(into: (SIMD2<Double>.zero, SIMD2<Double>.zero)) {
        $0.0 += $1.turning
        $0.1 += $1.still
      }
      guard turning.y > 0, still.y > 0, still.x > 0 else { return nil }
      return turning.x / turning.y / (still.x / still.y)
    }
    diffusivityRatio = ratio(sums[...])
    let blocks = 8
    guard sums.count >= 2 * blocks else { return }
    let values = (0..<blocks).compactMap { ratio(sums[$0 * sums.count / blocks..<($0 + 1) * sums.count / blocks]) }
    if values.count == blocks { diffusivityRatioError = BlockAverage.standardError(of: values.map { [$0] }).first }
  }
}
