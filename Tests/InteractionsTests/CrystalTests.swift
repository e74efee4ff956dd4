import Interactions
import NumericalMethods
import Structures
import Testing

/// Short-range energies of crystals against LAMMPS 22 Jul 2025, with all terms cut at 10 Å (Pedone 5.5 Å), unshifted.
@Suite struct CrystalTests {
  struct Crystal: Sendable {
    var lengths: Vector3
    var angles = Vector3(90, 90, 90)
    var atoms: [(String, [Vector3])]

    func configuration() throws -> Configuration {
      let cell = try Cell(lengths: lengths, angles: angles)
      let types = atoms.enumerated().flatMap { [Int32](repeating: Int32($0.offset), count: $0.element.1.count) }
      return try Configuration(
        cell: cell, species: atoms.map { Species(try #require(Element(symbol: $0.0))) }, types: types,
        positions: atoms.flatMap(\.1).map(cell.cartesian))
    }
  }

  static let quartz = Crystal(
    lengths: Vector3(4.9137, 4.9137, 5.4047), angles: Vector3(90, 90, 120),
    atoms: [
      ("Si", [Vector3(0.5301, 0.5301, 0.6667), Vector3(0, 0.4699, 0.3333), Vector3(0.4699, 0, 0)]),
      (
        "O",
        [
          Vector3(0.5870, 0.8538, 0.7860), Vector3(0.2668, 0.4130, 0.4527), Vector3(0.1462, 0.7332, 0.1193),
          Vector3(0.8538, 0.5870, 0.5473), Vector3(0.7332, 0.1462, 0.2140), Vector3(0.4130, 0.2668, 0.8807),
        ]
      ),
    ])

  static let lithia = Crystal(
    lengths: Vector3(repeating: 4.619),
    atoms: [
      ("Li", (0..<8).map { Vector3(0.25 + 0.5 * Double($0 & 1), 0.25 + 0.5 * Double($0 >> 1 & 1), 0.25 + 0.5 * Double($0 >> 2)) }),
      ("O", [Vector3(0, 0, 0), Vector3(0, 0.5, 0.5), Vector3(0.5, 0, 0.5), Vector3(0.5, 0.5, 0)]),
    ])

  /// γ-Li3PO4 by the operations of Pnma.
  static let lithiumPhosphate: Crystal = {
    func orbit(_ sites: [Vector3], special: [Bool]) -> [Vector3] {
      zip(sites, special).flatMap { v, special in
        let four = [
          v, Vector3(0.5 - v.x, -v.y, v.z + 0.5), Vector3(-v.x, v.y + 0.5, -v.z), Vector3(v.x + 0.5, 0.5 - v.y, 0.5 - v.z),
        ]
        return special ? four : four + four.map { Vector3(0, 0, 0) - $0 }
      }
    }
    return Crystal(
      lengths: Vector3(10.4612, 6.1113, 4.9208),
      atoms: [
        ("Li", orbit([Vector3(0.17397, 0.50431, 0.79702), Vector3(0.07725, 0.75, 0.21815)], special: [false, true])),
        ("P", orbit([Vector3(0.06829, 0.25, 0.30534)], special: [true])),
        (
          "O",
          orbit(
            [Vector3(0.13926, 0.04731, 0.20852), Vector3(0.06836, 0.75, 0.78898), Vector3(0.11477, 0.25, 0.6233)],
            special: [false, true, true])
        ),
      ])
  }()

  /// LiTi2(PO4)3 by the operations of R-3c in hexagonal axes.
  static let titaniumPhosphate: Crystal = {
    func orbit(_ sites: [Vector3]) -> [Vector3] {
      var result: [Vector3] = []
      for v in sites {
        let turned = [v, Vector3(-v.y, v.x - v.y, v.z), Vector3(v.y - v.x, -v.x, v.z)]
        let mirrored = turned + turned.map { Vector3($0.y, $0.x, 0.5 - $0.z) }
        for point in mirrored + mirrored.map({ -$0 }) {
          for centre in [Vector3.zero, Vector3(2, 1, 1) / 3, Vector3(1, 2, 2) / 3] {
            let image = point + centre
            let isKnown = result.contains { other in
              let gap = image - other
              return (gap - gap.rounded(.toNearestOrEven)).length < 1e-4
            }
            if !isKnown { result.append(image) }
          }
        }
      }
      return result
    }
    return Crystal(
      lengths: Vector3(8.511, 8.511, 20.843), angles: Vector3(90, 90, 120),
      atoms: [
        ("Li", orbit([.zero])), ("Ti", orbit([Vector3(0, 0, 0.1409)])), ("P", orbit([Vector3(0.2903, 0, 0.25)])),
        ("O", orbit([Vector3(0.1854, 0.9935, 0.1904), Vector3(0.1898, 0.1641, 0.0811)])),
      ])
  }()

  /// Force field, crystal, cutoff in Å, energy of one cell in eV.
  static let expected: [(String, String, Double, Double)] = [
    ("bks", "quartz", 10.0, -3.83542984),
    ("libp-du", "quartz", 10.0, 6.47485237),
    ("pmmcs", "quartz", 5.5, 10.12285820),
    ("libp-du", "lithia", 10.0, 1.504390768),
    ("pmmcs", "lithia", 5.5, 2.23877908),
    ("libp-du", "phosphate", 10.0, 0.4893441),
    ("pmmcs", "phosphate", 5.5, 15.31604195),
  ]

  @Test(arguments: expected)
  func shortRangeEnergy(_ field: String, _ name: String, _ cutoff: Double, _ expected: Double) throws {
    let crystal = name == "quartz" ? Self.quartz : name == "lithia" ? Self.lithia : Self.lithiumPhosphate
    let configuration = try crystal.configuration()
    // The golden run took the O-O term from another print of the set than libp-du does.
    let text = try #require(ForceField.builtinText(field)).replacing(
      "O-O: {A: 2029.2204, rho: 0.343640, C: 192.580}", with: "O-O: {A: 2029.2204, rho: 0.343645, C: 192.580}")
    let interactions = try ForceField(yaml: text, source: field).resolve(
      for: configuration, options: .init(smoothing: 0, pairCutoff: cutoff)
    ).pair
    var forces: [Vector3] = []
    let result = try ReferenceCalculator(interactions, for: configuration).evaluate(
      positions: configuration.positions, cell: configuration.cell, forces: &forces, energies: true)
    // The golden energies of about a thousand atoms have six decimals.
    #expect(abs((result.energies[.pair] ?? .nan) - expected) < 2e-8)
  }
}
