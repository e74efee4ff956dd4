import NumericalMethods
import Structures

/// Counts rings frame by frame for ``Rings``; a first pass finds automatic cutoffs.
public struct RingAccumulator: AnalysisAccumulator {
  /// What is averaged over frames, one number a size from 0 on: rings in the cell, nodes in a ring of that size, nodes for which
  /// it is the largest, and the smallest.
  private static let quantities = 4

  private let parameters: Rings
  private let context: AnalysisContext
  private var bonding: AutomaticCutoffs
  private var isCounted: [Bool] = []
  private var average: BlockAverage?
  private var nodes = 0
  private var frames = 0
  /// What is listed of the last frame comes from these.
  private var last: (rings: RingList, graph: RingGraph, isNode: [Bool], frame: Frame)?
  private var hasNoBonds = true

  init(_ parameters: Rings, context: AnalysisContext) {
    self.parameters = parameters
    self.context = context
    bonding = AutomaticCutoffs(parameters.cutoffs, analysis: "rings", context: context)
  }

  public var memoryInBytes: Int {
    bonding.memoryInBytes + (average.map { 8 * $0.width * 35 } ?? 0)
      + (last.map { 8 * $0.rings.keys.count + 120 * $0.frame.configuration.count } ?? 0)
  }

  public mutating func add(_ frame: Frame) throws {
    if !bonding.hasStarted {
      guard Rings.sizes.contains(parameters.largestSize) else {
        throw AnalysisError(
          .invalidSetting,
          "rings: max-size \(parameters.largestSize) is out of bounds; give \(Rings.sizes.lowerBound) to \(Rings.sizes.upperBound)")
      }
      _ = try SpeciesSelection(parameters.countNodes, in: frame.configuration, analysis: "rings: count-nodes")
      let pairs = try parameters.bondedPairs(in: frame.configuration)
      try bonding.start(pairs.usual, rare: pairs.rare, in: frame.configuration)
    }
    if bonding.isSearching {
      try bonding.add(frame)
    } else {
      try count(frame)
      frames += 1
    }
  }

  public mutating func endPass() throws -> Bool { try bonding.finish() }

  private mutating func count(_ frame: Frame) throws {
    let configuration = frame.configuration
    let name = context.frameName(frames, frame)
    try configuration.requireFinitePositions(analysis: "rings", frameName: name)
    let bonds = try BondGraph(configuration, cutoffs: bonding.cutoffs, pool: context.pool)
    if bonds.bondCount > 0 { hasNoBonds = false }
    let graph = try RingGraph(bonds, in: configuration, largestSize: parameters.largestSize)
    let rings = parameters.definition.find(graph, largestSize: parameters.largestSize, pool: context.pool)

    let labels = configuration.species.map { parameters.countNodes.isEmpty || parameters.countNodes.contains($0.label) }
    let isNode = configuration.types.map { labels[Int($0)] }
    let nodes = isNode.reduce(0) { $0 + ($1 ? 1 : 0) }
    guard nodes > 0 else {
      throw AnalysisError(.changedAtoms, "rings: \(name) has no atom of species \(parameters.countNodes.joined(separator: ", "))")
    }
    let width = parameters.largestSize + 1
    var entry = [Double](repeating: 0, count: Self.quantities * width)
    // Bit n of a node: it belongs to a ring of size n. Sizes go up to 64, of which rings have 3 or more.
    var sizesOf = [UInt64](repeating: 0, count: configuration.count)
    for ring in 0..<rings.count {
      let keys = rings[ring]
      let size = keys.reduce(0) { $0 + (isNode[Int(graph.atoms[RingGraph.node($1)])] ? 1 : 0) }
      entry[size] += 1
      guard size > 0 else { continue }
      for key in keys { sizesOf[Int(graph.atoms[RingGraph.node(key)])] |= 1 << UInt64(size - 1) }
    }
    for atom in sizesOf.indices where isNode[atom] && sizesOf[atom] != 0 {
      let sizes = sizesOf[atom]
      for size in 1..<width where sizes >> UInt64(size - 1) & 1 == 1 { entry[width + size] += 1 }
      entry[2 * width + 64 - sizes.leadingZeroBitCount] += 1
      entry[3 * width + 1 + sizes.trailingZeroBitCount] += 1
    }
    var average = self.average ?? BlockAverage(width: entry.count)
    average.add(entry)
    self.average = average
    self.nodes += nodes
    last = (rings, graph, isNode, frame)
  }

  /// The last frame with the number of rings through each atom, and the size of the smallest.
  private static func labelled(_ rings: RingList, _ graph: RingGraph, _ isNode: [Bool], _ frame: Frame) -> Frame {
    var smallest = [Double](repeating: 0, count: isNode.count)
    var numbers = smallest
    for ring in 0..<rings.count {
      let atoms = rings[ring].map { Int(graph.atoms[RingGraph.node($0)]) }
      let size = atoms.reduce(0.0) { $0 + (isNode[$1] ? 1 : 0) }
      for atom in Set(atoms) {
        numbers[atom] += 1
        smallest[atom] = smallest[atom] == 0 ? size : min(smallest[atom], size)
      }
    }
    var result = frame
    result.forces = []
    result.columns = ["rings": numbers, "smallest_ring": smallest]
    return result
  }

  public func result() throws -> RingResult {
    guard let average, frames > 0, let last else { throw AnalysisError(.noFrames, "rings got no frame") }
    let width = parameters.largestSize + 1
    let nodesPerFrame = Double(nodes) / Double(frames)
    /// Rings, R_C, P_N, P_max, P_min by size.
    func statistics(_ mean: [Double]) -> [Double] {
      let rings = mean[0..<width]
      let inRing = mean[width..<2 * width]
      func share(_ part: Int) -> [Double] {
        zip(mean[part * width..<(part + 1) * width], inRing).map { $1 > 0 ? $0 / $1 : 0 }
      }
      return rings + rings.map { $0 / nodesPerFrame } + inRing.map { $0 / nodesPerFrame } + share(2) + share(3)
    }
    let values = statistics(average.mean)
    let errors = average.standardError(of: statistics)
    let present = (0..<width).filter { values[$0] > 0 }
    let sizes = (present.first.map { min($0, 3) } ?? 3)...max(3, parameters.largestSize)
    let rows = sizes.map { size -> RingResult.Row in
      func error(_ quantity: Int) -> Double? { errors.isEmpty ? nil : errors[quantity * width + size] }
      return RingResult.Row(
        size: size, rings: values[size], ringsError: error(0), perNode: values[width + size], perNodeError: error(1),
        nodeShare: values[2 * width + size], nodeShareError: error(2), largestShare: values[3 * width + size],
        smallestShare: values[4 * width + size])
    }
    let members = parameters.memberRows > 0 ? Array(last.graph.members(of: last.rings).prefix(parameters.memberRows)) : []
    var warnings = bonding.warnings
    if hasNoBonds { warnings.append("no two atoms are bonded; give longer cutoffs") }
    return RingResult(
      parameters: parameters, cutoffs: bonding.setting, rows: rows, nodes: nodesPerFrame, members: members,
      memberSizes: members.map { $0.reduce(0) { $0 + (last.isNode[$1] ? 1 : 0) } },
      lastFrame: Self.labelled(last.rings, last.graph, last.isNode, last.frame), frameCount: frames,
      blocks: average.blockCount > 1 ? (average.blockCount, average.blockLength) : nil,
      warnings: warnings)
  }
}
