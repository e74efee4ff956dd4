/// What the analyses of a run left in its folder: which figures and tables belong to which, with their titles.
///
/// It lies beside the figures, so that a report can be made again from the folder alone.
struct ReportIndex: Hashable, Sendable {
  struct Item: Hashable, Sendable {
    /// The analysis, with its number where a recipe asks for it more than once.
    var analysis: String
    /// The file in the run folder; of a figure, without its ending.
    var file: String
    var title: String
  }

  var figures: [Item] = []
  var tables: [Item] = []
  /// What the analyses said about their own results.
  var remarks: [String] = []

  static let fileName = "figures/contents.json"

  init() {}

  var json: JSONValue {
    func list(_ items: [Item]) -> JSONValue {
      .array(items.map { .object(["analysis": .string($0.analysis), "file": .string($0.file), "title": .string($0.title)]) })
    }
    return .object(["figures": list(figures), "tables": list(tables), "remarks": .array(remarks.map { .string($0) })])
  }

  init(_ json: JSONValue) {
    func list(_ key: String) -> [Item] {
      (json[key]?.elements ?? []).compactMap { item in
        guard let analysis = item["analysis"]?.text, let file = item["file"]?.text, let title = item["title"]?.text else { return nil }
        return Item(analysis: analysis, file: file, title: title)
      }
    }
    figures = list("figures")
    tables = list("tables")
    remarks = (json["remarks"]?.elements ?? []).compactMap(\.text)
  }
}
