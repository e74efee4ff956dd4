import Foundation
import NumericalMethods
import Structures
import Testing

@testable import Analysis

/// Units of several formers, and species by their elements.
@Suite struct SeveralFormersTests {
  /// P2S7 units whose tetrahedra turn about their bonds to the bridging sulfur, each for itself.
  private func twisting(units perEdge: Int, frames: Int, width: Double, labels: [String] = ["P", "S"]) throws -> [Frame] {
    var random = RandomStream(seed: 21)
    let cell = try Cell(lengths: Vector3(repeating: 12 * Double(perEdge)))
    let species = try zip(["P", "S"], labels).map { symbol, label in Species(try #require(Element(symbol: symbol)), label: label) }
    let centers = (0..<perEdge * perEdge * perEdge).map { index in
      Vector3(Double(index % perEdge), Double(index / perEdge % perEdge), Double(index / perEdge / perEdge)) * 12
    }
    let homes = centers.map { _ in RotatingUnits.random(&random, width: 1) }
    let angle = 120 * Double.pi / 180
    // From the bridge to both formers.
    let arms = [Vector3(1, 0, 0), Vector3(cos(angle), sin(angle), 0)]
    var torsions = centers.map { _ in [random.uniform() * 6, random.uniform() * 6] }
    let one: [Int32] = [1, 0, 1, 1, 1, 0, 1, 1, 1]
    let types = centers.flatMap { _ in one }
    return try (0..<frames).map { number in
      var positions: [Vector3] = []
      for unit in centers.indices {
        positions.append(centers[unit])
        for (side, arm) in arms.enumerated() {
          torsions[unit][side] += random.normal() * width
          let turn = Orientation(rotationVector: arm * torsions[unit][side])
          positions.append(centers[unit] + homes[unit].rotated(arm * 2.05))
          for corner in 0..<3 {
            let around = Orientation(rotationVector: arm * (2 * Double.pi / 3 * Double(corner)))
            // Tetrahedra have their bonds at arccos(-1/3) to each other.
            let bond = arm / 3 + (around * turn).rotated(Vector3(0, 0, 8.0.squareRoot() / 3))
            positions.append(centers[unit] + homes[unit].rotated((arm + bond) * 2.05))
          }
        }
      }
      var frame = Frame(
        try Configuration(cell: cell, species: species, types: types, positions: positions.map { cell.wrap($0).position }))
      frame.time = 0.1 * Double(number)
      return frame
    }
  }

  /// Rotation about an axis at rest by steps of known width: D_r is w²/6 a step, however the two tetrahedra stand to each other.
  @Test func tetrahedraOfTwistingUnitsAreFollowed() throws {
    let width = 0.11
    let run = try twisting(units: 4, frames: 400, width: width)
    let result = try RotatingUnits.settings().analyze(run)
    let kind = try #require(result["P2S7(4-)"])
    #expect(result.kinds.count == 1 && kind.units == 64 && kind.rotors == 128 && kind.kept == 64)
    let expected = width * width / 6 / 0.1
    let diffusivity = try #require(kind.diffusivity)
    let error = try #require(kind.diffusivityError)
    #expect(abs(diffusivity - expected) < 3.5 * error && error < 0.15 * expected)
    // A quarter of the bonds stay; of the others (1 + 8 cos)/9 is left.
    let left = exp(-width * width / 2 * 20)
    #expect(abs(kind.c1[20] - (1 + 3 * (1 + 8 * left) / 9) / 4) < 4 * kind.c1Error[20])
    #expect(!kind.c3.isEmpty)
    #expect(!result.warnings.contains { $0.contains("not rigid") || $0.contains("from one frame to the next") })
    #expect(result.summary["units"]?["P2S7(4-)"]?["rotors"]?.double == 128)
  }

  @Test func bondsThatMoveWithinAUnitEndIt() throws {
    var run = try twisting(units: 2, frames: 40, width: 0.02)
    // A sulfur at the first phosphorus of the first unit goes over to the second: the unit keeps its atoms, its tetrahedra do not.
    for number in 25..<40 {
      let configuration = run[number].configuration
      let (bridge, second) = (configuration.positions[0], configuration.positions[5])
      let away = configuration.cell.minimumImage(second - bridge)
      run[number].configuration.positions[2] = configuration.cell.wrap(second + away * 1.2).position
    }
    var rotation = RotatingUnits.settings()
    rotation.window = 0.5
    let kind = try #require(try rotation.analyze(run)["P2S7(4-)"])
    #expect(kind.units == 8 && kind.kept == 7 && kind.c1[30].isFinite)
  }

  @Test func polyhedraThatAreNotRigidAreTold() throws {
    var random = RandomStream(seed: 22)
    let units = try RotatingUnits(2, spacing: 14)
    let still = [[Orientation]](repeating: units.centers.map { _ in .identity }, count: 60)
    var run = try units.frames(still)
    for number in run.indices {
      for atom in run[number].configuration.types.indices where run[number].configuration.types[atom] == 1 {
        run[number].configuration.positions[atom] += Vector3(random.normal(), random.normal(), random.normal()) * 0.7
      }
    }
    var rotation = RotatingUnits.settings()
    rotation.cutoffs = .perPair([SpeciesPair("P", "S")], [6])
    #expect(try rotation.analyze(run).warnings.contains { $0.contains("not rigid") })
    #expect(try !rotation.analyze(units.frames(still)).warnings.contains { $0.contains("not rigid") })
  }

  /// A file that tells kinds of an element apart, read by elements.
  @Test func elementsStandForTheirLabels() throws {
    var random = RandomStream(seed: 23)
    let units = try RotatingUnits(2, spacing: 9)
    let ions = (0..<8).map { _ in units.cell.cartesian(Vector3(random.uniform(), random.uniform(), random.uniform())) }
    let tracks = (0..<80).map { _ in units.centers.map { _ in RotatingUnits.random(&random, width: 0.1) } }
    let run = try units.frames(tracks, ions: [[Vector3]](repeating: ions, count: 80))
    var rotation = RotatingUnits.settings(mobile: "Li")
    rotation.cutoffs = .single(2.7)
    rotation.center = ["P"]
    rotation.neighbor = ["S"]
    let plain = try rotation.analyze(run)
    let symbols = ["P", "P", "S", "S", "Li", "Li"]
    let labels = ["P4", "Pa", "S4", "Sb", "Li1", "Li2"]
    let species = try zip(symbols, labels).map { Species(try #require(Element(symbol: $0)), label: $1) }
    let relabelled = try run.map { frame in
      var result = frame
      let old = frame.configuration
      result.configuration = try Configuration(
        cell: old.cell, species: species, types: old.types.indices.map { 2 * old.types[$0] + Int32($0 % 2) }, positions: old.positions)
      return result
    }
    let told = try rotation.analyze(relabelled)
    #expect(told.kinds.map(\.name) == ["PS4"] && told.kinds[0].units == 8)
    #expect(told.kinds[0].c1 == plain.kinds[0].c1)
    #expect(told.summary["paddle_wheel"]?["mobile"].map { "\($0)".contains("Li1+Li2") } == true)
    rotation.mobile = nil
    #expect(try rotation.analyze(relabelled).summary["paddle_wheel"]?["mobile"].map { "\($0)".contains("Li1+Li2") } == true)
    rotation.neighbor = ["S", "P4"]
    #expect(try analysisError { _ = try rotation.analyze(relabelled) }.message.contains("P4 is among center and neighbor"))
    #expect((try Analyses.job("rotation", settings: ["mobile": "none"]).parameters as? UnitRotation)?.mobile == [])
  }

  @Test func atomsThatChangeWhileCutoffsAreFoundAreNamed() throws {
    let units = try RotatingUnits(2)
    let still = [[Orientation]](repeating: units.centers.map { _ in .identity }, count: 3)
    var run = try units.frames(still)
    let old = run[1].configuration
    run[1].configuration = try Configuration(
      cell: old.cell, species: old.species, types: Array(old.types.dropLast()), positions: Array(old.positions.dropLast()))
    var rotation = RotatingUnits.settings()
    rotation.cutoffs = .automatic
    let error = try analysisError { _ = try rotation.analyze(run) }
    #expect(error.code == .changedAtoms && error.message.hasPrefix("rotation:") && error.message.contains("39 atoms"))
  }
}
