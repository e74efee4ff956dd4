import CZlib
import Foundation
import NumericalMethods
import Structures

/// The trajectory that LAMMPS wrote for the golden values, and the values; Golden/make_golden.py made them.
enum GoldenTrajectory {
  struct Values: Decodable {
    struct Programs: Decodable {
      var mdanalysis: [String: [Double]]
      var freud: [String: [Double]]
    }
    struct Displacements: Decodable {
      var mdanalysis, freud, x, y, z, toroidal: [Double]
    }
    var cutoff_A: Double
    var bins: Int
    var rdf: Programs
    var msd: [String: Displacements]
  }

  /// What the frames hold of the coordinates in the file.
  enum Coordinates {
    case wrapped, wrappedWithImages, unwrapped
  }

  static let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appendingPathComponent("Golden")

  static func values() throws -> Values {
    try JSONDecoder().decode(Values.self, from: Data(contentsOf: folder.appendingPathComponent("golden.json")))
  }

  static func frames(_ coordinates: Coordinates) throws -> [Frame] {
    guard let file = gzopen(folder.appendingPathComponent("triclinic-npt.lammpstrj.gz").path, "rb") else {
      throw CocoaError(.fileReadNoSuchFile)
    }
    defer { gzclose(file) }
    var text = [UInt8]()
    var buffer = [UInt8](repeating: 0, count: 1 << 16)
    while case let count = gzread(file, &buffer, UInt32(buffer.count)), count > 0 { text += buffer[..<Int(count)] }
    let numbers = String(decoding: text, as: UTF8.self).split(separator: "\n")
    func row(_ line: Int) -> [Double] { numbers[line].split(separator: " ").compactMap { Double($0) } }
    guard let argon = Element(symbol: "Ar"), let neon = Element(symbol: "Ne") else { return [] }
    var frames: [Frame] = []
    var line = 0
    while line < numbers.count {
      let count = Int(row(line + 3)[0])
      let (x, y, z) = (row(line + 5), row(line + 6), row(line + 7))
      let (xy, xz, yz) = (x[2], y[2], z[2])
      let low = Vector3(x[0] - min(0, xy, xz, xy + xz), y[0] - min(0, yz), z[0])
      let high = Vector3(x[1] - max(0, xy, xz, xy + xz), y[1] - max(0, yz), z[1])
      let cell = try Cell(
        vectors: Matrix3(Vector3(high.x - low.x, 0, 0), Vector3(xy, high.y - low.y, 0), Vector3(xz, yz, high.z - low.z)), origin: low)
      let atoms = (0..<count).map { row(line + 9 + $0) }
      let first = coordinates == .unwrapped ? 8 : 2
      var configuration = try Configuration(
        cell: cell, species: [Species(argon), Species(neon)], types: atoms.map { Int32($0[1]) - 1 },
        positions: atoms.map { Vector3($0[first], $0[first + 1], $0[first + 2]) })
      configuration.identifiers = atoms.map { Int($0[0]) }
      if coordinates == .wrappedWithImages {
        configuration.images = atoms.map { SIMD3<Int32>(Int32($0[5]), Int32($0[6]), Int32($0[7])) }
      }
      var frame = Frame(configuration)
      frame.isUnwrapped = coordinates == .unwrapped
      frame.step = Int(row(line + 1)[0])
      frames.append(frame)
      line += 9 + count
    }
    return frames
  }
}
