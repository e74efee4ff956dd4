/// Errors of functions of means from leaving out one block at a time.
///
///     error² = (B - 1) / B sum_b (f_b - mean of f)²,   f_b without block b
///
/// Unlike the scatter of `f` over blocks, this has no bias from ratios of small samples.
///
/// - Source: Efron and Stein, Ann. Stat. 9, 586 (1981), doi:10.1214/aos/1176345462.
enum Jackknife {
  /// - Parameters:
  ///   - sums: What each block adds to the sums that the function takes, all of the same length.
  ///   - function: Of the sums of several blocks.
  /// - Returns: One error for each value of the function, or empty for fewer than two blocks.
  static func standardError(of sums: [[Double]], _ function: ([Double]) -> [Double]) -> [Double] {
    guard sums.count > 1 else { return [] }
    let total = sum(sums)
    return standardError(of: sums.map { block in function(total.indices.map { total[$0] - block[$0] }) })
  }

  /// - Parameter values: The function of all blocks but one, for each block left out.
  static func standardError(of values: [[Double]]) -> [Double] {
    guard values.count > 1, let width = values.first?.count else { return [] }
    let number = Double(values.count)
    return (0..<width).map { i in
      let mean = values.reduce(0) { $0 + $1[i] } / number
      return ((number - 1) / number * values.reduce(0) { $0 + ($1[i] - mean) * ($1[i] - mean) }).squareRoot()
    }
  }

  static func sum(_ sums: [[Double]]) -> [Double] {
    guard var total = sums.first else { return [] }
    for block in sums.dropFirst() {
      for i in total.indices { total[i] += block[i] }
    }
    return total
  }
}
