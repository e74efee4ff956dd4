import Interactions
import NumericalMethods
import Structures

/// A standard case of `vitrolyte bench`: atoms and a force field that everybody can have.
struct BenchCase: Sendable {
  let name: String
  let potential: PotentialChoice
  /// In ps.
  var timestep = 0.001
  let atoms: BenchCrystal
  /// How often the cell is repeated along each edge.
  let cells: (Int, Int, Int)

  static let builtins = [
    BenchCase(name: "silica-dsf", potential: PotentialChoice("teter-sio2"), atoms: .silica, cells: (5, 5, 5)),
    BenchCase(name: "silica-dsf-24000", potential: PotentialChoice("teter-sio2"), atoms: .silica, cells: (10, 10, 10)),
    BenchCase(name: "silica-dsf-million", potential: PotentialChoice("teter-sio2"), atoms: .silica, cells: (35, 35, 35)),
    BenchCase(name: "silica-spme", potential: meshed, atoms: .silica, cells: (5, 5, 5)),
    BenchCase(name: "silica-spme-24000", potential: meshed, atoms: .silica, cells: (10, 10, 10)),
    BenchCase(name: "latp-core-shell", potential: shells, timestep: 0.0002, atoms: .titaniumPhosphate, cells: (3, 3, 3)),
    BenchCase(name: "latp-core-shell-23000", potential: shells, timestep: 0.0002, atoms: .titaniumPhosphate, cells: (6, 6, 6)),
    BenchCase(name: "lps-ariga", potential: PotentialChoice("lps-ariga"), atoms: .thiophosphate, cells: (5, 6, 6)),
    BenchCase(name: "lps-ariga-23000", potential: PotentialChoice("lps-ariga"), atoms: .thiophosphate, cells: (10, 12, 12)),
  ]

  private static let meshed = PotentialChoice("teter-sio2", options: [.init("coulomb", "spme"), .init("accuracy", "1e-4")])
  private static let shells = PotentialChoice("latp-core-shell", options: [.init("shells", "adiabatic")])

  /// The crystal with its atoms shaken: as dense as the glass, and the same on every machine.
  func configuration() throws -> Configuration {
    var crystal = try atoms.cell().replicated(cells)
    if atoms == .thiophosphate { crystal = try ForceField.find(potential.name).assigningTopology(to: crystal) }
    var random = RandomStream(seed: 1)
    for i in crystal.positions.indices {
      crystal.positions[i] += Vector3(random.normal(), random.normal(), random.normal()) * 0.05
    }
    return crystal
  }
}

/// The crystals of the standard cases.
enum BenchCrystal: Sendable {
  /// β-cristobalite at 2.17 g/cm³, idealised.
  case silica
  /// γ-Li3PS4.
  case thiophosphate
  /// LiTi2(PO4)3.
  case titaniumPhosphate

  func cell() throws -> Configuration {
    switch self {
    case .silica: try Self.silicaCell()
    case .thiophosphate: try Self.thiophosphateCell()
    case .titaniumPhosphate: try Self.titaniumPhosphateCell()
    }
  }

  private static func silicaCell() throws -> Configuration {
    let corners: [Vector3] = [[0, 0, 0], [0, 0.5, 0.5], [0.5, 0, 0.5], [0.5, 0.5, 0]]
    let bonds: [Vector3] = [[1, 1, 1], [1, -1, -1], [-1, 1, -1], [-1, -1, 1]]
    return try crystal(
      Cell(lengths: Vector3(repeating: 7.16)),
      [("Si", corners + corners.map { $0 + 0.25 }), ("O", corners.flatMap { corner in bonds.map { corner + $0 / 8 } })])
  }

  /// Pmn2₁. Source: the data files of Ariga et al., doi:10.1039/D1CP05393K.
  private static func thiophosphateCell() throws -> Configuration {
    func orbit(_ sites: Vector3...) -> [Vector3] {
      images(of: sites) { v in
        [v, Vector3(-v.x, v.y, v.z), Vector3(0.5 - v.x, -v.y, v.z + 0.5), Vector3(0.5 + v.x, -v.y, v.z + 0.5)]
      }
    }
    return try crystal(
      Cell(lengths: Vector3(7.70829, 6.5352, 6.1365)),
      [
        ("Li", orbit([0.2502, 0.3309, 0.0179], [0, 0.145, 0.486])), ("P", orbit([0, 0.8218, 0.9942])),
        ("S", orbit([0.2185, 0.6717, 0.8857], [0, 0.1083, 0.888], [0, 0.8049, 0.3230])),
      ])
  }

  /// R-3c, hexagonal axes. Source: ICSD 95979.
  private static func titaniumPhosphateCell() throws -> Configuration {
    func orbit(_ sites: Vector3...) -> [Vector3] {
      images(of: sites) { v in
        let turned = [v, Vector3(-v.y, v.x - v.y, v.z), Vector3(v.y - v.x, -v.x, v.z)]
        let mirrored = turned + turned.map { Vector3($0.y, $0.x, 0.5 - $0.z) }
        return (mirrored + mirrored.map { -$0 }).flatMap { point in
          [Vector3.zero, Vector3(2, 1, 1) / 3, Vector3(1, 2, 2) / 3].map { point + $0 }
        }
      }
    }
    return try crystal(
      Cell(lengths: Vector3(8.511, 8.511, 20.843), angles: Vector3(90, 90, 120)),
      [
        ("Li", orbit(.zero)), ("Ti", orbit([0, 0, 0.1409])), ("P", orbit([0.2903, 0, 0.25])),
        ("O", orbit([0.1854, 0.9935, 0.1904], [0.1898, 0.1641, 0.0811])),
      ])
  }

  /// The different images of sites, in units of the edges.
  private static func images(of sites: [Vector3], _ operations: (Vector3) -> [Vector3]) -> [Vector3] {
    var result: [Vector3] = []
    for image in sites.flatMap(operations) {
      let isNew = result.allSatisfy { other in
        let gap = image - other
        return (gap - gap.rounded(.toNearestOrEven)).length > 1e-4
      }
      if isNew { result.append(image) }
    }
    return result
  }

  private static func crystal(_ cell: Cell, _ atoms: [(symbol: String, sites: [Vector3])]) throws -> Configuration {
    try Configuration(
      cell: cell, species: atoms.compactMap { Element(symbol: $0.symbol).map { Species($0) } },
      types: atoms.enumerated().flatMap { [Int32](repeating: Int32($0.offset), count: $0.element.sites.count) },
      positions: atoms.flatMap(\.sites).map(cell.cartesian))
  }
}
