import Formats
import NumericalMethods
import Structures
import Testing

@testable import Interactions

/// Topologies that are made from distances, against those that files bring along.
@Suite struct TopologyMakingTests {
  /// Atoms as their elements alone.
  static func stripped(_ configuration: Configuration) throws -> Configuration {
    var elements: [Element] = []
    for species in configuration.species where !elements.contains(species.element) { elements.append(species.element) }
    let types = configuration.types.map { type in
      Int32(elements.firstIndex(of: configuration.species[Int(type)].element) ?? 0)
    }
    return try Configuration(
      cell: configuration.cell, species: elements.map { Species($0) }, types: types, positions: configuration.positions)
  }

  @Test(.enabled(if: ArigaTests.isThere, "../shared/data is not there"), arguments: [0, 1, 2])
  func remakesThatOfTheFiles(_ index: Int) throws {
    let crystal = ArigaTests.crystals[index]
    let original = try crystal.configuration()
    let field = try ForceField.named("lps-ariga")
    let made = try field.assigningTopology(to: Self.stripped(original))
    #expect(made.topology.bonds.count == original.topology.bonds.count)
    #expect(made.topology.angles.count == original.topology.angles.count)
    #expect(made.topology.dihedrals.count == original.topology.dihedrals.count)
    #expect(made.types.map { made.species[Int($0)].label } == original.types.map { original.species[Int($0)].label })
    // The same forces, to rounding: the same terms, and the same order in angles whose ends are alike.
    let pool = WorkerPool(threads: 1)
    let ours = try Outcome(BondedTerms(try #require(field.resolve(for: made).bonded), pool: pool), made)
    let theirs = try Outcome(BondedTerms(try #require(field.resolve(for: original).bonded), pool: pool), original)
    #expect(ours.worstForce(theirs.forces) < 1e-12)
  }

  @Test(.enabled(if: ArigaTests.isThere, "../shared/data is not there"))
  func countsUnits() throws {
    let field = try ForceField.named("lps-ariga")
    let gamma = try field.findUnits(in: ArigaTests.crystals[0].configuration())
    #expect(gamma.countsByName == ["PS4": 128, "Li": 384])
    let ethane = try field.findUnits(in: ArigaTests.crystals[2].configuration())
    #expect(ethane.countsByName == ["P2S6": 125, "Li": 500])
  }

  @Test(.enabled(if: ArigaTests.isThere, "../shared/data is not there"))
  func brokenUnitsAreListed() throws {
    let field = try ForceField.named("lps-ariga")
    var configuration = try ArigaTests.crystals[0].configuration()
    // Atom 9 is a sulfur of the PS4 around atom 7; it leaves.
    configuration.positions[8] += Vector3(1.5, 0, 0)
    expectError(.brokenUnit, ["none of the units PS4, P2S7, P2S6, S, Li", "P 7, S 12", "P-S 2.7 Å"]) {
      try field.findUnits(in: configuration)
    }
    expectError(.unsupported, ["describes no structural units"]) { try ForceField.named("bks").findUnits(in: configuration) }
  }

  /// A P2S7 in an order of atoms that nothing can be read from.
  @Test func findsABridge() throws {
    let positions: [(String, Vector3)] = [
      ("S", Vector3(0, 3.2, 2.6)), ("P", Vector3(0, 1.95, 1.2)), ("S", Vector3(1.7, 2.5, 0.2)), ("S", Vector3(0, 0, 0)),
      ("Li", Vector3(5, 5, 5)),
      ("S", Vector3(-1.7, 2.5, 0.2)), ("P", Vector3(0, -1.95, 1.2)), ("S", Vector3(1.7, -2.5, 0.2)), ("S", Vector3(0, -3.2, 2.6)),
      ("S", Vector3(-1.7, -2.5, 0.2)), ("S", Vector3(6, -5, -5)),
    ]
    let species = try ["Li", "P", "S"].map { Species(try #require(Element(symbol: $0))) }
    let types = positions.map { position in Int32(species.firstIndex { $0.label == position.0 } ?? 0) }
    let configuration = try Configuration(
      cell: Cell(lengths: Vector3(repeating: 16)), species: species, types: types, positions: positions.map(\.1))
    let made = try ForceField.named("lps-ariga").assigningTopology(to: configuration)
    #expect(made.types.map { made.species[Int($0)].label } == ["S1", "Pa", "S1", "Sc", "Li", "S1", "Pa", "S1", "S1", "S1", "S0"])
    #expect(made.molecules == [1, 1, 1, 1, 2, 1, 1, 1, 1, 1, 3])
    #expect(made.topology.bonds.count == 8 && made.topology.angles.count == 13 && made.topology.dihedrals.count == 6)
    // The order of legs is that of the force field.
    let label = { (atom: Int32) in made.species[Int(made.types[Int(atom)])].label }
    for angle in made.topology.angles where label(angle.atoms.x) != label(angle.atoms.z) {
      #expect([label(angle.atoms.x), label(angle.atoms.y), label(angle.atoms.z)] == ["S1", "Pa", "Sc"])
    }
    for dihedral in made.topology.dihedrals { #expect(label(dihedral.atoms.x) == "Pa" && label(dihedral.atoms.w) == "S1") }
  }
}
