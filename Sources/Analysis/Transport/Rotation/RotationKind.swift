import NumericalMethods
import Structures

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

extension RotationResult.Kind {
  init(
    name: String, members: [Int], ends: [Int], curves: OrientationCorrelation.Curves, courses: [Reorientations.Course], interval: Double,
    frames: Int, fit: ClosedRange<Int>
  ) {
    self.name = name
    units = members.count
    kept = members.count { ends[$0] == frames }
    (c1, c2, c3, squaredAngle) = (curves.first, curves.second, curves.third, curves.squaredAngle)
    let blocks = curves.blocks
    /// Lags that some block does not reach have no error.
    func error(_ curve: (OrientationCorrelation.Block) -> [Double]) -> [Double] {
      blocks.count >= 4 ? BlockAverage.standardError(of: blocks.map(curve)) : []
    }
    (c1Error, c2Error, squaredAngleError) = (error(\.first), error(\.second), error(\.squaredAngle))
    c3Error = curves.third.isEmpty ? [] : error(\.third)
    let slope = Self.slope(curves.squaredAngle, fit, interval)
    diffusivity = slope.linear / 6
    exponent = slope.exponent
    let each = blocks.map { Self.slope($0.squaredAngle, fit, interval) }
    if each.count >= 4 {
      diffusivityError = BlockAverage.standardError(of: each.map { [$0.linear / 6] }).first
      exponentError = BlockAverage.standardError(of: each.map { [$0.exponent] }).first
    } else {
      diffusivityError = nil
      exponentError = nil
    }
    decayTimes = [curves.first, curves.second, curves.third].map { Self.decayTime($0, interval) }
    let own = members.map { courses[$0] }
    let seen = own.reduce(0) { $0 + $1.frames }
    libration = seen > 0 ? (own.reduce(0) { $0 + $1.squares } / Double(seen)).squareRoot() * 180 / Double.pi : .nan
    librationShares = (0..<180).map { bin in own.reduce(0) { $0 + $1.libration[bin] } / Double(max(1, seen)) }
    jumpAngles = own.flatMap { $0.events.map { $0.angle * 180 / Double.pi } }
    let time = Double(own.reduce(0) { $0 + $1.observed }) * interval / 1000
    rate = time > 0 ? Double(jumpAngles.count) / time : .nan
    rateError = time > 0 ? Double(max(1, jumpAngles.count)).squareRoot() / time : .nan
    let residences = own.flatMap(\.residences)
    residence = residences.isEmpty ? nil : Double(residences.reduce(0, +)) / Double(residences.count) * interval
  }

  /// The least-squares slope against time in 1/ps, and that of the logarithms at ten lags evenly spaced in log(t).
  private static func slope(_ curve: [Double], _ fit: ClosedRange<Int>, _ interval: Double) -> (linear: Double, exponent: Double) {
    func line(_ points: [(x: Double, y: Double)]) -> Double {
      let number = Double(points.count)
      let (mx, my) = (points.reduce(0) { $0 + $1.x } / number, points.reduce(0) { $0 + $1.y } / number)
      let (xy, xx) = points.reduce(into: (0.0, 0.0)) {
        $0.0 += ($1.x - mx) * ($1.y - my)
        $0.1 += ($1.x - mx) * ($1.x - mx)
      }
      return xy / xx
    }
    let lags = fit.filter { curve.indices.contains($0) && curve[$0].isFinite }
    guard lags.count > 1 else { return (.nan, .nan) }
    let chosen = Set((0..<10).map { lags[min(lags.count - 1, Int(pow(Double(lags.count), Double($0) / 9)) - 1)] }).sorted()
    let positive = chosen.filter { curve[$0] > 0 }
    return (
      line(lags.map { (Double($0) * interval, curve[$0]) }),
      positive.count > 1 ? line(positive.map { (log(Double($0)), log(curve[$0])) }) : .nan
    )
  }

  /// Where a curve first falls to 1/e, between two lags on a straight line.
  private static func decayTime(_ curve: [Double], _ interval: Double) -> Double? {
    let level = exp(-1.0)
    guard let lag = curve.indices.dropFirst().first(where: { curve[$0] <= level }) else { return nil }
    let part = (curve[lag - 1] - level) / (curve[lag - 1] - curve[lag])
    return (Double(lag - 1) + part) * interval
  }
}
