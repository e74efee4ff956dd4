import Foundation
import Interactions
import NumericalMethods
import Structures
import Testing

/// A configuration with the energies, virials and forces that LAMMPS finds for it; see `Golden/make_golden.py`.
struct GoldenCase: Decodable, Sendable {
  struct Evaluation: Decodable, Sendable {
    struct Electrostatics: Decodable, Sendable {
      let method: String
      let cutoff: Double
      let alpha: Double?
      let gamma: Double?
    }

    let name: String
    let forceField: String
    let inputs: [String: Double]
    let pairCutoff: Double
    let coulomb: Electrostatics
    let pairEnergy: Double
    let coulombEnergy: Double
    let virialComponents: [Double]
    let forceComponents: [[Double]]

    private enum CodingKeys: String, CodingKey {
      case name, inputs, coulomb
      case forceField = "force_field"
      case pairCutoff = "pair_cutoff"
      case pairEnergy = "pair_eV"
      case coulombEnergy = "coulomb_eV"
      case virialComponents = "virial_eV_xx_yy_zz_yz_xz_xy"
      case forceComponents = "forces_eV_per_A"
    }

    var forces: [Vector3] { forceComponents.map { Vector3($0[0], $0[1], $0[2]) } }

    var largestForce: Double { forces.map(\.length).max() ?? 0 }

    /// The same interactions by the program's own force field, without smooth cutoffs, which LAMMPS does not have.
    func interactions(for configuration: Configuration) throws -> PairInteractions {
      let electrostatics: Coulomb =
        switch coulomb.method {
        case "dsf": .dsf(cutoff: coulomb.cutoff, alpha: coulomb.alpha ?? .nan)
        case "wolf": .wolf(cutoff: coulomb.cutoff, alpha: coulomb.alpha ?? .nan)
        default: .shik(cutoff: coulomb.cutoff, gamma: coulomb.gamma ?? .nan)
        }
      return try ForceField.named(forceField).resolve(
        for: configuration,
        options: .init(inputs: inputs, smoothing: 0, coulomb: electrostatics, pairCutoff: pairCutoff)
      ).pair
    }
  }

  let labels: [String]
  let counts: [Int]
  let evaluations: [Evaluation]
  private let cellVectors: [[Double]]
  private let positionComponents: [[Double]]

  private enum CodingKeys: String, CodingKey {
    case labels, counts, evaluations
    case cellVectors = "cell_A"
    case positionComponents = "positions_A"
  }

  /// Every case, by the name of its file.
  static let names = [
    "borophosphate-cubic", "borophosphate-triclinic", "borosilicate-triclinic", "latp-cubic", "latp-triclinic", "silica-cubic",
    "silica-hot", "silica-triclinic",
  ]

  static func load(_ name: String) throws -> GoldenCase {
    let file = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "Golden/\(name).json")
    return try JSONDecoder().decode(GoldenCase.self, from: Data(contentsOf: file))
  }

  func configuration() throws -> Configuration {
    func vector(_ row: [Double]) -> Vector3 { Vector3(row[0], row[1], row[2]) }
    let cell = try Cell(vectors: Matrix3(vector(cellVectors[0]), vector(cellVectors[1]), vector(cellVectors[2])))
    let types = counts.enumerated().flatMap { [Int32](repeating: Int32($0.offset), count: $0.element) }
    return try Configuration(
      cell: cell, species: labels.map { Species(try #require(Element(symbol: $0))) }, types: types,
      positions: positionComponents.map(vector))
  }
}
