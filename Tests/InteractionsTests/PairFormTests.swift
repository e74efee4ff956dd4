import Foundation
import Structures
import Testing

@testable import Interactions

@Suite struct PairFormTests {
  /// One of each form with parameters of usual size.
  static let forms: [(name: String, form: any PairForm)] = [
    ("born", Born(a: 0.3, rho: 0.317, sigma: 2.34, c: 1.05, d: 0.5)),
    ("buckingham", Buckingham(a: 13702.905, rho: 0.193817, c: 54.681)),
    ("lennard-jones", LennardJones(epsilon: 0.01, sigma: 3)),
    ("lennard-jones-9-6", LennardJones96(epsilon: 0.02, sigma: 3.5)),
    ("morse", Morse(depth: 0.34, a: 2, r0: 2.1)),
    ("pedone", Pedone(depth: 0.34, a: 2, r0: 2.1, c: 1)),
    ("shik", Shik(a: 23108, b: 5.0979, c: 139.70, d: 66)),
    ("stillinger-weber", StillingerWeberPair(a: 7.049556277 * 2.1683, b: 0.6022245584, sigma: 2.0951, cutoff: 1.8 * 2.0951)),
    ("vashishta", VashishtaPair(h: 163.859, eta: 9, chargeProduct: -1.28, lambda1: 4.43, d: 44.5797, lambda4: 2.5, w: 12.5, cutoff: 5.5)),
    ("zbl", ZieglerBiersackLittmark(atomicNumbers: 3, 15, inner: 3, outer: 4)),
    ("du-teter", DuTeterCore(b: 28.95, d: -3.059, n: 3.932)),
  ]

  /// The worst |force + ΔU/Δr| over a range of distances, relative to the forces and energies there.
  static func slopeError(_ function: (Double) -> PairValue, in range: ClosedRange<Double>, avoiding: [Double] = []) -> Double {
    var worst = 0.0
    for step in 0...200 {
      let r = range.lowerBound + (range.upperBound - range.lowerBound) * (Double(step) + 0.37) / 201
      let h = 1e-4 * r
      guard !avoiding.contains(where: { abs($0 - r) < 2.5 * h }) else { continue }
      // A stencil of fourth order: its error is of the order of h⁴, 1e-13 for functions that vary over 0.2 Å.
      let slope =
        (8 * (function(r + h).energy - function(r - h).energy) - function(r + 2 * h).energy + function(r - 2 * h).energy) / (12 * h)
      worst = max(worst, abs(function(r).force + slope) / (abs(slope) + abs(function(r).energy) + 1e-3))
    }
    return worst
  }

  @Test(arguments: forms.indices)
  func forceIsMinusSlope(_ index: Int) {
    let (name, form) = Self.forms[index]
    // Rounding of the energies over h = 1e-4 r limits the agreement to about 1e-11; cancelling terms take some of that.
    #expect(Self.slopeError(form.callAsFunction, in: 0.8...9, avoiding: form.breakpoints) < 1e-8, "\(name)")
  }

  @Test func analyticValues() {
    let lj = LennardJones(epsilon: 0.5, sigma: 2)
    let minimum = lj(2 * 1.122462048309373)
    #expect(abs(minimum.energy + 0.5) < 1e-15 && abs(minimum.force) < 1e-14)
    let ninesix = LennardJones96(epsilon: 0.5, sigma: 2)
    #expect(ninesix(2) == (-0.5, 0))
    #expect(Morse(depth: 0.3, a: 2, r0: 1.5)(1.5) == (-0.3, 0))
    #expect(abs(Pedone(depth: 0.3, a: 2, r0: 1.5, c: 7)(1.5).energy - (-0.3 + 7 / 129.746337890625)) < 1e-15)
    // e^0 and integer powers.
    #expect(Born(a: 2, rho: 0.3, sigma: 2, c: 64, d: 256)(2).energy == 2 - 1 + 1)
  }

  @Test func agreesWithLAMMPS() throws {
    let file = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "Golden/pairs.json")
    let golden = try JSONDecoder().decode([String: [[Double]]].self, from: Data(contentsOf: file))
    #expect(golden.count == 9)
    for (name, rows) in golden {
      let form: any PairForm =
        name == "zbl"
        ? ZieglerBiersackLittmark(atomicNumbers: 14, 8, inner: 3, outer: 4) : try #require(Self.forms.first { $0.name == name }).form
      #expect(rows.count == 8)
      for row in rows {
        let value = form(row[0])
        // LAMMPS writes 15 digits; where terms cancel, less of them is left.
        #expect(abs(value.energy - row[1]) < 1e-11 * max(1, abs(row[1])), "\(name) at \(row[0])")
        #expect(abs(value.force - row[2]) < 1e-11 * max(1, abs(row[2])), "\(name) at \(row[0])")
      }
    }
  }

  @Test func zblVanishesAtItsOuterRadius() {
    let form = ZieglerBiersackLittmark(atomicNumbers: 14, 8, inner: 3, outer: 4)
    #expect(form(4) == (0, 0))
    let edge = form(4 - 1e-4)
    // U, U' and U'' are zero at the outer radius: what is left after 1e-4 Å is of third order.
    #expect(abs(edge.energy) < 1e-10 && abs(edge.force) < 1e-6)
  }

  @Test func builtinsAreComplete() {
    let names = PairFormDescriptor.builtins.map(\.name)
    #expect(names == names.sorted())
    #expect(Set(names).count == names.count)
    for descriptor in PairFormDescriptor.builtins {
      #expect(!descriptor.summary.isEmpty && !descriptor.equation.isEmpty && !descriptor.reference.isEmpty)
      #expect(Set(descriptor.parameters.map(\.name)).count == descriptor.parameters.count)
    }
  }

  @Test func smoothCutoffKeepsTwoDerivatives() {
    let term = PairTerm(Buckingham(a: 2029.2204, rho: 0.34364, c: 192.58), cutoff: 8, smoothing: 1)
    #expect(Self.slopeError(term.callAsFunction, in: 6.5...7.999, avoiding: term.breakpoints) < 1e-8)
    #expect(term(8) == (0, 0) && term(9) == (0, 0))
    for radius in term.breakpoints {
      let h = 1e-4
      let (below, at, above) = (term(radius - h).force, term(radius).force, term(radius + h).force)
      // Force and slope of the force are continuous: both one-sided slopes agree up to the third derivative times h.
      #expect(abs(above - below) < 1e-6)
      #expect(abs((above - at) - (at - below)) / h < 1e-4)
    }
    #expect(term(6.9) == Buckingham(a: 2029.2204, rho: 0.34364, c: 192.58)(6.9))
  }

  @Test func shiftMovesTheEnergyAlone() {
    let form = Morse(depth: 0.3, a: 1, r0: 2)
    let (plain, shifted) = (PairTerm(form, cutoff: 5), PairTerm(form, cutoff: 5, shifted: true))
    #expect(shifted(3).force == plain(3).force)
    #expect(abs(plain(3).energy - shifted(3).energy - form(5).energy) < 1e-16)
    #expect(abs(shifted(5 - 1e-12).energy) < 1e-12)
  }

  @Test func curvesAddTheirTerms() {
    let (a, b) = (LennardJones(epsilon: 0.1, sigma: 2), Morse(depth: 0.3, a: 1, r0: 2))
    let curve = PairCurve([PairTerm(a, cutoff: 6), PairTerm(b, cutoff: 5, smoothing: 0.5)])
    #expect(curve.cutoff == 6)
    #expect(curve.breakpoints == [4.5, 5, 6])
    #expect(abs(curve(3).energy - a(3).energy - b(3).energy) < 1e-16)
    #expect(curve(5.5) == a(5.5))
    #expect(curve(6) == (0, 0))
  }
}
