import NumericalMethods
import Structures

/// Counts what ``NetworkStructure`` asks for in the bonds of one frame.
struct NetworkCounter {
  let layout: NetworkLayout
  let graph: BondGraph
  /// For each atom: the kind of former, -1 - the kind of anion, or ``other``.
  let kinds: [Int32]
  static let other: Int32 = .min

  /// - Parameters:
  ///   - formers: Symbols of the kinds of formers.
  ///   - anions: Symbols of the kinds of anions.
  ///   - roles: The role of each species.
  init(_ graph: BondGraph, _ configuration: Configuration, formers: [String], anions: [String], roles: [NetworkRoles.Role]) {
    layout = NetworkLayout(formers: formers.count, anions: anions.count)
    self.graph = graph
    let kindOf = zip(configuration.species, roles).map { species, role -> Int32 in
      let symbol = species.element.symbol
      switch role {
      case .former: return formers.firstIndex(of: symbol).map(Int32.init) ?? Self.other
      case .anion: return anions.firstIndex(of: symbol).map { -1 - Int32($0) } ?? Self.other
      case .modifier: return Self.other
      }
    }
    kinds = configuration.types.map { kindOf[Int($0)] }
  }

  private func isFormer(_ atom: Int) -> Bool { kinds[atom] >= 0 }
  private func isAnion(_ atom: Int) -> Bool { kinds[atom] < 0 && kinds[atom] != Self.other }

  /// The entry of the frame.
  func count(pool: WorkerPool) -> [Double] {
    let width = layout.width
    let formerBonds = (0..<graph.count).map { atom in
      isAnion(atom) ? Int32(graph.bonds(of: atom).count { isFormer(Int(graph.neighbors[$0])) }) : 0
    }
    var entry = pool.sums(over: graph.count, grain: 1024, width: width) { atoms, entry in
      var around: [ImagedAtom] = []
      for atom in atoms {
        if isFormer(atom) {
          countFormer(atom, formerBonds, &around, entry)
        } else if isAnion(atom) {
          countAnion(atom, Int(formerBonds[atom]), entry)
        }
      }
    }
    countFragments(&entry)
    return entry
  }

  private func countAnion(_ atom: Int, _ bonds: Int, _ entry: UnsafeMutableBufferPointer<Double>) {
    entry[layout.anion(Int(-1 - kinds[atom]), bonds: bonds)] += 1
    guard bonds > 1 else { return }
    let range = graph.bonds(of: atom)
    for i in range {
      let first = kinds[Int(graph.neighbors[i])]
      guard first >= 0 else { continue }
      for j in i + 1..<max(i + 1, range.upperBound) {
        let second = kinds[Int(graph.neighbors[j])]
        if second >= 0 { entry[layout.linkage(layout.pair(Int(first), Int(second)))] += 1 }
      }
    }
  }

  private func countFormer(
    _ atom: Int, _ formerBonds: [Int32], _ around: inout [ImagedAtom], _ entry: UnsafeMutableBufferPointer<Double>
  ) {
    let kind = Int(kinds[atom])
    var coordination = 0
    var bridging = 0
    around.removeAll(keepingCapacity: true)
    for i in graph.bonds(of: atom) {
      let neighbor = Int(graph.neighbors[i])
      if isFormer(neighbor) {
        // Each bond between formers stands at both ends.
        entry[layout.bond(layout.pair(kind, Int(kinds[neighbor])))] += 0.5
        continue
      }
      guard isAnion(neighbor) else { continue }
      coordination += 1
      guard formerBonds[neighbor] > 1 else { continue }
      bridging += 1
      for j in graph.bonds(of: neighbor) {
        let other = graph.neighbors[j]
        let image = graph.images[i] &+ graph.images[j]
        if isFormer(Int(other)), Int(other) != atom || image != .zero { around.append(ImagedAtom(atom: other, image: image)) }
      }
    }
    entry[layout.former(kind, coordination: coordination, bridging: bridging)] += 1
    entry[layout.formerCount] += 1
    entry[layout.bridgingBonds] += Double(bridging)
    // Each pair is seen from both its polyhedra.
    ImagedAtom.countEqual(&around) { partner, shared in
      entry[layout.shared(layout.pair(kind, Int(kinds[Int(partner.atom)])), shared)] += 0.5
    }
  }

  private func countFragments(_ entry: inout [Double]) {
    let fragments = BondComponents(
      graph, takes: { kinds[$0] != Self.other }, joins: { isFormer($0) || isFormer($1) })
    var largest = 0
    for fragment in 0..<fragments.count {
      let size = fragments.atoms(of: fragment).count { isFormer(Int($0)) }
      guard size > 0 else { continue }
      entry[layout.fragmentCount] += 1
      entry[layout.squaredSizes] += Double(size * size)
      entry[layout.dimension(fragments.dimensions[fragment])] += Double(size)
      entry[layout.fragments(of: size)] += 1
      largest = max(largest, size)
    }
    entry[layout.largestSize] = Double(largest)
  }
}
