import Analysis
import Foundation
import NumericalMethods
import Structures
import Testing

@Suite struct HarmonicModeTests {
  /// The Hessian of a ring of springs along x: atoms with two masses in turn.
  static func chain(cells: Int, spring: Double) -> [Double] {
    let count = 2 * cells
    let order = 3 * count
    var hessian = [Double](repeating: 0, count: order * order)
    for i in 0..<count {
      let j = (i + 1) % count
      hessian[3 * i * order + 3 * i] += spring
      hessian[3 * j * order + 3 * j] += spring
      hessian[3 * i * order + 3 * j] -= spring
      hessian[3 * j * order + 3 * i] -= spring
    }
    return hessian
  }

  @Test func diatomicChain() throws {
    let (cells, spring, m1, m2) = (7, 3.2, 12.0, 31.0)
    let masses = (0..<2 * cells).map { $0 % 2 == 0 ? m1 : m2 }
    let modes = try HarmonicModes(hessian: Self.chain(cells: cells, spring: spring), masses: masses)
    // The waves that fit into the ring: omega² = K (s ± sqrt(s² - 4 sin²(ka/2) / (m1 m2))), s = 1/m1 + 1/m2.
    var expected = [Double](repeating: 0, count: 4 * cells)
    let s = 1 / m1 + 1 / m2
    for n in 0..<cells {
      let sine = sin(Double.pi * Double(n) / Double(cells))
      let root = (s * s - 4 * sine * sine / (m1 * m2)).squareRoot()
      for sign in [-1.0, 1.0] {
        expected.append((max(0, spring * (s + sign * root)) / PhysicalConstants.massVelocitySquared).squareRoot() / (2 * .pi))
      }
    }
    // Squares of frequencies of some tens of THz to 1e-15: zeros come out as 1e-6 THz.
    #expect(largestDifference(modes.frequencies.map { abs($0) }.sorted(), expected.sorted()) < 1e-5)
    // The optical mode at the zone centre.
    let top = modes.frequencies.count - 1
    #expect(abs(modes.frequencies[top] - (2 * spring * s / PhysicalConstants.massVelocitySquared).squareRoot() / (2 * .pi)) < 1e-9)
    // Against each other: m1 u1 + m2 u2 = 0, so that shares are as the other masses.
    let shares = modes.shares(top, groups: masses.map { $0 == m1 ? 0 : 1 })
    #expect(abs(shares[0] - m2 / (m1 + m2)) < 1e-9 && abs(shares[0] + shares[1] - 1) < 1e-12)
    // N (a² + b²)² / (2 (a⁴ + b⁴)) with half of the atoms at each share.
    let ratio = 1 / (2 * (shares[0] * shares[0] + shares[1] * shares[1]))
    #expect(abs(modes.participationRatio(top) - ratio) < 1e-9)
    // All modes, each with its Gaussian.
    let grid = (0..<4000).map { -5 + 0.01 * Double($0) }
    #expect(abs(modes.density(at: grid, width: 0.2).reduce(0, +) * 0.01 - 42) < 1e-6)
    #expect(modes.asymmetry == 0)
  }

  @Test func acousticModesVanishAndTheSumOfSquaresStays() throws {
    var random = RandomStream(seed: 11)
    // Random springs between all pairs: energy does not change when all move alike.
    let count = 12
    let order = 3 * count
    var hessian = [Double](repeating: 0, count: order * order)
    for i in 0..<count {
      for j in 0..<i {
        var direction = Vector3(random.normal(), random.normal(), random.normal())
        direction = direction / direction.length
        let strength = random.uniform()
        for a in 0..<3 {
          for b in 0..<3 {
            let value = strength * direction[a] * direction[b]
            hessian[(3 * i + a) * order + 3 * i + b] += value
            hessian[(3 * j + a) * order + 3 * j + b] += value
            hessian[(3 * i + a) * order + 3 * j + b] -= value
            hessian[(3 * j + a) * order + 3 * i + b] -= value
          }
        }
      }
    }
    let masses = (0..<count).map { _ in 5 + 40 * random.uniform() }
    let modes = try HarmonicModes(hessian: hessian, masses: masses)
    #expect(modes.frequencies.prefix(3).allSatisfy { abs($0) < 1e-5 } && modes.frequencies[3] > 0.5)
    #expect(modes.frequencies == modes.frequencies.sorted())
    // The trace of the dynamical matrix.
    let trace = (0..<order).reduce(0) { $0 + hessian[$1 * order + $1] / masses[$1 / 3] }
    let sum = modes.frequencies.reduce(0) { $0 + pow(2 * .pi * $1, 2) * PhysicalConstants.massVelocitySquared }
    #expect(abs(sum / trace - 1) < 1e-12)
    // Orthonormal, and residuals of D e = omega² e.
    for mode in [0, 5, order - 1] {
      let e = modes.eigenvector(mode)
      #expect(abs(e.reduce(0) { $0 + $1.squaredLength } - 1) < 1e-12)
      let square = pow(2 * .pi * modes.frequencies[mode], 2) * PhysicalConstants.massVelocitySquared
      for row in 0..<order {
        let product = (0..<order).reduce(0) {
          $0 + hessian[row * order + $1] / (masses[row / 3] * masses[$1 / 3]).squareRoot() * e[$1 / 3][$1 % 3]
        }
        #expect(abs(product - square * e[row / 3][row % 3]) < 1e-12)
      }
    }
    // A constant force on each atom's own displacement (noise of derivatives) is taken from the translations on request.
    var noisy = hessian
    for i in 0..<order { noisy[i * order + i] += 0.01 }
    #expect(try HarmonicModes(hessian: noisy, masses: masses).frequencies[0] > 0.1)
    let projected = try HarmonicModes(hessian: noisy, masses: masses, removesTranslations: true)
    #expect(projected.frequencies.prefix(3).allSatisfy { abs($0) < 1e-5 })
    // Turned as a whole, frequencies stay.
    let (c, s) = (cos(0.4), sin(0.4))
    let turn =
      Matrix3(Vector3(c, -s, 0), Vector3(s, c, 0), Vector3(0, 0, 1)) * Matrix3(Vector3(1, 0, 0), Vector3(0, c, s), Vector3(0, -s, c))
    var turned = hessian
    for i in 0..<count {
      for j in 0..<count {
        let block = Matrix3(
          Vector3(hessian[3 * i * order + 3 * j], hessian[3 * i * order + 3 * j + 1], hessian[3 * i * order + 3 * j + 2]),
          Vector3(hessian[(3 * i + 1) * order + 3 * j], hessian[(3 * i + 1) * order + 3 * j + 1], hessian[(3 * i + 1) * order + 3 * j + 2]),
          Vector3(hessian[(3 * i + 2) * order + 3 * j], hessian[(3 * i + 2) * order + 3 * j + 1], hessian[(3 * i + 2) * order + 3 * j + 2]))
        let result = turn * block * turn.transposed
        for a in 0..<3 { for b in 0..<3 { turned[(3 * i + a) * order + 3 * j + b] = result[a][b] } }
      }
    }
    let again = try HarmonicModes(hessian: turned, masses: masses)
    #expect(largestDifference(Array(again.frequencies.dropFirst(3)), Array(modes.frequencies.dropFirst(3))) < 1e-10)
  }

  @Test func fallingEnergyIsNegative() throws {
    let modes = try HarmonicModes(hessian: [-1, 0, 0, 0, 2, 0, 0, 0, 3], masses: [10])
    let unit = (1 / (10 * PhysicalConstants.massVelocitySquared)).squareRoot() / (2 * .pi)
    #expect(largestDifference(modes.frequencies, [-unit, 2.squareRoot() * unit, 3.squareRoot() * unit]) < 1e-12)
    #expect(modes.participationRatio(0) == 1)
  }

  @Test func brokenInput() throws {
    #expect(try analysisError { _ = try HarmonicModes(hessian: [1], masses: [1]) }.code == .invalidSetting)
    let unit: [Double] = [1, 0, 0, 0, 1, 0, 0, 0, 1]
    #expect(try analysisError { _ = try HarmonicModes(hessian: unit, masses: [0]) }.code == .invalidSetting)
    #expect(try analysisError { _ = try HarmonicModes(hessian: [.nan] + unit.dropFirst(), masses: [1]) }.code == .invalidSetting)
    #expect(try HarmonicModes(hessian: [], masses: []).frequencies.isEmpty)
  }
}
