/// A table of numbers and text, one row an entry, with a name and a unit for each column.
///
/// What analyses hand to whoever prints, writes or plots them.
public struct DataTable: Sendable {
  /// One column.
  public struct Column: Sendable {
    /// What the column holds, `g(r) Li-O`.
    public var name: String
    /// The unit of its numbers, `A`, `1/A`, `g/cm3`; empty where there is none.
    public var unit: String
    /// The entries, from the first row on.
    public var values: Values

    /// The entries of a column.
    public enum Values: Sendable {
      case numbers([Double])
      case text([String])
    }

    public init(name: String, unit: String = "", values: Values) {
      self.name = name
      self.unit = unit
      self.values = values
    }
  }

  /// The name of the file without its extension, `rdf`.
  public var name: String
  /// One line that says what the table shows.
  public var title: String
  /// The columns, from left to right.
  public var columns: [Column]

  public init(name: String, title: String, columns: [Column]) {
    self.name = name
    self.title = title
    self.columns = columns
  }
}
