import Foundation
import NumericalMethods
import Structures
import Testing

@testable import Interactions

/// Bonds, angles and dihedrals of every form, against LAMMPS and against each other.
@Suite struct BondedTermsTests {
  static func golden() throws -> (expected: TermsGolden.Evaluation, configuration: Configuration, interactions: BondedInteractions) {
    let golden = try TermsGolden.load("bonded-terms")
    let configuration = try golden.configuration()
    let field = try ForceField(yaml: golden.evaluations[0].forceField, source: "golden")
    let interactions = try #require(try field.resolve(for: configuration).bonded)
    return (golden.evaluations[0], configuration, interactions)
  }

  @Test func agreesWithLAMMPS() throws {
    let (expected, configuration, interactions) = try Self.golden()
    let pool = WorkerPool(threads: 1)
    for contribution in [ReferenceBondedTerms(interactions), BondedTerms(interactions, pool: pool)] as [any ForceContribution] {
      let outcome = try Outcome(contribution, configuration)
      // Both in double precision; LAMMPS takes arc cosines of its dihedrals, which costs digits near 0 and 180°.
      for (term, key) in [(EnergyTerm.bonds, "bonds"), (.angles, "angles"), (.dihedrals, "dihedrals")] {
        let energy = try #require(expected.energies[key])
        #expect(abs((outcome.evaluation.energies[term] ?? .nan) - energy) < 1e-10 * abs(energy), "\(key)")
      }
      let largest = try #require(expected.forces.map(\.length).max())
      #expect(outcome.worstForce(expected.forces) < 1e-9 * largest)
      let virial = expected.virialComponents.map(abs).max() ?? 0
      for (ours, theirs) in zip(outcome.virialComponents, expected.virialComponents) { #expect(abs(ours - theirs) < 1e-9 * virial) }
    }
  }

  @Test func fastAgreesWithReference() throws {
    let (_, configuration, interactions) = try Self.golden()
    let fast = try Outcome(BondedTerms(interactions, pool: WorkerPool(threads: 2)), configuration)
    let reference = try Outcome(ReferenceBondedTerms(interactions), configuration)
    // Rounding: polynomials for the arc cosine and the exponential, another order of sums.
    let largest = try #require(reference.forces.map(\.length).max())
    #expect(fast.worstForce(reference.forces) < 1e-12 * largest)
    for (term, energy) in reference.evaluation.energies {
      #expect(abs((fast.evaluation.energies[term] ?? .nan) - energy) < 1e-12 * abs(energy))
    }
    for (a, b) in zip(fast.virialComponents, reference.virialComponents) { #expect(abs(a - b) < 1e-10) }
  }

  @Test func forcesAreSlopes() throws {
    let (_, configuration, interactions) = try Self.golden()
    // Every form of the force field acts on some of these atoms; 1e-8 is the error of the difference.
    try ContributionChecks.forces(
      BondedTerms(interactions, pool: WorkerPool(threads: 1)), configuration, atoms: Array(stride(from: 0, to: configuration.count, by: 5)),
      tolerance: 1e-7)
  }

  @Test func virialIsStrainSlope() throws {
    let (_, configuration, interactions) = try Self.golden()
    try ContributionChecks.virial(BondedTerms(interactions, pool: WorkerPool(threads: 1)), configuration, tolerance: 1e-6)
    try ContributionChecks.virial(ReferenceBondedTerms(interactions), configuration, tolerance: 1e-6)
  }

  @Test func bitsDoNotDependOnThreads() throws {
    let (_, configuration, interactions) = try Self.golden()
    let one = try Outcome(BondedTerms(interactions, pool: WorkerPool(threads: 1)), configuration)
    for threads in [2, 3, 5] {
      #expect(try Outcome(BondedTerms(interactions, pool: WorkerPool(threads: threads)), configuration).bits == one.bits)
    }
  }

  @Test func imagesDoNotMatter() throws {
    let (_, configuration, interactions) = try Self.golden()
    let contribution = BondedTerms(interactions, pool: WorkerPool(threads: 1))
    let before = try Outcome(contribution, configuration)
    // A molecule that has drifted across edges, with one atom of it wrapped back.
    var positions = configuration.positions
    for atom in 0..<7 { positions[atom] += 3 * configuration.cell.vectors[0] - 2 * configuration.cell.vectors[2] }
    positions[3] = configuration.cell.wrap(positions[3]).position
    let after = try Outcome(contribution, positions: positions, cell: configuration.cell)
    #expect(after.worstForce(before.forces) < 1e-10)
  }

  @Test func numbersOfAtomsDoNotMatter() throws {
    let golden = try TermsGolden.load("bonded-terms")
    let configuration = try golden.configuration()
    let field = try ForceField(yaml: golden.evaluations[0].forceField, source: "golden")
    var random = RandomStream(seed: 3)
    let order = Array(configuration.positions.indices).shuffled(using: &random)
    var place = [Int32](repeating: 0, count: order.count)
    for (new, old) in order.enumerated() { place[old] = Int32(new) }
    var shuffled = try Configuration(
      cell: configuration.cell, species: configuration.species, types: order.map { configuration.types[$0] },
      positions: order.map { configuration.positions[$0] })
    shuffled.topology = configuration.topology
    for k in shuffled.topology.bonds.indices {
      for a in 0..<2 { shuffled.topology.bonds[k].atoms[a] = place[Int(shuffled.topology.bonds[k].atoms[a])] }
    }
    for k in shuffled.topology.angles.indices {
      for a in 0..<3 { shuffled.topology.angles[k].atoms[a] = place[Int(shuffled.topology.angles[k].atoms[a])] }
    }
    for k in shuffled.topology.dihedrals.indices {
      for a in 0..<4 { shuffled.topology.dihedrals[k].atoms[a] = place[Int(shuffled.topology.dihedrals[k].atoms[a])] }
    }
    func outcome(_ configuration: Configuration) throws -> Outcome {
      try Outcome(BondedTerms(try #require(field.resolve(for: configuration).bonded), pool: WorkerPool(threads: 1)), configuration)
    }
    let (before, after) = (try outcome(configuration), try outcome(shuffled))
    #expect(after.worstForce(order.map { before.forces[$0] }) < 1e-10)
    #expect(abs(after.evaluation.energy - before.evaluation.energy) < 1e-10)
  }

  @Test func functionsOfEightLanes() {
    var worst = (cosine: 0.0, exponential: 0.0)
    for step in 0...4000 {
      let x = -1 + Double(step) / 2000
      let arc = EightLanes(repeating: x).arcCosine[3]
      worst.cosine = max(worst.cosine, abs(arc - acos(x)) / acos(x == 1 ? 0 : x).magnitude.nextUp)
      if x == 1 { #expect(arc == 0) }
      let y = -700 + 0.35 * Double(step)
      worst.exponential = max(worst.exponential, abs(EightLanes(repeating: y).exponential[5] / exp(y) - 1))
    }
    // Some units in the last place.
    #expect(worst.cosine < 1e-15)
    #expect(worst.exponential < 1e-15)
  }

  @Test func atomsInALineStayFinite() throws {
    let species = [Species(try #require(Element(symbol: "C")))]
    let positions = [Vector3(0, 0, 0), Vector3(1.5, 0, 0), Vector3(3, 0, 0), Vector3(4.5, 0, 0)]
    let configuration = try Configuration(
      cell: Cell(lengths: Vector3(repeating: 20)), species: species, types: [0, 0, 0, 0], positions: positions)
    let interactions = BondedInteractions(
      angleForms: [ClassIIAngle(theta0: 2, k2: 3)], angles: [.init(type: 0, atoms: SIMD3(0, 1, 2))],
      dihedralForms: [DihedralForm([.init(strength: 1, phase: 0.3)])], dihedrals: [.init(type: 0, atoms: SIMD4(0, 1, 2, 3))])
    for contribution in [ReferenceBondedTerms(interactions), BondedTerms(interactions, pool: WorkerPool(threads: 1))]
      as [any ForceContribution]
    {
      let outcome = try Outcome(contribution, configuration)
      #expect(outcome.forces.allSatisfy { $0.x.isFinite && $0.y.isFinite && $0.z.isFinite })
      #expect(abs((outcome.evaluation.energies[.angles] ?? .nan) - 3 * (Double.pi - 2) * (Double.pi - 2)) < 1e-9)
    }
  }
}
