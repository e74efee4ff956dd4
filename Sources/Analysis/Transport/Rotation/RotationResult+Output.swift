import NumericalMethods
import Structures

extension RotationResult {
  /// Lags worth a row: all small ones, then evenly on a logarithmic scale up to half the run.
  private var rows: [Int] { [0] + LagSpacing.logarithmic(upTo: max(1, frameCount / 2), perDecade: 24) }

  public var tables: [DataTable] {
    let rows = rows
    var columns = [DataTable.Column("time", unit: "ps", rows.map { Double($0) * interval })]
    for kind in kinds {
      func add(_ name: String, _ unit: String, _ values: [Double], _ error: [Double]) {
        guard !values.isEmpty else { return }
        columns.append(DataTable.Column("\(name)_\(kind.name)", unit: unit, rows.map { values[$0] }))
        if !error.isEmpty { columns.append(DataTable.Column("\(name)_\(kind.name)_error", unit: unit, rows.map { error[$0] })) }
      }
      add("C1", "", kind.c1, kind.c1Error)
      add("C2", "", kind.c2, kind.c2Error)
      add("C3", "", kind.c3, kind.c3Error)
      add("angle2", "rad2", kind.squaredAngle, kind.squaredAngleError)
    }
    var tables = [DataTable(name: "rotation", title: "Orientation correlations and squared angular displacements", columns: columns)]
    tables.append(
      DataTable(
        name: "rotation-angles", title: "Share of frames by the angle to the mean orientation, and reorientations by their angle",
        columns: [DataTable.Column("angle", unit: "deg", (0..<180).map { Double($0) + 0.5 })]
          + kinds.flatMap { kind in
            [
              DataTable.Column("libration_\(kind.name)", kind.librationShares),
              DataTable.Column(
                "reorientations_\(kind.name)", (0..<180).map { bin in Double(kind.jumpAngles.count { Int($0) == bin }) }),
            ]
          }))
    tables.append(
      DataTable(
        name: "rotation-units", title: "Rotation by kind of unit",
        columns: [
          DataTable.Column("unit", kinds.map(\.name)), DataTable.Column("units", kinds.map { Double($0.units) }),
          DataTable.Column("rotors", kinds.map { Double($0.rotors) }), DataTable.Column("kept", kinds.map { Double($0.kept) }),
          DataTable.Column("tau1", unit: "ps", kinds.map { $0.decayTimes[0] ?? .nan }),
          DataTable.Column("tau2", unit: "ps", kinds.map { $0.decayTimes[1] ?? .nan }),
          DataTable.Column("tau3", unit: "ps", kinds.map { $0.decayTimes[2] ?? .nan }),
          DataTable.Column("D_r", unit: "rad2/ps", kinds.map { $0.diffusivity ?? .nan }),
          DataTable.Column("D_r_error", unit: "rad2/ps", kinds.map { $0.diffusivityError ?? .nan }),
          DataTable.Column("exponent", kinds.map(\.exponent)), DataTable.Column("libration", unit: "deg", kinds.map(\.libration)),
          DataTable.Column("reorientations", kinds.map { Double($0.reorientations) }),
          DataTable.Column("rate", unit: "1/ns", kinds.map(\.rate)), DataTable.Column("rate_error", unit: "1/ns", kinds.map(\.rateError)),
          DataTable.Column("residence", unit: "ps", kinds.map { $0.residence ?? .nan }),
        ]))
    if let pairing, !pairing.lags.isEmpty {
      tables.append(
        DataTable(
          name: "rotation-hops",
          title: "Hops of \(pairing.label) near units by the time after their reorientation, over those at shifted times",
          columns: [
            DataTable.Column("lag", unit: "ps", pairing.lags), DataTable.Column("enhancement", pairing.enhancement),
            DataTable.Column("enhancement_error", pairing.enhancementError),
          ]))
    }
    if let pairing, !pairing.windows.lags.isEmpty {
      let windows = pairing.windows
      var columns = [DataTable.Column("lag", unit: "ps", windows.lags), DataTable.Column("correlation", windows.correlation)]
      if !windows.correlationError.isEmpty { columns.append(DataTable.Column("correlation_error", windows.correlationError)) }
      tables.append(
        DataTable(
          name: "rotation-correlation", title: "Correlation of angles turned with squared displacements of \(pairing.label) nearby",
          columns: columns))
    }
    return tables
  }

  public var figures: [FigureDescription] {
    let rows = rows.dropFirst()
    let x = rows.map { Double($0) * interval }
    // More than three kinds make curves that nobody tells apart.
    let shown = kinds.prefix(3).filter { $0.kept > 0 }
    // Charges above numbers touch the line above in a legend; a formula mostly tells enough.
    let formulas = shown.map { Self.formula($0.name) }
    func marked(_ kind: Kind) -> String {
      let formula = Self.formula(kind.name)
      return Self.marked(formulas.count { $0 == formula } == 1 ? formula : kind.name)
    }
    let time = FigureDescription.Axis(label: "t", unit: "ps", isLogarithmic: true)
    func curve(_ label: String, _ values: [Double], _ error: [Double], _ style: FigureDescription.Series.Style) -> FigureDescription.Series
    {
      FigureDescription.Series(
        label: label, x: x, y: rows.map { values[$0] }, error: error.isEmpty ? [] : rows.map { error[$0] }, style: style)
    }
    var figures = [
      FigureDescription(
        name: "rotation-correlation", title: "Orientation correlation of bonds in units", x: time,
        y: FigureDescription.Axis(label: "C_{l}(t)"),
        series: shown.flatMap { kind in
          [
            curve("C_{1} \(marked(kind))", kind.c1, kind.c1Error, .line),
            curve("C_{2} \(marked(kind))", kind.c2, kind.c2Error, .line),
          ]
        }),
      FigureDescription(
        name: "rotation-angle", title: "Mean squared angular displacement of units", x: time,
        y: FigureDescription.Axis(label: "<|Δφ|^{2}>", unit: "rad2", isLogarithmic: true),
        series: shown.map { curve(marked($0), $0.squaredAngle, $0.squaredAngleError, .line) }),
      FigureDescription(
        name: "rotation-libration", title: "Angle to the mean orientation between reorientations",
        x: FigureDescription.Axis(label: "angle", unit: "deg"), y: FigureDescription.Axis(label: "share of frames"),
        series: shown.map { kind in
          let last = kind.librationShares.lastIndex { $0 > 1e-3 } ?? 1
          return FigureDescription.Series(
            label: marked(kind), x: (0...last).map { Double($0) + 0.5 }, y: (0...last).map { kind.librationShares[$0] },
            style: .steps)
        }),
    ]
    let jumps = shown.filter { $0.reorientations >= 10 }
    if !jumps.isEmpty {
      figures.append(
        FigureDescription(
          name: "rotation-jumps", title: "Angles of reorientations", x: FigureDescription.Axis(label: "angle", unit: "deg", range: 0...180),
          y: FigureDescription.Axis(label: "reorientations"),
          series: jumps.map { kind in
            FigureDescription.Series(
              label: marked(kind), x: (0..<36).map { 5 * Double($0) + 2.5 },
              y: (0..<36).map { bin in Double(kind.jumpAngles.count { Int($0 / 5) == bin }) }, style: .steps)
          }))
    }
    guard let pairing else { return figures }
    if let reach = pairing.lags.last, reach > 0, pairing.enhancement.contains(where: \.isFinite) {
      figures.append(
        FigureDescription(
          name: "rotation-hops", title: "Hops of \(pairing.label) near units that reorient, over those at other times",
          x: FigureDescription.Axis(label: "time after reorientation", unit: "ps", range: -1.1 * reach...1.1 * reach),
          y: FigureDescription.Axis(label: "hops / expected hops"),
          series: [
            FigureDescription.Series(label: "", x: pairing.lags, y: pairing.enhancement, error: pairing.enhancementError, style: .points),
            FigureDescription.Series(label: "", x: [-1.1 * reach, 1.1 * reach], y: [1, 1], style: .outline),
          ]))
    }
    let windows = pairing.windows
    if windows.correlation.contains(where: \.isFinite) {
      figures.append(
        FigureDescription(
          name: "rotation-ions", title: "Correlation of rotation with the displacement of \(pairing.label) nearby",
          x: FigureDescription.Axis(label: "time after rotation", unit: "ps"), y: FigureDescription.Axis(label: "correlation coefficient"),
          series: [FigureDescription.Series(label: "", x: windows.lags, y: windows.correlation, error: windows.correlationError)]))
    }
    return figures
  }

  /// `PS4(3-)` without its charge.
  private static func formula(_ name: String) -> String { name.last == ")" ? String(name.prefix { $0 != "(" }) : name }

  /// `PS4(3-)` with its numbers below and its charge above the line.
  private static func marked(_ name: String) -> String {
    var result = ""
    var charge: String?
    for character in name {
      if character == "(" {
        charge = ""
      } else if character == ")", let text = charge {
        result += "^{\(text)}"
        charge = nil
      } else if charge != nil {
        charge?.append(character)
      } else if character.isNumber, result.last?.isLetter == true || result.last == "}" {
        result += "_{\(character)}"
      } else {
        result.append(character)
      }
    }
    return result
  }
}
