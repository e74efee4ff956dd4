import NumericalMethods
import Structures

/// What begins a POSCAR, a CONTCAR and an XDATCAR: title, scale, edges, elements and counts.
///
/// Source: VASP wiki, POSCAR.
struct VASPHeader {
  var vectors: Matrix3
  /// By what Cartesian positions are multiplied.
  var scale: Vector3
  var species: [Species]
  var types: [Int32]
  var line: TextLine

  /// Reads the header; `nil` at the end of the file.
  ///
  /// - Parameter given: Species for files of VASP 4, which name none.
  static func read(_ reader: TextReader, given: [Species]?) throws -> VASPHeader? {
    guard try reader.nextLine() != nil else { return nil }
    let scaleLine = try reader.requireLine("the scale")
    var factors = try scaleLine.reals(1, "a scale")
    let more = scaleLine.wordsAndComment.words.prefix(3).compactMap { NumberParser.real($0.text) }
    if more.count == 3 { factors = more }
    let rows = try (0..<3).map { try reader.requireLine("edge vector \($0 + 1)").reals(3, "edge vector \($0 + 1) as three numbers") }
    var vectors = Matrix3(
      Vector3(rows[0][0], rows[0][1], rows[0][2]), Vector3(rows[1][0], rows[1][1], rows[1][2]),
      Vector3(rows[2][0], rows[2][1], rows[2][2]))
    let scale = try scale(factors, vectors, scaleLine)
    for axis in 0..<3 { vectors[axis] *= scale }

    let line = try reader.requireLine("the elements")
    let words = line.wordsAndComment.words
    if line.isCut { throw line.failure("the file ends in this line") }
    guard let first = words.first else { throw line.failure("expected the symbols of the elements, found a blank line") }
    var species: [Species]
    var countLine = line
    if NumberParser.integer(first.text) != nil {
      guard let given else {
        throw line.failure(
          .missingElements,
          "the file is of VASP 4 and names no elements; insert a line with their symbols before this one, or \(SpeciesResolver.mend)")
      }
      species = given
    } else {
      species = try words.map { try self.species($0) }
      countLine = try reader.requireLine("the number of atoms of each element")
      if let given {
        guard given.count == species.count else {
          throw line.failure(.inconsistent, "the file names \(species.count) elements, but \(given.count) are given; give one for each")
        }
        species = given
      }
    }
    let counts = try counts(countLine)
    guard counts.count == species.count else {
      throw countLine.failure("expected \(species.count) numbers of atoms, one for each element, found \(counts.count)")
    }
    return merge(VASPHeader(vectors: vectors, scale: scale, species: species, types: [], line: line), counts)
  }

  private static func scale(_ factors: [Double], _ vectors: Matrix3, _ line: TextLine) throws -> Vector3 {
    if factors.count == 3, factors.allSatisfy({ $0 > 0 && $0.isFinite }) { return Vector3(factors[0], factors[1], factors[2]) }
    guard factors[0] != 0 else { throw line.failure("the scale is 0; expected a factor, or the volume as a negative number") }
    if factors[0] > 0 { return Vector3(repeating: factors[0]) }
    // A negative scale is the volume of the cell.
    let length = root(-factors[0] / abs(vectors.determinant))
    guard length.isFinite, length > 0 else { throw line.failure("the edges span no volume that could be scaled to \(-factors[0]) Å3") }
    return Vector3(repeating: length)
  }

  /// The cube root, to the last bit by two Newton steps.
  private static func root(_ value: Double) -> Double {
    guard value.isFinite, value > 0 else { return .nan }
    var root = Double(sign: .plus, exponent: Int(value.exponent) / 3, significand: 1)
    for _ in 0..<60 {
      let next = root - (root - value / (root * root)) / 3
      if next == root { break }
      root = next
    }
    return root
  }

  /// An element of the line of symbols: `Li`, `Li_sv`, `Si/0f2e`.
  private static func species(_ word: TextLine.Word) throws -> Species {
    let symbol = word.text.prefix { $0 != "_" && $0 != "/" && $0 != "." }
    guard let element = Element(symbol: symbol) else {
      throw FormatsError(.missingElements, at: word.position, "expected the symbol of an element, found \"\(word.text.prefix(40))\"")
    }
    return Species(element)
  }

  private static func counts(_ line: TextLine) throws -> [Int] {
    var total = 0
    return try line.wordsAndComment.words.prefix { NumberParser.integer($0.text) != nil }.map { word in
      let count = NumberParser.integer(word.text) ?? -1
      guard count >= 0, count < 1 << 24, total < 1 << 24 else {
        throw FormatsError(.malformed, at: word.position, "expected a number of atoms below 2^24, found \(word.text.prefix(40))")
      }
      total += count
      return count
    }
  }

  /// An element that comes twice (`Li P Li`) is one species.
  private static func merge(_ header: VASPHeader, _ counts: [Int]) -> VASPHeader {
    var merged = header
    merged.species = []
    for (one, count) in zip(header.species, counts) {
      let index = merged.species.firstIndex { $0.label == one.label } ?? merged.species.count
      if index == merged.species.count { merged.species.append(one) }
      merged.types += [Int32](repeating: Int32(index), count: count)
    }
    return merged
  }
}
