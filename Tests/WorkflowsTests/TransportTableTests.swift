import Structures
import Testing

@testable import Workflows

@Suite("Tables of transport coefficients")
struct TransportTableTests {
  private func read(_ text: String) throws -> [TransportTable.Series] {
    let folder = try TemporaryFolder()
    let path = folder.path + "/t.csv"
    try AtomicFile.write(text, to: path)
    return try TransportTable(path: path).series
  }

  @Test("units of columns, errors, intervals, missing points")
  func columns() throws {
    let series = try read(
      """
      temperature (K),glass (m2/s),error,crystal_S_per_m,low_S_per_m,high_S_per_m,degrees_of_freedom
      600,1e-10,1e-11,0.1,0.05,0.2,4
      700,2e-10,,,,,
      """)
    #expect(series.map(\.name) == ["glass", "crystal"])
    #expect(series.map(\.quantity) == [.diffusion, .conductivity])
    #expect(abs(series[0].points[0].value - 1e-6) < 1e-18 && abs((series[0].points[0].logError ?? 0) - 0.1) < 1e-12)
    #expect(series[0].points[1].logError == nil)
    #expect(series[1].points.count == 1 && series[1].points[0].degrees == 4)
    #expect(abs(series[1].points[0].value - 1e-3) < 1e-15)
    // ln(0.2 / 0.05) / 2 over 2.776, the quantile of four degrees.
    #expect(abs((series[1].points[0].logError ?? 0) - 0.6931472 / 2.776445) < 1e-6)
  }

  @Test(
    "tables as people and spreadsheets write them",
    arguments: [
      "\u{FEFF}temperature_K,D_cm2_per_s,error_cm2_per_s\r\n600,1e-6,1e-7\r\n700,2e-6,2e-7\r\n",
      "T (K);D (cm²/s);error\n600;0,000001;0,0000001\n700;2e-6;2e-7\n",
      "T / K\tD / cm^2 s^-1\terror / cm^2 s^-1\n600\t1e-6\t1e-7\n700\t2e-6\t2e-7\n",
      "# measured\nTemperature_K,D [cm2/s],error [A2/ps]\n\n600,1e-6,1e-3\n# hotter\n700,2e-6,2e-3\n800,n/a,\n",
      "T_C,D (cm²·s⁻¹),error\n326.85,1e-6,1e-7\n426.85,2e-6,2e-7\n",
      "\"T (K)\";\"D (m2/s)\";error_cm2_per_s\n600;1e-10;1e-7\n700;2e-10;2e-7\n",
    ])
  func spelling(_ text: String) throws {
    let series = try read(text)
    #expect(series.map(\.name) == ["D"])
    #expect(series[0].points.count == 2)
    for (point, wanted) in zip(series[0].points, [(600.0, 1e-6), (700, 2e-6)]) {
      #expect(abs(point.temperature - wanted.0) < 1e-9 && abs(point.value / wanted.1 - 1) < 1e-12)
      #expect(abs((point.logError ?? 0) - 0.1) < 1e-12)
    }
  }

  @Test(
    "what could be a wrong number is refused with a word",
    arguments: [
      ("temperature_K,D\n1,2\n", "unit"), ("x,D_cm2_per_s\n1,2\n", "no column is a temperature"),
      ("temperature_K,D_cm2_per_s\n600,much\n", "much"),
      ("temperature_K,D_cm2_per_s,low\n1,2,3\n", "one bound"), ("temperature_K,D_cm2_per_s,error_percent\n600,1e-6,5\n", "error_percent"),
      ("temperature_K,D_cm2_per_s,D_error_cm2_per_s\n600,1e-6,1e-7\n", "looks like an error"),
      ("temperature_K,D_cm2_per_s,dD_cm2_per_s\n600,1e-6,1e-7\n", "looks like an error"),
      ("temperature_K,D_cm2_per_s,sigma_D_cm2_per_s\n600,1e-6,1e-7\n", "looks like an error"),
      ("temperature_K,D_cm2_per_s,D_err (cm2/s)\n600,1e-6,1e-7\n", "looks like an error"),
      ("temperature_K,error_cm2_per_s,D_cm2_per_s\n600,1e-7,1e-6\n", "on its left"),
      ("temperature_K,D_cm2_per_s,error_cm2_per_s\n600,1e-6,-1e-7\n", "positive"),
      ("temperature_K,D_cm2_per_s,low,high\n600,1e-6,2e-6,3e-6\n", "outside its interval"),
      ("temperature_K,D_cm2_per_s,low,high\n600,1e-6,5e-7,\n", "missing"), ("temperature_K,D_cm2_per_s\n,1e-6\n", "no temperature"),
      ("temperature_K,D_cm2_per_s,error_S_per_cm\n600,1e-6,1e-7\n", "another kind of unit"), ("", "empty"),
    ])
  func broken(_ text: String, _ words: String) throws {
    let error = #expect(throws: WorkflowsError.self) { try read(text) }
    #expect(error?.message.contains(words) == true, "\(error?.message ?? "")")
    // A cause is printed after the message, which says all.
    #expect(error?.cause == nil)
  }

  @Test("conductivities may be called sigma")
  func sigma() throws {
    #expect(try read("T_K,sigma_S_per_cm,error\n600,1e-3,1e-4\n").map(\.quantity) == [.conductivity])
  }
}
