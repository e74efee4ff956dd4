import NumericalMethods
import Structures

extension FileFormat {
  /// Extended XYZ files.
  static let extendedXYZ = FileFormat(
    name: "extxyz", summary: "Extended XYZ, as ASE and OVITO write it; .gz and .zst too", extensions: ["extxyz", "xyz"],
    readsTrajectory: true,
    recognizes: { head in
      let lines = head.split(separator: "\n", maxSplits: 3, omittingEmptySubsequences: false)
      guard lines.count >= 3, let first = lines[0].split(whereSeparator: \.isWhitespace).first, Int(first) != nil else { return false }
      if lines[1].contains("Lattice=") || lines[1].contains("Properties=") { return true }
      let words = lines[2].split(whereSeparator: \.isWhitespace)
      return words.count >= 4 && SpeciesResolver.element(label: words[0]) != nil && words[1...3].allSatisfy { NumberParser.real($0) != nil }
    },
    open: { path, _ in try ExtendedXYZReader(path: path) },
    encode: { frame, _, options in ExtendedXYZWriter.encode(frame, options: options) })
}

/// Writes extended XYZ with columns `species pos [type_label] [id] [molecule] [image] [vel] [forces] [charges] [masses]` and further columns.
///
/// Velocities are in Å/ps, which `velocity_unit` says; stress in eV/Å³ with tension positive, as ASE has it.
enum ExtendedXYZWriter {
  static func encode(_ frame: Frame, options: WriteOptions) -> [UInt8] {
    let configuration = frame.configuration
    var out = ByteWriter(decimals: options.decimals, capacity: 512 + configuration.count * 64)
    out.integer(configuration.count)
    out.newline()
    let extra = frame.columns.keys.filter { !$0.contains { ": \"=\t\n".contains($0) } }.sorted()
      .filter { frame.columns[$0]?.count == configuration.count && $0 != "masses" }
    writeComment(frame, extra, &out)
    let hasLabels = hasLabels(configuration)
    let masses = masses(frame)
    let columns = extra.compactMap { frame.columns[$0] }
    for atom in 0..<configuration.count {
      let species = configuration.species[Int(configuration.types[atom])]
      out.text(species.element.symbol)
      out.space()
      out.vector(configuration.positions[atom])
      if hasLabels { out.text(" " + ByteWriter.word(species.label)) }
      if !configuration.identifiers.isEmpty { write([configuration.identifiers[atom]], &out) }
      if !configuration.molecules.isEmpty { write([Int(configuration.molecules[atom])], &out) }
      if !configuration.images.isEmpty { write((0..<3).map { Int(configuration.images[atom][$0]) }, &out) }
      for vectors in [configuration.velocities, frame.forces] where !vectors.isEmpty {
        out.space()
        out.vector(vectors[atom])
      }
      if !configuration.charges.isEmpty {
        out.space()
        out.exact(configuration.charges[atom])
      }
      if !masses.isEmpty {
        out.space()
        out.exact(masses[atom])
      }
      for column in columns {
        out.space()
        out.exact(column[atom])
      }
      out.newline()
    }
    return out.bytes
  }

  private static func hasLabels(_ configuration: Configuration) -> Bool {
    configuration.species.contains { $0.label != $0.element.symbol }
  }

  /// The mass of each atom, or empty where all are the standard ones.
  private static func masses(_ frame: Frame) -> [Double] {
    if let masses = frame.columns["masses"], masses.count == frame.configuration.count { return masses }
    let isStandard = frame.configuration.species.allSatisfy { $0.mass == $0.element.mass }
    return isStandard ? [] : frame.configuration.masses
  }

  private static func write(_ integers: [Int], _ out: inout ByteWriter) {
    for integer in integers {
      out.space()
      out.integer(integer)
    }
  }

  private static func writeComment(_ frame: Frame, _ extra: [String], _ out: inout ByteWriter) {
    let configuration = frame.configuration
    let cell = configuration.cell
    writeTensor("Lattice", cell.vectors, &out)
    if cell.origin != .zero { out.text(" Origin=\"\(cell.origin.x) \(cell.origin.y) \(cell.origin.z)\"") }
    out.text(" Properties=species:S:1:pos:R:3")
    if hasLabels(configuration) { out.text(":type_label:S:1") }
    if !configuration.identifiers.isEmpty { out.text(":id:I:1") }
    if !configuration.molecules.isEmpty { out.text(":molecule:I:1") }
    if !configuration.images.isEmpty { out.text(":image:I:3") }
    if !configuration.velocities.isEmpty { out.text(":vel:R:3") }
    if !frame.forces.isEmpty { out.text(":forces:R:3") }
    if !configuration.charges.isEmpty { out.text(":charges:R:1") }
    if !masses(frame).isEmpty { out.text(":masses:R:1") }
    for name in extra { out.text(":\(name):R:1") }
    if !configuration.velocities.isEmpty { out.text(" velocity_unit=A/ps") }
    out.text(" pbc=\"\((0..<3).map { cell.periodic[$0] ? "T" : "F" }.joined(separator: " "))\"")
    if let step = frame.step { out.text(" step=\(step)") }
    if let time = frame.time { out.text(" time=\(time)") }
    if let energy = frame.energy { out.text(" energy=\(energy)") }
    if let stress = frame.stress {
      out.space()
      writeTensor("stress", stress, &out)
    }
    out.newline()
  }

  private static func writeTensor(_ key: String, _ tensor: Matrix3, _ out: inout ByteWriter) {
    let numbers = (0..<9).map { "\(tensor[$0 / 3, $0 % 3])" }
    out.text("\(key)=\"\(numbers.joined(separator: " "))\"")
  }
}
