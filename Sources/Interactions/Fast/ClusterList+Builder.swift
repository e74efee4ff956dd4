import NumericalMethods
import Structures

/// Builds the packed lists of one block of clusters.
struct BlockBuilder {
  var block: ClusterList.Block
  let order: SpatialOrder
  let species: [Int32]
  let speciesCount: Int
  let boxes: ClusterBoxes
  let search: NeighborSearch
  let cell: Cell
  let range: Double

  /// The entries found for the cluster at hand, by species; those of the cluster itself apart, since they need masks.
  private var found: [[UInt32]] = []
  private var own: [[UInt32]] = []

  init(
    block: ClusterList.Block, order: SpatialOrder, species: [Int32], speciesCount: Int, boxes: ClusterBoxes,
    search: NeighborSearch, cell: Cell, range: Double
  ) {
    self.block = block
    self.order = order
    self.species = species
    self.speciesCount = speciesCount
    self.boxes = boxes
    self.search = search
    self.cell = cell
    self.range = range
    found = [[UInt32]](repeating: [], count: speciesCount)
    own = found
  }

  mutating func build() {
    for cluster in block.clusters {
      for index in 0..<speciesCount {
        found[index].removeAll(keepingCapacity: true)
        own[index].removeAll(keepingCapacity: true)
      }
      collect(cluster)
      pack(cluster)
    }
  }

  private func atoms(of cluster: Int) -> Range<Int> {
    let start = cluster * SpatialOrder.clusterSize
    return start..<min(start + SpatialOrder.clusterSize, order.atoms.count)
  }

  /// Finds the atoms within range of any atom of a cluster, each pair of clusters and images once.
  private mutating func collect(_ cluster: Int) {
    let home = ClusterSphere(positions: order.positions, atoms: atoms(of: cluster))
    let clusters = boxes.centers.count
    let zeroShift = ClusterList.shiftNumber(.zero)
    for place in atoms(of: cluster) {
      own[Int(species[place])].append(UInt32(place) | UInt32(zeroShift) << 25)
    }
    let center = boxes.centers[cluster]
    let half = boxes.halves[cluster]
    let limit = range * range
    var found = self.found
    self.found = []
    search.forEachNeighbor(of: cluster) { neighbor in
      // Round the ring, the half that follows belongs to this cluster; where two are opposite, to the lower one.
      let ahead = neighbor.index >= cluster ? neighbor.index - cluster : neighbor.index - cluster + clusters
      guard 2 * ahead < clusters || (2 * ahead == clusters && cluster < neighbor.index) else { return }
      let otherHalf = boxes.halves[neighbor.index]
      let gap = Self.gap(neighbor.displacement, half + otherHalf)
      guard gap.squaredLength < limit else { return }
      let shift = neighbor.displacement - (boxes.centers[neighbor.index] - center)
      let steps = (shift * cell.inverse).rounded(.toNearestOrEven)
      let image = SIMD3<Int>(Int(steps.x), Int(steps.y), Int(steps.z))
      // Of the two opposite images of the cluster itself, one.
      if ahead == 0, !(image.x > 0 || (image.x == 0 && (image.y > 0 || (image.y == 0 && image.z > 0)))) { return }
      let number = UInt32(ClusterList.shiftNumber(image)) << 25
      let exactShift = steps * cell.vectors
      for place in atoms(of: neighbor.index) where home.isWithin(limit, of: order.positions[place] + exactShift) {
        found[Int(species[place])].append(UInt32(place) | number)
      }
    }
    self.found = found
  }

  /// The gap between two boxes along the axes, from the vector between their centers and the sum of their halves.
  private static func gap(_ displacement: Vector3, _ halves: Vector3) -> Vector3 {
    let size = displacement.replacing(with: -displacement, where: displacement .< 0)
    let gap = size - halves
    return gap.replacing(with: 0, where: gap .< 0)
  }

  /// Appends the lists of a cluster to the block.
  private mutating func pack(_ cluster: Int) {
    let first = block.clusters.lowerBound * SpatialOrder.clusterSize
    let home = atoms(of: cluster)
    for index in 0..<speciesCount where !own[index].isEmpty || !found[index].isEmpty {
      let start = block.entries.count
      block.entries += own[index]
      block.entries += found[index]
      let count = block.entries.count - start
      let vectors = (count + ClusterList.padding - 1) / ClusterList.padding
      let last = block.entries[block.entries.count - 1] & 0x1ff_ffff
      for _ in count..<vectors * ClusterList.padding { block.entries.append(last | UInt32(ClusterList.farShift) << 25) }
      let masked = own[index].isEmpty ? 0 : 1
      block.groups.append(
        ClusterList.Group(
          cluster: Int32(cluster - block.clusters.lowerBound), species: Int32(index), firstEntry: Int32(start),
          vectors: Int32(vectors), maskedVectors: Int32(masked), firstMask: Int32(block.masks.count)))
      if masked == 1 {
        for place in home.lowerBound..<home.lowerBound + SpatialOrder.clusterSize {
          var mask = UInt16.max
          for (lane, entry) in own[index].enumerated() where Int(entry & 0x1ff_ffff) <= place { mask &= ~(1 << UInt16(lane)) }
          block.masks.append(mask)
        }
      }
      for entry in block.entries[start..<start + count] {
        let place = Int(entry & 0x1ff_ffff)
        block.extent = max(block.extent, (place >= first ? place - first : place - first + order.atoms.count) + 1)
      }
    }
    block.groupEnds.append(Int32(block.groups.count))
  }
}

/// The atoms of a cluster, eight at a time, for distances to one other atom.
private struct ClusterSphere {
  private var x = SIMD8<Double>(repeating: .infinity)
  private var y = SIMD8<Double>(repeating: .infinity)
  private var z = SIMD8<Double>(repeating: .infinity)

  init(positions: [Vector3], atoms: Range<Int>) {
    for (lane, place) in atoms.enumerated() {
      x[lane] = positions[place].x
      y[lane] = positions[place].y
      z[lane] = positions[place].z
    }
  }

  @inline(__always)
  func isWithin(_ limit: Double, of point: Vector3) -> Bool {
    let dx = x - point.x
    let dy = y - point.y
    let dz = z - point.z
    return any((dx * dx).addingProduct(dy, dy).addingProduct(dz, dz) .< limit)
  }
}
