import Analysis
import Reporting
import Structures

/// A table of temperatures and transport coefficients: CSV with a unit in the name of every column.
///
/// One column is the temperature (`temperature_K` or `temperature (K)`); each column in `cm2/s` (also m2/s, A2/ps) or `S/cm` (also S/m, mS/cm)
/// is a series, named `glass_cm2_per_s` or `glass (cm2/s)`. The column right of it may hold its standard error (`error…`, in the same unit),
/// the next two its 95 % interval (`low…`, `high…`), and a column `degrees_of_freedom…` where the error comes from. Empty fields are missing points.
struct TransportTable {
  /// A column of values with what stands beside it.
  struct Series {
    var name: String
    var quantity: TransportQuantity
    var points: [TransportPoint]
  }

  let series: [Series]

  private static let units: [(text: String, suffix: String, quantity: TransportQuantity, factor: Double)] = [
    ("cm2/s", "cm2_per_s", .diffusion, 1), ("m2/s", "m2_per_s", .diffusion, 1e4), ("A2/ps", "A2_per_ps", .diffusion, 1e-4),
    ("S/cm", "S_per_cm", .conductivity, 1), ("S/m", "S_per_m", .conductivity, 0.01), ("mS/cm", "mS_per_cm", .conductivity, 1e-3),
  ]

  /// - Throws: ``WorkflowsError`` with code `.file` that names the column and the row.
  init(path: String) throws {
    let table: DataTable
    do {
      table = try DataTable(csv: Files.readText(path), name: Files.name(of: path))
    } catch let error as ReportingError {
      throw WorkflowsError(.file, "\(path): \(error.message)", cause: error)
    }
    func fail(_ message: String) -> WorkflowsError { WorkflowsError(.file, "\(path): \(message)") }
    func numbers(_ column: DataTable.Column) throws -> [Double] {
      guard case .numbers(let values) = column.values else { throw fail("the column \(column.name) holds text where numbers are needed") }
      return values
    }
    guard let temperature = table.columns.first(where: { $0.name == "temperature_K" || ($0.name == "temperature" && $0.unit == "K") })
    else {
      throw fail(
        "no column is a temperature; name one temperature_K, and the values with their units, as in temperature_K,D_cm2_per_s,error_cm2_per_s"
      )
    }
    let temperatures = try numbers(temperature)
    var series: [Series] = []
    for (index, column) in table.columns.enumerated() {
      guard let unit = Self.unit(column), !Self.isBeside(column.name) else { continue }
      let values = try numbers(column)
      var errors: [Double]?
      var low: [Double]?
      var high: [Double]?
      var degrees: [Double]?
      for beside in table.columns[(index + 1)...] {
        if beside.name == temperature.name || (Self.unit(beside) != nil && !Self.isBeside(beside.name)) { break }
        let factor = try Self.isBeside(beside.name) ? Self.factor(beside, of: column, unit, fail) : 1
        if beside.name.hasPrefix("error") { errors = try numbers(beside).map { $0 * factor } }
        if beside.name.hasPrefix("low") { low = try numbers(beside).map { $0 * factor } }
        if beside.name.hasPrefix("high") { high = try numbers(beside).map { $0 * factor } }
        if beside.name.hasPrefix("degrees_of_freedom") { degrees = try numbers(beside) }
      }
      if (low == nil) != (high == nil) { throw fail("the interval of \(column.name) has one bound; give columns low… and high…") }
      var points: [TransportPoint] = []
      for row in values.indices where values[row].isFinite {
        let place = "\(path), row \(row + 1)"
        let freedom = degrees.map { $0[row].isFinite ? $0[row] : .infinity } ?? .infinity
        if let low, let high, low[row].isFinite, high[row].isFinite {
          guard low[row] <= high[row] else { throw fail("row \(row + 1) of \(column.name): the lower bound is above the upper one") }
          points.append(
            TransportPoint(
              temperature: temperatures[row], value: values[row] * unit.factor, interval: low[row]...high[row], degrees: freedom,
              source: place))
        } else {
          points.append(
            TransportPoint(
              temperature: temperatures[row], value: values[row] * unit.factor, error: errors?[row], degrees: freedom, source: place))
        }
      }
      series.append(Series(name: Self.name(column, unit.suffix), quantity: unit.quantity, points: points))
    }
    guard !series.isEmpty else {
      throw fail(
        "no column has a unit of diffusion coefficients or conductivities; write it into the name, as in D_cm2_per_s or sigma_S_per_cm")
    }
    self.series = series
  }

  private static func isBeside(_ name: String) -> Bool {
    ["error", "low", "high", "degrees_of_freedom"].contains { name == $0 || name.hasPrefix($0 + "_") }
  }

  private static func unit(_ column: DataTable.Column) -> (suffix: String, quantity: TransportQuantity, factor: Double)? {
    // "cm2_per_s" ends with "m2_per_s": the underscore before it tells them apart.
    units.first { column.unit == $0.text || column.name.hasSuffix("_" + $0.suffix) }.map { ($0.suffix, $0.quantity, $0.factor) }
  }

  /// The factor of a column beside one of values: its own unit, or none for that of the values.
  private static func factor(
    _ beside: DataTable.Column, of column: DataTable.Column, _ unit: (suffix: String, quantity: TransportQuantity, factor: Double),
    _ fail: (String) -> WorkflowsError
  ) throws -> Double {
    guard let own = Self.unit(beside) else { return unit.factor }
    guard own.quantity == unit.quantity else { throw fail("\(beside.name) stands beside \(column.name), but has another kind of unit") }
    return own.factor
  }

  private static func name(_ column: DataTable.Column, _ suffix: String) -> String {
    column.unit.isEmpty ? String(column.name.dropLast(suffix.count + 1)) : column.name
  }
}
