import NumericalMethods
import Structures

/// Smooth particle-mesh Ewald in one precision.
final class MeshEngine<Scalar: MeshScalar> {
  private let charges: [Double]
  private let density: ChargeDensity
  private let alpha: Double
  private let order: Int
  private let fixedMesh: SIMD3<Int>?
  private let meshSize: MeshSize
  private let pool: WorkerPool
  private let atoms: MeshAtoms<Scalar>
  private var state: MeshState?

  /// A mesh and the memory that goes with it.
  private final class MeshState {
    let layout: FourierMeshLayout
    let transform: FourierTransformMesh<Scalar>
    let influence: MeshInfluence<Scalar>
    let mesh: AlignedMemory<Scalar>
    let spectrum: AlignedMemory<Scalar>
    /// A plane of the spectrum, or the lines of a chunk, for each task at a time.
    let scratch: AlignedMemory<Scalar>
    let lines: AlignedMemory<Scalar>
    let rowOffsets: [Int]
    let tasks: Int

    init(size: SIMD3<Int>, order: Int, threads: Int) {
      layout = FourierMeshLayout(size: size)
      transform = FourierTransformMesh(layout: layout)
      influence = MeshInfluence(layout: layout, order: order)
      mesh = AlignedMemory(count: layout.meshCount)
      spectrum = AlignedMemory(count: 2 * layout.spectrumCount)
      // More tasks than threads, since some planes hold more atoms than others.
      tasks = threads == 1 ? 1 : min(size.x, 4 * threads)
      scratch = AlignedMemory(count: 2 * layout.planeCount * tasks)
      lines = AlignedMemory(count: 2 * size.x * layout.chunk * tasks)
      rowOffsets = (0..<size.y + 8).map { [pitch = layout.rowPitch] in $0 % size.y * pitch }
    }
  }

  init(charges: [Double], alpha: Double, order: Int, mesh: SIMD3<Int>?, error: Double, pool: WorkerPool) {
    self.charges = charges
    density = ChargeDensity(charges.lazy.map { ($0, 1) }, volume: 1)
    self.alpha = alpha
    self.order = order
    fixedMesh = mesh
    meshSize = MeshSize(alpha: alpha, order: order, error: error)
    self.pool = pool
    atoms = MeshAtoms(count: charges.count, order: order)
  }

  /// The mesh for a cell.
  func size(for cell: Cell) throws -> SIMD3<Int> {
    if let fixedMesh { return fixedMesh }
    guard let size = meshSize.size(for: cell, density.with(volume: cell.volume)) else {
      throw LatticeSum.tooFine
    }
    return size
  }

  /// Adds forces, and gives the energy in eV, the virial, and the sum of the forces, which a mesh does not make vanish.
  func add(
    positions: [Vector3], cell: Cell, to forces: inout [Vector3]
  ) throws -> (energy: Double, virial: Matrix3, netForce: Vector3) {
    let state = try prepare(cell)
    guard atoms.place(positions, charges, cell: cell, size: state.layout.size, pool: pool) else {
      throw InteractionsError(
        .lostAtoms, "an atom's position is not finite; the time step is too long or atoms overlapped at the start")
    }
    return state.rowOffsets.withUnsafeBufferPointer { offsets in
      guard let rowOffsets = offsets.baseAddress else { return (0, .zero, .zero) }
      let loops = MeshLoops(layout: state.layout, order: order, mesh: state.mesh.base, rowOffsets: rowOffsets)
      spread(state, loops)
      let (energy, virial) = convolve(state, cell: cell)
      transformBack(state, loops)
      let netForce = forces.withUnsafeMutableBufferPointer { collect(state, loops, cell: cell, to: $0) }
      return (energy, virial, netForce)
    }
  }

  private func prepare(_ cell: Cell) throws -> MeshState {
    let size = try size(for: cell)
    let state: MeshState
    if let old = self.state, old.layout.size == size {
      state = old
    } else {
      state = MeshState(size: size, order: order, threads: pool.threads)
      self.state = state
    }
    state.influence.prepare(cell: cell, alpha: alpha, pool: pool)
    return state
  }

  /// Charges onto the mesh, and each plane's transform.
  private func spread(_ state: MeshState, _ loops: MeshLoops<Scalar>) {
    let layout = state.layout
    let tasks = state.tasks
    pool.forEachBlock(tasks) { task in
      let planes = task * layout.size.x / tasks..<(task + 1) * layout.size.x / tasks
      loops.spread(atoms, over: planes)
      let scratch = state.scratch.base + 2 * layout.planeCount * task
      // What lies beyond the columns has been overwritten by nobody, and is zero.
      for plane in planes {
        state.transform.forwardPlane(
          state.mesh.base + plane * layout.size.y * layout.rowPitch, scratch: scratch,
          into: state.spectrum.base + 2 * plane * layout.planeCount)
      }
    }
  }

  /// Charges to potentials, line by line; energy and virial on the way.
  private func convolve(_ state: MeshState, cell: Cell) -> (energy: Double, virial: Matrix3) {
    let layout = state.layout
    let (tasks, chunks) = (state.tasks, layout.chunks)
    let work = layout.size.y * chunks
    var sums = [WaveMetric.Sums](repeating: .init(), count: work)
    sums.withUnsafeMutableBufferPointer { sums in
      let shared = UnsafeSendable(sums)
      pool.forEachBlock(tasks) { task in
        let lines = state.lines.base + 2 * layout.size.x * layout.chunk * task
        for item in task * work / tasks..<(task + 1) * work / tasks {
          let (y, chunk) = (item / chunks, item % chunks)
          state.transform.forwardLines(y: y, chunk: chunk, state.spectrum.base, into: lines)
          let (potential, virial) = state.influence.lines(y: y, chunk: chunk)
          shared.value[item] = WaveMetric.Sums(
            layout: layout, y: y, columns: layout.columns(ofChunk: chunk), lines, potential: potential, virial: virial)
          state.transform.backwardLines(y: y, chunk: chunk, lines, into: state.spectrum.base)
        }
      }
    }
    var total = WaveMetric.Sums()
    for sum in sums { total += sum }
    // A charge meets itself through the mesh, and not as it would without one: of that, the mean over places is known.
    let itself = state.influence.selfInteraction
    let (energy, virial) = WaveMetric(cell: cell, alpha: alpha).energyAndVirial(total)
    return (energy - density.chargeSquares * itself.energy, virial - itself.virial * density.chargeSquares)
  }

  private func transformBack(_ state: MeshState, _ loops: MeshLoops<Scalar>) {
    let layout = state.layout
    let tasks = state.tasks
    pool.forEachBlock(tasks) { task in
      let planes = task * layout.size.x / tasks..<(task + 1) * layout.size.x / tasks
      let scratch = state.scratch.base + 2 * layout.planeCount * task
      for plane in planes {
        state.transform.backwardPlane(
          state.spectrum.base + 2 * plane * layout.planeCount, scratch: scratch,
          into: state.mesh.base + plane * layout.size.y * layout.rowPitch)
      }
      loops.extend(planes)
    }
  }

  private func collect(
    _ state: MeshState, _ loops: MeshLoops<Scalar>, cell: Cell, to forces: UnsafeMutableBufferPointer<Vector3>
  ) -> Vector3 {
    let size = state.layout.size
    // u_d = n_d s_d, and s = (r - origin) * inverse: the slope along u_d belongs to the column d of the inverse.
    var scale = cell.inverse.transposed
    for axis in 0..<3 { scale[axis] *= Double(size[axis]) }
    // As many blocks as atoms ask for, whatever the threads: their sums are added in order.
    let blocks = max(1, (charges.count + 127) / 128)
    var sums = [Vector3](repeating: .zero, count: blocks)
    sums.withUnsafeMutableBufferPointer { sums in
      let shared = UnsafeSendable((sums, forces))
      pool.forEachBlock(blocks) { block in
        let places = block * charges.count / blocks..<(block + 1) * charges.count / blocks
        shared.value.0[block] = loops.addForces(atoms, at: places, scale: scale, to: shared.value.1)
      }
    }
    return sums.reduce(.zero, +)
  }
}
