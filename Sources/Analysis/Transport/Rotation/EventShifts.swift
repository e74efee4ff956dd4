import NumericalMethods

/// The reorientations of each polyhedron at other times: all of one by the same random time, around the part of the run in which they could be seen.
///
/// No shift is smaller than twice the coincidence time or the window, either way, where hops that go with reorientations would still count.
struct EventShifts: Sendable {
  /// How many shifts there are.
  static let count = 200

  /// The coincidence time in frames.
  let half: Int
  private let window: Int
  private let gap: Int
  /// The frames of the reorientations of each polyhedron that lasts long enough, ascending.
  let frames: [[Int]]
  /// How many polyhedra reorient but do not last long enough.
  let leftOut: Int
  /// Whether a polyhedron counts: not where its reorientations cannot be shifted.
  let counts: [Bool]
  private let spans: [Int]

  init(_ data: RotorData, events: [Reorientations.Event], window: Int, half: Int) {
    self.window = window
    self.half = half
    let gap = 2 * max(half, window)
    self.gap = gap
    let spans = data.ends.map { $0 - 2 * window }
    self.spans = spans
    var frames = [[Int]](repeating: [], count: data.rotors.count)
    for event in events { frames[event.rotor].append(event.frame) }
    counts = frames.indices.map { frames[$0].isEmpty || spans[$0] >= 4 * gap }
    leftOut = counts.count { !$0 }
    let isCounted = counts
    self.frames = frames.indices.map { isCounted[$0] ? frames[$0].sorted() : [] }
  }

  /// By how many frames the reorientations are moved, at first not at all.
  func offsets(of rotor: Int) -> [Int] {
    guard !frames[rotor].isEmpty else { return [] }
    var random = RandomStream(seed: 20_260_101, stream: UInt64(rotor))
    let room = Double(spans[rotor] - 2 * gap)
    return [0] + (0..<Self.count).map { _ in gap + Int(random.uniform() * room) }
  }

  /// Where a reorientation comes to lie.
  func place(of frame: Int, shiftedBy offset: Int, rotor: Int) -> Int {
    offset == 0 ? frame : window + Self.remainder(frame - window + offset, spans[rotor])
  }

  /// Whether a reorientation comes to lie in a range of frames.
  func hasEvent(in range: Range<Int>, shiftedBy offset: Int, rotor: Int) -> Bool {
    let own = frames[rotor]
    func has(_ low: Int, _ high: Int) -> Bool {
      let index = Self.firstIndex(of: low, in: own)
      return index < own.count && own[index] < high
    }
    if offset == 0 { return has(range.lowerBound, range.upperBound) }
    let span = spans[rotor]
    let (low, high) = (max(range.lowerBound, window), min(range.upperBound, window + span))
    guard low < high else { return false }
    // Back to where they are: one range of frames, or two where it goes around the end. The few that lie outside the span count by their remainder.
    let start = window + Self.remainder(low - window - offset, span)
    let end = start + high - low
    for turn in [-span, 0, span] where has(start + turn, end + turn) { return true }
    return false
  }

  private static func remainder(_ value: Int, _ modulus: Int) -> Int {
    let rest = value % modulus
    return rest < 0 ? rest + modulus : rest
  }

  /// The first place in ascending numbers whose value is at least as large.
  static func firstIndex(of value: Int, in sorted: [Int]) -> Int {
    var (low, high) = (0, sorted.count)
    while low < high {
      let middle = (low + high) / 2
      if sorted[middle] < value { low = middle + 1 } else { high = middle }
    }
    return low
  }
}
