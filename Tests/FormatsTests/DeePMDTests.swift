import Foundation
import NumericalMethods
import Structures
import Testing

@testable import Formats

@Suite struct DeePMDTests {
  /// An array as NumPy writes it.
  private func npy(_ values: [Double], shape: String, kind: String = "<f4") -> Data {
    var header = "{'descr': '\(kind)', 'fortran_order': False, 'shape': (\(shape)), }"
    while (10 + header.utf8.count + 1) % 64 != 0 { header += " " }
    header += "\n"
    var bytes: [UInt8] = [0x93] + Array("NUMPY".utf8) + [1, 0, UInt8(header.utf8.count & 255), UInt8(header.utf8.count >> 8)]
    bytes += Array(header.utf8)
    for value in values {
      if kind == "<f4" {
        withUnsafeBytes(of: Float(value).bitPattern.littleEndian) { bytes += Array($0) }
      } else {
        withUnsafeBytes(of: value.bitPattern.littleEndian) { bytes += Array($0) }
      }
    }
    return Data(bytes)
  }

  private func withFolder<Result>(_ body: (String) throws -> Result) throws -> Result {
    try Support.withTemporaryFile("data") { folder in
      let set = "\(folder)/set.000"
      try FileManager.default.createDirectory(atPath: set, withIntermediateDirectories: true)
      func write(_ name: String, _ data: Data) throws { try data.write(to: URL(filePath: "\(folder)/\(name)")) }
      try write("type.raw", Data("0\n1\n1\n".utf8))
      try write("type_map.raw", Data("Li\nS\n".utf8))
      let box: [Double] = [5, 0, 0, 1, 6, 0, 0, 0, 7]
      try write("set.000/box.npy", npy(box + box.map { 1.5 * $0 }, shape: "2, 9"))
      try write("set.000/coord.npy", npy((0..<18).map { 0.25 * Double($0) }, shape: "2, 9"))
      try write("set.000/energy.npy", npy([-1.5, -2.5], shape: "2,", kind: "<f8"))
      try write("set.000/force.npy", npy((0..<18).map { Double($0) }, shape: "2, 9"))
      try write("set.000/virial.npy", npy([210, 0, 0, 0, 0, 0, 0, 0, 0] + [Double](repeating: 0, count: 9), shape: "2, 9"))
      return try body(folder)
    }
  }

  @Test func readsFolderAndTypeFile() throws {
    try withFolder { folder in
      for path in [folder, folder + "/", folder + "/type.raw"] {
        let frames = try FileFormats.openFrames(path: path).allFrames()
        #expect(frames.count == 2)
        let first = frames[0]
        #expect(first.configuration.formula == "Li1 S2")
        #expect(first.configuration.positions[1] == Vector3(0.75, 1, 1.25))
        #expect(first.configuration.cell.vectors == Matrix3(Vector3(5, 0, 0), Vector3(1, 6, 0), Vector3(0, 0, 7)))
        #expect(first.energy == -1.5 && first.forces[2] == Vector3(6, 7, 8))
        // A virial pushes outward, stress pulls; the volume is 210 Å³.
        #expect(try #require(first.stress).rows.x.x == -1)
        #expect(frames[1].energy == -2.5 && frames[1].configuration.cell.volume == 210 * 1.5 * 1.5 * 1.5)
      }
    }
  }

  @Test func brokenFoldersSayWhatIsWrong() throws {
    func broken(_ name: String, _ data: Data?, expecting word: String) throws {
      try withFolder { folder in
        let file = URL(filePath: "\(folder)/\(name)")
        if let data { try data.write(to: file) } else { try FileManager.default.removeItem(at: file) }
        let message = Support.message { _ = try FileFormats.openFrames(path: folder).allFrames() }
        #expect(message.contains(word), "\(name): \(message)")
      }
    }
    try broken("type.raw", Data("0\nx\n".utf8), expecting: "whole numbers")
    try broken("type.raw", Data("0\n1\n".utf8), expecting: "coord.npy has 9 numbers")
    try broken("type.raw", Data("0\n1\n5\n".utf8), expecting: "only 2 species")
    try broken("type_map.raw", Data("Li\nQq\n".utf8), expecting: "symbol of an element")
    try broken("type_map.raw", nil, expecting: "type_map.raw")
    try broken("set.000/box.npy", nil, expecting: "nopbc")
    try broken("set.000/box.npy", npy([Double](repeating: 0, count: 18), shape: "2, 9"), expecting: "edge a")
    try broken("set.000/coord.npy", Data("hello, this is text".utf8), expecting: "NUMPY")
    try broken("set.000/coord.npy", npy([1, 2], shape: "2, 9"), expecting: "row 1 of 2")
    try broken("set.000/coord.npy", npy([.nan] + [Double](repeating: 0, count: 17), shape: "2, 9"), expecting: "no number")
    try broken("set.000/coord.npy", npy([], shape: "2, 9", kind: "<i8"), expecting: "<i8")
    try broken("set.000/force.npy", npy([Double](repeating: 0, count: 9), shape: "1, 9"), expecting: "force.npy holds 1 rows")
  }

  @Test func aLastFrameThatEndsEarlyIsLeftOut() throws {
    try withFolder { folder in
      let file = URL(filePath: "\(folder)/set.000/coord.npy")
      try Data(Data(contentsOf: file).dropLast(5)).write(to: file)
      let source = try FileFormats.openFrames(path: folder)
      #expect(try source.allFrames().count == 1)
      #expect(source.warnings.contains { $0.contains("left out") })
    }
  }

  @Test(.enabled(if: Support.shared("lips20") != nil, "the data lips20 are not beside the checkout"))
  func publishedData() throws {
    let folder = try #require(Support.shared("lips20/Li7P3S11"))
    let frames = try FileFormats.openFrames(path: folder).allFrames()
    #expect(frames.count == 800 && frames[0].configuration.formula == "Li28 P12 S44")
    // Forces on all atoms of a cell add up to nothing, within single precision.
    let sum = frames[5].forces.reduce(Vector3.zero, +)
    #expect(frames[5].forces.count == 84 && sum.length < 1e-2)
  }
}
