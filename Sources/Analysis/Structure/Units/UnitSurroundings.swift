import NumericalMethods
import Structures

/// Counts the units of a frame, and the modifiers around them.
struct UnitSurroundings {
  let layout: UnitLayout
  let graph: BondGraph
  let configuration: Configuration
  let found: UnitFinder
  /// For each atom: the number of its element among formers, anions or modifiers.
  private let kinds: [Int32]
  private let roles: [NetworkRoles.Role]

  init(layout: UnitLayout, graph: BondGraph, configuration: Configuration, roles: NetworkRoles, found: UnitFinder) {
    self.layout = layout
    self.graph = graph
    self.configuration = configuration
    self.found = found
    self.roles = roles.roles(configuration.species)
    let kindOf = configuration.species.map { species -> Int32 in
      let symbols =
        switch roles.role(of: species.label) {
        case .former: layout.formers
        case .anion: layout.anions
        case .modifier: layout.modifiers
        }
      return symbols.firstIndex(of: species.element.symbol).map(Int32.init) ?? -1
    }
    kinds = configuration.types.map { kindOf[Int($0)] }
  }

  private func role(_ atom: Int) -> NetworkRoles.Role { roles[Int(configuration.types[atom])] }
  private func unit(_ atom: Int) -> Int { Int(found.components.componentOf[atom]) }

  /// Units, their atoms, and the bonds of modifiers, by type.
  func counts(types: Int) -> [Double] {
    var entry = [Double](repeating: 0, count: layout.width(types: types))
    for type in found.typeOf { entry[layout.units(type)] += 1 }
    var touched: [Int] = []
    for atom in 0..<graph.count where kinds[atom] >= 0 {
      let kind = Int(kinds[atom])
      switch role(atom) {
      case .former: entry[layout.former(found.typeOf[unit(atom)], kind)] += 1
      case .anion: entry[layout.anion(found.typeOf[unit(atom)], kind)] += 1
      case .modifier:
        touched.removeAll(keepingCapacity: true)
        for bond in graph.bonds(of: atom) {
          let other = Int(graph.neighbors[bond])
          guard role(other) == .anion else { continue }
          let unit = unit(other)
          entry[layout.contacts(found.typeOf[unit], kind)] += 1
          if !touched.contains(unit) {
            touched.append(unit)
            entry[layout.touched(found.typeOf[unit], kind)] += 1
          }
        }
      }
    }
    return entry
  }

  /// Histograms of distances between modifiers and anions by type of unit, and between formers and anions within units, with
  /// their norms.
  func curves(types: Int, pool: WorkerPool) -> [Double] {
    var entry = [Double](repeating: 0, count: layout.curveWidth(types: types))
    let shown = min(types, UnitLayout.mostCurves)
    let (modifiers, anions) = (layout.modifiers.count, layout.anions.count)
    let classes = modifiers + shown * anions
    var classOf = [Int32](repeating: -1, count: graph.count)
    var members = [Int](repeating: 0, count: classes)
    for atom in 0..<graph.count where kinds[atom] >= 0 {
      switch role(atom) {
      case .former: continue
      case .modifier: classOf[atom] = kinds[atom]
      case .anion:
        let type = found.typeOf[unit(atom)]
        guard type < shown else { continue }
        classOf[atom] = Int32(modifiers + type * anions) + kinds[atom]
      }
      members[Int(classOf[atom])] += 1
    }
    let volume = configuration.cell.volume
    if modifiers > 0, classes > modifiers {
      var histogram = PairHistogram(classes: classes, cutoff: Double(layout.bins) * layout.binWidth, bins: layout.bins)
      let counted = histogram.count(cell: configuration.cell, positions: configuration.positions, classOf: classOf, pool: pool)
      for modifier in 0..<modifiers {
        for other in modifiers..<classes {
          let source = PairHistogram.pairIndex(modifier, other, classes: classes) * layout.bins
          let target = layout.curve((other - modifiers) / anions, modifier: modifier, anion: (other - modifiers) % anions)
          for bin in 0..<layout.bins { entry[target + bin] += Double(counted[source + bin]) }
          entry[target + layout.bins] += Double(members[modifier]) * Double(members[other]) / volume
        }
      }
    }
    countWithin(shown, &entry)
    return entry
  }

  /// Distances within finite units, whole as their bonds join them.
  private func countWithin(_ shown: Int, _ entry: inout [Double]) {
    let components = found.components
    let anionDensity = Double((0..<graph.count).count { role($0) == .anion }) / configuration.cell.volume
    func place(_ atom: Int32) -> Vector3 {
      let offset = components.offsets[Int(atom)]
      return configuration.positions[Int(atom)] + Vector3(Double(offset.x), Double(offset.y), Double(offset.z)) * configuration.cell.vectors
    }
    for component in 0..<components.count where components.dimensions[component] == 0 && found.typeOf[component] < shown {
      let atoms = components.atoms(of: component)
      // The time grows with the square of the size; units that large are networks.
      guard atoms.count <= 200 else { continue }
      let target = layout.curveWithin(found.typeOf[component])
      for former in atoms where role(Int(former)) == .former {
        let center = place(former)
        entry[target + layout.bins] += anionDensity
        for anion in atoms where role(Int(anion)) == .anion {
          let bin = Int((place(anion) - center).length / layout.binWidth)
          if bin < layout.bins { entry[target + bin] += 1 }
        }
      }
    }
  }
}
