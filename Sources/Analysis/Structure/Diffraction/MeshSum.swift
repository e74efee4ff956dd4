import NumericalMethods
import Structures

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// The squared structure factors of a large cell at all reciprocal vectors at once, from atoms spread on a mesh.
///
/// Each atom becomes a cardinal B-spline of order 10 on a mesh of three points a wave; the transform of the mesh divided by that of the spline
/// is the structure factor but for images in other zones, which the spline damps by (1/2)^10 at the highest Q and by far more below.
///
/// Source of the splines: Essmann et al., J. Chem. Phys. 103, 8577 (1995), doi:10.1063/1.470117.
enum MeshSum {
  static let order = 10

  /// The points of the mesh along each edge.
  static func size(_ cell: Cell, highestQ: Double) -> SIMD3<Int> {
    let reach = ReflectionList.reach(cell, highestQ: highestQ)
    func points(_ highest: Int) -> Int { FourierTransform.fastLength(atLeast: max(order + 2, 3 * (highest + 1))) }
    return SIMD3(points(reach.x), points(reach.y), points(reach.z))
  }

  /// Bytes that a mesh and its sums take.
  static func memory(_ size: SIMD3<Int>, atoms: Int) -> Int {
    let layout = FourierMeshLayout(size: size)
    return 8 * layout.meshCount + 16 * layout.spectrumCount + 32 * 2 * size.x * size.y * size.z / 27 * 4 + 300 * atoms
  }

  /// Adds |F|² of all vectors up to a Q, both of two opposite ones, to a histogram.
  ///
  /// - Parameters:
  ///   - amplitudes: By species, at Q in 1/Å.
  ///   - bin: The place in the histogram and the angle of a Q, nil for none.
  ///   - histogram: Sums of |F|² and of |F|² times the angle.
  static func add(
    _ configuration: Configuration, classes: [Int32], classCount: Int, highestQ: Double, amplitudes: ReflectionSum.Amplitudes,
    pool: WorkerPool,
    bin: (Double) -> (place: Int, angle: Double)?, to histogram: inout [SIMD2<Double>]
  ) {
    let cell = configuration.cell
    let size = size(cell, highestQ: highestQ)
    let layout = FourierMeshLayout(size: size)
    let transform = FourierTransformMesh<Double>(layout: layout)
    let reach = ReflectionList.reach(cell, highestQ: highestQ)
    let table = AmplitudeTable(amplitudes, classCount: classCount, highestQ: highestQ)
    let factors = (0..<3).map { splineFactors(size[$0], reach[$0]) }
    let (rows, columns) = (2 * reach.y + 1, reach.z + 1)
    let planes = 2 * reach.x + 1
    // For each vector the sums with the real and with the imaginary parts of the amplitudes.
    var sums = [SIMD4<Double>](repeating: .zero, count: planes * rows * columns)
    let mesh = aligned(layout.meshCount)
    let spectrum = aligned(2 * layout.spectrumCount)
    defer {
      mesh.deallocate()
      spectrum.deallocate()
    }
    let reciprocal = ReflectionList.reciprocal(cell)
    for kind in 0..<classCount {
      let splines = AtomSplines(configuration, size: size, atoms: classes.indices.filter { classes[$0] == Int32(kind) })
      nonisolated(unsafe) let (mesh, spectrum) = (mesh, spectrum)
      pool.forEachBlock(size.x) { plane in
        let scratch = aligned(2 * layout.planeCount)
        defer { scratch.deallocate() }
        let row = mesh + plane * size.y * layout.rowPitch
        row.update(repeating: 0, count: size.y * layout.rowPitch)
        splines.spread(plane, into: row, pitch: layout.rowPitch)
        transform.forwardPlane(row, scratch: scratch, into: spectrum + 2 * plane * layout.planeCount)
      }
      sums.withUnsafeMutableBufferPointer { sums in
        nonisolated(unsafe) let sums = sums
        pool.forEachBlock(rows) { row in
          let lines = aligned(2 * size.x * layout.chunk)
          defer { lines.deallocate() }
          let k = row - reach.y
          for chunk in 0..<layout.chunks {
            let range = layout.columns(ofChunk: chunk)
            guard range.lowerBound <= reach.z else { break }
            transform.forwardLines(y: k < 0 ? k + size.y : k, chunk: chunk, spectrum, into: lines)
            for plane in 0..<planes {
              let h = plane - reach.x
              let start = (h < 0 ? h + size.x : h) * range.count
              for l in range where l <= reach.z {
                let q = (Vector3(Double(h), Double(k), Double(l)) * reciprocal).length
                guard q <= highestQ else { continue }
                let place = 2 * (start + l - range.lowerBound)
                let value =
                  SIMD2(lines[place], lines[place + 1]) * (factors[0][abs(h)] * factors[1][abs(k)] * factors[2][l])
                let f = table.amplitude(kind, q)
                sums[(plane * rows + row) * columns + l] += SIMD4(lowHalf: value * f.x, highHalf: value * f.y)
              }
            }
          }
        }
      }
    }
    for plane in 0..<planes {
      for row in 0..<rows {
        for l in 0..<columns where plane != reach.x || row != reach.y || l != 0 {
          let q = (Vector3(Double(plane - reach.x), Double(row - reach.y), Double(l)) * reciprocal).length
          guard q <= highestQ, let bin = bin(q) else { continue }
          let value = sums[(plane * rows + row) * columns + l]
          // All with l > 0 stand for their opposites; those with l = 0 are all there.
          let square = (l > 0 ? 2 : 1) * (value * value).sum()
          histogram[bin.place] += SIMD2(square, square * bin.angle)
        }
      }
    }
  }

  /// One over the transform of the spline along an edge: (x / sin x)^order, x = π m / n.
  private static func splineFactors(_ points: Int, _ reach: Int) -> [Double] {
    (0...reach).map { m in
      guard m > 0 else { return 1 }
      let x = Double.pi * Double(m) / Double(points)
      return pow(x / sin(x), Double(order))
    }
  }

  /// Memory on a cache line, all zero.
  private static func aligned(_ count: Int) -> UnsafeMutablePointer<Double> {
    let memory = UnsafeMutableRawPointer.allocate(byteCount: 8 * count, alignment: 64).bindMemory(to: Double.self, capacity: count)
    memory.update(repeating: 0, count: count)
    return memory
  }
}

/// Amplitudes of species at even steps of Q, between which lines do: to 1e-7 of them.
private struct AmplitudeTable: Sendable {
  private let values: [SIMD2<Double>]
  private let classCount: Int
  private let scale: Double

  init(_ amplitudes: ReflectionSum.Amplitudes, classCount: Int, highestQ: Double) {
    let steps = 1 << 14
    self.classCount = classCount
    scale = Double(steps) / highestQ
    values = (0...steps + 1).flatMap { amplitudes(Double($0) * highestQ / Double(steps)) }
  }

  @inline(__always)
  func amplitude(_ kind: Int, _ q: Double) -> SIMD2<Double> {
    let place = q * scale
    let low = Int(place)
    let part = place - Double(low)
    return values[low * classCount + kind] * (1 - part) + values[(low + 1) * classCount + kind] * part
  }
}

/// The splines of some atoms on a mesh, and which of them touch each plane.
private struct AtomSplines: Sendable {
  private static let order = MeshSum.order
  private let size: SIMD3<Int>
  /// The first point of each atom, and its weights along the three edges.
  private var first: [SIMD3<Int>] = []
  private var weights: [Double] = []
  /// Atoms by the first plane that they touch.
  private var atomsOfPlane: [[Int32]]

  init(_ configuration: Configuration, size: SIMD3<Int>, atoms: [Int]) {
    self.size = size
    atomsOfPlane = [[Int32]](repeating: [], count: size.x)
    first.reserveCapacity(atoms.count)
    weights.reserveCapacity(3 * Self.order * atoms.count)
    for (number, atom) in atoms.enumerated() {
      let f = configuration.cell.fractional(configuration.positions[atom])
      var start = SIMD3<Int>(0, 0, 0)
      for axis in 0..<3 {
        let place = (f[axis] - f[axis].rounded(.down)) * Double(size[axis])
        // Centred: the phase of a shift by half the order would turn with the index.
        let low = Int(place) - Self.order / 2 + 1
        start[axis] = (low % size[axis] + size[axis]) % size[axis]
        weights += Self.spline(place - place.rounded(.down))
      }
      first.append(start)
      atomsOfPlane[start.x].append(Int32(number))
    }
  }

  /// The centred B-spline at the points around an atom that is `part` of a step behind the middle one.
  private static func spline(_ part: Double) -> [Double] {
    // Values of M_n(part + k), k = 0 … n - 1, by the recursion in n.
    var values = [Double](repeating: 0, count: order)
    values[0] = 1
    for n in 2...order {
      for k in stride(from: n - 1, through: 0, by: -1) {
        let x = part + Double(k)
        let here = k < n - 1 ? values[k] : 0
        let before = k > 0 ? values[k - 1] : 0
        values[k] = (x * here + (Double(n) - x) * before) / Double(n - 1)
      }
    }
    // The point `low + j` lies part + order/2 - 1 - j behind the atom.
    return values.reversed()
  }

  /// Adds all atoms that touch a plane, those farthest behind first.
  func spread(_ plane: Int, into rows: UnsafeMutablePointer<Double>, pitch: Int) {
    let order = Self.order
    weights.withUnsafeBufferPointer { weights in
      for step in 0..<order {
        for number in atomsOfPlane[(plane - step + 2 * size.x) % size.x] {
          let start = first[Int(number)]
          let own = Int(number) * 3 * order
          let wx = weights[own + step]
          var y = start.y
          for j in 0..<order {
            let wxy = wx * weights[own + order + j]
            let row = rows + y * pitch
            var z = start.z
            for k in 0..<order {
              row[z] += wxy * weights[own + 2 * order + k]
              z += 1
              if z == size.z { z = 0 }
            }
            y += 1
            if y == size.y { y = 0 }
          }
        }
      }
    }
  }
}
