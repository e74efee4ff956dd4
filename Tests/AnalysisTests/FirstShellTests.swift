import Testing

@testable import Analysis

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

@Suite struct FirstShellTests {
  /// Two Gaussian shells with a gap between them, as around boron in a glass.
  static func shells(floor: Double) -> (radii: [Double], values: [Double]) {
    let radii = (0..<500).map { (Double($0) + 0.5) * 0.02 }
    let values = radii.map { r -> Double in
      let first = 12 * exp(-0.5 * ((r - 1.45) / 0.08) * ((r - 1.45) / 0.08))
      let second = 2.5 * exp(-0.5 * ((r - 2.6) / 0.2) * ((r - 2.6) / 0.2))
      return first + second + (r > 1.6 ? floor : 0) + (r > 3 ? 1 : 0)
    }
    return (radii, values)
  }

  @Test func findsPeakAndGap() throws {
    let (radii, values) = Self.shells(floor: 0)
    let shell = FirstShell(radii: radii, values: values, counts: values.map { $0 * 1e4 }, smoothing: 0.05)
    // A parabola through a smoothed Gaussian is off by less than a bin.
    #expect(abs(try #require(shell.peak) - 1.45) < 0.02)
    let minimum = try #require(shell.minimum)
    #expect(minimum > 1.75 && minimum < 2.1)
  }

  @Test func findsAMinimumThatIsNoGap() throws {
    let (radii, values) = Self.shells(floor: 0.4)
    let shell = FirstShell(radii: radii, values: values, counts: values.map { $0 * 1e4 }, smoothing: 0.05)
    let lowest = try #require(radii.indices.filter { radii[$0] > 1.6 && radii[$0] < 2.5 }.min { values[$0] < values[$1] })
    #expect(abs(try #require(shell.minimum) - radii[lowest]) < 0.1)
  }

  @Test func findsNothingInNoise() {
    let (radii, _) = Self.shells(floor: 0)
    let shell = FirstShell(
      radii: radii, values: radii.indices.map { $0 % 2 == 0 ? 1.4 : 0.6 }, counts: radii.map { _ in 1 }, smoothing: 0.05)
    #expect(shell.peak == nil)
  }
}
