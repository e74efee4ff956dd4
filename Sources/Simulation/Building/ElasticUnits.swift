import Interactions
import NumericalMethods
import Structures

/// Soft spheres that push units apart, and springs between all atoms of a unit that keep its shape.
///
/// Where no two units overlap and every unit is as it was, the energy is zero: minimising it moves and turns units as if they were rigid.
final class ElasticUnits: ForceCalculator {
  private let repulsion: SoftRepulsion
  /// The first atom of each unit, and the distances of its shape, row by row.
  private let units: [(first: Int, count: Int, shape: Int)]
  private let distances: [[Double]]
  private let stiffness: Double

  /// - Parameters:
  ///   - units: The first atom of each unit and the number of its shape.
  ///   - shapes: Positions of the atoms of each shape in Å.
  ///   - stiffness: In eV/Å².
  init(repulsion: SoftRepulsion, units: [(first: Int, shape: Int)], shapes: [[Vector3]], stiffness: Double = 4) {
    self.repulsion = repulsion
    self.stiffness = stiffness
    self.units = units.map { ($0.first, shapes[$0.shape].count, $0.shape) }.filter { $0.1 > 1 }
    distances = shapes.map { shape in shape.flatMap { a in shape.map { ($0 - a).length } } }
  }

  var neighborReference: NeighborReference? {
    get { repulsion.neighborReference }
    set { repulsion.neighborReference = newValue }
  }

  func evaluate(positions: [Vector3], cell: Cell, forces: inout [Vector3], energies: Bool) throws -> Evaluation {
    var result = try repulsion.evaluate(positions: positions, cell: cell, forces: &forces, energies: energies)
    var energy = 0.0
    for unit in units {
      let lengths = distances[unit.shape]
      for a in 0..<unit.count {
        for b in a + 1..<unit.count {
          let d = positions[unit.first + b] - positions[unit.first + a]
          let r = max(1e-9, d.length)
          let stretch = r - lengths[a * unit.count + b]
          energy += 0.5 * stiffness * stretch * stretch
          let pull = d * (stiffness * stretch / r)
          forces[unit.first + a] += pull
          forces[unit.first + b] -= pull
          result.virial += Matrix3.outer(d, -pull)
        }
      }
    }
    if energies { result.energies[.pair, default: 0] += energy }
    return result
  }

  /// The largest change of any distance within a unit, in Å.
  func largestStrain(_ positions: [Vector3]) -> Double {
    var largest = 0.0
    for unit in units {
      for a in 0..<unit.count {
        for b in a + 1..<unit.count {
          let r = (positions[unit.first + b] - positions[unit.first + a]).length
          largest = max(largest, abs(r - distances[unit.shape][a * unit.count + b]))
        }
      }
    }
    return largest
  }
}
