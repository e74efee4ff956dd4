#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// What the tracks of some atoms give for ``MobilityAnalysis``.
struct MobilityCounts: Sendable {
  /// How the counts are cut.
  struct Plan: Sendable {
    /// The interval in frames.
    let lag: Int
    let distance: Double
    let overlap: Double
    let frames: Int
    /// The lags of the overlap in frames.
    let overlapLags: [Int]
    /// Frames between the time origins of the series and of the overlap.
    let stride: Int
    /// The origins of the labelled frames.
    let instants: [Int]

    static let mostOrigins = 4000

    init(_ parameters: MobilityAnalysis, lag: Int, frames: Int, instants: [Int]) {
      self.lag = lag
      distance = parameters.distance
      overlap = parameters.overlap
      self.frames = frames
      overlapLags = LagSpacing.logarithmic(upTo: max(1, frames / 2), perDecade: 6)
      // So many origins that memory stays bounded and statistics good.
      stride = 1 + (frames - 2) / Self.mostOrigins
      self.instants = instants
    }

    /// How many origins of the series a lag has.
    func origins(_ lag: Int) -> Int { (frames - lag - 1) / stride + 1 }
  }

  /// How many atoms are mobile from each origin of the series on.
  var mobile: [UInt32]
  /// How many atoms have stayed, for each lag of the overlap from each origin of the series on.
  var stayed: [[UInt32]]
  /// For each atom, the number of origins, of all, from which it is mobile, and its sums of |r| and r² over all origins.
  var atoms: [SIMD4<Double>] = []
  /// How far each atom moved from each labelled instant on, atom by atom.
  var moved: [Float] = []
  /// The displacement from the first frame to the last, in Å.
  var total: [Double] = []
  var histogram: DisplacementHistogram

  init(_ plan: Plan, range: Double, bins: Int) {
    mobile = [UInt32](repeating: 0, count: plan.origins(plan.lag))
    stayed = plan.overlapLags.map { [UInt32](repeating: 0, count: plan.origins($0)) }
    histogram = DisplacementHistogram(lags: [plan.lag], range: range, bins: bins, distance: plan.distance)
  }

  /// Adds one atom: x at all frames, y and z after it.
  mutating func add(_ track: UnsafePointer<Double>, _ plan: Plan) {
    let frames = plan.frames
    let (x, y, z) = (track, track + frames, track + 2 * frames)
    func squared(_ origin: Int, _ lag: Int) -> Double {
      let (dx, dy, dz) = (x[origin + lag] - x[origin], y[origin + lag] - y[origin], z[origin + lag] - z[origin])
      return dx * dx + dy * dy + dz * dz
    }
    let before = histogram.moments[0]
    histogram.add(track: track, pitch: frames, frames: frames)
    let own = histogram.moments[0] - before
    atoms.append(SIMD4(own.z, own.x, own.y, 0))
    let limit = plan.distance * plan.distance
    for place in mobile.indices where squared(place * plan.stride, plan.lag) >= limit { mobile[place] += 1 }
    let near = plan.overlap * plan.overlap
    for (place, lag) in plan.overlapLags.enumerated() {
      stayed[place].withUnsafeMutableBufferPointer { stayed in
        for origin in stayed.indices { stayed[origin] &+= squared(origin &* plan.stride, lag) < near ? 1 : 0 }
      }
    }
    moved += plan.instants.map { Float(squared($0, plan.lag).squareRoot()) }
    total.append(squared(0, frames - 1).squareRoot())
  }

  /// The share of displacements of at least some length in a normal distribution.
  ///
  /// - Parameter meanSquare: In three dimensions, in Å².
  static func gaussianShare(beyond distance: Double, meanSquare: Double) -> Double {
    guard meanSquare > 0 else { return 0 }
    // With u² = 3 d² / (2 <r²>): erfc(u) + 2 u exp(-u²) / sqrt(pi).
    let u = distance * (1.5 / meanSquare).squareRoot()
    return erfc(u) + 2 * u * exp(-u * u) / Double.pi.squareRoot()
  }
}
