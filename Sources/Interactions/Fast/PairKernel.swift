import CKernels
import Structures

/// The one loop over pairs of the fast calculator.
///
/// For each cluster, the packed neighbours are first laid out in columns relative to the cluster's own corner of space; then
/// each atom of the cluster runs over them, sixteen (or eight) at a time; at last their forces go back to their atoms. Nothing is
/// gathered or scattered inside the loop but the coefficients of the tables.
struct PairKernel<Lanes: KernelLanes>: ~Copyable {
  typealias Scalar = Lanes.Scalar

  private let tables: PairTables<Scalar>
  private let workspace: Workspace

  init(tables: PairTables<Scalar>, longestList: Int) {
    self.tables = tables
    workspace = Workspace(capacity: longestList)
  }

  /// What a block adds up beside forces.
  struct Sums {
    var pairEnergy = 0.0
    var coulombEnergy = 0.0
    var virial = Matrix3.zero
  }

  /// Columns of a cluster's neighbours: positions, and the forces on them.
  private final class Workspace {
    let x: UnsafeMutablePointer<Scalar>
    let capacity: Int

    init(capacity: Int) {
      self.capacity = capacity
      let memory = UnsafeMutableRawPointer.allocate(byteCount: max(64, 6 * capacity * MemoryLayout<Scalar>.stride), alignment: 64)
      x = memory.bindMemory(to: Scalar.self, capacity: 6 * capacity)
    }

    deinit { UnsafeMutableRawPointer(x).deallocate() }
  }

  /// Adds the forces of a block of clusters.
  ///
  /// - Parameters:
  ///   - positions: At each place, wrapped as when the list was built, rows of four.
  ///   - shifts: The lattice shifts by number.
  ///   - forces: From the block's first atom on, round the ring; `block.extent` rows of four, cleared.
  @inline(__always)
  func add(
    _ block: ClusterList.Block, of list: borrowing ClusterList, positions: UnsafePointer<Vector3>,
    shifts: UnsafePointer<Vector3>, forces: UnsafeMutablePointer<Vector3>, energies: Bool
  ) -> Sums {
    var sums = Sums()
    let capacity = workspace.capacity
    let xs = workspace.x
    let (ys, zs) = (xs + capacity, xs + 2 * capacity)
    let (fxs, fys, fzs) = (xs + 3 * capacity, xs + 4 * capacity, xs + 5 * capacity)
    let limit = Lanes(repeating: Scalar(tables.cutoff * tables.cutoff))
    let low = Lanes(repeating: Scalar(Scalar.lowestArgument))
    let high = Lanes(repeating: tables.highestArgument)
    let count = list.count
    let first = block.clusters.lowerBound * SpatialOrder.clusterSize

    block.groups.withUnsafeBufferPointer { groups in
      block.entries.withUnsafeBufferPointer { entries in
        block.masks.withUnsafeBufferPointer { masks in
          list.species.withUnsafeBufferPointer { species in
            guard let entryBase = entries.baseAddress else { return }
            var group = 0
            for (offset, groupEnd) in block.groupEnds.enumerated() {
              let firstAtom = (block.clusters.lowerBound + offset) * SpatialOrder.clusterSize
              let atoms = firstAtom..<min(firstAtom + SpatialOrder.clusterSize, count)
              let clusterGroups = group..<Int(groupEnd)
              group = Int(groupEnd)
              guard let firstGroup = clusterGroups.first, let lastGroup = clusterGroups.last else { continue }
              let start = Int(groups[firstGroup].firstEntry)
              let end = Int(groups[lastGroup].firstEntry) + Int(groups[lastGroup].vectors) * ClusterList.padding
              let center = positions[firstAtom]

              Lanes.stage(entryBase + start, end - start, positions, shifts, center, xs, ys, zs)
              for k in 0..<end - start {
                fxs[k] = 0
                fys[k] = 0
                fzs[k] = 0
              }

              var pairEnergy = Lanes(repeating: 0)
              var coulombEnergy = Lanes(repeating: 0)
              var ownVirial = Matrix3.zero
              for atom in atoms {
                let local = positions[atom] - center
                let xi = Lanes(repeating: Scalar(local.x))
                let yi = Lanes(repeating: Scalar(local.y))
                let zi = Lanes(repeating: Scalar(local.z))
                var fx = Lanes(repeating: 0)
                var fy = Lanes(repeating: 0)
                var fz = Lanes(repeating: 0)
                let ownSpecies = Int(species[atom])
                for number in clusterGroups {
                  let group = groups[number]
                  let otherSpecies = Int(group.species)
                  let table = tables.table(.forceOverDistance, ownSpecies, otherSpecies)
                  let scale = Lanes(repeating: tables.scales[ownSpecies * tables.speciesCount + otherSpecies])
                  var k = Int(group.firstEntry) - start
                  let last = k + Int(group.vectors) * ClusterList.padding
                  let lastMasked = k + Int(group.maskedVectors) * ClusterList.padding

                  // The mask of runs without one is a constant, and the test for it falls away.
                  @inline(__always)
                  func interact(_ mask: UInt16?) {
                    let dx = Lanes(loading: xs + k) - xi
                    let dy = Lanes(loading: ys + k) - yi
                    let dz = Lanes(loading: zs + k) - zi
                    let r2 = (dx * dx).adding(dy, times: dy).adding(dz, times: dz)
                    let interval = (r2 * scale).clamped(from: low, to: high).tableInterval()
                    var f = Lanes.interpolate(table, interval)
                    f = mask.map { f.kept(where: r2, below: limit, mask: $0) } ?? f.kept(where: r2, below: limit)
                    let (px, py, pz) = (f * dx, f * dy, f * dz)
                    fx = fx - px
                    fy = fy - py
                    fz = fz - pz
                    (Lanes(loading: fxs + k) + px).store(to: fxs + k)
                    (Lanes(loading: fys + k) + py).store(to: fys + k)
                    (Lanes(loading: fzs + k) + pz).store(to: fzs + k)
                    if energies {
                      let pair = Lanes.interpolate(tables.table(.pairEnergy, ownSpecies, otherSpecies), interval)
                      let coulomb = Lanes.interpolate(tables.table(.coulombEnergy, ownSpecies, otherSpecies), interval)
                      let keptPair = mask.map { pair.kept(where: r2, below: limit, mask: $0) } ?? pair.kept(where: r2, below: limit)
                      pairEnergy = pairEnergy + keptPair
                      let keptCoulomb =
                        mask.map { coulomb.kept(where: r2, below: limit, mask: $0) } ?? coulomb.kept(where: r2, below: limit)
                      coulombEnergy = coulombEnergy + keptCoulomb
                    }
                  }

                  var maskStart = Int(group.firstMask) + (atom - firstAtom)
                  while k < lastMasked {
                    let bits = masks[maskStart]
                    for part in 0..<ClusterList.padding / Lanes.width {
                      interact(bits >> UInt16(part * Lanes.width))
                      k += Lanes.width
                    }
                    maskStart += SpatialOrder.clusterSize
                  }
                  while k < last {
                    interact(nil)
                    k += Lanes.width
                  }
                }
                let force = Vector3(Double(fx.sum()), Double(fy.sum()), Double(fz.sum()))
                forces[atom - first] += force
                ownVirial += Matrix3.outer(local, force)
              }
              sums.virial += ownVirial
              sums.virial += Lanes.unstage(
                entryBase + start, end - start, UnsafePointer(xs), UnsafePointer(ys), UnsafePointer(zs), UnsafePointer(fxs),
                UnsafePointer(fys), UnsafePointer(fzs), forces, first: first, ring: count)
              if energies {
                sums.pairEnergy += Double(pairEnergy.sum())
                sums.coulombEnergy += Double(coulombEnergy.sum())
              }
            }
          }
        }
      }
    }
    return sums
  }
}
