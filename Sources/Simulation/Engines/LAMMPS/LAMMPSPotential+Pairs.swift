import Interactions
import Structures

extension LAMMPSPotential {
  /// Adds what acts between pairs of atoms.
  ///
  /// Forms, repairs, shifts and smooth cutoffs go into tables, the sums of charges over pairs with them: LAMMPS's own styles lack most of the
  /// repairs, and approximate erfc to 1e-7. Terms of one pair that end at different distances go into different tables, since a jump inside of
  /// one would be smeared.
  mutating func addPairs(_ pair: PairInteractions, counts: [Int]) throws {
    guard pair.specialPairs.isEmpty else {
      throw SimulationError(
        .inexpressible,
        "engine lammps: pairs of atoms that interact by less than their species would (bonded ones, cores and shells) have no translation "
          + "into tables; use the engine native")
    }
    var text = "# Tables of pairs, written by Vitrolyte; UNITS: metal\n\n"
    var layers: [[LAMMPSPairTable?]] = []
    let indices = pair.species.indices.flatMap { a in (a..<pair.species.count).map { (a, $0) } }
    for (index, (a, b)) in indices.enumerated() {
      guard let curve = pair.curve(a, b) else { continue }
      for (layer, cutoff) in Set(curve.terms.map(\.cutoff)).sorted().enumerated() {
        if layer == layers.count { layers.append(Array(repeating: nil, count: indices.count)) }
        let part = PairCurve(curve.terms.filter { $0.cutoff == cutoff })
        layers[layer][index] = LAMMPSPairTable(
          keyword: "short-range-\(layer + 1)-\(a + 1)-\(b + 1)", remark: "short-range \(remark(pair, a, b))", cutoff: cutoff
        ) { part($0) }
      }
    }
    for layer in layers { try addTables(layer, of: indices, to: &text, term: .pair, pair) }
    if let coulomb = pair.coulomb {
      let tables = indices.map { a, b -> LAMMPSPairTable? in
        let charges = pair.charges[a] * pair.charges[b]
        guard charges != 0 else { return nil }
        return LAMMPSPairTable(
          keyword: "coulomb-\(a + 1)-\(b + 1)", remark: "Coulomb \(remark(pair, a, b))", cutoff: coulomb.cutoff
        ) { r in
          let (energy, force) = coulomb.pair(r)
          return (charges * energy, charges * force)
        }
      }
      try addTables(tables, of: indices, to: &text, term: .coulomb, pair)
      addConstant(pair.selfEnergy(counts: counts), to: .coulomb)
    }
    add(File(name: Self.tableFile, text: text))
  }

  static let tableFile = "pairs.table"

  private mutating func addTables(
    _ tables: [LAMMPSPairTable?], of indices: [(Int, Int)], to text: inout String, term: EnergyTerm, _ pair: PairInteractions
  ) throws {
    var style = PairStyle(name: "table", arguments: "spline \(LAMMPSPairTable.points)", coefficients: [], energy: (term, "evdwl"))
    for (table, (a, b)) in zip(tables, indices) {
      guard let table else { continue }
      text += try table.text()
      style.coefficients.append((a + 1, b + 1, "\(Self.tableFile) \(table.keyword) \(table.cutoff)", table.remark))
    }
    if !style.coefficients.isEmpty { add(style) }
  }

  private func remark(_ pair: PairInteractions, _ a: Int, _ b: Int) -> String {
    LAMMPSText.plain("\(pair.species[a].label)-\(pair.species[b].label)")
  }
}
