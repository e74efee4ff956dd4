import NumericalMethods

/// Jumps that follow each other: one ion takes the site that another leaves.
public struct SiteStrings: Sendable {
  /// How many strings there are of each number of jumps, 1 first.
  public let counts: [Int]
  /// The share of jumps in strings of two and more.
  public let collectiveShare: Double
  /// The mean number of jumps of the string that a jump is in.
  public let meanSize: Double

  /// A jump of an ion.
  struct Jump: Sendable {
    var ion: Int
    var from: Int
    var to: Int
    var frame: Int
  }

  /// - Parameters:
  ///   - jumps: In any order.
  ///   - frames: Two jumps belong together when one ends where another ion's began no more than this before or after.
  init(_ jumps: [Jump], sites: Int, within frames: Int) {
    var arrivals = [[Int]](repeating: [], count: sites)
    let order = jumps.indices.sorted { (jumps[$0].frame, jumps[$0].ion) < (jumps[$1].frame, jumps[$1].ion) }
    for jump in order { arrivals[jumps[jump].to].append(jump) }
    var parents = Array(jumps.indices)
    func root(_ jump: Int) -> Int {
      var jump = jump
      while parents[jump] != jump {
        parents[jump] = parents[parents[jump]]
        jump = parents[jump]
      }
      return jump
    }
    for (index, jump) in jumps.enumerated() {
      let there = arrivals[jump.from]
      // The first arrival that is not too early.
      var (low, high) = (0, there.count)
      while low < high {
        let middle = (low + high) / 2
        if jumps[there[middle]].frame < jump.frame - frames { low = middle + 1 } else { high = middle }
      }
      while low < there.count, jumps[there[low]].frame <= jump.frame + frames {
        if jumps[there[low]].ion != jump.ion { parents[root(index)] = root(there[low]) }
        low += 1
      }
    }
    var sizes = [Int](repeating: 0, count: jumps.count)
    for jump in jumps.indices { sizes[root(jump)] += 1 }
    var counts = [Int](repeating: 0, count: sizes.max() ?? 0)
    for size in sizes where size > 0 { counts[size - 1] += 1 }
    self.counts = counts
    let total = Double(jumps.count)
    collectiveShare = jumps.isEmpty ? .nan : 1 - Double(counts[0]) / total
    meanSize = jumps.isEmpty ? .nan : sizes.reduce(0) { $0 + Double($1 * $1) } / total
  }
}
