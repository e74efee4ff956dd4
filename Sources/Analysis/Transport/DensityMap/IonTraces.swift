import NumericalMethods

/// The ways of some atoms in bounded memory: at first every frame, then every second, fourth … as the run goes on.
struct IonTraces: Sendable {
  /// The atoms, by their place in the first frame.
  let atoms: [Int]
  /// How many frames there are between two kept.
  private(set) var stride = 1
  /// The numbers of the frames kept.
  private(set) var frames: [Int] = []
  /// By frame kept, then by atom: coordinates along the edges, not wrapped.
  private(set) var places: [[Vector3]] = []
  private let limit: Int
  private var seen = 0

  init(atoms: [Int]) {
    self.atoms = atoms
    limit = 2 * max(100, min(1000, (32 << 20) / (MemoryLayout<Vector3>.stride * max(1, atoms.count))))
  }

  var memoryInBytes: Int { places.count * atoms.count * MemoryLayout<Vector3>.stride }

  /// Takes the places of the atoms at the next frame.
  mutating func add(_ next: [Vector3]) {
    defer { seen += 1 }
    guard !atoms.isEmpty, seen % stride == 0 else { return }
    frames.append(seen)
    places.append(next)
    guard frames.count == limit else { return }
    stride *= 2
    let kept = frames.indices.filter { frames[$0] % stride == 0 }
    frames = kept.map { frames[$0] }
    places = kept.map { places[$0] }
  }

  /// The atoms that are farthest from where they were first, by their place in ``atoms``, the farthest first.
  ///
  /// - Parameter edges: Of the cell, as rows, in Å.
  func farthest(_ count: Int, edges: Matrix3) -> [Int] {
    guard let first = places.first, let last = places.last else { return [] }
    let lengths = atoms.indices.map { ((last[$0] - first[$0]) * edges).squaredLength }
    let order = atoms.indices.sorted { lengths[$0] != lengths[$1] ? lengths[$0] > lengths[$1] : $0 < $1 }
    return Array(order.prefix(count))
  }
}
