import Foundation
import NumericalMethods
import Structures
import Testing

@testable import Simulation

/// Systems that many tests begin with.
enum Systems {
  /// Argon on a face-centred cubic lattice of `cells³` cells with a lattice constant in Å, slightly disturbed.
  static func argon(cells: Int = 3, constant: Double = 5.6, disturbance: Double = 0.05, seed: UInt64 = 11) throws -> Configuration {
    var random = RandomStream(seed: seed)
    let basis = [Vector3(0, 0, 0), Vector3(0.5, 0.5, 0), Vector3(0.5, 0, 0.5), Vector3(0, 0.5, 0.5)]
    var positions: [Vector3] = []
    for i in 0..<cells {
      for j in 0..<cells {
        for k in 0..<cells {
          for site in basis {
            let noise = Vector3(random.uniform() - 0.5, random.uniform() - 0.5, random.uniform() - 0.5) * disturbance
            positions.append((Vector3(Double(i), Double(j), Double(k)) + site) * constant + noise)
          }
        }
      }
    }
    let argon = try #require(Element(symbol: "Ar"))
    return try Configuration(
      cell: Cell(lengths: Vector3(repeating: constant * Double(cells))), species: [Species(argon)],
      types: [Int32](repeating: 0, count: positions.count), positions: positions)
  }

  /// A state of a configuration with velocities of a temperature in K.
  static func state(_ configuration: Configuration, temperature: Double, seed: UInt64 = 5, fixesCenterOfMass: Bool = true) throws
    -> SimulationState
  {
    var state = SimulationState(configuration, seed: seed)
    try state.assignVelocities(temperature: temperature, masses: configuration.masses, fixesCenterOfMass: fixesCenterOfMass)
    return state
  }

  /// A file beside the tests.
  static func golden(_ name: String) throws -> [[Double]] {
    let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    let text = try String(contentsOf: folder.appendingPathComponent("Golden/\(name)"), encoding: .utf8)
    return text.split(separator: "\n").compactMap { line in
      let numbers = line.split(separator: " ").map { Double($0) }
      return numbers.contains(nil) ? nil : numbers.compactMap { $0 }
    }
  }

  static var isSlowRun: Bool { ProcessInfo.processInfo.environment["VITROLYTE_SLOW_TESTS"] == "1" }
}

extension Tag {
  @Tag static var slow: Self
}

/// Mean, variance and their standard errors from blocks of a correlated series.
struct BlockAverage {
  let mean: Double
  let meanError: Double
  let variance: Double
  let varianceError: Double

  /// - Parameter blocks: Few enough that a block is many correlation times long.
  init(_ values: [Double], blocks: Int = 20) {
    let size = values.count / blocks
    let used = values.prefix(size * blocks)
    let mean = used.reduce(0, +) / Double(used.count)
    self.mean = mean
    var means: [Double] = []
    var variances: [Double] = []
    for block in 0..<blocks {
      let part = used[block * size..<(block + 1) * size]
      means.append(part.reduce(0, +) / Double(size))
      // About the overall mean, so that blocks are estimates of the same variance.
      variances.append(part.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(size))
    }
    func error(_ x: [Double]) -> Double {
      let m = x.reduce(0, +) / Double(x.count)
      return (x.reduce(0) { $0 + ($1 - m) * ($1 - m) } / Double(x.count * (x.count - 1))).squareRoot()
    }
    meanError = error(means)
    variance = variances.reduce(0, +) / Double(blocks)
    varianceError = error(variances)
  }
}
