import CKernels
import NumericalMethods
import Structures

/// The legs of one vertex in columns, and the sum over their pairs.
///
/// Every ordered pair is computed, with the first leg across the lanes and the second one after the other: nothing then needs to be
/// summed across lanes, and each leg's gradient is complete when the loop ends.
struct ThreeBodyColumns {
  typealias Leg = ThreeBodyTables.Leg

  /// Numbers in columns: unit vector, inverse length, factor and logarithmic slope of each leg; room for the staging and for results.
  private let x, y, z, inverse, factor, slope, linear: UnsafeMutablePointer<Double>
  /// For each species of a second leg, three columns of its parameters with each first leg.
  private let parameters: UnsafeMutablePointer<Double>
  private let species, slots: UnsafeMutablePointer<Int32>
  private let memory: AlignedMemory<Double>
  private let indices: AlignedMemory<Int32>
  private let capacity: Int
  private let speciesCount: Int
  /// The legs within their cutoffs, and the vectors that hold them.
  private var count = 0
  private var vectors: Int { (count + width - 1) / width }
  private var width: Int { EightLanes.scalarCount }

  /// - Parameter capacity: A multiple of eight, more than the longest list.
  init(capacity: Int, species: Int) {
    self.capacity = capacity
    speciesCount = species
    memory = AlignedMemory(count: capacity * (7 + 3 * species))
    indices = AlignedMemory(count: 2 * capacity)
    let base = memory.base
    (x, y, z) = (base, base + capacity, base + 2 * capacity)
    (inverse, factor, slope, linear) = (base + 3 * capacity, base + 4 * capacity, base + 5 * capacity, base + 6 * capacity)
    parameters = base + 7 * capacity
    (self.species, slots) = (indices.base, indices.base + capacity)
  }

  /// Lays out the legs that are within their cutoffs now, in the order of the list.
  ///
  /// - Parameter legs: By species, for the vertex's own.
  @inline(__always)
  mutating func stage(
    _ entries: UnsafeBufferPointer<ThreeBodyList.Entry>, legs: UnsafePointer<Leg>, center: Vector3,
    _ positions: UnsafePointer<Vector3>, _ shifts: UnsafePointer<Vector3>
  ) {
    count = 0
    for k in entries.indices {
      let entry = entries[k]
      let d = positions[Int(entry.atom)] - center + shifts[Int(entry.image)]
      let r2 = d.squaredLength
      let leg = legs[Int(entry.species)]
      (x[count], y[count], z[count]) = (d.x, d.y, d.z)
      // Until `prepare`, these columns hold the squared length, the cutoff and the constants.
      (inverse[count], factor[count], slope[count], linear[count]) = (r2, leg.cutoff, leg.inverse, leg.linear)
      species[count] = entry.species
      slots[count] = Int32(k)
      // Written in any case, and kept or not: every second leg is too long, and no processor guesses which.
      count += r2 < leg.squaredCutoff ? 1 : 0
    }
    for k in count..<vectors * width {
      (x[k], y[k], z[k], inverse[k], factor[k], slope[k], linear[k]) = (0, 0, 0, 1, 2, 0, 0)
      species[k] = 0
    }
    prepare()
  }

  /// Turns displacements into unit vectors, and lengths into factors.
  @inline(__always)
  private func prepare() {
    for v in 0..<vectors {
      let k = v * width
      let r2 = load(inverse, k)
      let (cutoff, strength, linear) = (load(factor, k), load(slope, k), load(self.linear, k))
      let r = ck_sqrt8(r2)
      let i = 1 / r
      store(load(x, k) * i, x, k)
      store(load(y, k) * i, y, k)
      store(load(z, k) * i, z, k)
      store(i, inverse, k)
      // A leg that ends on its cutoff to the last bit must not divide by zero.
      let gap = r - cutoff
      let t = 1 / gap.replacing(with: -1e-9, where: gap .> -1e-9)
      store((strength * t + linear * r).exponential, factor, k)
      store(linear - strength * t * t, slope, k)
    }
    for k in count..<vectors * width { factor[k] = 0 }
  }

  /// Adds up all pairs of legs.
  ///
  /// - Parameters:
  ///   - triplets: By first and second species, for the vertex's own.
  ///   - gradients: The places of the vertex's entries; those of legs within their cutoffs are written.
  /// - Returns: The sum of the gradients.
  @inline(__always)
  func evaluate<Angular: AngularKernel>(
    _: Angular.Type, triplets: UnsafePointer<ThreeBodyInteractions.Triplet>, gradients: UnsafeMutablePointer<Vector3>,
    _ sums: inout ThreeBodyTerms.Sums
  ) -> Vector3 {
    guard count > 1 else {
      // One leg alone has no partner.
      if count == 1 { gradients[Int(slots[0])] = .zero }
      return .zero
    }
    fillParameters(triplets, saturates: Angular.saturates)
    var total = Vector3.zero
    let lanes = EightLanes(0, 1, 2, 3, 4, 5, 6, 7)
    for v in 0..<vectors {
      let first = v * width
      let (ux, uy, uz) = (load(x, first), load(y, first), load(z, first))
      let place = lanes + Double(first)
      var (value, along) = (EightLanes(repeating: 0), EightLanes(repeating: 0))
      var (gx, gy, gz) = (EightLanes(repeating: 0), EightLanes(repeating: 0), EightLanes(repeating: 0))
      for k in 0..<count {
        let column = parameters + 3 * capacity * Int(species[k]) + first
        let (kx, ky, kz) = (x[k], y[k], z[k])
        let cosine = (ux * kx).adding(uy, times: EightLanes(repeating: ky)).adding(uz, times: EightLanes(repeating: kz))
        let part = Angular.value(
          cosine, rest: load(column, capacity), saturation: Angular.saturates ? load(column, 2 * capacity) : EightLanes(repeating: 0))
        // A leg is no partner of its own.
        let weight = load(column, 0) * EightLanes(repeating: factor[k]).replacing(with: 0, where: place .== Double(k))
        value = value.adding(weight, times: part.value)
        let pull = weight * part.slope
        along = along.adding(pull, times: cosine)
        gx = gx.adding(pull, times: EightLanes(repeating: kx))
        gy = gy.adding(pull, times: EightLanes(repeating: ky))
        gz = gz.adding(pull, times: EightLanes(repeating: kz))
      }
      let own = load(factor, first)
      let i = load(inverse, first)
      let scale = own * i
      let energy = value * own
      let radial = load(slope, first) * energy - along * scale
      let (fx, fy, fz) = (ux * radial + gx * scale, uy * radial + gy * scale, uz * radial + gz * scale)
      // Each pair has been counted from both of its legs.
      sums.energies += energy
      let r = 1 / i
      let force = EightVectors(x: fx, y: fy, z: fz)
      sums.virialX = sums.virialX.adding(force, times: ux * r)
      sums.virialY = sums.virialY.adding(force, times: uy * r)
      sums.virialZ = sums.virialZ.adding(force, times: uz * r)
      for lane in 0..<min(width, count - first) {
        let gradient = Vector3(fx[lane], fy[lane], fz[lane])
        gradients[Int(slots[first + lane])] = gradient
        total += gradient
      }
    }
    return total
  }

  @inline(__always)
  private func fillParameters(_ triplets: UnsafePointer<ThreeBodyInteractions.Triplet>, saturates: Bool) {
    var last: Int32 = -1
    for k in 0..<count where species[k] != last {
      // Legs stand in the order of their species.
      last = species[k]
      let column = parameters + 3 * capacity * Int(last)
      for first in 0..<vectors * width {
        let triplet = triplets + Int(species[first]) * speciesCount + Int(last)
        column[first] = triplet.pointee.strength
        column[capacity + first] = triplet.pointee.rest
        if saturates { column[2 * capacity + first] = triplet.pointee.saturation }
      }
    }
  }

  @inline(__always)
  private func load(_ column: UnsafeMutablePointer<Double>, _ k: Int) -> EightLanes {
    UnsafeRawPointer(column + k).loadUnaligned(as: EightLanes.self)
  }

  @inline(__always)
  private func store(_ value: EightLanes, _ column: UnsafeMutablePointer<Double>, _ k: Int) {
    UnsafeMutableRawPointer(column + k).storeBytes(of: value, as: EightLanes.self)
  }
}
