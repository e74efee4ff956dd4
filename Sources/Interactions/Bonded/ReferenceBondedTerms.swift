import NumericalMethods
import Structures

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// Bonded terms computed plainly, one after the other: the oracle of ``BondedTerms``.
///
/// All displacements are those of nearest images.
public final class ReferenceBondedTerms: ForceContribution {
  private let interactions: BondedInteractions

  public init(_ interactions: BondedInteractions) {
    self.interactions = interactions
  }

  public func add(positions: [Vector3], cell: Cell, to forces: inout [Vector3], energies: Bool) throws -> Evaluation {
    var sums: [EnergyTerm: Double] = [:]
    for term in interactions.energyTerms { sums[term] = 0 }
    var virial = Matrix3.zero

    /// Forces on two atoms from the gradient of the energy by the displacement from the first to the second.
    func apply(_ gradient: Vector3, from first: Int32, to second: Int32, _ displacement: Vector3) {
      forces[Int(first)] += gradient
      forces[Int(second)] -= gradient
      virial += Matrix3.outer(displacement, -gradient)
    }
    func displacement(from first: Int32, to second: Int32) -> Vector3 {
      cell.minimumImage(positions[Int(second)] - positions[Int(first)])
    }

    for bond in interactions.bonds {
      let d = displacement(from: bond.atoms.x, to: bond.atoms.y)
      let value = interactions.bondForms[Int(bond.type)](d.length)
      sums[.bonds, default: 0] += value.energy
      apply(d * (value.derivative / d.length), from: bond.atoms.x, to: bond.atoms.y, d)
    }

    for angle in interactions.angles {
      let d1 = displacement(from: angle.atoms.y, to: angle.atoms.x)
      let d2 = displacement(from: angle.atoms.y, to: angle.atoms.z)
      let (r1, r2) = (d1.length, d2.length)
      let cosine = max(-1, min(1, d1.dot(d2) / (r1 * r2)))
      let value = interactions.angleForms[Int(angle.type)](theta: acos(cosine), r12: r1, r23: r2)
      sums[.angles, default: 0] += value.energy
      let byCosine = -value.byTheta / max(AngleGeometry.leastSine, (1 - cosine * cosine).squareRoot())
      let (u1, u2) = (d1 / r1, d2 / r2)
      apply(value.byFirstLeg * u1 + byCosine * (u2 - cosine * u1) / r1, from: angle.atoms.y, to: angle.atoms.x, d1)
      apply(value.bySecondLeg * u2 + byCosine * (u1 - cosine * u2) / r2, from: angle.atoms.y, to: angle.atoms.z, d2)
    }

    for dihedral in interactions.dihedrals {
      let atoms = dihedral.atoms
      let (b1, b2, b3) = (
        displacement(from: atoms.x, to: atoms.y), displacement(from: atoms.y, to: atoms.z), displacement(from: atoms.z, to: atoms.w)
      )
      // The normals of the two planes; φ is the angle between them, positive where a right-handed turn about b2 leads from one to the other.
      let (m, n) = (b1.cross(b2), b2.cross(b3))
      let phi = atan2(b2.length * b1.dot(n), m.dot(n))
      let value = interactions.dihedralForms[Int(dihedral.type)](phi: phi)
      sums[.dihedrals, default: 0] += value.energy
      let gradients = DihedralGeometry.gradients(b1, b2, b3)
      apply(value.derivative * gradients.first, from: atoms.x, to: atoms.y, b1)
      apply(value.derivative * gradients.second, from: atoms.y, to: atoms.z, b2)
      apply(value.derivative * gradients.third, from: atoms.z, to: atoms.w, b3)
    }

    var result = Evaluation()
    result.virial = virial
    if energies { result.energies = sums }
    return result
  }
}

/// What dihedrals have in common.
enum DihedralGeometry {
  /// The least squared normal of a plane in units of the squared legs: three atoms in a line have no plane, and feel nothing.
  static let leastNormal = 1e-10

  /// The gradients of φ by the three displacements 1 → 2, 2 → 3, 3 → 4.
  ///
  /// Source: Blondel and Karplus, J. Comput. Chem. 17, 1132 (1996), rewritten for displacements.
  static func gradients(_ b1: Vector3, _ b2: Vector3, _ b3: Vector3) -> (first: Vector3, second: Vector3, third: Vector3) {
    let (m, n) = (b1.cross(b2), b2.cross(b3))
    let (m2, n2, length) = (m.squaredLength, n.squaredLength, b2.length)
    guard m2 > leastNormal * b1.squaredLength * b2.squaredLength, n2 > leastNormal * b2.squaredLength * b3.squaredLength else {
      return (.zero, .zero, .zero)
    }
    let first = m * (length / m2)
    let third = n * (length / n2)
    return (first, -(b1.dot(b2) * first + b2.dot(b3) * third) / b2.squaredLength, third)
  }
}
