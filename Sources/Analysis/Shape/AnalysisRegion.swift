import Structures

/// Atoms by a number that each of them carries in a column of the frame: `crystal`, `glass`, or `c_order=1`.
public struct AnalysisRegion: Hashable, Sendable, CustomStringConvertible {
  /// The regions that ``Disorder`` finds; in the column ``column`` the first is 1, the second 2 and so on.
  public static let names = ["crystal", "interface", "glass"]
  /// The column in which regions are written.
  public static let regionColumn = "region"

  /// The column of ``Frame/columns``.
  public var column: String
  /// What stands there for the atoms of the region.
  public var value: Double

  public init(column: String, value: Double) {
    self.column = column
    self.value = value
  }

  /// Reads the name of a region, its number, or `column=value`; `nil` where the text is none of these.
  public init?(_ text: String) {
    let sides = text.split(separator: "=", omittingEmptySubsequences: false)
    if sides.count == 2, !sides[0].isEmpty, let value = Double(sides[1]), value.isFinite {
      self.init(column: String(sides[0]), value: value)
    } else if let index = Self.names.firstIndex(of: text) {
      self.init(column: Self.regionColumn, value: Double(index + 1))
    } else if let value = Int(text) {
      self.init(column: Self.regionColumn, value: Double(value))
    } else {
      return nil
    }
  }

  public var description: String {
    if column == Self.regionColumn, let index = Self.names.indices.first(where: { Double($0 + 1) == value }) { return Self.names[index] }
    return "\(column)=\(brief(value))"
  }

  /// Which atoms of a frame belong to the region.
  ///
  /// - Parameter place: How errors name the frame.
  /// - Throws: ``AnalysisError`` with code `.unknownRegion` where the frame has no such column, `.emptyRegion` where no atom belongs to it.
  public func selection(of frame: Frame, in place: String) throws -> [Bool] {
    let values = try Self.values(of: column, in: frame, place: place)
    let selection = values.map { $0 == value }
    guard selection.contains(true) else {
      throw AnalysisError(
        .emptyRegion,
        "region \(self): no atom of \(place) has \(column) = \(brief(value)); there are "
          + "\(Set(values.prefix(100_000)).sorted().prefix(8).map(brief).joined(separator: ", "))")
    }
    return selection
  }

  /// The numbers that a column has for the atoms of a frame.
  ///
  /// - Throws: ``AnalysisError`` with code `.unknownRegion` where the frame has no such column.
  static func values(of column: String, in frame: Frame, place: String) throws -> [Double] {
    guard let values = frame.columns[column], values.count == frame.configuration.count else {
      let known = frame.columns.keys.sorted()
      let others = known.isEmpty ? "it has none" : "it has \(known.joined(separator: ", "))"
      throw AnalysisError(
        .unknownRegion,
        "region: \(place) has no number \"\(column)\" for each atom\(didYouMean(column, among: known)) (\(others)); write one into "
          + "the file, or name a file that has it with labels (the analysis disorder writes one; words are not read, only numbers)")
    }
    return values
  }
}

/// What an analysis does with a region.
public enum AnalysisRegionUse: Sendable {
  /// It takes the atoms of the region as centres, and counts all atoms around them: it reads ``Frame/selection``.
  case centers
  /// It sees the atoms of the region and no others.
  case filtered
  /// It means nothing for a part of the atoms; the reason, which completes "… takes no region: ".
  case refused(String)
}

extension Frame {
  /// The frame with the selected atoms only, without bonded terms.
  ///
  /// - Parameter selection: One entry an atom.
  func keeping(_ selection: [Bool]) -> Frame {
    let kept = selection.indices.filter { selection[$0] }
    func part<T>(_ values: [T]) -> [T] { values.isEmpty ? [] : kept.map { values[$0] } }
    var result = self
    result.configuration.types = part(configuration.types)
    result.configuration.positions = part(configuration.positions)
    result.configuration.velocities = part(configuration.velocities)
    result.configuration.images = part(configuration.images)
    result.configuration.charges = part(configuration.charges)
    // Without identifiers an atom is its place in the file, which must not change.
    result.configuration.identifiers = configuration.identifiers.isEmpty ? kept.map { $0 + 1 } : part(configuration.identifiers)
    result.configuration.molecules = part(configuration.molecules)
    result.configuration.topology = Topology()
    result.forces = part(forces)
    result.columns = columns.mapValues(part)
    result.selection = []
    return result
  }
}
