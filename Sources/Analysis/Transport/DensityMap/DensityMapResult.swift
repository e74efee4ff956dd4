import NumericalMethods
import Structures

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// What ``DensityMap`` gives.
public struct DensityMapResult: AnalysisResult {
  /// A way through the cell.
  public struct Barrier: Sendable {
    /// `1D`, `2D`, `3D`; `a`, `b`, `c` for a way that winds around that edge at all.
    public let name: String
    /// In units of kT above the lowest free energy; `nil` where no way leads through what was visited.
    public let energy: Double?
    /// The standard error and how much higher blocks lie than the whole, as one; `nil` where there are too few frames, no room for blocks, or
    /// some block of frames has no such way.
    public let error: Double?
    /// The density at which the way opens, in 1/Å³.
    public let density: Double?
  }

  /// The way of one atom.
  public struct Track: Sendable {
    /// Its number in the file.
    public let atom: Int
    public let label: String
    /// In ps, or in frames where nobody told the time between them.
    public let times: [Double]
    /// In Å, not wrapped, in the mean cell.
    public let positions: [Vector3]

    /// How far the last position is from the first, in Å.
    public var distance: Double {
      guard let first = positions.first, let last = positions.last else { return 0 }
      return (last - first).length
    }
  }

  public let parameters: DensityMap
  /// The species mapped.
  public let labels: [String]
  /// How many ions were mapped.
  public let ions: Int
  /// The density in 1/Å³.
  public let grid: VolumetricGrid
  public let barriers: [Barrier]
  /// The part of the cell above ``DensityMap/threshold``, or above the mean density.
  public let channels: (threshold: Double, volumeShare: Double, ionShare: Double, parts: Int, dimension: Int, along: [Bool])
  /// How many visits the density stands for where the last way opens, in the volume of a point or that over which smearing averages.
  public let visits: Double?
  public let trajectories: [Track]
  public let frameCount: Int
  public let warnings: [String]
  let levels: [DensityChannels.Level]
  private let framework: Configuration
  private let frameInterval: Double?
  private let tracks: TrackSettings
  private let blocks: Int
  private let traceStride: Int
  /// Densities below are less than one visit.
  private let least: Double

  init(
    parameters: DensityMap, labels: [String], ions: Int, grid: VolumetricGrid, channels: DensityChannels, least: Double,
    sampledVolume: Double, scatter: [[Double?]], traces: IonTraces, isChosen: Bool, configuration: Configuration, framework: Configuration,
    frameInterval: Double?, frameCount: Int,
    tracks: TrackSettings, warnings: [String]
  ) {
    self.parameters = parameters
    self.labels = labels
    self.ions = ions
    self.grid = grid
    self.frameCount = frameCount
    self.framework = framework
    self.frameInterval = frameInterval
    self.tracks = tracks
    blocks = scatter.count
    traceStride = traces.stride
    self.least = least
    let most = grid.values.max() ?? 0
    barriers = DensityChannels.names.enumerated().map { index, name in
      return Barrier(
        name: name, energy: channels.barriers[index], error: Self.error(of: channels.barriers[index], blocks: scatter.map { $0[index] }),
        density: channels.barriers[index].map { most * exp(-$0) })
    }
    let (size, periodic) = (grid.size, grid.cell.periodic)
    let threshold = parameters.threshold ?? Double(ions) / grid.cell.volume
    let above = DensityChannels.region(above: threshold, of: grid.values, size: size, periodic: periodic)
    let along = (0..<3).map { axis in above.region.parts.contains { $0.directions.contains { $0[axis] != 0 } } }
    self.channels = (threshold, above.volumeShare, above.ionShare, above.region.parts.count, above.region.dimension, along)
    // Levels on the way up to where all is connected, a little farther, and not beyond what was visited.
    let rarest = grid.values.reduce(most) { $1 > 0 && $1 >= least ? min($0, $1) : $0 }
    let top = min(log(most / rarest) + 1e-9, (channels.barriers[2] ?? .infinity) + 2)
    let step = max(0.05, (top / 100 / 0.05).rounded(.up) * 0.05)
    levels = channels.levels(of: grid.values, step: step, count: max(1, Int((top / step).rounded(.up))))
    let cell = grid.cell
    let drawn = isChosen ? Array(traces.atoms.indices) : traces.farthest(parameters.traced, edges: cell.vectors)
    trajectories = drawn.map { row in
      let atom = traces.atoms[row]
      return Track(
        atom: configuration.identifiers.isEmpty ? atom + 1 : configuration.identifiers[atom],
        label: configuration.species[Int(configuration.types[atom])].label, times: traces.frames.map { Double($0) * (frameInterval ?? 1) },
        positions: traces.places.map { cell.cartesian($0[row]) })
    }
    var warnings = warnings
    func rounded(_ value: Double) -> String { brief(value < 10 ? (value * 10).rounded() / 10 : value.rounded()) }
    let perDensity = Double(frameCount) * sampledVolume
    let opening = channels.barriers[2] ?? channels.barriers[1] ?? channels.barriers[0]
    visits = opening.map { most * exp(-$0) * perDensity }
    let volume = parameters.smearing > 0 ? "the volume of the smearing" : "a point"
    if let visits, visits < 100 {
      warnings.append(
        "ways open where \(volume) saw \(rounded(visits)) visits: noise raises the barriers, by about their errors where these are given; "
          + "take more frames, or a larger spacing or smearing, and see whether they stay")
    } else if opening == nil {
      let mean = Double(ions) / grid.cell.volume * perDensity
      warnings.append(
        "no connected way of visited points winds around the cell"
          + (mean < 100
            ? "; with \(rounded(mean)) visits in \(volume) on average this says nothing: take more frames, or a larger spacing or smearing"
            : ": ions were not seen to pass"))
    }
    if parameters.temperature == nil { warnings.append("free energies are in units of kT; give the temperature of the run for eV") }
    self.warnings = warnings
  }

  public var analysis: String { DensityMap.descriptor.name }
  public var convention: String { DensityMap.descriptor.convention }

  /// The integral of the density, which is the number of ions.
  public var integral: Double { grid.values.reduce(0, +) * grid.pointVolume }

  /// Noise makes barriers of blocks higher than that of the whole, about as much again as it does that one.
  private static func error(of energy: Double?, blocks: [Double?]) -> Double? {
    let samples = blocks.compactMap(\.self)
    guard let energy, samples.count == blocks.count, samples.count > 1,
      let scatter = BlockAverage.standardError(of: samples.map { [$0] }).first
    else { return nil }
    let shift = samples.reduce(0, +) / Double(samples.count) - energy
    return (scatter * scatter + shift * shift).squareRoot()
  }

  /// The barrier with a name.
  public func barrier(_ name: String) -> Barrier? { barriers.first { $0.name == name } }

  /// Whether ``Track/times`` are in ps.
  var timeIsKnown: Bool { frameInterval != nil }

  /// kT in eV, or `nil` without a temperature.
  var thermalEnergy: Double? { parameters.temperature.map { $0 * PhysicalConstants.boltzmann } }

  public var settings: [AnalysisSetting] {
    tracks.described(labels: labels, interval: frameInterval).filter {
      $0.name != "split" && !(tracks.driftSpecies.isEmpty && $0.name == "drift-weights")
    } + [
      AnalysisSetting("spacing", "\(brief(parameters.spacing)) A (\(grid.size.x) x \(grid.size.y) x \(grid.size.z) points)"),
      AnalysisSetting("smearing", parameters.smearing == 0 ? "none" : "\(brief(parameters.smearing)) A"),
      AnalysisSetting("temperature", parameters.temperature.map { "\(brief($0)) K" } ?? "none"),
      AnalysisSetting("threshold", "\(brief(channels.threshold)) 1/A3\(parameters.threshold == nil ? " (mean density)" : "")"),
      AnalysisSetting("format", parameters.formats.map(\.rawValue).joined(separator: ",")),
      AnalysisSetting("view", parameters.view.rawValue),
      AnalysisSetting(
        "trace",
        trajectories.isEmpty
          ? "none" : trajectories.map { "\($0.label) \($0.atom)" }.joined(separator: ",") + ", every \(traceStride) frames"),
      AnalysisSetting("errors", blocks == 0 ? "none: too few frames, or too large a grid" : "\(blocks) blocks of frames"),
    ]
  }

  public var tables: [DataTable] {
    let kT = thermalEnergy
    let most = grid.values.max() ?? 0
    func column(_ name: String, _ unit: String, _ values: [Double?]) -> DataTable.Column {
      DataTable.Column(name, unit: unit, values.map { $0 ?? .nan })
    }
    var ways = [
      DataTable.Column("path", barriers.map(\.name)), column("density", "1/A3", barriers.map(\.density)),
      column("barrier", "kT", barriers.map(\.energy)), column("barrier_error", "kT", barriers.map(\.error)),
    ]
    if let kT {
      ways.append(column("barrier", "eV", barriers.map { $0.energy.map { $0 * kT } }))
      ways.append(column("barrier_error", "eV", barriers.map { $0.error.map { $0 * kT } }))
    }
    var tables = [
      DataTable(name: "density-map-barriers", title: "Densities and free energies at which ways through the cell open", columns: ways),
      DataTable(
        name: "density-map-channels", title: "The part of the cell below a free energy, which is that above a density",
        columns: [
          column("free_energy", "kT", levels.map(\.energy)), column("density", "1/A3", levels.map { most * exp(-$0.energy) }),
          DataTable.Column("volume_share", levels.map(\.volumeShare)), DataTable.Column("ion_share", levels.map(\.ionShare)),
          DataTable.Column("dimension", levels.map { Double($0.dimension) }),
        ] + ["a", "b", "c"].enumerated().map { axis, name in DataTable.Column("along_\(name)", levels.map { $0.along[axis] ? 1 : 0 }) }),
    ]
    if !trajectories.isEmpty {
      let unit = frameInterval == nil ? "frames" : "ps"
      tables.append(
        DataTable(
          name: "density-map-tracks", title: "Trajectories of single atoms, not wrapped, in the mean cell",
          columns: [
            DataTable.Column("atom", trajectories.flatMap { track in track.times.map { _ in Double(track.atom) } }),
            DataTable.Column("species", trajectories.flatMap { track in track.times.map { _ in track.label } }),
            DataTable.Column("time", unit: unit, trajectories.flatMap(\.times)),
          ]
            + ["x", "y", "z"].enumerated().map { axis, name in
              DataTable.Column(name, unit: "A", trajectories.flatMap { $0.positions.map { $0[axis] } })
            }))
    }
    return tables
  }

  public var files: [AnalysisFile] {
    let stem = labels.joined(separator: "-").lowercased()
    var density = AnalysisFile(
      name: "\(stem)-density", title: "\(grid.quantity) in 1/A3, with the other atoms of the first frame", contents: .grid(grid, framework))
    density.gridFormats = parameters.formats
    var files = [density]
    if let kT = thermalEnergy {
      let energies = DensityChannels.energies(grid.values, least: least)
      let top = energies.reduce(0) { $1.isFinite ? max($0, $1) : $0 }
      var landscape = grid
      landscape.quantity = "\(labels.joined(separator: "+")) free energy"
      landscape.unit = "eV"
      landscape.values = energies.map { min($0, top) * kT }
      var file = AnalysisFile(
        name: "\(stem)-free-energy",
        title: "\(landscape.quantity) in eV above the lowest; points never visited carry the largest value found",
        contents: .grid(landscape, framework))
      file.gridFormats = parameters.formats
      files.append(file)
    }
    if let frames = trackFrames {
      files.append(AnalysisFile(name: "\(stem)-tracks", title: "Trajectories of single atoms", contents: .frames(frames)))
    }
    return files
  }

  /// The atoms drawn, frame by frame in the mean cell.
  private var trackFrames: [Frame]? {
    guard let first = trajectories.first else { return nil }
    var labels: [String] = []
    for track in trajectories where !labels.contains(track.label) { labels.append(track.label) }
    let species = labels.compactMap { label in framework.species.first { $0.label == label } }
    guard species.count == labels.count else { return nil }
    let types = trajectories.map { track in Int32(labels.firstIndex(of: track.label) ?? 0) }
    return first.times.indices.compactMap { index in
      guard
        var configuration = try? Configuration(
          cell: grid.cell, species: species, types: types, positions: trajectories.map { $0.positions[index] })
      else { return nil }
      configuration.identifiers = trajectories.map(\.atom)
      var frame = Frame(configuration)
      frame.time = frameInterval == nil ? nil : first.times[index]
      frame.isUnwrapped = true
      return frame
    }
  }

  public var summaryValues: [(key: String, value: SummaryValue)] {
    func optional(_ value: Double?) -> SummaryValue { value.map { .number($0) } ?? .null }
    func by(_ value: (Barrier) -> Double?) -> SummaryValue { .object(barriers.map { ($0.name, optional(value($0))) }) }
    var values: [(key: String, value: SummaryValue)] = [
      ("ions", .integer(ions)), ("integral", .number(integral)), ("mean_density_per_A3", .number(Double(ions) / grid.cell.volume)),
      ("largest_density_per_A3", .number(grid.values.max() ?? 0)), ("grid", .integers([grid.size.x, grid.size.y, grid.size.z])),
      ("visited_share", .number(Double(grid.values.count { $0 > 0 && $0 >= least }) / Double(grid.values.count))),
      ("visits_at_opening", optional(visits)),
      ("percolation_density_per_A3", by(\.density)), ("barriers_kT", by(\.energy)), ("barriers_error_kT", by(\.error)),
    ]
    if let kT = thermalEnergy {
      values.append(("barriers_eV", by { $0.energy.map { $0 * kT } }))
      values.append(("barriers_error_eV", by { $0.error.map { $0 * kT } }))
    }
    values.append(
      (
        "channels",
        .object([
          ("threshold_per_A3", .number(channels.threshold)), ("volume_share", .number(channels.volumeShare)),
          ("ion_share", .number(channels.ionShare)), ("parts", .integer(channels.parts)), ("dimension", .integer(channels.dimension)),
          ("along", .object(zip(["a", "b", "c"], channels.along).map { ($0, .flag($1)) })),
        ])
      ))
    values.append(
      (
        "trajectories",
        .array(
          trajectories.map {
            .object([("atom", .integer($0.atom)), ("species", .text($0.label)), ("distance_A", .number($0.distance))])
          })
      ))
    return values
  }
}
