import NumericalMethods
import Structures

/// Sums powder patterns of frames, for ``PowderDiffraction``.
public struct PowderAccumulator: AnalysisAccumulator {
  /// Products of atoms and reciprocal vectors that the plain sum takes on: about a second.
  private static let mostTerms = 2e8
  /// Bins of 2θ for sums over vectors, of the width of a peak.
  private static let finestBin = 0.02

  private let parameters: PowderDiffraction
  private let context: AnalysisContext
  private var selection: SpeciesSelection?
  private var weights: ScatteringWeights?
  private var list: ReflectionList?
  /// For each reflection the sums of Q and of |F|² an atom.
  private var sums: [SIMD2<Double>] = []
  private var usesMesh = false
  private var average: BlockAverage?
  private var frames = 0
  private var cellSum = Matrix3.zero
  private var smallestQ = Double.infinity

  init(_ parameters: PowderDiffraction, context: AnalysisContext) {
    self.parameters = parameters
    self.context = context
  }

  public var memoryInBytes: Int { 48 * sums.count + (average.map { 8 * $0.width * 35 } ?? 0) }

  /// The points of the pattern, 2θ in degrees.
  private var points: [Double] {
    let range = parameters.range
    let count = Int(((range.upperBound - range.lowerBound) / parameters.step + 1e-9).rounded(.down))
    return (0...count).map { range.lowerBound + Double($0) * parameters.step }
  }

  private var lastQ: Double { PowderAngles.q(parameters.lastAngle, wavelength: parameters.wavelength) }

  public mutating func add(_ frame: Frame) throws {
    let configuration = frame.configuration
    let name = context.frameName(frames, frame)
    try configuration.requireFinitePositions(analysis: "xrd", frameName: name)
    guard configuration.cell.isPeriodic, configuration.count > 0 else {
      throw AnalysisError(
        .invalidSetting, "xrd: \(name) has no atom, or a cell that does not repeat along all edges; reciprocal vectors need one that does")
    }
    if selection == nil { try start(configuration) }
    guard let selection, let weights else { return }
    let classes = selection.classes(of: configuration)
    if let stranger = classes.firstIndex(of: -1) {
      throw AnalysisError(
        .changedAtoms,
        "xrd: \(name) has atoms of \(configuration.species[Int(configuration.types[stranger])].label), which the first frame had not")
    }
    let displacements = selection.labels.map(parameters.displacement)
    let scale = 1 / Double(configuration.count).squareRoot()
    let amplitudes: ReflectionSum.Amplitudes = { q in
      let s = q / (4 * Double.pi)
      return zip(weights.amplitudes(q), displacements).map { $0 * (scale * PowderProfile.exponential(-$1 * s * s)) }
    }
    let pattern =
      usesMesh
      ? try meshPattern(configuration, classes, selection.labels.count, amplitudes, name)
      : reflectionPattern(configuration, classes, selection.labels.count, amplitudes)
    var average = self.average ?? BlockAverage(width: pattern.count)
    average.add(pattern)
    self.average = average
    cellSum += configuration.cell.vectors
    frames += 1
  }

  private mutating func start(_ configuration: Configuration) throws {
    let selection = try SpeciesSelection([], in: configuration, analysis: "xrd")
    let elements = selection.labels.compactMap { label in configuration.speciesIndex(label).map { configuration.species[$0].element } }
    weights = try ScatteringWeights(parameters.radiation, elements: elements, scatterers: parameters.scatterers, analysis: "xrd")
    for label in parameters.displacements.keys.sorted() where label != PowderDiffraction.allSpecies && !selection.labels.contains(label) {
      throw SpeciesSelection.unknown(label, among: selection.labels, analysis: "xrd")
    }
    self.selection = selection
    let highest = lastQ
    let terms = ReflectionList.estimate(configuration.cell, highestQ: highest) * Double(configuration.count)
    switch parameters.method {
    case .reflections:
      guard terms < 100 * Self.mostTerms else {
        throw AnalysisError(.tooMuchMemory, "xrd: the sum over reflections of so large a cell takes too long; use the method mesh or auto")
      }
    case .mesh: usesMesh = true
    case .auto: usesMesh = terms > Self.mostTerms
    }
    if !usesMesh {
      // A little more, for cells that breathe.
      let list = ReflectionList(configuration.cell, highestQ: highest * 1.02)
      self.list = list
      sums = [SIMD2<Double>](repeating: .zero, count: list.indices.count)
    }
    smallestQ = 2 * Double.pi / configuration.cell.widths.max()
  }

  private mutating func reflectionPattern(
    _ configuration: Configuration, _ classes: [Int32], _ classCount: Int, _ amplitudes: ReflectionSum.Amplitudes
  ) -> [Double] {
    guard let list else { return [] }
    let squares = ReflectionSum.squares(
      configuration, classes: classes, classCount: classCount, list, amplitudes: amplitudes, pool: context.pool)
    for number in squares.indices { sums[number] += squares[number] }
    let lines = squares.compactMap { entry -> SIMD2<Double>? in
      guard let angle = PowderAngles.twoTheta(q: entry.x, wavelength: parameters.wavelength), angle <= parameters.lastAngle else {
        return nil
      }
      return SIMD2(angle, 2 * entry.y * PowderAngles.lorentzPolarisation(angle, radiation: parameters.radiation))
    }
    return PowderProfile(parameters).pattern(lines, at: points, pool: context.pool)
  }

  private func meshPattern(
    _ configuration: Configuration, _ classes: [Int32], _ classCount: Int, _ amplitudes: ReflectionSum.Amplitudes, _ name: String
  ) throws -> [Double] {
    let highest = lastQ
    let size = MeshSum.size(configuration.cell, highestQ: highest)
    let needed = MeshSum.memory(size, atoms: configuration.count)
    guard needed < context.memoryLimit else {
      throw AnalysisError(
        .tooMuchMemory,
        "xrd: the mesh of \(size.x) x \(size.y) x \(size.z) points for \(name) takes \(needed >> 20) MiB, more than allowed; end the range at a smaller angle"
      )
    }
    let width = max(1e-3, min(parameters.step, Self.finestBin, parameters.width / 5))
    let wavelength = parameters.wavelength
    var histogram = [SIMD2<Double>](repeating: .zero, count: Int(parameters.lastAngle / width) + 2)
    MeshSum.add(
      configuration, classes: classes, classCount: classCount, highestQ: highest, amplitudes: amplitudes, pool: context.pool,
      bin: { PowderAngles.twoTheta(q: $0, wavelength: wavelength).map { (Int($0 / width), $0) } }, to: &histogram)
    // The vectors of a bin are one line at their centre of gravity.
    let lines = histogram.filter { $0.x > 0 }.map { bin in
      let angle = bin.y / bin.x
      return SIMD2(angle, bin.x * PowderAngles.lorentzPolarisation(angle, radiation: parameters.radiation))
    }
    return PowderProfile(parameters).pattern(lines, at: points, pool: context.pool)
  }

  public func result() throws -> PowderResult {
    guard let average, let selection, frames > 0 else { throw AnalysisError(.noFrames, "xrd got no frame") }
    let count = Double(frames)
    let reflections = try list.map { list in
      PowderReflection.merged(
        zip(list.indices, sums).map { ($0, $1 / count) }, cell: try Cell(vectors: cellSum * (1 / count)), parameters: parameters)
    }
    var warnings: [String] = []
    // The lines of the simulation cell itself, by Bragg's law at small angles.
    let apart = smallestQ.isFinite ? parameters.wavelength * smallestQ / (2 * Double.pi) * 180 / Double.pi : 0
    if usesMesh, parameters.width < apart / 4 {
      let (given, wanted) = (brief(parameters.width), brief((apart * 5).rounded(.up) / 10))
      warnings.append(
        "the lines of the cell are up to \(brief((apart * 10).rounded() / 10)) deg apart, and peaks \(given) deg wide: of a glass, which has no "
          + "such lines, take a width of about \(wanted) deg")
    }
    let first = PowderAngles.twoTheta(q: smallestQ, wavelength: parameters.wavelength) ?? 180
    if usesMesh || (reflections?.count ?? 0) > 2000, first > parameters.range.lowerBound {
      warnings.append(
        "the cell resolves nothing below about \((first * 100).rounded() / 100) deg (2 pi over its largest width); the pattern is empty there"
      )
    }
    return PowderResult(
      parameters: parameters, labels: selection.labels, usesMesh: usesMesh, angles: points, average: average,
      reflections: reflections ?? [],
      frameCount: frames, warnings: warnings)
  }
}
