import Analysis
import Reporting
import Structures

/// A table of temperatures and transport coefficients: text with a unit in the name of every column (``TransportHeading``).
///
/// One column is the temperature; each column in a unit of diffusion coefficients or conductivities is a series. Right of it may stand its
/// standard error (`error…`, in the same unit or its own), its 95 % interval (`low…`, `high…`), and `degrees_of_freedom…` of the error. Empty
/// fields are missing points. A column that looks like an error but is not named as one is refused, so that none is taken for another material.
struct TransportTable {
  /// A column of values with what stands beside it.
  struct Series {
    var name: String
    var quantity: TransportQuantity
    var points: [TransportPoint]
  }

  let series: [Series]

  /// What files that hold tables are called.
  static func isTable(_ path: String) -> Bool {
    [".csv", ".tsv", ".txt", ".dat"].contains { path.lowercased().hasSuffix($0) }
  }

  /// - Throws: ``WorkflowsError`` with code `.file` that names the column and the row.
  init(path: String) throws {
    let table: DataTable
    do {
      table = try DataTable(csv: TableText.commaSeparated(Files.readText(path)), name: Files.name(of: path))
    } catch let error as ReportingError {
      throw WorkflowsError(.file, "\(path): \(error.message)")
    }
    series = try Reader(path: path, table: table).series()
  }
}

/// The columns of a table, from left to right.
private struct Reader {
  let path: String
  let table: DataTable

  func fail(_ message: String) -> WorkflowsError { WorkflowsError(.file, "\(path): \(message)") }

  func series() throws -> [TransportTable.Series] {
    let headings = try table.columns.map { column in
      do {
        return try TransportHeading(column)
      } catch let error as WorkflowsError {
        throw fail(error.message)
      }
    }
    guard let place = headings.firstIndex(where: { if case .temperature = $0.kind { true } else { false } }),
      case .temperature(let offset) = headings[place].kind
    else {
      throw fail(
        "no column is a temperature; name one temperature_K, and the values with their units, as in temperature_K,D_cm2_per_s,error_cm2_per_s"
      )
    }
    let temperatures = try numbers(place).map { $0 + offset }
    var series: [TransportTable.Series] = []
    var current: Int?
    var beside: [TransportHeading.Beside: [Double]] = [:]
    func close() throws {
      guard let current, case .values(let name, let unit) = headings[current].kind else { return }
      let points = try self.points(current, unit, beside, temperatures)
      series.append(.init(name: name, quantity: unit.quantity, points: points))
      beside = [:]
    }
    for (index, heading) in headings.enumerated() {
      switch heading.kind {
      case .temperature, .other: continue
      case .values:
        try close()
        current = index
      case .beside(let what, let own):
        let name = table.columns[index].name
        guard let current, case .values(_, let unit) = headings[current].kind else {
          throw fail("the column \(name) has no values on its left to belong to; put it right of them")
        }
        if let own, own.quantity != unit.quantity {
          throw fail("\(name) stands beside \(table.columns[current].name), but has another kind of unit")
        }
        guard beside[what] == nil else { throw fail("\(table.columns[current].name) has two columns \(what.rawValue)…; leave one out") }
        let factor = what == .degrees ? 1 : (own ?? unit).factor
        beside[what] = try numbers(index).map { $0 * factor }
      }
    }
    try close()
    guard !series.isEmpty else {
      throw fail(
        "no column has a unit of diffusion coefficients or conductivities; write it into the name, as in D_cm2_per_s or sigma_S_per_cm")
    }
    return series
  }

  private func numbers(_ index: Int) throws -> [Double] {
    switch table.columns[index].values {
    case .numbers(let values): return values
    case .text(let texts):
      return try texts.enumerated().map { row, text in
        if ["", "n/a", "na", "nan", "-", "–", "—", "?", "none", "null"].contains(text.lowercased()) { return .nan }
        guard let value = Double(text) else {
          throw fail("row \(row + 1) of the column \(table.columns[index].name) holds \"\(text)\" where a number is needed")
        }
        return value
      }
    }
  }

  private func points(
    _ column: Int, _ unit: TransportHeading.Unit, _ beside: [TransportHeading.Beside: [Double]], _ temperatures: [Double]
  ) throws -> [TransportPoint] {
    let name = table.columns[column].name
    let (errors, low, high, degrees) = (beside[.error], beside[.low], beside[.high], beside[.degrees])
    if (low == nil) != (high == nil) { throw fail("the interval of \(name) has one bound; give columns low… and high…") }
    let values = try numbers(column).map { $0 * unit.factor }
    return try values.indices.filter { !values[$0].isNaN }.map { row in
      func wrong(_ message: String) -> WorkflowsError { fail("row \(row + 1) of \(name): \(message)") }
      let (temperature, value) = (temperatures[row], values[row])
      guard !value.isInfinite, !(errors?[row].isInfinite ?? false) else {
        throw wrong("a number is infinite; leave the field empty where there is none")
      }
      guard temperature > 0, temperature.isFinite else { throw wrong("there is a value, but no temperature above 0 K") }
      let place = "\(path), row \(row + 1)"
      let freedom = degrees.map { $0[row].isFinite ? $0[row] : .infinity } ?? .infinity
      guard freedom > 0 else { throw wrong("degrees of freedom are positive") }
      if let low = low?[row], let high = high?[row], low.isFinite || high.isFinite {
        guard low <= high else { throw wrong("the lower bound is above the upper one, or one of them is missing") }
        // Bounds and value are printed with as many digits as each other.
        guard low <= value, value <= high else { throw wrong("the value lies outside its interval") }
        return TransportPoint(temperature: temperature, value: value, interval: low...high, degrees: freedom, source: place)
      }
      if let error = errors?[row], error.isFinite, error <= 0 {
        throw wrong("an error is positive; leave the field empty where there is none")
      }
      return TransportPoint(temperature: temperature, value: value, error: errors?[row], degrees: freedom, source: place)
    }
  }
}
