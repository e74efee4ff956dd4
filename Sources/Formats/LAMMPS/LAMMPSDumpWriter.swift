import NumericalMethods
import Structures

extension FileFormat {
  /// Text dumps of LAMMPS.
  static let lammpsDump = FileFormat(
    name: "lammps-dump", summary: "Text dump of LAMMPS (dump custom), .gz and .zst too", extensions: ["lammpstrj", "dump", "lammpsdump"],
    namePrefixes: ["dump"], readsTrajectory: true,
    recognizes: { $0.hasPrefix("ITEM: ") },
    open: { try LAMMPSDumpReader(path: $0, species: $1.species) },
    encode: { try LAMMPSDumpWriter.encode($0, index: $1, options: $2) })
}

/// Writes frames as LAMMPS's `dump custom` does, with columns
/// `id type element x y z [ix iy iz] [vx vy vz] [fx fy fz] [q] [typelabel]`.
///
/// Units are metal; the time of a frame is written only where ``WriteOptions/includesTime`` asks for it. Unwrapped positions are written as xu yu zu. A cell that does not have a along
/// x and b in the xy plane is turned, with positions, velocities and forces; distances and angles stay as they are.
enum LAMMPSDumpWriter {
  static func encode(_ frame: Frame, index: Int, options: WriteOptions) throws -> [UInt8] {
    let frame = try frame.inLAMMPSOrientation()
    let configuration = frame.configuration
    guard let box = LAMMPSBox(configuration.cell) else {
      throw FormatsError(.unsupported, "the cell cannot be turned so that a lies along x and b in the xy plane")
    }
    var out = ByteWriter(decimals: options.decimals, capacity: 256 + configuration.count * 64)
    if index == 0 && options.includesTime { out.text("ITEM: UNITS\nmetal\n") }
    if let time = frame.time, options.includesTime {
      out.text("ITEM: TIME\n")
      out.exact(time)
      out.newline()
    }
    out.text("ITEM: TIMESTEP\n\(frame.step ?? index)\nITEM: NUMBER OF ATOMS\n\(configuration.count)\n")
    header(box, periodic: configuration.cell.periodic, &out)
    rows(frame, &out)
    return out.bytes
  }

  private static func header(_ box: LAMMPSBox, periodic: Periodicity, _ out: inout ByteWriter) {
    let boundaries = (0..<3).map { periodic[$0] ? "pp" : "ff" }.joined(separator: " ")
    let (low, high) = box.isTilted ? box.bounds : (box.low, box.high)
    out.text("ITEM: BOX BOUNDS \(box.isTilted ? "xy xz yz " : "")\(boundaries)\n")
    for axis in 0..<3 {
      out.exact(low[axis])
      out.space()
      out.exact(high[axis])
      if box.isTilted {
        out.space()
        out.exact(box.tilt[axis])
      }
      out.newline()
    }
  }

  private static func rows(_ frame: Frame, _ out: inout ByteWriter) {
    let configuration = frame.configuration
    let hasImages = !configuration.images.isEmpty && !frame.isUnwrapped
    let hasLabels = configuration.species.contains { $0.label != $0.element.symbol }
    out.text("ITEM: ATOMS id type element \(frame.isUnwrapped ? "xu yu zu" : "x y z")")
    if hasImages { out.text(" ix iy iz") }
    if !configuration.velocities.isEmpty { out.text(" vx vy vz") }
    if !frame.forces.isEmpty { out.text(" fx fy fz") }
    if !configuration.charges.isEmpty { out.text(" q") }
    if hasLabels { out.text(" typelabel") }
    out.newline()
    let names = configuration.species.enumerated().map { Array(" \($0.offset + 1) \($0.element.element.symbol) ".utf8) }
    for atom in 0..<configuration.count {
      let type = Int(configuration.types[atom])
      out.integer(configuration.identifiers.isEmpty ? atom + 1 : configuration.identifiers[atom])
      out.append(names[type])
      out.vector(configuration.positions[atom])
      if hasImages {
        for axis in 0..<3 {
          out.space()
          out.integer(Int(configuration.images[atom][axis]))
        }
      }
      if !configuration.velocities.isEmpty {
        out.space()
        out.vector(configuration.velocities[atom])
      }
      if !frame.forces.isEmpty {
        out.space()
        out.vector(frame.forces[atom])
      }
      if !configuration.charges.isEmpty {
        out.space()
        out.exact(configuration.charges[atom])
      }
      if hasLabels { out.text(" " + ByteWriter.word(configuration.species[type].label)) }
      out.newline()
    }
  }
}
