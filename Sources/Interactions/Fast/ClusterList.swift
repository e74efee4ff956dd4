import CKernels
import NumericalMethods
import Structures

/// The neighbour list of the fast kernel: for each cluster of atoms, the atoms that any of them may meet, packed by species.
///
/// Each pair of atoms stands once. A cluster takes the pairs with its own atoms and with the half of the other clusters that
/// follow it round the ring of clusters, so that the work is even. Clusters are gathered in blocks whose number depends on the
/// number of atoms alone; a block's forces fall on the pages of places that it touches, and only those have rows in its memory.
struct ClusterList: Sendable {
  /// The number of places in a page, a multiple of the cluster's size.
  static let pageSize = 32
  /// Packed lists are filled up to a multiple of this number of entries.
  static let padding = 16
  /// The lattice shift of entries that only fill up: so far that nothing interacts.
  static let farShift = 127
  /// The greatest number of cell edges between a cluster and a neighbour, along each edge.
  static let imageReach = 2

  /// A run of a cluster's packed list: atoms of one species.
  struct Group: Sendable {
    /// The cluster, counted from the block's first.
    var cluster: Int32
    var species: Int32
    /// The first entry, and the number of runs of ``ClusterList/padding`` entries.
    var firstEntry: Int32
    var vectors: Int32
    /// The number of leading runs with masks, and the first of those masks.
    var maskedVectors: Int32
    var firstMask: Int32
  }

  /// The lists of consecutive clusters.
  struct Block: Sendable {
    var clusters: Range<Int>
    /// For each cluster, one past its last group.
    var groupEnds: [Int32] = []
    var groups: [Group] = []
    /// An atom's place in the low 25 bits, the number of its lattice shift above.
    var entries: [UInt32] = []
    /// For each masked run and each atom of the cluster, a bit for each entry that the atom meets.
    var masks: [UInt16] = []
    /// For each entry, the row of the block's forces that belongs to its atom.
    var rows: [UInt32] = []
    /// For each cluster, the row of its first atom; the others follow.
    var clusterRows: [UInt32] = []
    /// The pages of places on which the block's forces fall, ascending; each has ``ClusterList/pageSize`` rows, one after the other.
    var pages: [Int32] = []
  }

  let order: SpatialOrder
  /// The species at each place.
  let species: [Int32]
  let blocks: [Block]
  /// The greatest number of entries of one cluster.
  let longestList: Int

  var count: Int { order.atoms.count }

  /// How many blocks a number of clusters is cut into: about 24 clusters a block, and a multiple of 8 blocks, which few threads share evenly.
  private static func blockCount(clusters: Int) -> Int {
    let blocks = max(1, min(128, clusters / 24))
    return blocks < 4 ? blocks : (blocks + 7) / 8 * 8
  }

  /// The lattice shift with each number, in a cell: what is added to a place's position.
  static func shifts(of cell: Cell) -> [Vector3] {
    var shifts = [Vector3](repeating: .zero, count: 128)
    for number in 0..<125 {
      let image = image(number)
      shifts[number] = Vector3(Double(image.x), Double(image.y), Double(image.z)) * cell.vectors
    }
    shifts[farShift] = Vector3(repeating: 1e6)
    return shifts
  }

  static func shiftNumber(_ image: SIMD3<Int>) -> Int {
    ((image.x + imageReach) * 5 + image.y + imageReach) * 5 + image.z + imageReach
  }

  private static func image(_ number: Int) -> SIMD3<Int> {
    SIMD3(number / 25 - imageReach, number / 5 % 5 - imageReach, number % 5 - imageReach)
  }

  /// Builds the list of all pairs within a range.
  ///
  /// - Parameters:
  ///   - specialPairs: Pairs of atoms to leave out.
  ///   - range: The cutoff and the buffer, in Å.
  /// - Throws: ``InteractionsError`` with code `.invalidCutoff` where the range spans more than ``imageReach`` edges.
  init(
    positions: [Vector3], types: [Int32], speciesCount: Int, specialPairs: SpecialPairs = .none, cell: Cell, range: Double, pool: WorkerPool
  ) throws {
    let widths = cell.widths
    for axis in 0..<3 where cell.periodic[axis] && range > Double(Self.imageReach) * widths[axis] {
      throw InteractionsError(
        .invalidCutoff,
        "the cell is only \(widths[axis]) Å wide along edge \("abc".dropFirst(axis).prefix(1)), too small for interactions of "
          + "\(range) Å (cutoff and buffer); repeat the cell until it is wider than \(range / Double(Self.imageReach)) Å")
    }
    let order = SpatialOrder(positions: positions, cell: cell, pool: pool)
    self.order = order
    let species = order.atoms.map { types[Int($0)] }
    self.species = species
    guard !positions.isEmpty else {
      blocks = []
      longestList = 0
      return
    }
    let boxes = ClusterBoxes(order, cell: cell)
    let specials = PlacedSpecialPairs(specialPairs, order: order)
    let clusters = boxes.count
    let blockCount = Self.blockCount(clusters: clusters)
    var built = (0..<blockCount).map { Block(clusters: $0 * clusters / blockCount..<($0 + 1) * clusters / blockCount) }
    built.withUnsafeMutableBufferPointer { buffer in
      let shared = UnsafeSendable(buffer)
      pool.forEachBlock(blockCount) { number in
        var builder = BlockBuilder(
          block: shared.value[number], order: order, species: species, speciesCount: speciesCount, boxes: boxes, cell: cell,
          range: range, specials: specials)
        builder.build()
        shared.value[number] = builder.block
      }
    }
    blocks = built
    longestList = built.reduce(0) { longest, block in
      var start = 0
      var most = longest
      for end in block.groupEnds {
        let entries = block.groups[start..<Int(end)].reduce(0) { $0 + Int($1.vectors) * Self.padding }
        most = max(most, entries)
        start = Int(end)
      }
      return most
    }
  }
}
