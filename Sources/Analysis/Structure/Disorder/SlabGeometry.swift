import NumericalMethods
import Structures

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// Layers and slabs of a cell along an axis, and the wave vectors in their plane.
///
/// A slab is a number of successive layers; it begins at each layer, so that slabs overlap.
struct SlabGeometry: Sendable {
  /// A wave vector in the plane, `2 pi (first u* + second v*)`; of two opposite ones only one is listed.
  struct Wave: Hashable, Sendable {
    var first: Int
    var second: Int
  }

  let axis: CellAxis
  let isPeriodic: Bool
  let layers: Int
  let layersPerSlab: Int
  /// The width of a Gaussian in Å.
  let gaussianWidth: Double
  /// Points of the grid along the two edges of the plane.
  let grid: SIMD2<Int>
  let waves: [Wave]

  /// Beyond this many widths a Gaussian counts as zero.
  static let reach = 5.0

  init(_ parameters: Disorder, in cell: Cell) throws {
    axis = try CellAxis(parameters.axis, in: cell, analysis: "disorder")
    isPeriodic = cell.periodic[axis.index]
    let (first, second) = ((axis.index + 1) % 3, (axis.index + 2) % 3)
    guard cell.periodic[first], cell.periodic[second] else {
      throw AnalysisError(
        .invalidSetting,
        "disorder: the plane of the slabs must repeat along both of its edges, or its atoms have no Bragg peaks; choose "
          + "another axis")
    }
    let length = axis.length(of: cell)
    layers = max(1, Int((length / parameters.step).rounded()))
    layersPerSlab = max(1, min(layers, Int((parameters.slabWidth / length * Double(layers)).rounded())))
    gaussianWidth = parameters.gaussianWidth
    let plane = SlabPlane(cell, axis: axis.index)
    func points(_ length: Double) -> Int {
      FourierTransform.fastLength(atLeast: max(4, Int((length / parameters.gridSpacing).rounded(.up))))
    }
    grid = SIMD2(points(plane.first.length), points(plane.second.length))
    guard grid.max() <= 1 << 15 else {
      throw AnalysisError(.invalidSetting, "disorder: the plane has \(grid.max()) grid points along an edge; give a larger grid-spacing")
    }
    // There the Gaussian leaves a thousandth of the intensity.
    let most = log(1000).squareRoot() / gaussianWidth
    var waves: [Wave] = []
    let reach = SIMD2(
      min((grid.x - 1) / 2, Int(most * plane.first.length / (2 * Double.pi))),
      min((grid.y - 1) / 2, Int(most * plane.second.length / (2 * Double.pi))))
    for h in -reach.x...reach.x {
      for k in 0...reach.y where k > 0 || h > 0 {
        if plane.wave(h, k) <= most { waves.append(Wave(first: h, second: k)) }
      }
    }
    guard !waves.isEmpty else {
      throw AnalysisError(
        .invalidSetting, "disorder: the cell is too small for its plane to have wave vectors; repeat it, or narrow gaussian-width")
    }
    self.waves = waves
  }

  /// The number of slabs.
  var slabs: Int { isPeriodic ? layers : layers - layersPerSlab + 1 }

  /// The middle of a slab as a share of the cell, in [0, 1).
  func middle(_ slab: Int) -> Double {
    let place = (Double(slab) + Double(layersPerSlab) / 2) / Double(layers)
    return place < 1 ? place : place - 1
  }
}

/// The plane of two edges of a cell, in its own Cartesian coordinates.
struct SlabPlane: Sendable {
  /// A vector in the plane, in Å.
  struct Vector: Sendable {
    var x: Double
    var y: Double
    var length: Double { (x * x + y * y).squareRoot() }
  }

  let first: Vector
  let second: Vector
  /// How far the third edge leans over, in shares of the first and the second.
  let tilt: SIMD2<Double>
  let area: Double

  init(_ cell: Cell, axis: Int) {
    let (u, v, d) = (cell.vectors[(axis + 1) % 3], cell.vectors[(axis + 2) % 3], cell.vectors[axis])
    let normal = u.cross(v)
    area = normal.length
    let e1 = u / u.length
    let e2 = (normal / area).cross(e1)
    first = Vector(x: u.length, y: 0)
    second = Vector(x: v.dot(e1), y: v.dot(e2))
    let share = d.dot(e2) / second.y
    tilt = SIMD2((d.dot(e1) - share * second.x) / first.x, share)
  }

  /// The length of a wave vector in 1/Å.
  func wave(_ h: Int, _ k: Int) -> Double {
    let x = Double(h) / first.x
    let y = (Double(k) - Double(h) * second.x / first.x) / second.y
    return 2 * Double.pi * (x * x + y * y).squareRoot()
  }
}
