import NumericalMethods
import Structures

/// Reads LAMMPS data files (`write_data`), atom styles atomic, charge, full, molecular, bond and angle.
///
/// - Units are metal, unless the first line says `units = real`, as LAMMPS writes it; then velocities in Å/fs are converted.
/// - Elements come from the caller, from type labels and comments in `Masses` (`1 28.085 # Si`), else from the mass. A label
///   that contradicts its mass is an error.
/// - Atoms come out by ascending id, bonded terms in the order of the file. Tilted and general triclinic cells are read; the
///   format does not say along which edges a cell repeats, so it repeats along all.
struct LAMMPSDataReader {
  let reader: TextReader
  let options: ReadOptions
  let table = NumberTable()
  var header = LAMMPSDataHeader()
  var warnings: [String] = []
  var atomLabels: [Int: String] = [:]
  var masses: [Int: (mass: Double, label: String?, position: FilePosition)] = [:]
  var topologyLabels: [String: [Int: String]] = [:]
  var frame: Frame?
  /// The place of each atom by its number, where numbers are not 1, 2, 3 …
  var indexOfIdentifier: [Int: Int] = [:]

  static func read(path: String, options: ReadOptions) throws -> (frame: Frame, warnings: [String]) {
    var reader = LAMMPSDataReader(reader: try TextReader(path: path), options: options)
    let frame = try reader.read()
    return (frame, reader.reader.warnings + reader.warnings)
  }

  private init(reader: TextReader, options: ReadOptions) {
    self.reader = reader
    self.options = options
  }

  private mutating func read() throws -> Frame {
    try header.takeTitle(try reader.requireLine("the title of a LAMMPS data file"))
    var isHeader = true
    while let line = try reader.nextLine() {
      let words = line.wordsAndComment
      guard !words.words.isEmpty else { continue }
      if isHeader, try header.take(line, warnings: &warnings) { continue }
      isHeader = false
      try readSection(words.words.map(\.text).joined(separator: " "), hint: words.comment.first?.text, line)
    }
    let end = FilePosition(path: reader.path, line: reader.lineNumber)
    guard var frame else {
      throw FormatsError(.endsEarly, at: end, "the file has no section Atoms")
    }
    if reader.lacksLastLineEnd {
      warnings.append("\(end): the last line has no end; if the file was cut, its last number is wrong")
    }
    // Masses may follow Atoms.
    frame.configuration.species = try species(at: end)
    checkVelocities(frame.configuration)
    frame.configuration.topology.bondLabels = labels("Bond", "bond types")
    frame.configuration.topology.angleLabels = labels("Angle", "angle types")
    frame.configuration.topology.dihedralLabels = labels("Dihedral", "dihedral types")
    frame.configuration.topology.improperLabels = labels("Improper", "improper types")
    return frame
  }

  /// Older versions of LAMMPS do not write their units, and velocities in Å/fs read as Å/ps are those of a thousandth of a kelvin.
  private mutating func checkVelocities(_ configuration: Configuration) {
    guard !configuration.velocities.isEmpty, header.units == .metal else { return }
    let energy = zip(configuration.masses, configuration.velocities).reduce(0) { $0 + $1.0 * $1.1.squaredLength }
    let temperature =
      energy * PhysicalConstants.massVelocitySquared / (3 * Double(configuration.count) * PhysicalConstants.boltzmann)
    guard temperature > 0, temperature < 0.05 else { return }
    warnings.append(
      "\(reader.path): the velocities are those of \(temperature) K in Å/ps; if they are Å/fs, write \"units = real\" in the first line")
  }

  /// The names of a kind of type, or empty where the file gives none.
  private func labels(_ kind: String, _ count: String) -> [String] {
    guard let labels = topologyLabels[kind] else { return [] }
    return (1...max(1, header.count(count))).map { labels[$0] ?? String($0) }
  }

  private mutating func species(at end: FilePosition) throws -> [Species] {
    let count = header.count("atom types")
    if let given = options.species, given.count != count {
      throw FormatsError(
        .missingElements, "\(reader.path) has \(count) atom types, but \(given.count) elements are given; give one a type")
    }
    var species: [Species] = []
    for type in 1..<(count + 1) {
      let entry = masses[type]
      let given = options.species?[type - 1]
      let label = given?.element.symbol ?? atomLabels[type] ?? entry?.label
      guard entry != nil || label != nil else {
        throw FormatsError(.missingElements, at: end, "the file gives type \(type) neither a mass nor a label; \(SpeciesResolver.mend)")
      }
      var (one, warning) = try SpeciesResolver.species(
        label: label, mass: entry?.mass, context: "type \(type)", at: entry?.position ?? end)
      if let given { one.label = given.label }
      // What this program wrote is labelled as its force field calls the kinds of an element, which needs no word.
      if let warning, !header.isOwn { warnings.append("\(reader.path): \(warning)") }
      species.append(one)
    }
    if let warning = SpeciesResolver.makeLabelsUnique(&species) { warnings.append("\(reader.path): \(warning)") }
    return species
  }
}

extension FileFormat {
  /// Data files of LAMMPS.
  static let lammpsData = FileFormat(
    name: "lammps-data", summary: "Data file of LAMMPS (read_data, write_data)", extensions: ["data", "lmp", "lmpdat"],
    namePrefixes: ["data"], readsTrajectory: false,
    recognizes: { head in
      let lines = head.split(separator: "\n", maxSplits: 60, omittingEmptySubsequences: false).dropFirst()
      return lines.contains { $0.contains(" xlo xhi") || $0.hasSuffix(" avec") }
        && lines.contains { $0.split(separator: " ").dropFirst().first == "atoms" }
    },
    open: { path, options in
      let (frame, warnings) = try LAMMPSDataReader.read(path: path, options: options)
      return SingleFrameSource(frame, warnings: warnings)
    },
    encode: { frame, _, options in try LAMMPSDataWriter.encode(frame, options: options) })
}
