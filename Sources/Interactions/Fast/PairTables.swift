#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// A precision in which tables are kept: the exponent and the first bits of the mantissa of an argument choose the interval.
protocol TableScalar: BinaryFloatingPoint, SIMDScalar, BitwiseCopyable, Codable {
  /// The number of leading bits of the mantissa that choose an interval.
  ///
  /// A cubic over an interval is off by about (h/ρ)⁴/384 of an exponential of decay length ρ, where the interval is h
  /// wide in r. With 2⁻⁷ of r at 1.6 Å and ρ = 0.19 Å that is 5e-8, the rounding of single precision; 2⁻¹⁰ gives 1e-11.
  /// The interpolation in `CKernels` has the numbers built in.
  static var tableBits: Int { get }
}

extension Float: TableScalar {
  @inline(__always) static var tableBits: Int { 6 }
}

extension Double: TableScalar {
  @inline(__always) static var tableBits: Int { 9 }
}

extension TableScalar {
  /// The least argument, (0.25 Å)²: closer than that, atoms of any potential have fused.
  @inline(__always) static var lowestArgument: Double { 0x1p-4 }
}

/// Pair interactions as cubics in the squared distance, one table for each pair of species.
///
/// A table holds the force divided by the distance, all terms together, so that the kernel needs neither a square root nor
/// an exponential, whatever the form of the potential; two more hold the energies. Arguments are scaled so that the
/// distance at which the short-range part stops lies exactly on the edge of an interval: nothing is smeared across a cutoff.
struct PairTables<Scalar: TableScalar>: @unchecked Sendable {
  /// What a table gives.
  enum Quantity: Int, CaseIterable { case forceOverDistance, pairEnergy, coulombEnergy }

  let speciesCount: Int
  let cutoff: Double
  /// The factor of each pair's squared distance, `1 ..< 2`.
  private let scales: AlignedMemory<Scalar>
  /// The greatest argument: it lies in the last interval.
  let highestArgument: Scalar
  private let intervals: Int
  private let storage: AlignedMemory<Scalar>

  /// Samples the interactions.
  init(_ interactions: PairInteractions) {
    let species = interactions.species.count
    let tableCutoff = interactions.cutoff
    speciesCount = species
    cutoff = tableCutoff
    let octaves = Int(log2(tableCutoff * tableCutoff).rounded(.down)) + 2 + 4
    let intervals = octaves << Scalar.tableBits
    self.intervals = intervals
    highestArgument = Scalar(Scalar.lowestArgument * pow(2, Double(octaves)) * (1 - 0x1p-20))
    storage = AlignedMemory(count: Quantity.allCases.count * species * species * intervals * 4)

    scales = AlignedMemory(count: species * species)
    for a in 0..<species {
      for b in a..<species {
        let curve = interactions.curve(a, b)
        let charges = interactions.charges[a] * interactions.charges[b]
        let coulomb = charges == 0 ? nil : interactions.coulomb
        // One jump can lie on an edge: that of the shorter cutoff. Other breakpoints are corners that the fit rounds off.
        let edge = [curve?.cutoff, coulomb?.cutoff].compactMap(\.self).filter { $0 < tableCutoff }.max() ?? tableCutoff
        let scale = pow(2, log2(edge * edge).rounded(.up)) / (edge * edge)
        scales.base[a * species + b] = Scalar(scale)
        scales.base[b * species + a] = Scalar(scale)
        for interval in 0..<intervals {
          let coefficients = Self.cubics(interval, scale: Double(Scalar(scale)), cutoff: tableCutoff) { r in
            let short = curve?(r) ?? (energy: 0, force: 0)
            let long = coulomb?.pair(r) ?? (energy: 0, force: 0)
            return SIMD4((short.force + charges * long.force) / r, short.energy, charges * long.energy, 0)
          }
          for (quantity, cubic) in zip(Quantity.allCases, coefficients) {
            for (first, second) in [(a, b), (b, a)] {
              let start = Self.offset(quantity, first, second, species: species, intervals: intervals) + 4 * interval
              for power in 0..<4 { storage.base[start + power] = Scalar(cubic[power]) }
            }
          }
        }
      }
    }
  }

  /// The factor of the squared distance of a pair of species.
  @inline(__always)
  func scale(_ a: Int, _ b: Int) -> Scalar { scales.base[a * speciesCount + b] }

  /// The table of a pair of species.
  @inline(__always)
  func table(_ quantity: Quantity, _ a: Int, _ b: Int) -> UnsafePointer<Scalar> {
    UnsafePointer(storage.base + Self.offset(quantity, a, b, species: speciesCount, intervals: intervals))
  }

  @inline(__always)
  private static func offset(_ quantity: Quantity, _ a: Int, _ b: Int, species: Int, intervals: Int) -> Int {
    ((quantity.rawValue * species + a) * species + b) * intervals * 4
  }

  /// The cubics of the three quantities over one interval, as coefficients of powers of the distance from its start.
  private static func cubics(
    _ interval: Int, scale: Double, cutoff: Double, _ sample: (Double) -> SIMD4<Double>
  ) -> [SIMD4<Double>] {
    let perOctave = Double(1 << Scalar.tableBits)
    let octave = Double(interval >> Scalar.tableBits)
    let step = Double(interval & ((1 << Scalar.tableBits) - 1))
    let start = Scalar.lowestArgument * pow(2, octave) * (1 + step / perOctave)
    // The cubic of the interval in which everything ends is fitted below the end only.
    let last = cutoff * cutoff * scale
    guard start < last else { return [.zero, .zero, .zero] }
    let width = min(Scalar.lowestArgument * pow(2, octave) / perOctave, last - start)
    // Four Chebyshev points: the interpolating cubic is close to the best one.
    let points = [0.03806023374435663, 0.30865828381745514, 0.69134171618254486, 0.96193976625564337].map { $0 * width }
    let samples = points.map { sample((($0 + start) / scale).squareRoot()) }
    return (0..<3).map { quantity in newtonCubic(points, samples.map { $0[quantity] }) }
  }

  /// The coefficients of the cubic through four points.
  private static func newtonCubic(_ x: [Double], _ y: [Double]) -> SIMD4<Double> {
    var difference = y
    for order in 1..<4 {
      for k in stride(from: 3, through: order, by: -1) {
        difference[k] = (difference[k] - difference[k - 1]) / (x[k] - x[k - order])
      }
    }
    // Horner's rule on the Newton form, as a polynomial about 0.
    var cubic = SIMD4<Double>(difference[3], 0, 0, 0)
    for k in stride(from: 2, through: 0, by: -1) {
      cubic = SIMD4(0, cubic[0], cubic[1], cubic[2]) - x[k] * cubic
      cubic[0] += difference[k]
    }
    return cubic
  }
}
