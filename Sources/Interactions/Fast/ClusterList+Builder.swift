import NumericalMethods
import Structures

/// Builds the packed lists of one block of clusters.
struct BlockBuilder {
  var block: ClusterList.Block
  let order: SpatialOrder
  let species: [Int32]
  let speciesCount: Int
  let boxes: ClusterBoxes
  let cell: Cell
  let range: Double
  let specials: PlacedSpecialPairs

  /// The entries found for the cluster at hand, by species; those apart that not every atom of the cluster meets, with a bit for
  /// each atom that does.
  private var found: [[UInt32]] = []
  private var masked: [[(entry: UInt32, homes: UInt8)]] = []
  /// The places that form special pairs with the cluster at hand.
  private var special: Set<Int32> = []
  private var scratch: [UInt32] = []

  init(
    block: ClusterList.Block, order: SpatialOrder, species: [Int32], speciesCount: Int, boxes: ClusterBoxes,
    cell: Cell, range: Double, specials: PlacedSpecialPairs
  ) {
    self.block = block
    self.order = order
    self.species = species
    self.speciesCount = speciesCount
    self.boxes = boxes
    self.cell = cell
    self.range = range
    self.specials = specials
    found = [[UInt32]](repeating: [], count: speciesCount)
    masked = [[(entry: UInt32, homes: UInt8)]](repeating: [], count: speciesCount)
  }

  mutating func build() {
    for cluster in block.clusters {
      for index in 0..<speciesCount {
        found[index].removeAll(keepingCapacity: true)
        masked[index].removeAll(keepingCapacity: true)
      }
      collect(cluster)
      pack(cluster)
    }
    assignRows()
  }

  private func atoms(of cluster: Int) -> Range<Int> {
    let start = cluster * SpatialOrder.clusterSize
    return start..<min(start + SpatialOrder.clusterSize, order.atoms.count)
  }

  /// Finds the atoms within range of any atom of a cluster, each pair of clusters and images once.
  private mutating func collect(_ cluster: Int) {
    let ownShift = UInt32(ClusterList.shiftNumber(.zero)) << 25
    let home = atoms(of: cluster)
    specials.collect(home, into: &special)
    for place in home {
      // Of the pairs of the cluster's own atoms, each once.
      let before = UInt8(truncatingIfNeeded: (1 << (place - home.lowerBound)) - 1)
      masked[Int(species[place])].append(
        (UInt32(place) | ownShift, before & ~specialHomes(of: Int32(place), home, shift: .zero)))
    }
    // An atom in range of the cluster lies within this window, in coordinates along the edges.
    let margin = Vector3(repeating: range + ClusterBoxes.slack) / cell.widths
    let low = boxes.fractionalLow[cluster] - margin
    let high = boxes.fractionalHigh[cluster] + margin
    let (first, second) = (images(low.x, high.x, axis: 0), images(low.y, high.y, axis: 1))
    let third = images(low.z, high.z, axis: 2)
    for imageX in first {
      let layers = columns(low.x, high.x, image: imageX, axis: 0)
      for imageY in second {
        let strips = columns(low.y, high.y, image: imageY, axis: 1)
        for imageZ in third {
          let image = SIMD3(imageX, imageY, imageZ)
          // A cluster at the end of one layer's run may reach into the next one; it counts once.
          var next = 0
          for layer in layers {
            let places = order.places(first: layer, second: strips)
            guard !places.isEmpty else { continue }
            let size = SpatialOrder.clusterSize
            let start = max(next, places.lowerBound / size)
            next = max(start, (places.upperBound + size - 1) / size)
            collect(cluster, from: start..<next, image: image)
          }
        }
      }
    }
  }

  /// The images of the cell that a window touches along an axis.
  private func images(_ low: Double, _ high: Double, axis: Int) -> ClosedRange<Int> {
    guard cell.periodic[axis] else { return 0...0 }
    return Int(low.rounded(.down))...Int(high.rounded(.down))
  }

  /// The columns of one image of the cell that a window touches along an axis.
  private func columns(_ low: Double, _ high: Double, image: Int, axis: Int) -> ClosedRange<Int> {
    let count = Double(order.columns[axis])
    let first = max(0, min(count - 1, ((low - Double(image)) * count).rounded(.down)))
    let last = max(first, min(count - 1, ((high - Double(image)) * count).rounded(.down)))
    return Int(first)...Int(last)
  }

  /// Finds the atoms within range among some clusters, moved by an image of the cell.
  private mutating func collect(_ cluster: Int, from candidates: Range<Int>, image: SIMD3<Int>) {
    let clusters = boxes.count
    let shift = Vector3(Double(image.x), Double(image.y), Double(image.z)) * cell.vectors
    let number = UInt32(ClusterList.shiftNumber(image)) << 25
    let isForward = image.x > 0 || (image.x == 0 && (image.y > 0 || (image.y == 0 && image.z > 0)))
    var places: [UInt32] = []
    swap(&places, &scratch)
    places.removeAll(keepingCapacity: true)
    boxes.forEachCluster(in: candidates, near: cluster, shift: shift, within: range) { other in
      // Round the ring, the half that follows belongs to this cluster; where two are opposite, to the lower one. Of the two
      // opposite images of the cluster itself, one.
      let ahead = other >= cluster ? other - cluster : other - cluster + clusters
      guard 2 * ahead < clusters || (2 * ahead == clusters && cluster < other) else { return }
      guard ahead != 0 || isForward else { return }
      var bits = boxes.atoms(of: other, shift: shift, within: range, ofAtomsOf: cluster)
      while bits != 0 {
        places.append(UInt32(other * SpatialOrder.clusterSize + bits.trailingZeroBitCount))
        bits &= bits - 1
      }
    }
    for place in places {
      let homes = specials.isEmpty ? 0 : specialHomes(of: Int32(place), atoms(of: cluster), shift: shift)
      if homes == 0 {
        found[Int(species[Int(place)])].append(place | number)
      } else {
        masked[Int(species[Int(place)])].append((place | number, ~homes))
      }
    }
    swap(&places, &scratch)
  }

  /// A bit for each atom of a cluster with which the atom at a place, moved by a shift, forms a special pair.
  private func specialHomes(of place: Int32, _ home: Range<Int>, shift: Vector3) -> UInt8 {
    guard special.contains(place) else { return 0 }
    return specials.homes(of: Int(place), home, shift: shift, order: order, cell: cell)
  }

  /// Appends the lists of a cluster to the block.
  private mutating func pack(_ cluster: Int) {
    for index in 0..<speciesCount where !masked[index].isEmpty || !found[index].isEmpty {
      let start = block.entries.count
      for entry in masked[index] { block.entries.append(entry.entry) }
      block.entries += found[index]
      let count = block.entries.count - start
      let vectors = (count + ClusterList.padding - 1) / ClusterList.padding
      let last = block.entries[block.entries.count - 1] & 0x1ff_ffff
      for _ in count..<vectors * ClusterList.padding { block.entries.append(last | UInt32(ClusterList.farShift) << 25) }
      let maskedVectors = (masked[index].count + ClusterList.padding - 1) / ClusterList.padding
      block.groups.append(
        ClusterList.Group(
          cluster: Int32(cluster - block.clusters.lowerBound), species: Int32(index), firstEntry: Int32(start),
          vectors: Int32(vectors), maskedVectors: Int32(maskedVectors), firstMask: Int32(block.masks.count)))
      for run in 0..<maskedVectors {
        let entries = masked[index].dropFirst(run * ClusterList.padding).prefix(ClusterList.padding)
        for atom in 0..<SpatialOrder.clusterSize {
          var mask = UInt16.max
          for (lane, entry) in entries.enumerated() where entry.homes >> UInt8(atom) & 1 == 0 { mask &= ~(1 << UInt16(lane)) }
          block.masks.append(mask)
        }
      }
    }
    block.groupEnds.append(Int32(block.groups.count))
  }

  /// Gives each page that the block touches rows of its own, in the order of the pages.
  private mutating func assignRows() {
    let size = ClusterList.pageSize
    let pageCount = (order.atoms.count + size - 1) / size
    var rowOfPage = [Int32](repeating: -1, count: pageCount)
    let own = block.clusters.map { $0 * SpatialOrder.clusterSize }
    for place in own { rowOfPage[place / size] = 0 }
    for entry in block.entries { rowOfPage[Int(entry & 0x1ff_ffff) / size] = 0 }
    for page in 0..<pageCount where rowOfPage[page] == 0 {
      rowOfPage[page] = Int32(block.pages.count * size)
      block.pages.append(Int32(page))
    }
    func row(_ place: Int) -> UInt32 { UInt32(Int(rowOfPage[place / size]) + place % size) }
    block.rows = block.entries.map { row(Int($0 & 0x1ff_ffff)) }
    block.clusterRows = own.map(row)
  }
}
