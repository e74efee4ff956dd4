import Foundation
import Interactions
import NumericalMethods
import Structures
import Testing

@testable import Simulation

/// Glasses from structural units, on the glasses of Ariga et al. (2022).
@Suite struct UnitPackingTests {
  static func field() throws -> ForceField { try ForceField.named("lps-ariga") }

  /// Numbers of PS4, P2S7, P2S6, Li and all atoms of the three glasses in the supplement.
  static let glasses = [(47, 504, 91, 2521, 8020), (201, 413, 91, 2619, 8069), (647, 111, 121, 2869, 8071)]

  @Test(arguments: glasses.indices) func reproducesTheGlassesOfThePaper(_ index: Int) throws {
    let (ps4, p2s7, p2s6, lithium, atoms) = Self.glasses[index]
    let counts = try UnitCounts(counts: [("PS4", ps4), ("P2S7", p2s7), ("P2S6", p2s6)], forceField: Self.field())
    #expect(counts.cation.count == lithium && counts.cation.unit.name == "Li" && counts.atoms == atoms)
    // From the shares of phosphorus, as many digits as a person would write, the same numbers come back to within rounding.
    let phosphorus = Double(ps4 + 2 * p2s7 + 2 * p2s6)
    func share(_ n: Int) -> Double { (Double(n) / phosphorus * 1000).rounded() / 1000 }
    let again = try UnitCounts(
      shares: [("PS4", share(ps4)), ("P2S7", share(2 * p2s7)), ("P2S6", share(2 * p2s6))], atoms: atoms, forceField: Self.field())
    for (item, expected) in zip(again.items, [ps4, p2s7, p2s6]) { #expect(abs(item.count - expected) <= 1) }
    #expect(abs(again.atoms - atoms) < 40)
    #expect(again.description.contains("share of P: PS4 "))
  }

  @Test func countsElements() throws {
    let counts = try UnitCounts(counts: [("PS4", 3), ("S", 2)], forceField: Self.field())
    #expect(counts.cation.count == 13 && counts.shares == [1, 0])
    let elements = try counts.elements(in: Self.field())
    #expect(elements.map(\.element.symbol) == ["Li", "P", "S"] && elements.map(\.count) == [13, 3, 14])
  }

  @Test func shapesAreThoseAtRest() throws {
    let field = try Self.field()
    for unit in try #require(field.structuralUnits).units where unit.count > 1 {
      let shape = try UnitGeometry(unit, forceField: field).positions
      for bond in unit.bonds {
        let length = try #require(field.restLength(unit.labels[bond.x], unit.labels[bond.y]))
        // Angles that cannot all be at rest pull a little on the bonds.
        #expect(abs((shape[bond.x] - shape[bond.y]).length - length) < 0.05, "\(unit.name)")
      }
      for (vertex, neighbors) in unit.neighbors.enumerated() {
        for (place, a) in neighbors.enumerated() {
          for b in neighbors[(place + 1)...] {
            let rest = try #require(field.restAngle(unit.labels[a], unit.labels[vertex], unit.labels[b]))
            let (u, v) = (shape[a] - shape[vertex], shape[b] - shape[vertex])
            let angle = acos(u.dot(v) / (u.length * v.length))
            #expect(abs(angle - rest) * 180 / Double.pi < 6, "\(unit.name) \(angle * 180 / Double.pi)")
          }
        }
      }
      // Sulfur atoms of different phosphorus keep clear of each other.
      for a in shape.indices { for b in 0..<a { #expect((shape[a] - shape[b]).length > 2) } }
    }
  }

  @Test(arguments: [1.76, 1.95]) func keepsDistancesAndShapes(_ density: Double) throws {
    let field = try Self.field()
    let counts = try UnitCounts(shares: [("PS4", 0.3), ("P2S7", 0.5), ("P2S6", 0.2)], atoms: 700, forceField: field)
    let result = try UnitPacking(seed: 5).pack(counts, density: density, forceField: field, pool: WorkerPool(threads: 2))
    let configuration = result.configuration
    #expect(abs(configuration.density / density - 1) < 1e-9 && configuration.count == counts.atoms)
    // Charges have twelve decimals.
    #expect(abs(configuration.charges.reduce(0, +)) < 1e-6)
    for item in counts.items { #expect(result.found.countsByName[item.unit.name] == item.count) }
    #expect(try field.intactUnits(in: configuration).counts == result.found.counts)
    // The force field takes it: every atom has its bonds, every angle its coefficients.
    let resolved = try field.resolve(for: configuration)
    #expect(resolved.bonded?.bonds.count == configuration.topology.bonds.count)

    let contacts = ContactDistances()
    for i in 0..<configuration.count {
      for j in 0..<i where configuration.molecules[i] != configuration.molecules[j] {
        let (a, b) = (configuration.species[Int(configuration.types[i])], configuration.species[Int(configuration.types[j])])
        let d = configuration.cell.minimumImage(configuration.positions[i] - configuration.positions[j]).length
        let bonded = try #require(field.structuralUnits).bondLength(a.element, b.element) ?? 0
        #expect(d >= max(contacts.distance(a, b), bonded * UnitPacking.bondClearance) * (1 - 1e-12), "\(a.label) \(b.label)")
      }
    }
    for bond in configuration.topology.bonds {
      let (i, j) = (Int(bond.atoms.x), Int(bond.atoms.y))
      let d = configuration.cell.minimumImage(configuration.positions[i] - configuration.positions[j]).length
      let rest = try #require(
        field.restLength(configuration.species[Int(configuration.types[i])].label, configuration.species[Int(configuration.types[j])].label)
      )
      #expect(abs(d - rest) < 0.1)
    }
  }

  @Test func dependsOnTheSeedAlone() throws {
    let field = try Self.field()
    let counts = try UnitCounts(counts: [("PS4", 20), ("P2S7", 12), ("P2S6", 8)], forceField: field)
    func pack(_ seed: UInt64, _ threads: Int) throws -> [Vector3] {
      try UnitPacking(seed: seed).pack(counts, density: 1.76, forceField: field, pool: WorkerPool(threads: threads)).configuration.positions
    }
    #expect(try pack(3, 1) == pack(3, 3))
    #expect(try pack(3, 1) != pack(4, 1))
  }

  @Test func complainsAboutUnits() throws {
    let field = try Self.field()
    func message(_ body: () throws -> Void) -> String {
      do { try body() } catch { return "\((error as? SimulationError)?.message ?? "\(error)")" }
      return "nothing was thrown"
    }
    func shares(_ shares: [(String, Double)]) -> String {
      message { _ = try UnitCounts(shares: shares.map { ($0.0, $0.1) }, atoms: 500, forceField: field) }
    }
    #expect(shares([("PS5", 1)]).contains("did you mean \"PS4\"?"))
    #expect(shares([("PS4", 0.5), ("P2S7", 0.4)]).contains("add up to 0.9"))
    #expect(shares([("PS4", 0.5), ("S", 0.5)]).contains("unit-counts"))
    #expect(shares([("Li", 1)]).contains("balances the charge"))
    #expect(shares([("PS4", 0.5), ("PS4", 0.5)]).contains("twice"))
    #expect(message { _ = try UnitCounts(counts: [("PS4", 0)], forceField: field) }.contains("whole number"))
    #expect(message { _ = try UnitCounts(counts: [("PS4", 5)], forceField: .named("bks")) }.contains("no structural units"))
    let counts = try UnitCounts(counts: [("PS4", 30)], forceField: field)
    let tight = message { _ = try UnitPacking(seed: 1).pack(counts, density: 6, forceField: field, pool: WorkerPool(threads: 2)) }
    #expect(tight.contains("cannot keep their least distances at 6.0 g/cm3"))
    #expect(
      message { _ = try UnitPacking(seed: 1).pack(counts, density: -1, forceField: field, pool: WorkerPool(threads: 1)) }.contains(
        "positive"))
  }
}
