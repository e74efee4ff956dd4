import Analysis
import NumericalMethods
import Structures
import Testing

func species(_ symbols: String...) throws -> [Species] {
  try symbols.map { Species(try #require(Element(symbol: $0))) }
}

/// A triclinic cell with widths of 13 Å and more, and edges whose lengths fall on no border of a histogram bin.
func tiltedCell() throws -> Cell {
  try Cell(vectors: Matrix3(Vector3(15.0371, 0, 0), Vector3(5, 16.0213, 0), Vector3(-4, 3, 17.0119)))
}

/// Points strewn without any correlation.
func idealGas(_ count: Int, cell: Cell, species: [Species], random: inout RandomStream) throws -> Configuration {
  let positions = (0..<count).map { _ in cell.cartesian(Vector3(random.uniform(), random.uniform(), random.uniform())) }
  return try Configuration(
    cell: cell, species: species, types: (0..<count).map { Int32($0 % species.count) }, positions: positions)
}

/// A crystal of cubic cells; the basis is in fractions of the edge.
func crystal(_ edge: Double, cells: Int, basis: [(Vector3, Int32)], species: [Species]) throws -> Configuration {
  var positions: [Vector3] = []
  var types: [Int32] = []
  for i in 0..<cells {
    for j in 0..<cells {
      for k in 0..<cells {
        for (place, type) in basis {
          positions.append((Vector3(Double(i), Double(j), Double(k)) + place) * edge)
          types.append(type)
        }
      }
    }
  }
  return try Configuration(
    cell: Cell(lengths: Vector3(repeating: edge * Double(cells))), species: species, types: types, positions: positions)
}

let simpleCubic: [(Vector3, Int32)] = [(.zero, 0)]
let faceCentred: [(Vector3, Int32)] = [
  (.zero, 0), (Vector3(0, 0.5, 0.5), 0), (Vector3(0.5, 0, 0.5), 0), (Vector3(0.5, 0.5, 0), 0),
]
let diamond: [(Vector3, Int32)] = faceCentred + faceCentred.map { ($0.0 + Vector3(repeating: 0.25), 0) }
/// Ideal beta-cristobalite: silicon as in diamond, oxygen in the middle of each bond.
let cristobalite: [(Vector3, Int32)] =
  diamond
  + faceCentred.flatMap { place, _ in
    [Vector3(1, 1, 1), Vector3(1, -1, -1), Vector3(-1, 1, -1), Vector3(-1, -1, 1)].map { (place + $0 * 0.125, Int32(1)) }
  }

/// Moves each atom by a Gaussian of a width in Å.
func shaken(_ configuration: Configuration, by width: Double, random: inout RandomStream) -> Frame {
  var result = configuration
  for i in result.positions.indices {
    result.positions[i] += Vector3(random.normal(), random.normal(), random.normal()) * width
  }
  return Frame(result)
}

/// Frames of one atom a track, wrapped with image flags, or without flags.
///
/// - Parameter tracks: By frame, then by atom.
func frames(
  _ tracks: [[Vector3]], cell: (Int) throws -> Cell, species: [Species], types: [Int32]? = nil, flags: Bool = true,
  interval: Double? = 0.5
) throws -> [Frame] {
  try tracks.enumerated().map { number, positions in
    let cell = try cell(number)
    var configuration = try Configuration(
      cell: cell, species: species, types: types ?? [Int32](repeating: 0, count: positions.count), positions: positions)
    if flags { configuration.images = [SIMD3<Int32>](repeating: .zero, count: positions.count) }
    configuration.wrap()
    if !flags { configuration.images = [] }
    var frame = Frame(configuration)
    frame.time = interval.map { $0 * Double(number) }
    frame.step = 100 * number
    return frame
  }
}

/// Gaussian random walks; each step has the given width in each direction.
func randomWalks(atoms: Int, frames: Int, width: Double, random: inout RandomStream) -> [[Vector3]] {
  var now = (0..<atoms).map { _ in Vector3(random.uniform(), random.uniform(), random.uniform()) * 10 }
  return (0..<frames).map { frame in
    if frame > 0 {
      for i in now.indices { now[i] += Vector3(random.normal(), random.normal(), random.normal()) * width }
    }
    return now
  }
}

extension DataTable.Column {
  /// How many entries it has.
  var rowCount: Int {
    switch values {
    case .numbers(let numbers): numbers.count
    case .text(let texts): texts.count
    }
  }
}

/// The mean-squared displacement by its definition.
func directDisplacement(_ tracks: [[Vector3]], atoms: [Int], lag: Int) -> Double {
  var sum = 0.0
  for begin in 0..<(tracks.count - lag) {
    for atom in atoms { sum += (tracks[begin + lag][atom] - tracks[begin][atom]).squaredLength }
  }
  return sum / Double((tracks.count - lag) * atoms.count)
}

/// The message of the error that a body throws, with its code.
func analysisError(_ body: () throws -> Void) throws -> AnalysisError {
  var found: AnalysisError?
  do { try body() } catch let error as AnalysisError { found = error }
  return try #require(found)
}

/// The largest difference between two curves; infinite where they are not equally long or hold no number.
func largestDifference(_ a: [Double], _ b: [Double]) -> Double {
  guard a.count == b.count, !a.isEmpty else { return .infinity }
  let differences = zip(a, b).map { abs($0 - $1) }
  return differences.contains(where: \.isNaN) ? .infinity : differences.max() ?? .infinity
}
