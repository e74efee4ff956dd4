import NumericalMethods
import Structures

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

extension RotationResult.Kind {
  init(
    _ kind: Int, of data: RotorData, curves: OrientationCorrelation.Curves, courses: [Reorientations.Course], interval: Double,
    frames: Int, fit: ClosedRange<Int>
  ) {
    let members = data.members(of: kind)
    name = data.kinds[kind]
    rotors = members.count
    let all = Set(members.map { data.rotors[$0].unit })
    units = all.count
    kept = all.subtracting(members.filter { data.ends[$0] < frames }.map { data.rotors[$0].unit }).count
    (c1, c2, c3, squaredAngle) = (curves.first, curves.second, curves.third, curves.squaredAngle)
    let blocks = curves.blocks
    /// Lags that some block does not reach have no error.
    func error(_ curve: (OrientationCorrelation.Block) -> [Double]) -> [Double] {
      blocks.count >= 4 ? BlockAverage.standardError(of: blocks.map(curve)) : []
    }
    (c1Error, c2Error, squaredAngleError) = (error(\.first), error(\.second), error(\.squaredAngle))
    c3Error = curves.third.isEmpty ? [] : error(\.third)
    let slope = Self.slope(curves.squaredAngle, fit, interval)
    angularSlope = slope.linear / 6
    exponent = slope.exponent
    let each = blocks.map { Self.slope($0.squaredAngle, fit, interval) }
    let isDenied = Self.isDenied(slope.linear / 6, by: curves.first, error: c1Error, fit, interval)
    diffusivity = isDenied ? nil : slope.linear / 6
    if each.count >= 4, isDenied {
      diffusivityError = nil
      exponentError = BlockAverage.standardError(of: each.map { [$0.exponent] }).first
    } else if each.count >= 4 {
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

  /// Whether C1 falls at less than a third of the rate that a coefficient of rotational diffusion stands for.
  ///
  /// Small rotations about different axes do not commute, so that their sum wanders even where a unit only librates. Jumps by 120 or 180 degrees
  /// make C1 fall at two thirds and two fifths of 2 D_r, which is still rotation.
  private static func isDenied(
    _ diffusivity: Double, by c1: [Double], error: [Double], _ fit: ClosedRange<Int>, _ interval: Double
  ) -> Bool {
    let (first, last) = (fit.lowerBound, fit.upperBound)
    guard diffusivity > 0, c1.indices.contains(last), c1[last].isFinite, c1[first] > 0 else { return false }
    // Few units have no error; what they scatter by is then a guess.
    let margin = error.isEmpty ? 0.3 : 3 * error[last]
    return c1[last] - margin > c1[first] * exp(-2.0 / 3 * diffusivity * Double(last - first) * interval)
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

  /// Where a curve first falls to 1/e, between two lags on a straight line; `nil` where it does not up to half of the run, beyond which it is noise.
  private static func decayTime(_ curve: [Double], _ interval: Double) -> Double? {
    let level = exp(-1.0)
    guard let lag = curve.indices.prefix(curve.count / 2 + 1).dropFirst().first(where: { curve[$0] <= level }) else { return nil }
    let part = (curve[lag - 1] - level) / (curve[lag - 1] - curve[lag])
    return (Double(lag - 1) + part) * interval
  }
}
