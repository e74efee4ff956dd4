import NumericalMethods
import Structures

/// The bonds of one frame: for each atom, the atoms closer than the cutoff of the pair, over all periodic images.
///
/// A bond stands twice, once at each end. An atom that is bonded to several images of another, or to an image of itself, has
/// a bond for each, so that cells smaller than the cutoffs are right. The bonds of an atom are sorted by the index of the
/// neighbour, then by image; nothing depends on the number of threads. Both ends agree to the last bit: the
/// displacement seen from one is the negative of that seen from the other.
///
///     displacements[k] = positions[neighbors[k]] + images[k] * cell.vectors - positions[i],   starts[i] <= k < starts[i + 1]
public struct BondGraph: Sendable {
  /// Where the bonds of each atom start, and one past the last: `atoms + 1` entries.
  public let starts: [Int32]
  /// The atom at the other end of each bond.
  public let neighbors: [Int32]
  /// The image of the neighbour, in edges of the cell, counted from the positions as they were given.
  public let images: [SIMD3<Int32>]
  /// From the atom to the neighbour's image, in Å.
  public let displacements: [Vector3]
  /// In Å².
  public let squaredDistances: [Double]

  /// The number of atoms.
  public var count: Int { starts.count - 1 }
  /// The number of bonds, each counted once.
  public var bondCount: Int { neighbors.count / 2 }

  /// The places of the bonds of an atom in the arrays.
  @inlinable
  public func bonds(of atom: Int) -> Range<Int> { Int(starts[atom])..<Int(starts[atom + 1]) }

  /// The number of bonds of an atom.
  @inlinable
  public func degree(of atom: Int) -> Int { Int(starts[atom + 1] - starts[atom]) }

  init(starts: [Int32], neighbors: [Int32], images: [SIMD3<Int32>], displacements: [Vector3], squaredDistances: [Double]) {
    self.starts = starts
    self.neighbors = neighbors
    self.images = images
    self.displacements = displacements
    self.squaredDistances = squaredDistances
  }

  /// Finds the bonds of a configuration, in time linear in the number of atoms.
  ///
  /// - Parameters:
  ///   - configuration: In any cell, periodic or not.
  ///   - cutoffs: By labels of species.
  ///   - pool: Its number of threads does not change the result.
  /// - Throws: ``AnalysisError`` with code `.lostAtoms` where a position is not finite or absurdly far away, `.tooManyNeighbors`
  ///   where a cutoff reaches across so many images of the cell that no search ends.
  public init(_ configuration: Configuration, cutoffs: BondCutoffs, pool: WorkerPool = WorkerPool(threads: 1)) throws {
    let limits = cutoffs.squaredLimits(configuration.species)
    guard let grid = try BondGrid(configuration, limits: limits) else {
      self.init(
        starts: [Int32](repeating: 0, count: configuration.count + 1), neighbors: [], images: [], displacements: [], squaredDistances: [])
      return
    }
    self = grid.graph(pool: pool)
  }

  /// The bonds by their definition, atom by atom and image by image: the twin that the fast search is held against.
  static func reference(_ configuration: Configuration, cutoffs: BondCutoffs) throws -> BondGraph {
    let limits = cutoffs.squaredLimits(configuration.species)
    let species = configuration.species.count
    let reach = (limits.max() ?? 0).squareRoot()
    var graph = (starts: [Int32(0)], neighbors: [Int32](), images: [SIMD3<Int32>](), displacements: [Vector3](), squares: [Double]())
    let cell = configuration.cell
    let wrapped = configuration.positions.map { cell.wrap($0) }
    let steps = (0..<3).map { cell.periodic[$0] ? Int32((reach / cell.widths[$0]).rounded(.up)) + 1 : 0 }
    for i in wrapped.indices {
      for j in wrapped.indices {
        let limit = limits[Int(configuration.types[i]) * species + Int(configuration.types[j])]
        for x in -steps[0]...steps[0] {
          for y in -steps[1]...steps[1] {
            for z in -steps[2]...steps[2] where i != j || SIMD3(x, y, z) != .zero {
              let displacement =
                (wrapped[j].position - wrapped[i].position) + Vector3(Double(x), Double(y), Double(z)) * cell.vectors
              guard displacement.squaredLength < limit else { continue }
              graph.neighbors.append(Int32(j))
              graph.images.append(SIMD3(x, y, z) &- wrapped[j].image &+ wrapped[i].image)
              graph.displacements.append(displacement)
              graph.squares.append(displacement.squaredLength)
            }
          }
        }
      }
      graph.starts.append(Int32(graph.neighbors.count))
    }
    return BondGraph(
      starts: graph.starts, neighbors: graph.neighbors, images: graph.images, displacements: graph.displacements,
      squaredDistances: graph.squares)
  }
}
