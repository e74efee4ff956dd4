import NumericalMethods
import Structures

/// The fast calculator in one precision.
final class TabulatedEngine<Lanes: KernelLanes> {
  typealias Scalar = Lanes.Scalar

  private let interactions: PairInteractions
  private let tables: PairTables<Scalar>
  private let types: [Int32]
  private let selfEnergy: Double
  private let buffer: Double
  private let pool: WorkerPool
  private let specialPairs: SpecialPairTerm?
  private var state: ListState?

  /// A neighbour list and the memory that goes with it.
  private final class ListState {
    let reference: NeighborReference
    let list: ClusterList
    /// Rows at each place: the positions now.
    let positions: AlignedMemory<Vector3>
    /// The forces of each block, one block after the other, and where each begins.
    let forces: AlignedMemory<Vector3>
    let forceStarts: [Int]
    let columns: AlignedMemory<Scalar>

    init(_ list: ClusterList, reference: NeighborReference) {
      self.list = list
      self.reference = reference
      positions = AlignedMemory(count: list.count)
      var starts: [Int] = []
      var total = 0
      for block in list.blocks {
        starts.append(total)
        total += block.pages.count * ClusterList.pageSize
      }
      forceStarts = starts
      forces = AlignedMemory(count: total)
      columns = AlignedMemory(count: 6 * list.longestList * list.blocks.count)
    }
  }

  init(_ interactions: PairInteractions, for configuration: Configuration, buffer: Double, pool: WorkerPool) {
    self.interactions = interactions
    tables = PairTables(interactions)
    types = configuration.types
    selfEnergy = interactions.selfEnergy(counts: configuration.speciesCounts)
    self.buffer = buffer
    self.pool = pool
    specialPairs = interactions.specialPairs.isEmpty ? nil : SpecialPairTerm(interactions, for: configuration, pool: pool)
  }

  var neighborReference: NeighborReference? {
    get { state?.reference }
    set {
      // A reference that cannot be built again is none; the next evaluation then says what is wrong with the atoms.
      state = newValue.flatMap { try? build($0) }
    }
  }

  func evaluate(positions: [Vector3], cell: Cell, forces: inout [Vector3], energies: Bool) throws -> Evaluation {
    guard positions.count == types.count else {
      throw InteractionsError(
        .lostAtoms, "the calculator was made for \(types.count) atoms, but there are \(positions.count) positions; make a new one")
    }
    if forces.count != positions.count { forces = [Vector3](repeating: .zero, count: positions.count) }
    guard !positions.isEmpty else { return Evaluation() }
    let state = try place(positions, in: cell)
    let sums = addBlocks(state, cell: cell, energies: energies)
    forces.withUnsafeMutableBufferPointer { collectForces(state, into: $0) }

    var evaluation = Evaluation()
    var (pair, coulomb) = (0.0, 0.0)
    for sum in sums {
      evaluation.virial += sum.virial
      pair += sum.pairEnergy
      coulomb += sum.coulombEnergy
    }
    if energies {
      for term in interactions.energyTerms { evaluation.energies[term] = term == .pair ? pair : coulomb + selfEnergy }
    }
    if let specialPairs { evaluation += try specialPairs.add(positions: positions, cell: cell, to: &forces, energies: energies) }
    return evaluation
  }

  // MARK: Neighbour list

  /// Brings the positions into the list's order, building the list anew where atoms or cell have moved too far.
  private func place(_ positions: [Vector3], in cell: Cell) throws -> ListState {
    if let state, isValid(state, positions, cell) { return state }
    // The old list goes before the new one comes: the two together would be the peak of the program's memory.
    self.state = nil
    let state = try build(NeighborReference(positions: positions, cell: cell))
    self.state = state
    _ = isValid(state, positions, cell)
    return state
  }

  private func build(_ reference: NeighborReference) throws -> ListState {
    for (atom, position) in reference.positions.enumerated() {
      let f = reference.cell.fractional(position)
      // A million cells away is a run that has come apart, well before a number overflows.
      guard abs(f.x) < 1e6, abs(f.y) < 1e6, abs(f.z) < 1e6 else {
        throw InteractionsError(
          .lostAtoms,
          "atom \(atom + 1) is at (\(position.x), \(position.y), \(position.z)) Å, out of all bounds; "
            + "the time step is too long or atoms overlapped at the start: minimise first, or halve the time step")
      }
    }
    let list = try ClusterList(
      positions: reference.positions, types: types, speciesCount: interactions.species.count, specialPairs: interactions.specialPairs,
      cell: reference.cell,
      range: interactions.cutoff + buffer, pool: pool)
    return ListState(list, reference: reference)
  }

  /// Writes the positions now at each place and tells whether the list still holds every pair within the cutoff.
  ///
  /// With M the map that takes the cell at the time of building to the cell now, two atoms that were farther apart than the
  /// list's range R are now farther apart than R (1 - |M - 1|) less the two displacements that M does not account for.
  private func isValid(_ state: ListState, _ positions: [Vector3], _ cell: Cell) -> Bool {
    let list = state.list
    let map = state.reference.cell.inverse * cell.vectors
    let strain = map - .identity
    let stretch =
      (strain[0].squaredLength + strain[1].squaredLength + strain[2].squaredLength).squareRoot()
    let slack = (interactions.cutoff + buffer) * (1 - stretch) - interactions.cutoff
    guard slack >= 0 else { return false }
    let limit = slack * slack / 4
    let vectors = cell.vectors
    let (origin, oldOrigin) = (cell.origin, state.reference.cell.origin)
    let isSameCell = strain == .zero && origin == oldOrigin
    let grain = 256
    let ranges = (list.count + grain - 1) / grain
    var holds = [Bool](repeating: true, count: ranges)
    holds.withUnsafeMutableBufferPointer { holds in
      let shared = UnsafeSendable(holds)
      let rows = state.positions
      list.order.withUnsafePointers { atoms, images, references in
        positions.withUnsafeBufferPointer { positions in
          pool.forEachBlock(ranges) { number in
            var greatest = 0.0
            for place in number * grain..<min(list.count, (number + 1) * grain) {
              let image = images[place]
              var row = positions[Int(atoms[place])]
              if image != .zero { row -= Vector3(Double(image.x), Double(image.y), Double(image.z)) * vectors }
              rows.base[place] = row
              let reference = isSameCell ? references[place] : (references[place] - oldOrigin) * map + origin
              // Not a maximum, which a number that is not finite would pass by.
              let squared = (row - reference).squaredLength
              if !(squared <= greatest) { greatest = squared }
            }
            if !(greatest <= limit) { shared.value[number] = false }
          }
        }
      }
    }
    return holds.allSatisfy(\.self)
  }

  // MARK: Forces

  private func addBlocks(_ state: ListState, cell: Cell, energies: Bool) -> [PairKernel<Lanes>.Sums] {
    let list = state.list
    let shifts = ClusterList.shifts(of: cell)
    let tables = tables
    let columnCount = 6 * list.longestList
    var sums = [PairKernel<Lanes>.Sums](repeating: .init(), count: list.blocks.count)
    sums.withUnsafeMutableBufferPointer { sums in
      let shared = UnsafeSendable(sums)
      shifts.withUnsafeBufferPointer { shifts in
        list.species.withUnsafeBufferPointer { species in
          list.blocks.withUnsafeBufferPointer { blocks in
            guard let shiftBase = shifts.baseAddress, let speciesBase = species.baseAddress else { return }
            pool.forEachBlock(blocks.count) { number in
              let forces = state.forces.base + state.forceStarts[number]
              forces.update(repeating: .zero, count: blocks[number].pages.count * ClusterList.pageSize)
              let kernel = PairKernel<Lanes>(
                tables: tables, species: speciesBase, atomCount: list.count,
                placed: PlacedPositions(positions: UnsafePointer(state.positions.base), shifts: shiftBase),
                columns: Columns(state.columns.base + number * columnCount, capacity: list.longestList), energies: energies)
              shared.value[number] = kernel.add(blocks[number], to: forces)
            }
          }
        }
      }
    }
    return sums
  }

  /// Adds the forces of all blocks, in the order of the blocks, and hands them to the atoms.
  private func collectForces(_ state: ListState, into forces: UnsafeMutableBufferPointer<Vector3>) {
    let list = state.list
    let shared = UnsafeSendable(forces)
    list.order.atoms.withUnsafeBufferPointer { atoms in
      list.blocks.withUnsafeBufferPointer { blocks in
        // The rows of positions are not needed any more in this call, so the sums take their place.
        let rows = state.positions.base
        let size = ClusterList.pageSize
        pool.forEachRange((list.count + size - 1) / size, grain: 8) { pages in
          let places = pages.lowerBound * size..<min(list.count, pages.upperBound * size)
          (rows + places.lowerBound).update(repeating: .zero, count: places.count)
          for (number, block) in blocks.enumerated() {
            let source = state.forces.base + state.forceStarts[number]
            var index = block.pages.partitioningIndex { $0 >= Int32(pages.lowerBound) }
            while index < block.pages.count, Int(block.pages[index]) < pages.upperBound {
              let start = Int(block.pages[index]) * size
              for place in start..<min(start + size, list.count) { rows[place] += source[index * size + place - start] }
              index += 1
            }
          }
          for place in places { shared.value[Int(atoms[place])] = rows[place] }
        }
      }
    }
  }
}

extension Array {
  /// The first index whose element belongs to the second part of an array that a condition parts in two.
  fileprivate func partitioningIndex(where belongsInSecondPart: (Element) -> Bool) -> Int {
    var (low, high) = (0, count)
    while low < high {
      let middle = (low + high) / 2
      if belongsInSecondPart(self[middle]) { high = middle } else { low = middle + 1 }
    }
    return low
  }
}
