import CKernels
import NumericalMethods
import Structures

/// The vector arithmetic that the pair kernel is written in: sixteen single-precision or eight double-precision lanes.
///
/// The protocol exists so that one kernel serves both precisions; every requirement is inlined to a few instructions.
protocol KernelLanes {
  associatedtype Scalar: TableScalar
  /// The number of lanes; it divides ``ClusterList/padding``.
  static var width: Int { get }

  init(repeating value: Scalar)
  init(loading pointer: UnsafePointer<Scalar>)
  func store(to pointer: UnsafeMutablePointer<Scalar>)
  static func + (left: Self, right: Self) -> Self
  static func - (left: Self, right: Self) -> Self
  static func * (left: Self, right: Self) -> Self
  /// `self + a * b`, rounded once.
  func adding(_ a: Self, times b: Self) -> Self
  /// `self` in the lanes where `u` is below the limit; 0 elsewhere.
  func kept(where u: Self, below limit: Self) -> Self
  /// Whether any lane is below the limit.
  func isAnywhere(below limit: Self) -> Bool
  /// `self` in the lanes whose bit is set; 0 elsewhere.
  func kept(where bits: UInt16) -> Self
  func sum() -> Scalar
  /// The value of a table of cubics; see ``PairTables``.
  static func interpolate(_ table: UnsafePointer<Scalar>, at argument: Self, highest: Scalar) -> Self
  /// Lays the atoms of packed entries out in columns, relative to a centre.
  static func stage(_ entries: PackedEntries, _ positions: PlacedPositions, center: Vector3, _ columns: Columns<Scalar>)
  /// Adds the forces in columns to the rows of their entries.
  static func unstage(_ entries: PackedEntries, _ columns: Columns<Scalar>, to forces: UnsafeMutablePointer<Vector3>)
}

/// A stretch of a packed neighbour list.
struct PackedEntries {
  let base: UnsafePointer<UInt32>
  /// The row of each entry among the block's forces.
  let rows: UnsafePointer<UInt32>
  /// A multiple of ``ClusterList/padding``.
  let count: Int

  @inline(__always)
  func atom(_ k: Int) -> Int { Int(base[k] & UInt32(CK_ATOM_MASK)) }

  @inline(__always)
  func shift(_ k: Int) -> Int { Int(base[k] >> UInt32(CK_SHIFT_POSITION)) }
}

/// Positions at each place, and the lattice shifts by number.
struct PlacedPositions {
  let positions: UnsafePointer<Vector3>
  let shifts: UnsafePointer<Vector3>
}

/// Columns of a cluster's neighbours: positions, and the forces on them.
struct Columns<Scalar> {
  let x, y, z, fx, fy, fz: UnsafeMutablePointer<Scalar>

  /// Six columns one after the other.
  init(_ base: UnsafeMutablePointer<Scalar>, capacity: Int) {
    (x, y, z) = (base, base + capacity, base + 2 * capacity)
    (fx, fy, fz) = (base + 3 * capacity, base + 4 * capacity, base + 5 * capacity)
  }
}

extension SIMD16<Float>: KernelLanes {
  @inline(__always) static var width: Int { 16 }

  @inline(__always)
  init(loading pointer: UnsafePointer<Float>) {
    self = UnsafeRawPointer(pointer).loadUnaligned(as: SIMD16<Float>.self)
  }

  @inline(__always)
  func store(to pointer: UnsafeMutablePointer<Float>) {
    UnsafeMutableRawPointer(pointer).storeBytes(of: self, as: SIMD16<Float>.self)
  }

  @inline(__always)
  func adding(_ a: Self, times b: Self) -> Self { addingProduct(a, b) }

  @inline(__always)
  func kept(where u: Self, below limit: Self) -> Self { ck_keep16(self, u, limit) }

  @inline(__always)
  func isAnywhere(below limit: Self) -> Bool { ck_any16(self, limit) != 0 }

  func kept(where bits: UInt16) -> Self {
    var result = self
    for lane in 0..<16 where bits & (1 << UInt16(lane)) == 0 { result[lane] = 0 }
    return result
  }

  @inline(__always)
  static func interpolate(_ table: UnsafePointer<Float>, at argument: Self, highest: Float) -> Self {
    ck_interpolate16(table, argument, Float(Float.lowestArgument), highest)
  }

  @inline(__always)
  static func stage(_ entries: PackedEntries, _ positions: PlacedPositions, center: Vector3, _ columns: Columns<Float>) {
    let rows = UnsafeRawPointer(positions.positions).assumingMemoryBound(to: Double.self)
    let shifts = UnsafeRawPointer(positions.shifts).assumingMemoryBound(to: Double.self)
    withUnsafeBytes(of: center) { center in
      guard let center = center.assumingMemoryBound(to: Double.self).baseAddress else { return }
      var k = 0
      while k < entries.count {
        ck_stage16(rows, shifts, entries.base + k, center, columns.x + k, columns.y + k, columns.z + k)
        k += 16
      }
    }
  }

  @inline(__always)
  static func unstage(_ entries: PackedEntries, _ columns: Columns<Float>, to forces: UnsafeMutablePointer<Vector3>) {
    let rows = UnsafeMutableRawPointer(forces).assumingMemoryBound(to: Double.self)
    var k = 0
    while k < entries.count {
      ck_scatter16(
        rows, entries.rows + k, Self(loading: columns.fx + k), Self(loading: columns.fy + k), Self(loading: columns.fz + k))
      k += 16
    }
  }
}

extension SIMD8<Double>: KernelLanes {
  @inline(__always) static var width: Int { 8 }

  @inline(__always)
  init(loading pointer: UnsafePointer<Double>) {
    self = UnsafeRawPointer(pointer).loadUnaligned(as: SIMD8<Double>.self)
  }

  @inline(__always)
  func store(to pointer: UnsafeMutablePointer<Double>) {
    UnsafeMutableRawPointer(pointer).storeBytes(of: self, as: SIMD8<Double>.self)
  }

  @inline(__always)
  func adding(_ a: Self, times b: Self) -> Self { ck_fma8(a, b, self) }

  @inline(__always)
  func kept(where u: Self, below limit: Self) -> Self { ck_keep8(self, u, limit) }

  @inline(__always)
  func isAnywhere(below limit: Self) -> Bool { ck_any8(self, limit) != 0 }

  func kept(where bits: UInt16) -> Self {
    var result = self
    for lane in 0..<8 where bits & (1 << UInt16(lane)) == 0 { result[lane] = 0 }
    return result
  }

  @inline(__always)
  static func interpolate(_ table: UnsafePointer<Double>, at argument: Self, highest: Double) -> Self {
    ck_interpolate8(table, argument, Double.lowestArgument, highest)
  }

  @inline(__always)
  static func stage(_ entries: PackedEntries, _ positions: PlacedPositions, center: Vector3, _ columns: Columns<Double>) {
    for k in 0..<entries.count {
      let point = positions.positions[entries.atom(k)] + positions.shifts[entries.shift(k)] - center
      columns.x[k] = point.x
      columns.y[k] = point.y
      columns.z[k] = point.z
    }
  }

  @inline(__always)
  static func unstage(_ entries: PackedEntries, _ columns: Columns<Double>, to forces: UnsafeMutablePointer<Vector3>) {
    for k in 0..<entries.count {
      forces[Int(entries.rows[k])] += Vector3(columns.fx[k], columns.fy[k], columns.fz[k])
    }
  }
}
