import Foundation
import Interactions
import NumericalMethods
import Structures
import Testing

/// A configuration with the energies, virials and forces of bonded or three-body terms that LAMMPS finds; see `Golden/make_terms.py`.
struct TermsGolden: Decodable, Sendable {
  struct Evaluation: Decodable, Sendable {
    let forceField: String
    let energies: [String: Double]
    let virialComponents: [Double]
    private let forceComponents: [[Double]]

    private enum CodingKeys: String, CodingKey {
      case forceField = "force_field"
      case energies = "energies_eV"
      case virialComponents = "virial_eV_xx_yy_zz_yz_xz_xy"
      case forceComponents = "forces_eV_per_A"
    }

    var forces: [Vector3] { forceComponents.map { Vector3($0[0], $0[1], $0[2]) } }
  }

  let labels: [String]
  let types: [Int32]
  let evaluations: [Evaluation]
  private let cellVectors: [[Double]]
  private let positionComponents: [[Double]]
  private let bonds, angles, dihedrals: [[Int32]]?

  private enum CodingKeys: String, CodingKey {
    case labels, types, evaluations, bonds, angles, dihedrals
    case cellVectors = "cell_A"
    case positionComponents = "positions_A"
  }

  init(from decoder: any Decoder) throws {
    let values = try decoder.container(keyedBy: CodingKeys.self)
    labels = try values.decode([String].self, forKey: .labels)
    types = try values.decode([Int32].self, forKey: .types)
    cellVectors = try values.decode([[Double]].self, forKey: .cellVectors)
    positionComponents = try values.decode([[Double]].self, forKey: .positionComponents)
    bonds = try values.decodeIfPresent([[Int32]].self, forKey: .bonds)
    angles = try values.decodeIfPresent([[Int32]].self, forKey: .angles)
    dihedrals = try values.decodeIfPresent([[Int32]].self, forKey: .dihedrals)
    evaluations = try values.decodeIfPresent([Evaluation].self, forKey: .evaluations) ?? [Evaluation(from: decoder)]
  }

  static func load(_ name: String) throws -> TermsGolden {
    let folder = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    return try JSONDecoder().decode(TermsGolden.self, from: Data(contentsOf: folder.appending(path: "Golden/\(name).json")))
  }

  func configuration() throws -> Configuration {
    func vector(_ row: [Double]) -> Vector3 { Vector3(row[0], row[1], row[2]) }
    let species = try labels.map { Species(try #require(Element(symbol: $0.prefix(1))), label: $0) }
    var configuration = try Configuration(
      cell: Cell(vectors: Matrix3(vector(cellVectors[0]), vector(cellVectors[1]), vector(cellVectors[2]))), species: species, types: types,
      positions: positionComponents.map(vector))
    configuration.topology.bonds = (bonds ?? []).map { .init(type: 0, atoms: SIMD2($0[0], $0[1])) }
    configuration.topology.angles = (angles ?? []).map { .init(type: 0, atoms: SIMD3($0[0], $0[1], $0[2])) }
    configuration.topology.dihedrals = (dihedrals ?? []).map { .init(type: 0, atoms: SIMD4($0[0], $0[1], $0[2], $0[3])) }
    return configuration
  }
}

/// What a contribution computes for atoms where they are.
struct Outcome {
  var forces: [Vector3]
  var evaluation: Evaluation

  init(_ contribution: any ForceContribution, positions: [Vector3], cell: Cell) throws {
    forces = [Vector3](repeating: .zero, count: positions.count)
    evaluation = try contribution.add(positions: positions, cell: cell, to: &forces, energies: true)
  }

  init(_ contribution: any ForceContribution, _ configuration: Configuration) throws {
    try self.init(contribution, positions: configuration.positions, cell: configuration.cell)
  }

  var virialComponents: [Double] {
    let w = evaluation.virial
    return [w[0, 0], w[1, 1], w[2, 2], w[1, 2], w[0, 2], w[0, 1]]
  }

  /// The largest difference of any force to others.
  func worstForce(_ others: [Vector3]) -> Double {
    zip(forces, others).map { ($0 - $1).length }.max() ?? .nan
  }

  /// Every bit of forces, virial and energies.
  var bits: [UInt64] {
    let virial = virialComponents + [evaluation.virial[1, 0], evaluation.virial[2, 0], evaluation.virial[2, 1]]
    let energies = EnergyTerm.allCases.compactMap { evaluation.energies[$0] }
    return (forces.flatMap { [$0.x, $0.y, $0.z] } + virial + energies).map(\.bitPattern)
  }
}

/// Properties that every contribution has.
enum ContributionChecks {
  /// Forces against central differences of the energy, at a few atoms.
  static func forces(_ contribution: any ForceContribution, _ configuration: Configuration, atoms: [Int], tolerance: Double) throws {
    let forces = try Outcome(contribution, configuration).forces
    let scale = forces.map(\.length).max() ?? 0
    for atom in atoms {
      for axis in 0..<3 {
        // Where the error of the difference, h² times the third derivative, meets that of rounding.
        let h = 1e-5
        var energies: [Double] = []
        for sign in [1.0, -1.0] {
          var positions = configuration.positions
          positions[atom][axis] += sign * h
          energies.append(try Outcome(contribution, positions: positions, cell: configuration.cell).evaluation.energy)
        }
        let difference = -(energies[0] - energies[1]) / (2 * h)
        #expect(abs(difference - forces[atom][axis]) < tolerance * scale, "atom \(atom), axis \(axis)")
      }
    }
  }

  /// The virial against the energy of strained cells, -dE/dε.
  static func virial(_ contribution: any ForceContribution, _ configuration: Configuration, tolerance: Double) throws {
    let virial = try Outcome(contribution, configuration).evaluation.virial
    let scale = (0..<3).flatMap { i in (0..<3).map { abs(virial[i, $0]) } }.max() ?? 0
    for i in 0..<3 {
      for j in 0..<3 {
        let h = 1e-6
        var energies: [Double] = []
        for sign in [1.0, -1.0] {
          var map = Matrix3.identity
          map[i, j] += sign * h
          let cell = try configuration.cell.deformed(by: map)
          energies.append(
            try Outcome(contribution, positions: configuration.positions.map { map * $0 }, cell: cell).evaluation.energy)
        }
        // d'_i = (1 + ε) d along j: W_ji = Σ d_j F_i.
        #expect(abs(-(energies[0] - energies[1]) / (2 * h) - virial[j, i]) < tolerance * scale, "strain \(i)\(j)")
      }
    }
  }
}
