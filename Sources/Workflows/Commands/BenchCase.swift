import NumericalMethods
import Structures

/// A standard case of `vitrolyte bench`: atoms and a force field that everybody can have.
struct BenchCase: Sendable {
  let name: String
  let potential: PotentialChoice
  /// Cells of cristobalite along each edge, 24 atoms each.
  let cells: Int

  static let builtins = [
    BenchCase(name: "silica-dsf", potential: PotentialChoice("teter-sio2"), cells: 5),
    BenchCase(name: "silica-dsf-24000", potential: PotentialChoice("teter-sio2"), cells: 10),
    BenchCase(name: "silica-dsf-million", potential: PotentialChoice("teter-sio2"), cells: 35),
    BenchCase(name: "silica-spme", potential: silicaOnMesh, cells: 5),
    BenchCase(name: "silica-spme-24000", potential: silicaOnMesh, cells: 10),
  ]

  /// With the accuracy that LAMMPS is usually asked for.
  private static let silicaOnMesh = PotentialChoice("teter-sio2", options: [Setting("coulomb", "spme"), Setting("accuracy", "1e-4")])

  /// β-cristobalite at 2.17 g/cm³ with its atoms shaken: as dense as the glass, and the same on every machine.
  func configuration() throws -> Configuration {
    let edge = 7.16
    let corners: [Vector3] = [[0, 0, 0], [0, 0.5, 0.5], [0.5, 0, 0.5], [0.5, 0.5, 0]]
    let bonds: [Vector3] = [[1, 1, 1], [1, -1, -1], [-1, 1, -1], [-1, -1, 1]]
    let silicon = corners + corners.map { $0 + 0.25 }
    let oxygen = corners.flatMap { corner in bonds.map { corner + $0 / 8 } }
    guard let si = Element(symbol: "Si"), let o = Element(symbol: "O") else { preconditionFailure("silicon and oxygen are elements") }
    var silica = try Configuration(
      cell: Cell(lengths: Vector3(repeating: edge)), species: [Species(si), Species(o)],
      types: [Int32](repeating: 0, count: silicon.count) + [Int32](repeating: 1, count: oxygen.count),
      positions: (silicon + oxygen).map { $0 * edge }
    ).replicated((cells, cells, cells))
    var random = RandomStream(seed: 1)
    for i in silica.positions.indices {
      silica.positions[i] += Vector3(random.normal(), random.normal(), random.normal()) * 0.05
    }
    return silica
  }
}
