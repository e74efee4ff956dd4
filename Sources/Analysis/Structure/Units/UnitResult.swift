import NumericalMethods
import Structures

/// What ``StructuralUnits`` gives.
public struct UnitResult: AnalysisResult {
  public typealias Estimate = NetworkResult.Estimate

  /// What was found of one type of unit.
  public struct Unit: Sendable {
    public var type: UnitType
    /// The number of the type in labelled frames, from 1.
    public var number: Int
    public var perFrame: Estimate
    /// Of all units.
    public var share: Estimate
    /// The share of the atoms of each former that is in such units, in the order of ``UnitResult/formers``.
    public var formerShares: [Estimate]
    /// The share of all anions.
    public var anionShare: Double
  }

  /// What is around a modifier.
  public struct Surrounding: Sendable {
    public var modifier: String
    public var type: UnitType
    /// Anions of such units bonded to a modifier, on average.
    public var coordination: Estimate
    /// Their share of all anions bonded to modifiers.
    public var share: Estimate
    /// How many different units of the type a modifier touches, on average.
    public var touched: Double
    /// The share over that of all anions: 1 without preference.
    public var preference: Double
  }

  public let parameters: StructuralUnits
  let cutoffSetting: AnalysisSetting
  public let frameCount: Int
  public let warnings: [String]
  /// The types found, those with most formers (of free anions, most anions) first.
  public let units: [Unit]
  public let surroundings: [Surrounding]
  let layout: UnitLayout
  let average: BlockAverage
  let curves: BlockAverage
  private let labelled: Frame?
  private let typesInOrder: [UnitType]

  init(
    parameters: StructuralUnits, cutoffSetting: AnalysisSetting, layout: UnitLayout, types: [UnitType], average: BlockAverage,
    curves: BlockAverage, labelled: Frame?, frameCount: Int, warnings: [String]
  ) {
    self.parameters = parameters
    self.cutoffSetting = cutoffSetting
    self.layout = layout
    self.average = average
    self.curves = curves
    self.labelled = labelled
    self.frameCount = frameCount
    self.warnings = warnings
    typesInOrder = types
    let mean = average.mean
    func estimate(_ quantity: ([Double]) -> Double) -> Estimate {
      let value = quantity(mean)
      let error = average.standardError { [quantity($0)] }.first
      return Estimate(value: value, error: error.flatMap { $0.isFinite ? $0 : nil })
    }
    let all = types.indices
    func sum(_ entry: [Double], _ place: (Int) -> Int) -> Double { all.reduce(0) { $0 + entry[place($1)] } }
    func anions(_ entry: [Double], _ type: Int) -> Double { layout.anions.indices.reduce(0) { $0 + entry[layout.anion(type, $1)] } }
    func formers(_ type: Int) -> Double { layout.formers.indices.reduce(0) { $0 + mean[layout.former(type, $1)] } }
    let allAnions = all.reduce(0) { $0 + anions(mean, $1) }
    let ranked = all.sorted { (formers($0), anions(mean, $0), $1) > (formers($1), anions(mean, $1), $0) }
    units = ranked.map { type in
      Unit(
        type: types[type], number: type + 1, perFrame: estimate { $0[layout.units(type)] },
        share: estimate { $0[layout.units(type)] / sum($0, layout.units) },
        formerShares: layout.formers.indices.map { former in
          estimate { entry in entry[layout.former(type, former)] / sum(entry) { layout.former($0, former) } }
        }, anionShare: anions(mean, type) / allAnions)
    }
    let counts =
      labelled.map { Dictionary(zip($0.configuration.species.map(\.element.symbol), $0.configuration.speciesCounts), uniquingKeysWith: +) }
      ?? [:]
    surroundings = layout.modifiers.enumerated().flatMap { modifier, label in
      ranked.compactMap { type in
        let place = layout.contacts(type, modifier)
        guard mean[place] > 0 else { return nil }
        let share = estimate { entry in entry[place] / sum(entry) { layout.contacts($0, modifier) } }
        // The number of modifiers does not change within a trajectory.
        let atoms = Double(counts[label] ?? 1)
        return Surrounding(
          modifier: label, type: types[type], coordination: estimate { $0[place] / atoms }, share: share,
          touched: mean[layout.touched(type, modifier)] / atoms, preference: share.value / (anions(mean, type) / allAnions))
      }
    }
  }

  /// The symbols of the formers.
  public var formers: [String] { layout.formers }

  /// The unit with a name, or with a formula if only one has it.
  public subscript(name: String) -> Unit? {
    if let unit = units.first(where: { $0.type.name == name }) { return unit }
    let same = units.filter { $0.type.formula == name }
    return same.count == 1 ? same[0] : nil
  }

  /// The share of a former in a kind of unit, 0 where it was not found.
  public func share(of former: String, in name: String) -> Double {
    guard let index = layout.formers.firstIndex(of: former) else { return 0 }
    return self[name]?.formerShares[index].value ?? 0
  }

  /// The mean charge of all units and of all modifiers of a frame in e; `nil` for modifiers of unknown charge.
  public var charges: (units: Double, modifiers: Double?) {
    let modifiers = average.mean[layout.modifierCharge]
    return (average.mean[layout.unitCharge], modifiers.isFinite ? modifiers : nil)
  }

  /// The units at the corners of the ternary diagram with their shares of the formers in these three; `nil` where there are no three.
  public var ternary: [(name: String, share: Estimate)]? {
    var names = parameters.ternary
    if names.isEmpty {
      let isThiophosphate = layout.formers == ["P"] && layout.anions.contains("S")
      names =
        isThiophosphate
        ? ["PS4(3-)", "P2S7(4-)", "P2S6(4-)"]
        : units.filter { $0.type.charge != nil && $0.formerShares.contains { $0.value > 0 } }.prefix(3).map(\.type.name)
    }
    guard names.count == 3 else { return nil }
    let places = names.map { name in self[name].map { $0.number - 1 } }
    func atoms(_ entry: [Double], _ type: Int?) -> Double {
      type.map { type in layout.formers.indices.reduce(0) { $0 + entry[layout.former(type, $1)] } } ?? 0
    }
    func shares(_ entry: [Double]) -> [Double] {
      let numbers = places.map { atoms(entry, $0) }
      return numbers.map { $0 / numbers.reduce(0, +) }
    }
    let values = shares(average.mean)
    guard values.allSatisfy(\.isFinite) else { return nil }
    let errors = average.standardError(of: shares)
    return names.indices.map { index in
      (names[index], Estimate(value: values[index], error: errors.isEmpty || !errors[index].isFinite ? nil : errors[index]))
    }
  }

  /// g(r) of a modifier and the anions of one type of unit; empty where there is none.
  public func distribution(_ modifier: String, _ anion: String, in unit: Unit) -> [Double] {
    guard let m = layout.modifiers.firstIndex(of: modifier), let a = layout.anions.firstIndex(of: anion),
      unit.number <= UnitLayout.mostCurves
    else { return [] }
    let values = layout.normalized(curves.mean, at: layout.curve(unit.number - 1, modifier: m, anion: a))
    return values.allSatisfy(\.isFinite) ? values : []
  }

  /// The part of g(r) of formers and anions that comes from within the units of a type; empty where there is none.
  public func distributionWithin(_ unit: Unit) -> [Double] {
    guard unit.number <= UnitLayout.mostCurves else { return [] }
    let values = layout.normalized(curves.mean, at: layout.curveWithin(unit.number - 1))
    return values.allSatisfy(\.isFinite) ? values : []
  }

  public var files: [AnalysisFile] {
    guard let labelled else { return [] }
    let types = typesInOrder.enumerated().map { "\($0.offset + 1) \($0.element.name)" }.joined(separator: ", ")
    return [
      AnalysisFile(name: "units", title: "last frame with the unit of each atom and its type: \(types)", contents: .frames([labelled]))
    ]
  }

  public var analysis: String { StructuralUnits.descriptor.name }
  public var convention: String { StructuralUnits.descriptor.convention }

  public var settings: [AnalysisSetting] {
    [
      AnalysisSetting("formers", layout.formers.joined(separator: ",")), AnalysisSetting("anions", layout.anions.joined(separator: ",")),
      cutoffSetting,
      AnalysisSetting("largest", String(parameters.largest)),
      AnalysisSetting("ternary", ternary?.map(\.name).joined(separator: ",") ?? "none: there are no three units"),
      AnalysisSetting("range", "\(brief(parameters.range)) A"), AnalysisSetting("bin-width", "\(brief(layout.binWidth)) A"),
      AnalysisSetting(
        "errors", average.blockCount > 1 ? "\(average.blockCount) blocks of \(average.blockLength) frames" : "none: too few frames"),
    ]
  }
}
