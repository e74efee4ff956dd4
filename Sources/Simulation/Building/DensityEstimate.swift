import Structures

/// A density guessed from a composition.
public struct DensityEstimate: Hashable, Sendable {
  /// In g/cm³.
  public var density: Double
  /// The error to expect, as a part of the density.
  public var relativeError: Double
  /// Where the number comes from, for the report.
  public var note: String
}

extension Composition {
  /// Guesses the density of the glass at room temperature by adding up molar volumes of its oxides, sulfides and halides.
  ///
  /// Formulas are taken apart: halides pair with the cations of lowest charge, the other cations share the remaining anions
  /// according to charge. Nitrogen counts as the oxygen that has its charge. For oxides without boron the error is about 5 %; boron
  /// changes its coordination, and sulfides are known less well: 10 %; mixed anions 15 %.
  ///
  /// - Throws: ``SimulationError`` with code `.unknownDensity` where a compound is not in the table.
  public func estimatedDensity() throws -> DensityEstimate {
    var cations: [(symbol: String, count: Double)] = []
    var anions: [(symbol: String, count: Double)] = []
    var mass = 0.0
    for amount in meanAmounts {
      mass += amount.count * amount.element.mass
      if amount.element.isAnionFormer, !isCation(amount.element) {
        anions.append((amount.element.symbol, amount.count))
      } else {
        cations.append((amount.element.symbol, amount.count))
      }
    }
    guard !cations.isEmpty, !anions.isEmpty else { throw unknown("it is no oxide, sulfide or halide") }
    var volume = try takeHalides(&cations, anions)
    let network = anions.filter { Self.anionCharges[$0.symbol] != nil }
    let charge = network.reduce(0) { $0 + $1.count * (Self.anionCharges[$1.symbol] ?? 0) }
    for (cation, count) in cations where count > 1e-9 {
      guard charge > 0 else { throw unknown("no anions are left for \(cation)") }
      for anion in network {
        let share = anion.count * (Self.anionCharges[anion.symbol] ?? 0) / charge
        let partner = anion.symbol == "N" ? "O" : anion.symbol
        guard let entry = Self.entry(cation, partner) else {
          throw unknown("the table has no volume of \(cation) with \(anion.symbol)")
        }
        volume += count * share * entry.volume
      }
    }
    let isSimple = anions.count == 1 && anions[0].symbol == "O"
    let hasBoron = cations.contains { $0.symbol == "B" }
    let error = anions.count > 1 ? 0.15 : isSimple && !hasBoron ? 0.05 : 0.1
    let density = mass / volume
    return DensityEstimate(
      density: density, relativeError: error,
      note: "density guessed from additive molar volumes: \(Composition.trimmed(density)) g/cm3, good to about "
        + "\(Int((error * 100).rounded())) %; relax the volume at constant pressure, or give the measured density")
  }

  /// The charge of the anions that build networks.
  private static let anionCharges = ["O": 2.0, "S": 2.0, "Se": 2.0, "N": 3.0]

  private static func entry(_ cation: String, _ anion: String) -> GlassMolarVolumes.Entry? {
    GlassMolarVolumes.entries.first { $0.cation == cation && $0.anion == anion }
  }

  /// Tellurium next to oxygen is a network former.
  private func isCation(_ element: Element) -> Bool {
    element.symbol == "Te" && elements.contains { $0.symbol == "O" }
  }

  /// The volume of halides, whose cations are taken away from the others.
  private func takeHalides(
    _ cations: inout [(symbol: String, count: Double)], _ anions: [(symbol: String, count: Double)]
  ) throws -> Double {
    var volume = 0.0
    for (halogen, count) in anions where Self.anionCharges[halogen] == nil {
      var left = count
      let partners = cations.indices.compactMap { index in
        Self.entry(cations[index].symbol, halogen).map { (index, $0) }
      }.sorted { ($0.1.charge, $0.0) < ($1.1.charge, $1.0) }
      for (index, entry) in partners where left > 1e-9 {
        let taken = min(cations[index].count, left / Double(entry.charge))
        cations[index].count -= taken
        left -= taken * Double(entry.charge)
        volume += taken * entry.volume
      }
      guard left <= 1e-6 * count else { throw unknown("the table has no halide that takes up all of its \(halogen)") }
    }
    return volume
  }

  private func unknown(_ why: String) -> SimulationError {
    SimulationError(.unknownDensity, "the density of \(self) cannot be guessed: \(why); give a density in g/cm3")
  }
}
