import NumericalMethods
import Structures

/// The anion units of one frame: what bonds among formers and anions join.
struct UnitFinder: Sendable {
  /// The pieces; modifiers belong to none.
  let components: BondComponents
  /// The type of each piece, as an index into those known so far.
  let typeOf: [Int]
  /// The charge of all units together, in e.
  let charge: Int

  /// - Parameters:
  ///   - roles: The role of each species.
  ///   - largest: Finite units with more formers are not told apart.
  ///   - known: The types seen so far; new ones are added.
  init(
    _ graph: BondGraph, _ configuration: Configuration, roles: [NetworkRoles.Role], largest: Int, known: inout [UnitType: Int]
  ) {
    let types = configuration.types
    let components = BondComponents(graph, takes: { roles[Int(types[$0])] != .modifier })
    let symbols = configuration.species.map(\.element.symbol)
    // Three neighbours are all that boron needs.
    let needed = symbols.map { $0 == "B" ? 3 : 4 }
    var typeOf: [Int] = []
    typeOf.reserveCapacity(components.count)
    var total = 0
    var partners: [ImagedAtom] = []
    // Most units are alike: naming is done once for each census.
    var named: [Key: (type: Int, charge: Int)] = [:]
    for component in 0..<components.count {
      let key = Self.census(
        components.atoms(of: component), graph, types, roles, dimension: components.dimensions[component], largest: largest,
        needed: needed, &partners)
      let found: (type: Int, charge: Int)
      if let known = named[key] {
        found = known
      } else {
        let census = key.census(symbols: symbols, roles: roles)
        let type = census.type(largest: largest)
        let index = known[type] ?? known.count
        known[type] = index
        found = (index, census.charge)
        named[key] = found
      }
      typeOf.append(found.type)
      total += found.charge
    }
    self.components = components
    self.typeOf = typeOf
    charge = total
  }

  /// A census in numbers alone, quick to compare.
  private struct Key: Hashable {
    /// Atoms of each species.
    var counts: [Int32]
    /// Twice the bonds of formers and of anions among themselves.
    var formerBonds: Int32 = 0
    var anionBonds: Int32 = 0
    /// Twice the pairs of formers that touch by a bond, corner, edge, face.
    var links = SIMD4<Int32>(repeating: 0)
    var mostPartners: Int32 = 0
    var fewestPartners: Int32 = .max
    var isFullyCoordinated = true
    var dimension: Int32

    func census(symbols: [String], roles: [NetworkRoles.Role]) -> UnitCensus {
      var census = UnitCensus()
      for species in counts.indices where counts[species] > 0 {
        if roles[species] == .former {
          census.formers[symbols[species], default: 0] += Int(counts[species])
        } else {
          census.anions[symbols[species], default: 0] += Int(counts[species])
        }
      }
      census.formerBonds = Int(formerBonds) / 2
      census.anionBonds = Int(anionBonds) / 2
      for (index, link) in [UnitCensus.Link.bond, .corner, .edge, .face].enumerated() where links[index] > 0 {
        census.links[link] = Int(links[index]) / 2
      }
      census.mostPartners = Int(mostPartners)
      census.fewestPartners = Int(fewestPartners)
      census.isFullyCoordinated = isFullyCoordinated
      census.dimension = Int(dimension)
      return census
    }
  }

  private static func census(
    _ atoms: ArraySlice<Int32>, _ graph: BondGraph, _ types: [Int32], _ roles: [NetworkRoles.Role], dimension: Int, largest: Int,
    needed: [Int],
    _ partners: inout [ImagedAtom]
  ) -> Key {
    var key = Key(counts: [Int32](repeating: 0, count: roles.count), dimension: Int32(dimension))
    var formers = 0
    for atom in atoms {
      let type = Int(types[Int(atom)])
      key.counts[type] += 1
      let isFormer = roles[type] == .former
      if isFormer { formers += 1 }
      for bond in graph.bonds(of: Int(atom)) {
        let other = roles[Int(types[Int(graph.neighbors[bond])])]
        if isFormer, other == .former { key.formerBonds += 1 }
        if !isFormer, other == .anion { key.anionBonds += 1 }
      }
    }
    // How the polyhedra touch makes a name only of small units.
    guard dimension == 0, formers <= largest else { return key }
    for atom in atoms where roles[Int(types[Int(atom)])] == .former {
      partners.removeAll(keepingCapacity: true)
      var bonded = 0
      var neighbors = 0
      for i in graph.bonds(of: Int(atom)) {
        let neighbor = Int(graph.neighbors[i])
        let role = roles[Int(types[neighbor])]
        guard role != .modifier else { continue }
        neighbors += 1
        if role == .former {
          bonded += 1
          continue
        }
        for j in graph.bonds(of: neighbor) where roles[Int(types[Int(graph.neighbors[j])])] == .former {
          let image = graph.images[i] &+ graph.images[j]
          if graph.neighbors[j] != atom || image != .zero { partners.append(ImagedAtom(atom: graph.neighbors[j], image: image)) }
        }
      }
      var touching = bonded
      key.links[0] += Int32(bonded)
      ImagedAtom.countEqual(&partners) { _, shared in
        key.links[min(3, shared)] += 1
        touching += 1
      }
      key.mostPartners = max(key.mostPartners, Int32(touching))
      key.fewestPartners = min(key.fewestPartners, Int32(touching))
      if neighbors > 4 || neighbors < needed[Int(types[Int(atom)])] { key.isFullyCoordinated = false }
    }
    return key
  }
}
