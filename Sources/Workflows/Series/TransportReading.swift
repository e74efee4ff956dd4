import Analysis
import Formats
import Reporting
import Structures

/// A transport coefficient as some result holds it, with what must be known before it is fitted.
struct TransportReading {
  var quantity: TransportQuantity
  /// The species that moves; empty for all charges together.
  var species: String
  /// Where the analysis refused the number, what it would have been, or not a number where it does not tell that.
  var point: TransportPoint
  /// Whether the analysis stood by the number.
  var isTrusted: Bool
  /// Why the analysis gave no number; empty where it gave one.
  var refusals: [String] = []
  /// The ions in a volume, where the run tells.
  var carriers: ChargeCarriers?
  /// The file or folder, by which the same run is known when it comes again.
  var origin = ""

  /// Whether the analysis gave no number at all.
  var isRefused: Bool { !refusals.isEmpty }

  /// Reads the numbers of the analyses `diffusion` and `conductivity` from results of a run, `{"diffusion": {…}}`, or from the summary of one.
  ///
  /// A number that the analysis refused is a reading, too: what is missing must not go unnoticed. Of several entries (`diffusion-2`) each gives
  /// the species that those before it do not have.
  ///
  /// - Parameters:
  ///   - source: Where they come from, for messages.
  ///   - carriers: Gives the ions of a species in a volume.
  static func readings(
    of json: JSONValue, temperature: Double, source: String, carriers: (String) -> ChargeCarriers? = { _ in nil }
  ) -> [TransportReading] {
    var readings: [TransportReading] = []
    for (quantity, object) in analyses(in: json) {
      func add(_ entry: JSONValue, species: String, trusted: Bool) {
        guard entry["\(quantity.symbol)_\(quantity.keySuffix)"] != nil,
          !readings.contains(where: { $0.quantity == quantity && $0.species == species })
        else { return }
        var reading = TransportReading(entry, of: object, quantity, temperature: temperature, source: source)
        reading.species = species
        reading.isTrusted = reading.isTrusted && trusted
        reading.carriers = quantity == .diffusion ? carriers(species) : nil
        readings.append(reading)
      }
      let isTrusted = object["meets_quality_test"] != .bool(false)
      if quantity == .diffusion, case .object(let members)? = object["species"], !members.isEmpty {
        for member in members {
          // One verdict over all species says nothing about one of them that has its own.
          let hasOwn = member.value["meets_quality_test"] != nil || member.value["is_diffusive"] != nil
          add(member.value, species: member.key, trusted: hasOwn || isTrusted)
        }
      } else {
        add(object, species: "", trusted: isTrusted)
      }
    }
    return readings
  }

  /// The summaries of the analyses that measure transport, in their order: `diffusion`, `diffusion-2` …
  static func analyses(in json: JSONValue) -> [(quantity: TransportQuantity, summary: JSONValue)] {
    guard case .object(let members) = json else { return [] }
    return TransportQuantity.allCases.flatMap { quantity -> [(TransportQuantity, JSONValue)] in
      let name = quantity.rawValue
      let found = members.filter { $0.key == name || ($0.key.hasPrefix(name + "-") && Int($0.key.dropFirst(name.count + 1)) != nil) }
      if found.isEmpty, json["analysis"]?.text == name { return [(quantity, json)] }
      return found.map { (quantity, $0.value) }
    }
  }

  /// The temperature in K that summaries of analyses name, where all that do name the same.
  static func temperature(of json: JSONValue) -> Double? {
    let named = analyses(in: json).compactMap { _, summary in
      summary["temperature_K"]?.double
        ?? summary["settings"]?["temperature"]?.text.flatMap { try? Quantity.parse($0, as: .temperature) }
    }
    return Set(named).count == 1 ? named.first : json["temperature_K"]?.double
  }
}

extension TransportReading {
  /// - Parameters:
  ///   - entry: What holds the number.
  ///   - summary: That of the analysis.
  private init(_ entry: JSONValue, of summary: JSONValue, _ quantity: TransportQuantity, temperature: Double, source: String) {
    let suffix = quantity.keySuffix
    func point(_ object: JSONValue?, key: String) -> TransportPoint? {
      guard let object, let value = object[key]?.double else { return nil }
      let bounds = object["interval95_\(suffix)"]?.elements?.compactMap(\.double) ?? []
      let degrees = object["degrees_of_freedom"]?.double ?? .infinity
      guard bounds.count == 2, bounds[0] <= value, value <= bounds[1] else {
        return TransportPoint(
          temperature: temperature, value: value, error: object["error_\(suffix)"]?.double, degrees: degrees, source: source)
      }
      return TransportPoint(temperature: temperature, value: value, interval: bounds[0]...bounds[1], degrees: degrees, source: source)
    }
    self.quantity = quantity
    species = ""
    let value = point(entry, key: "\(quantity.symbol)_\(suffix)")
    isTrusted = value != nil && entry["meets_quality_test"] != .bool(false)
    if value == nil {
      let reasons = (entry["refused_because"] ?? entry["einstein"]?["refused_because"])?.elements?.compactMap(\.text) ?? []
      refusals = reasons.isEmpty ? ["its analysis gives none"] : reasons
    }
    let method = summary["settings"]?["method"]?.text ?? "gls"
    let refused = (entry["estimators"] ?? entry["einstein"]?["estimators"])?[method]
    self.point =
      value ?? point(refused, key: "slope_\(suffix)") ?? TransportPoint(temperature: temperature, value: .nan, error: nil, source: source)
  }

  /// The charge in e of an ion that carries current in glasses, or `nil` for one that builds them.
  static func formalCharge(_ element: String) -> Double? {
    switch element {
    case "H", "Li", "Na", "K", "Rb", "Cs", "Ag", "Cu": 1
    case "Mg", "Ca", "Sr", "Ba", "Zn": 2
    case "F", "Cl", "Br", "I": -1
    default: nil
    }
  }
}
