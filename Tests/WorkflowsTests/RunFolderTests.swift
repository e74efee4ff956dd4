import Foundation
import Structures
import Testing

@testable import Workflows

@Suite("Files that are complete or absent")
struct AtomicFileTests {
  @Test("a crash after any step leaves the old file or the new one, and the next attempt works", arguments: AtomicFile.Step.allCases)
  func crash(after step: AtomicFile.Step) throws {
    let folder = try TemporaryFolder()
    let path = folder.file("f")
    let (old, new) = ([UInt8](repeating: 1, count: 100_000), [UInt8](repeating: 2, count: 150_000))
    try AtomicFile.write(old, to: path)
    try AtomicFile.write(new, to: path, crashingAfter: step)
    #expect(try Files.read(path) == (step == .renamed ? new : old))
    try AtomicFile.write(new, to: path)
    #expect(try Files.read(path) == new)
    #expect(try Files.list(folder.path) == ["f"])
  }

  @Test("an error names the file and the reason")
  func failure() throws {
    let error = try #require(throws: StructuresError.self) { try AtomicFile.write("x", to: "/nonexistent-folder/f") }
    #expect(error.message.contains("/nonexistent-folder/f"))
    #expect(error.message.contains("No such file"))
  }

  @Test("a file that goes on is cut back first, and refuses to have lost bytes")
  func appended() throws {
    let folder = try TemporaryFolder()
    let path = folder.file("log")
    var length: UInt64 = 0
    do {
      let file = try AppendedFile(path: path)
      try file.append("one\n")
      length = try file.synchronize()
      #expect(length == 4)
      try file.append("two\nthr")
      #expect(file.offset == 11)
      try file.flush()
    }
    let again = try AppendedFile(path: path, continuingAt: length)
    try again.append("TWO\n")
    try again.flush()
    #expect(try Files.readText(path) == "one\nTWO\n")
    #expect(throws: WorkflowsError.self) { _ = try AppendedFile(path: path, continuingAt: 9) }
    #expect(throws: WorkflowsError.self) { _ = try AppendedFile(path: folder.file("absent"), continuingAt: 0) }
  }

  @Test("paths")
  func paths() {
    #expect(["a/b/c", "a", "/a", "/", "a/b/", ""].map(Files.parent) == ["a/b", "", "/", "", "a", ""])
    #expect(Files.absolute("/a/./b/../c//d/") == "/a/c/d")
    #expect(Files.absolute("/../..") == "/")
    #expect(Files.name(of: "a/b.c") == "b.c")
  }
}

@Suite("Checkpoints")
struct CheckpointTests {
  static let checkpoint = RunCheckpoint(
    stage: 3, stageStep: 17, step: 123_456_789_012, fileLengths: ["thermo.csv": 4711, "trajectory-1.extxyz": UInt64(1) << 40],
    states: ["simulation": (0..<5000).map { UInt8(truncatingIfNeeded: $0 &* 7) }, "empty": []])

  @Test("what is written reads to the same checkpoint")
  func roundTrip() throws {
    #expect(try RunCheckpoint(decoding: Self.checkpoint.encoded(), file: "c") == Self.checkpoint)
  }

  @Test("the same state gives the same bytes")
  func deterministic() {
    #expect(Self.checkpoint.encoded() == Self.checkpoint.encoded())
  }

  @Test("no truncation and no changed byte goes unnoticed")
  func damage() {
    let bytes = Self.checkpoint.encoded()
    for length in stride(from: 0, to: bytes.count, by: 13) {
      #expect(throws: WorkflowsError.self) { _ = try RunCheckpoint(decoding: Array(bytes[..<length]), file: "c") }
    }
    for place in stride(from: 0, to: bytes.count, by: 7) {
      var changed = bytes
      changed[place] ^= 0x10
      #expect(throws: WorkflowsError.self) { _ = try RunCheckpoint(decoding: changed, file: "c") }
    }
    #expect(throws: WorkflowsError.self) { _ = try RunCheckpoint(decoding: bytes + [0], file: "c") }
  }

  @Test("a content with a right checksum but wild lengths is refused, not followed")
  func wildLengths() {
    var random = SmallRandom(state: 3)
    for _ in 0..<500 {
      let content = (0..<(random.next() % 200)).map { _ in UInt8(truncatingIfNeeded: random.next()) | (random.next() % 2 == 0 ? 0xff : 0) }
      var bytes = Array("VITRCKPT".utf8) + [1, 0, 0, 0]
      bytes += (0..<8).map { UInt8(truncatingIfNeeded: content.count >> (8 * $0)) }
      bytes += SHA256.digest(content) + content
      #expect(throws: WorkflowsError.self) { _ = try RunCheckpoint(decoding: bytes, file: "c") }
    }
  }

  @Test("another version is named as the reason")
  func version() throws {
    var bytes = Self.checkpoint.encoded()
    bytes[8] = 2
    let error = try #require(throws: WorkflowsError.self) { _ = try RunCheckpoint(decoding: bytes, file: "c") }
    #expect(error.message.contains("format 2"))
    #expect(error.message.contains("--resume"))
  }
}

@Suite("Run folders")
struct RunFolderTests {
  @Test("a folder that holds anything is not overwritten, and the error says how to go on")
  func refusal() throws {
    let folder = try TemporaryFolder()
    let path = folder.file("runs/a")
    let recipe = try Recipe(parsing: RecipeParsingTests.designExample)
    do {
      let run = try RunFolder(path, for: .newRun)
      try run.writeRecipe(recipe)
    }
    let error = try #require(throws: WorkflowsError.self) { _ = try RunFolder(path, for: .newRun) }
    #expect(error.message.contains("--resume"))
    let run = try RunFolder(path, for: .resume)
    #expect(try run.recipe() == recipe)
    #expect(try run.checkpoint() == nil)
    #expect(throws: WorkflowsError.self) { _ = try RunFolder(folder.file("absent"), for: .resume) }
    try AtomicFile.write("x", to: folder.file("file"))
    #expect(throws: WorkflowsError.self) { _ = try RunFolder(folder.file("file"), for: .newRun) }
    let other = try #require(throws: WorkflowsError.self) { _ = try RunFolder(folder.path, for: .newRun) }
    #expect(other.message.contains("is not empty (file, runs)"))
  }

  @Test("what a crash left before the first file was complete is no obstacle")
  func partialFiles() throws {
    let folder = try TemporaryFolder()
    try AtomicFile.write(Array("half".utf8), to: folder.file("recipe.yaml"), crashingAfter: .written)
    let run = try RunFolder(folder.path, for: .newRun)
    #expect(run.path == folder.path)
  }

  @Test("two processes cannot work in one folder")
  func lock() throws {
    let folder = try TemporaryFolder()
    var first: RunFolder? = try RunFolder(folder.path, for: .newRun)
    try first?.writeRecipe(Recipe(parsing: RecipeParsingTests.designExample))
    let error = try #require(throws: WorkflowsError.self) { _ = try RunFolder(folder.path, for: .resume) }
    #expect(error.message.contains("another process"))
    first = nil
    _ = try RunFolder(folder.path, for: .resume)
  }

  @Test("a run goes on only with the recipe it was begun with; threads, report and analyses may change")
  func resuming() throws {
    let folder = try TemporaryFolder()
    let run = try RunFolder(folder.path, for: .newRun)
    var recipe = try Recipe(parsing: RecipeParsingTests.designExample)
    try run.writeRecipe(recipe)
    recipe.threads = 9
    recipe.report.toggle()
    recipe.checkpointInterval = 1
    recipe.analyses = []
    try run.checkResuming(with: recipe)
    recipe.seed += 1
    recipe.stages.removeLast()
    let error = try #require(throws: WorkflowsError.self) { try run.checkResuming(with: recipe) }
    #expect(error.message.contains("another seed, stages"))
  }

  @Test("the manifest reads to the same value")
  func manifest() throws {
    let folder = try TemporaryFolder()
    let run = try RunFolder(folder.path, for: .newRun)
    let recipe = try Recipe(parsing: RecipeParsingTests.designExample)
    try run.writeRecipe(recipe)
    var manifest = Manifest(recipe: recipe, inputs: [try Manifest.Input(reading: run.file("recipe.yaml"))])
    manifest.sessions.append(.init(started: Clock.timestamp(), threads: 2, machine: .current(), fromStep: 0))
    manifest.stages[0].notes = [.init("largest_force_eV_per_A", 0.25)]
    manifest.warn("a warning")
    manifest.warn("a warning")
    try run.writeManifest(manifest)
    #expect(try run.manifest() == manifest)
    #expect(manifest.warnings.count == 1)
    #expect(manifest.inputs[0].sha256.count == 64)
    #expect(throws: WorkflowsError.self) { _ = try Manifest(.object(["version": "1"]), file: "m") }
  }

  @Test("this machine has a name and at least one core")
  func machine() {
    let machine = Machine.current()
    #expect(!machine.processor.isEmpty && !machine.system.isEmpty && !machine.architecture.isEmpty)
    #expect(machine.cores >= 1)
    #expect(Clock.timestamp().count == 20)
  }

  static func row(_ step: Int) throws -> ThermoRow {
    ThermoRow(
      step: step, time: Double(step) * 0.001, stage: "2-nvt", temperature: 300.123456789012, potentialEnergy: -1e5 - Double(step),
      kineticEnergy: 38.7, conservedEnergy: -99961.3, pressure: -0.25, cell: try Cell(lengths: .init(10, 11, 12)), density: 2.31,
      terms: [1.5, -2.5])
  }

  @Test("thermo.csv begins with the columns that people rely on")
  func thermoHeader() throws {
    let folder = try TemporaryFolder()
    let log = try ThermoLog(path: folder.file("thermo.csv"), terms: ["pair", "coulomb"])
    try log.append(Self.row(100))
    try log.flush()
    let lines = try Files.readText(folder.file("thermo.csv")).split(separator: "\n")
    #expect(
      lines[0].hasPrefix(
        "step,time_ps,stage,temperature_K,potential_eV,kinetic_eV,conserved_eV,pressure_GPa,volume_A3,density_g_cm3,"))
    #expect(lines[0].hasSuffix(",pair_eV,coulomb_eV"))
    #expect(lines[1] == "100,0.1,2-nvt,300.1234568,-100100,38.7,-99961.3,-0.25,1320,2.31,10,11,12,90,90,90,1.5,-2.5")
    #expect(lines[0].split(separator: ",").count == lines[1].split(separator: ",").count)
  }

  @Test("a run that was killed and goes on writes the same thermo.csv, byte for byte, wherever it was killed")
  func thermoAfterResume() throws {
    let folder = try TemporaryFolder()
    func write(_ log: ThermoLog, _ steps: Range<Int>) throws { for step in steps { try log.append(Self.row(step)) } }
    let whole = folder.file("whole.csv")
    do {
      let log = try ThermoLog(path: whole, terms: ["pair", "coulomb"])
      try write(log, 0..<1000)
      try log.flush()
    }
    for killed in [400, 401, 650, 999] {
      let path = folder.file("resumed-\(killed).csv")
      var checkpoint: RunCheckpoint?
      do {
        let log = try ThermoLog(path: path, terms: ["pair", "coulomb"])
        try write(log, 0..<400)
        checkpoint = RunCheckpoint(stage: 0, stageStep: 400, step: 400, fileLengths: ["thermo.csv": try log.synchronize()])
        // What comes now is lost: some of it reaches the file, the rest stays in memory.
        try write(log, 400..<killed)
      }
      try AtomicFile.write(Files.readText(path) + "12345,0.0", to: path)
      let restored = try RunCheckpoint(decoding: #require(checkpoint).encoded(), file: "c")
      let log = try ThermoLog(path: path, terms: ["pair", "coulomb"], continuingAt: restored.fileLengths["thermo.csv"])
      try write(log, restored.step..<1000)
      try log.flush()
      #expect(try Files.read(path) == Files.read(whole))
    }
  }
}
