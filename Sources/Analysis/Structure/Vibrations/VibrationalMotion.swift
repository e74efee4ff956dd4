import NumericalMethods
import Structures

/// What moves in a frame: velocities of the atoms without common drift, the flux of charge, and the rate of the polarisability.
enum VibrationalMotion {
  /// Removes the velocity of the centre of mass.
  static func withoutDrift(_ velocities: [Vector3], masses: [Double]) -> [Vector3] {
    var momentum = Vector3.zero
    var mass = 0.0
    for i in velocities.indices {
      momentum += velocities[i] * masses[i]
      mass += masses[i]
    }
    guard mass > 0 else { return velocities }
    let drift = momentum / mass
    return velocities.map { $0 - drift }
  }

  /// The flux of charge, `sum q v`, in e Å/ps.
  static func chargeFlux(_ velocities: [Vector3], charges: [Double]) -> Vector3 {
    zip(velocities, charges).reduce(Vector3.zero) { $0 + $1.0 * $1.1 }
  }

  /// The rate of the polarisability of bonds: xx, yy, zz, yz, xz, xy, in units of the parameters times Å/ps.
  ///
  /// With the bond vector R = R n, its rate V and u = n · V:
  ///
  ///     d alpha_ij / dt = u [trace / 3 delta_ij + stretch (n_i n_j - delta_ij / 3)] + turn (V_i n_j + n_i V_j - 2 n_i n_j u)
  ///
  /// Source: Umari, Pasquarello and Dal Corso, Phys. Rev. B 63, 094305 (2001), doi:10.1103/PhysRevB.63.094305.
  static func polarizabilityRate(_ bonds: BondGraph, velocities: [Vector3], _ model: BondPolarizability) -> [Double] {
    var rate = [Double](repeating: 0, count: 6)
    for atom in 0..<bonds.count {
      for bond in bonds.bonds(of: atom) {
        let vector = bonds.displacements[bond]
        let length = bonds.squaredDistances[bond].squareRoot()
        guard length > 0 else { continue }
        let n = vector / length
        let v = velocities[Int(bonds.neighbors[bond])] - velocities[atom]
        let u = n.dot(v)
        // Each bond stands at both of its ends.
        let diagonal = 0.5 * u * (model.trace - model.stretch) / 3
        let along = 0.5 * u * (model.stretch - 2 * model.turn)
        let across = 0.5 * model.turn
        for axis in 0..<3 { rate[axis] += diagonal + along * n[axis] * n[axis] + 2 * across * v[axis] * n[axis] }
        for (place, (i, j)) in [(1, 2), (0, 2), (0, 1)].enumerated() {
          rate[3 + place] += along * n[i] * n[j] + across * (v[i] * n[j] + n[i] * v[j])
        }
      }
    }
    return rate
  }
}
