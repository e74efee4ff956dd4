import NumericalMethods
import Structures

/// Finds units frame by frame for ``StructuralUnits``; a first pass finds automatic cutoffs.
public struct UnitAccumulator: AnalysisAccumulator {
  private let parameters: StructuralUnits
  private let context: AnalysisContext
  private var cutoffs: AutomaticCutoffs
  private var roles: NetworkRoles?
  private var layout: UnitLayout?
  /// The types of units in the order in which they were first seen.
  private var types: [UnitType: Int] = [:]
  private var average: BlockAverage?
  private var curves: BlockAverage?
  private var frames = 0
  private var unbalanced = 0
  private var largestImbalance = 0
  private var labelled: Frame?
  private var beyondHalfCell = false

  init(_ parameters: StructuralUnits, context: AnalysisContext) {
    self.parameters = parameters
    self.context = context
    cutoffs = AutomaticCutoffs(parameters.cutoffs, analysis: "units", context: context)
  }

  public var memoryInBytes: Int {
    cutoffs.memoryInBytes + 8 * 35 * ((average?.width ?? 0) + (curves?.width ?? 0)) + (labelled?.configuration.count ?? 0) * 64
  }

  public mutating func add(_ frame: Frame) throws {
    let configuration = frame.configuration
    let name = context.frameName(frames, frame)
    try configuration.requireFinitePositions(analysis: "units", frameName: name)
    if roles == nil { try start(configuration) }
    if cutoffs.isSearching { return try cutoffs.add(frame) }
    guard let roles, let layout else { return }
    let graph = try BondGraph(configuration, cutoffs: cutoffs.cutoffs, pool: context.pool)
    let kinds = roles.roles(configuration.species)
    let found = UnitFinder(graph, configuration, roles: kinds, largest: parameters.largest, known: &types)
    let surroundings = UnitSurroundings(layout: layout, graph: graph, configuration: configuration, roles: roles, found: found)
    var entry = surroundings.counts(types: types.count)
    let cations = Self.modifierCharge(configuration, roles: kinds)
    entry[layout.unitCharge] = Double(found.charge)
    entry[layout.modifierCharge] = cations.map { Double($0) } ?? .nan
    if let cations, cations + found.charge != 0 {
      unbalanced += 1
      largestImbalance = max(largestImbalance, abs(cations + found.charge))
    }
    Self.add(entry, to: &average)
    Self.add(surroundings.curves(types: types.count, pool: context.pool), to: &curves)
    let widths = configuration.cell.widths
    if (0..<3).contains(where: { configuration.cell.periodic[$0] && parameters.range > widths[$0] / 2 * (1 + 1e-9) }) {
      beyondHalfCell = true
    }
    labelled = Self.label(frame, found)
    frames += 1
  }

  public mutating func endPass() throws -> Bool { try cutoffs.finish() }

  private mutating func start(_ configuration: Configuration) throws {
    let roles = try NetworkRoles(formers: parameters.formers, anions: parameters.anions, in: configuration, analysis: "units")
    try cutoffs.start(roles.networkPairs + roles.modifierPairs, rare: roles.homopolarPairs, in: configuration)
    let bins = max(1, Int((parameters.range / parameters.binWidth).rounded()))
    layout = UnitLayout(
      formers: roles.symbols(roles.formers), anions: roles.symbols(roles.anions), modifiers: roles.symbols(roles.modifiers), bins: bins,
      binWidth: parameters.range / Double(bins))
    self.roles = roles
  }

  /// Adds an entry that may be longer than those before, as new types appear.
  private static func add(_ entry: [Double], to average: inout BlockAverage?) {
    var next = average.take() ?? BlockAverage(width: entry.count)
    if entry.count > next.width { next.widen(to: entry.count) }
    next.add(entry)
    average = next
  }

  /// The charge of all modifiers; `nil` where the charge of one is not known.
  private static func modifierCharge(_ configuration: Configuration, roles: [NetworkRoles.Role]) -> Int? {
    var sum = 0
    for (species, count) in configuration.speciesCounts.enumerated() where roles[species] == .modifier && count > 0 {
      guard let charge = OxidationStates.cations[configuration.species[species].element.symbol] else { return nil }
      sum += count * charge
    }
    return sum
  }

  /// The frame with the number of the unit of each atom and of its type, both from 1; 0 for modifiers.
  private static func label(_ frame: Frame, _ found: UnitFinder) -> Frame {
    var result = Frame(frame.configuration)
    (result.step, result.time) = (frame.step, frame.time)
    result.columns["unit"] = found.components.componentOf.map { Double($0 + 1) }
    result.columns["unit_type"] = found.components.componentOf.map { $0 < 0 ? 0 : Double(found.typeOf[Int($0)] + 1) }
    return result
  }

  public func result() throws -> UnitResult {
    guard let average, let curves, let layout, frames > 0 else { throw AnalysisError(.noFrames, "units got no frame") }
    var warnings = cutoffs.warnings
    if unbalanced > 0 {
      warnings.append(
        "the charges of units and modifiers do not balance in \(unbalanced) of \(frames) frames (by up to \(largestImbalance) e): bonds are "
          + "missed or too many with these cutoffs, atoms are under-coordinated, or the composition carries a charge")
    }
    if average.mean[layout.modifierCharge].isNaN {
      let unknown = layout.modifiers.filter { OxidationStates.cations[$0] == nil }
      warnings.append("the charge of \(unknown.joined(separator: ", ")) is not known, so the balance of charges is not checked")
    }
    if beyondHalfCell { warnings.append("g(r) by unit goes beyond half the cell: it shows periodic images of the same atoms there") }
    let ordered = types.sorted { $0.value < $1.value }.map(\.key)
    return UnitResult(
      parameters: parameters, cutoffSetting: cutoffs.setting, layout: layout, types: ordered, average: average, curves: curves,
      labelled: labelled, frameCount: frames, warnings: warnings)
  }
}
