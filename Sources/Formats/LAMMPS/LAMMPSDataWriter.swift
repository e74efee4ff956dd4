import NumericalMethods
import Structures

/// Writes LAMMPS data files in metal units, atom style atomic, charge or full, whichever holds what the atoms carry.
///
/// A cell that does not have a along x and b in the xy plane is turned, with positions and velocities; distances and angles stay
/// as they are, and ``LAMMPSDataReader`` reads the turned cell back. Labels of species stand as comments in `Masses`.
enum LAMMPSDataWriter {
  /// How the first line begins.
  static let title = "LAMMPS data file written by Vitrolyte"

  static func encode(_ frame: Frame, options: WriteOptions) throws -> [UInt8] {
    let configuration = try frame.inLAMMPSOrientation().configuration
    guard let box = LAMMPSBox(configuration.cell) else {
      throw FormatsError(.unsupported, "the cell cannot be turned so that a lies along x and b in the xy plane")
    }
    let style = style(of: configuration)
    var out = ByteWriter(decimals: options.decimals, capacity: 1024 + configuration.count * 96)
    out.text("\(title), units = metal\n\n")
    writeHeader(configuration, box, &out)
    // LAMMPS wants labels before any section that has types.
    writeTypeLabels(configuration.topology, &out)
    writeMasses(configuration, &out)
    writeAtoms(configuration, style, &out)
    if !configuration.velocities.isEmpty {
      out.text("\nVelocities\n\n")
      for atom in 0..<configuration.count {
        out.integer(identifier(atom, configuration))
        out.space()
        out.vector(configuration.velocities[atom])
        out.newline()
      }
    }
    let topology = configuration.topology
    writeTerms("Bonds", topology.bonds.map { ($0.type, [$0.atoms.x, $0.atoms.y]) }, configuration, &out)
    writeTerms("Angles", topology.angles.map { ($0.type, [$0.atoms.x, $0.atoms.y, $0.atoms.z]) }, configuration, &out)
    writeTerms("Dihedrals", topology.dihedrals.map { ($0.type, [$0.atoms.x, $0.atoms.y, $0.atoms.z, $0.atoms.w]) }, configuration, &out)
    writeTerms("Impropers", topology.impropers.map { ($0.type, [$0.atoms.x, $0.atoms.y, $0.atoms.z, $0.atoms.w]) }, configuration, &out)
    return out.bytes
  }

  private static func style(of configuration: Configuration) -> LAMMPSAtomStyle {
    if !configuration.topology.isEmpty || !configuration.molecules.isEmpty { return .full }
    return configuration.charges.isEmpty ? .atomic : .charge
  }

  private static func identifier(_ atom: Int, _ configuration: Configuration) -> Int {
    configuration.identifiers.isEmpty ? atom + 1 : configuration.identifiers[atom]
  }

  /// The number of types: those that have names, those that are used.
  private static func typeCount<Atoms>(_ labels: [String], _ terms: [Topology.Term<Atoms>]) -> Int {
    max(labels.count, (terms.map { Int($0.type) }.max() ?? -1) + 1)
  }

  private static func writeHeader(_ configuration: Configuration, _ box: LAMMPSBox, _ out: inout ByteWriter) {
    let topology = configuration.topology
    out.text("\(configuration.count) atoms\n\(configuration.species.count) atom types\n")
    for (name, count, types) in [
      ("bond", topology.bonds.count, typeCount(topology.bondLabels, topology.bonds)),
      ("angle", topology.angles.count, typeCount(topology.angleLabels, topology.angles)),
      ("dihedral", topology.dihedrals.count, typeCount(topology.dihedralLabels, topology.dihedrals)),
      ("improper", topology.impropers.count, typeCount(topology.improperLabels, topology.impropers)),
    ] where types > 0 {
      out.text("\(count) \(name)s\n\(types) \(name) types\n")
    }
    out.newline()
    for (axis, name) in ["x", "y", "z"].enumerated() {
      out.exact(box.low[axis])
      out.space()
      out.exact(box.high[axis])
      out.text(" \(name)lo \(name)hi\n")
    }
    if box.isTilted {
      for axis in 0..<3 {
        out.exact(box.tilt[axis])
        out.space()
      }
      out.text("xy xz yz\n")
    }
  }

  private static func writeMasses(_ configuration: Configuration, _ out: inout ByteWriter) {
    out.text("\nMasses\n\n")
    for (index, species) in configuration.species.enumerated() {
      out.integer(index + 1)
      out.space()
      out.exact(species.mass)
      out.text(" # \(ByteWriter.word(species.label))\n")
    }
  }

  private static func writeTypeLabels(_ topology: Topology, _ out: inout ByteWriter) {
    for (name, labels) in [
      ("Bond", topology.bondLabels), ("Angle", topology.angleLabels), ("Dihedral", topology.dihedralLabels),
      ("Improper", topology.improperLabels),
    ] where !labels.isEmpty {
      out.text("\n\(name) Type Labels\n\n")
      for (index, label) in labels.enumerated() { out.text("\(index + 1) \(ByteWriter.word(label))\n") }
    }
  }

  private static func writeAtoms(_ configuration: Configuration, _ style: LAMMPSAtomStyle, _ out: inout ByteWriter) {
    out.text("\nAtoms # \(style.rawValue)\n\n")
    for atom in 0..<configuration.count {
      out.integer(identifier(atom, configuration))
      out.space()
      if style.hasMolecule {
        out.integer(configuration.molecules.isEmpty ? 0 : Int(configuration.molecules[atom]))
        out.space()
      }
      out.integer(Int(configuration.types[atom]) + 1)
      out.space()
      if style.hasCharge {
        out.exact(configuration.charges.isEmpty ? 0 : configuration.charges[atom])
        out.space()
      }
      out.vector(configuration.positions[atom])
      if !configuration.images.isEmpty {
        for axis in 0..<3 {
          out.space()
          out.integer(Int(configuration.images[atom][axis]))
        }
      }
      out.newline()
    }
  }

  private static func writeTerms(
    _ name: String, _ terms: [(type: Int32, atoms: [Int32])], _ configuration: Configuration, _ out: inout ByteWriter
  ) {
    guard !terms.isEmpty else { return }
    out.text("\n\(name)\n\n")
    for (index, term) in terms.enumerated() {
      out.text("\(index + 1) \(term.type + 1)")
      for atom in term.atoms {
        out.space()
        out.integer(identifier(Int(atom), configuration))
      }
      out.newline()
    }
  }
}
