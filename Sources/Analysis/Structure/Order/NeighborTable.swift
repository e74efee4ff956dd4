import NumericalMethods
import Structures

/// The neighbours of all atoms, with vectors and weights.
struct NeighborTable: Sendable {
  /// What makes an atom a neighbour.
  enum Choice: Sendable, Hashable {
    /// The nearest so many.
    case nearest(Int)
    /// Those closer than a length in Å.
    case cutoff(Double)
    /// Those with a face of the Voronoi cell in common, weighted by its area or not.
    case voronoi(weighted: Bool)
  }

  /// The first neighbour of each atom, and one past the last.
  private(set) var starts = [0]
  private(set) var indices: [Int32] = []
  /// From the atom to the neighbour, in Å.
  private(set) var displacements: [Vector3] = []
  /// 1 where neighbours count alike.
  private(set) var weights: [Double] = []

  func range(_ atom: Int) -> Range<Int> { starts[atom]..<starts[atom + 1] }

  /// - Throws: ``AnalysisError`` with code `.tooManyNeighbors` where there are more than a thousand an atom; what neighbour searches and Voronoi
  ///   cells throw.
  init(_ configuration: Configuration, _ choice: Choice, pool: WorkerPool) throws {
    starts.reserveCapacity(configuration.count + 1)
    switch choice {
    case .nearest(let number): append(try Self.nearest(number, configuration, pool: pool))
    case .cutoff(let cutoff):
      let mean = Double(configuration.count) / configuration.cell.volume * 4 * Double.pi / 3 * cutoff * cutoff * cutoff
      guard mean < 1000 else {
        throw AnalysisError(.tooManyNeighbors, "order: a cutoff of \(cutoff) Å takes \(Int(mean)) neighbours an atom; give a shorter one")
      }
      let search = try NeighborSearch(cell: configuration.cell, positions: configuration.positions, cutoff: cutoff)
      append(
        Self.gather(configuration.count, pool: pool) { atom, list in
          search.forEachNeighbor(of: atom) { list.append($0) }
        })
    case .voronoi(let weighted):
      let cells = try VoronoiTessellation(configuration, pool: pool)
      for atom in 0..<configuration.count {
        for face in cells.faces(of: atom) where face.neighbor >= 0 && face.area > 1e-12 * cells.surfaces[atom] && face.edges > 2 {
          indices.append(face.neighbor)
          displacements.append(face.displacement)
          weights.append(weighted ? face.area : 1)
        }
        starts.append(indices.count)
      }
    }
  }

  private static func nearest(
    _ number: Int, _ configuration: Configuration, pool: WorkerPool
  ) throws -> [[NeighborSearch.Neighbor]] {
    let count = configuration.count
    // A sphere with about 1.7 times as many atoms; those with fewer around look farther.
    let volume = 1.7 * Double(number + 1) * configuration.cell.volume / Double(max(1, count))
    var cutoff = 1e-3
    while 4 * Double.pi / 3 * cutoff * cutoff * cutoff < volume { cutoff *= 1.02 }
    var found = [[NeighborSearch.Neighbor]](repeating: [], count: count)
    var missing = Array(0..<count)
    while !missing.isEmpty {
      let search = try NeighborSearch(cell: configuration.cell, positions: configuration.positions, cutoff: cutoff)
      let wanted = missing
      let lists = gather(wanted.count, pool: pool) { place, list in
        search.forEachNeighbor(of: wanted[place]) { list.append($0) }
        guard list.count >= number else { return list.removeAll(keepingCapacity: true) }
        list.sort { $0.squaredDistance != $1.squaredDistance ? $0.squaredDistance < $1.squaredDistance : $0.index < $1.index }
        list.removeLast(list.count - number)
      }
      for (place, list) in zip(wanted, lists) { found[place] = list }
      missing = wanted.filter { found[$0].isEmpty }
      cutoff *= 1.4
      guard missing.isEmpty || cutoff < 1e4 else {
        throw AnalysisError(
          .tooManyNeighbors, "order: an atom has fewer than \(number) others within a micrometre; choose another kind of neighbours")
      }
    }
    return found
  }

  private mutating func append(_ lists: [[NeighborSearch.Neighbor]]) {
    for list in lists {
      for neighbor in list {
        indices.append(Int32(neighbor.index))
        displacements.append(neighbor.displacement)
        weights.append(1)
      }
      starts.append(indices.count)
    }
  }

  /// One list an atom, filled on all threads.
  private static func gather(
    _ count: Int, pool: WorkerPool, _ fill: (Int, inout [NeighborSearch.Neighbor]) -> Void
  ) -> [[NeighborSearch.Neighbor]] {
    var lists = [[NeighborSearch.Neighbor]](repeating: [], count: count)
    lists.withUnsafeMutableBufferPointer { buffer in
      nonisolated(unsafe) let buffer = buffer
      pool.forEachRange(count, grain: 128) { range in
        for place in range { fill(place, &buffer[place]) }
      }
    }
    return lists
  }
}
