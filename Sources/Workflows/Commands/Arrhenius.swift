import Analysis
import Structures

/// What a person asks of `arrhenius`.
public struct ArrheniusRequest: Sendable {
  /// Run folders, tables (`.csv`, `.tsv`, `.txt`, `.dat`), and summaries (`.json`) as `700K=diffusion.json`.
  public var sources: [String]
  /// Further series, `name=source,source`.
  public var series: [String]
  /// Where lines are read, `300K`.
  public var temperatures: [String]
  public var quantity: TransportQuantity?
  public var species: String?
  public var errors: ArrheniusFit.Errors?
  /// The ions in a volume, `0.0177 1/A3`, for Nernst and Einstein; runs know theirs.
  public var ionDensity: String?
  /// The charge of an ion in e.
  public var charge: Double
  public var includesDoubtful: Bool
  /// Where tables and figures go, or `nil` for the current folder.
  public var out: String?

  public init(
    sources: [String], series: [String] = [], temperatures: [String] = [], quantity: TransportQuantity? = nil, species: String? = nil,
    errors: ArrheniusFit.Errors? = nil, ionDensity: String? = nil, charge: Double = 1, includesDoubtful: Bool = false, out: String? = nil
  ) {
    (self.sources, self.series, self.temperatures) = (sources, series, temperatures)
    (self.quantity, self.species, self.errors) = (quantity, species, errors)
    (self.ionDensity, self.charge, self.includesDoubtful, self.out) = (ionDensity, charge, includesDoubtful, out)
  }
}

/// `vitrolyte arrhenius`: activation energies and extrapolated conductivities of runs or tables.
///
/// A straight line that does not describe the points, and fewer than three temperatures, are shortcomings (status 3).
public enum Arrhenius {
  public static func perform(_ request: ArrheniusRequest) throws -> CommandResult {
    var options = ArrheniusStudy.Options()
    if !request.temperatures.isEmpty {
      options.temperatures = try request.temperatures.compactMap { text in
        // A bare number is a temperature here, since nothing else could be meant.
        try CommandSettings.quantity(Double(text) == nil ? text : "\(text) K", .temperature, option: "at")
      }
    }
    if let cold = options.temperatures.first(where: { $0 <= 0 }) {
      throw WorkflowsError(.invalidOption, "--at \(NumberText.exact(cold)) K: the line is read at temperatures above 0 K")
    }
    guard request.charge != 0, request.charge.isFinite else {
      throw WorkflowsError(.invalidOption, "--charge is that of an ion in e, and ions without one carry no current; give 1 for Li")
    }
    (options.errors, options.species, options.quantity) = (request.errors, request.species, request.quantity)
    options.includesDoubtful = request.includesDoubtful
    options.carriers = try request.ionDensity.map { ChargeCarriers(density: try numberDensity($0), charge: request.charge) }
    guard !request.sources.isEmpty || !request.series.isEmpty else {
      throw WorkflowsError(.invalidOption, "arrhenius needs run folders or a table; give them, or --series name=run,run")
    }
    var study = try request.sources.isEmpty ? ArrheniusStudy(series: []) : self.study(request.sources, name: "", options)
    for text in request.series {
      guard let sign = text.firstIndex(of: "="), sign != text.startIndex else {
        throw WorkflowsError(.invalidOption, "--series is name=run,run or name=table.csv, not \"\(text)\"")
      }
      let sources = text[text.index(after: sign)...].split(separator: ",").map(String.init)
      let own = try self.study(sources, name: String(text[..<sign]), options)
      study.series += own.series
      study.remarks += own.remarks
    }
    let names = study.series.map(\.name)
    if let twice = names.first(where: { name in names.count { $0 == name } > 1 }) {
      throw WorkflowsError(.invalidOption, "two series are called \(twice); name them with --series name=…")
    }
    guard !study.series.isEmpty else {
      let asked = [options.quantity?.rawValue, options.species].compactMap(\.self).joined(separator: " of ")
      let sources = (request.sources + request.series).joined(separator: ", ")
      throw WorkflowsError(.invalidOption, "there is no \(asked.isEmpty ? "diffusion coefficient or conductivity" : asked) in \(sources)")
    }
    let folder = request.out ?? "."
    try Files.createFolder(folder)
    let index = try study.write(folder: folder)
    let file = "\(ArrheniusStudy.name).json"
    try AtomicFile.write(study.json.serialized, to: Files.path(file, in: folder))
    let written = index.tables.map(\.file) + index.figures.map { $0.file + ".svg" } + [file]
    return CommandResult(
      json: study.json, text: study.text + "\nwritten to \(folder): \(written.joined(separator: ", "))\n", shortcomings: study.shortcomings,
      warnings: index.remarks)
  }

  private static func study(_ sources: [String], name: String, _ options: ArrheniusStudy.Options) throws -> ArrheniusStudy {
    var found = TransportReading.Collection()
    var study = ArrheniusStudy(series: [])
    for source in sources {
      if TransportTable.isTable(source) {
        let columns = try TransportTable(path: source).series
        for column in columns where options.quantity == nil || column.quantity == options.quantity {
          let own = columns.count == 1 ? (name.isEmpty ? column.name : name) : name.isEmpty ? column.name : "\(name) \(column.name)"
          let readings = column.points.map { TransportReading(quantity: column.quantity, species: "", point: $0, isTrusted: true) }
          do {
            study.series += try ArrheniusStudy.fitted(readings, name: own, options).series
          } catch let error as WorkflowsError {
            // One column that cannot be fitted does not keep the others from it.
            study.remarks.append(readings.isEmpty ? "\(own): the column has no values" : error.message)
          }
        }
        if study.series.isEmpty, !study.remarks.isEmpty, sources.count == 1 {
          throw WorkflowsError(.invalidOption, study.remarks.joined(separator: ". "))
        }
      } else if source.lowercased().hasSuffix(".json") {
        found.readings += try summary(source)
      } else {
        let own = try TransportReading.readings(ofRun: source)
        found.readings += own.readings
        found.remarks += own.remarks
      }
    }
    study.remarks = found.remarks + study.remarks
    guard !found.readings.isEmpty else { return study }
    let fitted = try ArrheniusStudy.fitted(found.readings, name: name, options)
    return ArrheniusStudy(series: fitted.series + study.series, remarks: study.remarks + fitted.remarks)
  }

  /// The summary of an analysis, at the temperature before its name or the one that it holds.
  private static func summary(_ source: String) throws -> [TransportReading] {
    var path = source
    var given: Double?
    // A path may have the sign in the name of a folder, as in T=800/diffusion.json.
    if !Files.exists(source), let sign = source.firstIndex(of: "=") {
      let text = String(source[..<sign])
      path = String(source[source.index(after: sign)...])
      given = try CommandSettings.quantity(Double(text) == nil ? text : "\(text) K", .temperature, option: "temperature of \(path)")
    }
    let json = try JSONValue(parsing: Files.readText(path), file: path)
    guard let temperature = given ?? TransportReading.temperature(of: json) else {
      throw WorkflowsError(.invalidOption, "\(path) does not say at which temperature; write it before the name, as in 700K=\(path)")
    }
    var readings = TransportReading.readings(of: json, temperature: temperature, source: path)
    guard !readings.isEmpty else {
      throw WorkflowsError(.file, "\(path) holds no diffusion coefficient and no conductivity; give the summary of one of these analyses")
    }
    for index in readings.indices { readings[index].origin = Files.absolute(path) }
    return readings
  }

  /// A number density in 1/Å³ from `0.0177 1/A3` or `1.77e22 1/cm3`.
  static func numberDensity(_ text: String) throws -> Double {
    for (unit, factor) in [("1/A3", 1.0), ("1/nm3", 1e-3), ("1/cm3", 1e-24)] where text.hasSuffix(unit) {
      let number = text.dropLast(unit.count).reversed().drop { $0 == " " }.reversed()
      if let value = Double(String(number)), value > 0, value.isFinite { return value * factor }
    }
    throw WorkflowsError(
      .invalidOption, "--ion-density is a positive number and 1/A3, 1/nm3 or 1/cm3, as in \"0.0177 1/A3\"; not \"\(text)\"")
  }
}
