import NumericalMethods
import Structures
import Testing

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// Cells of every kind, named for the messages of failing tests.
enum Cells {
  static func all() throws -> [(name: String, cell: Cell)] {
    let leaning = Matrix3(Vector3(9, 0, 0), Vector3(4, 8, 0), Vector3(-3.5, 2.5, 7))
    // Edges that lean by more than their own width: far from reduced, but cells all the same.
    let skewed = Matrix3(Vector3(6, 0.5, -0.3), Vector3(11, 7, 0), Vector3(-9, 8, 6))
    let origin = Vector3(-1.5, 20, 3)
    return [
      ("orthorhombic", try Cell(lengths: Vector3(7, 11, 5), origin: origin)),
      ("leaning", try Cell(vectors: leaning, origin: origin)),
      ("skewed", try Cell(vectors: skewed, origin: origin)),
      ("skewed slab", try Cell(vectors: skewed, origin: origin, periodic: periodicity(true, true, false))),
      ("leaning slab across b", try Cell(vectors: leaning, origin: origin, periodic: periodicity(true, false, true))),
      ("leaning wire along b", try Cell(vectors: leaning, origin: origin, periodic: periodicity(false, true, false))),
      ("skewed cluster", try Cell(vectors: skewed, origin: origin, periodic: periodicity(false, false, false))),
    ]
  }

  static func periodicity(_ a: Bool, _ b: Bool, _ c: Bool) -> Periodicity {
    var result = Periodicity(repeating: false)
    result[0] = a
    result[1] = b
    result[2] = c
    return result
  }
}

extension Cell {
  /// The lattice vectors up to a number of steps along each periodic edge.
  func translations(_ steps: Int) -> [Vector3] {
    func range(_ axis: Int) -> ClosedRange<Int> { periodic[axis] ? -steps...steps : 0...0 }
    var result: [Vector3] = []
    for i in range(0) {
      for j in range(1) {
        for k in range(2) { result.append(Vector3(Double(i), Double(j), Double(k)) * vectors) }
      }
    }
    return result
  }
}

extension RandomStream {
  /// A vector with components evenly distributed in a range.
  mutating func vector(_ range: ClosedRange<Double>) -> Vector3 {
    Vector3(
      Double.random(in: range, using: &self), Double.random(in: range, using: &self), Double.random(in: range, using: &self))
  }
}

/// The code and message of the error that a closure must throw.
func structuresError(_ body: () throws -> some Any) throws -> StructuresError {
  try #require(throws: StructuresError.self) { _ = try body() }
}

let runsSlowTests = getenv("VITROLYTE_SLOW_TESTS").map { String(cString: $0) } == "1"

extension Tag {
  @Tag static var slow: Self
}
