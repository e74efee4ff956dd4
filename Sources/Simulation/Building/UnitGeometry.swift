import Interactions
import NumericalMethods
import Structures

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// The shape of a structural unit at rest: bonds and angles as the force field wants them, everything else as far apart as that allows.
struct UnitGeometry: Sendable {
  /// In Å, around the centre.
  let positions: [Vector3]

  /// Finds the shape from random starts by pulling on distances: bonds, then the outer distance of each angle.
  ///
  /// - Throws: ``SimulationError`` with code `.packingFailed` where a bond ends up more than 0.1 Å off.
  init(_ unit: StructuralUnit, forceField: ForceField) throws {
    let springs = Self.springs(of: unit, forceField)
    var random = RandomPurpose.placement.stream(seed: 0, number: 1)
    var best: (positions: [Vector3], energy: Double)?
    for _ in 0..<(unit.count > 1 ? 12 : 1) {
      let start = (0..<unit.count).map { _ in 3 * (Vector3(random.uniform(), random.uniform(), random.uniform()) - 0.5) }
      let result = Self.relaxed(start, springs)
      if result.energy < best?.energy ?? .infinity { best = result }
    }
    let found = best?.positions ?? []
    for spring in springs where spring.isBond {
      let length = (found[spring.atoms.x] - found[spring.atoms.y]).length
      guard abs(length - spring.length) < 0.1 else {
        throw SimulationError(
          .packingFailed,
          "the unit \(unit.name) has no shape in which its bonds and angles are those of \(forceField.name): one bond stays at \(length) Å "
            + "instead of \(spring.length) Å; check its bonds in structural-units")
      }
    }
    let center = found.reduce(Vector3.zero, +) / Double(max(1, found.count))
    positions = found.map { $0 - center }
  }

  private struct Spring {
    var atoms: SIMD2<Int>
    var length: Double
    var stiffness: Double
    /// Whether it only pushes.
    var isRepulsion = false
    var isBond = false
  }

  private static func springs(of unit: StructuralUnit, _ forceField: ForceField) -> [Spring] {
    let neighbors = unit.neighbors
    var lengths: [SIMD2<Int>: Double] = [:]
    var springs: [Spring] = []
    for bond in unit.bonds {
      let length = forceField.restLength(unit.labels[bond.x], unit.labels[bond.y]) ?? 2
      lengths[bond] = length
      springs.append(Spring(atoms: bond, length: length, stiffness: 1, isBond: true))
    }
    func length(_ a: Int, _ b: Int) -> Double { lengths[SIMD2(min(a, b), max(a, b))] ?? 2 }
    for vertex in 0..<unit.count {
      for (place, first) in neighbors[vertex].enumerated() {
        for last in neighbors[vertex][(place + 1)...] where lengths[SIMD2(min(first, last), max(first, last))] == nil {
          guard let angle = forceField.restAngle(unit.labels[first], unit.labels[vertex], unit.labels[last]) else { continue }
          let (a, b) = (length(vertex, first), length(vertex, last))
          springs.append(
            Spring(atoms: SIMD2(first, last), length: (a * a + b * b - 2 * a * b * cos(angle)).squareRoot(), stiffness: 0.2))
        }
      }
    }
    let joined = Set(springs.map { SIMD2(min($0.atoms.x, $0.atoms.y), max($0.atoms.x, $0.atoms.y)) })
    for a in 0..<unit.count {
      for b in a + 1..<max(a + 1, unit.count) where !joined.contains(SIMD2(a, b)) {
        springs.append(Spring(atoms: SIMD2(a, b), length: 8, stiffness: 1e-4, isRepulsion: true))
      }
    }
    return springs
  }

  /// Slides down the springs with momentum that is dropped whenever the energy rises.
  private static func relaxed(_ start: [Vector3], _ springs: [Spring]) -> (positions: [Vector3], energy: Double) {
    var positions = start
    var velocities = [Vector3](repeating: .zero, count: start.count)
    var last = Double.infinity
    for _ in 0..<4000 {
      var forces = [Vector3](repeating: .zero, count: start.count)
      var energy = 0.0
      for spring in springs {
        let d = positions[spring.atoms.y] - positions[spring.atoms.x]
        let r = max(1e-6, d.length)
        if spring.isRepulsion, r >= spring.length { continue }
        energy += spring.stiffness * (r - spring.length) * (r - spring.length)
        let pull = d * (2 * spring.stiffness * (r - spring.length) / r)
        forces[spring.atoms.x] += pull
        forces[spring.atoms.y] -= pull
      }
      if energy > last { velocities = velocities.map { _ in .zero } }
      last = energy
      for atom in positions.indices {
        velocities[atom] = 0.98 * velocities[atom] + 0.05 * forces[atom]
        positions[atom] += velocities[atom]
      }
    }
    return (positions, last)
  }
}
