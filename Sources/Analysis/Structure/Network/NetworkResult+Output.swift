import Structures

extension NetworkResult {
  private static let anionNames = ["free", "non-bridging", "bridging", "tricluster"]
  private static let sharedNames = ["corner", "edge", "face"]

  public var tables: [DataTable] {
    [anionTable, qnTable, linkageTable, sharingTable, connectivityTable, fragmentTable].filter { !($0.columns.first?.isEmpty ?? true) }
  }

  private var anionTable: DataTable {
    let rows = anions.flatMap { anion in zip(Self.anionNames, anionShares(anion)).map { (anion, $0.0, $0.1) } }
    return DataTable(
      name: "network-anions", title: "Anions by the number of formers bonded to them",
      columns: [DataTable.Column("anion", rows.map(\.0)), DataTable.Column("kind", rows.map(\.1))] + Self.columns("share", rows.map(\.2)))
  }

  private var qnTable: DataTable {
    let rows = formers.flatMap { former in qn(former).enumerated().map { (former, $0.offset, $0.element) } }
    let coordinations = (0...NetworkLayout.largest).filter { c in
      formers.contains { former in (0...NetworkLayout.largest).contains { share(former, coordination: c, bridging: $0) > 0 } }
    }
    return DataTable(
      name: "network-qn", title: "Formers by the number of bridging anions, and of these the shares with each coordination number",
      columns: [
        DataTable.Column("former", rows.map(\.0)), DataTable.Column("name", rows.map { "Q\($0.1)" }),
        DataTable.Column("n", rows.map { Double($0.1) }),
      ] + Self.columns("share", rows.map(\.2))
        + coordinations.map { c in
          DataTable.Column("share_coordination_\(c)", rows.map { share($0.0, coordination: c, bridging: $0.1) })
        })
  }

  private var linkageTable: DataTable {
    let rows = linkages
    return DataTable(
      name: "network-linkages", title: "Linkages through anions, and what random mixing of bridging bonds gives",
      columns: [
        DataTable.Column("linkage", rows.map { name($0.formers) }), DataTable.Column("number", rows.map(\.perFrame)),
      ] + Self.columns("share", rows.map(\.share)) + Self.columns("random", rows.map(\.random)))
  }

  private var sharingTable: DataTable {
    let rows = sharing
    return DataTable(
      name: "network-sharing", title: "Pairs of polyhedra that share corners, edges, faces",
      columns: [DataTable.Column("polyhedra", rows.map(\.formers.description))]
        + (0..<3).flatMap { kind in
          [DataTable.Column("\(Self.sharedNames[kind])s", rows.map { $0.perFrame[kind] })]
            + Self.columns("\(Self.sharedNames[kind])_share", rows.map { $0.shares[kind] })
        })
  }

  private var connectivityTable: DataTable {
    let rows = scalars
    return DataTable(
      name: "network-connectivity", title: "Connectivity of the network",
      columns: [DataTable.Column("quantity", rows.map(\.name))] + Self.columns("value", rows.map(\.estimate)))
  }

  private var fragmentTable: DataTable {
    let sizes = fragmentSizes
    let shown = sizes.indices.filter { sizes[$0] > 0 }
    return DataTable(
      name: "network-fragments", title: "Fragments by the number of their formers, a frame",
      columns: [
        DataTable.Column("formers", shown.map { $0 == NetworkLayout.largestFragment ? "more" : String($0 + 1) }),
        DataTable.Column("fragments", shown.map { sizes[$0] }),
      ])
  }

  private var scalars: [(name: String, estimate: Estimate)] {
    let named: [(String, Estimate?)] = [
      ("bridging_anions_per_former", connectivity), ("fragments", fragmentsPerFrame), ("formers_per_fragment", meanFragment),
      ("formers_in_fragment_of_former", meanFragmentOfFormer), ("share_of_formers_in_largest_fragment", largestShare),
    ]
    return named.compactMap { name, estimate in estimate.map { (name, $0) } }
      + dimensionShares.enumerated().map { ("share_of_formers_in_\($0.offset)d_fragments", $0.element) }
  }

  private func name(_ formers: SpeciesPair) -> String {
    let middle = anions.count == 1 ? anions[0] : "A"
    return "\(formers.center)-\(middle)-\(formers.neighbor)"
  }

  private static func columns(_ name: String, _ estimates: [Estimate]) -> [DataTable.Column] {
    [DataTable.Column(name, estimates.map(\.value)), DataTable.Column("\(name)_error", estimates.map { $0.error ?? .nan })]
  }

  public var figures: [FigureDescription] {
    let present = formers.filter { !qn($0).isEmpty }
    var figures = [
      FigureDescription(
        name: "network-qn", title: "Q^{n} of the formers", x: FigureDescription.Axis(label: "bridging anions n"),
        y: FigureDescription.Axis(label: "share of formers", range: 0...1),
        series: present.map { former in
          let shares = qn(former)
          let hasErrors = shares.allSatisfy { $0.error != nil }
          return FigureDescription.Series(
            label: former, x: shares.indices.map { Double($0) }, y: shares.map(\.value),
            error: hasErrors ? shares.map { $0.error ?? 0 } : [],
            style: .bars)
        })
    ]
    if formers.count > 1, !linkages.isEmpty {
      let rows = linkages
      let places = rows.indices.map { Double($0 + 1) }
      let legend = rows.enumerated().map { "\($0.offset + 1): \(name($0.element.formers))" }.joined(separator: ", ")
      figures.append(
        FigureDescription(
          name: "network-linkages", title: "Linkages found and expected of random mixing",
          x: FigureDescription.Axis(label: "linkage (\(legend))"), y: FigureDescription.Axis(label: "share of linkages"),
          series: [
            FigureDescription.Series(label: "found", x: places, y: rows.map(\.share.value), style: .bars),
            FigureDescription.Series(label: "random", x: places, y: rows.map(\.random.value), style: .bars),
          ]))
    }
    return figures
  }

  public var summaryValues: [(key: String, value: SummaryValue)] {
    func value(_ estimate: Estimate?) -> SummaryValue { estimate.map { .number($0.value) } ?? .null }
    func error(_ estimate: Estimate?) -> SummaryValue { estimate?.error.map { .number($0) } ?? .null }
    func shares(_ names: [String], _ estimates: [Estimate]) -> [(key: String, value: SummaryValue)] {
      zip(names, estimates).flatMap { name, estimate in [(name, value(estimate)), ("\(name)_error", error(estimate))] }
    }
    let qnValues = formers.map { former -> (key: String, value: SummaryValue) in
      let entries = qn(former)
      return (
        former,
        .object([
          ("mean", value(meanQ(former))), ("mean_error", error(meanQ(former))),
          ("shares", .object(entries.enumerated().map { ("Q\($0.offset)", value($0.element)) })),
          ("errors", .object(entries.enumerated().filter { $0.element.error != nil }.map { ("Q\($0.offset)", error($0.element)) })),
        ])
      )
    }
    return [
      (
        "anions",
        .object(
          [("all", .object(shares(Self.anionNames, anionShares())))]
            + anions.map { ($0, .object(shares(Self.anionNames, anionShares($0)))) })
      ),
      ("qn", .object(qnValues)),
      (
        "linkages",
        .object(
          linkages.map { entry in
            (
              name(entry.formers),
              .object([
                ("number_per_frame", .number(entry.perFrame)), ("share", value(entry.share)), ("share_error", error(entry.share)),
                ("random_share", value(entry.random)),
                ("ratio_to_random", entry.random.value > 0 ? .number(entry.share.value / entry.random.value) : .null),
              ])
            )
          })
      ),
      ("former_bonds_per_frame", .object(formerBonds.map { ($0.pair.description, .number($0.perFrame)) })),
      (
        "sharing",
        .object(
          sharing.map { entry in
            let counts = zip(Self.sharedNames, entry.perFrame).map { ("\($0)s_per_frame", SummaryValue.number($1)) }
            return (entry.formers.description, .object(counts + shares(Self.sharedNames.map { "\($0)_share" }, entry.shares)))
          })
      ),
      ("connectivity", .object(scalars.flatMap { [($0.name, value($0.estimate)), ("\($0.name)_error", error($0.estimate))] })),
      (
        "fragments_per_frame",
        .object(
          fragmentSizes.enumerated().filter { $0.element > 0 }.map {
            ($0.offset == NetworkLayout.largestFragment ? "more" : String($0.offset + 1), .number($0.element))
          })
      ),
    ]
  }
}

extension DataTable.Column {
  var isEmpty: Bool {
    switch values {
    case .numbers(let values): values.isEmpty
    case .text(let values): values.isEmpty
    }
  }
}
