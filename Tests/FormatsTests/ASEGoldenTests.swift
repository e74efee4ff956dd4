import Foundation
import NumericalMethods
import Structures
import Testing

@testable import Formats

/// Files that ASE wrote, and what ASE reads in them (Golden/make.py).
struct ASEGoldenTests {
  private struct Expected: Decodable {
    var symbols: [String]?
    var cell: [[Double]]
    var pbc: [Bool]?
    var positions: [[Double]]
    var velocities: [[Double]]?
    var forces: [[Double]]?
    var energy: Double?
    var stress: [[Double]]?
    var descriptor: [Double]?
  }

  private static func expected() throws -> [String: [Expected]] {
    let data = try Data(contentsOf: URL(filePath: Support.golden("expected.json")))
    let object = try #require(try JSONSerialization.jsonObject(with: data) as? [String: Any])
    return try object.filter { $0.key != "ase" }.mapValues { value in
      let list = value as? [Any] ?? [value]
      return try list.map { try JSONDecoder().decode(Expected.self, from: JSONSerialization.data(withJSONObject: $0)) }
    }
  }

  private static func distance(_ first: [Vector3], _ second: [[Double]]?) -> Double {
    guard let second, second.count == first.count else { return .infinity }
    return zip(first, second).map { ($0 - Vector3($1[0], $1[1], $1[2])).length }.max() ?? 0
  }

  private static func symbols(_ configuration: Configuration) -> [String] {
    configuration.types.map { configuration.species[Int($0)].element.symbol }
  }

  @Test func extendedXYZ() throws {
    let expected = try #require(try Self.expected()["ase.extxyz"])
    let source = try FileFormats.openFrames(path: Support.golden("ase.extxyz"))
    let frames = try source.allFrames()
    #expect(frames.count == 3 && expected.count == 3)
    #expect(source.warnings.isEmpty, "ASE's momenta have a known unit: \(source.warnings)")
    for (frame, expected) in zip(frames, expected) {
      let configuration = frame.configuration
      #expect(Self.symbols(configuration) == expected.symbols)
      // Both read the same text; the same bits.
      #expect(Self.distance(configuration.positions, expected.positions) == 0)
      #expect(Self.distance((0..<3).map { configuration.cell.vectors[$0] }, expected.cell) == 0)
      #expect((0..<3).map { configuration.cell.periodic[$0] } == expected.pbc)
      #expect(Self.distance(frame.forces, expected.forces) == 0)
      #expect(frame.energy == expected.energy)
      #expect(frame.columns["descriptor"] == expected.descriptor)
      #expect(Set(frame.columns["fixed"] ?? []) == [0, 1])
      #expect(configuration.charges.allSatisfy { abs($0) == 1 })
      let stress = try #require(frame.stress)
      #expect(Self.distance((0..<3).map { stress[$0] }, expected.stress) < 1e-16)
      // ASE has CODATA 2014 constants and masses of other digits: Na 22.98976928, Cl 35.45; 1e-6 relative, of some 10 Å/ps.
      #expect(Self.distance(configuration.velocities, expected.velocities) < 1e-4)
      #expect((configuration.velocities.map(\.length).max() ?? 0) > 1)
    }
  }

  @Test(arguments: ["POSCAR_direct", "POSCAR_cartesian", "quartz.cif"])
  func structure(_ name: String) throws {
    let expected = try #require(try Self.expected()[name]?.first)
    let (frame, warnings) = try FileFormats.readFrame(path: Support.golden(name))
    let configuration = frame.configuration
    #expect(warnings.isEmpty)
    // Only rounding of products lies between.
    #expect(Self.distance((0..<3).map { configuration.cell.vectors[$0] }, expected.cell) < 1e-13)
    if name == "quartz.cif" {
      #expect(configuration.formula == "Si3 O6")
      #expect(expected.symbols?.count == 9)
      // The order of the images is a matter of taste; each must be one of ASE's. Which image of 0.6667, in place of 2/3, stands for the
      // atom is too: 1e-4 of an edge of 5 Å.
      for (type, position) in zip(configuration.types, configuration.positions) {
        let symbol = configuration.species[Int(type)].symbol
        let near = zip(expected.symbols ?? [], expected.positions).contains {
          $0 == symbol && configuration.cell.minimumImage(Vector3($1[0], $1[1], $1[2]) - position).length < 1e-3
        }
        #expect(near)
      }
    } else {
      #expect(Self.symbols(configuration) == expected.symbols)
      #expect(Self.distance(configuration.positions, expected.positions) < 1e-13)
      #expect(frame.columns["selective[1]"]?.filter { $0 == 0 }.count == 2)
    }
  }

  @Test func xdatcar() throws {
    let expected = try #require(try Self.expected()["XDATCAR"])
    let source = try FileFormats.openFrames(path: Support.golden("XDATCAR"))
    let frames = try source.allFrames()
    #expect(frames.count == 3 && source.warnings.isEmpty)
    #expect(frames.map(\.step) == [1, 2, 3])
    for (frame, expected) in zip(frames, expected) {
      #expect(Self.distance(frame.configuration.positions, expected.positions) < 1e-13)
      #expect(Self.distance((0..<3).map { frame.configuration.cell.vectors[$0] }, expected.cell) < 1e-13)
      #expect(frame.configuration.formula == "Cl8 Na8")
    }
  }
}

extension Species {
  fileprivate var symbol: String { element.symbol }
}
