import NumericalMethods
import Structures

@testable import Analysis

/// Tetrahedra that turn as a test wants, with ions beside them.
struct RotatingUnits {
  static let corners = [Vector3(1, 1, 1), Vector3(1, -1, -1), Vector3(-1, 1, -1), Vector3(-1, -1, 1)].map { $0 * (2.05 / 3.0.squareRoot()) }

  var cell: Cell
  var centers: [Vector3]
  var species: [Species]

  /// Centres on a grid with seven or more Å between them.
  init(_ perEdge: Int, spacing: Double = 7, tilt: Bool = false) throws {
    let edge = spacing * Double(perEdge)
    let vectors =
      tilt
      ? Matrix3(Vector3(edge, 0, 0), Vector3(0.3 * edge, edge, 0), Vector3(-0.2 * edge, 0.25 * edge, edge))
      : Matrix3(diagonal: Vector3(repeating: edge))
    let cell = try Cell(vectors: vectors)
    self.cell = cell
    centers = (0..<perEdge * perEdge * perEdge).map { index in
      let place = Vector3(Double(index % perEdge), Double(index / perEdge % perEdge), Double(index / perEdge / perEdge))
      return cell.cartesian((place + Vector3(repeating: 0.02)) / Double(perEdge))
    }
    species = try AnalysisTests.species("P", "S", "Li")
  }

  /// - Parameters:
  ///   - orientations: By frame, then by unit.
  ///   - ions: By frame, or empty.
  func frames(_ orientations: [[Orientation]], ions: [[Vector3]] = [], interval: Double = 0.1) throws -> [Frame] {
    let count = ions.first?.count ?? 0
    let types = centers.flatMap { _ in [Int32(0), 1, 1, 1, 1] } + [Int32](repeating: 2, count: count)
    return try orientations.enumerated().map { number, now in
      var positions: [Vector3] = []
      for (center, orientation) in zip(centers, now) { positions += [center] + Self.corners.map { center + orientation.rotated($0) } }
      if count > 0 { positions += ions[number] }
      var frame = Frame(
        try Configuration(cell: cell, species: species, types: types, positions: positions.map { cell.wrap($0).position }))
      frame.time = interval * Double(number)
      return frame
    }
  }

  static func settings(mobile: String? = "none") -> UnitRotation {
    var rotation = UnitRotation()
    rotation.cutoffs = .perPair([SpeciesPair("P", "S")], [2.7])
    rotation.mobile = mobile.map { $0 == "none" ? [] : [$0] }
    return rotation
  }

  static func random(_ random: inout RandomStream, width: Double) -> Orientation {
    Orientation(rotationVector: Vector3(random.normal(), random.normal(), random.normal()) * width)
  }

  /// One of the eight turns by 120° that take a tetrahedron into itself.
  static func third(_ random: inout RandomStream) -> Orientation {
    let corner = corners[Int(random.uniform() * 4)]
    return Orientation(rotationVector: corner * ((random.uniform() < 0.5 ? 2 : -2) * Double.pi / 3 / corner.length))
  }
}
