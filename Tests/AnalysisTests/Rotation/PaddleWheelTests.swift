import Foundation
import NumericalMethods
import Structures
import Testing

@testable import Analysis

/// Hops of ions beside units that reorient, planted or not.
@Suite struct PaddleWheelTests {
  private struct Run {
    var frames: [Frame]
    var events = 0
    var hops = 0
    /// Pairs of an event and a hop beside the same unit.
    var pairs = 0
  }

  /// One ion 3.5 Å from each of 64 units; it hops across, 2.5 Å, and back the next time.
  ///
  /// - Parameters:
  ///   - follows: The chance that an ion hops two frames after its unit reorients.
  ///   - rate: Of hops at other times, a frame.
  private func run(follows: Double, rate: Double, turns: Bool = true, seed: UInt64) throws -> Run {
    var random = RandomStream(seed: seed)
    let units = try RotatingUnits(4, spacing: 12)
    let frames = 1500
    var orientations = [[Orientation]](repeating: [], count: frames)
    var ions = [[Vector3]](repeating: [], count: frames)
    var result = Run(frames: [])
    for center in units.centers {
      var home = RotatingUnits.random(&random, width: 1)
      var side = 1.25
      var next = 50 + Int(random.uniform() * 300)
      var hop = -1
      var last = -100
      let before = (result.events, result.hops)
      for frame in 0..<frames {
        if turns, frame == next {
          home = home * RotatingUnits.third(&random)
          result.events += 1
          if random.uniform() < follows { hop = frame + 2 }
          next += 100 + Int(random.uniform() * 300)
          if next > frames - 50 { next = .max }
        }
        // Hops are at least 60 frames apart, so that all can be told from each other.
        let isFree = frame - last > 60 && frame > 30 && frame < frames - 30
        if frame == hop && isFree || isFree && random.uniform() < rate {
          side = -side
          last = frame
          result.hops += 1
        }
        orientations[frame].append(RotatingUnits.random(&random, width: 0.08) * home)
        let noise = Vector3(random.normal(), random.normal(), random.normal()) * 0.1
        ions[frame].append(center + Vector3(3.5, side, 0) + noise)
      }
      result.pairs += (result.events - before.0) * (result.hops - before.1)
    }
    result.frames = try units.frames(orientations, ions: ions)
    return result
  }

  @Test func plantedHopsAreFound() throws {
    let run = try run(follows: 1, rate: 0, seed: 1)
    let result = try RotatingUnits.settings(mobile: "Li").analyze(run.frames)
    let pairing = try #require(result.pairing)
    #expect(result.kinds[0].reorientations == run.events)
    #expect(pairing.hops == run.hops && pairing.hopsNear == run.hops)
    #expect(pairing.observed == Double(run.hops))
    // All hops are coincident; shifts of 40 to 1440 of 1480 frames part a hop from its own reorientation, and bring it to another in 41 of 1400.
    let expected = Double(run.hops) / (Double(run.pairs - run.hops) * 41 / 1400)
    let enhancement = try #require(result.enhancement)
    // The mean over 200 shifts of some 60 pairs each is good to 1 %; windows that reach beyond the run take 1 or 2 % away. Shifts near zero would
    // take away 13 %.
    #expect(abs(enhancement.value / expected - 1) < 0.05)
    #expect(enhancement.value > 1 + 10 * enhancement.error && pairing.chance < 0.01)
    #expect(abs(pairing.accompanied - Double(run.hops) / Double(run.events)) < 1e-12)
    // The bin around zero holds all.
    let middle = pairing.lags.count / 2
    #expect(pairing.lags[middle] == 0 && pairing.enhancement[middle] > 0.9 * expected)
    #expect(pairing.enhancement.indices.filter { $0 != middle }.allSatisfy { pairing.enhancement[$0] < 1.5 })
    // Ions move when their units turn, which the windows see too.
    let windows = pairing.windows
    let zero = try #require(windows.lags.firstIndex(of: 0))
    #expect(windows.correlation[zero] > 0.5 && windows.correlation[zero] == windows.correlation.max())
    let ratio = try #require(result.diffusivityRatio)
    #expect(ratio.value > 20 && (ratio.error ?? .infinity) < ratio.value / 2)
    #expect(result.figures.contains { $0.name == "rotation-hops" })
    // Eight coincidence times are 160 frames, besides a window at both ends.
    let short = try RotatingUnits.settings(mobile: "Li").analyze(Array(run.frames.prefix(175)))
    #expect(short.enhancement == nil && short.diffusivityRatio == nil && short.kinds[0].reorientations > 0)
    #expect(short.warnings.contains { $0.contains("left out beside hops") })
    #expect(short.summary.json().contains("\"chance\": null"))
  }

  /// Ions near four units move far, ions near one do not, whatever the units do: the ratio is one.
  @Test func neighbourhoodsDoNotLookLikeCoupling() throws {
    var random = RandomStream(seed: 6)
    let units = try RotatingUnits(4, spacing: 10)
    let frames = 1500
    var orientations = [[Orientation]](repeating: [], count: frames)
    for _ in units.centers {
      var home = RotatingUnits.random(&random, width: 1)
      var next = 50 + Int(random.uniform() * 300)
      for frame in 0..<frames {
        if frame == next, frame < frames - 50 {
          home = home * RotatingUnits.third(&random)
          next += 100 + Int(random.uniform() * 300)
        }
        orientations[frame].append(RotatingUnits.random(&random, width: 0.08) * home)
      }
    }
    var places = units.centers.map { _ in Vector3.zero }
    let ions = (0..<frames).map { frame in
      // Elsewhere in every window.
      if frame % 10 == 0 { places = places.map { _ in Vector3(random.normal(), random.normal(), random.normal()) * 0.1 } }
      return zip(units.centers, places).flatMap { [$0 + Vector3(0, 5, 5) + $1, $0 + Vector3(repeating: 1.2) + $1 * 0.2] }
    }
    var rotation = RotatingUnits.settings(mobile: "Li")
    rotation.radius = 7.9
    let result = try rotation.analyze(units.frames(orientations, ions: ions))
    let ratio = try #require(result.diffusivityRatio)
    // Not divided by that at shifted times it is about 1.7.
    #expect(abs(ratio.value - 1) < 4 * (ratio.error ?? 0) && (ratio.error ?? 1) < 0.05)
  }

  /// Where shifted reorientations lie, by moving them one by one.
  @Test func shiftsMoveAllReorientationsOfAUnit() throws {
    let rotors = (0..<2).map { Rotor(kind: 0, unit: $0, atoms: [3 * $0, 3 * $0 + 1, 3 * $0 + 2]) }
    let data = RotorData(
      store: TrackStore(rows: 1, memoryLimit: 1 << 12), rows: RotorRows(ions: 0, rotors: rotors), rotors: rotors, ends: [200, 60],
      kinds: ["x"], pool: WorkerPool(threads: 1))
    let events =
      [3, 17, 90, 150, 196].map { Reorientations.Event(rotor: 0, frame: $0, angle: 2) }
      + [Reorientations.Event(rotor: 1, frame: 30, angle: 2)]
    let shifts = EventShifts(data, events: events, window: 5, half: 10)
    #expect(shifts.counts == [true, false] && shifts.leftOut == 1 && shifts.offsets(of: 1).isEmpty)
    let offsets = shifts.offsets(of: 0)
    #expect(offsets.count == 201 && offsets[0] == 0 && offsets.dropFirst().allSatisfy { $0 >= 20 && $0 < 170 })
    for offset in offsets.prefix(30) {
      let places = shifts.frames[0].map { shifts.place(of: $0, shiftedBy: offset, rotor: 0) }
      if offset == 0 { #expect(places == [3, 17, 90, 150, 196]) } else { #expect(places.allSatisfy { (5..<195).contains($0) }) }
      for begin in stride(from: 0, to: 196, by: 7) {
        let range = begin..<begin + 10
        #expect(shifts.hasEvent(in: range, shiftedBy: offset, rotor: 0) == places.contains { range.contains($0) })
      }
    }
  }

  @Test func independentHopsAreNoMoreThanChance() throws {
    for seed in [2, 3, 4] as [UInt64] {
      let run = try run(follows: 0, rate: 0.004, seed: seed)
      let result = try RotatingUnits.settings(mobile: "Li").analyze(run.frames)
      let pairing = try #require(result.pairing)
      #expect(result.kinds[0].reorientations == run.events && pairing.hops == run.hops)
      let enhancement = try #require(result.enhancement)
      // Three and a half standard errors; three runs exceed them once in seven hundred times.
      #expect(abs(enhancement.value - 1) < 3.5 * enhancement.error && enhancement.error < 0.25)
      #expect(pairing.chance > 0.001)
      let windows = pairing.windows
      let zero = try #require(windows.lags.firstIndex(of: 0))
      #expect(abs(windows.correlation[zero]) < 4 * windows.correlationError[zero])
      let ratio = try #require(result.diffusivityRatio)
      #expect(abs(ratio.value - 1) < 4 * (ratio.error ?? 0))
    }
  }

  @Test func withoutReorientationsThereIsNoEnhancement() throws {
    let run = try run(follows: 0, rate: 0.004, turns: false, seed: 5)
    let result = try RotatingUnits.settings(mobile: "Li").analyze(run.frames)
    #expect(result.enhancement == nil && result.diffusivityRatio == nil)
    #expect(result.warnings.contains { $0.contains("no unit reorients") })
    #expect(result.summary.json().contains("\"enhancement\": null"))
  }
}
