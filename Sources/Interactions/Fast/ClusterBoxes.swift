import CKernels
import NumericalMethods
import Structures

/// The boxes that hold the atoms of each cluster, and the atoms themselves, in single precision and in columns.
///
/// They only decide what goes into a list; ``slack`` makes up for the rounding.
struct ClusterBoxes: Sendable {
  /// The number of clusters.
  let count: Int
  /// The range of each cluster's atoms in coordinates along the edges.
  let fractionalLow: [Vector3]
  let fractionalHigh: [Vector3]
  /// What is added to distances, in Å: above the rounding of a coordinate of 1000 Å.
  static let slack = 1e-3

  /// Centres and half edges of boxes along the axes, relative to the cell's origin: six columns, filled up to a multiple of 16
  /// with boxes that are nowhere near.
  private let boxes: AlignedMemory<Float>
  private let stride: Int
  /// Positions at each place: three columns, filled up to a multiple of 8 with atoms that are nowhere near.
  private let atoms: AlignedMemory<Float>
  private let atomStride: Int
  /// The number of places that hold an atom.
  private let places: Int

  init(_ order: SpatialOrder, cell: Cell) {
    let size = SpatialOrder.clusterSize
    let places = order.positions.count
    self.places = places
    let clusters = (places + size - 1) / size
    count = clusters
    stride = (clusters + 31) / 16 * 16
    atomStride = clusters * size
    boxes = AlignedMemory(count: 6 * stride)
    atoms = AlignedMemory(count: 3 * atomStride)
    let far: Float = 1e7
    (boxes.base).update(repeating: far, count: stride)
    (atoms.base).update(repeating: far, count: atomStride)
    var lows: [Vector3] = []
    var highs: [Vector3] = []
    lows.reserveCapacity(clusters)
    highs.reserveCapacity(clusters)
    for cluster in 0..<clusters {
      let first = order.positions[cluster * size] - cell.origin
      var (low, high) = (first, first)
      let firstFraction = first * cell.inverse
      var (fractionalLow, fractionalHigh) = (firstFraction, firstFraction)
      for place in cluster * size..<min(places, (cluster + 1) * size) {
        let position = order.positions[place] - cell.origin
        let fraction = position * cell.inverse
        low.replace(with: position, where: position .< low)
        high.replace(with: position, where: position .> high)
        fractionalLow.replace(with: fraction, where: fraction .< fractionalLow)
        fractionalHigh.replace(with: fraction, where: fraction .> fractionalHigh)
        for axis in 0..<3 { atoms.base[axis * atomStride + place] = Float(position[axis]) }
      }
      for axis in 0..<3 {
        boxes.base[axis * stride + cluster] = Float((low[axis] + high[axis]) / 2)
        boxes.base[(3 + axis) * stride + cluster] = Float((high[axis] - low[axis]) / 2)
      }
      lows.append(fractionalLow)
      highs.append(fractionalHigh)
    }
    fractionalLow = lows
    fractionalHigh = highs
  }

  /// Calls a closure with the clusters of a range whose boxes, moved by a shift, come within a distance of a cluster's box.
  @inline(__always)
  func forEachCluster(
    in range: Range<Int>, near cluster: Int, shift: Vector3, within distance: Double, _ body: (Int) -> Void
  ) {
    typealias Lanes = SIMD16<Float>
    var center: (Lanes, Lanes, Lanes) = (.zero, .zero, .zero)
    center.0 = Lanes(repeating: boxes.base[cluster] - Float(shift.x))
    center.1 = Lanes(repeating: boxes.base[stride + cluster] - Float(shift.y))
    center.2 = Lanes(repeating: boxes.base[2 * stride + cluster] - Float(shift.z))
    let halfX = Lanes(repeating: boxes.base[3 * stride + cluster])
    let halfY = Lanes(repeating: boxes.base[4 * stride + cluster])
    let halfZ = Lanes(repeating: boxes.base[5 * stride + cluster])
    let limit = Lanes(repeating: Float((distance + Self.slack) * (distance + Self.slack)))
    var start = range.lowerBound
    while start < range.upperBound {
      let gapX = Self.gap(Lanes(loading: boxes.base + start) - center.0, Lanes(loading: boxes.base + 3 * stride + start) + halfX)
      let gapY = Self.gap(
        Lanes(loading: boxes.base + stride + start) - center.1, Lanes(loading: boxes.base + 4 * stride + start) + halfY)
      let gapZ = Self.gap(
        Lanes(loading: boxes.base + 2 * stride + start) - center.2, Lanes(loading: boxes.base + 5 * stride + start) + halfZ)
      var bits = ck_mask16((gapX * gapX).addingProduct(gapY, gapY).addingProduct(gapZ, gapZ), limit)
      if range.upperBound - start < 16 { bits &= (1 << UInt16(range.upperBound - start)) - 1 }
      while bits != 0 {
        body(start + bits.trailingZeroBitCount)
        bits &= bits - 1
      }
      start += 16
    }
  }

  /// The gap between two intervals, from the distance of their centres and the sum of their halves.
  @inline(__always)
  private static func gap(_ distance: SIMD16<Float>, _ halves: SIMD16<Float>) -> SIMD16<Float> {
    let size = distance.replacing(with: -distance, where: distance .< 0)
    return (size - halves).replacing(with: 0, where: size .< halves)
  }

  /// A bit for each atom of a cluster that, moved by a shift, comes within a distance of any atom of another cluster.
  @inline(__always)
  func atoms(of cluster: Int, shift: Vector3, within distance: Double, ofAtomsOf home: Int) -> UInt8 {
    typealias Lanes = SIMD8<Float>
    let base = UnsafeRawPointer(atoms.base + cluster * SpatialOrder.clusterSize)
    let stride = atomStride * MemoryLayout<Float>.stride
    let x = base.loadUnaligned(as: Lanes.self) + Float(shift.x)
    let y = base.loadUnaligned(fromByteOffset: stride, as: Lanes.self) + Float(shift.y)
    let z = base.loadUnaligned(fromByteOffset: 2 * stride, as: Lanes.self) + Float(shift.z)
    let limit = Lanes(repeating: Float((distance + Self.slack) * (distance + Self.slack)))
    var bits: UInt8 = 0
    // Places without an atom are nowhere near an atom, but near each other's images.
    for place in home * SpatialOrder.clusterSize..<min(places, (home + 1) * SpatialOrder.clusterSize) {
      let dx = x - atoms.base[place]
      let dy = y - atoms.base[atomStride + place]
      let dz = z - atoms.base[2 * atomStride + place]
      bits |= ck_mask8((dx * dx).addingProduct(dy, dy).addingProduct(dz, dz), limit)
    }
    return bits
  }
}
