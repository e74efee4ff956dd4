import NumericalMethods
import Structures

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// Averages the intensities of slabs for ``Disorder``: a first pass finds the reference and its peaks, a second one sums over them.
public struct DisorderAccumulator: AnalysisAccumulator {
  private let parameters: Disorder
  private let context: AnalysisContext
  private var setup: Setup?
  private var frames = 0
  private var peaks: BraggPeaks?
  private var average: BlockAverage?
  private var warnings: [String] = []

  private struct Setup: Sendable {
    var geometry: SlabGeometry
    var selection: SpeciesSelection
    var first: Frame
    var damping: [Double]
    /// Sums over the frames of the first pass.
    var intensities: [Double]
    var scatterers: [Double]
    var atoms: [Double]
    var length = 0.0
  }

  init(_ parameters: Disorder, context: AnalysisContext) {
    self.parameters = parameters
    self.context = context
  }

  public var memoryInBytes: Int {
    setup.map { 8 * $0.intensities.count + 16 * $0.geometry.layers * $0.geometry.waves.count } ?? 0
  }

  public mutating func add(_ frame: Frame) throws {
    let configuration = frame.configuration
    let name = context.frameName(frames, frame)
    try configuration.requireFinitePositions(analysis: "disorder", frameName: name)
    if setup == nil { setup = try start(frame) }
    guard var setup = self.setup.take() else { return }
    let classes = setup.selection.classes(of: configuration)
    let spectrum = SlabSpectrum(
      configuration, isTaken: { classes[$0] >= 0 && (frame.selection.isEmpty || frame.selection[$0]) }, geometry: setup.geometry,
      pool: context.pool)
    if let peaks {
      var average = self.average ?? BlockAverage(width: setup.geometry.slabs)
      average.add(Self.sums(spectrum.intensities, peaks, setup.geometry))
      self.average = average
    } else {
      for i in setup.intensities.indices { setup.intensities[i] += spectrum.intensities[i] }
      for slab in setup.atoms.indices {
        setup.atoms[slab] += spectrum.atoms[slab]
        setup.scatterers[slab] += spectrum.scatterers[slab]
      }
      setup.length += setup.geometry.axis.length(of: configuration.cell)
    }
    self.setup = setup
    frames += 1
  }

  private static func sums(_ intensities: [Double], _ peaks: BraggPeaks, _ geometry: SlabGeometry) -> [Double] {
    let count = geometry.waves.count
    return (0..<geometry.slabs).map { slab in
      // Without peaks, an empty slab still has no F.
      intensities[slab * count].isNaN ? .nan : peaks.waves.reduce(0) { $0 + intensities[slab * count + $1] }
    }
  }

  private func start(_ frame: Frame) throws -> Setup {
    let configuration = frame.configuration
    let geometry = try SlabGeometry(parameters, in: configuration.cell)
    let needed = 16 * geometry.layers * geometry.waves.count + 16 * geometry.slabs * geometry.waves.count
    guard needed <= context.memoryLimit else {
      throw AnalysisError(
        .tooMuchMemory,
        "disorder: \(geometry.layers) layers with \(geometry.waves.count) wave vectors need \(needed >> 20) MiB, more than "
          + "\(context.memoryLimit >> 20); give a larger step or gaussian-width")
    }
    let selection = try SpeciesSelection(parameters.species, in: configuration, analysis: "disorder")
    return Setup(
      geometry: geometry, selection: selection, first: frame,
      damping: Self.damping(geometry, SlabPlane(configuration.cell, axis: geometry.axis.index)),
      intensities: [Double](repeating: 0, count: geometry.slabs * geometry.waves.count),
      scatterers: [Double](repeating: 0, count: geometry.slabs), atoms: [Double](repeating: 0, count: geometry.slabs))
  }

  private static func damping(_ geometry: SlabGeometry, _ plane: SlabPlane) -> [Double] {
    geometry.waves.map { wave in
      let q = plane.wave(wave.first, wave.second) * geometry.gaussianWidth
      return exp(-q * q)
    }
  }

  public mutating func endPass() throws -> Bool {
    guard peaks == nil, var setup else { return false }
    let count = Double(frames)
    for i in setup.intensities.indices { setup.intensities[i] /= count }
    for slab in setup.atoms.indices {
      setup.atoms[slab] /= count
      setup.scatterers[slab] /= count
    }
    setup.length /= count
    let found: BraggPeaks
    if let path = parameters.reference {
      found = try reference(path, setup)
    } else {
      found = BraggPeaks(
        setup.intensities, scatterers: setup.scatterers, damping: setup.damping, threshold: parameters.peakThreshold)
      if found.waves.isEmpty {
        warnings.append(
          "no slab has Bragg peaks that stand out from disorder: F is 1 throughout; if there is a crystal, check axis and slab-width, or give "
            + "it as the reference")
      }
    }
    peaks = found
    self.setup = setup
    guard frames > 1, !found.waves.isEmpty else {
      var average = BlockAverage(width: setup.geometry.slabs)
      average.add(Self.sums(setup.intensities, found, setup.geometry))
      self.average = average
      return false
    }
    frames = 0
    return true
  }

  /// The peaks of a crystal in a file, at the wave vectors of the trajectory.
  private func reference(_ path: String, _ setup: Setup) throws -> BraggPeaks {
    let frame = try context.frame(ofFile: path, analysis: "disorder")
    let configuration = frame.configuration
    try configuration.requireFinitePositions(analysis: "disorder", frameName: path)
    let axis = setup.geometry.axis.index
    let (first, second) = ((axis + 1) % 3, (axis + 2) % 3)
    let lengths = setup.first.configuration.cell.lengths
    let own = configuration.cell.lengths
    var parameters = parameters
    parameters.axis = ["a", "b", "c"][axis]
    let multiples = try [first, second].map { edge -> Int in
      let multiple = max(1, Int((lengths[edge] / own[edge]).rounded()))
      guard abs(lengths[edge] / own[edge] - Double(multiple)) < 0.05 * Double(multiple) else {
        throw AnalysisError(
          .notCommensurate,
          "disorder: edge \(["a", "b", "c"][edge]) of the trajectory, \(lengths[edge]) Å, is no multiple of that of the reference \(path), "
            + "\(own[edge]) Å; give the crystal in the orientation and strain of the trajectory")
      }
      return multiple
    }
    // As wide as the trajectory: copies of an atom scatter together, which one alone in its cell would not tell from chance.
    var counts = [1, 1, 1]
    (counts[first], counts[second]) = (multiples[0], multiples[1])
    let crystal = try configuration.replicated((counts[0], counts[1], counts[2]))
    let geometry = try SlabGeometry(parameters, in: crystal.cell)
    let selection = try SpeciesSelection(self.parameters.species, in: crystal, analysis: "disorder: reference")
    let classes = selection.classes(of: crystal)
    let spectrum = SlabSpectrum(crystal, isTaken: { classes[$0] >= 0 }, geometry: geometry, pool: context.pool)
    let peaks = BraggPeaks(
      spectrum.intensities, scatterers: spectrum.scatterers, damping: Self.damping(geometry, SlabPlane(crystal.cell, axis: axis)),
      threshold: parameters.peakThreshold)
    let places = Dictionary(uniqueKeysWithValues: setup.geometry.waves.enumerated().map { ($1, $0) })
    let waves = peaks.waves.compactMap { wave in
      places[geometry.waves[wave]].map { ($0, spectrum.intensities[peaks.slab * geometry.waves.count + wave]) }
    }
    guard !waves.isEmpty else {
      throw AnalysisError(.notCommensurate, "disorder: the reference \(path) has no Bragg peaks in the plane of the slabs")
    }
    return BraggPeaks(waves: waves.map(\.0), sum: waves.reduce(0) { $0 + $1.1 }, slab: peaks.slab)
  }

  public func result() throws -> DisorderResult {
    guard let setup, let peaks, let average, frames > 0 else { throw AnalysisError(.noFrames, "disorder got no frame") }
    let geometry = setup.geometry
    func profile(_ sums: [Double]) -> [Double] { sums.map { peaks.waves.isEmpty && !$0.isNaN ? 1 : 1 - $0 / peaks.sum } }
    let mean = profile(average.mean)
    let regions = DisorderRegions(
      mean, isPeriodic: geometry.isPeriodic, low: parameters.crystalBelow, high: parameters.glassAbove)
    let thickness = setup.length / Double(geometry.layers)
    let offset = Double(geometry.layersPerSlab) / 2
    func fits(_ values: [Double]) -> [Double] {
      regions.crossings.flatMap { crossing -> [Double] in
        let fit = StepFit(
          x: crossing.window.map { Double($0) }, y: crossing.window.map { values[$0 % values.count] }, center: crossing.center,
          scale: max(0.5, crossing.extent / 2))
        return [fit.center, fit.width, fit.height]
      }
    }
    let found = fits(mean)
    let errors = average.standardError { fits(profile($0)) }
    func depth(_ slab: Double) -> Double {
      let place = (slab + offset) * thickness
      return geometry.isPeriodic ? place - setup.length * (place / setup.length).rounded(.down) : min(max(0, place), setup.length)
    }
    let interfaces = regions.crossings.indices.map { index in
      DisorderResult.Interface(
        position: depth(found[3 * index]), positionError: errors.isEmpty ? nil : errors[3 * index] * thickness,
        width: found[3 * index + 1] * thickness, widthError: errors.isEmpty ? nil : errors[3 * index + 1] * thickness,
        risesToGlass: found[3 * index + 2] > 0)
    }
    let isWhole = regions.runs.count == 1
    let parts = regions.runs.map { run -> DisorderResult.Region in
      let inside = mean.indices.filter { slab in
        let place = Double(slab)
        return (place >= run.start && place <= run.end) || (place + Double(mean.count) <= run.end)
      }
      let values = inside.map { mean[$0] }
      let extent = isWhole ? setup.length : (run.end - run.start) * thickness
      return DisorderResult.Region(
        kind: run.kind, from: isWhole ? 0 : depth(run.start), to: isWhole ? setup.length : depth(run.end), thickness: extent,
        disorder: values.isEmpty ? .nan : values.reduce(0, +) / Double(values.count))
    }
    return DisorderResult(
      parameters: parameters, axis: geometry.axis.name, length: setup.length, slabWidth: Double(geometry.layersPerSlab) * thickness,
      step: thickness, grid: geometry.grid, positions: mean.indices.map { geometry.middle($0) * setup.length }, disorder: mean,
      errors: average.standardError { profile($0) }, atoms: setup.atoms, regions: parts, interfaces: interfaces, peaks: peaks.waves.count,
      referencePosition: parameters.reference == nil && !peaks.waves.isEmpty ? geometry.middle(peaks.slab) * setup.length : nil,
      labelled: labelled(setup, mean), frameCount: frames,
      blocks: average.blockCount > 1 ? (average.blockCount, average.blockLength) : nil, warnings: warnings)
  }

  /// The first frame with F and region of each atom.
  private func labelled(_ setup: Setup, _ profile: [Double]) -> Frame {
    var frame = setup.first
    let geometry = setup.geometry
    let cell = frame.configuration.cell
    let values = frame.configuration.positions.map { position -> Double in
      let place = geometry.axis.share(position, in: cell) * Double(geometry.layers) - Double(geometry.layersPerSlab) / 2
      let lower = place.rounded(.down)
      var (low, high) = (Int(lower), Int(lower) + 1)
      if geometry.isPeriodic {
        low = (low % profile.count + profile.count) % profile.count
        high = (high % profile.count + profile.count) % profile.count
      } else {
        (low, high) = (min(max(0, low), profile.count - 1), min(max(0, high), profile.count - 1))
      }
      return profile[low] + (place - lower) * (profile[high] - profile[low])
    }
    frame.columns[AnalysisRegion.regionColumn] = values.map {
      Double(DisorderRegions.kind($0, parameters.crystalBelow, parameters.glassAbove) + 1)
    }
    frame.columns["disorder"] = values.map { $0.isNaN ? 1 : $0 }
    frame.selection = []
    return frame
  }
}
