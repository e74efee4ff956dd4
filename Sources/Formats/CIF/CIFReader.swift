import NumericalMethods
import Structures

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

extension FileFormat {
  /// Crystallographic information files.
  static let cif = FileFormat(
    name: "cif", summary: "Crystallographic information file, with its symmetry operations", extensions: ["cif"], readsTrajectory: false,
    recognizes: { head in
      head.split(separator: "\n").contains { $0.hasPrefix("data_") } || head.contains("_cell_length_a")
    },
    open: { path, _ in
      let (configuration, warnings) = try CIFReader.read(path: path)
      return SingleFrameSource(Frame(configuration), warnings: warnings)
    })
}

/// Reads the crystal in a CIF: the sites, repeated by the symmetry operations that the file lists.
///
/// Images of a site that fall within 0.1 Å of each other are one atom on a special position. Sites that are not full are an error,
/// since no single configuration stands for them. Of several structures the first is taken.
enum CIFReader {
  /// How near images of one site are one atom, in Å. Coordinates in papers have four digits, edges are some 10 Å.
  static let mergeDistance = 0.1

  static func read(path: String) throws -> (configuration: Configuration, warnings: [String]) {
    let reader = try TextReader(path: path)
    let syntax = try CIFSyntax(reader)
    var warnings = reader.warnings
    let structures = syntax.blocks.filter { $0.loop("_atom_site_fract_x") != nil }
    let start = FilePosition(path: path, line: 1)
    guard let block = structures.first, let sites = block.loop("_atom_site_fract_x") else {
      if syntax.blocks.contains(where: { $0.loop("_atom_site_cartn_x") != nil }) {
        throw FormatsError(.unsupported, at: start, "the sites have Cartesian coordinates only; expected _atom_site_fract_x, _y and _z")
      }
      throw FormatsError(.malformed, at: start, "the file has no atoms; expected a loop with _atom_site_fract_x, _y and _z")
    }
    if structures.count > 1 {
      warnings.append(
        "\(path) holds several structures (\(structures.map(\.name).joined(separator: ", "))); the first, \(block.name), is taken")
    }
    let cell = try cell(block)
    let operations = try operations(block, &warnings)
    let (species, atoms) = try sitesOf(sites, block)
    guard atoms.count * operations.count < 5_000_000 else {
      throw FormatsError(
        .malformed, at: block.position, "\(atoms.count) sites and \(operations.count) operations are more than can be a crystal")
    }
    var positions: [Vector3] = []
    var types: [Int32] = []
    for atom in atoms {
      let orbit = orbit(atom.fractional, operations, cell)
      positions += orbit
      types += [Int32](repeating: Int32(atom.species), count: orbit.count)
    }
    try checkOverlap(positions, cell, block)
    return (try Configuration(cell: cell, species: species, types: types, positions: positions), warnings)
  }

  /// A number, whose uncertainty in parentheses is left out.
  private static func number(_ token: CIFSyntax.Token, _ what: String) throws -> Double {
    guard let value = NumberParser.real(token.text.prefix { $0 != "(" }), value.isFinite else {
      throw FormatsError(.malformed, at: token.position, "expected a number for \(what), found \"\(token.text.prefix(40))\"")
    }
    return value
  }

  private static func cell(_ block: CIFSyntax.Block) throws -> Cell {
    func value(_ name: String) throws -> Double {
      guard let token = block.value(name) else {
        throw FormatsError(.malformed, at: block.position, "the block \(block.name) lacks \(name); expected the cell's lengths and angles")
      }
      return try number(token, name)
    }
    let lengths = Vector3(try value("_cell_length_a"), try value("_cell_length_b"), try value("_cell_length_c"))
    let angles = Vector3(try value("_cell_angle_alpha"), try value("_cell_angle_beta"), try value("_cell_angle_gamma"))
    // The right angle's cosine is 0 to the last bit, so that the cell stays orthorhombic.
    func cosine(_ degrees: Double) -> Double { degrees == 90 ? 0 : cos(degrees * .pi / 180) }
    let (ca, cb, cg) = (cosine(angles.x), cosine(angles.y), cosine(angles.z))
    let sg = (1 - cg * cg).squareRoot()
    let cy = (ca - cb * cg) / sg
    let cz = (1 - cb * cb - cy * cy).squareRoot()
    guard angles.min() > 0, angles.max() < 180, lengths.min() > 0.5, cz.isFinite, cz > 0 else {
      throw FormatsError(
        .malformed, at: block.position,
        "the lengths \(lengths.x), \(lengths.y), \(lengths.z) Å and angles \(angles.x), \(angles.y), \(angles.z)° close no cell; check them"
      )
    }
    let vectors = Matrix3(
      Vector3(lengths.x, 0, 0), Vector3(lengths.y * cg, lengths.y * sg, 0), Vector3(lengths.z * cb, lengths.z * cy, lengths.z * cz))
    return try CellBuilder.cell(vectors: vectors, at: block.position).cell
  }

  private static func operations(_ block: CIFSyntax.Block, _ warnings: inout [String]) throws -> [SymmetryOperation] {
    let names = ["_space_group_symop_operation_xyz", "_symmetry_equiv_pos_as_xyz"]
    var tokens: [CIFSyntax.Token] = []
    for name in names where tokens.isEmpty {
      if let loop = block.loop(name), let column = loop.column(name) { tokens = loop.rows.map { $0[column] } }
      if tokens.isEmpty, let single = block.value(name) { tokens = [single] }
    }
    let group = spaceGroup(block)
    guard !tokens.isEmpty else {
      if let group, !group.isTriclinic {
        throw FormatsError(
          .unsupported, at: group.position,
          "the file names the space group \(group.name) but lists no operations; add a loop of _space_group_symop_operation_xyz "
            + "(VESTA, gemmi or ASE write one when they save the file again), or expand it to P 1")
      }
      if group == nil {
        warnings.append("\(block.position): the file says nothing about symmetry; its sites are taken as all there are (P 1)")
      }
      return [SymmetryOperation("x,y,z")].compactMap { $0 }
    }
    if tokens.count == 1, let group, !group.isTriclinic {
      warnings.append("\(tokens[0].position): the file lists one operation, but its space group is \(group.name); atoms may be missing")
    }
    guard tokens.count <= 1024 else {
      throw FormatsError(.malformed, at: tokens[1024].position, "no space group has more than 192 operations; found \(tokens.count)")
    }
    return try tokens.map { token in
      guard let operation = SymmetryOperation(token.text) else {
        throw FormatsError(
          .malformed, at: token.position, "expected a symmetry operation such as -x+1/2,y,-z, found \"\(token.text.prefix(60))\"")
      }
      return operation
    }
  }

  private static func spaceGroup(_ block: CIFSyntax.Block) -> (name: String, isTriclinic: Bool, position: FilePosition)? {
    if let token = block.value(
      "_space_group_name_h-m_alt", "_symmetry_space_group_name_h-m", "_space_group_name_hall", "_symmetry_space_group_name_hall")
    {
      return (token.text, token.text.lowercased().filter { !$0.isWhitespace } == "p1", token.position)
    }
    if let token = block.value("_space_group_it_number", "_symmetry_int_tables_number") {
      return ("number \(token.text)", token.text == "1", token.position)
    }
    return nil
  }

  /// The species and, for each site, its coordinates along the edges.
  private static func sitesOf(
    _ loop: CIFSyntax.Loop, _ block: CIFSyntax.Block
  ) throws -> (species: [Species], atoms: [(species: Int, fractional: Vector3)]) {
    guard let x = loop.column("_atom_site_fract_x"), let y = loop.column("_atom_site_fract_y"), let z = loop.column("_atom_site_fract_z"),
      let name = loop.column("_atom_site_type_symbol", "_atom_site_label")
    else {
      throw FormatsError(
        .malformed, at: loop.rows.first?[0].position ?? block.position,
        "the sites lack some of _atom_site_fract_x, _y, _z and _atom_site_label")
    }
    let label = loop.column("_atom_site_label") ?? name
    try checkOccupancy(loop, label)
    var species: [Species] = []
    var atoms: [(species: Int, fractional: Vector3)] = []
    for row in loop.rows {
      let one = try self.species(row[name])
      let index = species.firstIndex(of: one) ?? species.count
      if index == species.count { species.append(one) }
      let fractional = Vector3(try number(row[x], "x"), try number(row[y], "y"), try number(row[z], "z"))
      guard max(abs(fractional.x), abs(fractional.y), abs(fractional.z)) < 1e6 else {
        throw FormatsError(.malformed, at: row[x].position, "expected coordinates along the edges near 0 to 1")
      }
      atoms.append((index, fractional))
    }
    return (species, atoms)
  }

  private static func checkOccupancy(_ loop: CIFSyntax.Loop, _ label: Int) throws {
    guard let column = loop.column("_atom_site_occupancy") else { return }
    var partial: [String] = []
    var first: FilePosition?
    for row in loop.rows {
      let token = row[column]
      if !token.isQuoted && (token.text == "." || token.text == "?") { continue }
      let occupancy = try number(token, "the occupancy")
      if abs(occupancy - 1) > 1e-3 {
        partial.append("\(row[label].text) (\(occupancy))")
        first = first ?? token.position
      }
    }
    guard let first else { return }
    throw FormatsError(
      .unsupported, at: first,
      "\(partial.count) site\(partial.count == 1 ? " is" : "s are") not full: \(partial.prefix(40).joined(separator: ", ")); "
        + "choose an ordered arrangement (for example with the supercell program or pymatgen) and give that file")
  }

  /// The element of a site: `Li`, `Li1+`, `O2-`, `Si1`, `OW1`; D is deuterium.
  private static func species(_ token: CIFSyntax.Token) throws -> Species {
    let letters = token.text.prefix { $0.isASCII && $0.isLetter }
    if letters == "D", let hydrogen = Element(symbol: "H") { return Species(hydrogen, label: "D", mass: 2.014) }
    guard let element = Element(symbol: letters.prefix(2)) ?? Element(symbol: letters.prefix(1)) else {
      throw FormatsError(.missingElements, at: token.position, "expected an element's symbol, found \"\(token.text.prefix(40))\"")
    }
    return Species(element)
  }

  /// The positions of a site and its images, each once.
  private static func orbit(_ site: Vector3, _ operations: [SymmetryOperation], _ cell: Cell) -> [Vector3] {
    var found: [Vector3] = []
    for operation in operations {
      let image = operation(site)
      var inside = image - image.rounded(.down)
      inside.replace(with: 0, where: inside .>= 1)
      let position = cell.cartesian(inside)
      let isKnown = found.contains { cell.minimumImage($0 - position).squaredLength < mergeDistance * mergeDistance }
      if !isKnown { found.append(position) }
    }
    return found
  }

  private static func checkOverlap(_ positions: [Vector3], _ cell: Cell, _ block: CIFSyntax.Block) throws {
    let search = try NeighborSearch(cell: cell, positions: positions, cutoff: mergeDistance)
    var pairs = 0
    search.forEachPair { _, _ in pairs += 1 }
    guard pairs == 0 else {
      throw FormatsError(
        .inconsistent, at: block.position,
        "\(pairs) pair\(pairs == 1 ? "" : "s") of atoms of different sites are closer than \(mergeDistance) Å; "
          + "the file lists atoms twice or describes disorder")
    }
  }
}
