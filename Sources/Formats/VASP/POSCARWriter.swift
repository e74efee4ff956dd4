import NumericalMethods
import Structures

extension FileFormat {
  /// Structures of VASP.
  static let poscar = FileFormat(
    name: "poscar", summary: "Structure of VASP (POSCAR, CONTCAR)", extensions: ["poscar", "contcar", "vasp"],
    namePrefixes: ["poscar", "contcar"],
    readsTrajectory: false,
    recognizes: { head in
      let lines = head.split(separator: "\n", maxSplits: 9, omittingEmptySubsequences: false).map {
        $0.split(whereSeparator: \.isWhitespace)
      }
      guard lines.count > 8, !head.lowercased().contains("configuration="), let scale = lines[1].first, NumberParser.real(scale) != nil
      else { return false }
      return lines[2...4].allSatisfy { $0.count >= 3 && $0.prefix(3).allSatisfy { NumberParser.real($0) != nil } }
        && (6...7).contains { index in
          "dcks".contains(lines[index].first?.first?.lowercased() ?? "-") || lines[index].first.flatMap { NumberParser.integer($0) } != nil
        }
    },
    open: { path, options in
      let (frame, warnings) = try POSCARReader.read(path: path, options: options)
      return SingleFrameSource(frame, warnings: warnings)
    },
    encode: { frame, _, options in POSCARWriter.encode(frame, options: options) })
}

/// Writes POSCAR files: atoms ordered by species, positions along the edges, velocities (Å/fs) where there are any.
enum POSCARWriter {
  static func encode(_ frame: Frame, options: WriteOptions) -> [UInt8] {
    let configuration = frame.configuration
    let counts = configuration.speciesCounts
    let used = counts.indices.filter { counts[$0] > 0 }
    let order = used.flatMap { type in configuration.types.indices.filter { configuration.types[$0] == type } }
    var out = ByteWriter(decimals: options.decimals, capacity: 512 + configuration.count * 64)
    out.text("\(configuration.formula)\n1\n")
    for axis in 0..<3 {
      for component in 0..<3 {
        if component > 0 { out.space() }
        out.exact(configuration.cell.vectors[axis, component])
      }
      out.newline()
    }
    out.text(used.map { configuration.species[$0].element.symbol }.joined(separator: " ") + "\n")
    out.text(used.map { "\(counts[$0])" }.joined(separator: " ") + "\n")
    let selective = (1..<4).compactMap { frame.columns["selective[\($0)]"] }.filter { $0.count == configuration.count }
    if selective.count == 3 { out.text("Selective dynamics\n") }
    out.text("Direct\n")
    for atom in order {
      let f = configuration.cell.fractional(configuration.positions[atom])
      for axis in 0..<3 {
        if axis > 0 { out.space() }
        out.exact(f[axis])
      }
      if selective.count == 3 { out.text(selective.map { $0[atom] != 0 ? " T" : " F" }.joined()) }
      out.newline()
    }
    if !configuration.velocities.isEmpty {
      out.newline()
      for atom in order {
        out.vector(configuration.velocities[atom] * 1e-3)
        out.newline()
      }
    }
    return out.bytes
  }
}
