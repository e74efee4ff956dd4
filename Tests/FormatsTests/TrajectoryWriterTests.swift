import Foundation
import NumericalMethods
import Structures
import Testing

@testable import Formats

/// Writing trajectories, cutting and continuing them, and files that end too early.
struct TrajectoryWriterTests {
  static func frame(_ step: Int, atoms: Int = 300) throws -> Frame {
    var generator = Seeded(state: UInt64(step) + 5)
    let positions = (0..<atoms).map { _ in Vector3(.random(in: 0..<10, using: &generator), .random(in: 0..<10, using: &generator), 5) }
    var frame = Frame(
      try Configuration(
        cell: try Cell(lengths: Vector3(10, 10, 10)), species: try Species.list("Si,O"), types: (0..<atoms).map { Int32($0 % 2) },
        positions: positions))
    frame.step = step
    return frame
  }

  private static let names = ["t.dump", "t.dump.gz", "t.dump.zst", "t.xyz", "t.extxyz.gz", "t.xyz.zst"]

  /// A run that stopped somewhere after its checkpoint leaves the same bytes as one that went through.
  @Test(arguments: names)
  func resumedFileIsTheSame(_ name: String) throws {
    try Support.withTemporaryFile("whole-\(name)") { whole in
      try Support.withTemporaryFile("resumed-\(name)") { path in
        let straight = try FileFormats.openWriter(path: whole)
        for step in 0..<8 { try straight.append(try Self.frame(step)) }
        try straight.flush()

        let first = try FileFormats.openWriter(path: path)
        for step in 0..<5 { try first.append(try Self.frame(step)) }
        let offset = first.byteOffset
        try first.append(try Self.frame(5))
        // What a kill in the middle of a frame leaves.
        let half = try Data(contentsOf: URL(filePath: path)).dropLast(100)
        try Data(half).write(to: URL(filePath: path))

        let second = try FileFormats.openWriter(path: path, appendingAt: offset)
        for step in 5..<8 { try second.append(try Self.frame(step)) }
        try second.flush()
        #expect(second.byteOffset == straight.byteOffset)
        #expect(try Data(contentsOf: URL(filePath: path)) == Data(contentsOf: URL(filePath: whole)))
        #expect(try FileFormats.openFrames(path: path).allFrames().map(\.step) == Array(0..<8))
      }
    }
  }

  @Test func resumingNeedsTheBytes() throws {
    try Support.withFile("t.dump", "short") { path in
      let message = Support.message { _ = try FileFormats.openWriter(path: path, appendingAt: 1000) }
      #expect(message.contains("5 bytes") && message.contains("1000"))
    }
  }

  /// Every cut of the file gives the frames that are whole, and says so.
  @Test(arguments: names)
  func cutFilesGiveTheirWholeFrames(_ name: String) throws {
    try Support.withTemporaryFile(name) { path in
      var ends: [Int] = []
      let writer = try FileFormats.openWriter(path: path, options: WriteOptions(decimals: 3))
      for step in 0..<4 {
        try writer.append(try Self.frame(step, atoms: 30))
        ends.append(writer.byteOffset)
      }
      let bytes = try Data(contentsOf: URL(filePath: path))
      for cut in stride(from: ends[0], to: bytes.count, by: 7) {
        try bytes.prefix(cut).write(to: URL(filePath: path))
        let source = try FileFormats.openFrames(path: path)
        let frames = try source.allFrames()
        let whole = ends.filter { $0 <= cut }.count
        // A cut between two frames cannot be seen; one that takes the last line's end alone leaves a frame that may count.
        #expect(frames.count == whole || frames.count == whole + 1 && !source.warnings.isEmpty)
        if !ends.contains(cut) { #expect(!source.warnings.isEmpty, "nothing is said of the cut at \(cut)") }
        for (step, frame) in frames.enumerated() { #expect(frame.step == step && frame.configuration.count == 30) }
      }
    }
  }

  @Test func decimalsAreKept() throws {
    try Support.withTemporaryFile("t.dump") { path in
      let frame = try Self.frame(3)
      let writer = try FileFormats.openWriter(path: path, options: WriteOptions(decimals: 6))
      try writer.append(frame)
      let read = try FileFormats.readConfiguration(path: path).configuration
      // Half of the last digit written.
      #expect(zip(read.positions, frame.configuration.positions).allSatisfy { abs($0.x - $1.x) <= 0.5000001e-6 })
    }
  }

  @Test func structureFormatsTakeOneFrame() throws {
    try Support.withTemporaryFile("glass.data") { path in
      let writer = try FileFormats.openWriter(path: path)
      try writer.append(try Self.frame(0))
      #expect(Support.message { try writer.append(try Self.frame(1)) }.contains("holds one frame"))
    }
    #expect(Support.message { _ = try FileFormats.openWriter(path: "out.cif") }.contains("cannot be written"))
    #expect(Support.message { _ = try FileFormats.openWriter(path: "out.what") }.contains("tells no format"))
  }

  @Test func atomicFileIsWholeOrOld() throws {
    try Support.withTemporaryFile("state") { path in
      try AtomicFile.write("first", to: path)
      try AtomicFile.write(Array("second".utf8), to: path)
      #expect(try String(contentsOfFile: path, encoding: .utf8) == "second")
      let folder = URL(filePath: path).deletingLastPathComponent().path
      #expect(try FileManager.default.contentsOfDirectory(atPath: folder) == ["state"], "nothing is left beside the file")
      // A folder in the way: the write fails, and cleans up.
      try FileManager.default.createDirectory(atPath: path + "-folder/inner", withIntermediateDirectories: true)
      #expect(Support.message { try AtomicFile.write("x", to: path + "-folder") }.contains("cannot rename"))
      #expect(Support.message { try AtomicFile.write("x", to: "/no/such/folder/file") }.contains("No such file"))
      #expect(try FileManager.default.contentsOfDirectory(atPath: folder).count == 2)
    }
  }

  /// Members and frames of any size, where output fills exactly and input ends at a member's end.
  @Test func decompressionTakesAnyBlocks() throws {
    var generator = Seeded(state: 3)
    for compression in [Compression.gzip, .zstandard] {
      try Support.withTemporaryFile("blocks") { path in
        var plain: [UInt8] = []
        var packed: [UInt8] = []
        for _ in 0..<60 {
          let size = [0, 1, 17, 1000, 65536, 131_072, 300_000].randomElement(using: &generator) ?? 0
          let block = (0..<size).map { _ in UInt8.random(in: 0...3, using: &generator) }
          plain += block
          packed += try Compressor(compression: compression).compress(block)
        }
        try Data(packed).write(to: URL(filePath: path))
        let source = try Compression.open(path)
        var read: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 1 << 16)
        while true {
          let size = [1, 100, 4096, 1 << 16].randomElement(using: &generator) ?? 1
          let count = try buffer.withUnsafeMutableBytes { try source.read(into: UnsafeMutableRawBufferPointer(rebasing: $0[..<size])) }
          if count == 0 { break }
          read += buffer[..<count]
        }
        #expect(read == plain)
        #expect(source.warnings.isEmpty)
      }
    }
  }
}
