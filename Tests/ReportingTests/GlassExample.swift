import NumericalMethods
import Structures
import Testing

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// Figures such as a run of a 40Li2O-30B2O3-30P2O5 glass has, with made-up numbers of the right size.
enum GlassExample {
  static let pairs = ["Li-Li", "Li-B", "Li-P", "Li-O", "B-B", "B-P", "B-O", "P-P", "P-O", "O-O"]
  static let stages: [(name: String, start: Double, end: Double)] = [
    ("melt", 0, 20), ("quench", 20, 290), ("relax", 290, 310), ("hold", 310, 330),
  ]

  /// Time in ps, temperature in K, pressure in GPa, density in g/cm³ and potential energy in eV, every 0.1 ps.
  static func history() -> (time: [Double], temperature: [Double], pressure: [Double], density: [Double], energy: [Double]) {
    var random = RandomStream(seed: 7)
    var (time, temperature, pressure, density, energy): ([Double], [Double], [Double], [Double], [Double]) = ([], [], [], [], [])
    for step in 0...3300 {
      let t = Double(step) * 0.1
      let target = t < 20 ? 3000 : t < 290 ? 3000 - 10 * (t - 20) : 300
      time.append(t)
      temperature.append(target * (1 + 0.018 * random.normal()))
      pressure.append((t < 290 ? 4.2 * target / 3000 - 0.3 : 0) + 0.25 * random.normal())
      density.append(t < 290 ? 2.31 : 2.31 + 0.034 * (1 - exp(-(min(t, 310) - 290) / 4)) + (t < 310 ? 0.004 * random.normal() : 0))
      energy.append(-25210 + 0.31 * target + 6 * random.normal())
    }
    return (time, temperature, pressure, density, energy)
  }

  static var markers: [FigureDescription.Marker] { stages.map { .init(x: $0.start, label: $0.name) } }

  static func temperature() -> FigureDescription {
    let run = history()
    return FigureDescription(
      name: "temperature", title: "Temperature during the run", x: .init(label: "t", unit: "ps"), y: .init(label: "T", unit: "K"),
      series: [.init(label: "", x: run.time, y: run.temperature)], markers: markers)
  }

  static func pressure() -> FigureDescription {
    let run = history()
    return FigureDescription(
      name: "pressure", title: "Pressure during the run", x: .init(label: "t", unit: "ps"), y: .init(label: "p", unit: "GPa"),
      series: [.init(label: "", x: run.time, y: run.pressure)], markers: markers)
  }

  static func runningNumber() -> FigureDescription {
    let r = (0..<200).map { 0.0125 + Double($0) * 0.025 }
    let g = r.map { r in 6 * exp(-pow((r - 1.98) / 0.13, 2) / 2) + (1 / (1 + exp(-(r - 3.1) / 0.15))) }
    var n: [Double] = []
    for (r, g) in zip(r, g) { n.append((n.last ?? 0) + 4 * Double.pi * r * r * g * 0.055 * 0.025) }
    return FigureDescription(
      name: "rdf-Li-O", title: "Li-O: radial distribution function and running coordination number", x: .init(label: "r", unit: "A"),
      y: .init(label: "g_{Li-O}(r)"), y2: .init(label: "n(r)"),
      series: [.init(label: "g(r)", x: r, y: g), .init(label: "n(r)", x: r, y: n, style: .dashed, usesSecondAxis: true)],
      markers: [.init(x: 2.65, label: "first minimum")])
  }

  static func density() -> FigureDescription {
    let run = history()
    return FigureDescription(
      name: "density", title: "Density during the run", x: .init(label: "t", unit: "ps"), y: .init(label: "Density", unit: "g/cm3"),
      series: [.init(label: "", x: run.time, y: run.density)], markers: markers)
  }

  static func energy() -> FigureDescription {
    let run = history()
    return FigureDescription(
      name: "energy", title: "Potential energy during the run", x: .init(label: "t", unit: "ps"),
      y: .init(label: "Potential energy", unit: "eV"), series: [.init(label: "", x: run.time, y: run.energy)], markers: markers)
  }

  static func partials() -> FigureDescription {
    let r = (0..<400).map { 0.0125 + Double($0) * 0.025 }
    let peaks: [(Double, Double, Double)] = [
      (2.9, 0.35, 1.6), (2.6, 0.3, 1.1), (3.0, 0.25, 1.8), (1.98, 0.13, 6.0), (2.7, 0.15, 3.2), (2.75, 0.13, 4.4), (1.42, 0.06, 15.2),
      (2.95, 0.12, 3.1), (1.53, 0.045, 18.6), (2.47, 0.16, 3.6),
    ]
    let series = zip(pairs, peaks).map { pair, peak in
      FigureDescription.Series(
        label: pair, x: r,
        y: r.map { r in
          let first = peak.2 * exp(-pow((r - peak.0) / peak.1, 2) / 2)
          let rest = (1 / (1 + exp(-(r - peak.0 - 0.9) / 0.15))) * (1 + 0.25 * exp(-r / 4) * cos(2.6 * (r - peak.0)))
          return first + rest
        })
    }
    return FigureDescription(
      name: "rdf", title: "Partial radial distribution functions of the glass at 300 K", x: .init(label: "r", unit: "A", range: 1...8),
      y: .init(label: "g_{ij}(r)"), series: series)
  }

  static func coordination() -> FigureDescription {
    let n = (1...7).map(Double.init)
    return FigureDescription(
      name: "coordination", title: "Coordination numbers by oxygen: shares of the atoms of each kind",
      x: .init(label: "Coordination number"),
      y: .init(label: "Share", unit: "%"),
      series: [
        .init(label: "B", x: n, y: [0, 0.2, 52.6, 47.1, 0.1, 0, 0], error: [0, 0.1, 1.2, 1.2, 0.1, 0, 0], style: .bars),
        .init(label: "P", x: n, y: [0, 0, 0.4, 98.7, 0.9, 0, 0], error: [0, 0, 0.1, 0.2, 0.1, 0, 0], style: .bars),
        .init(label: "Li", x: n, y: [0, 2.2, 21.5, 48.8, 22.6, 4.5, 0.4], error: [0, 0.3, 0.9, 1.1, 0.8, 0.4, 0.1], style: .bars),
      ])
  }

  static func meanSquaredDisplacement() -> FigureDescription {
    let time = (0..<60).map { 0.01 * pow(10, Double($0) / 59 * 3.3) }
    func curve(_ cage: Double, _ slope: Double) -> [Double] {
      time.map { 30 * cage * $0 * $0 / (1 + 30 * $0 * $0) + 6 * slope * $0 }
    }
    func series(_ label: String, _ y: [Double]) -> FigureDescription.Series {
      .init(label: label, x: time, y: y, error: zip(time, y).map { $1 * min(0.6, 0.04 + 0.02 * $0) })
    }
    return FigureDescription(
      name: "msd", title: "Mean squared displacement of each kind of atom at 300 K", x: .init(label: "t", unit: "ps", isLogarithmic: true),
      y: .init(label: "MSD", unit: "A2", isLogarithmic: true),
      series: [
        series("Li", curve(0.25, 0.02)), series("O", curve(0.08, 0.0006)), series("P", curve(0.03, 0.0002)),
        series("B", curve(0.035, 0.0003)),
      ])
  }

  static func structureFactor() -> FigureDescription {
    let q = (4..<300).map { Double($0) * 0.05 }
    func curve(_ phase: Double) -> [Double] {
      q.map { q in
        let peak = 0.9 * exp(-pow((q - 1.7) / 0.3, 2) / 2)
        return 1 + peak + 1.2 * sin(1.5 * q + phase) / (1 + 0.4 * q) - exp(-q)
      }
    }
    return FigureDescription(
      name: "structure-factor", title: "Structure factor for neutrons and X-rays (Faber-Ziman)", x: .init(label: "Q", unit: "1/A"),
      y: .init(label: "S(Q)"),
      series: [.init(label: "neutron", x: q, y: curve(0.3)), .init(label: "X-ray", x: q, y: curve(0.6), style: .dashed)])
  }

  static func diffusion() -> FigureDescription {
    let inverse = [1.25, 1.43, 1.67, 2.0, 2.5]
    return FigureDescription(
      name: "arrhenius", title: "Diffusion coefficient of lithium", x: .init(label: "1000/T", unit: "1/K"),
      y: .init(label: "D_{Li}", unit: "cm2/s", isLogarithmic: true),
      series: [
        .init(
          label: "this work", x: inverse, y: [3.1e-6, 1.4e-6, 4.6e-7, 9.5e-8, 6.8e-9], error: [3e-7, 1e-7, 6e-8, 1e-8, 2e-9], style: .points
        ),
        .init(label: "fit, 0.42 eV", x: [1.2, 2.6], y: [3.9e-6, 4.4e-9], style: .dashed),
      ])
  }

  static func angles() -> FigureDescription {
    let angle = (0..<90).map { Double($0) * 2 + 1 }
    return FigureDescription(
      name: "angles", title: "Distribution of the angle O-P-O", x: .init(label: "Angle", unit: "deg"),
      y: .init(label: "Probability density", unit: "1/deg"),
      series: [
        .init(label: "O-P-O", x: angle, y: angle.map { 0.045 * exp(-pow(($0 - 109.2) / 8, 2) / 2) }, style: .steps),
        .init(label: "O-B-O", x: angle, y: angle.map { 0.03 * exp(-pow(($0 - 119) / 10, 2) / 2) + 0.001 }, style: .bars),
      ])
  }

  static var figures: [FigureDescription] {
    [
      temperature(), pressure(), runningNumber(), density(), energy(), partials(), coordination(), meanSquaredDisplacement(),
      structureFactor(), diffusion(),
      angles(),
    ]
  }
}

extension GlassExample {
  /// About the composition of the glass in a random packing: formers with oxygen at bond length around them, the rest anywhere
  /// with minimum distances.
  static func packing(scale: Int = 1, skewed: Bool = false) throws -> Configuration {
    let copies = Double(scale * scale * scale)
    let edge = 25.37
    let counts = [216, 162, 162, 960]
    let a = edge * Double(scale)
    let cell =
      try skewed
      ? Cell(vectors: Matrix3(Vector3(a, 0, 0), Vector3(0.45 * a, a, 0), Vector3(-0.3 * a, 0.25 * a, a)))
      : Cell(lengths: Vector3(repeating: a))
    let species = try ["Li", "B", "P", "O"].map { Species(try #require(Element(symbol: $0))) }
    var random = RandomStream(seed: 3)
    var positions: [Vector3] = []
    var types: [Int32] = []
    var grid: [SIMD3<Int>: [Vector3]] = [:]
    let bins = Int(a / 1.25)
    func bin(_ f: Vector3) -> SIMD3<Int> {
      SIMD3(Int(f.x * Double(bins)) % bins, Int(f.y * Double(bins)) % bins, Int(f.z * Double(bins)) % bins)
    }
    func isFree(_ position: Vector3) -> Bool {
      let home = bin(cell.fractional(position))
      for i in -2...2 {
        for j in -2...2 {
          for k in -2...2 {
            let other = (home &+ SIMD3(i, j, k) &+ bins) % bins
            if (grid[other] ?? []).contains(where: { cell.minimumImage($0 - position).squaredLength < 1.21 * 1.21 }) { return false }
          }
        }
      }
      return true
    }
    func add(_ position: Vector3, _ type: Int32) {
      positions.append(position)
      types.append(type)
      grid[bin(cell.fractional(position)), default: []].append(position)
    }
    for (type, count) in [(1, counts[1]), (2, counts[2]), (0, counts[0]), (3, counts[3])] {
      var left = Int(Double(count) * copies)
      var former = 0
      while left > 0 {
        var position = cell.cartesian(Vector3(random.uniform(), random.uniform(), random.uniform()))
        if type == 3, former < Int(copies) * 324 * 3 {
          let center = former / 3
          let direction = Vector3(random.normal(), random.normal(), random.normal())
          position = cell.wrap(positions[center] + direction * ((types[center] == 1 ? 1.42 : 1.53) / direction.length)).position
          former += 1
        }
        if isFree(position) {
          add(position, Int32(type))
          left -= 1
        }
      }
    }
    return try Configuration(cell: cell, species: species, types: types, positions: positions)
  }
}
