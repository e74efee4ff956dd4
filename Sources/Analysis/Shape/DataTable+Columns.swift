import Structures

extension DataTable.Column {
  /// A column of numbers.
  init(_ name: String, unit: String = "", _ values: [Double]) {
    self.init(name: name, unit: unit, values: .numbers(values))
  }

  /// A column of text.
  init(_ name: String, _ values: [String]) {
    self.init(name: name, values: .text(values))
  }
}
