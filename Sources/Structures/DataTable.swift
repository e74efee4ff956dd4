/// Named columns with units, as results print and write them.
///
/// All columns have the same number of rows.
public struct DataTable: Sendable {
  /// One column.
  public struct Column: Sendable {
    /// The entries of a column.
    public enum Values: Sendable {
      case numbers([Double])
      case text([String])

      /// The number of rows.
      public var count: Int {
        switch self {
        case .numbers(let values): values.count
        case .text(let values): values.count
        }
      }
    }

    /// The name, without blanks: `g_Si-O`.
    public var name: String
    /// The unit, or empty for a number without one.
    public var unit: String
    public var values: Values

    public init(name: String, unit: String = "", values: Values) {
      self.name = name
      self.unit = unit
      self.values = values
    }

    /// Creates a column of numbers.
    public init(_ name: String, unit: String = "", _ numbers: [Double]) {
      self.init(name: name, unit: unit, values: .numbers(numbers))
    }

    /// Creates a column of words.
    public init(_ name: String, _ text: [String]) {
      self.init(name: name, unit: "", values: .text(text))
    }
  }

  /// The name, fit for a file: `rdf`.
  public var name: String
  /// What the table shows, for people.
  public var title: String
  public var columns: [Column]

  public init(name: String, title: String, columns: [Column]) {
    self.name = name
    self.title = title
    self.columns = columns
  }

  /// The number of rows: that of the longest column.
  public var rowCount: Int { columns.map(\.values.count).max() ?? 0 }

  /// The column with a name, or `nil`.
  public subscript(name: String) -> Column? { columns.first { $0.name == name } }
}
