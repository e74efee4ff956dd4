import NumericalMethods
import Structures
import Testing

@testable import Analysis

@Suite struct DensityProfileTests {
  /// Rock salt in layers along z, alternating planes moved apart so that bins see them one by one.
  private func layered() throws -> Configuration {
    try crystal(5, cells: 3, basis: [(.zero, 0), (Vector3(0.5, 0.5, 0), 0), (Vector3(0, 0, 0.5), 1)], species: species("Na", "Cl"))
  }

  @Test func layersHoldWhatTheyHold() throws {
    var configuration = try layered()
    configuration.charges = configuration.types.map { $0 == 0 ? 1 : -2 }
    for i in configuration.positions.indices { configuration.positions[i].z += 0.25 }
    var profile = DensityProfile()
    profile.binWidth = 1
    let result = try profile.analyze([Frame(configuration)])
    #expect(result.positions.count == 15)
    // 18 sodium atoms in a layer of 15 × 15 × 1 Å, exactly.
    #expect(result.species[0].number.values[0] == 18.0 / 225)
    #expect(result.species[1].number.values[2] == 9.0 / 225)
    #expect(result.species[0].concentration.values[0] == 1)
    #expect(result.species[0].concentration.values[1].isNaN)
    let charge = try #require(result.charge)
    #expect(charge.values[0] == 18.0 / 225 && charge.values[2] == -18.0 / 225)
    let mean = result.mass.values.reduce(0, +) / 15
    // The mean over the layers is the density of the cell, up to rounding.
    #expect(abs(mean - configuration.density) < 1e-12)
    #expect(result.blocks == nil && result.mass.errors.isEmpty)
  }

  @Test func bigCellOfAnIdealGasIsEven() throws {
    var random = RandomStream(seed: 5)
    let cell = try tiltedCell()
    let frames = try (0..<64).map { _ in Frame(try idealGas(900, cell: cell, species: species("Li", "S", "P"), random: &random)) }
    var profile = DensityProfile()
    profile.axis = "b"
    profile.binWidth = 1
    let result = try profile.analyze(frames)
    let expected = 300 / cell.volume
    // Scaled by their own errors, deviations have a mean square near 1: (1 ± 0.5) for 15 bins and 3 species of 32 blocks.
    let scores = result.species.flatMap { entry in
      entry.number.values.indices.map { (entry.number.values[$0] - expected) / entry.number.errors[$0] }
    }
    let square = scores.reduce(0) { $0 + $1 * $1 } / Double(scores.count)
    #expect(square > 0.5 && square < 1.7)
    #expect(abs(result.length - cell.widths[1]) < 1e-12)
  }

  @Test func followsAShiftAndAnotherChoiceOfCell() throws {
    var random = RandomStream(seed: 6)
    let cell = try Cell(vectors: Matrix3(Vector3(10, 0, 0), Vector3(0, 11, 0), Vector3(2, 3, 12)))
    let gas = try idealGas(200, cell: cell, species: species("Li", "S"), random: &random)
    var profile = DensityProfile()
    profile.binWidth = 1
    let plain = try profile.analyze([Frame(gas)])
    var moved = gas
    for i in moved.positions.indices { moved.positions[i] += cell.vectors[2] / 12 }
    let shifted = try profile.analyze([Frame(moved)])
    #expect(shifted.total.values == Array(plain.total.values.suffix(1) + plain.total.values.dropLast()))
    // The same lattice with another c: layers are the same.
    let other = try Cell(vectors: Matrix3(Vector3(10, 0, 0), Vector3(0, 11, 0), Vector3(-8, 14, 12)))
    let rechosen = try Configuration(cell: other, species: gas.species, types: gas.types, positions: gas.positions)
    let again = try profile.analyze([Frame(rechosen)])
    #expect(zip(again.total.values, plain.total.values).allSatisfy { abs($0 - $1) < 1e-12 })
    profile.axis = "z"
    #expect(try profile.analyze([Frame(gas)]).total.values == plain.total.values)
  }

  @Test func refusesWhatMakesNoLayers() throws {
    var random = RandomStream(seed: 7)
    let gas = try idealGas(20, cell: tiltedCell(), species: species("Li"), random: &random)
    var profile = DensityProfile()
    profile.axis = "x"
    #expect {
      try profile.analyze([Frame(gas)])
    } throws: { error in
      guard let error = error as? AnalysisError else { return false }
      return error.code == .invalidSetting && error.message.contains("use axis a")
    }
    profile.axis = "c"
    var lost = gas
    lost.positions[3].y = .nan
    #expect(throws: AnalysisError.self) { try profile.analyze([Frame(lost)]) }
    #expect(throws: AnalysisError.self) { try Analyses.job("profile", settings: ["axis": "w"]) }
    // Atoms beyond an open face count nowhere, and that is said.
    var open = gas
    open.cell = try Cell(vectors: gas.cell.vectors, periodic: [true, true, false])
    open.positions[0].z = 50
    let result = try profile.analyze([Frame(open)])
    #expect(result.warnings.count == 1)
    #expect(abs(result.total.values.reduce(0, +) * gas.cell.volume / Double(result.positions.count) - 19) < 1e-9)
  }
}
