import NumericalMethods
import Structures

/// Counts atoms, mass and charge in layers, frame by frame, for ``DensityProfile``.
public struct DensityProfileAccumulator: AnalysisAccumulator {
  private let parameters: DensityProfile
  private let context: AnalysisContext
  private var setup: Setup?
  private var frames = 0
  private var outside = 0

  private struct Setup: Sendable {
    var axis: CellAxis
    var selection: SpeciesSelection
    var bins: Int
    var hasCharges: Bool
    /// A frame's number density of each species, mass density and charge density, bin by bin; then the thickness of the cell.
    var average: BlockAverage
  }

  init(_ parameters: DensityProfile, context: AnalysisContext) {
    self.parameters = parameters
    self.context = context
  }

  public var memoryInBytes: Int { setup.map { 8 * $0.average.width * 35 } ?? 0 }

  public mutating func add(_ frame: Frame) throws {
    let configuration = frame.configuration
    let name = context.frameName(frames, frame)
    try configuration.requireFinitePositions(analysis: "profile", frameName: name)
    if setup == nil { setup = try start(configuration) }
    guard var setup = self.setup.take() else { return }
    guard configuration.charges.isEmpty != setup.hasCharges else {
      throw AnalysisError(.changedAtoms, "profile: charges come and go in \(name); analyse frames with and without them apart")
    }
    let (bins, kinds) = (setup.bins, setup.selection.labels.count)
    let classes = setup.selection.classes(of: configuration)
    let masses = configuration.species.map(\.mass)
    let cell = configuration.cell
    var entry = [Double](repeating: 0, count: setup.average.width)
    for atom in classes.indices where classes[atom] >= 0 && (frame.selection.isEmpty || frame.selection[atom]) {
      let share = setup.axis.share(configuration.positions[atom], in: cell)
      guard share >= 0, share < 1 else {
        outside += 1
        continue
      }
      let bin = min(bins - 1, Int(share * Double(bins)))
      entry[Int(classes[atom]) * bins + bin] += 1
      entry[kinds * bins + bin] += masses[Int(configuration.types[atom])]
      if setup.hasCharges { entry[(kinds + 1) * bins + bin] += configuration.charges[atom] }
    }
    let volume = cell.volume / Double(bins)
    for i in 0..<entry.count - 1 { entry[i] /= volume }
    entry[entry.count - 1] = setup.axis.length(of: cell)
    setup.average.add(entry)
    self.setup = setup
    frames += 1
  }

  private func start(_ configuration: Configuration) throws -> Setup {
    let axis = try CellAxis(parameters.axis, in: configuration.cell, analysis: "profile")
    let selection = try SpeciesSelection(parameters.species, in: configuration, analysis: "profile")
    let bins = max(1, Int((axis.length(of: configuration.cell) / parameters.binWidth).rounded()))
    guard bins <= 1_000_000 else {
      throw AnalysisError(
        .invalidSetting, "profile: \(parameters.binWidth) Å make \(bins) layers of this cell; give a larger bin-width")
    }
    let width = (selection.labels.count + 2) * bins + 1
    return Setup(
      axis: axis, selection: selection, bins: bins, hasCharges: !configuration.charges.isEmpty, average: BlockAverage(width: width))
  }

  public func result() throws -> DensityProfileResult {
    guard let setup, frames > 0 else { throw AnalysisError(.noFrames, "profile got no frame") }
    let (bins, kinds) = (setup.bins, setup.selection.labels.count)
    let mean = setup.average.mean
    func part(_ values: [Double], _ index: Int) -> [Double] {
      values.isEmpty ? [] : Array(values[index * bins..<(index + 1) * bins])
    }
    func concentrations(_ values: [Double]) -> [Double] {
      (0..<kinds * bins).map { place in
        let sum = (0..<kinds).reduce(0) { $0 + values[$1 * bins + place % bins] }
        return sum > 0 ? values[place] / sum : .nan
      }
    }
    func totals(_ values: [Double]) -> [Double] { (0..<bins).map { bin in (0..<kinds).reduce(0) { $0 + values[$1 * bins + bin] } } }
    let error = setup.average.standardError
    let shares = concentrations(mean)
    let shareErrors = setup.average.standardError(of: concentrations)
    let factor = PhysicalConstants.gramPerCubicCentimetrePerAmuPerCubicAngstrom
    typealias Curve = DensityProfileResult.Curve
    let species = setup.selection.labels.enumerated().map { kind, label in
      DensityProfileResult.Species(
        label: label, number: Curve(values: part(mean, kind), errors: part(error, kind)),
        concentration: Curve(values: part(shares, kind), errors: part(shareErrors, kind)))
    }
    let length = mean[mean.count - 1]
    let charge = setup.hasCharges ? Curve(values: part(mean, kinds + 1), errors: part(error, kinds + 1)) : nil
    var warnings: [String] = []
    if outside > 0 {
      warnings.append("\(outside) times an atom was beyond a face of the cell that does not repeat, and counts in no layer")
    }
    return DensityProfileResult(
      parameters: parameters, axis: setup.axis.name, length: length,
      positions: (0..<bins).map { (Double($0) + 0.5) * length / Double(bins) }, species: species,
      total: Curve(values: totals(mean), errors: setup.average.standardError(of: totals)),
      mass: Curve(values: part(mean, kinds).map { $0 * factor }, errors: part(error, kinds).map { $0 * factor }), charge: charge,
      frameCount: frames, blocks: setup.average.blockCount > 1 ? (setup.average.blockCount, setup.average.blockLength) : nil,
      warnings: warnings)
  }
}
