import Formats
import Foundation
import Interactions
import NumericalMethods
import Structures
import Testing

@testable import Workflows

@Suite("Harmonic modes of a force field")
struct ModesTests {
  /// Two atoms on a spring of Lennard-Jones type, in a cell in which they do not see their images.
  @Test("the stretch of a pair is that of its well, and motion as a whole costs nothing")
  func pair() throws {
    let folder = try TemporaryFolder()
    let (epsilon, sigma) = (0.2, 2.5)
    let potential = folder.file("pair.yaml")
    try """
    units: metal
    species: {Ar: {}}
    pair:
      - {form: lennard-jones, cutoff: 10.0, coefficients: {Ar-Ar: {epsilon: \(epsilon), sigma: \(sigma)}}}
    """.write(toFile: potential, atomically: true, encoding: .utf8)
    let length = sigma * pow(2, 1.0 / 6)
    let file = folder.file("pair.extxyz")
    try """
    2
    Lattice="25 0 0 0 25 0 0 0 25" Properties=species:S:1:pos:R:3 pbc="T T T"
    Ar 5 5 5
    Ar \(5 + length) 5 5

    """.write(toFile: file, atomically: true, encoding: .utf8)
    let result = try Modes.perform(
      ModesRequest(file: file, potential: PotentialChoice(potential), displacement: 0.002, threads: 1, out: folder.path))
    #expect(result.shortcomings.isEmpty)
    let text = try String(contentsOfFile: folder.file("modes.json"), encoding: .utf8)
    let json = try #require(try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any])
    let frequencies = try #require(json["frequencies_THz"] as? [Double])
    try #require(frequencies.count == 6)
    // k = 72 epsilon / r0² at the bottom of the well of 12-6; both atoms move.
    let stiffness = 72 * epsilon / (length * length)
    let mass = try #require(Element(symbol: "Ar")).mass
    let expected = (2 * stiffness / mass / PhysicalConstants.massVelocitySquared).squareRoot() / (2 * .pi)
    // Tables of forces to 1e-6; differences err by h² times the fourth derivative, 1e-5.
    #expect(abs(frequencies[5] / expected - 1) < 1e-4)
    // Square roots of what is left at a bottom known to the precision of the tables.
    for frequency in frequencies.prefix(5) { #expect(abs(frequency) < 0.02 * expected) }
    #expect(FileManager.default.fileExists(atPath: folder.file("modes.csv")))
  }

  @Test("unreasonable requests are refused")
  func refusals() throws {
    let folder = try TemporaryFolder()
    func message(_ request: ModesRequest) throws -> String {
      try #require(throws: WorkflowsError.self) { _ = try Modes.perform(request) }.message
    }
    let request = ModesRequest(file: folder.file("none.xyz"), potential: PotentialChoice("bks"), displacement: 0)
    #expect(try message(request).contains("--displacement"))
    #expect(try message(ModesRequest(file: "x", potential: PotentialChoice("bks"), broadening: -1)).contains("--broadening"))
  }
}
