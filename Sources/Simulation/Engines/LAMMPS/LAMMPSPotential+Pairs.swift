import Interactions
import Structures

extension LAMMPSPotential {
  /// Adds what acts between pairs of atoms.
  ///
  /// Forms, repairs, shifts and smooth cutoffs go into tables, the sums of charges over pairs with them: LAMMPS's own styles lack most of the
  /// repairs, and approximate erfc to 1e-7. Terms of one pair that end at different distances go into different tables, since a jump inside of
  /// one would be smeared.
  mutating func addPairs(_ pair: PairInteractions, counts: [Int]) throws {
    var text = "# Tables of pairs, written by Vitrolyte; UNITS: metal\n\n"
    var layers: [[LAMMPSPairTable?]] = []
    let indices = pair.species.indices.flatMap { a in (a..<pair.species.count).map { (a, $0) } }
    for (index, (a, b)) in indices.enumerated() {
      guard let curve = pair.curve(a, b) else { continue }
      for (layer, cutoff) in Set(curve.terms.map(\.cutoff)).sorted().enumerated() {
        if layer == layers.count { layers.append(Array(repeating: nil, count: indices.count)) }
        let part = PairCurve(curve.terms.filter { $0.cutoff == cutoff })
        layers[layer][index] = LAMMPSPairTable(
          keyword: "short-range-\(layer + 1)-\(a + 1)-\(b + 1)", remark: "short-range \(remark(a, b))", cutoff: cutoff
        ) { part($0) }
      }
    }
    for layer in layers { try addTables(layer, of: indices, to: &text, term: .pair) }
    if let coulomb = pair.coulomb {
      if let sum = coulomb.latticeSum {
        try addLatticeSum(sum, of: coulomb, charges: pair.charges)
      } else {
        let tables = indices.map { a, b -> LAMMPSPairTable? in
          let charges = pair.charges[a] * pair.charges[b]
          guard charges != 0 else { return nil }
          return LAMMPSPairTable(
            keyword: "coulomb-\(a + 1)-\(b + 1)", remark: "Coulomb \(remark(a, b))", cutoff: coulomb.cutoff
          ) { r in
            let (energy, force) = coulomb.pair(r)
            return (charges * energy, charges * force)
          }
        }
        try addTables(tables, of: indices, to: &text, term: .coulomb)
        addConstant(pair.selfEnergy(counts: counts), to: .coulomb)
      }
    }
    if pairStyles.contains(where: { $0.name == "table" }) { add(File(name: Self.tableFile, text: text)) }
  }

  static let tableFile = "pairs.table"

  private mutating func addTables(
    _ tables: [LAMMPSPairTable?], of indices: [(Int, Int)], to text: inout String, term: EnergyTerm
  ) throws {
    var style = PairStyle(name: "table", arguments: "spline \(LAMMPSPairTable.points)", coefficients: [], energy: (term, "evdwl"))
    for (table, (a, b)) in zip(tables, indices) {
      guard let table else { continue }
      text += try table.text()
      style.coefficients.append(
        Coefficients(
          types: "\(a + 1) \(b + 1)", arguments: "\(Self.tableFile) \(table.keyword) \(table.cutoff)", pairs: [SIMD2(a, b)],
          remark: table.remark))
    }
    if !style.coefficients.isEmpty { add(style) }
  }

  private func remark(_ a: Int, _ b: Int) -> String { LAMMPSText.plain("\(species[a].label)-\(species[b].label)") }

  /// Ewald's sum with the splitting parameter of the native engine; LAMMPS chooses waves and mesh for the accuracy, which it measures alike.
  ///
  /// LAMMPS takes erfc from tables that are right to about 1e-6 unless told otherwise, or from a formula that is right to 1e-7.
  private mutating func addLatticeSum(_ sum: LatticeSum, of coulomb: Coulomb, charges: [Double]) throws {
    guard let cutoff = sum.cutoff, let alpha = sum.alpha else {
      throw SimulationError(
        .inexpressible, "engine lammps: the lattice sum was not resolved for the atoms; resolve the force field for them")
    }
    let all = species.indices.flatMap { a in (a..<species.count).map { SIMD2(a, $0) } }
    add(
      PairStyle(
        name: "coul/long", arguments: "\(cutoff)", coefficients: [Coefficients(types: "* *", arguments: "", pairs: all, remark: "Coulomb")],
        energy: (.coulomb, "ecoul")))
    var style = "ewald"
    if case .spme = coulomb { style = "pppm" }
    add(commands: ["kspace_style \(style) \(sum.accuracy)", "kspace_modify gewald \(alpha)"])
    if sum.accuracy < 1e-5 { add(commands: ["pair_modify table 0"]) }
    addEnergy("elong", to: .coulomb)
  }

  /// Tells LAMMPS how much remains of pairs that bonds join.
  ///
  /// LAMMPS counts bonds, as the force field did; what it would make of the factors must be the very same pairs.
  mutating func addSpecialPairs(_ interactions: ResolvedForceField, for configuration: Configuration) throws {
    let special = interactions.pair.specialPairs
    guard !special.isEmpty else {
      // LAMMPS leaves bonded pairs out unless told otherwise.
      if interactions.bonded != nil { add(commands: ["special_bonds lj/coul 1.0 1.0 1.0"]) }
      return
    }
    guard interactions.pair.coulomb.map({ $0.latticeSum != nil }) ?? true else {
      throw SimulationError(
        .inexpressible,
        "engine lammps: charges of bonded atoms have no translation where Coulomb is summed over pairs, since tables cannot take their part in "
          + "from them; choose the method spme, or use the engine native")
    }
    var topology = Topology()
    topology.bonds = interactions.bonded?.bonds ?? []
    guard let exclusions = Self.exclusions(special, topology, atoms: configuration.count) else {
      throw SimulationError(
        .inexpressible,
        "engine lammps: pairs of atoms that interact by less than their species would, but not because of one, two or three bonds between "
          + "them, have no translation; use the engine native")
    }
    func list(_ factor: (BondExclusions.Factors) -> Double) -> String { exclusions.factors.map { "\(factor($0))" }.joined(separator: " ") }
    add(commands: ["special_bonds lj \(list(\.pair)) coul \(list(\.coulomb))"])
  }

  /// The factors by the number of bonds that give these pairs, or `nil` where none do.
  private static func exclusions(_ special: SpecialPairs, _ topology: Topology, atoms: Int) -> BondExclusions? {
    let steps = (0..<3).map { step in
      var factors = [BondExclusions.Factors](repeating: .whole, count: 3)
      factors[step] = .init(pair: 0, coulomb: 0)
      return Set(BondExclusions(factors).specialPairs(of: topology, atoms: atoms).pairs.map { SIMD2($0.first, $0.second) })
    }
    let exclusions = BondExclusions(
      steps.map { pairs in
        special.pairs.first { pairs.contains(SIMD2($0.first, $0.second)) }.map { .init(pair: $0.pairFactor, coulomb: $0.coulombFactor) }
          ?? .whole
      })
    return exclusions.specialPairs(of: topology, atoms: atoms).pairs == special.pairs ? exclusions : nil
  }
}
