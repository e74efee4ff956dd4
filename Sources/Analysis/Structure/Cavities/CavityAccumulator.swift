import NumericalMethods
import Structures

/// Averages cavities over frames, for ``CavityAnalysis``.
public struct CavityAccumulator: AnalysisAccumulator {
  /// Bytes a point of the grid while a frame is looked at: field, labels, images, and the forest of travelling spheres.
  private static let bytesPerPoint = 90
  /// The distribution of distances goes so far, in steps of so much, in Å.
  static let farthest = 10.0
  static let step = 0.05

  private let parameters: CavityAnalysis
  private let context: AnalysisContext
  private var selection: SpeciesSelection?
  private var average: BlockAverage?
  private var frames = 0
  private var points = 0
  private var last: (map: CavityMap, configuration: Configuration, sphere: (radius: Double, center: Vector3), kinds: [Species])?

  init(_ parameters: CavityAnalysis, context: AnalysisContext) {
    self.parameters = parameters
    self.context = context
  }

  public var memoryInBytes: Int { (average.map { 8 * $0.width * 35 } ?? 0) + Self.bytesPerPoint * points }

  public mutating func add(_ frame: Frame) throws {
    let name = context.frameName(frames, frame)
    let selection = try self.selection ?? SpeciesSelection(parameters.species, in: frame.configuration, analysis: "cavities")
    self.selection = selection
    let part = try Sublattice(selection, of: frame, analysis: "cavities", frameName: name)
    let configuration = part.configuration
    let kinds = selection.labels.compactMap { label in configuration.speciesIndex(label).map { configuration.species[$0] } }
    let radiusOfClass = try kinds.map { try parameters.radii.radius(of: $0, analysis: "cavities") }
    let radii = part.classes.map { radiusOfClass[Int($0)] }
    let lengths = configuration.cell.lengths / parameters.spacing
    let needed = Double(Self.bytesPerPoint) * (lengths.x + 1) * (lengths.y + 1) * (lengths.z + 1)
    guard needed < Double(context.memoryLimit) else {
      let factor = (needed / Double(context.memoryLimit)).squareRoot()
      throw AnalysisError(
        .tooMuchMemory,
        "cavities: a grid of \(parameters.spacing) Å takes \((needed / 1e8).rounded() / 10) GB in \(name), more than allowed; give a wider spacing, "
          + "such as \((parameters.spacing * factor * 100).rounded(.up) / 100) A")
    }
    let size = VolumetricGrid.size(for: configuration.cell, spacing: parameters.spacing)
    points = size.x * size.y * size.z
    let map = try CavityMap(configuration, radii: radii, probe: parameters.probe, size: size, pool: context.pool)
    let sphere = try FreeSpheres.largest(map.field, configuration, radii: radii)
    let travelling = FreeSpheres.percolating(map.field)
    var entry = [map.free, map.accessible, map.accessibleInChannels, map.occupiable, map.occupiableInChannels]
    entry.append(Double(map.cavities.count { $0.dimension == 0 }))
    entry.append(Double(map.cavities.count { $0.dimension > 0 }))
    entry += (1...3).map { map.dimension >= $0 ? 1 : 0 }
    entry.append(sphere.radius)
    entry += travelling.map { $0 ?? 0 }
    entry += Self.survival(map.field)
    var average = self.average ?? BlockAverage(width: entry.count)
    average.add(entry)
    self.average = average
    frames += 1
    last = (map, configuration, sphere, kinds)
  }

  /// The share of the points that are farther from all atoms than 0, one step, two steps …
  private static func survival(_ field: DistanceField) -> [Double] {
    let bins = Int(farthest / step) + 1
    var counts = [Int](repeating: 0, count: bins)
    for value in field.values where value > 0 { counts[min(bins - 1, Int((value / step).rounded(.up)) - 1)] += 1 }
    var sum = 0
    var shares = [Double](repeating: 0, count: bins)
    for bin in stride(from: bins - 1, through: 0, by: -1) {
      sum += counts[bin]
      shares[bin] = Double(sum) / Double(field.values.count)
    }
    return shares
  }

  public func result() throws -> CavityResult {
    guard let average, let last, frames > 0 else { throw AnalysisError(.noFrames, "cavities got no frame") }
    let mean = average.mean
    let errors = average.standardError
    func value(_ place: Int) -> CavityResult.Value { CavityResult.Value(mean: mean[place], error: errors.isEmpty ? nil : errors[place]) }
    let head = 14
    return CavityResult(
      parameters: parameters, kinds: last.kinds, free: value(0), accessible: value(1), accessibleInChannels: value(2), occupiable: value(3),
      occupiableInChannels: value(4), closedCavities: value(5), channels: value(6), percolation: (7..<10).map(value),
      largestSphere: value(10),
      travellingSpheres: (11..<14).map(value), survival: Array(mean[head...]), survivalErrors: errors.isEmpty ? [] : Array(errors[head...]),
      cavities: last.map.cavities.prefix(1000).map {
        CavityResult.Cavity(
          accessibleVolume: $0.accessibleVolume, occupiableVolume: $0.occupiableVolume, dimension: $0.dimension, radius: $0.radius,
          center: $0.center)
      }, largestSphereCenter: last.sphere.center,
      grid: VolumetricGrid(
        cell: last.map.field.cell, size: last.map.field.size, values: last.map.field.values, quantity: "distance to the nearest surface",
        unit: "A"),
      configuration: last.configuration, frameCount: frames,
      blocks: average.blockCount > 1 ? (average.blockCount, average.blockLength) : nil)
  }
}
