import Foundation
import NumericalMethods
import Structures
import Testing

@testable import Interactions

/// Three-body terms of every form, against LAMMPS and against each other.
@Suite struct ThreeBodyTermsTests {
  struct Case {
    var expected: TermsGolden.Evaluation
    var configuration: Configuration
    var interactions: ThreeBodyInteractions
  }

  static func golden(_ index: Int) throws -> Case {
    let golden = try TermsGolden.load("three-body")
    let configuration = try golden.configuration()
    let field = try ForceField(yaml: golden.evaluations[index].forceField, source: "golden")
    let interactions = try #require(try field.resolve(for: configuration).threeBody.first)
    return Case(expected: golden.evaluations[index], configuration: configuration, interactions: interactions)
  }

  @Test(arguments: 0..<3) func agreesWithLAMMPS(_ index: Int) throws {
    let golden = try Self.golden(index)
    let pool = WorkerPool(threads: 2)
    let contributions: [any ForceContribution] = [
      ReferenceThreeBodyTerms(golden.interactions, for: golden.configuration),
      ThreeBodyTerms(golden.interactions, for: golden.configuration, pool: pool),
    ]
    for contribution in contributions {
      let outcome = try Outcome(contribution, golden.configuration)
      let energy = try #require(golden.expected.energies["three_body"])
      // Both in double precision, some thousand triplets.
      #expect(abs((outcome.evaluation.energies[.threeBody] ?? .nan) - energy) < 1e-11 * abs(energy))
      let largest = try #require(golden.expected.forces.map(\.length).max())
      #expect(outcome.worstForce(golden.expected.forces) < 1e-11 * largest)
      let virial = golden.expected.virialComponents.map(abs).max() ?? 0
      for (ours, theirs) in zip(outcome.virialComponents, golden.expected.virialComponents) { #expect(abs(ours - theirs) < 1e-11 * virial) }
    }
  }

  @Test(arguments: 0..<3) func forcesAreSlopes(_ index: Int) throws {
    let golden = try Self.golden(index)
    // The cut of the screened form is sudden, but no leg crosses it in a step of 1e-5 Å.
    try ContributionChecks.forces(
      ThreeBodyTerms(golden.interactions, for: golden.configuration, pool: WorkerPool(threads: 1)), golden.configuration,
      atoms: [0, 17, 44, 70, 109], tolerance: 1e-7)
  }

  @Test(arguments: 0..<3) func virialIsStrainSlope(_ index: Int) throws {
    let golden = try Self.golden(index)
    try ContributionChecks.virial(
      ThreeBodyTerms(golden.interactions, for: golden.configuration, pool: WorkerPool(threads: 1)), golden.configuration, tolerance: 1e-6)
  }

  @Test(arguments: 0..<3) func bitsDependNeitherOnThreadsNorOnTheList(_ index: Int) throws {
    let golden = try Self.golden(index)
    let configuration = golden.configuration
    func terms(_ threads: Int, buffer: Double) -> ThreeBodyTerms {
      ThreeBodyTerms(golden.interactions, for: configuration, buffer: buffer, pool: WorkerPool(threads: threads))
    }
    // Atoms that move until lists have been built anew several times, at different moments for different buffers.
    let walkers = [terms(1, buffer: 1), terms(3, buffer: 1), terms(2, buffer: 0.3)]
    var positions = configuration.positions
    var cell = configuration.cell
    var random = RandomStream(seed: 8)
    for step in 0..<12 {
      let outcomes = try walkers.map { try Outcome($0, positions: positions, cell: cell) }
      let fresh = try Outcome(terms(1, buffer: 1.7), positions: positions, cell: cell)
      for outcome in outcomes { #expect(outcome.bits == fresh.bits, "step \(step)") }
      for atom in positions.indices {
        positions[atom] += 0.1 * Vector3(random.uniform() - 0.5, random.uniform() - 0.5, random.uniform() - 0.5)
      }
      let map = Matrix3(Vector3(1.001, 0.002, 0), Vector3(0, 0.999, 0), Vector3(0, 0.001, 1))
      cell = try cell.deformed(by: map)
      positions = positions.map { map * $0 }
    }
  }

  @Test func listFollowsMovedAtoms() throws {
    let golden = try Self.golden(0)
    let terms = ThreeBodyTerms(golden.interactions, for: golden.configuration, buffer: 0.4, pool: WorkerPool(threads: 1))
    _ = try Outcome(terms, golden.configuration)
    var random = RandomStream(seed: 9)
    var positions = golden.configuration.positions
    for _ in 0..<5 {
      for atom in positions.indices {
        positions[atom] += 0.3 * Vector3(random.uniform() - 0.5, random.uniform() - 0.5, random.uniform() - 0.5)
      }
      let expected = try Outcome(
        ReferenceThreeBodyTerms(golden.interactions, for: golden.configuration), positions: positions, cell: golden.configuration.cell)
      let outcome = try Outcome(terms, positions: positions, cell: golden.configuration.cell)
      let largest = try #require(expected.forces.map(\.length).max())
      #expect(outcome.worstForce(expected.forces) < 1e-11 * largest)
    }
  }

  @Test func cellsSmallerThanTheLegs() throws {
    // One atom of a simple cubic lattice is its own neighbour: legs a of six images, 3 at 180° and 12 at 90°.
    let species = [Species(try #require(Element(symbol: "Si")))]
    let lattice = try Configuration(cell: Cell(lengths: Vector3(repeating: 2.5)), species: species, types: [0], positions: [.zero])
    let interactions = ThreeBodyInteractions(.cosine, species: 1) { _, _ in
      .exponential(gamma: 1, cutoff: 3)
    } triplet: { _, _, _ in
      .init(strength: 2, rest: -1.0 / 3)
    }
    let factor = exp(2 * 1 / (2.5 - 3.0))
    let expected = 2 * factor * (3 * (4.0 / 9) + 12 * (1.0 / 9))
    for configuration in [lattice, try lattice.replicated((3, 2, 2))] {
      for contribution in [
        ReferenceThreeBodyTerms(interactions, for: configuration),
        ThreeBodyTerms(interactions, for: configuration, pool: WorkerPool(threads: 1)),
      ] as [any ForceContribution] {
        let outcome = try Outcome(contribution, configuration)
        #expect(abs(outcome.evaluation.energy - expected * Double(configuration.count)) < 1e-12 * expected * Double(configuration.count))
        #expect(outcome.forces.allSatisfy { $0.length < 1e-12 })
      }
    }
  }
}
