import NumericalMethods
import Structures

/// Counts pairs of atoms by distance, for each pair of classes of atoms.
///
/// Every pair counts once, with all its periodic images within the cutoff, an atom and its own images included. Distances
/// are computed eight at a time in single precision, relative to the middle of a small bin; those that come so close to
/// the border of a histogram bin that rounding could move them are computed again in double precision, so that the
/// counts are those of ``PairHistogramReference``.
struct PairHistogram: Sendable {
  /// The number of classes.
  let classes: Int
  /// The largest distance counted, in Å.
  let cutoff: Double
  /// The number of histogram bins, each `cutoff / bins` wide.
  let bins: Int
  /// The lattice of the last frame, kept while the cell stays.
  private var lattice: BinLattice?
  private var latticeKey: (vectors: Matrix3, atoms: Int)?

  init(classes: Int, cutoff: Double, bins: Int) {
    self.classes = classes
    self.cutoff = cutoff
    self.bins = bins
  }

  /// The number of pairs of classes.
  var pairs: Int { classes * (classes + 1) / 2 }

  /// The place of a pair of classes, in the order (0, 0), (0, 1) … (1, 1) ….
  static func pairIndex(_ a: Int, _ b: Int, classes: Int) -> Int {
    let (low, high) = a < b ? (a, b) : (b, a)
    return low * (2 * classes - low - 1) / 2 + high
  }

  /// Counts the pairs of one frame.
  ///
  /// - Parameters:
  ///   - positions: In Å, wrapped or not.
  ///   - classOf: The class of each atom, or -1 for an atom to leave out.
  /// - Returns: `pairs × bins` counts.
  mutating func count(cell: Cell, positions: [Vector3], classOf: [Int32], pool: WorkerPool) -> [UInt64] {
    let (vectors, origin) = Self.box(cell, positions: positions)
    if lattice == nil || latticeKey?.vectors != vectors || latticeKey?.atoms != positions.count {
      let edge = (Self.atomsPerBin * vectors.determinant / Double(max(1, positions.count))).cubeRoot
      // Bins that hold less than an atom each cost more than they save.
      lattice = BinLattice(
        vectors: vectors, periodic: cell.periodic, edge: max(cutoff / 8, min(max(cutoff, edge / 2), edge)), cutoff: cutoff)
      latticeKey = (vectors, positions.count)
    }
    guard let lattice else { return [] }
    let atoms = SortedAtoms(lattice: lattice, origin: origin, positions: positions, classOf: classOf, classes: classes)
    let counter = PairCounter(lattice: lattice, atoms: atoms, classes: classes, cutoff: cutoff, bins: bins)
    // Sums of whole numbers do not depend on how the work is cut.
    let blocks = pool.threads == 1 ? 1 : min(lattice.count, 4 * pool.threads)
    let stride = pairs * counter.stride
    var partial = [UInt32](repeating: 0, count: blocks * stride)
    partial.withUnsafeMutableBufferPointer { buffer in
      nonisolated(unsafe) let buffer = buffer
      pool.forEachBlock(blocks) { block in
        let part = UnsafeMutableBufferPointer(rebasing: buffer[block * stride..<(block + 1) * stride])
        counter.count(bins: block * lattice.count / blocks..<(block + 1) * lattice.count / blocks, into: part)
      }
    }
    var result = [UInt64](repeating: 0, count: pairs * bins)
    for block in 0..<blocks {
      for pair in 0..<pairs {
        let source = block * stride + pair * counter.stride
        for bin in 0..<bins { result[pair * bins + bin] += UInt64(partial[source + bin]) }
      }
    }
    return result
  }

  /// Larger bins waste more distances beyond the cutoff, smaller ones more copying; measured on silica to 10 Å.
  private static let atomsPerBin = 8.0

  /// The edges to divide into bins, and the corner where they start.
  private static func box(_ cell: Cell, positions: [Vector3]) -> (Matrix3, Vector3) {
    if cell.isPeriodic { return (BinLattice.reduced(cell.vectors, periodic: cell.periodic), cell.origin) }
    // Atoms may lie outside of edges that do not repeat.
    var low = Vector3(repeating: .infinity)
    var high = Vector3(repeating: -.infinity)
    for position in positions {
      let f = cell.fractional(position)
      low.replace(with: f, where: f .< low)
      high.replace(with: f, where: f .> high)
    }
    var vectors = BinLattice.reduced(cell.vectors, periodic: cell.periodic)
    var origin = cell.origin
    for axis in 0..<3 where !cell.periodic[axis] {
      guard low[axis] <= high[axis] else { continue }
      origin += low[axis] * cell.vectors[axis]
      let extent = max(high[axis] - low[axis], 1 / cell.vectors[axis].length) * (1 + 1e-9)
      vectors[axis] = vectors[axis] * extent
    }
    return (vectors, origin)
  }
}

extension Double {
  fileprivate var cubeRoot: Double {
    var root = max(self, 1e-300).squareRoot()
    for _ in 0..<200 {
      let next = (2 * root + self / (root * root)) / 3
      if abs(next - root) <= 1e-12 * root { return next }
      root = next
    }
    return root
  }
}
