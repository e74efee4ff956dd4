import Structures

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// The atoms of one frame as slabs see them: a depth, and a place in the plane as shares of its edges.
struct SlabAtoms: Sendable {
  /// In layers, 0 to their number where the axis repeats.
  private(set) var depth: [Double] = []
  private(set) var first: [Double] = []
  private(set) var second: [Double] = []
  /// The width of a Gaussian in layers.
  let width: Double

  init(_ configuration: Configuration, isTaken: (Int) -> Bool, geometry: SlabGeometry, plane: SlabPlane) {
    let cell = configuration.cell
    let axis = geometry.axis.index
    width = geometry.gaussianWidth / geometry.axis.length(of: cell) * Double(geometry.layers)
    for atom in configuration.positions.indices where isTaken(atom) {
      let f = cell.fractional(configuration.positions[atom])
      // The image inside the cell, with all of its step in the plane.
      let inside = geometry.isPeriodic ? f[axis] - f[axis].rounded(.down) : f[axis]
      depth.append(inside * Double(geometry.layers))
      first.append(f[(axis + 1) % 3] + inside * plane.tilt.x)
      second.append(f[(axis + 2) % 3] + inside * plane.tilt.y)
    }
  }

  var count: Int { depth.count }

  /// The share of an atom's Gaussian between two depths, in layers.
  @inline(__always)
  func share(_ depth: Double, from low: Double, to high: Double) -> Double {
    let scale = 0.5.squareRoot() / width
    return 0.5 * (erf((high - depth) * scale) - erf((low - depth) * scale))
  }

  /// The layers that an atom's Gaussian reaches, those of images beyond the cell included.
  @inline(__always)
  func layers(_ depth: Double) -> ClosedRange<Int> {
    let reach = SlabGeometry.reach * width
    return Int((depth - reach).rounded(.down))...Int((depth + reach).rounded(.down))
  }

  /// The sums of the weights of the atoms in each slab, and of their squares; an atom and its image count as two.
  func weights(_ geometry: SlabGeometry) -> (sums: [Double], squares: [Double]) {
    var sums = [Double](repeating: 0, count: geometry.slabs)
    var squares = sums
    let (layers, thickness) = (geometry.layers, geometry.layersPerSlab)
    for depth in depth {
      let range = self.layers(depth)
      for start in range.lowerBound - thickness + 1...range.upperBound {
        let slab = geometry.isPeriodic ? start - layers * Int((Double(start) / Double(layers)).rounded(.down)) : start
        guard slab >= 0, slab < sums.count else { continue }
        let weight = share(depth, from: Double(start), to: Double(start + thickness))
        sums[slab] += weight
        squares[slab] += weight * weight
      }
    }
    return (sums, squares)
  }
}
