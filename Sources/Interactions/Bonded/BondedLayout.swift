import Structures

/// Bonded terms in the order in which ``BondedTerms`` computes them.
///
/// All terms are functions of *edges*: vectors between two atoms, most of them bonds. An angle has two, a dihedral three. Each edge
/// is computed once; terms give gradients by their edges, which are added up edge by edge, then atom by atom, in a fixed order.
struct BondedLayout {
  /// Terms of one form, as vectors of eight; lanes beyond the last term repeat it.
  struct Batch {
    enum Kind { case bonds, angles, dihedrals }

    var kind: Kind
    var form: Int
    var vectors: Range<Int>
    /// The lanes of the last vector that are terms.
    var lastLanes: Int
  }

  /// Several edges of terms: for each leg, and then for each lane, the edge and whether it is run through against its direction.
  struct Legs {
    var count = 0
    /// By leg: four times the edge, an offset into rows of four.
    var offsets: [[Int32]]
    /// By leg: 1, or -1 where the edge is turned.
    var signs: [[Double]]
    /// The first slot of each leg among the gradients.
    var firstSlot: [Int] = []

    init(legs: Int) {
      offsets = [[Int32]](repeating: [], count: legs)
      signs = [[Double]](repeating: [], count: legs)
    }
  }

  /// Numbers in lists of lists: list k holds `items[starts[k] ..< starts[k + 1]]`.
  struct Lists {
    var starts: [Int32] = [0]
    var items: [Int32] = []

    init(_ entries: [(list: Int, item: Int32)], count: Int) {
      var sizes = [Int32](repeating: 0, count: count + 1)
      for entry in entries { sizes[entry.list + 1] += 1 }
      for list in 0..<count { sizes[list + 1] += sizes[list] }
      starts = sizes
      items = [Int32](repeating: 0, count: entries.count)
      for entry in entries {
        items[Int(sizes[entry.list])] = entry.item
        sizes[entry.list] += 1
      }
    }
  }

  static let lanes = 8
  /// The most vectors in a batch: what one thread computes at a time.
  private static let batchVectors = 32

  /// The atoms that an edge leads from and to; the bonds first, in vectors of their form.
  private(set) var edges: [SIMD2<Int32>] = []
  /// Which edges are counted: 0 for those that only fill a vector.
  private(set) var weights: [Double] = []
  private(set) var batches: [Batch] = []
  private(set) var angles = Legs(legs: 2)
  private(set) var dihedrals = Legs(legs: 3)
  private(set) var slots = 0
  /// For each edge, twice the slot of each of its gradients, plus 1 where it is that of the turned edge.
  private(set) var edgeSlots = Lists([], count: 0)
  /// The atoms that take part.
  private(set) var atoms: [Int32] = []
  /// For each of ``atoms``, twice the edge, plus 1 where the edge leads to the atom.
  private(set) var atomEdges = Lists([], count: 0)

  private var edgeOfPair: [SIMD2<Int32>: Int32] = [:]

  init(_ interactions: BondedInteractions) {
    for (term, isFilling) in order(interactions.bonds, as: .bonds, forms: interactions.bondForms.count) {
      let pair = Self.pair(term.atoms.x, term.atoms.y)
      if !isFilling, edgeOfPair[pair] == nil { edgeOfPair[pair] = Int32(edges.count) }
      edges.append(pair)
      weights.append(isFilling ? 0 : 1)
    }
    for (term, _) in order(interactions.angles, as: .angles, forms: interactions.angleForms.count) {
      append([(term.atoms.y, term.atoms.x), (term.atoms.y, term.atoms.z)], to: \.angles)
    }
    for (term, _) in order(interactions.dihedrals, as: .dihedrals, forms: interactions.dihedralForms.count) {
      append([(term.atoms.x, term.atoms.y), (term.atoms.y, term.atoms.z), (term.atoms.z, term.atoms.w)], to: \.dihedrals)
    }
    edgeOfPair = [:]
    placeSlots()
    placeAtoms()
  }

  private static func pair(_ a: Int32, _ b: Int32) -> SIMD2<Int32> { SIMD2(min(a, b), max(a, b)) }

  /// Sorts terms by form, fills their last vector up, and cuts them into batches.
  private mutating func order<Atoms>(
    _ terms: [Topology.Term<Atoms>], as kind: Batch.Kind, forms: Int
  ) -> [(term: Topology.Term<Atoms>, isFilling: Bool)] {
    var ordered: [(term: Topology.Term<Atoms>, isFilling: Bool)] = []
    for form in 0..<forms {
      let group = terms.filter { $0.type == form }
      guard let last = group.last else { continue }
      let first = ordered.count / Self.lanes
      ordered += group.map { ($0, false) }
      while ordered.count % Self.lanes != 0 { ordered.append((last, true)) }
      let end = ordered.count / Self.lanes
      for start in stride(from: first, to: end, by: Self.batchVectors) {
        let stop = min(end, start + Self.batchVectors)
        let lastLanes = stop == end ? (group.count - 1) % Self.lanes + 1 : Self.lanes
        batches.append(Batch(kind: kind, form: form, vectors: start..<stop, lastLanes: lastLanes))
      }
    }
    return ordered
  }

  private mutating func append(_ pairs: [(from: Int32, to: Int32)], to legs: WritableKeyPath<Self, Legs>) {
    for (leg, ends) in pairs.enumerated() {
      let pair = Self.pair(ends.from, ends.to)
      let edge: Int32
      if let known = edgeOfPair[pair] {
        edge = known
      } else {
        edge = Int32(edges.count)
        edgeOfPair[pair] = edge
        edges.append(pair)
        weights.append(1)
      }
      self[keyPath: legs].offsets[leg].append(4 * edge)
      self[keyPath: legs].signs[leg].append(ends.from < ends.to ? 1 : -1)
    }
    self[keyPath: legs].count += 1
  }

  /// Gives each leg of each term a place among the gradients, and tells each edge its places.
  private mutating func placeSlots() {
    var entries: [(list: Int, item: Int32)] = []
    for (legs, kind) in [(\Self.angles, Batch.Kind.angles), (\Self.dihedrals, .dihedrals)] {
      let count = self[keyPath: legs].count
      for leg in self[keyPath: legs].offsets.indices {
        self[keyPath: legs].firstSlot.append(slots + leg * count)
        for batch in batches where batch.kind == kind {
          let end = (batch.vectors.upperBound - 1) * Self.lanes + batch.lastLanes
          for term in batch.vectors.lowerBound * Self.lanes..<end {
            let edge = Int(self[keyPath: legs].offsets[leg][term]) / 4
            let turned: Int32 = self[keyPath: legs].signs[leg][term] < 0 ? 1 : 0
            entries.append((edge, 2 * Int32(slots + leg * count + term) + turned))
          }
        }
      }
      slots += self[keyPath: legs].offsets.count * count
    }
    edgeSlots = Lists(entries, count: edges.count)
  }

  private mutating func placeAtoms() {
    let real = edges.indices.filter { weights[$0] != 0 }
    atoms = Set(real.flatMap { [edges[$0].x, edges[$0].y] }).sorted()
    let place = Dictionary(uniqueKeysWithValues: atoms.enumerated().map { ($0.element, $0.offset) })
    var entries: [(list: Int, item: Int32)] = []
    for edge in real {
      for (end, atom) in [edges[edge].x, edges[edge].y].enumerated() {
        entries.append((place[atom] ?? 0, 2 * Int32(edge) + Int32(end)))
      }
    }
    atomEdges = Lists(entries, count: atoms.count)
  }
}
