import NumericalMethods
import Structures

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// The intensity of every slab of a frame at every wave vector of the plane; see ``Disorder``.
struct SlabSpectrum: Sendable {
  /// `intensities[slab * waves + wave]`, in shares of full order.
  private(set) var intensities: [Double]
  /// How many atoms each slab holds.
  let atoms: [Double]
  /// The number of independent scatterers, `(sum w)² / sum w²`.
  let scatterers: [Double]

  /// Slabs with fewer atoms than these are empty space: their intensity is not a number.
  static let fewestAtoms = 4.0

  /// - Parameter isTaken: Whether an atom counts.
  init(_ configuration: Configuration, isTaken: (Int) -> Bool, geometry: SlabGeometry, pool: WorkerPool) {
    let plane = SlabPlane(configuration.cell, axis: geometry.axis.index)
    let atoms = SlabAtoms(configuration, isTaken: isTaken, geometry: geometry, plane: plane)
    let amplitudes = Self.layerAmplitudes(atoms, geometry: geometry, plane: plane, pool: pool)
    self.init(amplitudes, atoms: atoms, geometry: geometry, plane: plane, pool: pool)
  }

  /// Adds the layers of each slab up and takes the intensity.
  ///
  /// - Parameter amplitudes: `[layer * waves + wave]`.
  init(_ amplitudes: [SIMD2<Double>], atoms: SlabAtoms, geometry: SlabGeometry, plane: SlabPlane, pool: WorkerPool) {
    let (sums, squares) = atoms.weights(geometry)
    self.atoms = sums
    scatterers = zip(sums, squares).map { $1 > 0 ? $0 * $0 / $1 : 0 }
    let (waves, layers, thickness) = (geometry.waves, geometry.layers, geometry.layersPerSlab)
    let damping = geometry.waves.map { wave -> Double in
      let q = plane.wave(wave.first, wave.second) * geometry.gaussianWidth
      return exp(-q * q)
    }
    // A layer beyond the far face is the image of one inside, moved in the plane by the lean of the cell.
    let phases = waves.map { wave -> SIMD2<Double> in
      let angle = -2 * Double.pi * (Double(wave.first) * plane.tilt.x + Double(wave.second) * plane.tilt.y)
      return SIMD2(cos(angle), sin(angle))
    }
    let slabs = geometry.slabs
    var result = [Double](repeating: .nan, count: slabs * waves.count)
    result.withUnsafeMutableBufferPointer { result in
      nonisolated(unsafe) let result = result
      amplitudes.withUnsafeBufferPointer { amplitudes in
        nonisolated(unsafe) let amplitudes = amplitudes
        pool.forEachBlock(slabs) { slab in
          let norm = sums[slab] * sums[slab] - squares[slab]
          guard sums[slab] >= Self.fewestAtoms, norm > 0 else { return }
          for wave in waves.indices {
            var sum = SIMD2<Double>.zero
            var beyond = SIMD2<Double>.zero
            for layer in slab..<slab + thickness {
              if layer < layers {
                sum += amplitudes[layer * waves.count + wave]
              } else {
                beyond += amplitudes[(layer - layers) * waves.count + wave]
              }
            }
            let phase = phases[wave]
            sum += SIMD2(beyond.x * phase.x - beyond.y * phase.y, beyond.x * phase.y + beyond.y * phase.x)
            result[slab * waves.count + wave] = (sum.x * sum.x + sum.y * sum.y - damping[wave] * squares[slab]) / norm
          }
        }
      }
    }
    intensities = result
  }

  /// The Fourier amplitudes of the density in each layer, from a grid.
  private static func layerAmplitudes(
    _ atoms: SlabAtoms, geometry: SlabGeometry, plane: SlabPlane, pool: WorkerPool
  ) -> [SIMD2<Double>] {
    let (layers, waves) = (geometry.layers, geometry.waves)
    let transform = FourierTransformMesh<Double>(layout: FourierMeshLayout(size: SIMD3(1, geometry.grid.x, geometry.grid.y)))
    let layout = transform.layout
    let places = waves.map { wave in
      (wave.first >= 0 ? wave.first : wave.first + geometry.grid.x) * layout.spectrumPitch + wave.second
    }
    let planeSize = layout.meshCount
    let blocks = max(1, min(16, layers))
    var amplitudes = [SIMD2<Double>](repeating: .zero, count: layers * waves.count)
    amplitudes.withUnsafeMutableBufferPointer { amplitudes in
      nonisolated(unsafe) let amplitudes = amplitudes
      pool.forEachBlock(blocks) { block in
        let own = block * layers / blocks..<(block + 1) * layers / blocks
        let bytes = 8 * (planeSize * own.count + 4 * layout.planeCount) + 256
        let memory = UnsafeMutableRawPointer.allocate(byteCount: bytes, alignment: 64)
        defer { memory.deallocate() }
        memset(memory, 0, bytes)
        let planes = memory.bindMemory(to: Double.self, capacity: bytes / 8)
        let scratch = planes + (planeSize * own.count + 7) / 8 * 8
        let spectrum = scratch + (2 * layout.planeCount + 7) / 8 * 8
        var spreader = GaussianSpreader(geometry: geometry, plane: plane, rowPitch: layout.rowPitch)
        for atom in 0..<atoms.count {
          let depth = atoms.depth[atom]
          for layer in atoms.layers(depth) {
            let image = Int((Double(layer) / Double(layers)).rounded(.down))
            let home = layer - image * layers
            guard own.contains(home), image == 0 || geometry.isPeriodic else { continue }
            let weight = atoms.share(depth, from: Double(layer), to: Double(layer + 1))
            // A layer of the next cell holds what its image in this cell does, one edge back.
            let shift = SIMD2(Double(image) * plane.tilt.x, Double(image) * plane.tilt.y)
            spreader.add(
              at: SIMD2(atoms.first[atom], atoms.second[atom]) - shift, weight: weight,
              into: planes + (home - own.lowerBound) * planeSize)
          }
        }
        for layer in own {
          transform.forwardPlane(planes + (layer - own.lowerBound) * planeSize, scratch: scratch, into: spectrum)
          for (wave, place) in places.enumerated() {
            amplitudes[layer * waves.count + wave] = SIMD2(spectrum[2 * place], spectrum[2 * place + 1])
          }
        }
      }
    }
    return amplitudes
  }

  /// The same from its definition, atom by atom and wave by wave: the twin that tests hold the grid against.
  static func reference(_ configuration: Configuration, isTaken: (Int) -> Bool, geometry: SlabGeometry) -> SlabSpectrum {
    let plane = SlabPlane(configuration.cell, axis: geometry.axis.index)
    let atoms = SlabAtoms(configuration, isTaken: isTaken, geometry: geometry, plane: plane)
    let (layers, waves) = (geometry.layers, geometry.waves)
    var amplitudes = [SIMD2<Double>](repeating: .zero, count: layers * waves.count)
    for atom in 0..<atoms.count {
      let depth = atoms.depth[atom]
      for image in geometry.isPeriodic ? -1...1 : 0...0 {
        for layer in 0..<layers {
          let start = Double(layer + image * layers)
          let weight = atoms.share(depth, from: start, to: start + 1)
          for (index, wave) in waves.enumerated() {
            let q = plane.wave(wave.first, wave.second) * geometry.gaussianWidth
            let angle =
              -2 * Double.pi
              * (Double(wave.first) * (atoms.first[atom] - Double(image) * plane.tilt.x)
                + Double(wave.second) * (atoms.second[atom] - Double(image) * plane.tilt.y))
            amplitudes[layer * waves.count + index] += weight * exp(-q * q / 2) * SIMD2(cos(angle), sin(angle))
          }
        }
      }
    }
    return SlabSpectrum(amplitudes, atoms: atoms, geometry: geometry, plane: plane, pool: WorkerPool(threads: 1))
  }
}

/// Adds Gaussians to the points of a grid in the plane.
struct GaussianSpreader {
  private let grid: SIMD2<Int>
  private let rowPitch: Int
  private let first: SlabPlane.Vector
  private let second: SlabPlane.Vector
  private let reach: SIMD2<Double>
  private let inverse: Double
  private let height: Double
  private let bend: Double

  init(geometry: SlabGeometry, plane: SlabPlane, rowPitch: Int) {
    grid = geometry.grid
    self.rowPitch = rowPitch
    first = SlabPlane.Vector(x: plane.first.x / Double(grid.x), y: 0)
    second = SlabPlane.Vector(x: plane.second.x / Double(grid.y), y: plane.second.y / Double(grid.y))
    let radius = SlabGeometry.reach * geometry.gaussianWidth
    // The circle spans so many rows of each direction of a skewed grid.
    let pointArea = plane.area / Double(grid.x * grid.y)
    reach = SIMD2(radius * second.length / pointArea, radius * first.length / pointArea)
    inverse = 1 / (2 * geometry.gaussianWidth * geometry.gaussianWidth)
    height = pointArea * inverse / Double.pi
    bend = exp(-2 * inverse * (second.x * second.x + second.y * second.y))
  }

  /// - Parameter place: In shares of the edges, any image.
  @inline(__always)
  mutating func add(at place: SIMD2<Double>, weight: Double, into plane: UnsafeMutablePointer<Double>) {
    guard weight != 0 else { return }
    let center = SIMD2((place.x - place.x.rounded(.down)) * Double(grid.x), (place.y - place.y.rounded(.down)) * Double(grid.y))
    let radius = SlabGeometry.reach * SlabGeometry.reach / (2 * inverse)
    for i in Int((center.x - reach.x).rounded(.up))...Int((center.x + reach.x).rounded(.down)) {
      let x0 = (Double(i) - center.x) * first.x
      // Of the row, the points within the circle; along it the Gaussian follows by products.
      let slope = second.x * second.x + second.y * second.y
      let middle = center.y - x0 * second.x / slope
      let gap = x0 * x0 - (x0 * second.x) * (x0 * second.x) / slope
      guard gap < radius else { continue }
      let half = ((radius - gap) / slope).squareRoot()
      let (low, high) = (Int((middle - half).rounded(.up)), Int((middle + half).rounded(.down)))
      guard low <= high else { continue }
      let j = Double(low) - center.y
      let x = x0 + j * second.x
      let y = j * second.y
      var value = weight * height * exp(-inverse * (x * x + y * y))
      var ratio = exp(-inverse * (2 * (x * second.x + y * second.y) + slope))
      let row = plane + wrapped(i, grid.x) * rowPitch
      var column = wrapped(low, grid.y)
      for _ in low...high {
        row[column] += value
        value *= ratio
        ratio *= bend
        column += 1
        if column == grid.y { column = 0 }
      }
    }
  }

  @inline(__always)
  private func wrapped(_ index: Int, _ count: Int) -> Int {
    let rest = index % count
    return rest < 0 ? rest + count : rest
  }
}
