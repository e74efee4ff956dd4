import NumericalMethods
import Structures

/// Averages local order over frames, for ``OrderAnalysis``.
public struct OrderAccumulator: AnalysisAccumulator {
  private let parameters: OrderAnalysis
  private let context: AnalysisContext
  private var selection: SpeciesSelection?
  private var average: BlockAverage?
  private var frames = 0
  /// Atoms by value: for each group and quantity one histogram.
  private var histograms: [[Int]] = []
  private var atomsOfGroup: [Int] = []
  private var labelled: Frame?

  init(_ parameters: OrderAnalysis, context: AnalysisContext) {
    self.parameters = parameters
    self.context = context
  }

  public var memoryInBytes: Int {
    (average.map { 8 * $0.width * 35 } ?? 0) + histograms.reduce(0) { $0 + 8 * $1.count }
      + (labelled.map { 40 * (5 + $0.columns.count) * $0.configuration.count / 5 } ?? 0)
  }

  /// The species, and all atoms of the sublattice behind them where there are several.
  private var groups: [String] {
    let labels = selection?.labels ?? []
    return labels.count > 1 ? labels + ["all"] : labels
  }

  /// Mean values of each degree, then shares of structures, then of crystalline atoms.
  private var width: Int { OrderResult.Quantity.allCases.count * parameters.degrees.count + LocalStructure.allCases.count + 1 }

  public mutating func add(_ frame: Frame) throws {
    let name = context.frameName(frames, frame)
    let selection = try self.selection ?? SpeciesSelection(parameters.species, in: frame.configuration, analysis: "order")
    let bins = OrderResult.bins(parameters.binWidth)
    if self.selection == nil {
      self.selection = selection
      let kinds = groups.count * OrderResult.Quantity.allCases.count * parameters.degrees.count
      histograms = [[Int]](repeating: [Int](repeating: 0, count: bins), count: kinds)
      atomsOfGroup = [Int](repeating: 0, count: groups.count)
    }
    let part = try Sublattice(selection, of: frame, analysis: "order", frameName: name)
    guard !part.atoms.isEmpty else { throw AnalysisError(.changedAtoms, "order: \(name) has no atom") }
    guard part.configuration.cell.isPeriodic || part.atoms.count > 14 else {
      throw AnalysisError(
        .tooManyNeighbors, "order: \(name) has \(part.atoms.count) atoms in a cell that does not repeat; common neighbours need at least 15"
      )
    }
    let order = try LocalOrder(part.configuration, parameters, pool: context.pool)
    gather(order, part)
    frames += 1
    var columns: [String: [Double]] = [
      "order_structure": order.structures.map { Double($0.rawValue) }, "order_crystalline": order.isCrystalline.map { $0 ? 1 : 0 },
      "order_connections": order.connections.map { Double($0) },
    ]
    for (number, degree) in parameters.degrees.enumerated() {
      for quantity in OrderResult.Quantity.allCases { columns["\(quantity.rawValue)\(degree)"] = quantity.values(order.bondOrder, number) }
    }
    labelled = part.labelled(columns, from: frame)
  }

  private mutating func gather(_ order: LocalOrder, _ part: Sublattice) {
    let width = self.width
    let groupCount = groups.count
    let quantities = OrderResult.Quantity.allCases
    let classCount = selection?.labels.count ?? 0
    var entry = [Double](repeating: 0, count: groupCount * width + 1)
    var counts = part.counts(classCount)
    if groupCount > classCount { counts.append(part.atoms.count) }
    func add(_ value: Double, atom: Int, place: Int) {
      entry[Int(part.classes[atom]) * width + place] += value
      if groupCount > classCount { entry[classCount * width + place] += value }
    }
    for (number, quantity) in quantities.enumerated() {
      for degree in parameters.degrees.indices {
        let place = number * parameters.degrees.count + degree
        for (atom, value) in quantity.values(order.bondOrder, degree).enumerated() {
          add(value, atom: atom, place: place)
          let bins = OrderResult.bins(parameters.binWidth)
          let bin = max(0, min(bins - 1, Int(((value - OrderResult.lowest) / parameters.binWidth).rounded(.down))))
          histograms[Int(part.classes[atom]) * quantities.count * parameters.degrees.count + place][bin] += 1
          if groupCount > classCount { histograms[classCount * quantities.count * parameters.degrees.count + place][bin] += 1 }
        }
      }
    }
    let shares = quantities.count * parameters.degrees.count
    for atom in part.atoms.indices {
      add(1, atom: atom, place: shares + order.structures[atom].rawValue)
      if order.isCrystalline[atom] { add(1, atom: atom, place: shares + LocalStructure.allCases.count) }
    }
    for group in 0..<groupCount {
      for place in group * width..<(group + 1) * width { entry[place] /= Double(counts[group]) }
      atomsOfGroup[group] += counts[group]
    }
    entry[groupCount * width] = Double(order.largestCluster) / Double(part.atoms.count)
    var average = self.average ?? BlockAverage(width: entry.count)
    average.add(entry)
    self.average = average
  }

  public func result() throws -> OrderResult {
    guard let average, frames > 0 else { throw AnalysisError(.noFrames, "order got no frame") }
    let mean = average.mean
    let errors = average.standardError
    let degrees = parameters.degrees
    let quantities = OrderResult.Quantity.allCases
    func value(_ place: Int) -> OrderResult.Value {
      OrderResult.Value(mean: mean[place], error: errors.isEmpty ? nil : errors[place])
    }
    let shares = quantities.count * degrees.count
    let entries = groups.indices.map { group -> OrderResult.Entry in
      let start = group * width
      return OrderResult.Entry(
        species: groups[group],
        parameters: quantities.indices.map { quantity in degrees.indices.map { value(start + quantity * degrees.count + $0) } },
        structures: LocalStructure.allCases.map { value(start + shares + $0.rawValue) },
        crystalline: value(start + shares + LocalStructure.allCases.count),
        densities: quantities.indices.map { quantity in
          degrees.indices.map { degree in
            histograms[group * shares + quantity * degrees.count + degree].map {
              Double($0) / Double(atomsOfGroup[group]) / parameters.binWidth
            }
          }
        })
    }
    return OrderResult(
      parameters: parameters, entries: entries, largestCluster: value(groups.count * width), frameCount: frames,
      blocks: average.blockCount > 1 ? (average.blockCount, average.blockLength) : nil, labelled: labelled)
  }
}
