import Analysis
import Foundation
import NumericalMethods
import Structures
import Testing

/// Whether intervals hold as often as they say: series of known activation energy, with errors estimated from few samples.
@Suite("Coverage of Arrhenius fits")
struct ArrheniusCoverageTests {
  static let isWanted = ProcessInfo.processInfo.environment["VITROLYTE_SLOW_TESTS"] == "1"
  static let energy = 0.31

  struct Case: Sendable, CustomTestStringConvertible {
    var temperatures: [Double]
    /// True standard errors of the logarithms.
    var errors: [Double]
    /// Degrees of freedom behind the errors that the fit is told; infinite for errors that are known.
    var degrees: Double
    var treatment: ArrheniusFit.Errors
    /// Whether the points tell their degrees of freedom, or only an interval that took them into account.
    var tellsDegrees = true
    /// Runs at each temperature.
    var replicas = 1
    /// How much more they scatter than their errors say.
    var excess = 1.0

    var testDescription: String {
      "\(temperatures.count) temperatures, \(degrees) degrees of freedom, \(treatment.rawValue)\(tellsDegrees ? "" : ", intervals alone")"
        + (replicas == 1 ? "" : ", \(replicas) replicas that scatter \(excess) times their errors")
    }

    /// One series as a simulation would give it.
    func points(_ random: inout RandomStream) -> [TransportPoint] {
      zip(temperatures, errors).flatMap { entry in Array(repeating: entry, count: replicas) }.map { temperature, error in
        let logarithm = log(2e-3) - energy / (PhysicalConstants.boltzmann * temperature) + excess * error * random.normal()
        // A variance from f degrees of freedom is chi-squared over f.
        let estimate = degrees.isFinite ? error * (2 * random.gamma(shape: degrees / 2) / degrees).squareRoot() : error
        let value = exp(logarithm)
        guard tellsDegrees else {
          let factor = exp(StudentDistribution(degrees: degrees).halfWidth(0.95) * estimate)
          return TransportPoint(temperature: temperature, value: value, interval: value / factor...value * factor)
        }
        return TransportPoint(
          temperature: temperature, value: value, error: treatment == .scatter ? nil : estimate * value, degrees: degrees)
      }
    }
  }

  static let four = [700.0, 800, 900, 1000]
  static let six = [600.0, 700, 800, 900, 1000, 1200]
  static let cases = [
    Case(temperatures: four, errors: [0.15, 0.10, 0.07, 0.05], degrees: .infinity, treatment: .given),
    Case(temperatures: four, errors: [0.15, 0.10, 0.07, 0.05], degrees: 6, treatment: .given),
    Case(temperatures: four, errors: [0.30, 0.10, 0.10, 0.05], degrees: 10, treatment: .given),
    Case(temperatures: six, errors: [0.20, 0.15, 0.10, 0.08, 0.05, 0.04], degrees: 8, treatment: .given),
    Case(temperatures: six, errors: [0.20, 0.15, 0.10, 0.08, 0.05, 0.04], degrees: 20, treatment: .scaled),
    Case(temperatures: six, errors: [0.10, 0.10, 0.10, 0.10, 0.10, 0.10], degrees: .infinity, treatment: .scatter),
    Case(temperatures: four, errors: [0.15, 0.10, 0.07, 0.05], degrees: 15, treatment: .given, tellsDegrees: false),
    Case(temperatures: four, errors: [0.15, 0.10, 0.07, 0.05], degrees: .infinity, treatment: .given, replicas: 2),
    Case(temperatures: four, errors: [0.15, 0.10, 0.07, 0.05], degrees: .infinity, treatment: .given, replicas: 2, excess: 3),
    Case(temperatures: four, errors: [0.15, 0.10, 0.07, 0.05], degrees: .infinity, treatment: .given, replicas: 3, excess: 3),
  ]

  /// How many of some series have energy and D(300 K) in their interval, and how many fail the test of the straight line.
  static func count(_ setup: Case, series: Int, seed: UInt64) throws -> (energy: Int, value: Int, rejected: Int) {
    var random = RandomStream(seed: seed)
    let truth = 2e-3 * exp(-energy / (PhysicalConstants.boltzmann * 300))
    var counts = (energy: 0, value: 0, rejected: 0)
    for _ in 0..<series {
      let replicas = CombinedReplicas(setup.points(&random))
      let fit = try ArrheniusFit(
        replicas.points, quantity: .diffusion, errors: setup.treatment, sharedDegrees: replicas.degrees)
      if fit.activationEnergy.interval.contains(energy) { counts.energy += 1 }
      if fit.prediction(at: 300).interval.contains(truth) { counts.value += 1 }
      if let p = fit.goodnessOfFit, p < 0.01 { counts.rejected += 1 }
    }
    return counts
  }

  @Test("95 % intervals of energy and of D(300 K) hold, roughly", arguments: cases)
  func reduced(_ setup: Case) throws {
    let counts = try Self.count(setup, series: 300, seed: 3)
    // Binomial: 285 of 300 with a standard deviation of 3.8; three of them either way, and half a per cent for what is approximate.
    #expect((272...297).contains(counts.energy), "\(setup): energy in \(counts.energy) of 300")
    #expect((272...297).contains(counts.value), "\(setup): D(300 K) in \(counts.value) of 300")
    // A hundredth is expected to be rejected; 3 ± 1.7.
    #expect(counts.rejected <= 10, "\(setup): \(counts.rejected) of 300 rejected")
  }

  @Test(
    "95 % intervals of 1000 series hold in 93 to 97 %, or a little more, whichever way errors are known", .tags(.slow),
    .enabled(if: isWanted, "set VITROLYTE_SLOW_TESTS=1"), arguments: cases)
  func coverage(_ setup: Case) throws {
    let counts = try Self.count(setup, series: 1000, seed: 11)
    print(
      "coverage of 1000 Arrhenius series, \(setup.testDescription): energy \(Double(counts.energy) / 10) %, "
        + "D(300 K) \(Double(counts.value) / 10) %, rejected at p < 0.01: \(Double(counts.rejected) / 10) %")
    // Of what replicas scatter and what their errors say the larger counts, which is more than needed where both are the same.
    let most = setup.replicas > 1 && setup.excess == 1 ? 985 : 970
    #expect((930...most).contains(counts.energy))
    #expect((930...most).contains(counts.value))
    #expect(counts.rejected <= 25)
  }
}
