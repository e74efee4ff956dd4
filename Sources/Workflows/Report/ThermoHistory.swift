import Reporting
import Structures

/// The thermodynamic history of a run, read back from its `thermo.csv`.
struct ThermoHistory {
  private let numbers: [String: [Double]]
  private let stages: [String]

  init(csv: String) throws {
    let table = try DataTable(csv: csv, name: "thermo")
    var numbers: [String: [Double]] = [:]
    var stages: [String] = []
    for column in table.columns {
      switch column.values {
      case .numbers(let values): numbers[column.unit.isEmpty ? column.name : "\(column.name)_\(column.unit)"] = values
      case .text(let values): stages = values
      }
    }
    self.numbers = numbers
    self.stages = stages
  }

  var isEmpty: Bool { stages.isEmpty }

  /// The values of a column by its quantity: the head of the column up to its unit.
  private func column(_ quantity: String) -> [Double] {
    numbers.first { $0.key == quantity || $0.key.hasPrefix(quantity + "_") }?.value ?? []
  }

  func last(_ quantity: String) -> Double? { column(quantity).last }

  /// The mean of a quantity over the rows of the last stage.
  func lastStageMean(_ quantity: String) -> Double? {
    stages.last.flatMap { mean(quantity, stage: $0) }
  }

  /// The mean of a quantity over the rows of a stage.
  func mean(_ quantity: String, stage name: String) -> Double? {
    let values = zip(stages, column(quantity)).filter { $0.0 == name && $0.1.isFinite }.map(\.1)
    return values.isEmpty ? nil : values.reduce(0, +) / Double(values.count)
  }

  /// Temperature, pressure, density and energy against time, with the beginning of each stage marked.
  func figures(atoms: Int) -> [FigureDescription] {
    let time = column("time")
    guard time.count > 1, time.count == stages.count else { return [] }
    var markers: [FigureDescription.Marker] = []
    for row in time.indices where row > 0 && stages[row] != stages[row - 1] {
      markers.append(FigureDescription.Marker(x: time[row], label: stages[row]))
    }
    func figure(_ quantity: String, _ label: String, _ unit: String, scale: Double = 1) -> FigureDescription? {
      let values = column(quantity)
      guard values.count == time.count else { return nil }
      return FigureDescription(
        name: "thermo-\(quantity)", title: "\(label) against time; vertical lines mark the beginning of a stage.",
        x: .init(label: "Time", unit: "ps"), y: .init(label: label, unit: unit),
        series: [.init(label: "", x: time, y: values.map { $0 * scale })], markers: markers)
    }
    return [
      figure("temperature", "Temperature", "K"), figure("pressure", "Pressure", "GPa"),
      figure("density", "Density", "g/cm^{3}"),
      figure("potential", "Potential energy", "eV/atom", scale: 1 / Double(max(1, atoms))),
    ].compactMap(\.self)
  }
}
