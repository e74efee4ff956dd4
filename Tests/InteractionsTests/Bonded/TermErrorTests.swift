import NumericalMethods
import Structures
import Testing

@testable import Interactions

/// Broken bonded and three-body entries of force-field files: each is an error that names the place and the remedy.
@Suite struct TermErrorTests {
  static let right = """
    name: test
    species: {C1: {element: C}, C2: {element: C}}
    pair:
      - form: lennard-jones
        cutoff: 8
        mixing: arithmetic
        coefficients: {C1: {epsilon: 0.01, sigma: 3}, C2: {epsilon: 0.02, sigma: 3.2}}
    bonds:
      - form: harmonic
        coefficients: {C1-C2: {r0: 1.5, K: 8}}
      - form: morse
        coefficients: {C1-C1: {r0: 1.5, D0: 3, a: 2}}
    angles:
      - form: harmonic
        coefficients:
          C1-C1-C2: {theta0: 110, K: 2}
    dihedrals:
      - form: charmm
        coefficients:
          C1-C1-C2-C1: {K: 0.1, n: 3}
    exclusions: {1-2: {pair: 0, coulomb: 0}, 1-4: {pair: 0.5}}
    three-body:
      - form: stillinger-weber
        cutoff: 3
        legs: {C1-C2: {gamma: 1}}
        coefficients: {C2-C1-C2: {lambda: 2, theta0: 110}}
    structural-units:
      former: C
      bond-lengths: {C-C: 1.8}
      units:
        pair: {atoms: [C1, C2], bonds: [1-2]}
    """

  struct Broken: Sendable, CustomStringConvertible {
    var piece, replacement, place: String
    var words: [String]
    var description: String { replacement }

    init(_ piece: String, _ replacement: String, _ place: String, _ words: [String]) {
      (self.piece, self.replacement, self.place, self.words) = (piece, replacement, place, words)
    }
  }

  static let broken: [Broken] = [
    Broken("bonds:\n", "bond:\n", "f.yaml:8:1", ["did you mean \"bonds\"?"]),
    Broken(
      "form: harmonic\n    coefficients: {C1-C2", "form: harmonc\n    coefficients: {C1-C2", "f.yaml:9:11", ["did you mean \"harmonic\"?"]),
    Broken("C1-C2: {r0", "C1-C3: {r0", "f.yaml:10:20", ["\"C3\"", "species C1, C2"]),
    Broken("C1-C2: {r0", "C1-C2-C1: {r0", "f.yaml:10:20", ["does not name 2 species"]),
    Broken("r0: 1.5, K: 8", "r0: 1.5, k: 8", "f.yaml:10:37", ["did you mean \"K\"?"]),
    Broken("r0: 1.5, K: 8", "r0: 1.5", "f.yaml:10:27", ["needs K", "eV A^-2"]),
    Broken("C1-C1: {r0", "C2-C1: {r0", "f.yaml:12:20", ["coefficients already", "f.yaml:10:27"]),
    Broken("theta0: 110, K: 2", "theta0: 190, K: 2", "f.yaml:16:26", ["angle at rest"]),
    Broken("C1-C1-C2: {theta0", "C1-C2: {theta0", "f.yaml:16:7", ["does not name 3 species"]),
    Broken("n: 3", "n: 2.5", "f.yaml:20:20", ["whole number"]),
    Broken("pair: 0.5", "pair: 1.5", "f.yaml:21:54", ["0 to 1"]),
    Broken("1-4:", "1-5:", "f.yaml:21:42", ["its keys are 1-2, 1-3, 1-4"]),
    Broken("mixing: arithmetic", "mixing: sixth-powr", "f.yaml:6:13", ["did you mean \"sixth-power\"?"]),
    Broken("mixing: arithmetic", "shift: false", "f.yaml:7:20", ["is no pair"]),
    Broken("form: lennard-jones", "form: buckingham", "f.yaml:6:13", ["epsilon and sigma"]),
    Broken("cutoff: 3\n", "smooth: 3\n", "f.yaml:24:5", ["no key \"smooth\""]),
    Broken("    cutoff: 3\n", "", "f.yaml:24:19", ["needs a cutoff"]),
    Broken("legs: {C1-C2", "legs: {C2-C2", "f.yaml:26:20", ["needs the leg C1-C2"]),
    Broken("theta0: 110}", "cos-theta0: 0.2, theta0: 110}", "f.yaml:26:30", ["say the same"]),
    Broken(", theta0: 110}", "}", "f.yaml:26:30", ["angle at rest is missing"]),
    Broken("former: C", "former: X9", "f.yaml:28:11", ["must be an element"]),
    Broken("bonds: [1-2]", "bonds: [1-3]", "f.yaml:31:", ["is no bond"]),
    Broken("bonds: [1-2]", "bonds: []", "f.yaml:31:11", ["do not join all"]),
    Broken("atoms: [C1, C2]", "atoms: [C2, C2]", "f.yaml:31:5", ["no coefficients under bonds"]),
  ]

  @Test(arguments: broken.indices) func isExplained(_ index: Int) throws {
    let broken = Self.broken[index]
    let text = Self.right.replacing(broken.piece, with: broken.replacement, maxReplacements: 1)
    #expect(text != Self.right)
    do {
      _ = try ForceField(yaml: text, source: "f.yaml")
      Issue.record("\(broken) was taken")
    } catch let error as InteractionsError {
      #expect(error.message.hasPrefix(broken.place), "\(error.message)")
      for word in broken.words { #expect(error.message.contains(word), "\(error.message)") }
    }
  }

  static func chain() throws -> Configuration {
    let element = try #require(Element(symbol: "C"))
    var configuration = try Configuration(
      cell: Cell(lengths: Vector3(repeating: 20)), species: [Species(element, label: "C1"), Species(element, label: "C2")],
      types: [0, 0, 1, 0], positions: [Vector3(0, 0, 0), Vector3(1.5, 0, 0), Vector3(2, 1.4, 0), Vector3(2, 2, 1.4)])
    configuration.topology.bonds = [(0, 1), (1, 2), (2, 3)].map { .init(type: 0, atoms: SIMD2($0.0, $0.1)) }
    return configuration
  }

  @Test func rightFileIsTaken() throws {
    let field = try ForceField(yaml: Self.right, source: "f.yaml")
    var configuration = try Self.chain()
    configuration.topology.angles = [.init(type: 4, atoms: SIMD3(2, 1, 0))]
    let resolved = try field.resolve(for: configuration)
    let bonded = try #require(resolved.bonded)
    // Turned, so that the legs play the roles of the file.
    #expect(bonded.angles[0].atoms == SIMD3(0, 1, 2))
    #expect(bonded.bondForms.count == 2 && bonded.bonds.map(\.type) == [0, 1, 1])
    #expect(resolved.energyTerms == [.pair, .bonds, .angles, .threeBody])
    // 1-2 off, 1-3 whole, 1-4 half.
    let pairs = resolved.pair.specialPairs.pairs
    #expect(pairs.map { [$0.first, $0.second] } == [[0, 1], [0, 3], [1, 2], [2, 3]])
    #expect(pairs.map(\.pairFactor) == [0, 0.5, 0, 0] && pairs.map(\.coulombFactor) == [0, 1, 0, 0])
    // Two C1 have no leg to each other, one C1 has one to C2 alone: a pair of legs C2-C1-C2.
    #expect(resolved.threeBody.count == 1)
  }

  @Test func missingTermsAreErrors() throws {
    let field = try ForceField(yaml: Self.right, source: "f.yaml")
    var configuration = try Self.chain()
    configuration.topology.angles = [.init(type: 0, atoms: SIMD3(1, 2, 3))]
    expectError(.missingPair, ["angle 1", "C1-C2-C1", "atoms 2, 3, 4"]) { try field.resolve(for: configuration) }
    configuration.topology.angles = []
    configuration.topology.bonds[2].atoms = SIMD2(3, 9)
    expectError(.unknownSpecies, ["bond 3", "atom 10"]) { try field.resolve(for: configuration) }
    configuration.topology.bonds.removeLast()
    expectError(.missingPair, ["C1 as an atom with bonds", "atom 4"]) { try field.resolve(for: configuration) }
    let triplets = try ForceField(
      yaml: Self.right.replacing("legs: {C1-C2: {gamma: 1}}", with: "legs: {C1-C2: {gamma: 1}, C1-C1: {gamma: 1}}"), source: "f.yaml")
    expectError(.missingPair, ["C1-C1-C1", ": none where"]) { try triplets.resolve(for: Self.chain()) }
  }

  @Test func optionalTermsAreSwitchedOn() throws {
    let text = Self.right.replacing("    cutoff: 3\n", with: "    cutoff: 3\n    option: bent\n")
    let field = try ForceField(yaml: text, source: "f.yaml")
    #expect(field.switches == ["bent"])
    #expect(try field.resolve(for: Self.chain()).threeBody.isEmpty)
    #expect(try field.resolve(for: Self.chain(), options: .init(switches: ["bent": true])).threeBody.count == 1)
    expectError(.invalidForceField, ["did you mean \"bent\"?"]) {
      try field.resolve(for: Self.chain(), options: .init(switches: ["bend": true]))
    }
    #expect(try ForceField.named("libp-du").switches == ["phosphate-angles"])
  }

  @Test func ringsCountTheShortestPath() throws {
    // Four atoms in a ring: opposite ones are 1-3 neighbours by two paths, and no two are 1-4 neighbours.
    var topology = Topology()
    topology.bonds = [(0, 1), (1, 2), (2, 3), (3, 0)].map { .init(type: 0, atoms: SIMD2($0.0, $0.1)) }
    let exclusions = BondExclusions([.init(pair: 0, coulomb: 0), .init(pair: 0.2, coulomb: 0.3), .init(pair: 0.5, coulomb: 0.8)])
    let pairs = exclusions.specialPairs(of: topology, atoms: 5).pairs
    #expect(pairs.map { [$0.first, $0.second] } == [[0, 1], [0, 2], [0, 3], [1, 2], [1, 3], [2, 3]])
    #expect(pairs.map(\.pairFactor) == [0, 0.2, 0, 0, 0.2, 0])
  }
}
