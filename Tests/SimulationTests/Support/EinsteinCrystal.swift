import Interactions
import NumericalMethods
import Structures

/// Atoms on springs to fixed sites: everything about it is known.
final class EinsteinCrystal: ForceCalculator {
  let sites: [Vector3]
  /// In eV/Å².
  let stiffness: Double
  var neighborReference: NeighborReference? {
    get { nil }
    set { _ = newValue }
  }

  init(sites: [Vector3], stiffness: Double) {
    self.sites = sites
    self.stiffness = stiffness
  }

  func evaluate(positions: [Vector3], cell: Cell, forces: inout [Vector3], energies: Bool) throws -> Evaluation {
    var evaluation = Evaluation()
    var total = 0.0
    for i in positions.indices {
      let d = positions[i] - sites[i]
      forces[i] = -stiffness * d
      total += 0.5 * stiffness * d.squaredLength
    }
    if energies { evaluation.energies[.pair] = total }
    return evaluation
  }
}

/// No forces, or the same wrong ones for all atoms.
final class Constant: ForceCalculator {
  let force: Vector3
  var neighborReference: NeighborReference? {
    get { nil }
    set { _ = newValue }
  }

  init(force: Vector3 = .zero) { self.force = force }

  func evaluate(positions: [Vector3], cell: Cell, forces: inout [Vector3], energies: Bool) throws -> Evaluation {
    for i in forces.indices { forces[i] = force }
    var evaluation = Evaluation()
    if energies { evaluation.energies[.pair] = 0 }
    return evaluation
  }
}
