import NumericalMethods

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// Along which edges a cell repeats, by index 0, 1, 2.
public typealias Periodicity = SIMDMask<SIMD3<Int64>>

/// A simulation cell: any parallelepiped, periodic along any of its edges.
///
/// The edge vectors a, b, c are the rows of ``vectors``, in Å and right-handed. A cell that is periodic along none of
/// its edges still has edges: the region that holds the atoms.
public struct Cell: Hashable, Sendable {
  /// The edge vectors as rows, in Å.
  public let vectors: Matrix3
  /// The corner from which the edges start, in Å.
  public var origin: Vector3
  /// Whether the cell repeats along each edge.
  public let periodic: Periodicity
  /// The inverse of ``vectors``: `fractional = (position - origin) * inverse`.
  public let inverse: Matrix3
  /// The inverse of the periodic edges, completed by vectors at right angles to them: in a slab, a step along an open edge that
  /// leans over must not count as a step along the others.
  private let imageInverse: Matrix3
  /// Every lattice vector that can be the shortest image of a vector between wrapped atoms, the zero vector first.
  private let imageShifts: [Vector3]

  /// Creates a cell from its edge vectors.
  ///
  /// - Throws: ``StructuresError`` with code `.invalidCell` where the vectors are not finite, flat or left-handed.
  public init(
    vectors: Matrix3, origin: Vector3 = .zero, periodic: Periodicity = Periodicity(repeating: true)
  ) throws {
    let volume = vectors.determinant
    let scale = vectors[0].length * vectors[1].length * vectors[2].length
    guard volume.isFinite, scale.isFinite, volume > 1e-9 * scale, scale > 0 else {
      let edges = (0..<3).map { "(\(vectors[$0].x), \(vectors[$0].y), \(vectors[$0].z))" }.joined(separator: ", ")
      throw StructuresError(
        .invalidCell,
        "the cell vectors \(edges) Å span no right-handed volume; give three finite vectors that do not lie in a plane, "
          + "with a · (b × c) > 0 (swap two of them otherwise)")
    }
    self.vectors = vectors
    self.origin = origin
    self.periodic = periodic
    inverse = vectors.inverse
    let lattice = Self.closed(vectors, periodic: periodic)
    imageInverse = periodic == Periodicity(repeating: true) ? inverse : lattice.inverse
    imageShifts = try Self.shortImageShifts(lattice, inverse: imageInverse, periodic: periodic)
  }

  /// Creates an orthorhombic cell with edges along the axes.
  ///
  /// - Throws: ``StructuresError`` with code `.invalidCell` where a length is not positive and finite.
  public init(lengths: Vector3, origin: Vector3 = .zero) throws {
    try Self.requirePositive(lengths)
    try self.init(vectors: Matrix3(diagonal: lengths), origin: origin)
  }

  /// Creates a cell from edge lengths in Å and angles in degrees, with a along x and b in the xy plane.
  ///
  /// - Throws: ``StructuresError`` with code `.invalidCell` where a length is not positive or the angles close no cell.
  public init(lengths: Vector3, angles: Vector3) throws {
    try Self.requirePositive(lengths)
    let cosines = angles * (Double.pi / 180)
    let (ca, cb, cg, sg) = (cos(cosines.x), cos(cosines.y), cos(cosines.z), sin(cosines.z))
    let cx = cb
    let cy = (ca - cb * cg) / sg
    let cz2 = 1 - cx * cx - cy * cy
    guard cz2 > 0 else {
      throw StructuresError(
        .invalidCell, "the angles \(angles.x), \(angles.y), \(angles.z)° close no cell; check them, in the order alpha, beta, gamma")
    }
    try self.init(
      vectors: Matrix3(
        Vector3(lengths.x, 0, 0), Vector3(lengths.y * cg, lengths.y * sg, 0),
        Vector3(cx, cy, cz2.squareRoot()) * lengths.z))
  }

  private static func requirePositive(_ lengths: Vector3) throws {
    guard lengths.min() > 0, lengths.x.isFinite, lengths.y.isFinite, lengths.z.isFinite else {
      throw StructuresError(
        .invalidCell, "the edge lengths \(lengths.x), \(lengths.y), \(lengths.z) Å are not all positive; give three positive lengths")
    }
  }

  public var volume: Double { vectors.determinant }

  /// The edge lengths in Å.
  public var lengths: Vector3 { Vector3(vectors[0].length, vectors[1].length, vectors[2].length) }

  /// The angles alpha (between b and c), beta (a and c) and gamma (a and b) in degrees.
  public var angles: Vector3 {
    func angle(_ u: Vector3, _ v: Vector3) -> Double {
      acos(max(-1, min(1, u.dot(v) / (u.length * v.length)))) * 180 / Double.pi
    }
    return Vector3(
      angle(vectors[1], vectors[2]), angle(vectors[0], vectors[2]), angle(vectors[0], vectors[1]))
  }

  /// The distances between opposite faces in Å.
  public var widths: Vector3 {
    let columns = inverse.transposed
    return Vector3(1 / columns[0].length, 1 / columns[1].length, 1 / columns[2].length)
  }

  /// Whether the edges lie along the axes.
  public var isOrthorhombic: Bool {
    vectors == Matrix3(diagonal: Vector3(vectors[0].x, vectors[1].y, vectors[2].z))
  }

  /// Whether the cell repeats along all three edges.
  public var isPeriodic: Bool { periodic[0] && periodic[1] && periodic[2] }

  /// The coordinates along the edges, 0 to 1 inside the cell.
  @inlinable
  public func fractional(_ position: Vector3) -> Vector3 {
    (position - origin) * inverse
  }

  /// The Cartesian position of coordinates along the edges.
  @inlinable
  public func cartesian(_ fractional: Vector3) -> Vector3 {
    fractional * vectors + origin
  }

  /// Moves a position into the cell.
  ///
  /// - Returns: The position with coordinates in [0, 1) along the periodic edges, and how many edges lie between it and
  ///   the original: `original = wrapped + image * vectors`. A number of edges that 32 bits do not hold is cut to what they hold.
  @inlinable
  public func wrap(_ position: Vector3) -> (position: Vector3, image: SIMD3<Int32>) {
    let f = fractional(position)
    var steps = f.rounded(.down)
    steps.replace(with: 0, where: .!periodic)
    if steps == .zero { return (position, .zero) }
    var wrapped = position - steps * vectors
    // A coordinate just below 0 may round up to 1 exactly.
    let again = fractional(wrapped)
    var correction = again.rounded(.down)
    correction.replace(with: 0, where: .!periodic)
    if correction != .zero {
      wrapped -= correction * vectors
      steps += correction
    }
    return (wrapped, SIMD3<Int32>(Self.count(steps.x), Self.count(steps.y), Self.count(steps.z)))
  }

  @inlinable
  static func count(_ steps: Double) -> Int32 {
    Int32(exactly: steps) ?? (steps > 0 ? .max : steps < 0 ? .min : 0)
  }

  /// The shortest of all periodic images of a vector, right in any cell, however skewed.
  public func minimumImage(_ vector: Vector3) -> Vector3 {
    var steps = (vector * imageInverse).rounded(.toNearestOrEven)
    steps.replace(with: 0, where: .!periodic)
    let reduced = vector - steps * vectors
    var best = reduced
    var shortest = reduced.squaredLength
    for shift in imageShifts.dropFirst() {
      let candidate = reduced + shift
      let length = candidate.squaredLength
      if length < shortest {
        shortest = length
        best = candidate
      }
    }
    return best
  }

  /// The same cell with its edges deformed.
  ///
  /// - Parameter map: Takes each edge vector, as a column, to the new one; so does it with ``origin``.
  public func deformed(by map: Matrix3) throws -> Cell {
    try Cell(
      vectors: vectors * map.transposed, origin: map * origin,
      periodic: periodic)
  }

  /// The edges, each open one replaced by one at right angles to all others that count.
  private static func closed(_ vectors: Matrix3, periodic: Periodicity) -> Matrix3 {
    var result = vectors
    let open = (0..<3).filter { !periodic[$0] }
    switch open.count {
    case 1:
      let axis = open[0]
      let normal = vectors[(axis + 1) % 3].cross(vectors[(axis + 2) % 3])
      result[axis] = normal * (vectors[axis].length / normal.length)
    case 2:
      let axis = 3 - open[0] - open[1]
      let (next, last) = ((axis + 1) % 3, (axis + 2) % 3)
      let edge = vectors[axis]
      result[next] = vectors[next] - edge * (vectors[next].dot(edge) / edge.squaredLength)
      let normal = edge.cross(result[next])
      result[last] = normal * (vectors[last].length / normal.length)
    default: break
    }
    return result
  }

  /// The lattice vectors that can shorten a vector whose fractional coordinates lie in [-1/2, 1/2].
  ///
  /// Such a vector v is at most half the sum of the edges long, R; an image v + t shorter than v has |t| < 2R, so the
  /// vectors t in that sphere suffice. In a cell with right angles none of them can win, and the list is the zero vector.
  private static func shortImageShifts(_ vectors: Matrix3, inverse: Matrix3, periodic: Periodicity) throws -> [Vector3] {
    let rightAngled = [(0, 1), (0, 2), (1, 2)].allSatisfy { first, second in
      abs(vectors[first].dot(vectors[second])) < 1e-12 * vectors[first].length * vectors[second].length
    }
    guard !rightAngled else { return [.zero] }
    // The farthest corner of the central parallelepiped bounds R.
    let corners = [Vector3(1, 1, 1), Vector3(-1, 1, 1), Vector3(1, -1, 1), Vector3(1, 1, -1)]
    let reach = corners.map { ($0.replacing(with: 0, where: .!periodic) * vectors).length / 2 }.max() ?? 0
    let columns = inverse.transposed
    let bound = (0..<3).map { periodic[$0] ? Int(min(1e6, 2 * reach * columns[$0].length)) : 0 }
    guard bound.reduce(1, { $0 * Double(2 * $1 + 1) }) < 1e6 else {
      throw StructuresError(
        .invalidCell,
        "the cell is so skewed that a vector has thousands of short images; choose shorter edges of the same lattice (add a multiple "
          + "of one edge to another)")
    }
    var shifts: [Vector3] = []
    for i in -bound[0]...bound[0] {
      for j in -bound[1]...bound[1] {
        for k in -bound[2]...bound[2] where (i, j, k) != (0, 0, 0) {
          let shift = Vector3(Double(i), Double(j), Double(k)) * vectors
          // v + t is shorter than v only if v · t < -t²/2; the support of the parallelepiped says whether any v is.
          let projection = shift * inverse * (vectors * vectors.transposed)
          var support = 0.0
          for axis in 0..<3 { support += abs(projection[axis]) / 2 }
          if support > shift.squaredLength / 2 * (1 + 1e-12) { shifts.append(shift) }
        }
      }
    }
    return [.zero] + shifts
  }
}
