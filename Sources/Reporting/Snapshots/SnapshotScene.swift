import NumericalMethods
import Structures

/// The atoms and bonds of a picture in its own coordinates, x to the right, y up and z towards the eye, in Å.
struct SnapshotScene: Sendable {
  struct Atom: Sendable {
    var center: Vector3
    /// The place of the element in ``elements``.
    var kind: Int
  }

  struct Bond: Sendable {
    var start: Vector3
    var end: Vector3
  }

  /// The elements in the order of their atomic numbers.
  private(set) var elements: [Element]
  /// The radius of the spheres of each element, in Å.
  private(set) var radii: [Double]
  /// The atoms that can be seen, from back to front.
  private(set) var atoms: [Atom] = []
  private(set) var bonds: [Bond] = []
  /// How many atoms are in the part of the cell shown, hidden ones too.
  private(set) var atomCount = 0
  /// The part of each edge of the cell that is shown.
  private(set) var fraction = 1.0
  /// The eight corners of the part shown; bit 0 of the index counts a, bit 1 b, bit 2 c.
  private(set) var corners: [Vector3] = []
  /// The directions of the edges.
  private(set) var axes: [Vector3] = []

  init(_ configuration: Configuration, view: SnapshotView, bonds: Snapshot.Bonds, radiusScale: Double, maximumAtoms: Int) throws {
    let cell = configuration.cell
    let rotation = view.rotation
    let middle = cell.cartesian(Vector3(repeating: 0.5))
    func seen(_ position: Vector3) -> Vector3 { rotation * (position - middle) }

    let present = zip(configuration.species, configuration.speciesCounts).filter { $0.1 > 0 }.map { $0.0.element }
    let elements = Set(present).sorted { $0.atomicNumber < $1.atomicNumber }
    self.elements = elements
    // Large enough to be seen, small enough to see between, and to see sticks: covalent radii differ too much as they are.
    let size = (bonds == .none ? 1 : 0.78) * radiusScale
    radii = elements.map { (0.38 + 0.3 * $0.covalentRadius) * size }
    let kinds = configuration.species.map { species in elements.firstIndex(of: species.element) ?? 0 }

    // The corner nearest to the eye, so that the faces shown are those of the cell.
    let nearest = (0..<3).map { (rotation * cell.vectors[$0]).z > 0 }
    var positions = configuration.positions.map { cell.wrap($0).position }
    var types = configuration.types.map { kinds[Int($0)] }
    if configuration.count > maximumAtoms {
      let distances = positions.map { position in
        let f = cell.fractional(position)
        return (0..<3).map { nearest[$0] ? 1 - f[$0] : f[$0] }.max() ?? 0
      }
      let farthest = distances.sorted()[maximumAtoms - 1]
      let shown = positions.indices.filter { distances[$0] <= farthest }
      positions = shown.map { positions[$0] }
      types = shown.map { types[$0] }
      fraction = min(1, max(0, farthest))
    }
    let low = Vector3(nearest[0] ? 1 - fraction : 0, nearest[1] ? 1 - fraction : 0, nearest[2] ? 1 - fraction : 0)
    atomCount = positions.count
    atoms = zip(positions, types).map { Atom(center: seen($0), kind: $1) }
    if bonds == .covalent {
      self.bonds = try Self.covalentBonds(cell, positions, types, elements).map { Bond(start: seen($0), end: seen($1)) }
    }
    corners = (0..<8).map { corner in
      let end = Vector3(Double(corner & 1), Double(corner >> 1 & 1), Double(corner >> 2 & 1))
      return seen(cell.cartesian(low + end * fraction))
    }
    axes = (0..<3).map { rotation * cell.vectors[$0] * (1 / cell.vectors[$0].length) }
    dropHiddenAtoms()
  }

  /// The depth of the farthest and of the nearest atom.
  var depths: ClosedRange<Double> {
    guard let first = atoms.first?.center.z, let last = atoms.last?.center.z, first <= last else { return 0...0 }
    return first...last
  }

  /// The smallest rectangle around all spheres and corners: lower left and upper right, in Å.
  var bounds: (low: SIMD2<Double>, high: SIMD2<Double>) {
    var low = SIMD2(repeating: Double.infinity)
    var high = -low
    for corner in corners {
      low = pointwiseMin(low, SIMD2(corner.x, corner.y))
      high = pointwiseMax(high, SIMD2(corner.x, corner.y))
    }
    for atom in atoms {
      low = pointwiseMin(low, SIMD2(atom.center.x, atom.center.y) - radii[atom.kind])
      high = pointwiseMax(high, SIMD2(atom.center.x, atom.center.y) + radii[atom.kind])
    }
    return (low, high)
  }

  /// Leaves out the atoms of which others hide all, on a grid of points, and sorts the rest from back to front.
  private mutating func dropHiddenAtoms() {
    atoms.sort { $0.center.z > $1.center.z }
    let (low, high) = bounds
    let smallest = radii.min() ?? 1
    let size = high - low
    // Fine enough for the smallest sphere, unless the region is so large that the grid would not fit in memory.
    let spacing = max(smallest / 5, (size.x * size.y / 16e6).squareRoot())
    let (columns, rows) = (Int(size.x / spacing) + 1, Int(size.y / spacing) + 1)
    var covered = [Bool](repeating: false, count: columns * rows)
    var visible: [Atom] = []
    for atom in atoms {
      let radius = radii[atom.kind]
      let center = (SIMD2(atom.center.x, atom.center.y) - low) * (1 / spacing)
      let reach = radius / spacing
      var isVisible = false
      for row in max(0, Int(center.y - reach))...min(rows - 1, Int(center.y + reach)) {
        let up = Double(row) + 0.5 - center.y
        let half = (max(0, reach * reach - up * up)).squareRoot()
        let first = max(0, Int((center.x - half).rounded(.up)))
        let last = min(columns - 1, Int(center.x + half))
        for column in first..<max(first, last + 1) where !covered[row * columns + column] {
          isVisible = true
          covered[row * columns + column] = true
        }
      }
      // A sphere that meets no point of the grid is small, not hidden.
      if isVisible || reach < 1 { visible.append(atom) }
    }
    atoms = visible.reversed()
  }

  /// Pairs of covalently bonded atoms that lie side by side in the picture, not across an edge of the cell.
  private static func covalentBonds(
    _ cell: Cell, _ positions: [Vector3], _ kinds: [Int], _ elements: [Element]
  ) throws -> [(Vector3, Vector3)] {
    let ionic = elements.map {
      [3, 11, 19, 37, 55, 87, 4, 12, 20, 38, 56, 88].contains($0.atomicNumber) || (57...71).contains($0.atomicNumber)
    }
    let radii = zip(elements, ionic).filter { !$1 }.map { $0.0.covalentRadius }
    guard let largest = radii.max() else { return [] }
    let search = try NeighborSearch(cell: cell, positions: positions, cutoff: 2.4 * largest)
    var bonds: [(Vector3, Vector3)] = []
    search.forEachPair { atom, neighbor in
      let (first, second) = (kinds[atom], kinds[neighbor.index])
      guard !ionic[first], !ionic[second] else { return }
      let reach = 1.2 * (elements[first].covalentRadius + elements[second].covalentRadius)
      guard neighbor.squaredDistance < reach * reach,
        (positions[neighbor.index] - positions[atom] - neighbor.displacement).squaredLength < 1e-6
      else { return }
      bonds.append((positions[atom], positions[neighbor.index]))
    }
    return bonds
  }
}
