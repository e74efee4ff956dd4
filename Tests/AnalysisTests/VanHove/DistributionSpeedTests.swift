import Foundation
import NumericalMethods
import Structures
import Testing

@testable import Analysis

/// The time of analyses of 3000 atoms over 10000 frames, printed; run with VITROLYTE_SLOW_TESTS=1.
@Suite(.enabled(if: ProcessInfo.processInfo.environment["VITROLYTE_SLOW_TESTS"] == "1"), .serialized)
struct DistributionSpeedTests {
  /// Makes frames as they are asked for, so that no trajectory is held.
  final class Walkers: FrameSource {
    let warnings: [String] = []
    private var left: Int
    private var number = 0
    private var random = RandomStream(seed: 91)
    private var frame: Frame
    init(_ configuration: Configuration, frames: Int) {
      frame = Frame(configuration)
      frame.configuration.images = [SIMD3<Int32>](repeating: .zero, count: configuration.count)
      frame.configuration.wrap()
      left = frames
    }
    func next() -> Frame? {
      guard left > 0 else { return nil }
      left -= 1
      number += 1
      frame.time = Double(number) * 0.05
      for i in frame.configuration.positions.indices {
        // Cheap numbers, so that the analyses are what is timed.
        let word = random.next()
        let step = Vector3(Double(word & 0xffff), Double(word >> 16 & 0xffff), Double(word >> 32 & 0xffff)) / 65536 - 0.5
        frame.configuration.positions[i] += step * 0.3
      }
      frame.configuration.wrap()
      return frame
    }
  }

  @Test func together() throws {
    var random = RandomStream(seed: 92)
    let cell = try Cell(lengths: Vector3(repeating: 34))
    let start = try idealGas(3000, cell: cell, species: try species("Li", "P", "S"), random: &random)
    let clock = ContinuousClock()
    let making = clock.measure {
      let walkers = Walkers(start, frames: 10_000)
      while walkers.next() != nil {}
    }
    for names in [["msd"], ["ngp"], ["van-hove"], ["msd", "ngp", "van-hove"]] {
      let jobs = try names.map { try Analyses.job($0) }
      let time = try clock.measure {
        _ = try AnalysisRunner(jobs, pool: WorkerPool(threads: 2)).run { Walkers(start, frames: 10_000) }
      }
      let seconds = (time - making) / .seconds(1)
      print(
        "3000 atoms, 10000 frames, 2 threads: \(names.joined(separator: " + ")) \(seconds) s beside \(making / .seconds(1)) s to make frames"
      )
      if names.count == 3 { #expect(seconds < 60) }
    }
    print("largest memory: \(peakMemory()) MiB")
    #expect(peakMemory() < 1024)
  }

  private func peakMemory() -> Int {
    let status = (try? String(contentsOfFile: "/proc/self/status", encoding: .utf8)) ?? ""
    let line = status.split(separator: "\n").first { $0.hasPrefix("VmHWM") }
    return line.flatMap { Int($0.split(separator: " ").dropFirst().first ?? "") }.map { $0 / 1024 } ?? 0
  }
}
