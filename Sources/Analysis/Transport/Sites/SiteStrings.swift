import NumericalMethods

/// Jumps that follow each other: one ion takes the site that another leaves.
///
/// A string is what happens at once: its jumps lie within a time from its first, so that strings do not grow with the length of a run.
public struct SiteStrings: Sendable {
  /// The numbers of jumps of strings that there are, ascending.
  public let sizes: [Int]
  /// How many strings there are of each of ``sizes``.
  public let counts: [Int]
  /// The share of jumps of which one ends where another ion's began, within the time.
  public let collectiveShare: Double
  /// That share if ions made the same jumps at times of their own.
  public let expectedShare: Double
  /// The mean number of jumps of the string that a jump is in.
  public let meanSize: Double
  /// The share of jumps in the largest string.
  public let largestShare: Double

  /// Whether ``collectiveShare`` is that of chance within two errors, each pair of jumps counted once.
  var isChance: Bool {
    let jumps = zip(sizes, counts).reduce(0) { $0 + $1.0 * $1.1 }
    guard jumps >= 30, collectiveShare > 0.05 else { return false }
    let error = (2 * expectedShare * (1 - expectedShare) / Double(jumps)).squareRoot()
    return collectiveShare - expectedShare < 2 * error
  }

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
  ///   - observable: The frames in which jumps can be seen.
  init(_ jumps: [Jump], sites: Int, within frames: Int, observable: Range<Int>) {
    let jumps = jumps.sorted { ($0.frame, $0.ion) < ($1.frame, $1.ion) }
    var (arrivals, departures) = ([[Int]](repeating: [], count: sites), [[Int]](repeating: [], count: sites))
    for (index, jump) in jumps.enumerated() {
      arrivals[jump.to].append(index)
      departures[jump.from].append(index)
    }
    var strings = Strings(jumps.map(\.frame))
    var hasPartner = [Bool](repeating: false, count: jumps.count)
    for (index, jump) in jumps.enumerated() {
      // Those before it, the nearest first: whom it follows, and who follows it though they came earlier.
      for there in [arrivals[jump.from], departures[jump.to]] {
        for other in there[..<Self.firstPlace(of: index, in: there)].reversed() {
          guard jumps[other].frame >= jump.frame - frames else { break }
          guard jumps[other].ion != jump.ion else { continue }
          hasPartner[index] = true
          hasPartner[other] = true
          strings.join(index, other, within: frames)
        }
      }
    }
    let found = strings.sizes
    sizes = Set(found).sorted()
    var numbers: [Int: Int] = [:]
    for size in found { numbers[size, default: 0] += 1 }
    counts = sizes.map { numbers[$0] ?? 0 }
    let total = Double(jumps.count)
    collectiveShare = Double(hasPartner.count { $0 }) / total
    meanSize = found.reduce(0) { $0 + Double($1 * $1) } / total
    largestShare = Double(found.max() ?? 0) / total
    let chances = Self.chances(jumps, arrivals: arrivals, departures: departures, within: frames, observable: observable)
    expectedShare = chances.reduce(0, +) / Double(chances.count)
  }

  /// How many of some ascending numbers are smaller than a number.
  private static func firstPlace(of number: Int, in numbers: [Int]) -> Int {
    var (low, high) = (0, numbers.count)
    while low < high {
      let middle = (low + high) / 2
      if numbers[middle] < number { low = middle + 1 } else { high = middle }
    }
    return low
  }

  /// Chances are taken of every so many jumps beyond this number.
  private static let most = 20000

  /// For jumps in even steps the chance that each has a partner, if other ions jump at times of their own.
  private static func chances(
    _ jumps: [Jump], arrivals: [[Int]], departures: [[Int]], within frames: Int, observable: Range<Int>
  ) -> [Double] {
    // The same ion between the same sites has the same chance.
    var known: [SIMD3<Int>: Double] = [:]
    return stride(from: 0, to: jumps.count, by: max(1, (jumps.count + most - 1) / most)).map { index in
      let jump = jumps[index]
      let key = SIMD3(jump.ion, jump.from, jump.to)
      if let chance = known[key] { return chance }
      var others: [SIMD2<Int>] = []
      for there in [arrivals[jump.from], departures[jump.to]] {
        for other in there where jumps[other].ion != jump.ion { others.append(SIMD2(jumps[other].ion, jumps[other].frame)) }
      }
      let chance = HopCooperation.chance(of: &others, within: frames, observable: observable)
      known[key] = chance
      return chance
    }
  }
}

/// Sets of jumps that are joined as long as they do not last too long.
private struct Strings {
  private var parents: [Int]
  private var members: [Int]
  private var first: [Int]
  private var last: [Int]

  /// - Parameter frames: Of each jump, which begins as a string of its own.
  init(_ frames: [Int]) {
    parents = Array(frames.indices)
    members = [Int](repeating: 1, count: frames.count)
    (first, last) = (frames, frames)
  }

  private mutating func root(_ jump: Int) -> Int {
    var jump = jump
    while parents[jump] != jump {
      parents[jump] = parents[parents[jump]]
      jump = parents[jump]
    }
    return jump
  }

  /// Joins the strings of two jumps unless the last jump of both would be too long after the first.
  mutating func join(_ a: Int, _ b: Int, within frames: Int) {
    let (a, b) = (root(a), root(b))
    guard a != b, max(last[a], last[b]) - min(first[a], first[b]) <= frames else { return }
    let (kept, gone) = members[a] < members[b] ? (b, a) : (a, b)
    parents[gone] = kept
    members[kept] += members[gone]
    first[kept] = min(first[kept], first[gone])
    last[kept] = max(last[kept], last[gone])
  }

  /// The number of jumps of each string.
  var sizes: [Int] { parents.indices.filter { parents[$0] == $0 }.map { members[$0] } }
}
