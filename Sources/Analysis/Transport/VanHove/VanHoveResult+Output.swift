import Structures

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

extension VanHoveResult {
  public var tables: [DataTable] {
    var tables = [peaks]
    tables += species.map { part in
      var columns = [DataTable.Column("r", unit: "A", radii)]
      for (lag, curve) in zip(lags, part.curves) {
        let name = name(ofLag: lag)
        columns.append(DataTable.Column("4pir2Gs(\(name))", unit: "1/A", curve.density))
        if !curve.error.isEmpty { columns.append(DataTable.Column("4pir2Gs(\(name))_error", unit: "1/A", curve.error)) }
        columns.append(DataTable.Column("gaussian(\(name))", unit: "1/A", radii.map(curve.gaussian)))
      }
      return DataTable(name: "van-hove-self-\(part.label)", title: "Displacements of \(part.label)", columns: columns)
    }
    for part in distinct {
      var columns = [DataTable.Column("r", unit: "A", distinctRadii)]
      for curve in part.curves {
        let name = name(ofLag: curve.lag)
        columns.append(DataTable.Column("Gd/rho(\(name))", curve.values))
        if !curve.error.isEmpty { columns.append(DataTable.Column("Gd/rho(\(name))_error", curve.error)) }
      }
      tables.append(
        DataTable(name: "van-hove-distinct-\(part.pair)", title: "Distinct van Hove function of \(part.pair)", columns: columns))
    }
    return tables
  }

  /// One row a species and lag.
  private var peaks: DataTable {
    let rows = species.flatMap { part in zip(lags, part.curves).map { (part.label, $0, $1) } }
    func column(_ name: String, _ unit: String = "", _ value: (SelfPart.Curve) -> Double?) -> DataTable.Column {
      DataTable.Column(name, unit: unit, rows.map { value($0.2) ?? .nan })
    }
    let time = frameInterval.map { interval in DataTable.Column("time", unit: "ps", rows.map { Double($0.1) * interval }) }
    return DataTable(
      name: "van-hove", title: "Peaks of the displacements, and who has gone far",
      columns: [
        DataTable.Column("species", rows.map(\.0)), time ?? DataTable.Column("lag", unit: "frames", rows.map { Double($0.1) }),
        column("msd", "A2") { $0.meanSquare }, column("first_peak", "A") { $0.firstPeak }, column("minimum", "A") { $0.minimum },
        column("second_peak", "A") { $0.secondPeak }, column("beyond_minimum") { $0.beyondMinimum },
        column("beyond_distance") { $0.beyondDistance }, column("beyond_distance_error") { $0.beyondDistanceError },
      ])
  }

  public var figures: [FigureDescription] {
    let shown = Self.spread(lags.indices.map { $0 }, 5)
    var figures = species.map { part in
      // Up to where a thousandth of the probability of the broadest curve is left.
      var last = 2.0
      for index in shown {
        var left = 1.0
        for (r, density) in zip(radii, part.curves[index].density) {
          left -= density * (radii[0] * 2)
          if left < 1e-3 + part.curves[index].beyondRange {
            last = max(last, r)
            break
          }
          if r == radii.last { last = max(last, r) }
        }
      }
      let places = radii.indices.filter { radii[$0] <= last }
      var series = shown.map { index in
        FigureDescription.Series(
          label: name(ofLag: lags[index]), x: places.map { radii[$0] }, y: places.map { part.curves[index].density[$0] })
      }
      if let index = shown.last {
        series.append(
          FigureDescription.Series(
            label: "Gaussian, \(name(ofLag: lags[index]))", x: places.map { radii[$0] },
            y: places.map { part.curves[index].gaussian(radii[$0]) }, style: .dashed))
      }
      return FigureDescription(
        name: "van-hove-self-\(part.label)", title: "Displacements of \(part.label)", x: FigureDescription.Axis(label: "r", unit: "Å"),
        y: FigureDescription.Axis(label: "4π r^{2} G_{s}(r,t)", unit: "Å^{-1}"), series: series)
    }
    figures += distinct.map { part in
      let shown = [0] + Self.spread(part.curves.indices.dropFirst().map { $0 }, 4)
      return FigureDescription(
        name: "van-hove-distinct-\(part.pair)", title: "Distinct van Hove function of \(part.pair)",
        x: FigureDescription.Axis(label: "r", unit: "Å"), y: FigureDescription.Axis(label: "G_{d}(r,t)/ρ"),
        series: shown.filter(part.curves.indices.contains).map { index in
          FigureDescription.Series(
            label: part.curves[index].lag == 0 ? "0" : name(ofLag: part.curves[index].lag), x: distinctRadii,
            y: part.curves[index].values)
        })
    }
    return figures
  }

  /// At most so many of some values, evenly, first and last among them.
  private static func spread(_ values: [Int], _ most: Int) -> [Int] {
    guard values.count > most else { return values }
    return (0..<most).map { values[($0 * (values.count - 1) + (most - 1) / 2) / (most - 1)] }
  }

  public var summaryValues: [(key: String, value: SummaryValue)] {
    func number(_ value: Double?) -> SummaryValue { value.map { .number($0) } ?? .null }
    func list(_ part: SelfPart, _ pick: (SelfPart.Curve) -> Double?) -> SummaryValue { .array(part.curves.map { number(pick($0)) }) }
    let own = species.map { part -> (key: String, value: SummaryValue) in
      let values: [(key: String, value: SummaryValue)] = [
        ("atoms", .integer(part.atoms)), ("msd_A2", list(part) { $0.meanSquare }), ("mean_displacement_A", list(part) { $0.mean }),
        ("first_peak_A", list(part) { $0.firstPeak }), ("second_peak_A", list(part) { $0.secondPeak }),
        ("minimum_A", list(part) { $0.minimum }), ("share_beyond_minimum", list(part) { $0.beyondMinimum }),
        ("share_beyond_distance", list(part) { $0.beyondDistance }),
        ("share_beyond_distance_error", list(part) { $0.beyondDistanceError }),
        ("share_beyond_range", list(part) { $0.beyondRange }),
      ]
      return (part.label, .object(values))
    }
    let pairs = distinct.map { part -> (key: String, value: SummaryValue) in
      // The mean over the sphere of half an Å: who stands where an atom was.
      let places = distinctRadii.indices.filter { $0 == 0 || distinctRadii[$0] < 0.5 }
      // The volumes of shells.
      let weights = places.map { pow(Double($0 + 1), 3) - pow(Double($0), 3) }
      let values: [(key: String, value: SummaryValue)] = [
        ("lag_frames", .integers(part.curves.map(\.lag))), ("origins", .integers(part.curves.map(\.origins))),
        (
          "at_origin",
          .numbers(
            part.curves.map { curve in
              zip(places, weights).reduce(0) { $0 + curve.values[$1.0] * $1.1 } / max(1e-300, weights.reduce(0, +))
            })
        ),
      ]
      return (part.pair.description, .object(values))
    }
    return [
      ("lag_frames", .integers(lags)),
      ("lag_ps", frameInterval.map { interval in .numbers(lags.map { Double($0) * interval }) } ?? .null),
      ("distance_A", .number(parameters.distance)), ("species", .object(own)),
      ("distinct", distinct.isEmpty ? .null : .object(pairs)),
    ]
  }
}
