import NumericalMethods
import Structures

/// Numbers of faces with 3, 4, 5 and 6 edges.
public struct VoronoiIndex: Hashable, Sendable, CustomStringConvertible, Comparable {
  public var counts: SIMD4<UInt8>

  public init(_ counts: SIMD4<UInt8>) { self.counts = counts }

  public var description: String { "<\(counts.x) \(counts.y) \(counts.z) \(counts.w)>" }

  public static func < (left: VoronoiIndex, right: VoronoiIndex) -> Bool {
    for place in 0..<4 where left.counts[place] != right.counts[place] { return left.counts[place] < right.counts[place] }
    return false
  }
}

/// Sums what cells of frames have, for ``VoronoiAnalysis``.
public struct VoronoiAccumulator: AnalysisAccumulator {
  /// More faces than these count as these.
  static let mostFaces = 40
  /// Numbers a class before its coordination by species: volume, its square, surface, coordination, volume as a share of the cell.
  static let headWidth = 5

  private let parameters: VoronoiAnalysis
  private let context: AnalysisContext
  private var selection: SpeciesSelection?
  private var kinds: [Species] = []
  private var average: BlockAverage?
  private var frames = 0
  /// Cells by index, for each class.
  private var indices: [[VoronoiIndex: Int]] = []
  /// Cells by volume, for each class.
  private var histograms: [[Int]] = []
  private var cellsOfClass: [Int] = []
  private var worstSum = 0.0
  private var labelled: Frame?

  init(_ parameters: VoronoiAnalysis, context: AnalysisContext) {
    self.parameters = parameters
    self.context = context
  }

  public var memoryInBytes: Int {
    (average.map { 8 * $0.width * 35 } ?? 0) + indices.reduce(0) { $0 + 32 * $1.count } + histograms.reduce(0) { $0 + 8 * $1.count }
      + (labelled.map { 120 * $0.configuration.count } ?? 0)
  }

  public mutating func add(_ frame: Frame) throws {
    let name = context.frameName(frames, frame)
    let selection = try self.selection ?? SpeciesSelection(parameters.species, in: frame.configuration, analysis: "voronoi")
    if self.selection == nil {
      self.selection = selection
      kinds = selection.labels.compactMap { label in frame.configuration.speciesIndex(label).map { frame.configuration.species[$0] } }
      indices = kinds.map { _ in [:] }
      histograms = kinds.map { _ in [] }
      cellsOfClass = kinds.map { _ in 0 }
    }
    let part = try Sublattice(selection, of: frame, analysis: "voronoi", frameName: name)
    guard !part.atoms.isEmpty else { throw AnalysisError(.changedAtoms, "voronoi: \(name) has no atom") }
    let radiusOfClass = try parameters.radii.map { radii in try kinds.map { try radii.radius(of: $0, analysis: "voronoi") } }
    let cells = try VoronoiTessellation(
      part.configuration, radii: radiusOfClass.map { radii in part.classes.map { radii[Int($0)] } } ?? [],
      shortestEdge: parameters.edgeThreshold, pool: context.pool)
    try gather(cells, part, frame)
    frames += 1
  }

  private mutating func gather(_ cells: VoronoiTessellation, _ part: Sublattice, _ frame: Frame) throws {
    let classCount = kinds.count
    let width = Self.headWidth + classCount + Self.mostFaces + 1
    let cellVolume = part.configuration.cell.volume
    var entry = [Double](repeating: 0, count: classCount * width)
    var faceNumbers: [Double] = []
    var indexColumns = [[Double]](repeating: [], count: 4)
    var total = 0.0
    for atom in part.atoms.indices {
      let kind = Int(part.classes[atom])
      let start = kind * width
      let least = max(parameters.faceThreshold, 1e-12) * cells.surfaces[atom]
      var counts = SIMD4<UInt8>(0, 0, 0, 0)
      var number = 0
      for face in cells.faces(of: atom) where face.neighbor >= 0 && face.area >= least && face.edges > 2 {
        number += 1
        if face.edges <= 6 { counts[Int(face.edges) - 3] += 1 }
        entry[start + Self.headWidth + Int(part.classes[Int(face.neighbor)])] += 1
      }
      let volume = cells.volumes[atom]
      total += volume
      entry[start] += volume
      entry[start + 1] += volume * volume
      entry[start + 2] += cells.surfaces[atom]
      entry[start + 3] += Double(number)
      entry[start + Self.headWidth + classCount + min(number, Self.mostFaces)] += 1
      indices[kind][VoronoiIndex(counts), default: 0] += 1
      let bin = Int(min(1e5, volume / parameters.binWidth))
      if bin >= histograms[kind].count { histograms[kind] += [Int](repeating: 0, count: bin + 1 - histograms[kind].count) }
      histograms[kind][bin] += 1
      cellsOfClass[kind] += 1
      faceNumbers.append(Double(number))
      for place in 0..<4 { indexColumns[place].append(Double(counts[place])) }
    }
    worstSum = max(worstSum, abs(total / cellVolume - 1))
    for (kind, count) in part.counts(classCount).enumerated() {
      for place in kind * width..<(kind + 1) * width { entry[place] /= Double(count) }
      entry[kind * width + 4] = entry[kind * width] * Double(count) / cellVolume
    }
    var average = self.average ?? BlockAverage(width: entry.count)
    average.add(entry)
    self.average = average
    labelled = part.labelled(
      [
        "voronoi_volume": cells.volumes, "voronoi_surface": cells.surfaces, "voronoi_faces": faceNumbers, "voronoi_n3": indexColumns[0],
        "voronoi_n4": indexColumns[1], "voronoi_n5": indexColumns[2], "voronoi_n6": indexColumns[3],
      ], from: frame)
  }

  public func result() throws -> VoronoiResult {
    guard let average, frames > 0 else { throw AnalysisError(.noFrames, "voronoi got no frame") }
    let classCount = kinds.count
    let width = Self.headWidth + classCount + Self.mostFaces + 1
    let mean = average.mean
    let errors = average.standardError
    func widths(_ values: [Double]) -> [Double] {
      (0..<classCount).map { max(0, values[$0 * width + 1] - values[$0 * width] * values[$0 * width]).squareRoot() }
    }
    let spreads = widths(mean)
    let spreadErrors = average.standardError(of: widths)
    let entries = kinds.indices.map { kind -> VoronoiResult.Entry in
      func value(_ place: Int) -> VoronoiResult.Value {
        VoronoiResult.Value(mean: mean[kind * width + place], error: errors.isEmpty ? nil : errors[kind * width + place])
      }
      let shares = (0...Self.mostFaces).map { value(Self.headWidth + classCount + $0) }
      let last = shares.lastIndex { $0.mean > 0 } ?? 0
      let number = Double(cellsOfClass[kind])
      let ordered = indices[kind].sorted { $0.value != $1.value ? $0.value > $1.value : $0.key < $1.key }
      return VoronoiResult.Entry(
        species: kinds[kind].label, volume: value(0),
        volumeSpread: VoronoiResult.Value(mean: spreads[kind], error: spreadErrors.isEmpty ? nil : spreadErrors[kind]),
        surface: value(2), coordination: value(3), volumeShare: value(4),
        coordinationBySpecies: (0..<classCount).map { value(Self.headWidth + $0) }, coordinationShares: Array(shares[...last]),
        indices: ordered.prefix(50).map { ($0.key, Double($0.value) / number) },
        volumeDensity: histograms[kind].map { Double($0) / number / parameters.binWidth })
    }
    return VoronoiResult(
      parameters: parameters, kinds: kinds, entries: entries, frameCount: frames,
      blocks: average.blockCount > 1 ? (average.blockCount, average.blockLength) : nil, worstSum: worstSum, labelled: labelled)
  }
}
