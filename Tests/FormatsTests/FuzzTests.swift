import Foundation
import Structures
import Testing

@testable import Formats

/// Readers on files that were damaged at random: an error with a line or frames that hold together, never a crash.
struct FuzzTests {
  /// What a damaged number may become.
  private static let garbage = [
    "-1", "0", "99999999999999999999", "9223372036854775807", "-9223372036854775808", "2147483648", "1e308", "-1e308", "1e-320", "nan",
    "inf",
    "1e20", "abc", "", "\"", "T", "0.0000000001", "1.7976931348623157e308", "4294967296", "*", "1e9999", ";", "loop_", "ITEM:", "\0",
  ]

  private static func mutate(_ bytes: [UInt8], _ generator: inout Seeded) -> [UInt8] {
    var result = bytes
    for _ in 0..<Int.random(in: 1...4, using: &generator) {
      guard result.count > 4 else { break }
      let place = Int.random(in: 0..<result.count, using: &generator)
      switch Int.random(in: 0..<7, using: &generator) {
      case 0: result[place] ^= 1 << UInt8.random(in: 0..<8, using: &generator)
      case 1: result.removeSubrange(place..<min(result.count, place + Int.random(in: 1...40, using: &generator)))
      case 2: result.removeLast(result.count - place)
      case 3: result[place] = UInt8.random(in: 0...255, using: &generator)
      case 4:
        // A line goes, or comes twice.
        let start = (result[..<place].lastIndex(of: 0x0a) ?? -1) + 1
        let end = (result[place...].firstIndex(of: 0x0a) ?? result.count - 1) + 1
        if Bool.random(using: &generator) {
          result.removeSubrange(start..<end)
        } else {
          result.insert(contentsOf: result[start..<end], at: start)
        }
      default:
        // A word becomes another; near the beginning more often, where the counts stand.
        let near = Bool.random(using: &generator) ? place : place % min(result.count, 600)
        guard let start = result[near...].firstIndex(where: { $0 > 0x20 }) else { continue }
        let end = result[start...].firstIndex { $0 <= 0x20 } ?? result.count
        result.replaceSubrange(start..<end, with: Array((garbage.randomElement(using: &generator) ?? "").utf8))
      }
    }
    return result
  }

  private static func check(_ path: String, format: String, species: [Species]?) -> Bool {
    do {
      let source = try FileFormats.openFrames(path: path, format: format, species: species)
      var frames = 0
      while let frame = try source.next() {
        frames += 1
        let configuration = frame.configuration
        #expect(configuration.types.count == configuration.positions.count)
        #expect(configuration.positions.allSatisfy { $0.x.isFinite && $0.y.isFinite && $0.z.isFinite })
        for count in [configuration.velocities.count, configuration.images.count, configuration.charges.count, frame.forces.count] {
          #expect(count == 0 || count == configuration.count)
        }
        #expect(frame.columns.values.allSatisfy { $0.count == configuration.count })
        // What was read can be used: wrapping must not overflow.
        var wrapped = configuration
        wrapped.wrap()
        #expect(configuration.topology.bonds.allSatisfy { configuration.positions.indices.contains(Int($0.atoms.x)) })
      }
      return frames > 0
    } catch let error as FormatsError {
      // An error names the file; where it is about the text, the line too.
      let named = error.message.hasPrefix("\(path):") || [.unsupported, .missingElements, .endsEarly].contains(error.code)
      if !named { Issue.record("no place in: \(error.message)") }
      return false
    } catch {
      Issue.record("\(error) is no FormatsError")
      return false
    }
  }

  private static let cases: [(file: String, format: String, elements: String?)] = [
    ("triclinic.dump", "lammps-dump", "Si,O"), ("triclinic-scaled.dump", "lammps-dump", nil), ("triclinic-su.dump", "lammps-dump", nil),
    ("triclinic.data", "lammps-data", nil), ("real.data", "lammps-data", "Si,O"), ("ase.extxyz", "extxyz", nil),
    ("POSCAR_direct", "poscar", nil), ("POSCAR_cartesian", "poscar", nil), ("XDATCAR", "xdatcar", nil), ("quartz.cif", "cif", nil),
    ("ortho-unwrapped.dump.gz", "lammps-dump", "Si,O"),
  ]

  @Test(arguments: cases.indices)
  func damagedFilesNeverCrash(_ index: Int) throws {
    let (file, format, elements) = Self.cases[index]
    try Self.fuzz(Support.golden(file), format: format, elements: elements, seed: UInt64(index), count: runsSlowTests ? 20_000 : 1500)
  }

  @Test(arguments: ["ariga/gamma-Li3PS4.data", "ariga/Li4P2S6.data"])
  func damagedCrystalsWithBondsNeverCrash(_ name: String) throws {
    guard let path = Support.shared(name) else {
      print("skipped: \(name) is not beside the checkout")
      return
    }
    try Self.fuzz(path, format: "lammps-data", elements: nil, seed: 77, count: 1500)
  }

  private static func fuzz(_ path: String, format: String, elements: String?, seed: UInt64, count: Int) throws {
    let bytes = [UInt8](try Data(contentsOf: URL(filePath: path)))
    let species = try elements.map { try Species.list($0) }
    var generator = Seeded(state: seed)
    var survivors = 0
    try Support.withTemporaryFile("damaged") { path in
      for _ in 0..<count {
        try Data(mutate(bytes, &generator)).write(to: URL(filePath: path))
        if check(path, format: format, species: species) { survivors += 1 }
      }
    }
    // Some damage is harmless and some is not; a test in which all files go one way says nothing.
    #expect(survivors > 0 && survivors < count)
  }
}
