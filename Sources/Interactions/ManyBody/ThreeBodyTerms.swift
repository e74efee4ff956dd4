import NumericalMethods
import Structures

/// Three-body terms computed fast: lists with a buffer, eight pairs of legs at a time, on all threads of a pool.
///
/// ``ReferenceThreeBodyTerms`` is its plain twin. The bits of the result depend neither on the number of threads nor on when the list
/// was built.
public final class ThreeBodyTerms: ForceContribution {
  /// How far beyond their cutoffs legs are listed, in Å.
  public static let defaultBuffer = 1.0

  private let interactions: ThreeBodyInteractions
  private let tables: ThreeBodyTables
  private let types: [Int32]
  /// The atoms that can be vertices, those that can be legs, and all of them, ascending.
  private let vertices, legs, atoms: [Int32]
  private let buffer: Double
  private let pool: WorkerPool
  private var list: ThreeBodyList?
  /// The gradient of the energy by each entry of the list.
  private var gradients = AlignedMemory<Vector3>(count: 0)
  /// The sum of the gradients of each vertex.
  private let vertexGradients: AlignedMemory<Vector3>
  /// The place of each atom among ``vertices``, or -1.
  private let vertexOfAtom: [Int32]

  private static let vertexGrain = 64
  private static let atomGrain = 512

  public init(
    _ interactions: ThreeBodyInteractions, for configuration: Configuration, buffer: Double = ThreeBodyTerms.defaultBuffer, pool: WorkerPool
  ) {
    precondition(buffer > 0, "a neighbour list needs a buffer")
    self.interactions = interactions
    tables = ThreeBodyTables(interactions)
    self.buffer = buffer
    self.pool = pool
    types = configuration.types
    let species = 0..<interactions.species
    let isVertex = species.map { vertex in species.contains { interactions.leg(vertex, $0) != nil } }
    let isLeg = species.map { leg in species.contains { interactions.leg($0, leg) != nil } }
    let all = types.indices.map { Int32($0) }
    vertices = all.filter { [types] in isVertex[Int(types[Int($0)])] }
    legs = all.filter { [types] in isLeg[Int(types[Int($0)])] }
    atoms = all.filter { [types] in isVertex[Int(types[Int($0)])] || isLeg[Int(types[Int($0)])] }
    var places = [Int32](repeating: -1, count: types.count)
    for (place, atom) in vertices.enumerated() { places[Int(atom)] = Int32(place) }
    vertexOfAtom = places
    vertexGradients = AlignedMemory(count: vertices.count)
  }

  public func add(positions: [Vector3], cell: Cell, to forces: inout [Vector3], energies: Bool) throws -> Evaluation {
    var result = Evaluation()
    if energies { result.energies[.threeBody] = 0 }
    guard !vertices.isEmpty, !legs.isEmpty, interactions.cutoff > 0 else { return result }
    let list = try currentList(positions, cell)
    let sums =
      switch interactions.angular {
      case .cosine: addVertices(list, positions, cell, CosineKernel.self)
      case .saturating: addVertices(list, positions, cell, SaturatingKernel.self)
      case .harmonic: addVertices(list, positions, cell, HarmonicKernel.self)
      }
    collect(list, into: &forces)
    for sum in sums {
      result.virial += sum.virial
      if energies { result.energies[.threeBody, default: 0] += sum.energy }
    }
    return result
  }

  private func currentList(_ positions: [Vector3], _ cell: Cell) throws -> ThreeBodyList {
    if let list, list.isValid(positions, cell, cutoff: interactions.cutoff, buffer: buffer, atoms: atoms) { return list }
    list = nil
    let built = try ThreeBodyList(
      interactions, types: types, vertices: vertices, legs: legs, buffer: buffer,
      reference: NeighborReference(positions: positions, cell: cell), pool: pool)
    gradients = AlignedMemory(count: built.entries.count)
    list = built
    return built
  }

  /// What the vertices of a block add up to, by lanes.
  struct Sums {
    /// Twice the energy.
    var energies = EightLanes(repeating: 0)
    /// The rows of minus the virial.
    var virialX = EightVectors.zero
    var virialY = EightVectors.zero
    var virialZ = EightVectors.zero

    var energy: Double { energies.sum() / 2 }
    var virial: Matrix3 { Matrix3(-virialX.sum(), -virialY.sum(), -virialZ.sum()) }
  }

  private func addVertices<Angular: AngularKernel>(
    _ list: ThreeBodyList, _ positions: [Vector3], _ cell: Cell, _: Angular.Type
  ) -> [Sums] {
    let blocks = (vertices.count + Self.vertexGrain - 1) / Self.vertexGrain
    var sums = [Sums](repeating: Sums(), count: blocks)
    let shifts = list.images.map { Vector3(Double($0.x), Double($0.y), Double($0.z)) * cell.vectors }
    let capacity = (list.longest + 2 * EightLanes.scalarCount) / EightLanes.scalarCount * EightLanes.scalarCount
    let species = tables.species
    sums.withUnsafeMutableBufferPointer { sums in
      let sums = sums
      positions.withUnsafeBufferPointer { positions in
        shifts.withUnsafeBufferPointer { shifts in
          list.entries.withUnsafeBufferPointer { entries in
            tables.legs.withUnsafeBufferPointer { legs in
              tables.triplets.withUnsafeBufferPointer { triplets in
                guard let positions = positions.baseAddress, let shifts = shifts.baseAddress, let legs = legs.baseAddress,
                  let triplets = triplets.baseAddress
                else { return }
                pool.forEachBlock(blocks) { block in
                  var columns = ThreeBodyColumns(capacity: capacity, species: species)
                  var sum = Sums()
                  for place in block * Self.vertexGrain..<min(vertices.count, (block + 1) * Self.vertexGrain) {
                    let atom = Int(vertices[place])
                    let type = Int(types[atom])
                    let range = Int(list.starts[place])..<Int(list.starts[place + 1])
                    let own = gradients.base + range.lowerBound
                    own.update(repeating: .zero, count: range.count)
                    columns.stage(
                      UnsafeBufferPointer(rebasing: entries[range]), legs: legs + type * species, center: positions[atom], positions, shifts
                    )
                    vertexGradients.base[place] = columns.evaluate(
                      Angular.self, triplets: triplets + type * species * species, gradients: own, &sum)
                  }
                  sums[block] = sum
                }
              }
            }
          }
        }
      }
    }
    return sums
  }

  private func collect(_ list: ThreeBodyList, into forces: inout [Vector3]) {
    let (gradients, vertexGradients) = (gradients.base, vertexGradients.base)
    forces.withUnsafeMutableBufferPointer { forces in
      let forces = forces
      list.atomSlots.starts.withUnsafeBufferPointer { starts in
        list.atomSlots.items.withUnsafeBufferPointer { items in
          atoms.withUnsafeBufferPointer { atoms in
            pool.forEachRange(atoms.count, grain: Self.atomGrain) { range in
              for index in range {
                let atom = Int(atoms[index])
                var sum = vertexOfAtom[atom] >= 0 ? vertexGradients[Int(vertexOfAtom[atom])] : .zero
                for place in Int(starts[atom])..<Int(starts[atom + 1]) { sum -= gradients[Int(items[place])] }
                forces[atom] += sum
              }
            }
          }
        }
      }
    }
  }
}
