import CKernels
import NumericalMethods
import Structures

/// The one loop over pairs of the fast calculator, over one block of clusters.
///
/// For each cluster, the packed neighbours are first laid out in columns relative to the cluster's first atom; then each
/// atom of the cluster runs over them, a vector at a time; at last their forces go back to their atoms. Inside the loop nothing
/// is gathered or scattered but the coefficients of the tables.
struct PairKernel<Lanes: KernelLanes> {
  typealias Scalar = Lanes.Scalar

  /// What a block adds up beside forces.
  struct Sums {
    var pairEnergy = 0.0
    var coulombEnergy = 0.0
    var virial = Matrix3.zero
  }

  let tables: PairTables<Scalar>
  let species: UnsafePointer<Int32>
  let atomCount: Int
  let placed: PlacedPositions
  let columns: Columns<Scalar>
  let energies: Bool

  /// Adds the forces of a block.
  ///
  /// - Parameter forces: The block's rows, cleared before.
  func add(_ block: ClusterList.Block, to forces: UnsafeMutablePointer<Vector3>) -> Sums {
    var sums = Sums()
    block.groups.withUnsafeBufferPointer { groups in
      block.entries.withUnsafeBufferPointer { entries in
        block.masks.withUnsafeBufferPointer { masks in
          block.rows.withUnsafeBufferPointer { rows in
            guard let entryBase = entries.baseAddress, let maskBase = masks.baseAddress, let rowBase = rows.baseAddress else { return }
            var start = 0
            for (offset, end) in block.groupEnds.enumerated() {
              let firstAtom = (block.clusters.lowerBound + offset) * SpatialOrder.clusterSize
              let atoms = firstAtom..<min(firstAtom + SpatialOrder.clusterSize, atomCount)
              add(
                atoms, groups: groups[start..<Int(end)], entries: entryBase, rows: rowBase, masks: maskBase,
                to: forces, ownForces: forces + Int(block.clusterRows[offset]), &sums)
              start = Int(end)
            }
          }
        }
      }
    }
    // Atoms and neighbours each give the upper triangle of a tensor that is symmetric only as a whole.
    sums.virial = sums.virial.mirroringUpperTriangle
    return sums
  }

  /// Adds the forces of one cluster and its neighbours.
  @inline(__always)
  private func add(
    _ atoms: Range<Int>, groups: Slice<UnsafeBufferPointer<ClusterList.Group>>, entries: UnsafePointer<UInt32>,
    rows: UnsafePointer<UInt32>, masks: UnsafePointer<UInt16>, to forces: UnsafeMutablePointer<Vector3>,
    ownForces: UnsafeMutablePointer<Vector3>, _ sums: inout Sums
  ) {
    guard let firstGroup = groups.first, let lastGroup = groups.last else { return }
    let start = Int(firstGroup.firstEntry)
    let listed = PackedEntries(
      base: entries + start, rows: rows + start, count: Int(lastGroup.firstEntry) + Int(lastGroup.vectors) * ClusterList.padding - start)
    let center = placed.positions[atoms.lowerBound]
    Lanes.stage(listed, placed, center: center, columns)
    columns.fx.update(repeating: 0, count: listed.count)
    columns.fy.update(repeating: 0, count: listed.count)
    columns.fz.update(repeating: 0, count: listed.count)

    var energy = PairEnergies<Lanes>()
    for atom in atoms {
      let local = placed.positions[atom] - center
      var row = AtomRow<Lanes>(local)
      for group in groups {
        let pair = PairCoefficients<Lanes>(tables, Int(species[atom]), Int(group.species))
        let start = Int(group.firstEntry) - start
        let end = start + Int(group.vectors) * ClusterList.padding
        let endOfMasked = start + Int(group.maskedVectors) * ClusterList.padding
        var mask = masks + Int(group.firstMask) + (atom - atoms.lowerBound)
        for k in stride(from: start, to: endOfMasked, by: Lanes.width) {
          let lane = (k - start) % ClusterList.padding
          let limit = pair.limit.kept(where: mask.pointee >> UInt16(truncatingIfNeeded: lane))
          if energies { energy.add(row, pair, columns, k..<k + Lanes.width, below: limit) }
          row.interact(pair, columns, k..<k + Lanes.width, below: limit)
          if lane + Lanes.width == ClusterList.padding { mask += SpatialOrder.clusterSize }
        }
        if energies { energy.add(row, pair, columns, endOfMasked..<end, below: pair.limit) }
        row.interact(pair, columns, endOfMasked..<end, below: pair.limit)
      }
      let force = row.force
      ownForces[atom - atoms.lowerBound] += force
      sums.virial += Matrix3.outer(local, force)
    }
    sums.virial += neighborVirial(listed.count)
    Lanes.unstage(listed, columns, to: forces)
    if energies {
      sums.pairEnergy += Double(energy.pair.sum())
      sums.coulombEnergy += Double(energy.coulomb.sum())
    }
  }

  /// The sum of position times force over the neighbours in columns.
  @inline(__always)
  private func neighborVirial(_ count: Int) -> Matrix3 {
    var xx = Lanes(repeating: 0)
    var (yy, zz, yz, xz, xy) = (xx, xx, xx, xx, xx)
    var k = 0
    while k < count {
      let (x, y, z) = (Lanes(loading: columns.x + k), Lanes(loading: columns.y + k), Lanes(loading: columns.z + k))
      let (fx, fy, fz) = (Lanes(loading: columns.fx + k), Lanes(loading: columns.fy + k), Lanes(loading: columns.fz + k))
      xx = xx.adding(x, times: fx)
      yy = yy.adding(y, times: fy)
      zz = zz.adding(z, times: fz)
      yz = yz.adding(y, times: fz)
      xz = xz.adding(x, times: fz)
      xy = xy.adding(x, times: fy)
      k += Lanes.width
    }
    let (sxx, syy, szz) = (Double(xx.sum()), Double(yy.sum()), Double(zz.sum()))
    let (syz, sxz, sxy) = (Double(yz.sum()), Double(xz.sum()), Double(xy.sum()))
    return Matrix3(Vector3(sxx, sxy, sxz), Vector3(sxy, syy, syz), Vector3(sxz, syz, szz))
  }
}

extension Matrix3 {
  /// The symmetric matrix with the same upper triangle.
  fileprivate var mirroringUpperTriangle: Matrix3 {
    Matrix3(self[0], Vector3(self[0].y, self[1].y, self[1].z), Vector3(self[0].z, self[1].z, self[2].z))
  }
}

/// What the loop needs to know of a pair of species.
private struct PairCoefficients<Lanes: KernelLanes> {
  let force, pairEnergy, coulombEnergy: UnsafePointer<Lanes.Scalar>
  let scale: Lanes
  /// The squared cutoff in every lane.
  let limit: Lanes
  let highest: Lanes.Scalar

  @inline(__always)
  init(_ tables: PairTables<Lanes.Scalar>, _ own: Int, _ other: Int) {
    force = tables.table(.forceOverDistance, own, other)
    pairEnergy = tables.table(.pairEnergy, own, other)
    coulombEnergy = tables.table(.coulombEnergy, own, other)
    scale = Lanes(repeating: tables.scale(own, other))
    limit = Lanes(repeating: Lanes.Scalar(tables.cutoff * tables.cutoff))
    highest = tables.highestArgument
  }
}

/// One atom of a cluster on its way over the cluster's neighbours.
private struct AtomRow<Lanes: KernelLanes> {
  let x, y, z: Lanes
  private var fx = Lanes(repeating: 0)
  private var fy = Lanes(repeating: 0)
  private var fz = Lanes(repeating: 0)

  @inline(__always)
  init(_ position: Vector3) {
    x = Lanes(repeating: Lanes.Scalar(position.x))
    y = Lanes(repeating: Lanes.Scalar(position.y))
    z = Lanes(repeating: Lanes.Scalar(position.z))
  }

  /// Adds the forces of the pairs with a range of neighbours.
  ///
  /// - Parameter limit: The squared cutoff; 0 in lanes that do not take part.
  @inline(__always)
  mutating func interact(_ pair: PairCoefficients<Lanes>, _ columns: Columns<Lanes.Scalar>, _ range: Range<Int>, below limit: Lanes) {
    var k = range.lowerBound
    while k < range.upperBound {
      let dx = Lanes(loading: columns.x + k) - x
      let dy = Lanes(loading: columns.y + k) - y
      let dz = Lanes(loading: columns.z + k) - z
      let r2 = (dx * dx).adding(dy, times: dy).adding(dz, times: dz)
      defer { k += Lanes.width }
      guard r2.isAnywhere(below: limit) else { continue }
      let f = Lanes.interpolate(pair.force, at: r2 * pair.scale, highest: pair.highest).kept(where: r2, below: limit)
      let (px, py, pz) = (f * dx, f * dy, f * dz)
      fx = fx - px
      fy = fy - py
      fz = fz - pz
      (Lanes(loading: columns.fx + k) + px).store(to: columns.fx + k)
      (Lanes(loading: columns.fy + k) + py).store(to: columns.fy + k)
      (Lanes(loading: columns.fz + k) + pz).store(to: columns.fz + k)
    }
  }

  /// The force on the atom from all the neighbours that it met.
  @inline(__always)
  var force: Vector3 { Vector3(Double(fx.sum()), Double(fy.sum()), Double(fz.sum())) }
}

/// The energies of the pairs of one cluster, in lanes.
private struct PairEnergies<Lanes: KernelLanes> {
  var pair = Lanes(repeating: 0)
  var coulomb = Lanes(repeating: 0)

  /// Adds the energies of the pairs of an atom with a range of neighbours.
  mutating func add(
    _ row: AtomRow<Lanes>, _ species: PairCoefficients<Lanes>, _ columns: Columns<Lanes.Scalar>, _ range: Range<Int>, below limit: Lanes
  ) {
    var k = range.lowerBound
    while k < range.upperBound {
      let dx = Lanes(loading: columns.x + k) - row.x
      let dy = Lanes(loading: columns.y + k) - row.y
      let dz = Lanes(loading: columns.z + k) - row.z
      let r2 = (dx * dx).adding(dy, times: dy).adding(dz, times: dz)
      let argument = r2 * species.scale
      pair = pair + Lanes.interpolate(species.pairEnergy, at: argument, highest: species.highest).kept(where: r2, below: limit)
      coulomb =
        coulomb + Lanes.interpolate(species.coulombEnergy, at: argument, highest: species.highest).kept(where: r2, below: limit)
      k += Lanes.width
    }
  }
}
