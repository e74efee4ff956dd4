import Interactions
import NumericalMethods
import Structures

/// Silica as β-cristobalite at the density of the glass, its atoms shaken: 3000 atoms for 5 cells along each edge.
func shakenSilica(cells: Int) throws -> Configuration {
  let edge = 7.16
  let corners: [Vector3] = [[0, 0, 0], [0, 0.5, 0.5], [0.5, 0, 0.5], [0.5, 0.5, 0]]
  var silicon = corners + corners.map { $0 + 0.25 }
  var oxygen: [Vector3] = []
  for corner in corners {
    for bond: Vector3 in [[1, 1, 1], [1, -1, -1], [-1, 1, -1], [-1, -1, 1]] { oxygen.append(corner + bond / 8) }
  }
  silicon = silicon.map { $0 * edge }
  oxygen = oxygen.map { $0 * edge }
  guard let si = Element(symbol: "Si"), let o = Element(symbol: "O") else { preconditionFailure("Si and O are elements") }
  let cell = try Configuration(
    cell: Cell(lengths: Vector3(repeating: edge)), species: [Species(si), Species(o)],
    types: [Int32](repeating: 0, count: 8) + [Int32](repeating: 1, count: 16), positions: silicon + oxygen)
  var silica = try cell.replicated((cells, cells, cells))
  var random = RandomStream(seed: 1)
  for i in silica.positions.indices {
    silica.positions[i] += Vector3(random.normal(), random.normal(), random.normal()) * 0.15
  }
  return silica
}

func milliseconds(_ body: () throws -> Void) rethrows -> Double {
  let elapsed = try ContinuousClock().measure(body)
  return Double(elapsed.components.attoseconds) * 1e-15 + Double(elapsed.components.seconds) * 1e3
}

let arguments = CommandLine.arguments
let cells = arguments.count > 1 ? Int(arguments[1]) ?? 5 : 5
let threads = arguments.count > 2 ? Int(arguments[2]) ?? 1 : 1
let precision = arguments.count > 3 ? Precision(rawValue: arguments[3]) ?? .mixed : .mixed
let steps = arguments.count > 4 ? Int(arguments[4]) ?? 500 : 500
let silica = try shakenSilica(cells: cells)
let interactions = PairInteractions(
  species: silica.species, charges: [2.4, -1.2], coulomb: .dsf(cutoff: 10, alpha: 0.2)
) { a, b in
  switch (a, b) {
  case (0, 1): PairCurve([PairTerm(Buckingham(a: 13702.905, rho: 0.193817, c: 54.681), cutoff: 8)])
  case (1, 1): PairCurve([PairTerm(Buckingham(a: 2029.2204, rho: 0.343645, c: 192.28), cutoff: 8)])
  default: nil
  }
}
let pool = WorkerPool(threads: threads)
let calculator = try PairCalculator(interactions, for: silica, precision: precision, pool: pool)
var forces: [Vector3] = []
var evaluation = Evaluation()
evaluation = try calculator.evaluate(positions: silica.positions, cell: silica.cell, forces: &forces, energies: true)
let reference = NeighborReference(positions: silica.positions, cell: silica.cell)
let build = (0..<5).map { _ in milliseconds { calculator.neighborReference = reference } }.min() ?? 0
if silica.count < 5000 {
  let twin = try ReferenceCalculator(interactions, for: silica)
  var expected: [Vector3] = []
  let reference = try twin.evaluate(positions: silica.positions, cell: silica.cell, forces: &expected, energies: true)
  let largest = expected.map(\.length).max() ?? 1
  let worst = zip(forces, expected).map { ($0 - $1).length }.max() ?? 0
  print("energy \(evaluation.energy) against \(reference.energy); worst force \(worst / largest) of the largest \(largest)")
  print("virial \(evaluation.virial.trace) against \(reference.virial.trace) \(evaluation.virial[0, 1]) \(reference.virial[0, 1])")
}
var times: [Double] = []
for _ in 0..<steps {
  times.append(
    try milliseconds {
      _ = try calculator.evaluate(positions: silica.positions, cell: silica.cell, forces: &forces, energies: false)
    })
}
times.sort()
print("\(silica.count) atoms, \(threads) threads, \(precision): list \(build) ms, step \(times[times.count / 2]) ms (best \(times[0]))")
