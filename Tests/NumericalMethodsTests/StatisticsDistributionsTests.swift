import NumericalMethods
import Testing

@Suite struct StatisticsDistributionsTests {
  @Test func studentQuantiles() {
    // scipy.stats.t.ppf(0.975, n), scipy 1.17.
    let known: [(Double, Double)] = [
      (1, 12.706204736174707), (2, 4.302652729749464), (9, 2.262157162798205), (30, 2.0422724563012373), (1000, 1.9623390808264083),
      (.infinity, 1.959963984540054),
    ]
    for (degrees, value) in known {
      // Both ends are bisected or summed to rounding.
      #expect(abs(StudentDistribution(degrees: degrees).halfWidth(0.95) / value - 1) < 1e-9, "\(degrees)")
    }
    #expect(abs(StudentDistribution(degrees: 4).upperTail(-1) + StudentDistribution(degrees: 4).upperTail(1) - 1) < 1e-14)
  }

  @Test func chiSquaredQuantiles() {
    // scipy.stats.chi2.isf(p, n), scipy 1.17.
    let known: [(Double, Double, Double)] = [
      (1, 0.05, 3.841458820694124), (3, 0.975, 0.21579528262389785), (18, 0.01, 34.805305734705065), (200, 0.5, 199.33372983863097),
    ]
    for (degrees, probability, value) in known {
      let distribution = ChiSquaredDistribution(degrees: degrees)
      #expect(abs(distribution.upperQuantile(probability) / value - 1) < 1e-9, "\(degrees)")
      #expect(abs(distribution.upperTail(value) - probability) < 1e-11)
    }
    #expect(ChiSquaredDistribution(degrees: 3).upperTail(0) == 1)
  }

  @Test func choleskySolves() throws {
    var random = RandomStream(seed: 3)
    let n = 7
    let root = (0..<n * n).map { _ in random.normal() }
    var matrix = [Double](repeating: 0, count: n * n)
    for i in 0..<n {
      for j in 0..<n { for k in 0..<n { matrix[i * n + j] += root[i * n + k] * root[j * n + k] } }
      matrix[i * n + i] += 0.1
    }
    let factor = try #require(CholeskyFactor(matrix, order: n))
    let right = (0..<n).map { _ in random.normal() }
    let solution = factor.solve(right)
    for i in 0..<n {
      let product = (0..<n).reduce(0) { $0 + matrix[i * n + $1] * solution[$1] }
      // The matrix has a condition number of some hundreds.
      #expect(abs(product - right[i]) < 1e-10)
    }
    let inverse = factor.inverse
    for i in 0..<n { for j in 0..<n { #expect(abs(inverse[i * n + j] - inverse[j * n + i]) < 1e-9) } }
    #expect(CholeskyFactor([1, 2, 2, 1], order: 2) == nil)
    #expect(CholeskyFactor([1, 0, 0, .nan], order: 2) == nil)
  }
}
