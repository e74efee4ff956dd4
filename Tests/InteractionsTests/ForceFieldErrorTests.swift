import NumericalMethods
import Structures
import Testing

@testable import Interactions

/// Broken force-field files: each is an error that names the place and the remedy.
@Suite struct ForceFieldErrorTests {
  /// A right file, in which a piece is replaced.
  static let right = """
    name: test
    units: metal
    species: {Si: {charge: 2.4}, O: {charge: -1.2}}
    pair:
      - form: buckingham
        cutoff: 8.0
        coefficients:
          Si-O: {A: 13702.905, rho: 0.193817, C: 54.681}
          O-O: {A: 2029.2204, rho: 0.343645, C: 192.28}
        short-range: {form: du-teter}
    coulomb: {method: dsf, cutoff: 10.0, alpha: 0.2}
    """

  struct Broken: Sendable, CustomStringConvertible {
    var piece: String
    var replacement: String
    var place: String
    var words: [String]
    var description: String { replacement }
  }

  static let broken: [Broken] = [
    Broken(piece: "units: metal", replacement: "unit: metal", place: "f.yaml:2:1", words: ["did you mean \"units\"?"]),
    Broken(piece: "metal", replacement: "metall", place: "f.yaml:2:8", words: ["did you mean \"metal\"?"]),
    Broken(piece: "form: buckingham", replacement: "form: bukingham", place: "f.yaml:5:11", words: ["did you mean \"buckingham\"?"]),
    Broken(piece: "rho: 0.193817", replacement: "roh: 0.193817", place: "f.yaml:8:28", words: ["did you mean \"rho\"?"]),
    Broken(piece: "rho: 0.193817, ", replacement: "", place: "f.yaml:8:13", words: ["Si-O of buckingham needs rho", "in A"]),
    Broken(piece: "A: 13702.905", replacement: "A: 13702.905 eV", place: "f.yaml:8:17", words: ["bare number in eV"]),
    Broken(piece: "A: 13702.905", replacement: "A: [1]", place: "f.yaml:8:17", words: ["number in eV"]),
    Broken(piece: "rho: 0.193817", replacement: "rho: -0.193817", place: "f.yaml:8:33", words: ["at least 0.001"]),
    Broken(piece: "C: 54.681", replacement: "C: nan", place: "f.yaml:8:46", words: ["eV A^6"]),
    Broken(piece: "cutoff: 8.0", replacement: "cutoff: 8.0 eV", place: "f.yaml:6:13", words: ["energy, where a length is needed"]),
    Broken(piece: "cutoff: 8.0", replacement: "cutoff: -8", place: "f.yaml:6:13", words: ["between 0.5 and 1000"]),
    Broken(piece: "cutoff: 8.0", replacement: "cutoff: 8.0\n    smooth: 9", place: "f.yaml:7:13", words: ["between 0 and 8.0"]),
    Broken(piece: "cutoff: 8.0", replacement: "shift: perhaps\n    cutoff: 8", place: "f.yaml:6:12", words: ["true or false"]),
    Broken(piece: "    cutoff: 8.0\n", replacement: "", place: "f.yaml:5:5", words: ["needs a cutoff"]),
    Broken(piece: "O-O:", replacement: "O-Si:", place: "f.yaml:9:7", words: ["has coefficients already", "f.yaml:8:13"]),
    Broken(piece: "O-O:", replacement: "Si-O:", place: "f.yaml:", words: ["twice"]),
    Broken(piece: "O-O:", replacement: "O-P:", place: "f.yaml:9:7", words: ["\"P\"", "among the species Si, O"]),
    Broken(piece: "O-O:", replacement: "OO:", place: "f.yaml:9:7", words: ["as in Si-O"]),
    Broken(piece: "O: {charge: -1.2}", replacement: "O: {}", place: "f.yaml:3:30", words: ["has no charge"]),
    Broken(piece: "O: {charge: -1.2}", replacement: "Ox: {charge: -1.2}", place: "f.yaml:3:30", words: ["no element"]),
    Broken(piece: "O: {charge: -1.2}", replacement: "O: {charge: minus}", place: "f.yaml:3:42", words: ["bare number in e"]),
    Broken(piece: "method: dsf", replacement: "method: dfs", place: "f.yaml:11:19", words: ["did you mean \"dsf\"?"]),
    Broken(piece: "method: dsf", replacement: "method: ewald", place: "f.yaml:11:10", words: ["coulomb needs accuracy"]),
    Broken(piece: "alpha: 0.2", replacement: "gamma: 0.2", place: "f.yaml:11:38", words: ["no key \"gamma\""]),
    Broken(piece: ", alpha: 0.2", replacement: "", place: "f.yaml:11:10", words: ["coulomb needs alpha", "1/A"]),
    Broken(piece: "form: du-teter", replacement: "form: duteter", place: "f.yaml:10:25", words: ["did you mean \"du-teter\"?"]),
    Broken(
      piece: "{form: du-teter}", replacement: "{form: du-teter, coefficients: {Si-Si: {r0: 1}}}", place: "f.yaml:10:50",
      words: ["no coefficients that could be repaired"]),
    Broken(piece: "coulomb:", replacement: "bonds: []\ncoulomb:", place: "f.yaml:11:8", words: ["names no bond"]),
    Broken(piece: "name: test", replacement: "name: [test", place: "f.yaml:", words: ["not YAML"]),
    Broken(piece: "name: test", replacement: "name: \"test", place: "f.yaml:", words: ["not YAML"]),
    Broken(
      piece: "A: 2029.2204", replacement: "A: {model: boron}", place: "f.yaml:9:24", words: ["no model \"boron\"", "boron-oxygen-deng-du"]),
    Broken(
      piece: "rho: 0.343645", replacement: "rho: {model: boron-oxygen-deng-du}", place: "f.yaml:9:40", words: ["computes no rho"]),
  ]

  @Test(arguments: broken.indices)
  func isExplained(_ index: Int) throws {
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

  @Test func rightFileIsTaken() throws {
    let field = try ForceField(yaml: Self.right, source: "f.yaml")
    let resolved = try field.resolve(for: silica()).pair
    #expect(resolved.curve(0, 0) == nil && resolved.curve(0, 1) != nil)
    #expect(field.coulomb == .dsf(cutoff: 10, alpha: 0.2))
  }

  @Test(arguments: ["", "[]", "3", "name: x", "species: {}", "species: {O: {}}", "pair: []", "{a: {b: [c, {d: e}]}}", "? [x]\n: y"])
  func nonsenseIsAnError(_ text: String) {
    #expect(throws: InteractionsError.self) { try ForceField(yaml: text, source: "f.yaml") }
  }

  @Test func cutFilesNeverCrash() {
    // Every prefix of a right file, and every file with one byte exchanged at random places, is taken or explained.
    let bytes = Array(Self.right.utf8)
    for end in stride(from: 0, to: bytes.count, by: 3) {
      try? _ = ForceField(yaml: String(decoding: bytes[..<end], as: UTF8.self), source: "f.yaml").resolve(for: silica()).pair
    }
    var random = RandomStream(seed: 11)
    for _ in 0..<300 {
      var mutated = bytes
      mutated[Int.random(in: 0..<bytes.count, using: &random)] = UInt8.random(in: 9...126, using: &random)
      do {
        _ = try ForceField(yaml: String(decoding: mutated, as: UTF8.self), source: "f.yaml").resolve(for: silica()).pair
      } catch {
        #expect(error is InteractionsError, "\(error)")
      }
    }
  }

  @Test func missingPairsFollowThePolicy() throws {
    let noOxide = Self.right.replacing("      Si-O: {A: 13702.905, rho: 0.193817, C: 54.681}\n", with: "")
    expectError(.missingPair, ["f.yaml:5:5", "Si-O", "do not keep it apart"]) {
      try ForceField(yaml: noOxide, source: "f.yaml").resolve(for: silica()).pair
    }
    let declared = Self.right.replacing("Si-O: {A: 13702.905, rho: 0.193817, C: 54.681}", with: "Si-O: none")
    #expect(try ForceField(yaml: declared, source: "f.yaml").resolve(for: silica()).pair.curve(0, 1) == nil)
    let strict = Self.right.replacing("cutoff: 8.0", with: "cutoff: 8.0\n    pairs-without-term: error")
    expectError(.missingPair, ["Si-Si"]) { try ForceField(yaml: strict, source: "f.yaml").resolve(for: silica()).pair }
  }
}
