import NumericalMethods
import Testing

@testable import Structures

@Suite struct CellTests {
  /// Cells from right-angled to so skewed that the nearest image is three cells away in fractional coordinates.
  static let shapes = [
    Matrix3(diagonal: Vector3(7, 11, 13)),
    Matrix3(Vector3(10, 0, 0), Vector3(4.9, 10, 0), Vector3(-4.9, 4.9, 10)),
    Matrix3(Vector3(10, 0, 0), Vector3(13, 6, 0), Vector3(-17, 9, 5)),
    Matrix3(Vector3(3, 0, 0), Vector3(11, 4, 0), Vector3(-14, 13, 5)),
    Matrix3(Vector3(9, 1, 2), Vector3(8, 4, 1), Vector3(8, 2, 5)),
    Matrix3(Vector3(5, 5, 0), Vector3(0, 5, 5), Vector3(5, 0, 5)),
  ]

  static func masks() -> [Periodicity] {
    (0..<8).map { Periodicity([$0 & 1 != 0, $0 & 2 != 0, $0 & 4 != 0]) }
  }

  /// The shortest of very many images.
  private func brute(_ vector: Vector3, _ cell: Cell) -> Double {
    func range(_ axis: Int) -> ClosedRange<Int> { cell.periodic[axis] ? -9...9 : 0...0 }
    let rounded = (vector * cell.inverse).rounded(.toNearestOrEven)
    var best = Double.infinity
    for i in range(0) {
      for j in range(1) {
        for k in range(2) {
          var steps = Vector3(Double(i), Double(j), Double(k)) - rounded
          steps.replace(with: 0, where: .!cell.periodic)
          best = min(best, (vector + steps * cell.vectors).squaredLength)
        }
      }
    }
    return best
  }

  @Test(arguments: shapes.indices, 0..<8) func minimumImageIsTheShortestOfAllImages(shape: Int, mask: Int) throws {
    let cell = try Cell(vectors: Self.shapes[shape], origin: Vector3(1, -2, 3), periodic: Self.masks()[mask])
    var random = RandomStream(seed: UInt64(shape))
    for trial in 0..<80 {
      let size = trial < 40 ? 1.0 : 3.0
      let f = (Vector3(random.uniform(), random.uniform(), random.uniform()) - 0.5) * size
      let vector = f * cell.vectors
      let image = cell.minimumImage(vector)
      // Rounding of squares of some 100 Å².
      #expect(abs(image.squaredLength - brute(vector, cell)) < 1e-10)
      // The difference is a lattice vector of the edges that repeat.
      let steps = (vector - image) * cell.inverse
      for axis in 0..<3 {
        #expect(abs(steps[axis] - steps[axis].rounded()) < 1e-10)
        if !cell.periodic[axis] { #expect(abs(steps[axis]) < 1e-10) }
      }
    }
  }

  @Test(arguments: shapes.indices, 0..<8) func wrappingKeepsTheLatticePoint(shape: Int, mask: Int) throws {
    let cell = try Cell(vectors: Self.shapes[shape], origin: Vector3(1, -2, 3), periodic: Self.masks()[mask])
    var random = RandomStream(seed: 99)
    for _ in 0..<200 {
      let position = cell.cartesian((Vector3(random.uniform(), random.uniform(), random.uniform()) - 0.5) * 8)
      let (wrapped, image) = cell.wrap(position)
      let f = cell.fractional(wrapped)
      for axis in 0..<3 where cell.periodic[axis] { #expect(f[axis] >= 0 && f[axis] < 1) }
      let back = wrapped + Vector3(Double(image.x), Double(image.y), Double(image.z)) * cell.vectors
      #expect((back - position).length < 1e-12)
      let (again, none) = cell.wrap(wrapped)
      #expect(again == wrapped && none == .zero)
    }
  }

  @Test func wrappingAtTheEdge() throws {
    let cell = try Cell(lengths: Vector3(10, 10, 10))
    // The largest numbers below zero round up to the edge itself.
    for x in [-1e-17, -1e-16, 10, 10.0.nextDown, 0, -0.0] {
      let wrapped = cell.wrap(Vector3(x, 5, 5)).position
      #expect(wrapped.x >= 0 && wrapped.x < 10)
    }
  }

  @Test func lengthsAnglesAndWidths() throws {
    let cell = try Cell(lengths: Vector3(5, 6, 7), angles: Vector3(80, 95, 110))
    #expect((cell.lengths - Vector3(5, 6, 7)).length < 1e-12)
    #expect((cell.angles - Vector3(80, 95, 110)).length < 1e-10)
    for axis in 0..<3 {
      let (u, v) = (cell.vectors[(axis + 1) % 3], cell.vectors[(axis + 2) % 3])
      #expect(abs(cell.widths[axis] - cell.volume / u.cross(v).length) < 1e-12)
    }
    #expect(!cell.isOrthorhombic)
    #expect(try Cell(lengths: Vector3(1, 2, 3)).isOrthorhombic)
    let strained = try cell.deformed(by: Matrix3(diagonal: Vector3(2, 1, 1)))
    #expect(abs(strained.volume - 2 * cell.volume) < 1e-10)
  }

  @Test func cellsThatAreNoneAreRefused() {
    let flat = Matrix3(Vector3(1, 0, 0), Vector3(0, 1, 0), Vector3(1, 1, 0))
    let left = Matrix3(Vector3(0, 1, 0), Vector3(1, 0, 0), Vector3(0, 0, 1))
    let infinite = Matrix3(Vector3(.infinity, 0, 0), Vector3(0, 1, 0), Vector3(0, 0, 1))
    for vectors in [flat, left, infinite, .zero, Matrix3(diagonal: Vector3(1, .nan, 1))] {
      let error = #expect(throws: StructuresError.self) { try Cell(vectors: vectors) }
      #expect(error?.code == .invalidCell)
    }
    #expect(throws: StructuresError.self) { try Cell(lengths: Vector3(1, 1, 1), angles: Vector3(10, 20, 150)) }
  }
}
