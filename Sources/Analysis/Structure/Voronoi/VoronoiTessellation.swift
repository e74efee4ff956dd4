import NumericalMethods
import Structures

/// The Voronoi cells of all atoms of a configuration, or their power cells where atoms have radii.
///
/// A cell is what is nearer to its atom than to any other, in any image:
///
///     plain:    |x - r_i|² <= |x - r_j|²
///     radical:  |x - r_i|² - R_i² <= |x - r_j|² - R_j²
///
/// Planes are taken from near to far until no farther atom can cut: those beyond s + sqrt(s² + R_max² - R_i²), s the distance of the farthest
/// vertex. Along edges that do not repeat, the faces of the cell bound the outer atoms. Any cell will do, however skewed or small.
///
/// Sources: Voronoi, J. Reine Angew. Math. 134, 198 (1908), doi:10.1515/crll.1908.134.198; Gellatly and Finney (radical planes),
/// J. Non-Cryst. Solids 50, 313 (1982), doi:10.1016/0022-3093(82)90093-X.
public struct VoronoiTessellation: Sendable {
  /// A face between two atoms.
  public struct Face: Sendable {
    /// The atom on the other side; -1 for a face of a cell that does not repeat there.
    public var neighbor: Int32
    public var edges: Int32
    /// In Å².
    public var area: Double
    /// The vector to the atom on the other side in Å; zero without one.
    public var displacement: Vector3
  }

  /// In Å³, one an atom.
  public let volumes: [Double]
  /// In Å², one an atom; small faces included.
  public let surfaces: [Double]
  /// The faces of all atoms in their order, nearest atoms first; small ones included.
  public let faces: [Face]
  /// The first face of each atom, and one past the last.
  public let firstFaces: [Int]

  /// The faces of an atom.
  public func faces(of atom: Int) -> ArraySlice<Face> { faces[firstFaces[atom]..<firstFaces[atom + 1]] }

  /// Computes all cells.
  ///
  /// - Parameters:
  ///   - radii: In Å, one an atom, for power cells; empty for plain ones.
  ///   - shortestEdge: Shorter edges, in Å, are not counted in ``Face/edges``.
  ///   - pool: Shares the atoms; the result does not depend on the number of threads.
  /// - Throws: ``AnalysisError`` with code `.lostAtoms` where two atoms lie at one place, or an atom outside a cell that does not repeat
  ///   there, and `.tooManyNeighbors` where a cell has more than 250 faces; what a neighbour search throws.
  public init(_ configuration: Configuration, radii: [Double] = [], shortestEdge: Double = 0, pool: WorkerPool) throws {
    precondition(radii.isEmpty || radii.count == configuration.count, "one radius an atom")
    let count = configuration.count
    let maker = try CellMaker(configuration, radii: radii, shortestEdge: shortestEdge)
    // Enough blocks for any number of threads, each with work worth a start.
    let blocks = max(1, min(256, count / 64))
    let parts = [CellMaker.Part?](unsafeUninitializedCapacity: blocks) { buffer, filled in
      buffer.initialize(repeating: nil)
      filled = blocks
      nonisolated(unsafe) let buffer = buffer
      pool.forEachBlock(blocks) { block in
        buffer[block] = maker.cells(block * count / blocks..<(block + 1) * count / blocks)
      }
    }.compactMap { $0 }
    if let failure = parts.lazy.compactMap(\.failure).first { throw failure }
    volumes = parts.flatMap(\.volumes)
    surfaces = parts.flatMap(\.surfaces)
    faces = parts.flatMap(\.faces)
    var first = [0]
    first.reserveCapacity(count + 1)
    var sum = 0
    for part in parts {
      for number in part.faceCounts {
        sum += Int(number)
        first.append(sum)
      }
    }
    firstFaces = first
  }
}
