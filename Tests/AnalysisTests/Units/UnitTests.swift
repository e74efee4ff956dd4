import NumericalMethods
import Structures
import Testing

@testable import Analysis

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

@Suite struct UnitTests {
  /// Atoms of one unit after the other, far apart in a large cell; each unit is elements and places in Å.
  private func gas(_ units: [[(String, Vector3)]], spacing: Double = 20) throws -> Frame {
    var species: [Species] = []
    var types: [Int32] = []
    var positions: [Vector3] = []
    for (number, unit) in units.enumerated() {
      for (symbol, place) in unit {
        if !species.contains(where: { $0.label == symbol }) { species.append(Species(try #require(Element(symbol: symbol)))) }
        types.append(Int32(try #require(species.firstIndex { $0.label == symbol })))
        positions.append(place + Vector3(spacing * Double(number), 0, 0))
      }
    }
    let cell = try Cell(lengths: Vector3(spacing * Double(units.count), spacing, spacing))
    return Frame(try Configuration(cell: cell, species: species, types: types, positions: positions))
  }

  /// Formers along x, 3.4 Å apart, each bridged to the next by so many anions, with so many terminal ones each.
  ///
  /// Geometry only has to keep bonds at 2 Å or a little more, and everything else away.
  private func chain(_ former: String, _ anion: String, count: Int, bridges: Int, terminal: [Int], closed: Bool = false) -> [(
    String, Vector3
  )] {
    var unit: [(String, Vector3)] = []
    let radius = closed ? 1.7 / sine(180 / Double(count)) : 0
    func place(_ index: Int) -> Vector3 {
      guard closed else { return Vector3(3.4 * Double(index), 0, 0) }
      let angle = 360 * Double(index) / Double(count)
      return Vector3(radius * sine(angle + 90), radius * sine(angle), 0)
    }
    for i in 0..<count {
      let here = place(i)
      unit.append((former, here))
      if i + 1 < count || closed {
        let middle = (here + place((i + 1) % count)) / 2
        for bridge in 0..<bridges {
          let angle = 360 * Double(bridge) / Double(bridges)
          let around = Vector3(0, 1.3 * sine(angle), 1.3 * sine(angle + 90))
          // Outward in a ring, so that the bridges keep apart.
          unit.append((anion, middle + (closed ? middle / middle.length : around)))
        }
      }
      // Terminal anions away from the axis, those of neighbours on other sides.
      for t in 0..<terminal[i] {
        let turn = 360 * Double(t) / Double(max(1, terminal[i])) + 45 + 30 * Double(i % 2)
        let back = count == 1 ? 0 : i == 0 ? -1.0 : i == count - 1 ? 1.0 : 0
        let out = (4 - back * back).squareRoot()
        unit.append((anion, here + (closed ? Vector3(0, 0, t == 0 ? 2 : -2) : Vector3(back, out * sine(turn), out * sine(turn + 90)))))
      }
    }
    return unit
  }

  private func sine(_ degrees: Double) -> Double { sin(degrees * Double.pi / 180) }

  private func analyze(_ frame: Frame, cutoff: String = "P-S=2.4,P-P=2.5,S-S=2.2") throws -> UnitResult {
    var parameters = StructuralUnits()
    parameters.cutoffs = try PairCutoffs(cutoff)
    return try parameters.analyze([frame])
  }

  private let hypodiphosphate: [(String, Vector3)] = {
    var unit: [(String, Vector3)] = [("P", .zero), ("P", Vector3(2.25, 0, 0))]
    for (x, back) in [(0.0, -0.7), (2.25, 0.7)] {
      for (y, z) in [(1.9, 0.0), (-0.95, 1.645), (-0.95, -1.645)] { unit.append(("S", Vector3(x + back, y, z))) }
    }
    return unit
  }()

  @Test func namesUnits() throws {
    let frame = try gas([
      chain("P", "S", count: 1, bridges: 0, terminal: [4]), chain("P", "S", count: 1, bridges: 0, terminal: [3]),
      chain("P", "S", count: 2, bridges: 1, terminal: [3, 3]), chain("P", "S", count: 2, bridges: 2, terminal: [2, 2]), hypodiphosphate,
      chain("P", "S", count: 2, bridges: 3, terminal: [1, 1]), chain("P", "S", count: 3, bridges: 1, terminal: [3, 2, 3]),
      chain("P", "S", count: 3, bridges: 1, terminal: [2, 2, 2], closed: true), chain("P", "S", count: 2, bridges: 1, terminal: [3, 2]),
      [("S", .zero)], [("S", .zero), ("S", Vector3(2.05, 0, 0))],
    ])
    let result = try analyze(frame)
    let expected: [(String, String, Int)] = [
      ("PS4(3-)", "isolated", -3), ("PS3(-)", "isolated", -1), ("P2S7(4-)", "corner-sharing", -4), ("P2S6(2-)", "edge-sharing", -2),
      ("P2S6(4-)", "P-P bond", -4), ("P2S5", "face-sharing", 0), ("P3S10(5-) chain", "chain, corner-sharing", -5),
      ("P3S9(3-) ring", "ring, corner-sharing", -3), ("P2S6(2-) corner-sharing", "corner-sharing", -2), ("S(2-)", "free anion", -2),
      ("S2(2-)", "S-S bond", -2),
    ]
    #expect(result.units.count == expected.count)
    for (name, graph, charge) in expected {
      let unit = try #require(result[name], "\(name) is missing among \(result.units.map(\.type.name))")
      #expect(unit.type.graph == graph && unit.type.charge == charge && unit.perFrame.value == 1)
    }
    #expect(result.charges.units == Double(expected.reduce(0) { $0 + $1.2 }))
    // No modifier balances the charge.
    #expect(result.warnings.contains { $0.contains("do not balance") })
    // 19 phosphorus atoms, 2 of them in each dimer.
    #expect(abs(result.share(of: "P", in: "P2S7(4-)") - 2.0 / 18) < 1e-12)
  }

  @Test func oxides() throws {
    let cutoff = "P-O=2.4,B-O=2.4"
    let frame = try gas([
      chain("P", "O", count: 1, bridges: 0, terminal: [4]), chain("P", "O", count: 2, bridges: 1, terminal: [3, 3]),
      chain("B", "O", count: 1, bridges: 0, terminal: [3]), chain("B", "O", count: 1, bridges: 0, terminal: [4]),
      chain("B", "O", count: 2, bridges: 1, terminal: [2, 2]),
      chain("B", "O", count: 2, bridges: 1, terminal: [2, 3]).map { $0.1.x > 3 && $0.0 == "B" ? ("P", $0.1) : $0 },
    ])
    let result = try analyze(frame, cutoff: cutoff)
    let names = Set(result.units.map(\.type.name))
    #expect(names == ["PO4(3-)", "P2O7(4-)", "BO3(3-)", "BO4(5-)", "B2O5(4-)", "BPO6(4-)"])
    #expect(result.formers == ["P", "B"])
    #expect(abs(result.share(of: "B", in: "BO3(3-)") - 0.2) < 1e-12)
  }

  @Test func endlessChain() throws {
    // One PO3 a period of 2.9 Å along x: the oxygen between two images of the same phosphorus.
    let cell = try Cell(lengths: Vector3(2.9, 9, 9))
    let atoms = [Vector3(0, 0, 0), Vector3(1.45, 0.6, 0), Vector3(0, -0.9, 1.2), Vector3(0, -0.9, -1.2)]
    let configuration = try Configuration(cell: cell, species: try species("P", "O"), types: [0, 1, 1, 1], positions: atoms)
    let result = try analyze(Frame(configuration), cutoff: "P-O=1.8")
    #expect(result.units.map(\.type.name) == ["(PO3(-))n chain"])
    #expect(result.units[0].type.charge == -1 && result.charges.units == -1)
    let large = try analyze(Frame(try configuration.replicated((4, 1, 1))), cutoff: "P-O=1.8")
    #expect(large.units.map(\.type.name) == ["(PO3(-))n chain"] && large.charges.units == -4)
  }

  @Test func surroundingsAndLabels() throws {
    // A lithium with two sulfur atoms of one PS4 and a sulfide ion.
    var unit = chain("P", "S", count: 1, bridges: 0, terminal: [4])
    let (a, b) = (unit[1].1, unit[2].1)
    let lithium = (a + b) / 2 * 2.2
    unit.append(("Li", lithium))
    unit.append(("S", lithium + (a + b) / (a + b).length * 2.4))
    let result = try analyze(try gas([unit]), cutoff: "P-S=2.4,Li-S=2.9")
    let around = result.surroundings
    #expect(Set(around.map(\.type.name)) == ["PS4(3-)", "S(2-)"])
    let tetrahedron = try #require(around.first { $0.type.name == "PS4(3-)" })
    #expect(tetrahedron.coordination.value == 2 && tetrahedron.touched == 1)
    #expect(abs(tetrahedron.share.value - 2.0 / 3) < 1e-12)
    // Two thirds of its neighbours against four fifths of all sulfur.
    #expect(abs(tetrahedron.preference - 2.0 / 3 / 0.8) < 1e-12)
    guard case .frames(let frames) = try #require(result.files.first).contents else { return #expect(Bool(false)) }
    #expect(frames[0].columns["unit"] == [1, 1, 1, 1, 1, 0, 2])
    #expect(frames[0].columns["unit_type"] == [1, 1, 1, 1, 1, 0, 2])
  }

  @Test func distributionsByUnitAddUpToAll() throws {
    var random = RandomStream(seed: 41)
    var parameters = StructuralUnits()
    parameters.cutoffs = .single(2.3)
    parameters.range = 6
    let gas = try idealGas(300, cell: tiltedCell(), species: try species("Li", "P", "S"), random: &random)
    let result = try parameters.analyze([Frame(gas), Frame(gas)])
    let volume = gas.cell.volume
    var rdf = RadialDistribution()
    rdf.cutoff = 6
    rdf.binWidth = 0.05
    let whole = try #require(try rdf.analyze([Frame(gas)]).partial("Li", "S"))
    var sum = [Double](repeating: 0, count: whole.values.count)
    for unit in result.units where unit.number <= UnitLayout.mostCurves {
      let values = result.distribution("Li", "S", in: unit)
      for bin in values.indices { sum[bin] += values[bin] * unit.anionShare }
    }
    // Where all types have curves, the parts weighted by their anions are the whole; otherwise less.
    if result.units.count <= UnitLayout.mostCurves {
      // Sums of some thousand terms of order 1.
      #expect(largestDifference(sum, whole.values) < 1e-9)
    } else {
      #expect(zip(sum, whole.values).allSatisfy { $0 <= $1 + 1e-9 })
    }
    #expect(volume > 0 && sum.contains { $0 > 0 })
  }

  @Test func nothingChangesWithTheViewOfTheCrystal() throws {
    var random = RandomStream(seed: 42)
    let gas = try idealGas(240, cell: tiltedCell(), species: try species("Li", "P", "S"), random: &random)
    let base = try analyze(Frame(gas), cutoff: "P-S=2.6,Li-S=2.8")
    var moved = gas
    for i in moved.positions.indices { moved.positions[i] += Vector3(3.3, -7.1, 12.4) + Vector3(Double(i % 3), 0, 1) * gas.cell.vectors }
    let order = (0..<240).map { ($0 * 7) % 240 }
    let permuted = try Configuration(
      cell: gas.cell, species: gas.species, types: order.map { gas.types[$0] }, positions: order.map { gas.positions[$0] })
    let v = gas.cell.vectors
    var skewed = gas
    skewed.cell = try Cell(vectors: Matrix3(v[0], v[1] + v[0], v[2] - v[0]))
    func counts(_ result: UnitResult) -> [String: Double] {
      Dictionary(result.units.map { ("\($0.type.name)|\($0.type.graph)", $0.perFrame.value) }, uniquingKeysWith: +)
    }
    for other in [moved, permuted, skewed] { #expect(counts(try analyze(Frame(other), cutoff: "P-S=2.6,Li-S=2.8")) == counts(base)) }
    let double = try analyze(Frame(try gas.replicated((2, 1, 1))), cutoff: "P-S=2.6,Li-S=2.8")
    #expect(counts(double) == counts(base).mapValues { 2 * $0 })
    let threads = try StructuralUnits().analyze([Frame(gas)], pool: WorkerPool(threads: 3)).summary.json()
    #expect(threads == (try StructuralUnits().analyze([Frame(gas)])).summary.json())
  }

  @Test func newKindsMayAppearLater() throws {
    let one = try gas([chain("P", "S", count: 1, bridges: 0, terminal: [4])])
    var broken = one
    broken.configuration.positions[4] += Vector3(0, 5, 5)
    var parameters = StructuralUnits()
    parameters.cutoffs = .single(2.4)
    let result = try parameters.analyze([one, one, one, broken])
    #expect(result["PS4(3-)"]?.perFrame.value == 0.75 && result["PS3(-)"]?.perFrame.value == 0.25)
    // Blocks of one frame: the standard error of 1, 1, 1, 0.
    #expect(abs((result["PS3(-)"]?.perFrame.error ?? 0) - 0.25) < 1e-12)
  }

  @Test func refusesWhatMakesNoSense() throws {
    let frame = try gas([[("Ar", .zero)], [("Kr", .zero)]])
    let none = try analysisError { _ = try StructuralUnits().analyze([frame]) }
    #expect(none.code == .invalidSetting && none.message.contains("anions"))
    let sulfide = try gas([[("Li", .zero)], [("S", .zero)]])
    var parameters = StructuralUnits()
    parameters.formers = ["P"]
    #expect(try analysisError { _ = try parameters.analyze([sulfide]) }.code == .unknownSpecies)
    let corners = try analysisError { _ = try Analyses.job("units", settings: ["ternary": "PS4,P2S7"]) }
    #expect(corners.message.contains("three"))
    var lost = sulfide
    lost.configuration.positions[0].x = .infinity
    #expect(try analysisError { _ = try StructuralUnits().analyze([lost]) }.code == .lostAtoms)
    #expect(try analysisError { _ = try StructuralUnits().analyze([]) }.code == .noFrames)
  }

  @Test func namesAreMarkedForFigures() {
    #expect(UnitResult.marked("P2S7(4-)") == "P_{2}S_{7}^{4−}")
    #expect(UnitResult.marked("P3S9(3-) ring") == "P_{3}S_{9}^{3−} ring")
    #expect(UnitResult.marked("larger than 8 formers") == "larger than 8 formers")
  }
}
