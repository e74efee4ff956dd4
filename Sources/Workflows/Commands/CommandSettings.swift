import Structures

/// Readers of options that several commands take as text.
public enum CommandSettings {
  /// A quantity of the command line.
  ///
  /// - Throws: ``WorkflowsError`` with code `.invalidOption` that names the option.
  public static func quantity(_ text: String?, _ dimension: Dimension, option: String) throws -> Double? {
    guard let text else { return nil }
    do {
      return try Quantity.parse(text, as: dimension)
    } catch let error as StructuresError {
      throw WorkflowsError(.invalidOption, "--\(option): \(error.message)")
    }
  }

  /// Settings from `key=value` texts.
  public static func settings(_ texts: [String], option: String) throws -> [Setting] {
    var settings: [Setting] = []
    for text in texts {
      guard let sign = text.firstIndex(of: "="), sign != text.startIndex else {
        throw WorkflowsError(.invalidOption, "--\(option) is key=value, not \"\(text)\"")
      }
      let key = String(text[..<sign])
      guard !settings.contains(where: { $0.key == key }) else {
        throw WorkflowsError(.invalidOption, "--\(option) gives \(key) twice; leave one out")
      }
      settings.append(Setting(key, String(text[text.index(after: sign)...])))
    }
    return settings
  }

  /// A force field and its options.
  public static func potential(_ name: String, options: [String]) throws -> PotentialChoice {
    PotentialChoice(name, options: try settings(options, option: "potential-option"))
  }

  /// What to build from, with the checks that a recipe makes.
  ///
  /// - Parameters:
  ///   - composition: As `Li2O=40,B2O3=30,P2O5=30`, in mol %.
  ///   - formula: As `Li3PS4`.
  ///   - units: As `PS4=0.58,P2S7=0.20,P2S6=0.22`, shares of the network former's atoms.
  ///   - unitCounts: As `PS4=201,P2S7=413,P2S6=91`.
  public static func system(
    composition: String? = nil, formula: String? = nil, units: String? = nil, unitCounts: String? = nil, atoms: Int?, density: String?
  ) throws -> InitialSystem {
    func mapping(_ text: String) -> String {
      "{" + text.split(separator: ",").map { $0.split(separator: "=").map(quoted).joined(separator: ": ") }.joined(separator: ", ") + "}"
    }
    let sources = [
      composition.map { "composition: \(mapping($0))" }, formula.map { "formula: \(quoted($0[...]))" },
      units.map { "units: \(mapping($0))" },
      unitCounts.map { "unit-counts: \(mapping($0))" },
    ].compactMap(\.self)
    guard sources.count == 1, let source = sources.first else {
      throw WorkflowsError(
        .invalidOption,
        "give one of --composition (Li2O=40,B2O3=30,P2O5=30, in mol %), --formula (Li3PS4), --units (PS4=0.58,P2S7=0.20,P2S6=0.22) and "
          + "--unit-counts (PS4=201,P2S7=413,P2S6=91)")
    }
    let atomsText = atoms.map { ", atoms: \($0)" } ?? ""
    let densityText = density.map { ", density: \(quoted($0[...]))" } ?? ""
    let yaml = "{\(source)\(atomsText)\(densityText)}"
    return try InitialSystem(parsing: yaml, file: "the command line")
  }

  private static func quoted(_ text: Substring) -> String {
    var result = ""
    JSONValue.writeString(String(text.drop { $0 == " " }), to: &result)
    return result
  }

  /// How often to repeat a cell along its edges, from `2x2x3`.
  public static func replication(_ text: String?) throws -> (Int, Int, Int) {
    guard let text else { return (1, 1, 1) }
    let counts = text.split(separator: "x", omittingEmptySubsequences: false).map { Int($0) ?? 0 }
    guard counts.count == 3, counts.allSatisfy({ (1...1000).contains($0) }) else {
      throw WorkflowsError(.invalidOption, "--replicate is three whole numbers from 1 to 1000 with x between, as in 2x2x3; not \"\(text)\"")
    }
    return (counts[0], counts[1], counts[2])
  }
}
