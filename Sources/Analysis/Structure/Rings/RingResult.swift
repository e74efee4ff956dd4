import Structures

/// What ``Rings`` gives.
public struct RingResult: AnalysisResult {
  /// The rings of one size, averaged over frames.
  public struct Row: Sendable {
    /// In nodes; see ``Rings/countNodes``.
    public var size: Int
    /// How many there are in the cell.
    public var rings: Double
    public var ringsError: Double?
    /// R_C: rings divided by nodes.
    public var perNode: Double
    public var perNodeError: Double?
    /// P_N: the share of the nodes that belong to a ring of this size.
    public var nodeShare: Double
    public var nodeShareError: Double?
    /// P_max: of those nodes, the share for which no ring is larger.
    public var largestShare: Double
    /// P_min: of those nodes, the share for which no ring is smaller.
    public var smallestShare: Double
  }

  public let parameters: Rings
  let cutoffs: AnalysisSetting
  /// One a size, from 3 to the largest looked for.
  public let rows: [Row]
  /// The mean number of nodes in a frame.
  public let nodes: Double
  /// The atoms of rings of the last frame, from 0, in their order around the ring.
  public let members: [[Int]]
  /// The sizes of ``members`` in nodes.
  public let memberSizes: [Int]
  private let lastFrame: Frame
  public let frameCount: Int
  /// The number of blocks behind the errors and the frames in each, or `nil` where there are no errors.
  public let blocks: (count: Int, length: Int)?
  public let warnings: [String]

  init(
    parameters: Rings, cutoffs: AnalysisSetting, rows: [Row], nodes: Double, members: [[Int]], memberSizes: [Int], lastFrame: Frame,
    frameCount: Int, blocks: (count: Int, length: Int)?, warnings: [String]
  ) {
    self.parameters = parameters
    self.cutoffs = cutoffs
    self.rows = rows
    self.nodes = nodes
    self.members = members
    self.memberSizes = memberSizes
    self.lastFrame = lastFrame
    self.frameCount = frameCount
    self.blocks = blocks
    self.warnings = warnings
  }

  public var analysis: String { Rings.descriptor.name }
  public var convention: String { Rings.descriptor.convention }

  /// What the sizes count.
  public var countedNodes: String { parameters.countNodes.isEmpty ? "all atoms" : parameters.countNodes.joined(separator: ", ") }

  /// The rings of a size in the cell, averaged over frames.
  public subscript(size: Int) -> Double { rows.first { $0.size == size }?.rings ?? 0 }

  public var settings: [AnalysisSetting] {
    [
      AnalysisSetting("definition", "\(parameters.definition.rawValue): \(parameters.definition.meaning)"),
      AnalysisSetting("max-size", "\(parameters.largestSize) atoms"), cutoffs,
      AnalysisSetting("species", parameters.species.isEmpty ? "all that are bonded" : parameters.species.joined(separator: ",")),
      AnalysisSetting("count-nodes", countedNodes), AnalysisSetting("members", String(parameters.memberRows)),
      AnalysisSetting("errors", blocks.map { "\($0.count) blocks of \($0.length) frames" } ?? "none: too few frames"),
    ]
  }

  public var tables: [DataTable] {
    let identifiers = lastFrame.configuration.identifiers
    func name(_ atom: Int) -> String { String(identifiers.isEmpty ? atom + 1 : identifiers[atom]) }
    return [
      DataTable(
        name: "rings", title: "Rings by size (\(countedNodes) counted), \(parameters.definition.rawValue)",
        columns: [
          DataTable.Column("size", unit: "nodes", rows.map { Double($0.size) }),
          DataTable.Column("rings", unit: "1/cell", rows.map(\.rings)),
          DataTable.Column("rings_error", unit: "1/cell", rows.map { $0.ringsError ?? .nan }),
          DataTable.Column("R_C", unit: "1/node", rows.map(\.perNode)),
          DataTable.Column("R_C_error", unit: "1/node", rows.map { $0.perNodeError ?? .nan }),
          DataTable.Column("P_N", rows.map(\.nodeShare)), DataTable.Column("P_N_error", rows.map { $0.nodeShareError ?? .nan }),
          DataTable.Column("P_max", rows.map(\.largestShare)), DataTable.Column("P_min", rows.map(\.smallestShare)),
        ]),
      DataTable(
        name: "ring-members", title: "Rings of the last frame, as the file numbers atoms",
        columns: [
          DataTable.Column("ring", members.indices.map { Double($0 + 1) }),
          DataTable.Column("size", unit: "nodes", memberSizes.map { Double($0) }),
          DataTable.Column("atoms", members.map { Double($0.count) }),
          DataTable.Column("members", members.map { $0.map(name).joined(separator: " ") }),
        ]),
    ]
  }

  public var figures: [FigureDescription] {
    // Where sizes count some species only, those near the largest cannot occur.
    let end = rows.last { $0.rings > 0 }?.size ?? 0
    let rows = self.rows.filter { $0.size <= max(end, 6) }
    let sizes = rows.map { Double($0.size) }
    let counted = parameters.countNodes.isEmpty ? "atoms" : parameters.countNodes.joined(separator: ", ") + " atoms"
    let x = FigureDescription.Axis(label: "ring size (\(counted))")
    return [
      FigureDescription(
        name: "rings", title: "Rings per node, \(parameters.definition.rawValue)", x: x,
        y: FigureDescription.Axis(
          label: "R_{C}", range: 0...max(1e-3, 1.15 * (rows.map { $0.perNode + ($0.perNodeError ?? 0) }.max() ?? 1))),
        series: [
          FigureDescription.Series(
            label: "", x: sizes, y: rows.map(\.perNode), error: blocks == nil ? [] : rows.map { $0.perNodeError ?? 0 }, style: .bars)
        ]),
      FigureDescription(
        name: "ring-nodes", title: "Nodes in rings, \(parameters.definition.rawValue)", x: x,
        y: FigureDescription.Axis(label: "share of nodes", range: 0...1.05),
        series: [
          FigureDescription.Series(
            label: "P_{N}", x: sizes, y: rows.map(\.nodeShare), error: blocks == nil ? [] : rows.map { $0.nodeShareError ?? 0 },
            style: .bars),
          FigureDescription.Series(
            label: "P_{max}", x: sizes, y: rows.map { $0.nodeShare > 0 ? $0.largestShare : .nan }, style: .points),
          FigureDescription.Series(
            label: "P_{min}", x: sizes, y: rows.map { $0.nodeShare > 0 ? $0.smallestShare : .nan }, style: .points),
        ]),
    ]
  }

  public var files: [AnalysisFile] {
    [
      AnalysisFile(
        name: "rings", title: "The last frame with the number of rings through each atom and the smallest of them (0: none)",
        contents: .frames([lastFrame]))
    ]
  }

  public var summaryValues: [(key: String, value: SummaryValue)] {
    let present = rows.filter { $0.rings > 0 }
    func object(_ value: (Row) -> Double?) -> SummaryValue {
      .object(present.map { row in (String(row.size), value(row).map { .number($0) } ?? .null) })
    }
    let total = present.reduce(0) { $0 + $1.rings }
    return [
      ("definition", .text(parameters.definition.rawValue)), ("max_size_atoms", .integer(parameters.largestSize)),
      ("size_counts", .text(countedNodes)), ("nodes", .number(nodes)), ("rings", object(\.rings)),
      ("rings_error", blocks == nil ? .null : object(\.ringsError)), ("total", .number(total)),
      ("mean_size", total > 0 ? .number(present.reduce(0) { $0 + $1.rings * Double($1.size) } / total) : .null),
      ("R_C", object(\.perNode)), ("R_C_error", blocks == nil ? .null : object(\.perNodeError)), ("P_N", object(\.nodeShare)),
      ("P_max", object(\.largestShare)), ("P_min", object(\.smallestShare)),
    ]
  }
}
