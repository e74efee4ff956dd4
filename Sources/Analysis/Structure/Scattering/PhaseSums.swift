import CKernels
import NumericalMethods

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// Density amplitudes of classes of atoms at reciprocal vectors.
///
///     rho_a(Q) = sum_{i in a} exp(i Q r_i) = sum_i e(h x_i) e(k y_i) e(l z_i),   e(t) = exp(2 pi i t)
///
/// with fractional coordinates x, y, z. For a tile of atoms the powers of the three factors are tabulated once, by multiplication in
/// double precision, and kept in single; products of a cosine or sine along each edge are summed in vectors over the atoms of a
/// tile in single precision, and over tiles in double. The eight sums give the amplitudes of all four choices of the signs of k and l.
/// Each phase is off by up to about 4 units in the last place of single precision, so that
///
///     |error of rho| < 5e-7 N  at worst,  about 1e-7 sqrt(N) in disordered matter.
///
/// The plain twin is ``PhaseSumsReference``.
struct PhaseSums {
  /// The classes of atoms, -1 for none.
  let classOf: [Int32]
  let classes: Int
  /// The atoms sorted by class, and where each class begins.
  private let order: [Int32]
  private let starts: [Int]

  init(classOf: [Int32], classes: Int) {
    self.classOf = classOf
    self.classes = classes
    var starts = [Int](repeating: 0, count: classes + 1)
    for kind in classOf where kind >= 0 { starts[Int(kind) + 1] += 1 }
    for kind in 0..<classes { starts[kind + 1] += starts[kind] }
    var next = starts
    var order = [Int32](repeating: 0, count: starts[classes])
    for (atom, kind) in classOf.enumerated() where kind >= 0 {
      order[next[Int(kind)]] = Int32(atom)
      next[Int(kind)] += 1
    }
    self.starts = starts
    self.order = order
  }

  /// A run of atoms of one class whose sums one thread adds up, tile by tile.
  private struct Block {
    var kind: Int
    var atoms: Range<Int>
  }

  /// The largest size of the tables of a tile in bytes: they and what is read beside them stay in the cache of one core.
  private static let tableBytes = 400_000
  /// Blocks in all, roughly: many enough for the threads, few enough that their sums cost little.
  private static let blockCount = 16
  /// The most groups of vectors at a time, for the memory of the sums.
  private static let groupsAtOnce = 8192

  /// Computes the amplitudes.
  ///
  /// - Parameters:
  ///   - positions: Cartesian, in Å, wrapped or not.
  ///   - inverse: The inverse of the matrix of edges (rows) of the cell.
  /// - Returns: Real and imaginary part, `[kind × vectors.count + vector]`.
  func amplitudes(_ vectors: ReciprocalVectors, positions: [Vector3], inverse: Matrix3, pool: WorkerPool) -> (re: [Double], im: [Double]) {
    let rows = SIMD3(vectors.highest.x + 1, vectors.highest.y + 1, vectors.highest.z + 1)
    let allRows = rows.x + rows.y + rows.z
    let tile = max(16, min(128, Self.tableBytes / (8 * allRows) / 16 * 16))
    let blocks = self.blocks()
    var re = [Double](repeating: 0, count: classes * vectors.count)
    var im = re
    var firstVector = 0
    var first = 0
    while first < vectors.groupCount {
      let groups = min(Self.groupsAtOnce, vectors.groupCount - first)
      // Each block clears its own part, so that its pages come to the core that works on them.
      let sums = UnsafeMutableBufferPointer<Double>.allocate(capacity: blocks.count * groups * 8)
      defer { sums.deallocate() }
      vectors.triples.withUnsafeBufferPointer { triples in
        nonisolated(unsafe) let triples = triples
        nonisolated(unsafe) let sums = sums
        pool.forEachBlock(blocks.count) { number in
          guard let triples = triples.baseAddress, groups > 0 else { return }
          let own = UnsafeMutableBufferPointer(rebasing: sums[number * groups * 8..<(number + 1) * groups * 8])
          own.initialize(repeating: 0)
          guard let out = own.baseAddress else { return }
          add(
            blocks[number], tile: tile, rows: rows, positions: positions, inverse: inverse, groups: groups, triples: triples + 3 * first,
            sums: out)
        }
      }
      var end = firstVector
      while end < vectors.count, Int(vectors.group[end]) < first + groups { end += 1 }
      combine(sums, blocks: blocks, groups: groups, first: first, vectors: vectors, range: firstVector..<end, re: &re, im: &im, pool: pool)
      firstVector = end
      first += groups
    }
    return (re, im)
  }

  private func blocks() -> [Block] {
    var result: [Block] = []
    let all = max(1, order.count)
    for kind in 0..<classes {
      let atoms = starts[kind + 1] - starts[kind]
      guard atoms > 0 else { continue }
      // Cut between full vectors of 16 atoms, not between tiles: blocks are then even, and threads done at the same time.
      let vectors = (atoms + 15) / 16
      let number = max(1, min(vectors, (Self.blockCount * atoms + all / 2) / all))
      for block in 0..<number {
        let low = starts[kind] + min(atoms, block * vectors / number * 16)
        let high = starts[kind] + min(atoms, (block + 1) * vectors / number * 16)
        result.append(Block(kind: kind, atoms: low..<high))
      }
    }
    return result
  }

  /// Adds the sums over the atoms of a block.
  private func add(
    _ block: Block, tile: Int, rows: SIMD3<Int>, positions: [Vector3], inverse: Matrix3, groups: Int,
    triples: UnsafePointer<Int32>, sums: UnsafeMutablePointer<Double>
  ) {
    let tables = UnsafeMutableRawPointer.allocate(byteCount: 8 * tile * (rows.x + rows.y + rows.z), alignment: 64)
      .assumingMemoryBound(to: Float.self)
    // Cosines and sines along each edge, and two rows of scratch.
    let phases = UnsafeMutableRawPointer.allocate(byteCount: 8 * 8 * tile, alignment: 64).assumingMemoryBound(to: Double.self)
    defer {
      tables.deallocate()
      phases.deallocate()
    }
    let starts = SIMD3(0, 2 * tile * rows.x, 2 * tile * (rows.x + rows.y))
    var begin = block.atoms.lowerBound
    while begin < block.atoms.upperBound {
      let atoms = min(tile, block.atoms.upperBound - begin)
      // The last tile is as short as its atoms allow.
      let lanes = (atoms + 15) / 16 * 16
      for i in 0..<lanes {
        guard i < atoms else {
          for axis in 0..<6 { phases[axis * lanes + i] = 0 }
          continue
        }
        let f = positions[Int(order[begin + i])] * inverse
        let angle = 2 * Double.pi * (f - f.rounded(.toNearestOrEven))
        for axis in 0..<3 {
          phases[2 * axis * lanes + i] = cos(angle[axis])
          phases[(2 * axis + 1) * lanes + i] = sin(angle[axis])
        }
      }
      for axis in 0..<3 {
        ck_phase_table(
          lanes, rows[axis], phases + 2 * axis * lanes, phases + (2 * axis + 1) * lanes, phases + 6 * lanes, phases + 7 * lanes,
          tables + starts[axis])
      }
      // Lanes without an atom have 1 at h = 0, from which every power begins; one zero factor is enough.
      for row in 0..<rows.x {
        for i in atoms..<lanes {
          tables[2 * row * lanes + i] = 0
          tables[(2 * row + 1) * lanes + i] = 0
        }
      }
      ck_phase_sums(lanes, tables, tables + starts.y, tables + starts.z, groups, triples, sums)
      begin += atoms
    }
  }

  /// Puts amplitudes together from the sums of all blocks, which become those of the first block of each class.
  private func combine(
    _ sums: UnsafeMutableBufferPointer<Double>, blocks: [Block], groups: Int, first: Int, vectors: ReciprocalVectors, range: Range<Int>,
    re: inout [Double], im: inout [Double], pool: WorkerPool
  ) {
    guard let all = sums.baseAddress else { return }
    nonisolated(unsafe) let base = all
    let count = vectors.count
    let firstBlocks = (0..<classes).map { kind in blocks.firstIndex { $0.kind == kind } ?? 0 }
    pool.forEachRange(groups, grain: 512) { part in
      for (number, block) in blocks.enumerated() where number != firstBlocks[block.kind] {
        let target = base + 8 * (firstBlocks[block.kind] * groups + part.lowerBound)
        let source = base + 8 * (number * groups + part.lowerBound)
        for i in 0..<8 * part.count { target[i] += source[i] }
      }
    }
    re.withUnsafeMutableBufferPointer { re in
      im.withUnsafeMutableBufferPointer { im in
        nonisolated(unsafe) let re = re
        nonisolated(unsafe) let im = im
        pool.forEachRange(range.count, grain: 1024) { part in
          for vector in range.lowerBound + part.lowerBound..<range.lowerBound + part.upperBound {
            let group = Int(vectors.group[vector]) - first
            let signs = vectors.signs[vector]
            // Of exp(i a) exp(i b) exp(i c) with signs of b and c: products of cosines and sines that count, and how.
            let k = signs & 2 == 0 ? 1.0 : -1.0
            let l = signs & 1 == 0 ? 1.0 : -1.0
            for kind in 0..<classes where starts[kind] < starts[kind + 1] {
              let s = base + 8 * (firstBlocks[kind] * groups + group)
              let evenCosine = s[0] - k * s[1]
              let oddCosine = s[3] + k * s[2]
              let evenSine = s[4] - k * s[5]
              let oddSine = s[7] + k * s[6]
              re[kind * count + vector] = evenCosine - l * oddSine
              im[kind * count + vector] = oddCosine + l * evenSine
            }
          }
        }
      }
    }
  }
}

/// The plain twin of ``PhaseSums``: every phase by itself, in double precision.
enum PhaseSumsReference {
  static func amplitudes(
    _ vectors: ReciprocalVectors, classOf: [Int32], classes: Int, positions: [Vector3], inverse: Matrix3
  ) -> (re: [Double], im: [Double]) {
    var re = [Double](repeating: 0, count: classes * vectors.count)
    var im = re
    for vector in 0..<vectors.count {
      let indices = vectors.indices(vector)
      let hkl = Vector3(Double(indices.x), Double(indices.y), Double(indices.z))
      for atom in positions.indices where classOf[atom] >= 0 {
        let f = positions[atom] * inverse
        let turns = hkl.dot(f - f.rounded(.toNearestOrEven))
        re[Int(classOf[atom]) * vectors.count + vector] += cos(2 * .pi * turns)
        im[Int(classOf[atom]) * vectors.count + vector] += sin(2 * .pi * turns)
      }
    }
    return (re, im)
  }
}
