import Structures

/// What ``SiteAnalysis`` gives.
public struct SiteResult: AnalysisResult {
  public let parameters: SiteAnalysis
  public let network: SiteNetwork
  /// The radius of sites in Å.
  public let radius: Double
  /// Jumps as hops, one entry a species.
  public let species: [HopStatistics]
  public let jumps: SiteJumps
  public let strings: SiteStrings
  public let percolation: SitePercolation
  /// The mean number of ions on each site.
  public let occupancy: [Double]
  /// Of each kind of site, and its error by blocks of time.
  public let kindOccupancy: [Double]
  public let kindOccupancyError: [Double]
  /// The share of ions times frames that had not been at any site yet, and that were outside the radius of their site.
  public let unassignedShare: Double
  public let betweenShare: Double
  /// The share of sites times frames with more than one ion, and the most ions on one.
  public let sharedShare: Double
  public let mostIons: Int
  /// How far the framework of the first frame is from that of the reference, in Å; `nil` where there is none.
  public let mismatch: Double?
  /// The time between frames in ps.
  public let frameInterval: Double
  public let frameCount: Int
  let visits: [[SiteVisit]]
  let atoms: [Int]
  let firstFrame: Frame
  private let driftSpecies: [String]
  private let trackWarnings: [String]

  init(
    parameters: SiteAnalysis, survey: SiteSurvey, labels: [String], groups: [Range<Int>], atoms: [Int], firstFrame: Frame,
    mismatch: Double?, driftSpecies: [String], trackWarnings: [String]
  ) throws {
    self.parameters = parameters
    let tracker = survey.tracker
    network = tracker.network
    radius = tracker.radius
    let visits = survey.visits()
    self.visits = visits
    species = try zip(labels, groups).map { try survey.statistics($0, rows: $1, visits: visits) }
    jumps = survey.jumpTables(visits)
    strings = survey.strings(visits)
    percolation = survey.percolation(visits)
    let frames = Double(tracker.frameCount)
    occupancy = tracker.siteFrames.map { Double($0) / frames }
    kindOccupancy = tracker.occupancy.mean
    kindOccupancyError = tracker.occupancy.standardError
    let ionFrames = frames * Double(max(1, atoms.count))
    unassignedShare = Double(tracker.unassigned) / ionFrames
    betweenShare = Double(tracker.between) / ionFrames
    sharedShare = Double(tracker.shared) / (frames * Double(tracker.network.count))
    mostIons = tracker.mostIons
    self.mismatch = mismatch
    frameInterval = survey.interval
    frameCount = tracker.frameCount
    self.atoms = atoms
    self.firstFrame = firstFrame
    self.driftSpecies = driftSpecies
    self.trackWarnings = trackWarnings
  }

  public var analysis: String { SiteAnalysis.descriptor.name }
  public var convention: String { SiteAnalysis.descriptor.convention }

  /// The jumps of a species as hops.
  public subscript(label: String) -> HopStatistics? { species.first { $0.label == label } }

  public var settings: [AnalysisSetting] {
    var tracks = parameters.tracks
    tracks.driftSpecies = driftSpecies
    return tracks.described(labels: species.map(\.label), interval: frameInterval) + [
      AnalysisSetting("sites", parameters.sites),
      AnalysisSetting("site-species", network.labels.joined(separator: ",")),
      AnalysisSetting("label-column", parameters.labelColumn ?? "none"),
      AnalysisSetting("supercell", network.supercell.map(String.init).joined(separator: ",")),
      AnalysisSetting("align", mismatch == nil ? "false (no framework in the reference, or not asked for)" : "true"),
      AnalysisSetting("assignment", parameters.assignment.rawValue),
      AnalysisSetting(
        "radius", "\(short(radius)) A" + (parameters.radius == nil ? " (0.45 times the shortest distance between sites)" : "")),
      AnalysisSetting("hysteresis", parameters.assignment == .nearest ? "\(short(parameters.hysteresis)) A" : "none"),
      AnalysisSetting("minimum-residence", "\(short(parameters.minimumResidence)) ps"),
      AnalysisSetting("cooperative-time", "\(short(parameters.cooperativeTime)) ps"),
      AnalysisSetting("cooperative-distance", "\(short(parameters.cooperativeDistance)) A"),
      AnalysisSetting("errors", "up to 16 blocks of ions, 16 to 31 of time for occupancies"),
    ]
  }

  public var warnings: [String] {
    var warnings = trackWarnings
    if network.edgeMismatch > 0.05 || network.angleMismatch > 3 {
      warnings.append(
        "edges of the trajectory differ by \(percent(network.edgeMismatch)) and angles by \(brief((network.angleMismatch * 100).rounded() / 100))° from those of "
          + "\(parameters.sites), to which sites are scaled: it may be another phase")
    }
    if let mismatch, mismatch > 0.6 {
      warnings.append(
        "the framework of the first frame is \(short(mismatch)) Å from that of the reference: it may be another setting of the cell, origin or "
          + "phase")
    }
    if unassignedShare > 0.01 {
      warnings.append(
        "\(percent(unassignedShare)) of ions times frames had not been at any site yet: sites are missing, or their radius is too small")
    }
    if betweenShare > 0.3 {
      warnings.append(
        "ions are outside the radius of their site \(percent(betweenShare)) of the time: sites are missing, or their radius is too small")
    }
    if sharedShare > 0.02 {
      warnings.append("\(percent(sharedShare)) of sites times frames held two ions and more, up to \(mostIons): sites may be too large")
    }
    if strings.largestShare > 0.2, species.reduce(0, { $0 + $1.hops }) >= 30 {
      warnings.append(
        "\(percent(strings.largestShare)) of all jumps are in one string: jumps are too frequent to tell what belongs together; give a shorter "
          + "cooperative-time, or a minimum-residence")
    }
    if strings.isChance {
      warnings.append(
        "\(percent(strings.collectiveShare)) of all jumps follow another ion's, and \(percent(strings.expectedShare)) would by chance: the strings "
          + "show nothing that ions do together")
    }
    if species.allSatisfy({ $0.hops == 0 }) { warnings.append("no ion jumped") }
    return warnings
  }

  /// The sites as atoms, with their occupancy and kind.
  public var files: [AnalysisFile] {
    let cell = firstFrame.configuration.cell
    let element = atoms.first.map { firstFrame.configuration.species[Int(firstFrame.configuration.types[$0])].element }
    let kinds = network.labels.compactMap { label in element.map { Species($0, label: label) } }
    guard kinds.count == network.labels.count,
      let configuration = try? Configuration(
        cell: cell, species: kinds, types: network.kinds.map { Int32($0) }, positions: network.fractions.map { cell.cartesian($0) })
    else { return [] }
    var frame = Frame(configuration)
    frame.columns["occupancy"] = occupancy
    frame.columns["kind"] = network.kinds.map(Double.init)
    return [AnalysisFile(name: "sites", title: "Sites with their occupancy, in the cell of the first frame", contents: .frames([frame]))]
  }

  public var summaryValues: [(key: String, value: SummaryValue)] {
    let kinds = network.labels.indices.map { kind -> (key: String, value: SummaryValue) in
      let residence = jumps.meanResidence(kind)
      return (
        network.labels[kind],
        .object([
          ("sites", .integer(network.kindCounts[kind])), ("occupancy", .number(kindOccupancy[kind])),
          ("occupancy_error", kindOccupancyError.isEmpty ? .null : .number(kindOccupancyError[kind])),
          ("departures", .integer(jumps.departures(kind))), ("residence_ps", .number(residence.value)),
          ("residence_error_ps", residence.error.map { .number($0) } ?? .null),
        ])
      )
    }
    var pairs: [(key: String, value: SummaryValue)] = []
    for from in network.labels.indices {
      for to in network.labels.indices where jumps.count(from: from, to: to) > 0 {
        let rate = jumps.rate(from: from, to: to)
        pairs.append(
          (
            "\(network.labels[from])->\(network.labels[to])",
            .object([
              ("count", .integer(jumps.count(from: from, to: to))), ("rate_per_ps", .number(rate.value)),
              ("rate_error_per_ps", rate.error.map { .number($0) } ?? .null),
              ("length_A", .number(jumps.meanLength(from: from, to: to))),
            ])
          ))
      }
    }
    return [
      ("interval_ps", .number(frameInterval)), ("sites", .integer(network.count)), ("radius_A", .number(radius)),
      ("framework_mismatch_A", mismatch.map { .number($0) } ?? .null), ("edge_mismatch", .number(network.edgeMismatch)),
      ("angle_mismatch_deg", .number(network.angleMismatch)), ("unassigned_share", .number(unassignedShare)),
      ("between_share", .number(betweenShare)), ("shared_share", .number(sharedShare)), ("most_ions_on_a_site", .integer(mostIons)),
      ("labels", .object(kinds)), ("jumps", .object(pairs)),
      ("species", .object(species.map { ($0.label, .object($0.summary(model: "jumps") + $0.siteSummary)) })),
      (
        "strings",
        .object([
          ("collective_share", .number(strings.collectiveShare)), ("collective_share_by_chance", .number(strings.expectedShare)),
          ("mean_size", .number(strings.meanSize)), ("largest_share", .number(strings.largestShare)),
          ("sizes", .integers(strings.sizes)), ("counts", .integers(strings.counts)),
        ])
      ),
      (
        "percolation",
        .object([
          ("dimensions", .integer(percolation.dimensions)), ("axes", .array(percolation.axes.map { .flag($0) })),
          ("largest_share", .number(percolation.largestShare)), ("components", .integer(percolation.components)),
        ])
      ),
    ]
  }

  private func short(_ value: Double) -> String { brief((value * 1e6).rounded() / 1e6) }
  private func percent(_ share: Double) -> String { "\(brief((share * 1000).rounded() / 10)) %" }
}
