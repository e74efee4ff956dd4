/// Time origins spread evenly over a run whose length nobody knows beforehand, never more than some number.
///
/// Origins are multiples of a stride. When there are too many, every other one goes and the stride doubles, so that
/// between half the limit and the limit remain.
struct OriginThinning<Value: Sendable>: Sendable {
  let limit: Int
  private(set) var stride = 1
  /// The origins that are kept, with what belongs to them.
  private(set) var kept: [(frame: Int, value: Value)] = []

  /// - Parameter limit: At least 2.
  init(limit: Int) { self.limit = max(2, limit) }

  /// Whether a frame would be an origin.
  func wants(_ frame: Int) -> Bool { frame % stride == 0 }

  mutating func add(_ frame: Int, _ value: Value) {
    kept.append((frame, value))
    guard kept.count > limit else { return }
    stride *= 2
    kept.removeAll { $0.frame % stride != 0 }
  }

  mutating func update(_ index: Int, _ change: (inout Value) -> Void) { change(&kept[index].value) }
}
