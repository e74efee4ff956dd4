/// Reads the samples of a pair with the form `table`: in the file itself, or in a LAMMPS table file beside it.
struct PairSamplesReader {
  let units: PotentialUnits

  func read(_ node: ForceFieldNode, pair: String) throws -> PairSamples {
    let fields = try node.fields("\(pair) of table", known: ["file", "keyword", "r", "energy", "force"])
    if let fileNode = fields["file"] {
      guard let keyword = try fields["keyword"]?.text("keyword") else {
        throw node.error("a table file holds several tables; name the one for \(pair) with keyword")
      }
      let name = try fileNode.text("file")
      let path = name.hasPrefix("/") ? name : TextFile.directory(of: node.source) + name
      return try LammpsTable.read(TextFile.read(path), keyword: keyword, source: path, units: units)
    }
    guard let r = fields["r"], let energy = fields["energy"], let force = fields["force"] else {
      throw node.error("\(pair) of table needs file and keyword, or the lists r, energy and force")
    }
    let distances = try r.list("r").map { try $0.length("r") }
    let energies = try energy.list("energy").map { try $0.number("energy", unit: units.energySymbol) * units.energy }
    let forces = try force.list("force").map { try $0.number("force", unit: "\(units.energySymbol)/A") * units.energy }
    do {
      return try PairSamples(distances: distances, energies: energies, forces: forces)
    } catch let error as InteractionsError {
      throw node.error(error.message)
    }
  }
}

/// The format of LAMMPS's `pair_style table`.
///
/// A section is a line with its keyword, a line of parameters (`N` and the number of samples, optionally `R low high` or
/// `RSQ low high` that override the distances), a blank line, and lines of index, distance, energy and force.
enum LammpsTable {
  static func read(_ text: String, keyword: String, source: String, units: PotentialUnits) throws -> PairSamples {
    let lines: [[String]] = text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline).map { line in
      line.prefix { $0 != "#" }.split(whereSeparator: \.isWhitespace).map(String.init)
    }
    func fail(_ line: Int, _ message: String) -> InteractionsError {
      InteractionsError(.invalidForceField, "\(source):\(line + 1): \(message)")
    }
    guard let start = lines.firstIndex(where: { $0.first == keyword }) else {
      throw InteractionsError(.invalidForceField, "\(source): there is no table with the keyword \"\(keyword)\"")
    }
    guard start + 1 < lines.count, let place = lines[start + 1].firstIndex(of: "N"), place + 1 < lines[start + 1].count,
      let count = Int(lines[start + 1][place + 1]), (4...10_000_000).contains(count)
    else { throw fail(start + 1, "a table's second line must hold N and the number of samples, at least 4") }
    var spacing: (squared: Bool, low: Double, high: Double)?
    if let place = lines[start + 1].firstIndex(where: { $0 == "R" || $0 == "RSQ" }) {
      let words = lines[start + 1]
      guard place + 2 < words.count, let low = Double(words[place + 1]), let high = Double(words[place + 2]), 0 < low, low < high else {
        throw fail(start + 1, "\(words[place]) must be followed by the lowest and the highest distance in A")
      }
      spacing = (words[place] == "RSQ", low, high)
    }
    var (distances, energies, forces): ([Double], [Double], [Double]) = ([], [], [])
    var line = start + 2
    while distances.count < count {
      guard line < lines.count else {
        throw fail(lines.count - 1, "the table \(keyword) ends after \(distances.count) of its \(count) samples")
      }
      let words = lines[line]
      line += 1
      if words.isEmpty { continue }
      guard words.count >= 4, let r = Double(words[1]), let energy = Double(words[2]), let force = Double(words[3]) else {
        throw fail(line - 1, "a sample is a line of index, distance, energy and force")
      }
      let t = Double(distances.count) / Double(count - 1)
      switch spacing {
      case nil: distances.append(r)
      case (false, let low, let high)?: distances.append(low + t * (high - low))
      case (true, let low, let high)?: distances.append((low * low + t * (high * high - low * low)).squareRoot())
      }
      energies.append(energy * units.energy)
      forces.append(force * units.energy)
    }
    do {
      return try PairSamples(distances: distances, energies: energies, forces: forces)
    } catch let error as InteractionsError {
      throw fail(start, error.message)
    }
  }
}
