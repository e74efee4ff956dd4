import CKernels

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
  /// `self` where the lanes of `u` are below the limit and the mask (a bit a lane) is set; 0 elsewhere.
  func kept(where u: Self, below limit: Self, mask: UInt16) -> Self
  /// `self` where the lanes of `u` are below the limit; 0 elsewhere.
  func kept(where u: Self, below limit: Self) -> Self
  func clamped(from low: Self, to high: Self) -> Self
  func sum() -> Scalar
  /// Splits arguments of a table into intervals and the distance from each interval's start.
  func tableInterval() -> TableInterval
  associatedtype TableInterval
  /// The cubic of each lane's interval.
  static func interpolate(_ table: UnsafePointer<Scalar>, _ interval: TableInterval) -> Self
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
  func kept(where u: Self, below limit: Self) -> Self {
    replacing(with: 0, where: u .>= limit)
  }

  @inline(__always)
  func kept(where u: Self, below limit: Self, mask: UInt16) -> Self {
    let bits = SIMD16<Int32>(repeating: Int32(mask))
    let lanes = SIMD16<Int32>(
      1, 1 << 1, 1 << 2, 1 << 3, 1 << 4, 1 << 5, 1 << 6, 1 << 7, 1 << 8, 1 << 9, 1 << 10, 1 << 11, 1 << 12, 1 << 13, 1 << 14,
      1 << 15)
    return kept(where: u, below: limit).replacing(with: 0, where: (bits & lanes) .== SIMD16<Int32>.zero)
  }

  @inline(__always)
  func clamped(from low: Self, to high: Self) -> Self { ck_min16(ck_max16(self, low), high) }

  struct TableInterval {
    var index: SIMD16<Int32>
    var offset: SIMD16<Float>
  }

  @inline(__always)
  func tableInterval() -> TableInterval {
    let bits = unsafeBitCast(self, to: SIMD16<Int32>.self)
    let shift = Int32(Float.significandBitCount - Float.tableBits)
    let start = bits & SIMD16<Int32>(repeating: ~((1 << shift) - 1))
    return TableInterval(
      index: (bits &>> SIMD16<Int32>(repeating: shift)) &- SIMD16<Int32>(repeating: Int32(Float.lowestInterval)),
      offset: self - unsafeBitCast(start, to: SIMD16<Float>.self))
  }

  @inline(__always)
  static func interpolate(_ table: UnsafePointer<Float>, _ interval: TableInterval) -> Self {
    let c = ck_lookup16(table, interval.index)
    let t = interval.offset
    return c.c0.addingProduct(t, c.c1.addingProduct(t, c.c2.addingProduct(t, c.c3)))
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
  func adding(_ a: Self, times b: Self) -> Self { addingProduct(a, b) }

  @inline(__always)
  func kept(where u: Self, below limit: Self) -> Self {
    replacing(with: 0, where: u .>= limit)
  }

  @inline(__always)
  func kept(where u: Self, below limit: Self, mask: UInt16) -> Self {
    let bits = SIMD8<Int64>(repeating: Int64(mask))
    let lanes = SIMD8<Int64>(1, 1 << 1, 1 << 2, 1 << 3, 1 << 4, 1 << 5, 1 << 6, 1 << 7)
    return kept(where: u, below: limit).replacing(with: 0, where: (bits & lanes) .== SIMD8<Int64>.zero)
  }

  @inline(__always)
  func clamped(from low: Self, to high: Self) -> Self { ck_min8(ck_max8(self, low), high) }

  struct TableInterval {
    var index: SIMD8<Int64>
    var offset: SIMD8<Double>
  }

  @inline(__always)
  func tableInterval() -> TableInterval {
    let bits = unsafeBitCast(self, to: SIMD8<Int64>.self)
    let shift = Int64(Double.significandBitCount - Double.tableBits)
    let start = bits & SIMD8<Int64>(repeating: ~((1 << shift) - 1))
    return TableInterval(
      index: (bits &>> SIMD8<Int64>(repeating: shift)) &- SIMD8<Int64>(repeating: Int64(Double.lowestInterval)),
      offset: self - unsafeBitCast(start, to: SIMD8<Double>.self))
  }

  @inline(__always)
  static func interpolate(_ table: UnsafePointer<Double>, _ interval: TableInterval) -> Self {
    let c = ck_lookup8(table, interval.index)
    let t = interval.offset
    return c.c0.addingProduct(t, c.c1.addingProduct(t, c.c2.addingProduct(t, c.c3)))
  }
}
