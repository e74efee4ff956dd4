/// The mean of a stream of vectors and its standard error, from blocks of successive entries.
///
/// Successive entries of a simulation depend on each other; averages over long blocks hardly do, so that their scatter
/// gives an error that holds. Between 16 and 31 full blocks are kept: when there are 32, neighbours are joined, and
/// blocks hold twice as many entries from then on. Memory does not grow with the stream.
///
///     error² = sum_b (m_b - m)² / (B (B - 1))
///
/// The error is too small where a block is shorter than the correlation time. Below 16 entries each is a block.
///
/// Source: Flyvbjerg and Petersen, J. Chem. Phys. 91, 461 (1989), doi:10.1063/1.457480.
public struct BlockAverage: Sendable {
  /// How many numbers an entry has.
  public let width: Int
  /// How many entries were added.
  public private(set) var count = 0
  /// How many entries a block holds.
  public private(set) var blockLength = 1
  private var total: [Double]
  private var blocks: [[Double]] = []
  private var current: [Double]
  private var currentCount = 0

  /// - Parameter width: How many numbers each entry has.
  public init(width: Int) {
    self.width = width
    total = [Double](repeating: 0, count: width)
    current = total
  }

  /// The number of full blocks.
  public var blockCount: Int { blocks.count }

  /// Adds an entry of ``width`` numbers.
  public mutating func add(_ values: [Double]) {
    precondition(values.count == width, "an entry has \(width) numbers")
    for i in 0..<width {
      total[i] += values[i]
      current[i] += values[i]
    }
    count += 1
    currentCount += 1
    guard currentCount == blockLength else { return }
    blocks.append(current)
    current = [Double](repeating: 0, count: width)
    currentCount = 0
    guard blocks.count == 32 else { return }
    blocks = (0..<16).map { block in zip(blocks[2 * block], blocks[2 * block + 1]).map { $0 + $1 } }
    blockLength *= 2
  }

  /// The mean of all entries; empty before the first.
  public var mean: [Double] {
    count == 0 ? [] : total.map { $0 / Double(count) }
  }

  /// The mean of each full block; each is independent of the others where blocks are longer than the correlation time.
  public var blockMeans: [[Double]] { blocks.map { block in block.map { $0 / Double(blockLength) } } }

  /// The standard error of the mean; empty where there are fewer than two blocks.
  public var standardError: [Double] {
    standardError { $0 }
  }

  /// The standard error of a function of the mean, such as a running integral of it.
  ///
  /// - Parameter transform: Is applied to the mean of each block.
  public func standardError(of transform: ([Double]) -> [Double]) -> [Double] {
    guard blocks.count > 1 else { return [] }
    return Self.standardError(of: blocks.map { block in transform(block.map { $0 / Double(blockLength) }) })
  }

  /// The standard error of the mean of independent vectors; empty for fewer than two.
  public static func standardError(of samples: [[Double]]) -> [Double] {
    guard samples.count > 1, let width = samples.first?.count else { return [] }
    let number = Double(samples.count)
    return (0..<width).map { i in
      // A number that never changes has no error, not that of the rounding of its mean.
      guard samples.contains(where: { $0[i] != samples[0][i] }) else { return 0 }
      let mean = samples.reduce(0) { $0 + $1[i] } / number
      let squares = samples.reduce(0) { $0 + ($1[i] - mean) * ($1[i] - mean) }
      return (squares / (number * (number - 1))).squareRoot()
    }
  }
}
