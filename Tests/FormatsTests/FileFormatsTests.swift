import Foundation
import Structures
import Testing

@testable import Formats

/// Finding formats, and summaries of files.
struct FileFormatsTests {
  @Test func builtinsAreOrderedAndDistinct() {
    let names = FileFormats.builtins.map(\.name)
    #expect(names == names.sorted() && Set(names).count == names.count)
  }

  @Test(arguments: [
    ("a/b/glass.data", "lammps-data"), ("data.silica", "lammps-data"), ("x.lammpstrj.gz", "lammps-dump"), ("dump.nvt.zst", "lammps-dump"),
    ("t.XYZ", "extxyz"), ("POSCAR", "poscar"), ("CONTCAR_1", "poscar"), ("a.vasp", "poscar"), ("XDATCAR.gz", "xdatcar"),
    ("data.cif", "cif"),
  ])
  func formatsByName(_ path: String, _ format: String) {
    #expect(FileFormats.matching(path: path)?.name == format)
  }

  @Test(arguments: [
    ("ortho.data", "lammps-data"), ("triclinic.dump", "lammps-dump"), ("ase.extxyz", "extxyz"), ("POSCAR_direct", "poscar"),
    ("XDATCAR", "xdatcar"),
    ("quartz.cif", "cif"), ("ortho-unwrapped.dump.gz", "lammps-dump"),
  ])
  func formatsByContent(_ file: String, _ format: String) throws {
    try Support.withTemporaryFile("noname") { path in
      try FileManager.default.copyItem(atPath: Support.golden(file), toPath: path)
      #expect(try FileFormats.detect(path: path).name == format)
    }
  }

  @Test func unknownFormats() throws {
    #expect(Support.message { _ = try FileFormats.named("extxzy") }.contains("did you mean \"extxyz\""))
    try Support.withFile("notes.txt", "nothing\nof use\n") { path in
      #expect(Support.message { _ = try FileFormats.openFrames(path: path) }.contains("neither the name nor the beginning"))
    }
    #expect(Support.message { _ = try FileFormats.openFrames(path: "/no/such.data") }.contains("No such file"))
    #expect(Support.message { _ = try FileFormats.openFrames(path: "/tmp", format: "cif") }.contains("is a directory"))
  }

  @Test func summary() throws {
    let summary = try FileSummary(path: Support.golden("triclinic.dump"), species: try Species.list("Si,O"))
    #expect(summary.frames == 5 && summary.atoms == 16 && summary.formula == "Si8 O8" && summary.format == "lammps-dump")
    #expect(summary.firstStep == 0 && summary.lastStep == 200 && abs((summary.lastTime ?? 0) - 0.4) < 1e-12)
    #expect(summary.columns == ["velocities", "images", "charges", "forces"])
    // 8 SiO in 16.2 × 14.6 × 6.9 Å3, by hand.
    #expect(abs(summary.lastDensity - 8 * 44.084 / (16.2 * 14.6 * 6.9) * 1.66053906660) < 1e-9)
    #expect(abs((summary.netCharge ?? 0) - 9.6) < 1e-12)
    let decoded = try JSONDecoder().decode(FileSummary.self, from: JSONEncoder().encode(summary))
    #expect(decoded == summary)
  }

  @Test func choiceOfFrame() throws {
    let path = Support.golden("ase.extxyz")
    #expect(try FileFormats.readFrame(path: path, choice: .first).frame.energy == -3.5)
    #expect(try FileFormats.readFrame(path: path, choice: .number(1)).frame.energy == -4.5)
    let (last, warnings) = try FileFormats.readFrame(path: path)
    #expect(last.energy == -5.5 && warnings.contains { $0.contains("holds 3 frames") })
    #expect(Support.message { _ = try FileFormats.readFrame(path: path, choice: .number(3)) }.contains("holds 3 complete frames"))
  }
}
