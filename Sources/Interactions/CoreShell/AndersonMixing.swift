import NumericalMethods
import Structures

/// Anderson's acceleration of a fixed-point iteration x ← x + f(x).
///
/// The next point is the combination of the last ones that would leave the least f if f were linear.
struct AndersonMixing {
  private let depth: Int
  private var points: [[Vector3]] = []
  private var steps: [[Vector3]] = []

  /// - Parameter depth: How many earlier points count, at least 1.
  init(depth: Int) { self.depth = depth }

  /// Moves a point.
  ///
  /// - Parameter step: f at the point.
  mutating func advance(_ point: inout [Vector3], by step: [Vector3]) {
    let weights = combination(for: step)
    var next = zip(point, step).map { $0 + $1 }
    for (weight, (earlier, earlierStep)) in zip(weights, zip(points, steps)) {
      for index in next.indices {
        next[index] -= weight * (point[index] + step[index] - earlier[index] - earlierStep[index])
      }
    }
    points.append(point)
    steps.append(step)
    if points.count > depth {
      points.removeFirst()
      steps.removeFirst()
    }
    point = next
  }

  /// The weights γ that minimise |f - Σ γ (f - f_earlier)|².
  private func combination(for step: [Vector3]) -> [Double] {
    let count = steps.count
    guard count > 0 else { return [] }
    let differences = steps.map { earlier in zip(step, earlier).map { $0 - $1 } }
    var matrix = [[Double]](repeating: [Double](repeating: 0, count: count + 1), count: count)
    for row in 0..<count {
      for column in row..<count {
        matrix[row][column] = Self.dot(differences[row], differences[column])
        matrix[column][row] = matrix[row][column]
      }
      matrix[row][count] = Self.dot(differences[row], step)
    }
    // Differences that are nearly dependent would weigh noise; a trace of the diagonal keeps the solution small.
    for row in 0..<count { matrix[row][row] *= 1 + 1e-10 }
    return Self.solve(matrix) ?? []
  }

  private static func dot(_ a: [Vector3], _ b: [Vector3]) -> Double {
    var sum = Vector3.zero
    for index in a.indices { sum += a[index] * b[index] }
    return sum.sum()
  }

  /// Gauss elimination with pivots; `nil` where the matrix is singular.
  private static func solve(_ augmented: [[Double]]) -> [Double]? {
    var m = augmented
    let count = m.count
    for column in 0..<count {
      guard let pivot = (column..<count).max(by: { abs(m[$0][column]) < abs(m[$1][column]) }), abs(m[pivot][column]) > 0 else { return nil }
      m.swapAt(column, pivot)
      for row in column + 1..<count {
        let factor = m[row][column] / m[column][column]
        for k in column...count { m[row][k] -= factor * m[column][k] }
      }
    }
    var result = [Double](repeating: 0, count: count)
    for row in (0..<count).reversed() {
      var value = m[row][count]
      for k in row + 1..<max(count, row + 1) { value -= m[row][k] * result[k] }
      result[row] = value / m[row][row]
    }
    return result.allSatisfy(\.isFinite) ? result : nil
  }
}
