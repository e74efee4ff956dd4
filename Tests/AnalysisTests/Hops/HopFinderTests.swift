import Foundation
import NumericalMethods
import Structures
import Testing

@testable import Analysis

/// A vibrating atom on sites a given distance apart, with all its hops known.
struct HoppingTrack {
  var positions: [Vector3] = []
  var hops: [(frame: Int, from: Vector3, to: Vector3)] = []

  /// - Parameters:
  ///   - residences: Frames on each site, one after the other.
  ///   - step: The way of each hop.
  ///   - width: The width of the vibration in each direction, in Å.
  ///   - memory: How much of the vibration is left in the next frame.
  init(residences: [Int], width: Double, memory: Double = 0, random: inout RandomStream, step: (Int, inout RandomStream) -> Vector3) {
    var site = Vector3(3, -2, 50)
    var shake: Vector3?
    for (index, residence) in residences.enumerated() {
      if index > 0 {
        let way = step(index, &random)
        hops.append((positions.count, site, site + way))
        site += way
      }
      for _ in 0..<residence {
        let kick = Vector3(random.normal(), random.normal(), random.normal()) * width
        let next = shake.map { $0 * memory + kick * (1 - memory * memory).squareRoot() } ?? kick
        positions.append(site + next)
        shake = next
      }
    }
  }
}

/// p_hop by its definition.
func directActivity(_ positions: [Vector3], halfWindow: Int) -> [Double] {
  positions.indices.map { frame in
    guard frame >= halfWindow, frame + halfWindow <= positions.count else { return 0 }
    func mean(_ part: ArraySlice<Vector3>) -> Vector3 { part.reduce(.zero, +) * (1 / Double(part.count)) }
    let (before, after) = (positions[frame - halfWindow..<frame], positions[frame..<frame + halfWindow])
    func scatter(_ part: ArraySlice<Vector3>, around centre: Vector3) -> Double {
      part.reduce(0) { $0 + ($1 - centre).squaredLength } / Double(part.count)
    }
    return (scatter(before, around: mean(after)) * scatter(after, around: mean(before))).squareRoot()
  }
}

@Suite struct HopFinderTests {
  /// A way of 3 Å along one of the axes.
  static func latticeStep(_ random: inout RandomStream) -> Vector3 {
    var way = Vector3.zero
    way[Int(random.uniform() * 3)] = random.uniform() < 0.5 ? 3 : -3
    return way
  }

  @Test func activityIsItsDefinition() {
    var random = RandomStream(seed: 71)
    // Far from the origin and travelling far: sums of squares would lose seven digits there.
    for (frames, half, offset) in [(4, 2, 0.0), (40, 3, 0), (700, 20, 1e4), (900, 200, 1e4)] {
      let positions = randomWalks(atoms: 1, frames: frames, width: 0.4, random: &random).map { $0[0] + Vector3(repeating: offset) }
      let difference = largestDifference(
        HopFinder.activity(positions, halfWindow: half), directActivity(positions, halfWindow: half))
      // Positions of 1e4 Å are known to 2e-12 Å; squares of tens of Å lose that much times the distance.
      #expect(difference < 1e-9, "\(frames) \(half)")
    }
    #expect(HopFinder.activity([.zero, .zero, .zero], halfWindow: 2) == [0, 0, 0])
  }

  @Test func activityOfNumpy() throws {
    struct Golden: Decodable {
      let frames: Int
      let halfWindow: Int
      let activity: [Double]
    }
    let path = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../Golden/transport/hops_phop.json")
    let golden = try JSONDecoder().decode([Golden].self, from: Data(contentsOf: path))
    #expect(golden.count == 3)
    for (number, part) in golden.enumerated() {
      var state = 12345 + number
      func next() -> Double {
        state = state * 48271 % 2_147_483_647
        return Double(state) / 2_147_483_647
      }
      var hops = 0.0
      let positions = (0..<part.frames).map { _ in
        let place = Vector3(next() - 0.5, next() - 0.5, next() - 0.5) * 0.5
        if next() < 1.0 / 40 { hops += 1 }
        return place + Vector3(1.5, -0.5, 2) * hops
      }
      // Rounding of sums in another order.
      #expect(largestDifference(HopFinder.activity(positions, halfWindow: part.halfWindow), part.activity) < 1e-10)
    }
  }

  @Test(arguments: HopFinder.Method.allCases) func findsEveryHop(method: HopFinder.Method) {
    var random = RandomStream(seed: 72)
    let half = 10
    for _ in 0..<50 {
      // Vibrations are five times smaller than half the way: one position in three million is nearer to the wrong site.
      // A cage needs the minimum residence, p_hop two windows that do not overlap.
      let residences = (0..<30).map { _ in (method == .cage ? half : 2 * half) + Int(40 * random.uniform()) }
      let track = HoppingTrack(residences: residences, width: 0.3, random: &random) { _, random in Self.latticeStep(&random) }
      let hops = HopFinder(method: method, halfWindow: half, threshold: 2.25).hops(track.positions)
      #expect(hops.map(\.frame) == track.hops.map(\.frame))
      for (hop, known) in zip(hops, track.hops) {
        // Means over ten frames scatter by 0.3 / sqrt(10) in each direction; six times that for 3000 vectors.
        #expect((hop.from - known.from).length < 0.57 && (hop.to - known.to).length < 0.57)
        #expect(abs(hop.length - 3) < 0.8)
      }
    }
  }

  @Test func strengthOfACleanHopIsItsSquaredLength() throws {
    var random = RandomStream(seed: 73)
    let track = HoppingTrack(residences: [20, 20], width: 0, random: &random) { _, _ in Vector3(1, 2, -2) }
    let hop = try #require(HopFinder(halfWindow: 8, threshold: 1).hops(track.positions).first)
    #expect(hop.frame == 20 && abs(hop.strength - 9) < 1e-12 && (hop.displacement - Vector3(1, 2, -2)).length < 1e-12)
  }

  @Test(arguments: HopFinder.Method.allCases) func shortExcursionsAreNoHops(method: HopFinder.Method) {
    var random = RandomStream(seed: 74)
    let track = HoppingTrack(residences: [50, 2, 50, 3, 50], width: 0.1, random: &random) { index, _ in
      Vector3(index % 2 == 1 ? 2.5 : -2.5, 0, 0)
    }
    let finder = HopFinder(method: method, halfWindow: 12, threshold: 1.5)
    #expect(finder.hops(track.positions).isEmpty)
    // The same way without coming back is one.
    let gone = HoppingTrack(residences: [50, 50], width: 0.1, random: &random) { _, _ in Vector3(2.5, 0, 0) }
    #expect(finder.hops(gone.positions).count == 1)
  }

  @Test(arguments: HopFinder.Method.allCases) func motionOfTheWholeTrackMovesHopsAlong(method: HopFinder.Method) {
    var random = RandomStream(seed: 75)
    let track = HoppingTrack(residences: (0..<20).map { _ in 20 + Int(30 * random.uniform()) }, width: 0.35, random: &random) { _, random in
      Self.latticeStep(&random)
    }
    let finder = HopFinder(method: method, halfWindow: 10, threshold: 2)
    let hops = finder.hops(track.positions)
    #expect(hops.count > 15)
    let shift = Vector3(-700, 12, 0.3)
    // A turn by 90° about (1, 1, 1).
    let turned = finder.hops(track.positions.map { Vector3($0.z, $0.x, $0.y) + shift })
    #expect(turned.map(\.frame) == hops.map(\.frame))
    for (a, b) in zip(hops, turned) {
      #expect((Vector3(a.from.z, a.from.x, a.from.y) + shift - b.from).length < 1e-9)
      #expect((Vector3(a.to.z, a.to.x, a.to.y) + shift - b.to).length < 1e-9)
    }
  }

  @Test func backwardsInTimeIsTheSame() {
    var random = RandomStream(seed: 76)
    let track = HoppingTrack(residences: (0..<20).map { _ in 20 + Int(30 * random.uniform()) }, width: 0.35, random: &random) { _, random in
      Self.latticeStep(&random)
    }
    let finder = HopFinder(halfWindow: 10, threshold: 2)
    let (forth, back) = (finder.hops(track.positions), finder.hops(track.positions.reversed()))
    #expect(back.reversed().map { track.positions.count - $0.frame } == forth.map(\.frame))
    for (a, b) in zip(forth, back.reversed()) { #expect((a.from - b.to).length < 1e-9 && (a.to - b.from).length < 1e-9) }
  }

  @Test func vibrationsAloneGiveNone() throws {
    var random = RandomStream(seed: 77)
    let positions = (0..<20000).map { _ in Vector3(random.normal(), random.normal(), random.normal()) * 0.4 }
    let variance = try #require(positions.withDirections { HopFinder.cageVariance($0, $1, $2, halfWindow: 10) })
    // Three directions of 0.16 Å²; the median of a chi square of 27 degrees is 2.5 % below its mean, its error 1 %.
    #expect(abs(variance - 0.48 * 0.975) < 0.02)
    for method in HopFinder.Method.allCases {
      #expect(HopFinder(method: method, halfWindow: 10, threshold: 4 * variance).hops(positions).isEmpty)
    }
  }

  @Test func hopsBeyondTheEndsAreNotSeen() {
    var random = RandomStream(seed: 78)
    for late in 1...12 {
      let track = HoppingTrack(residences: [80, late], width: 0.2, random: &random) { _, _ in Vector3(3, 0, 0) }
      for method in HopFinder.Method.allCases {
        let finder = HopFinder(method: method, halfWindow: 10, threshold: 0.6)
        let isSeen = finder.observableFrames(of: track.positions.count).contains(80)
        #expect(finder.hops(track.positions).map(\.frame) == (isSeen ? [80] : []), "\(method) \(late)")
        if method == .pHop {
          #expect(finder.hops(track.positions.reversed()).map(\.frame) == (isSeen ? [late] : []), "\(late)")
        }
      }
    }
  }

  @Test func strangeTracks() {
    let finder = HopFinder(halfWindow: 5, threshold: 1)
    #expect(finder.hops([]).isEmpty && finder.hops([.zero]).isEmpty)
    #expect(finder.hops([Vector3](repeating: .zero, count: 9)).isEmpty)
    #expect(finder.observableFrames(of: 11).isEmpty && finder.observableFrames(of: 12) == 6..<7)
    var positions = (0..<40).map { Vector3($0 < 20 ? 0 : 3, 0, 0) }
    #expect(finder.hops(positions).map(\.frame) == [20])
    positions[33].y = .nan
    #expect(finder.hops(positions).isEmpty)
  }
}
