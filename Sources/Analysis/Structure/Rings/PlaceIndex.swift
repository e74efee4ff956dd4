/// The numbers of keys in the order in which they were added, in open addressing.
struct PlaceIndex: Sendable {
  private var slots: [Int64]
  private var numbers: [Int32]
  private var used: [Int32] = []
  private var bits: Int

  init(bits: Int = 8) {
    self.bits = bits
    slots = [Int64](repeating: RingDistances.empty, count: 1 << bits)
    numbers = [Int32](repeating: 0, count: 1 << bits)
  }

  /// The number of a key, or `nil`.
  @inline(__always)
  subscript(key: Int64) -> Int? {
    slots.withUnsafeBufferPointer { slots in
      let mask = 1 << bits - 1
      var slot = RingDistances.hash(key, bits)
      while true {
        if slots[slot] == key { return Int(numbers[slot]) }
        if slots[slot] == RingDistances.empty { return nil }
        slot = (slot + 1) & mask
      }
    }
  }

  /// Adds a key that is not there.
  mutating func append(_ key: Int64) {
    if 2 * used.count >= 1 << bits { grow() }
    let mask = 1 << bits - 1
    var slot = RingDistances.hash(key, bits)
    while slots[slot] != RingDistances.empty { slot = (slot + 1) & mask }
    slots[slot] = key
    numbers[slot] = Int32(used.count)
    used.append(Int32(slot))
  }

  mutating func removeAll() {
    for slot in used { slots[Int(slot)] = RingDistances.empty }
    used.removeAll(keepingCapacity: true)
  }

  private mutating func grow() {
    let keys = used.map { slots[Int($0)] }
    self = PlaceIndex(bits: bits + 1)
    for key in keys { append(key) }
  }
}
