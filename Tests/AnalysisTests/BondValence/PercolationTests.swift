import NumericalMethods
import Structures
import Testing

@testable import Analysis

@Suite struct PercolationTests {
  private let all = Periodicity(repeating: true)

  /// Fields `sum_axis height (1 - cos 2π x) / 2`: the passes are half-way along each edge.
  private func cosines(_ size: SIMD3<Int>, _ heights: Vector3) -> [Double] {
    func wave(_ i: Int, _ n: Int, _ height: Double) -> Double {
      // 0 at 0, the height at n/2; a triangle has the same passes as a cosine.
      height * Double(min(i, n - i)) / (Double(n) / 2)
    }
    var values: [Double] = []
    for i in 0..<size.x {
      for j in 0..<size.y {
        for k in 0..<size.z { values.append(wave(i, size.x, heights.x) + wave(j, size.y, heights.y) + wave(k, size.z, heights.z)) }
      }
    }
    return values
  }

  @Test func passesAreFound() {
    for connectivity in [6, 26] {
      let size = SIMD3(8, 6, 10)
      let result = Percolation(cosines(size, Vector3(0.5, 0.25, 2)), size: size, periodic: all, connectivity: connectivity)
      // The path in y crosses 0.25, in x 0.5, in z 2, each through the valleys of the others.
      #expect(result.thresholds == [0.25, 0.5, 2])
      #expect(result.alongEdges == [0.5, 0.25, 2])
      let slab = Percolation(
        cosines(size, Vector3(0.5, 0.25, 2)), size: size, periodic: [true, false, true], connectivity: connectivity)
      #expect(slab.thresholds == [0.5, 2, nil])
      #expect(slab.alongEdges == [0.5, nil, 2])
    }
  }

  @Test func diagonalChannelHasOneDimension() {
    let size = SIMD3(6, 6, 6)
    var values = [Double](repeating: 5, count: 216)
    // A channel that winds around a and b at once.
    for i in 0..<6 { values[(i * 6 + i) * 6] = 1 }
    let result = Percolation(values, size: size, periodic: all, connectivity: 26)
    #expect(result.thresholds == [1, 5, 5])
    #expect(result.alongEdges == [1, 1, 5])
    // Across edges only, it is no channel.
    #expect(Percolation(values, size: size, periodic: all, connectivity: 6).thresholds == [5, 5, 5])
  }

  @Test func windingTwiceCounts() {
    // A helix along a that closes after two cells: its points of one turn lie at y = 0 and 2 in turn.
    let size = SIMD3(4, 4, 3)
    var values = [Double](repeating: 9, count: 48)
    for i in 0..<4 {
      for j in [0, 2] where !(i == 3) { values[(i * 4 + j) * 3] = 1 }
    }
    // Crossing the edge of a goes from y = 0 to y = 2, by way of y = 1, and from 2 to 0 by way of 3.
    for j in [0, 1] { values[(3 * 4 + j) * 3] = 1 }
    values[(0 * 4 + 1) * 3] = 9
    let once = Percolation(values, size: size, periodic: all, connectivity: 6)
    #expect(once.thresholds == twin(values, size: size, connectivity: 6))
  }

  @Test func randomFieldsAgreeWithFloods() {
    var random = RandomStream(seed: 31)
    for size in [SIMD3(4, 5, 6), SIMD3(1, 4, 3), SIMD3(2, 2, 7), SIMD3(5, 1, 1)] {
      for connectivity in [6, 26] {
        let values = (0..<size.x * size.y * size.z).map { _ in random.uniform() * 4 }
        let fast = Percolation(values, size: size, periodic: all, connectivity: connectivity)
        #expect(fast.thresholds == twin(values, size: size, connectivity: connectivity), "\(size) \(connectivity)")
      }
    }
  }

  @Test func repeatedAndRolledFieldsAreTheSame() {
    var random = RandomStream(seed: 32)
    let size = SIMD3(5, 4, 6)
    let values = (0..<120).map { _ in random.uniform() }
    let plain = Percolation(values, size: size, periodic: all, connectivity: 26)
    func value(_ i: Int, _ j: Int, _ k: Int) -> Double { values[((i % 5) * 4 + j % 4) * 6 + k % 6] }
    var rolled: [Double] = []
    for i in 0..<5 { for j in 0..<4 { for k in 0..<6 { rolled.append(value(i + 2, j + 3, k + 1)) } } }
    #expect(Percolation(rolled, size: size, periodic: all, connectivity: 26).thresholds == plain.thresholds)
    var large: [Double] = []
    for i in 0..<10 { for j in 0..<8 { for k in 0..<12 { large.append(value(i, j, k)) } } }
    #expect(Percolation(large, size: SIMD3(10, 8, 12), periodic: all, connectivity: 26).thresholds == plain.thresholds)
  }

  /// Floods the grid up to each energy anew, and counts independent windings.
  private func twin(_ values: [Double], size: SIMD3<Int>, connectivity: Int) -> [Double?] {
    var thresholds: [Double?] = [nil, nil, nil]
    for level in values.sorted() {
      var seen: [Int: SIMD3<Int>] = [:]
      for start in values.indices where values[start] <= level && seen[start] == nil {
        var windings: [SIMD3<Int>] = []
        var queue = [start]
        seen[start] = .zero
        while let point = queue.popLast() {
          let home = SIMD3(point / (size.y * size.z), point / size.z % size.y, point % size.z)
          for i in -1...1 {
            for j in -1...1 {
              for k in -1...1 where abs(i) + abs(j) + abs(k) > 0 && (connectivity == 26 || abs(i) + abs(j) + abs(k) == 1) {
                let place = home &+ SIMD3(i, j, k)
                var cell = seen[point] ?? .zero
                var inside = SIMD3<Int>.zero
                for axis in 0..<3 {
                  let image = place[axis] < 0 ? -1 : place[axis] / size[axis]
                  cell[axis] += image
                  inside[axis] = place[axis] - image * size[axis]
                }
                let other = (inside.x * size.y + inside.y) * size.z + inside.z
                guard values[other] <= level else { continue }
                if let known = seen[other] {
                  windings.append(cell &- known)
                } else {
                  seen[other] = cell
                  queue.append(other)
                }
              }
            }
          }
        }
        for dimension in 0..<rank(windings) where thresholds[dimension] == nil { thresholds[dimension] = level }
      }
    }
    return thresholds
  }

  /// The rank of integer vectors, by the largest minor that does not vanish.
  private func rank(_ vectors: [SIMD3<Int>]) -> Int {
    let set = Array(Set(vectors.filter { $0 != .zero }))
    guard !set.isEmpty else { return 0 }
    var best = 1
    func cross(_ a: SIMD3<Int>, _ b: SIMD3<Int>) -> SIMD3<Int> {
      SIMD3(a.y * b.z - a.z * b.y, a.z * b.x - a.x * b.z, a.x * b.y - a.y * b.x)
    }
    for a in set {
      for b in set {
        let normal = cross(a, b)
        guard normal != .zero else { continue }
        best = max(best, 2)
        if set.contains(where: { ($0 &* normal).wrappedSum() != 0 }) { return 3 }
      }
    }
    return best
  }
}
