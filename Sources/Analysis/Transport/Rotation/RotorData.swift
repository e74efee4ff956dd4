import NumericalMethods
import Structures

/// Which rows of a ``TrackStore`` hold what of ions and units.
struct RotorRows: Sendable {
  /// The first rows are the displacements of ions.
  let ions: Int
  let rotors: Int
  /// The first row of the bonds of each unit, unit vectors.
  let bonds: [Int]
  let count: Int

  init(ions: Int, rotors: [Rotor]) {
    self.ions = ions
    self.rotors = rotors.count
    var next = ions + 3 * rotors.count
    bonds = rotors.map { rotor in
      defer { next += rotor.bondCount }
      return next
    }
    count = next
  }

  /// The position of the centre in Å, not wrapped.
  func center(_ rotor: Int) -> Int { ions + 3 * rotor }
  /// The sum of all small rotations so far, as a vector in radians.
  func turned(_ rotor: Int) -> Int { ions + 3 * rotor + 1 }
  /// The rotation from the first frame, as a vector of at most π in radians.
  func orientation(_ rotor: Int) -> Int { ions + 3 * rotor + 2 }
}

/// All that was kept of units over the run.
struct RotorData: Sendable {
  let store: TrackStore
  let rows: RotorRows
  let rotors: [Rotor]
  /// How many frames each unit kept its members.
  let ends: [Int]
  /// The names of the kinds of units.
  let kinds: [String]
  let pool: WorkerPool

  /// The rotors of a kind.
  func members(of kind: Int) -> [Int] { rotors.indices.filter { rotors[$0].kind == kind } }

  /// The rotors of a kind in some blocks; those of one unit move together and stay together.
  func blocks(of kind: Int, most: Int) -> [[Int]] {
    let members = members(of: kind)
    var places: [Int: Int] = [:]
    for rotor in members where places[rotors[rotor].unit] == nil { places[rotors[rotor].unit] = places.count }
    let number = max(1, min(most, places.count))
    var blocks = [[Int]](repeating: [], count: number)
    for rotor in members { blocks[(places[rotors[rotor].unit] ?? 0) * number / places.count].append(rotor) }
    return blocks
  }

  /// The orientations of a unit while it kept its members.
  func orientations(_ rotor: Int) throws -> [Orientation] {
    try vectors(rows.orientation(rotor)).prefix(ends[rotor]).map { Orientation(rotationVector: $0) }
  }

  /// One row over all frames.
  func vectors(_ row: Int) throws -> [Vector3] {
    let frames = store.frameCount
    return try withUnsafeTemporaryAllocation(of: Double.self, capacity: 3 * frames) { values in
      guard let base = values.baseAddress else { return [] }
      try store.read(rows: row..<row + 1, into: base, pitch: frames)
      return (0..<frames).map { Vector3(base[$0], base[frames + $0], base[2 * frames + $0]) }
    }
  }
}

/// The cells of a run; successive ones that are the same are kept once.
struct CellSequence: Sendable {
  private var cells: [Cell] = []
  private var places: [Int32] = []

  var memoryInBytes: Int { cells.count * 400 + places.count * 4 }

  mutating func append(_ cell: Cell) {
    if cells.last != cell { cells.append(cell) }
    places.append(Int32(cells.count - 1))
  }

  subscript(frame: Int) -> Cell { cells[Int(places[frame])] }
}
