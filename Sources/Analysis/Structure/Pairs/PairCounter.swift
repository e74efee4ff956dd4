import NumericalMethods
import Structures

/// The inner loops of ``PairHistogram``.
struct PairCounter {
  /// Atoms of one class around a home bin that follow each other in memory.
  private struct Segment {
    var packed: Int
    var source: Int
    var count: Int
    /// What to add to the coordinates of the source, in Å.
    var shift: Vector3
  }

  let lattice: BinLattice
  let atoms: SortedAtoms
  let classes: Int
  let bins: Int
  /// Counters for each pair of classes: distances beyond the cutoff fall behind the first ``bins``.
  let stride: Int
  /// Bins per Å.
  private let scale: Double
  /// Closer to a border than this, in bins, single precision cannot tell the sides apart.
  private let border: Float
  /// The coordinate of lanes that hold no atom, in Å.
  private let nowhere: Float

  init(lattice: BinLattice, atoms: SortedAtoms, classes: Int, cutoff: Double, bins: Int) {
    self.lattice = lattice
    self.atoms = atoms
    self.classes = classes
    self.bins = bins
    scale = Double(bins) / cutoff
    let limit = max(lattice.farthest, cutoff) + 1
    nowhere = Float(limit)
    stride = Int(1.6 * limit * scale) + 2
    // Where it matters, coordinates reach no farther than the cutoff and half a bin: each carries half a unit in the last
    // place of that, their differences the sum of both and their own, in three directions; root and product a few more.
    let reach = cutoff + lattice.diagonal / 2
    let error = (1.8 * (2 * reach + cutoff) + 4 * cutoff) * Double(Float.ulpOfOne) / 2 * scale
    border = Float(min(0.5, error))
  }

  /// Counts the pairs whose first atom lies in one of the home bins.
  func count(bins home: Range<Int>, into histogram: UnsafeMutableBufferPointer<UInt32>) {
    guard let histogram = histogram.baseAddress else { return }
    var scratch = Scratch()
    defer { scratch.free() }
    var segments: [Segment] = []
    atoms.x.withUnsafeBufferPointer { x in
      atoms.y.withUnsafeBufferPointer { y in
        atoms.z.withUnsafeBufferPointer { z in
          atoms.starts.withUnsafeBufferPointer { starts in
            guard let x = x.baseAddress, let y = y.baseAddress, let z = z.baseAddress else { return }
            let source = Source(x: x, y: y, z: z, starts: starts)
            for bin in home where (0..<classes).contains(where: { source.isOccupied($0 * lattice.count + bin) }) {
              for second in 0..<classes {
                let own = pack(second, around: bin, source: source, segments: &segments, scratch: &scratch)
                for first in 0..<classes {
                  let pair = PairHistogram.pairIndex(first, second, classes: classes)
                  count(
                    first, in: bin, own: own, order: first < second ? .before : first == second ? .same : .after, source: source,
                    segments: segments, scratch: scratch, histogram: histogram + pair * stride)
                }
              }
            }
          }
        }
      }
    }
  }

  private struct Source {
    let x: UnsafePointer<Double>
    let y: UnsafePointer<Double>
    let z: UnsafePointer<Double>
    let starts: UnsafeBufferPointer<Int32>

    func isOccupied(_ slot: Int) -> Bool { starts[slot] < starts[slot + 1] }
  }

  /// Atoms of one class around the home bin, in single precision from the middle of the bin; those of the bin first.
  private struct Scratch {
    var x = UnsafeMutablePointer<Float>.allocate(capacity: 1)
    var y = UnsafeMutablePointer<Float>.allocate(capacity: 1)
    var z = UnsafeMutablePointer<Float>.allocate(capacity: 1)
    var capacity = 1
    var count = 0
    var middle = Vector3.zero

    mutating func reserve(_ wanted: Int) {
      guard wanted > capacity else { return }
      free()
      capacity = 2 * wanted
      x = .allocate(capacity: capacity)
      y = .allocate(capacity: capacity)
      z = .allocate(capacity: capacity)
    }

    func free() {
      x.deallocate()
      y.deallocate()
      z.deallocate()
    }
  }

  /// Where the first class stands against the second: pairs within the home bin must count once.
  private enum Order { case before, same, after }

  /// Gathers the atoms of a class in and behind a home bin.
  ///
  /// - Returns: How many of them lie in the home bin.
  private func pack(
    _ kind: Int, around home: Int, source: Source, segments: inout [Segment], scratch: inout Scratch
  ) -> Int {
    let (hx, hy, hz) = place(home)
    let middle = (Vector3(Double(hx), Double(hy), Double(hz)) + 0.5) * lattice.edges
    scratch.middle = middle
    let first = kind * lattice.count
    segments.removeAll(keepingCapacity: true)
    var total = 0
    func add(_ slots: Range<Int>, shift: Vector3) {
      let begin = Int(source.starts[slots.lowerBound])
      let end = Int(source.starts[slots.upperBound])
      guard begin < end else { return }
      segments.append(Segment(packed: total, source: begin, count: end - begin, shift: shift))
      total += end - begin
    }
    add(first + home..<first + home + 1, shift: .zero)
    let own = total
    for row in lattice.rows {
      guard let x = step(hx + row.x, axis: 0), let y = step(hy + row.y, axis: 1) else { continue }
      let column = first + (x.index * lattice.counts.y + y.index) * lattice.counts.z
      var z = hz + row.z.lowerBound
      let last = hz + row.z.upperBound
      while z <= last {
        guard let here = step(z, axis: 2) else {
          z += 1
          continue
        }
        // As far as this image of the cell goes.
        let length = min(last - z + 1, lattice.counts.z - here.index)
        let shift = Vector3(Double(x.image), Double(y.image), Double(here.image)) * lattice.vectors
        add(column + here.index..<column + here.index + length, shift: shift)
        z += length
      }
    }
    scratch.reserve(total + 8)
    for segment in segments {
      let shift = segment.shift - middle
      let (sx, sy, sz) = (source.x + segment.source, source.y + segment.source, source.z + segment.source)
      let (px, py, pz) = (scratch.x + segment.packed, scratch.y + segment.packed, scratch.z + segment.packed)
      for k in 0..<segment.count { px[k] = Float(sx[k] + shift.x) }
      for k in 0..<segment.count { py[k] = Float(sy[k] + shift.y) }
      for k in 0..<segment.count { pz[k] = Float(sz[k] + shift.z) }
    }
    for k in total..<total + 8 {
      scratch.x[k] = nowhere
      scratch.y[k] = 0
      scratch.z[k] = 0
    }
    scratch.count = total
    return own
  }

  /// Counts the distances from the atoms of a class in the home bin to the packed atoms.
  private func count(
    _ kind: Int, in home: Int, own: Int, order: Order, source: Source, segments: [Segment], scratch: Scratch,
    histogram: UnsafeMutablePointer<UInt32>
  ) {
    let slot = kind * lattice.count + home
    let begin = Int(source.starts[slot])
    let end = Int(source.starts[slot + 1])
    let scale = Float(self.scale)
    // Adding 1.5 · 2²³ leaves the nearest whole number in the low bits, without a conversion.
    let magic = SIMD8<Float>(repeating: 12_582_912)
    let magicBits = SIMD8<UInt32>(repeating: 0x4B40_0000)
    let inside = 0.5 - border
    let reach = Float(Double(bins) / self.scale) * 1.00001
    let limit = reach * reach
    for atom in begin..<end {
      let xi = Float(source.x[atom] - scratch.middle.x)
      let yi = Float(source.y[atom] - scratch.middle.y)
      let zi = Float(source.z[atom] - scratch.middle.z)
      var k = order == .before ? 0 : order == .same ? atom - begin + 1 : own
      while k < scratch.count {
        let dx = load(scratch.x + k) - xi
        let dy = load(scratch.y + k) - yi
        let dz = load(scratch.z + k) - zi
        k += 8
        let r2 = (dx * dx).addingProduct(dy, dy).addingProduct(dz, dz)
        guard any(r2 .< limit) else { continue }
        let r = r2.squareRoot()
        let place = r * scale - 0.5
        let rounded = place + magic
        var index = unsafeBitCast(rounded, to: SIMD8<UInt32>.self) &- magicBits
        let rest = place - (rounded - magic)
        if any(unsafeBitCast(unsafeBitCast(rest, to: SIMD8<UInt32>.self) & 0x7FFF_FFFF, to: SIMD8<Float>.self) .> inside) {
          index = settled(index, rest: rest, atom: atom, packed: k - 8, scratch: scratch, source: source, segments: segments)
        }
        for lane in 0..<8 { histogram[Int(index[lane])] &+= 1 }
      }
    }
  }

  @inline(__always)
  private func load(_ pointer: UnsafeMutablePointer<Float>) -> SIMD8<Float> {
    UnsafeRawPointer(pointer).loadUnaligned(as: SIMD8<Float>.self)
  }

  /// The bins of eight distances, those near a border computed again.
  @inline(never)
  private func settled(
    _ index: SIMD8<UInt32>, rest: SIMD8<Float>, atom: Int, packed: Int, scratch: Scratch, source: Source, segments: [Segment]
  ) -> SIMD8<UInt32> {
    var index = index
    for lane in 0..<8 where abs(rest[lane]) > 0.5 - border && packed + lane < scratch.count {
      index[lane] = exactBin(atom, packed + lane, source: source, segments: segments)
    }
    return index
  }

  /// The bin of a distance, in double precision.
  private func exactBin(_ atom: Int, _ packed: Int, source: Source, segments: [Segment]) -> UInt32 {
    var low = 0
    var high = segments.count - 1
    while low < high {
      let middle = (low + high + 1) / 2
      if segments[middle].packed <= packed { low = middle } else { high = middle - 1 }
    }
    let segment = segments[low]
    let other = segment.source + packed - segment.packed
    let d =
      Vector3(source.x[other], source.y[other], source.z[other]) - Vector3(source.x[atom], source.y[atom], source.z[atom])
      + segment.shift
    return UInt32(d.length * scale)
  }

  private func place(_ bin: Int) -> (Int, Int, Int) {
    let z = bin % lattice.counts.z
    let xy = bin / lattice.counts.z
    return (xy / lattice.counts.y, xy % lattice.counts.y, z)
  }

  /// The bin and the image of a step along an axis, or `nil` outside a lattice that does not repeat there.
  @inline(__always)
  private func step(_ step: Int, axis: Int) -> (index: Int, image: Int)? {
    let count = lattice.counts[axis]
    if step >= 0 && step < count { return (step, 0) }
    guard lattice.periodic[axis] else { return nil }
    let image = step >= 0 ? step / count : -((count - 1 - step) / count)
    return (step - image * count, image)
  }
}
