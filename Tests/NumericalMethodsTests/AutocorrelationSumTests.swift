import NumericalMethods
import Testing

@Suite struct AutocorrelationSumTests {
  /// Against the double loop, for one, two and more signals of lengths that are and are not fast.
  @Test(arguments: [1, 2, 3, 16, 17, 100, 331], [1, 2, 5]) func sumsProducts(length: Int, count: Int) {
    var random = RandomStream(seed: 61)
    let signals = (0..<count).map { _ in (0..<length).map { _ in random.normal() } }
    let sum = AutocorrelationSum(length: length)
    for i in stride(from: 0, to: count, by: 2) {
      signals[i].withUnsafeBufferPointer { first in
        guard let first = first.baseAddress else { return }
        if i + 1 < count {
          signals[i + 1].withUnsafeBufferPointer { second in sum.add(first, second.baseAddress) }
        } else {
          sum.add(first, nil)
        }
      }
    }
    let found = sum.correlation()
    #expect(found.count == length)
    for lag in 0..<length {
      let expected = signals.reduce(0) { total, x in total + (0..<length - lag).reduce(0) { $0 + x[$1] * x[$1 + lag] } }
      // Rounding of sums of some thousand numbers near 1.
      #expect(abs(found[lag] - expected) < 1e-11 * Double(length * count))
    }
  }
}
