import NumericalMethods
import Structures

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// Reciprocal vectors of a cell up to a length, few enough in each bin of the length, and evenly over all directions.
///
///     Q = 2 pi (h a* + k b* + l c*)
///
/// Of Q and -Q one stands for both: h > 0, or h = 0 and k > 0, or h = k = 0 and l > 0. Bins with more than the wanted number
/// are thinned without chance: where they are few, candidates are sorted by bands of latitude and by longitude, and every n-th is
/// taken; where they are many, the vectors nearest to the points of a spiral over the half sphere are. In a cell with
/// right angles all choices come with their mirror images, which have the same length and cost next to nothing.
struct ReciprocalVectors: Sendable {
  /// The edges of the cell, as rows, in Å.
  let cell: Matrix3
  /// The absolute values of h, k, l of each group of mirror images, three numbers a group, sorted.
  private(set) var triples: [Int32] = []
  /// The group of each vector.
  private(set) var group: [Int32] = []
  /// The signs of k (bit 1) and l (bit 0) of each vector: a set bit is a minus.
  private(set) var signs: [UInt8] = []
  /// The largest h, k and l.
  private(set) var highest = SIMD3<Int>(0, 0, 0)

  var count: Int { group.count }
  var groupCount: Int { triples.count / 3 }

  /// - Parameters:
  ///   - cell: The edges, as rows, in Å.
  ///   - lengths: The range of |Q| in 1/Å.
  ///   - binWidth: In 1/Å; bins begin at 0.
  ///   - limit: How many vectors a bin may have.
  init(cell: Matrix3, lengths: ClosedRange<Double>, binWidth: Double, limit: Int) {
    self.cell = cell
    let chooser = Chooser(cell: cell, binWidth: binWidth, lengths: lengths)
    // Where a bin holds eight times what is wanted, its vectors lie densely enough to be found from directions.
    let dense = (8 * Double(limit) * 4 * Double.pi * Double.pi / (binWidth * cell.determinant)).squareRoot()
    let border = min(Int((dense / binWidth).rounded(.up)), Int((lengths.upperBound / binWidth).rounded(.up)) + 1)
    let chosen = chooser.thinned(below: border, limit: limit) + chooser.alongDirections(from: border, limit: limit)
    fill(chosen)
  }

  /// How many vectors, one for Q and -Q, a sphere holds, roughly.
  static func expectedCount(volume: Double, length: Double) -> Double {
    volume * length * length * length / (12 * Double.pi * Double.pi)
  }

  /// The length of the shortest vector of a cell in 1/Å.
  static func shortest(_ cell: Matrix3) -> Double {
    let reciprocal = BinLattice.reduced(cell.inverse.transposed, periodic: Periodicity(repeating: true))
    var best = Double.infinity
    for h in -1...1 {
      for k in -1...1 {
        for l in -1...1 where h != 0 || k != 0 || l != 0 {
          best = min(best, (Vector3(Double(h), Double(k), Double(l)) * reciprocal).length)
        }
      }
    }
    return 2 * .pi * best
  }

  /// h, k and l of a vector.
  func indices(_ vector: Int) -> SIMD3<Int> {
    let g = 3 * Int(group[vector])
    let (h, k, l) = (Int(triples[g]), Int(triples[g + 1]), Int(triples[g + 2]))
    return SIMD3(h, signs[vector] & 2 == 0 ? k : -k, signs[vector] & 1 == 0 ? l : -l)
  }

  private mutating func fill(_ chosen: [SIMD3<Int>]) {
    func absolute(_ v: SIMD3<Int>) -> SIMD3<Int> { SIMD3(abs(v.x), abs(v.y), abs(v.z)) }
    func precedes(_ a: SIMD3<Int>, _ b: SIMD3<Int>) -> Bool { (a.x, a.y, a.z) < (b.x, b.y, b.z) }
    let sorted = chosen.sorted { a, b in
      let (u, v) = (absolute(a), absolute(b))
      return u == v ? precedes(a, b) : precedes(u, v)
    }
    var last: SIMD3<Int>?
    for vector in sorted {
      let triple = absolute(vector)
      if triple != last {
        triples += [Int32(triple.x), Int32(triple.y), Int32(triple.z)]
        highest = SIMD3(max(highest.x, triple.x), max(highest.y, triple.y), max(highest.z, triple.z))
        last = triple
      }
      group.append(Int32(triples.count / 3 - 1))
      signs.append((vector.y < 0 ? 2 : 0) | (vector.z < 0 ? 1 : 0))
    }
  }
}

/// Finds the vectors of ``ReciprocalVectors``.
private struct Chooser {
  let cell: Matrix3
  let reciprocal: Matrix3
  let binWidth: Double
  let lengths: ClosedRange<Double>
  /// Whether changing the sign of one index keeps the length.
  let hasMirrors: Bool

  init(cell: Matrix3, binWidth: Double, lengths: ClosedRange<Double>) {
    self.cell = cell
    let columns = cell.inverse.transposed
    reciprocal = columns * (2 * Double.pi)
    self.binWidth = binWidth
    self.lengths = lengths
    hasMirrors = (0..<3).allSatisfy { i in
      let (u, v) = (columns[i], columns[(i + 1) % 3])
      return abs(u.dot(v)) < 1e-12 * u.length * v.length
    }
  }

  func vector(_ indices: SIMD3<Int>) -> Vector3 {
    Vector3(Double(indices.x), Double(indices.y), Double(indices.z)) * reciprocal
  }

  /// The vector or its opposite, whichever stands for both.
  func canonical(_ v: SIMD3<Int>) -> SIMD3<Int> {
    let first = v.x != 0 ? v.x : v.y != 0 ? v.y : v.z
    return first < 0 ? 0 &- v : v
  }

  /// A vector and its mirror images, each once, where they have the same length.
  func images(_ v: SIMD3<Int>) -> [SIMD3<Int>] {
    guard hasMirrors else { return [v] }
    var result: [SIMD3<Int>] = []
    for (k, l) in [(v.y, v.z), (v.y, -v.z), (-v.y, v.z), (-v.y, -v.z)] {
      let image = canonical(SIMD3(v.x, k, l))
      if !result.contains(image) { result.append(image) }
    }
    return result
  }

  /// All vectors of the bins below a border, thinned where a bin has too many.
  func thinned(below border: Int, limit: Int) -> [SIMD3<Int>] {
    let end = min(lengths.upperBound, Double(border) * binWidth)
    guard border > 0, end > 0 else { return [] }
    var bins = [[SIMD3<Int>]](repeating: [], count: border)
    let reach = (0..<3).map { Int(cell[$0].length * end / (2 * Double.pi)) + 1 }
    for h in 0...reach[0] {
      for k in (hasMirrors ? 0 : -reach[1])...reach[1] {
        for l in (hasMirrors ? 0 : -reach[2])...reach[2] {
          let indices = SIMD3(h, k, l)
          guard h != 0 || k != 0 || l != 0, canonical(indices) == indices else { continue }
          let length = vector(indices).length
          guard length >= lengths.lowerBound, length <= end, Int(length / binWidth) < border else { continue }
          bins[Int(length / binWidth)].append(indices)
        }
      }
    }
    return bins.flatMap { bin in
      let images = bin.reduce(0) { $0 + self.images($1).count }
      guard images > limit else { return bin.flatMap(self.images) }
      let share = Double(limit) / Double(images)
      var taken = 0.0
      return sortedByDirection(bin, limit: limit).flatMap { indices -> [SIMD3<Int>] in
        // Every time that the running share passes a whole number, one is taken.
        let before = taken
        taken += share
        return (taken + 0.5).rounded(.down) > (before + 0.5).rounded(.down) ? self.images(indices) : []
      }
    }
  }

  /// Sorts vectors by bands of equal area and, within a band, by longitude.
  private func sortedByDirection(_ vectors: [SIMD3<Int>], limit: Int) -> [SIMD3<Int>] {
    let bands = max(1, Double(limit).squareRoot().rounded())
    let keyed = vectors.map { indices -> (Double, Double, SIMD3<Int>) in
      let q = vector(indices)
      return ((q.z / q.length * bands).rounded(.down), atan2(q.y, q.x), indices)
    }
    return keyed.sorted { ($0.0, $0.1, $0.2.x, $0.2.y, $0.2.z) < ($1.0, $1.1, $1.2.x, $1.2.y, $1.2.z) }.map(\.2)
  }

  /// The vectors nearest to directions spread evenly, for the bins from a border on.
  func alongDirections(from border: Int, limit: Int) -> [SIMD3<Int>] {
    let last = Int(lengths.upperBound / binWidth)
    guard border <= last else { return [] }
    let golden = (5.0.squareRoot() - 1) / 2
    var result: [SIMD3<Int>] = []
    for bin in border...last {
      var used: Set<SIMD3<Int>> = []
      let number = hasMirrors ? (limit + 3) / 4 : limit
      for j in 0..<number {
        let height = (Double(j) + 0.5) / Double(number)
        // Another start a bin, so that bins do not share their gaps.
        let turn = (Double(j) * golden + Double(bin) * 0.618).truncatingRemainder(dividingBy: 1)
        let longitude = turn * (hasMirrors ? 0.5 : 2) * Double.pi
        let radius = (1 - height * height).squareRoot()
        let length = (Double(bin) + (Double(j) * 0.7548776662).truncatingRemainder(dividingBy: 1)) * binWidth
        let target = Vector3(radius * cos(longitude), radius * sin(longitude), height) * length
        guard let found = nearest(target, bin: bin, reach: 1, used: used) ?? nearest(target, bin: bin, reach: 3, used: used) else {
          continue
        }
        used.insert(found)
        result += images(found)
      }
    }
    return result
  }

  private func nearest(_ target: Vector3, bin: Int, reach: Int, used: Set<SIMD3<Int>>) -> SIMD3<Int>? {
    let place = (cell * target) * (1 / (2 * Double.pi))
    let home = SIMD3(Int(place.x.rounded()), Int(place.y.rounded()), Int(place.z.rounded()))
    var best: SIMD3<Int>?
    var distance = Double.infinity
    for x in -reach...reach {
      for y in -reach...reach {
        for z in -reach...reach {
          var indices = home &+ SIMD3(x, y, z)
          if hasMirrors { indices = SIMD3(abs(indices.x), abs(indices.y), abs(indices.z)) }
          let q = vector(indices)
          let length = q.length
          guard Int(length / binWidth) == bin, lengths.contains(length), (q - target).squaredLength < distance else { continue }
          let candidate = canonical(indices)
          guard !used.contains(candidate) else { continue }
          best = candidate
          distance = (q - target).squaredLength
        }
      }
    }
    return best
  }
}
