import NumericalMethods
import Structures

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

extension FileFormat {
  /// Training data of DeePMD-kit.
  static let deepmd = FileFormat(
    name: "deepmd", summary: "Folder of DeePMD-kit data (type.raw, type_map.raw, set.*/*.npy); name the folder or its type.raw",
    extensions: ["raw"], readsTrajectory: true, recognizes: { _ in false },
    open: { try DeePMDReader(path: $0, species: $1.species) })
}

/// Reads the folders in which DeePMD-kit keeps frames with energies and forces.
///
/// Types come from `type.raw` and their names from `type_map.raw`; each folder `set.*` holds one row a frame in `box.npy` (nine numbers,
/// edge vectors as rows, Å), `coord.npy` (Å) and, where they exist, `energy.npy` (eV), `force.npy` (eV/Å) and `virial.npy` (eV). A file
/// `nopbc` says that nothing is periodic.
/// Source: DeePMD-kit manual, system format, https://docs.deepmodeling.com/projects/deepmd/.
public final class DeePMDReader: FrameSource {
  private let folder: String
  private let species: [Species]
  private let types: [Int32]
  private let isOpen: Bool
  private var sets: ArraySlice<String>
  private var current: SetReaders?
  private var sequence = FrameSequence()
  /// For the places of errors; those who read may not look into ``sequence``.
  private var frameCount = 0
  private var ownWarnings: [String] = []

  public var warnings: [String] { ownWarnings + sequence.warnings }

  private struct SetReaders {
    var path: String
    var box: NumPyArrayReader?
    var coordinates: NumPyArrayReader
    var energy: NumPyArrayReader?
    var force: NumPyArrayReader?
    var virial: NumPyArrayReader?
  }

  /// - Parameters:
  ///   - path: The folder, or the file `type.raw` in it.
  ///   - species: The species of type 0, 1, 2 …, where there is no `type_map.raw` or to overrule it.
  public init(path: String, species given: [Species]? = nil) throws {
    var folder = path
    if folder.hasSuffix(".raw") {
      folder = folder.contains("/") ? String(folder[...(folder.lastIndex(of: "/") ?? folder.startIndex)]) : "."
    }
    while folder.count > 1, folder.hasSuffix("/") { folder.removeLast() }
    if folder.isEmpty { folder = "." }
    self.folder = folder
    var read: [Int32] = []
    let reader = try TextReader(path: "\(folder)/type.raw")
    while let line = try reader.nextLine() {
      for word in line.text.split(whereSeparator: { $0 == " " || $0 == "\t" || $0 == "\r" }) {
        guard let type = Int32(word), type >= 0, type < 1000 else {
          throw line.failure("expected types of atoms as whole numbers from 0, found \"\(word.prefix(40))\"")
        }
        read.append(type)
      }
    }
    guard let largest = read.max() else { throw FormatsError(.malformed, "\(folder)/type.raw lists no atom") }
    types = read
    species = try Self.species(folder: folder, given: given, count: Int(largest) + 1)
    isOpen = access("\(folder)/nopbc", F_OK) == 0
    sets = try Self.sets(in: folder)[...]
  }

  private static func species(folder: String, given: [Species]?, count: Int) throws -> [Species] {
    var species = given ?? []
    let path = "\(folder)/type_map.raw"
    if given == nil {
      guard access(path, F_OK) == 0 else {
        throw FormatsError(.missingElements, "\(folder) has no type_map.raw that names its types; name the species of type 0, 1, 2 …")
      }
      let reader = try TextReader(path: path)
      while let line = try reader.nextLine() {
        for word in line.text.split(whereSeparator: { $0 == " " || $0 == "\t" || $0 == "\r" }) {
          let symbol = word.prefix { $0.isLetter }
          guard let element = Element(symbol: symbol) ?? Element(symbol: symbol.prefix(2)) ?? Element(symbol: symbol.prefix(1)) else {
            throw line.failure("expected the symbol of an element, found \"\(word.prefix(40))\"")
          }
          species.append(Species(element, label: String(word)))
        }
      }
    }
    guard species.count >= count else {
      throw FormatsError(.missingElements, "\(folder)/type.raw has types up to \(count - 1), but only \(species.count) species are named")
    }
    return species
  }

  /// The folders `set.*`, by name.
  private static func sets(in folder: String) throws -> [String] {
    guard let directory = opendir(folder) else { throw FormatsError(.unreadable, "\(folder) cannot be read as a folder") }
    defer { closedir(directory) }
    var names: [String] = []
    while let entry = readdir(directory) {
      let name = withUnsafeBytes(of: &entry.pointee.d_name) { bytes in
        String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
      }
      if name.hasPrefix("set.") { names.append("\(folder)/\(name)") }
    }
    guard !names.isEmpty else { throw FormatsError(.malformed, "\(folder) has no folder set.000 with frames") }
    return names.sorted()
  }

  public func next() throws -> Frame? { try sequence.next(readFrame) }

  private func readFrame() throws -> Frame? {
    while true {
      if current == nil {
        guard let path = sets.popFirst() else { return nil }
        current = try open(path)
      }
      if let set = current, let coordinates = try set.coordinates.next() {
        let frame = try frame(coordinates, set)
        frameCount += 1
        return frame
      }
      current = nil
    }
  }

  private func open(_ path: String) throws -> SetReaders {
    let coordinates = try NumPyArrayReader(path: "\(path)/coord.npy")
    func array(_ name: String, columns: Int) throws -> NumPyArrayReader? {
      let file = "\(path)/\(name).npy"
      guard access(file, F_OK) == 0 else { return nil }
      let reader = try NumPyArrayReader(path: file)
      guard reader.columns == columns, reader.rows == coordinates.rows else {
        throw FormatsError(
          .inconsistent,
          "\(file) holds \(reader.rows) rows of \(reader.columns) numbers; expected \(coordinates.rows) of \(columns), as type.raw and coord.npy say"
        )
      }
      return reader
    }
    guard coordinates.columns == 3 * types.count else {
      throw FormatsError(
        .inconsistent,
        "\(path)/coord.npy has \(coordinates.columns) numbers a frame; expected three for each of the \(types.count) atoms of type.raw")
    }
    let box = try array("box", columns: 9)
    guard box != nil || isOpen else {
      throw FormatsError(.malformed, "\(path) has no box.npy, and \(folder) no file nopbc which says that nothing is periodic")
    }
    return SetReaders(
      path: path, box: box, coordinates: coordinates, energy: try array("energy", columns: 1),
      force: try array("force", columns: 3 * types.count), virial: try array("virial", columns: 9))
  }

  private func frame(_ coordinates: [Double], _ set: SetReaders) throws -> Frame {
    func vectors(_ numbers: [Double]) -> [Vector3] {
      (0..<numbers.count / 3).map { Vector3(numbers[3 * $0], numbers[3 * $0 + 1], numbers[3 * $0 + 2]) }
    }
    let positions = vectors(coordinates)
    // Rows of the arrays count as lines.
    let place = FilePosition(path: "\(set.path)/coord.npy", line: frameCount + 1)
    let box = try set.box?.next().map(vectors)
    let cell: Cell
    if isOpen {
      cell = try CellBuilder.boundingCell(positions, at: place)
    } else {
      guard let box, box.count == 3 else { throw FormatsError(.malformed, at: place, "there is no cell") }
      let built = try CellBuilder.cell(vectors: Matrix3(box[0], box[1], box[2]), at: place)
      cell = built.cell
      if built.isExchanged, frameCount == 0 { ownWarnings.append("\(folder): \(CellBuilder.exchangeWarning)") }
    }
    let isFinite = positions.allSatisfy { ($0.x + $0.y + $0.z).isFinite }
    guard isFinite, CellBuilder.isWithinReach(positions, of: cell) else {
      throw FormatsError(.malformed, at: place, "an atom is more than 10^9 edges away from the cell, or its position is no number")
    }
    var frame = Frame(try Configuration(cell: cell, species: species, types: types, positions: positions))
    frame.energy = try set.energy?.next()?.first
    if let force = try set.force?.next() { frame.forces = vectors(force) }
    if let virial = try set.virial?.next().map(vectors) {
      frame.stress = Matrix3(virial[0], virial[1], virial[2]) * (-1 / cell.volume)
    }
    return frame
  }
}
