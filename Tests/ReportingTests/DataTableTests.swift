import NumericalMethods
import Structures
import Testing

@testable import Reporting

@Suite struct DataTableTests {
  static let table = DataTable(
    name: "rdf", title: "Peaks of g(r)",
    columns: [
      .init(name: "pair", values: .text(["P-O", "Li-O", "a,\"b\""])), .init(name: "r", unit: "Å", values: .numbers([1.53, 2, -0.1])),
      .init(name: "Q", unit: "Å^{-1}", values: .numbers([.nan, 1e-9, .infinity])),
    ])

  @Test func csvNamesUnitsAndQuotes() {
    #expect(Self.table.csv == "pair,r (A),Q (1/A)\nP-O,1.53,nan\nLi-O,2,1e-09\n\"a,\"\"b\"\"\",-0.1,inf\n")
  }

  @Test func csvKeepsEveryBit() throws {
    var random = RandomStream(seed: 11)
    let numbers =
      (0..<2000).map { _ in Double(bitPattern: random.next()) }.filter { !$0.isNaN } + [0, -0.0, 0x1p-1074, 1.7976931348623157e308, 0.1]
    let table = DataTable(
      name: "t", title: "",
      columns: [
        .init(name: "x", unit: "eV/A", values: .numbers(numbers)), .init(name: "g(r) (total)", values: .text(numbers.map { "\($0)" })),
      ])
    let back = try DataTable(csv: table.csv, name: "t")
    #expect(back.columns.map(\.name) == ["x", "g(r) (total)"])
    #expect(back.columns.map(\.unit) == ["eV/A", ""])
    guard case .numbers(let values) = back.columns[0].values, case .text(let texts) = back.columns[1].values else {
      Issue.record("numbers come back as numbers and text as text")
      return
    }
    #expect(values.map(\.bitPattern) == numbers.map(\.bitPattern))
    #expect(texts == numbers.map { "\($0)" })
  }

  @Test func textKeepsQuotesLinesAndBlanks() throws {
    let texts = ["", " a ", "1.5", "a\nb", "\"", ",", "é, Å", "x\r\ny"]
    let table = DataTable(
      name: "t", title: "", columns: [.init(name: "a,b", values: .text(texts)), .init(name: "c", values: .numbers([1]))])
    let back = try DataTable(csv: table.csv, name: "t")
    guard case .text(let read) = back.columns[0].values, case .numbers(let numbers) = back.columns[1].values else {
      Issue.record("a column changed its kind")
      return
    }
    #expect(read == texts)
    #expect(back.columns[0].name == "a,b")
    #expect(numbers[0] == 1 && numbers.dropFirst().allSatisfy(\.isNaN))
  }

  @Test(arguments: [
    ("", "first line"), ("a,b\n1,2\n3\n", "line 3"), ("a\n\"x\n", "line 2"), ("a\n\"x\"y\n", "line 2"), ("a,b\n1,2,3\n", "line 2"),
  ]) func brokenCSVSaysWhere(text: String, place: String) {
    #expect {
      try DataTable(csv: text, name: "thermo")
    } throws: { error in
      guard let error = error as? ReportingError else { return false }
      return error.code == .invalidTable && error.message.contains("thermo") && error.message.contains(place)
    }
  }

  @Test func terminalTableAligns() {
    #expect(
      Self.table.textTable == """
        pair   r (Å)  Q (Å⁻¹)
        ─────  ─────  ───────
        P-O     1.53        –
        Li-O    2.00    1e-09
        a,"b"  -0.10        ∞

        """)
    #expect(Self.table.textTable(maximumRows: 1).hasSuffix("\nP-O    1.53        –\n… and 2 more rows\n"))
  }

  @Test func numbersOfAColumnCompareAtAGlance() {
    func shown(_ values: [Double]) -> [String] { values.map(ColumnFormat(values).string) }
    #expect(shown([1, 20, 300]) == ["1", "20", "300"])
    #expect(shown([0.05, 0.1, 0.15]) == ["0.05", "0.10", "0.15"])
    #expect(shown([1234.5678, 2]) == ["1234.6", "2.0"])
    #expect(shown([-0.0001, 1.5]) == ["-0.0001", "1.5000"])
    #expect(shown([1e-9, 1.5]) == ["1e-09", "1.5"])
    #expect(shown([.nan, .nan]) == ["–", "–"])
    #expect(shown([1e300]) == ["1e+300"])
  }

  @Test func markdownAndHTMLEscape() {
    let table = DataTable(
      name: "t", title: "a < b",
      columns: [.init(name: "x|y", values: .text(["<script>"])), .init(name: "D", unit: "cm2/s", values: .numbers([-5e-9]))])
    #expect(table.markdown() == "| x\\|y | D (cm²/s) |\n|:---|---:|\n| <script> | -5e-09 |\n")
    let html = table.html()
    #expect(html.contains("&lt;script&gt;") && html.contains("a &lt; b") && html.contains("D (cm<sup>2</sup>/s)"))
    #expect(html.contains("−5×10<sup>−9</sup>"))
    #expect(MarkupCheck(html).faults.isEmpty)
    #expect(DataTable(name: "n", title: "", columns: []).textTable == "\n\n")
  }
}
