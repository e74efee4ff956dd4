import NumericalMethods
import Structures

/// Cuts the cells of a range of atoms for ``VoronoiTessellation``.
struct CellMaker: Sendable {
  /// What a block of atoms gives.
  struct Part: Sendable {
    var volumes: [Double] = []
    var surfaces: [Double] = []
    var faces: [VoronoiTessellation.Face] = []
    var faceCounts: [Int32] = []
    var failure: AnalysisError?
  }

  private let configuration: Configuration
  /// Squared radii in Å², or empty; and the largest.
  private let weights: [Double]
  private let heaviest: Double
  private let shortestEdge: Double
  /// Nearly all cells end within the first, and those beside voids within the second.
  private let searches: [NeighborSearch]
  /// The length of a cube that an atom has for itself, in Å.
  private let spacing: Double
  /// Half the edge of a cube that holds any cell.
  private let reach: Double
  /// Faces of the cell along the edges that do not repeat.
  private let walls: [(normal: Vector3, offset: Double)]

  init(_ configuration: Configuration, radii: [Double], shortestEdge: Double) throws {
    self.configuration = configuration
    let cell = configuration.cell
    weights = radii.map { $0 * $0 }
    heaviest = weights.max() ?? 0
    let mean = Self.cubeRoot(cell.volume / Double(max(1, configuration.count)))
    spacing = mean
    // Coincident vertices of crystals have edges of rounding: far below this.
    self.shortestEdge = max(shortestEdge, 1e-6 * mean)
    searches = try [2.4, 3.4].map { try NeighborSearch(cell: cell, positions: configuration.positions, cutoff: $0 * mean) }
    reach = cell.vectors[0].length + cell.vectors[1].length + cell.vectors[2].length
    var walls: [(normal: Vector3, offset: Double)] = []
    for axis in 0..<3 where !cell.periodic[axis] {
      let column = cell.inverse.transposed[axis]
      let normal = column * (1 / column.length)
      let low = normal.dot(cell.origin)
      walls.append((normal * -1, -low))
      walls.append((normal, low + cell.widths[axis]))
    }
    self.walls = walls
    for (atom, position) in configuration.positions.enumerated() {
      if let wall = walls.first(where: { $0.normal.dot(position) > $0.offset + 1e-6 * mean }) {
        throw AnalysisError(
          .lostAtoms,
          "voronoi: atom \(Self.name(atom, configuration)) lies \(wall.normal.dot(position) - wall.offset) Å outside the cell along an edge that "
            + "does not repeat; give a cell that holds all atoms")
      }
    }
  }

  private static func cubeRoot(_ value: Double) -> Double {
    var root = value.squareRoot()
    for _ in 0..<60 { root = (2 * root + value / (root * root)) / 3 }
    return root
  }

  private static func name(_ atom: Int, _ configuration: Configuration) -> String {
    String(configuration.identifiers.isEmpty ? atom + 1 : configuration.identifiers[atom])
  }

  /// The cells of some atoms.
  func cells(_ atoms: Range<Int>) -> Part {
    var part = Part()
    part.volumes.reserveCapacity(atoms.count)
    part.faces.reserveCapacity(16 * atoms.count)
    var polyhedron = ConvexPolyhedron()
    polyhedron.tolerance = 1e-9 * spacing
    var room = CandidateRoom()
    var searches = self.searches
    for atom in atoms {
      do {
        var level = 0
        while try !cut(&polyhedron, around: atom, searches[level], &room) {
          level += 1
          if level == searches.count {
            let farther = 1.6 * searches[level - 1].cutoff
            searches.append(try NeighborSearch(cell: configuration.cell, positions: configuration.positions, cutoff: farther))
          }
        }
      } catch let error as AnalysisError {
        part.failure = error
        return part
      } catch {
        part.failure = AnalysisError(.tooManyNeighbors, "voronoi: the neighbours of the atoms cannot be found", cause: error)
        return part
      }
      var volume = 0.0
      var surface = 0.0
      var faces = 0
      polyhedron.forEachFace(shortestEdge: shortestEdge) { face in
        volume += face.area * face.distance / 3
        surface += face.area
        let isWall = face.label < 0
        let candidate = room[isWall ? 0 : Int(face.label)]
        part.faces.append(
          VoronoiTessellation.Face(
            neighbor: isWall ? -1 : candidate.atom, edges: Int32(face.edges), area: face.area,
            displacement: isWall ? .zero : candidate.displacement))
        faces += 1
      }
      part.volumes.append(volume)
      part.surfaces.append(surface)
      part.faceCounts.append(Int32(faces))
    }
    return part
  }

  /// Cuts the cell of an atom with all atoms of a search.
  ///
  /// - Returns: Whether no atom beyond the search can cut.
  private func cut(
    _ polyhedron: inout ConvexPolyhedron, around atom: Int, _ search: NeighborSearch, _ room: inout CandidateRoom
  ) throws -> Bool {
    let position = configuration.cell.wrap(configuration.positions[atom]).position
    let weight = weights.isEmpty ? 0 : weights[atom]
    polyhedron.reset(half: reach, label: -2)
    for wall in walls {
      // Atoms on a wall by rounding have a cell, too.
      _ = polyhedron.cut(normal: wall.normal, distance: max(0, wall.offset - wall.normal.dot(position)), label: -1)
    }
    room.removeAll()
    search.forEachNeighbor(of: atom) { room.append($0.displacement, $0.squaredDistance, Int32($0.index)) }
    room.sort(limit: search.cutoff)
    let excess = heaviest - weight
    func limit(_ farthestSquared: Double) -> Double {
      let far = farthestSquared.squareRoot()
      let distance = far + max(0, farthestSquared + excess).squareRoot()
      return distance * distance
    }
    var limitSquared = limit(polyhedron.farthestSquared)
    for bin in 0..<CandidateRoom.bins {
      if room.lowerBound(bin) > limitSquared { return true }
      for place in room.range(bin) {
        let candidate = room[place]
        let squared = candidate.squaredDistance
        if squared > limitSquared { continue }
        guard squared > 1e-8 else {
          throw AnalysisError(
            .lostAtoms,
            "voronoi: atoms \(Self.name(atom, configuration)) and \(Self.name(Int(candidate.atom), configuration)) lie at the same place; "
              + "remove one of them")
        }
        let distance = squared.squareRoot()
        let other = weights.isEmpty ? 0 : weights[Int(candidate.atom)]
        let result = polyhedron.cut(
          normal: candidate.displacement * (1 / distance), distance: (squared + weight - other) / (2 * distance), label: Int32(place))
        switch result {
        case .untouched: break
        case .cut: limitSquared = limit(polyhedron.farthestSquared)
        case .emptied: return true
        case .overflow:
          throw AnalysisError(
            .tooManyNeighbors,
            "voronoi: the cell of atom \(Self.name(atom, configuration)) has more than 250 faces; no cell of a solid or liquid has: check "
              + "the cell and, in the radical variant, the radii")
        }
      }
    }
    return search.cutoff * search.cutoff > limitSquared
  }
}
