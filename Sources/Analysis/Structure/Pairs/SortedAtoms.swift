import NumericalMethods
import Structures

/// Atoms sorted by class, then by bin: those of one class in a row of bins follow each other in memory.
struct SortedAtoms: Sendable {
  /// Cartesian coordinates inside the lattice, from its corner, in Å.
  private(set) var x: [Double]
  private(set) var y: [Double]
  private(set) var z: [Double]
  /// The first atom of each bin, bins of the first class first, and one past the last atom.
  private(set) var starts: [Int32]

  init(lattice: BinLattice, origin: Vector3, positions: [Vector3], classOf: [Int32], classes: Int) {
    let count = positions.count
    let binCount = lattice.count
    var wrapped = [Vector3](repeating: .zero, count: count)
    var binOf = [Int32](repeating: -1, count: count)
    var starts = [Int32](repeating: 0, count: classes * binCount + 1)
    let bins = Vector3(Double(lattice.counts.x), Double(lattice.counts.y), Double(lattice.counts.z))
    let highest = bins - 1
    positions.withUnsafeBufferPointer { positions in
      wrapped.withUnsafeMutableBufferPointer { wrapped in
        for atom in 0..<count where classOf[atom] >= 0 {
          let position = positions[atom] - origin
          var f = position * lattice.inverse
          var steps = f.rounded(.down)
          steps.replace(with: 0, where: .!lattice.periodic)
          wrapped[atom] = position - steps * lattice.vectors
          f -= steps
          var place = (f * bins).rounded(.down)
          place.replace(with: highest, where: place .> highest)
          place.replace(with: 0, where: place .< 0)
          let bin = (Int(place.x) * lattice.counts.y + Int(place.y)) * lattice.counts.z + Int(place.z)
          let slot = Int(classOf[atom]) * binCount + bin
          binOf[atom] = Int32(slot)
          starts[slot + 1] += 1
        }
      }
    }
    for slot in 1..<starts.count { starts[slot] += starts[slot - 1] }
    let kept = Int(starts[classes * binCount])
    x = [Double](repeating: 0, count: kept)
    y = x
    z = x
    var next = starts
    for atom in 0..<count where binOf[atom] >= 0 {
      let place = Int(next[Int(binOf[atom])])
      next[Int(binOf[atom])] += 1
      x[place] = wrapped[atom].x
      y[place] = wrapped[atom].y
      z[place] = wrapped[atom].z
    }
    self.starts = starts
  }
}
