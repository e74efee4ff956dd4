import Structures

extension UnitResult {
  /// Units with formers or anions enough to have a curve of their own.
  private var shown: [Unit] { units.filter { $0.anionShare >= 0.01 }.prefix(6).map { $0 } }

  public var tables: [DataTable] {
    func column(_ name: String, _ estimates: [Estimate]) -> [DataTable.Column] {
      [DataTable.Column(name, estimates.map(\.value)), DataTable.Column("\(name)_error", estimates.map { $0.error ?? .nan })]
    }
    var tables = [
      DataTable(
        name: "units", title: "Anion units",
        columns: [
          DataTable.Column("type", units.map { Double($0.number) }), DataTable.Column("unit", units.map(\.type.name)),
          DataTable.Column("graph", units.map(\.type.graph)),
          DataTable.Column("charge", unit: "e", units.map { $0.type.charge.map { Double($0) } ?? .nan }),
        ] + column("number", units.map(\.perFrame)) + column("share_of_units", units.map(\.share))
          + formers.indices.flatMap { former in column("share_of_\(formers[former])", units.map { $0.formerShares[former] }) }
          + [DataTable.Column("share_of_anions", units.map(\.anionShare))])
    ]
    if !surroundings.isEmpty {
      tables.append(
        DataTable(
          name: "unit-surroundings", title: "Anions around modifiers, by the unit that they belong to",
          columns: [
            DataTable.Column("modifier", surroundings.map(\.modifier)), DataTable.Column("unit", surroundings.map(\.type.name)),
          ] + column("coordination", surroundings.map(\.coordination)) + column("share", surroundings.map(\.share)) + [
            DataTable.Column("units_touched", surroundings.map(\.touched)), DataTable.Column("preference", surroundings.map(\.preference)),
          ]))
    }
    let curves = allCurves
    if !curves.isEmpty {
      tables.append(
        DataTable(
          name: "unit-rdf", title: "g(r) by the unit that the anion belongs to",
          columns: [DataTable.Column("r", unit: "A", layout.radii)] + curves.map { DataTable.Column("g \($0.label)", $0.values) }))
    }
    return tables
  }

  private struct Curve {
    var label: String
    var pair: String
    var unit: String
    var values: [Double]
  }

  private var allCurves: [Curve] {
    let outside = layout.modifiers.flatMap { modifier in
      layout.anions.flatMap { anion in
        shown.map {
          Curve(
            label: "\(modifier)-\(anion) \($0.type.name)", pair: "\(modifier)-\(anion)", unit: $0.type.name,
            values: distribution(modifier, anion, in: $0))
        }
      }
    }
    let name = "\(layout.formers.count == 1 ? layout.formers[0] : "former")-\(layout.anions.count == 1 ? layout.anions[0] : "anion")"
    let inside = shown.map {
      Curve(label: "\(name) within \($0.type.name)", pair: name, unit: $0.type.name, values: distributionWithin($0))
    }
    return (outside + inside).filter { $0.values.contains { $0 > 0 } }
  }

  /// A name with its numbers below the line and its charge above: `P_{2}S_{7}^{4-}`.
  static func marked(_ name: String) -> String {
    var text = ""
    var rest = name[...]
    // Words behind the formula stay as they are.
    let formula = rest.prefix { $0 != " " }
    rest = rest.dropFirst(formula.count)
    guard formula.contains(where: \.isNumber) || formula.contains("(") else { return name }
    var index = formula.startIndex
    while index < formula.endIndex {
      let character = formula[index]
      if character == "(", let end = formula[index...].firstIndex(of: ")"),
        formula[formula.index(before: end)] == "-" || formula[formula.index(before: end)] == "+"
      {
        let charge = formula[formula.index(after: index)..<end]
        text += "^{\(charge.replacingMinus)}"
        index = formula.index(after: end)
      } else if character.isNumber {
        let digits = formula[index...].prefix { $0.isNumber }
        text += "_{\(digits)}"
        index = digits.endIndex
      } else {
        text.append(character)
        index = formula.index(after: index)
      }
    }
    return text + rest
  }

  public var figures: [FigureDescription] {
    var figures: [FigureDescription] = []
    let withFormers = units.filter { $0.formerShares.contains { $0.value >= 0.005 } }.prefix(8)
    if !withFormers.isEmpty {
      let legend = withFormers.enumerated().map { "\($0.offset + 1): \(Self.marked($0.element.type.name))" }
      figures.append(
        FigureDescription(
          name: "units", title: "Shares of the formers in each kind of unit",
          x: FigureDescription.Axis(label: legend.joined(separator: ", ")),
          y: FigureDescription.Axis(label: formers.count == 1 ? "share of \(formers[0])" : "share of the former", range: 0...1),
          series: formers.indices.map { former in
            let shares = withFormers.map { $0.formerShares[former] }
            // Units that never change have errors of zero, which need no bars.
            let hasErrors = shares.allSatisfy { $0.error != nil } && shares.contains { $0.error ?? 0 > 0 }
            return FigureDescription.Series(
              label: formers.count == 1 ? "" : formers[former], x: shares.indices.map { Double($0 + 1) }, y: shares.map(\.value),
              error: hasErrors ? shares.map { $0.error ?? 0 } : [], style: .bars)
          }))
    }
    if let ternary {
      figures.append(
        FigureDescription(
          name: "units-ternary", title: "Shares of the formers in three kinds of units",
          ternary: FigureDescription.Ternary(corners: ternary.map { Self.marked($0.name) }),
          series: [FigureDescription.Series(label: "", x: [ternary[0].share.value], y: [ternary[1].share.value], style: .points)]))
    }
    var pairs: [String] = []
    for curve in allCurves where !pairs.contains(curve.pair) { pairs.append(curve.pair) }
    for pair in pairs {
      figures.append(
        FigureDescription(
          name: "unit-rdf-\(pair)", title: "g(r) of \(pair) by unit",
          x: FigureDescription.Axis(label: "r", unit: "A", range: 1...parameters.range),
          y: FigureDescription.Axis(label: "g_{\(pair)}(r)"),
          series: allCurves.filter { $0.pair == pair }.map {
            FigureDescription.Series(label: Self.marked($0.unit), x: layout.radii, y: $0.values)
          }))
    }
    return figures
  }

  public var summaryValues: [(key: String, value: SummaryValue)] {
    func fields(_ name: String, _ estimate: Estimate) -> [(key: String, value: SummaryValue)] {
      [(name, .number(estimate.value)), ("\(name)_error", estimate.error.map { .number($0) } ?? .null)]
    }
    let unitValues = units.map { unit -> (key: String, value: SummaryValue) in
      let head: [(key: String, value: SummaryValue)] = [
        ("type", .integer(unit.number)), ("graph", .text(unit.type.graph)), ("charge_e", unit.type.charge.map { .integer($0) } ?? .null),
      ]
      let shares = formers.indices.flatMap { fields("share_of_\(formers[$0])", unit.formerShares[$0]) }
      return (
        unit.type.name,
        .object(
          head + fields("number_per_frame", unit.perFrame) + fields("share_of_units", unit.share) + shares
            + [("share_of_anions", .number(unit.anionShare))])
      )
    }
    let around = layout.modifiers.map { modifier -> (key: String, value: SummaryValue) in
      let own = surroundings.filter { $0.modifier == modifier }
      let byUnit = own.map { entry -> (key: String, value: SummaryValue) in
        (
          entry.type.name,
          .object(
            fields("coordination", entry.coordination) + fields("share", entry.share)
              + [("units_touched", .number(entry.touched)), ("preference", .number(entry.preference))])
        )
      }
      return (modifier, .object([("coordination", .number(own.reduce(0) { $0 + $1.coordination.value })), ("by_unit", .object(byUnit))]))
    }
    let charges = charges
    return [
      ("units", .object(unitValues)),
      (
        "charge",
        .object([
          ("units_e", .number(charges.units)), ("modifiers_e", charges.modifiers.map { .number($0) } ?? .null),
          ("total_e", charges.modifiers.map { .number($0 + charges.units) } ?? .null),
        ])
      ),
      ("ternary", ternary.map { .object($0.flatMap { fields($0.name, $0.share) }) } ?? .null),
      ("surroundings", .object(around)),
    ]
  }
}

extension Substring {
  /// With a minus sign in place of the hyphen.
  fileprivate var replacingMinus: String { String(map { $0 == "-" ? "−" : $0 }) }
}
