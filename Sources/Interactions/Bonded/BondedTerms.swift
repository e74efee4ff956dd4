import CKernels
import NumericalMethods
import Structures

/// Bonded terms computed fast: eight at a time, on all threads of a pool.
///
/// ``ReferenceBondedTerms`` is its plain twin. The bits of the result do not depend on the number of threads.
public final class BondedTerms: ForceContribution {
  private let interactions: BondedInteractions
  private let series: [DihedralSeries]
  private let layout: BondedLayout
  private let pool: WorkerPool
  /// Rows of x, y, z and 1/r, one an edge.
  private let edges: AlignedMemory<Vector4>
  /// The gradient of each edge: at first that of its bond, in the end that of all terms.
  private let gradients: AlignedMemory<Vector3>
  /// Columns of the gradients of each term by each of its edges.
  private let columns: AlignedMemory<Double>

  private static let edgeGrain = 512
  private static let atomGrain = 1024

  public init(_ interactions: BondedInteractions, pool: WorkerPool) {
    self.interactions = interactions
    self.pool = pool
    series = interactions.dihedralForms.map(DihedralSeries.init)
    layout = BondedLayout(interactions)
    edges = AlignedMemory(count: layout.edges.count)
    gradients = AlignedMemory(count: layout.edges.count)
    columns = AlignedMemory(count: 3 * layout.slots)
  }

  public func add(positions: [Vector3], cell: Cell, to forces: inout [Vector3], energies: Bool) throws -> Evaluation {
    placeEdges(positions, cell)
    let sums = addBatches()
    let virial = collectEdges()
    collectAtoms(into: &forces)
    var result = Evaluation()
    result.virial = virial
    guard energies else { return result }
    for term in interactions.energyTerms { result.energies[term] = 0 }
    for (batch, sum) in zip(layout.batches, sums) {
      let term: EnergyTerm =
        switch batch.kind {
        case .bonds: .bonds
        case .angles: .angles
        case .dihedrals: .dihedrals
        }
      result.energies[term, default: 0] += sum
    }
    return result
  }

  // MARK: Edges

  private func placeEdges(_ positions: [Vector3], _ cell: Cell) {
    let nearest = NearestImage(cell)
    let (rows, gradients) = (edges.base, gradients.base)
    positions.withUnsafeBufferPointer { positions in
      layout.edges.withUnsafeBufferPointer { ends in
        pool.forEachRange(ends.count, grain: Self.edgeGrain) { range in
          for edge in range {
            let d = nearest(positions[Int(ends[edge].y)] - positions[Int(ends[edge].x)])
            rows[edge] = Vector4(d, 1 / d.squaredLength.squareRoot())
            gradients[edge] = .zero
          }
        }
      }
    }
  }

  /// Adds up the gradients of each edge.
  ///
  /// - Returns: The virial.
  private func collectEdges() -> Matrix3 {
    let count = layout.edges.count
    let blocks = (count + Self.edgeGrain - 1) / Self.edgeGrain
    var virials = [Matrix3](repeating: .zero, count: blocks)
    let (rows, gradients, slots) = (edges.base, gradients.base, layout.slots)
    let (gx, gy, gz) = (columns.base, columns.base + slots, columns.base + 2 * slots)
    virials.withUnsafeMutableBufferPointer { virials in
      let virials = virials
      layout.weights.withUnsafeBufferPointer { weights in
        layout.edgeSlots.starts.withUnsafeBufferPointer { starts in
          layout.edgeSlots.items.withUnsafeBufferPointer { items in
            pool.forEachBlock(blocks) { block in
              var virial = Matrix3.zero
              for edge in block * Self.edgeGrain..<min(count, (block + 1) * Self.edgeGrain) {
                var sum = gradients[edge]
                for place in Int(starts[edge])..<Int(starts[edge + 1]) {
                  let slot = Int(items[place] >> 1)
                  let gradient = Vector3(gx[slot], gy[slot], gz[slot])
                  if items[place] & 1 == 0 { sum += gradient } else { sum -= gradient }
                }
                sum *= weights[edge]
                gradients[edge] = sum
                virial += Matrix3.outer(rows[edge].xyz, -sum)
              }
              virials[block] = virial
            }
          }
        }
      }
    }
    return virials.reduce(into: .zero) { $0 += $1 }
  }

  private func collectAtoms(into forces: inout [Vector3]) {
    let gradients = gradients.base
    forces.withUnsafeMutableBufferPointer { forces in
      let forces = forces
      layout.atoms.withUnsafeBufferPointer { atoms in
        layout.atomEdges.starts.withUnsafeBufferPointer { starts in
          layout.atomEdges.items.withUnsafeBufferPointer { items in
            pool.forEachRange(atoms.count, grain: Self.atomGrain) { range in
              for index in range {
                var sum = Vector3.zero
                for place in Int(starts[index])..<Int(starts[index + 1]) {
                  let gradient = gradients[Int(items[place] >> 1)]
                  if items[place] & 1 == 0 { sum += gradient } else { sum -= gradient }
                }
                forces[Int(atoms[index])] += sum
              }
            }
          }
        }
      }
    }
  }

  // MARK: Terms

  /// Computes the terms of all batches.
  ///
  /// - Returns: The energy of each.
  private func addBatches() -> [Double] {
    var sums = [Double](repeating: 0, count: layout.batches.count)
    sums.withUnsafeMutableBufferPointer { sums in
      let sums = sums
      layout.batches.withUnsafeBufferPointer { batches in
        pool.forEachBlock(batches.count) { number in
          let batch = batches[number]
          sums[number] =
            switch batch.kind {
            case .bonds: addBonds(batch)
            case .angles: addAngles(batch)
            case .dihedrals: addDihedrals(batch)
            }
        }
      }
    }
    return sums
  }

  /// The sum of the energies of a batch, given those of each vector.
  @inline(__always)
  private func sum(_ batch: BondedLayout.Batch, _ energy: (_ vector: Int) -> EightLanes) -> Double {
    var total = EightLanes(repeating: 0)
    for vector in batch.vectors.dropLast() { total += energy(vector) }
    var last = energy(batch.vectors.upperBound - 1)
    for lane in batch.lastLanes..<BondedLayout.lanes { last[lane] = 0 }
    return (total + last).sum()
  }

  private func addBonds(_ batch: BondedLayout.Batch) -> Double {
    let form = interactions.bondForms[batch.form]
    return sum(batch) { vector in
      let first = vector * BondedLayout.lanes
      var inverse = EightLanes(repeating: 0)
      for lane in 0..<BondedLayout.lanes { inverse[lane] = edges.base[first + lane].w }
      let value = form(1 / inverse)
      let factor = value.derivative * inverse
      for lane in 0..<BondedLayout.lanes { gradients.base[first + lane] = edges.base[first + lane].xyz * factor[lane] }
      return value.energy
    }
  }

  private func addAngles(_ batch: BondedLayout.Batch) -> Double {
    let form = interactions.angleForms[batch.form]
    let (first, second) = (leg(0, of: layout.angles), leg(1, of: layout.angles))
    return sum(batch) { vector in
      let (u1, i1) = first.unit(vector)
      let (u2, i2) = second.unit(vector)
      let cosine = u1.dot(u2).clampedToCosines
      let value = form(cosine: cosine, r12: 1 / i1, r23: 1 / i2)
      let (c1, c2) = (value.byCosine * i1, value.byCosine * i2)
      first.store(u1 * (value.byFirstLeg - cosine * c1) + u2 * c1, vector)
      second.store(u2 * (value.bySecondLeg - cosine * c2) + u1 * c2, vector)
      return value.energy
    }
  }

  private func addDihedrals(_ batch: BondedLayout.Batch) -> Double {
    let series = series[batch.form]
    let (first, second, third) = (leg(0, of: layout.dihedrals), leg(1, of: layout.dihedrals), leg(2, of: layout.dihedrals))
    if series.isZero {
      for vector in batch.vectors { for leg in [first, second, third] { leg.store(.zero, vector) } }
      return 0
    }
    return sum(batch) { vector in
      // Unit vectors: φ depends on directions alone, and its gradient by a vector is that by its direction over its length.
      let (u1, i1) = first.unit(vector)
      let (u2, i2) = second.unit(vector)
      let (u3, i3) = third.unit(vector)
      let (m, n) = (u1.cross(u2), u2.cross(u3))
      let (m2, n2) = (m.dot(m), n.dot(n))
      let flat = (m2 .< DihedralGeometry.leastNormal) .| (n2 .< DihedralGeometry.leastNormal)
      let safeM = m2.replacing(with: 1, where: flat)
      let safeN = n2.replacing(with: 1, where: flat)
      let norm = 1 / ck_sqrt8(safeM * safeN)
      let value = series(cosine: m.dot(n) * norm, sine: u1.dot(n) * norm)
      let slope = value.derivative.replacing(with: 0, where: flat)
      let g1 = m * (slope / safeM)
      let g3 = n * (slope / safeN)
      let g2 = (g1 * u1.dot(u2) + g3 * u2.dot(u3)) * -1
      first.store(g1 * i1, vector)
      second.store(g2 * i2, vector)
      third.store(g3 * i3, vector)
      return value.energy
    }
  }

  private func leg(_ number: Int, of legs: BondedLayout.Legs) -> LegColumns {
    LegColumns(
      rows: UnsafeRawPointer(edges.base).assumingMemoryBound(to: Double.self), offsets: legs.offsets[number], signs: legs.signs[number],
      gradients: columns.base + legs.firstSlot[number], stride: layout.slots)
  }
}

/// One leg of each term: where its edges are, and where its gradients go.
private struct LegColumns {
  let rows: UnsafePointer<Double>
  let offsets: [Int32]
  let signs: [Double]
  let gradients: UnsafeMutablePointer<Double>
  let stride: Int

  /// Unit vectors along the legs, and the inverse lengths.
  @inline(__always)
  func unit(_ vector: Int) -> (EightVectors, EightLanes) {
    offsets.withUnsafeBufferPointer { offsets in
      signs.withUnsafeBufferPointer { signs in
        let first = vector * BondedLayout.lanes
        @inline(__always) func row(_ lane: Int) -> UnsafePointer<Double> { rows + Int(offsets[first + lane]) }
        let (r0, r1, r2, r3) = (row(0), row(1), row(2), row(3))
        let (r4, r5, r6, r7) = (row(4), row(5), row(6), row(7))
        @inline(__always) func column(_ c: Int) -> EightLanes {
          EightLanes(r0[c], r1[c], r2[c], r3[c], r4[c], r5[c], r6[c], r7[c])
        }
        let inverse = column(3)
        let scale =
          inverse
          * EightLanes(
            signs[first], signs[first + 1], signs[first + 2], signs[first + 3], signs[first + 4], signs[first + 5], signs[first + 6],
            signs[first + 7])
        return (EightVectors(x: column(0) * scale, y: column(1) * scale, z: column(2) * scale), inverse)
      }
    }
  }

  @inline(__always)
  func store(_ value: EightVectors, _ vector: Int) {
    let place = UnsafeMutableRawPointer(gradients + vector * BondedLayout.lanes)
    let bytes = stride * MemoryLayout<Double>.stride
    place.storeBytes(of: value.x, as: EightLanes.self)
    place.storeBytes(of: value.y, toByteOffset: bytes, as: EightLanes.self)
    place.storeBytes(of: value.z, toByteOffset: 2 * bytes, as: EightLanes.self)
  }
}
