import NumericalMethods
import Structures

/// What stands before the sections of a LAMMPS data file.
struct LAMMPSDataHeader {
  var units = LAMMPSUnits.metal
  /// Whether this program wrote the file.
  private(set) var isOwn = false
  /// Counts by their words, `atoms`, `bond types`.
  var counts: [String: Int] = [:]
  private var bounds: [String: SIMD2<Double>] = [:]
  private var vectors: [String: Vector3] = [:]
  private var tilt = Vector3.zero

  private static let countNames: Set<String> = [
    "atoms", "bonds", "angles", "dihedrals", "impropers", "atom types", "bond types", "angle types", "dihedral types",
    "improper types",
  ]

  func count(_ name: String) -> Int { counts[name] ?? 0 }

  /// Takes a line of the header; `false` where the line begins a section.
  mutating func take(_ line: TextLine, warnings: inout [String]) throws -> Bool {
    let words = line.wordsAndComment.words
    guard let first = words.first, NumberParser.real(first.text) != nil else { return false }
    let numbers = words.prefix { NumberParser.real($0.text) != nil }.count
    let name = words.dropFirst(numbers).map(\.text).joined(separator: " ")
    switch name {
    case let name where Self.countNames.contains(name):
      let count = try line.integer("the number of \(name)")
      guard count < (name.hasSuffix("types") ? 1 << 20 : Int(Int32.max)) else {
        throw line.failure("the number of \(name), \(count), is beyond what can be read")
      }
      counts[name] = count
    case "xlo xhi", "ylo yhi", "zlo zhi":
      let values = try line.reals(2, "two bounds")
      guard values[1] > values[0] else {
        throw line.failure("expected the lower bound below the upper one, found \(values[0]) and \(values[1])")
      }
      bounds[String(name.prefix(1))] = SIMD2(values[0], values[1])
    case "xy xz yz":
      let values = try line.reals(3, "three tilts")
      tilt = Vector3(values[0], values[1], values[2])
    case "avec", "bvec", "cvec", "abc origin":
      let values = try line.reals(3, "a vector")
      vectors[String(name.prefix(3))] = Vector3(values[0], values[1], values[2])
    default:
      if !name.hasPrefix("extra ") { warnings.append("\(line.position): \"\(name.prefix(60))\" is left out") }
    }
    return true
  }

  /// The title: the first line, whose words `units = …` are heeded, and `written by Vitrolyte`.
  mutating func takeTitle(_ line: TextLine) throws {
    let words = line.words.map(\.text)
    isOwn = zip(words, words.dropFirst()).contains { $0 == "by" && $1.hasPrefix("Vitrolyte") }
    for index in words.indices.dropFirst(2) where words[index - 2] == "units" && words[index - 1] == "=" {
      units = try LAMMPSUnits(name: words[index], at: line.position)
    }
  }

  func cell(at position: FilePosition) throws -> (cell: Cell, isExchanged: Bool) {
    if let a = vectors["ave"], let b = vectors["bve"], let c = vectors["cve"] {
      return try CellBuilder.cell(vectors: Matrix3(a, b, c), origin: vectors["abc"] ?? .zero, at: position)
    }
    guard let x = bounds["x"], let y = bounds["y"], let z = bounds["z"] else {
      throw FormatsError(.malformed, at: position, "the header lacks the cell; expected lines with xlo xhi, ylo yhi and zlo zhi")
    }
    let box = LAMMPSBox(low: Vector3(x.x, y.x, z.x), high: Vector3(x.y, y.y, z.y), tilt: tilt)
    return try CellBuilder.cell(vectors: box.vectors, origin: box.low, at: position)
  }
}
