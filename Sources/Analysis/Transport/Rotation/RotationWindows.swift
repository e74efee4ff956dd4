import NumericalMethods
import Structures

/// Rotation and motion from one window to the next: the angle that a polyhedron turns by, correlated with the mean squared displacement of the ions
/// near it; and how far ions go that are near a polyhedron that reorients, over those that are only near others.
///
/// Ions beside many polyhedra are more often beside one that reorients: the ratio is divided by that of the same reorientations at shifted times.
struct RotationWindows: Sendable {
  /// How many shifts the ratio is compared with.
  private static let shiftCount = 50

  /// By the time of the displacement after the rotation, in ps.
  private(set) var lags: [Double] = []
  private(set) var correlation: [Double] = []
  private(set) var correlationError: [Double] = []
  /// The squared displacement of ions near polyhedra that reorient over that near others, over the same at shifted times.
  private(set) var ratio: Double?
  private(set) var ratioError: Double?
  private(set) var warnings: [String] = []

  /// What each window gives: sums for polyhedra and for ions.
  private struct Sums: Sendable {
    /// By polyhedron: the squared displacement of the ions near it, or `nan` where there is none.
    var nearby: [Double]
    /// The sum and number of squared displacements near any polyhedron.
    var all = SIMD2<Double>.zero
    /// The same near those that reorient, at first as they do, then at shifted times.
    var turning: [SIMD2<Double>]
  }

  init(
    _ data: RotorData, first: [Vector3], cells: CellSequence, events: [Reorientations.Event], shifts: EventShifts, window: Int,
    interval: Double, parameters: UnitRotation, memoryLimit: Int
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
    let offsets = (0..<rotors).map { Array(shifts.offsets(of: $0).prefix(Self.shiftCount + 1)) }
    let sums = try data.pool.map(number - 1) { part -> Sums in
      let search = try NeighborSearch(
        cell: cells[part * window], positions: ionMeans.map { $0[part] }, cutoff: parameters.radius)
      var sums = Sums(
        nearby: [Double](repeating: .nan, count: rotors), turning: [SIMD2<Double>](repeating: .zero, count: Self.shiftCount + 1))
      let squares = ionMeans.map { ($0[part + 1] - $0[part]).squaredLength }
      var neighbors = [[Int]](repeating: [], count: rotors)
      var isNear = [Bool](repeating: false, count: ions)
      for rotor in 0..<rotors where part + 1 < whole[rotor] {
        var own: [Int] = []
        search.forEachNeighbor(around: centers[rotor][part]) { own.append($0.index) }
        if !own.isEmpty { sums.nearby[rotor] = own.reduce(0) { $0 + squares[$1] } / Double(own.count) }
        guard shifts.counts[rotor] else { continue }
        for ion in own where !isNear[ion] {
          isNear[ion] = true
          sums.all += SIMD2(squares[ion], 1)
        }
        if !offsets[rotor].isEmpty { neighbors[rotor] = own }
      }
      // A reorientation shows in the step between the windows before and after it.
      let frames = part * window..<(part + 2) * window
      var taken = [Int](repeating: -1, count: ions)
      for shift in 0...Self.shiftCount {
        for rotor in 0..<rotors where !neighbors[rotor].isEmpty {
          guard shifts.hasEvent(in: frames, shiftedBy: offsets[rotor][shift], rotor: rotor) else { continue }
          for ion in neighbors[rotor] where taken[ion] != shift {
            taken[ion] = shift
            sums.turning[shift] += SIMD2(squares[ion], 1)
          }
        }
      }
      return sums
    }
    let reach = Int((RotationPairing.reach * parameters.coincidence / interval / Double(window)).rounded())
    correlate(
      sums.map(\.nearby), angles: angles, units: data.rotors.map(\.unit), furthest: min(reach, (number - 2) / 2),
      step: Double(window) * interval)
    compare(sums)
  }

  /// Pearson's coefficient over all polyhedra and windows, each around its own means.
  private mutating func correlate(_ nearby: [[Double]], angles: [[Double]], units: [Int], furthest: Int, step: Double) {
    let all = (units.max() ?? 0) + 1
    let blocks = max(1, min(16, all))
    let lagRange = -furthest...furthest
    var samples = [[SIMD3<Double>]](repeating: [SIMD3<Double>](repeating: .zero, count: lagRange.count), count: blocks)
    for rotor in angles.indices {
      let count = angles[rotor].count
      let valid = (0..<count).filter { !nearby[$0][rotor].isNaN }
      guard valid.count > 1 else { continue }
      let meanAngle = angles[rotor].reduce(0, +) / Double(count)
      let meanSquare = valid.reduce(0) { $0 + nearby[$1][rotor] } / Double(valid.count)
      let block = units[rotor] * blocks / all
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
    lags = lagRange.map { Double($0) * step }
    correlation = lagRange.indices.enumerated().map { place, _ in
      coefficient(samples.reduce(.zero) { $0 + $1[place] })
    }
    let each = samples.map { $0.map(coefficient) }.filter { !$0.contains(where: \.isNaN) }
    correlationError = each.count > 3 ? BlockAverage.standardError(of: each) : []
  }

  private mutating func compare(_ sums: [Sums]) {
    func ratio(_ part: ArraySlice<Sums>) -> Double? {
      func value(_ shifts: ClosedRange<Int>) -> Double? {
        var (turning, still) = (SIMD2<Double>.zero, SIMD2<Double>.zero)
        for sum in part {
          for shift in shifts {
            turning += sum.turning[shift]
            still += sum.all - sum.turning[shift]
          }
        }
        guard turning.x > 0, still.y > 0, still.x > 0 else { return nil }
        return turning.x / turning.y / (still.x / still.y)
      }
      guard let observed = value(0...0), let expected = value(1...Self.shiftCount) else { return nil }
      return observed / expected
    }
    self.ratio = ratio(sums[...])
    let blocks = 8
    guard sums.count >= 2 * blocks else { return }
    let values = (0..<blocks).compactMap { ratio(sums[$0 * sums.count / blocks..<($0 + 1) * sums.count / blocks]) }
    if values.count == blocks { ratioError = BlockAverage.standardError(of: values.map { [$0] }).first }
  }
}
