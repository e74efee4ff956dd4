import Synchronization

/// How a real mesh and its spectrum lie in memory.
///
/// Value (x, y, z) of the mesh is number `(x * size.y + y) * rowPitch + z`, and the spectrum's complex number (x, y, z), with
/// `z <= size.z / 2`, is number `x * planeCount + y * spectrumPitch + z`. Rows begin on cache lines.
public struct FourierMeshLayout: Hashable, Sendable {
  /// The number of points along each edge.
  public let size: SIMD3<Int>
  /// The number of values from one row to the next: room for at least 8 beyond the last point.
  public let rowPitch: Int
  /// The number of complex numbers in a row of the spectrum: `size.z / 2 + 1`, filled up to a multiple of 4 with zeros.
  public let columns: Int
  /// The number of complex numbers from one row of the spectrum to the next.
  public let spectrumPitch: Int
  /// Lines along x are transformed so many columns at a time; the last ones of a row may be fewer.
  public let chunk: Int

  public init(size: SIMD3<Int>) {
    self.size = size
    rowPitch = (size.z + 8 + 15) / 16 * 16
    columns = (size.z / 2 + 1 + 3) / 4 * 4
    spectrumPitch = (columns + 7) / 8 * 8
    let chunks = (columns + 23) / 24
    chunk = ((columns + chunks - 1) / chunks + 3) / 4 * 4
  }

  /// The number of values of the mesh.
  public var meshCount: Int { size.x * size.y * rowPitch }
  /// The number of complex numbers of the spectrum.
  public var spectrumCount: Int { size.x * planeCount }
  /// The number of complex numbers from one plane of the spectrum to the next: not a multiple of a page, whose lines would meet in the cache.
  public var planeCount: Int { size.y * spectrumPitch + 8 }
  /// The number of chunks in a row.
  public var chunks: Int { (columns + chunk - 1) / chunk }

  /// The columns of one chunk.
  public func columns(ofChunk number: Int) -> Range<Int> {
    number * chunk..<min(columns, (number + 1) * chunk)
  }
}

/// The three-dimensional Fourier transform of real values on a mesh, in steps that threads can share.
///
///     X[k] = Σ_n x[n] exp(-2πi (k1 n1/N1 + k2 n2/N2 + k3 n3/N3)),   0 <= k3 <= N3/2
///
/// First each plane of constant x by itself (``forwardPlane(_:scratch:into:)``), then the lines along x, some columns at a time. What is
/// done with the spectrum can be done between the two transforms of a line, while it is in the cache. The way back is the same
/// reversed, without the factor 1/(N1 N2 N3). All methods may be called from several threads at once, on different planes and lines.
///
/// Source: Frigo and Johnson, Proc. IEEE 93, 216 (2005), doi:10.1109/JPROC.2004.840301.
public final class FourierTransformMesh<Scalar: FourierTransformScalar>: Sendable {
  public let layout: FourierMeshLayout

  private let plans: Plans

  /// FFTW plans are only read once they are made; executing one is thread-safe.
  private struct Plans: @unchecked Sendable {
    var all: [OpaquePointer?] = []

    mutating func add(_ plan: OpaquePointer?) {
      precondition(plan != nil, "FFTW made no plan")
      all.append(plan)
    }
  }

  /// Where each plan stands in the list; those of lines are for chunks of full and of reduced width.
  private enum Step: Int {
    case forwardRows, backwardRows, forwardColumns, backwardColumns, forwardLines, backwardLines, forwardRest, backwardRest
  }

  public init(layout: FourierMeshLayout) {
    self.layout = layout
    let size = layout.size
    precondition(size.min() >= 1 && size.max() <= 1 << 15, "a mesh has between 1 and 32768 points along each edge")
    plans = FourierTransform.planner.withLock { _ in
      // Estimated plans look at the alignment of arrays only.
      let bytes = 64 + MemoryLayout<Scalar>.stride * 2 * (size.x * layout.planeCount + layout.rowPitch * size.y)
      let memory = UnsafeMutableRawPointer.allocate(byteCount: 2 * bytes, alignment: 64)
      defer { memory.deallocate() }
      let first = memory.bindMemory(to: Scalar.self, capacity: bytes / MemoryLayout<Scalar>.stride)
      let second = (memory + (bytes + 63) / 64 * 64).bindMemory(to: Scalar.self, capacity: bytes / MemoryLayout<Scalar>.stride)
      var plans = Plans()
      for isForward in [true, false] {
        plans.add(
          Scalar.planRealRows(
            length: size.z, count: size.y, first, pitch: layout.rowPitch, second, complexPitch: layout.spectrumPitch,
            isForward: isForward))
      }
      for isForward in [true, false] {
        plans.add(
          Scalar.planColumns(
            length: size.y, count: layout.columns, first, stride: layout.spectrumPitch, second, outputStride: layout.spectrumPitch,
            isForward: isForward))
      }
      let rest = layout.columns(ofChunk: layout.chunks - 1).count
      for width in [layout.chunk, rest] {
        plans.add(
          Scalar.planColumns(
            length: size.x, count: width, first, stride: layout.planeCount, second, outputStride: width, isForward: true))
        plans.add(
          Scalar.planColumns(
            length: size.x, count: width, first, stride: width, second, outputStride: layout.planeCount, isForward: false))
      }
      return plans
    }
  }

  deinit {
    let plans = plans
    FourierTransform.planner.withLock { _ in
      for plan in plans.all { Scalar.destroy(plan) }
    }
  }

  private func plan(_ step: Step) -> OpaquePointer? { plans.all[step.rawValue] }

  /// Transforms one plane of the mesh along z and y.
  ///
  /// - Parameters:
  ///   - plane: The plane's rows.
  ///   - scratch: `2 * layout.planeCount` values, on a cache line; what lies beyond the columns must be zero, and stays so.
  ///   - spectrum: The plane's rows of the spectrum.
  public func forwardPlane(
    _ plane: UnsafeMutablePointer<Scalar>, scratch: UnsafeMutablePointer<Scalar>, into spectrum: UnsafeMutablePointer<Scalar>
  ) {
    Scalar.executeForwardRows(plan(.forwardRows), plane, scratch)
    Scalar.executeColumns(plan(.forwardColumns), scratch, spectrum)
  }

  /// Transforms one plane of the spectrum back along y and z.
  public func backwardPlane(
    _ spectrum: UnsafeMutablePointer<Scalar>, scratch: UnsafeMutablePointer<Scalar>, into plane: UnsafeMutablePointer<Scalar>
  ) {
    Scalar.executeColumns(plan(.backwardColumns), spectrum, scratch)
    Scalar.executeBackwardRows(plan(.backwardRows), scratch, plane)
  }

  /// Transforms the lines along x of one chunk of a row.
  ///
  /// - Parameters:
  ///   - spectrum: The whole spectrum.
  ///   - lines: For each x the columns of the chunk, one after the other; on a cache line.
  public func forwardLines(
    y: Int, chunk: Int, _ spectrum: UnsafeMutablePointer<Scalar>, into lines: UnsafeMutablePointer<Scalar>
  ) {
    let isFull = layout.columns(ofChunk: chunk).count == layout.chunk
    Scalar.executeColumns(plan(isFull ? .forwardLines : .forwardRest), spectrum + offset(y, chunk), lines)
  }

  /// Transforms the lines along x of one chunk of a row back.
  public func backwardLines(
    y: Int, chunk: Int, _ lines: UnsafeMutablePointer<Scalar>, into spectrum: UnsafeMutablePointer<Scalar>
  ) {
    let isFull = layout.columns(ofChunk: chunk).count == layout.chunk
    Scalar.executeColumns(plan(isFull ? .backwardLines : .backwardRest), lines, spectrum + offset(y, chunk))
  }

  private func offset(_ y: Int, _ chunk: Int) -> Int { 2 * (y * layout.spectrumPitch + chunk * layout.chunk) }
}
