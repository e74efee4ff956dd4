import NumericalMethods
import Structures
import Testing

@testable import Interactions

@Suite struct ShortRangeTests {
  /// Buckingham terms of the set with the cores as printed: A, ρ, C, B, D, n, r0.
  static let printed: [[Double]] = [
    [13702.905, 0.193817, 54.681, 28.950, -3.059, 3.932, 1.168],
    [12201.417, 0.195628, 31.997, 51.728, -10.197, 3.179, 1.024],
    [7060, 0.211, 19.2, 54.235218, -11.69947, 2.8397537, 0.99567],
    [23707.909, 0.185580, 14.513, 207.407471, -149.746093, 2.446894, 0.749442],
    [4369.39, 0.2786, 60.278, 75.669457, -4.482141, 2.810890, 1.301404],
  ]

  @Test(arguments: printed.indices)
  func computedCoresAreThePrintedOnes(_ index: Int) throws {
    let row = Self.printed[index]
    let (core, radius) = try #require(DuTeterCore.continuing(Buckingham(a: row[0], rho: row[1], c: row[2])))
    // Prints round B, D and n to four or five digits, and r0 to three; n depends on r0 with a factor of some units.
    #expect(abs(radius - row[6]) < 6e-4)
    #expect(abs(core.b / row[3] - 1) < 5e-3)
    #expect(abs(core.d / row[4] - 1) < 1e-2)
    #expect(abs(core.n - row[5]) < 6e-3)
  }

  @Test(arguments: printed.indices)
  func coresContinueTwoDerivatives(_ index: Int) throws {
    let row = Self.printed[index]
    let form = Buckingham(a: row[0], rho: row[1], c: row[2])
    let (core, r0) = try #require(DuTeterCore.continuing(form))
    let h = 1e-4
    // Values agree to rounding, the numerical second derivatives of the core to h² times its fourth derivative.
    #expect(abs(core(r0).energy - form(r0).energy) < 1e-10 * abs(form(r0).energy))
    #expect(abs(core(r0).force - form(r0).force) < 1e-10 * abs(form(r0).force))
    let second = (core(r0 - h).force - core(r0 + h).force) / (2 * h)
    #expect(abs(second / form.secondDerivative(r0) - 1) < 1e-5)
    #expect(abs((form.secondDerivative(r0 + h) - form.secondDerivative(r0 - h)) / (2 * h)) < 1e-3 * form.secondDerivative(r0))
  }

  @Test func dispersionlessTermsNeedNoCore() {
    #expect(DuTeterCore.continuing(Buckingham(a: 41051.938, rho: 0.15116, c: 0)) == nil)
  }

  @Test(arguments: [(18003.7572, 1 / 4.87318, 133.5381, -2.88), (1388.7730, 1 / 2.76, 175.0, 1.44)])
  func joinedRepulsionClosesTheHole(_ a: Double, _ rho: Double, _ c: Double, _ product: Double) throws {
    let form = Buckingham(a: a, rho: rho, c: c)
    let strength = PhysicalConstants.coulomb * product
    let repair = try #require(try JoinedRepulsion.continuing(form, coulomb: strength, cutoff: 5.5))
    // The maxima of BKS with Coulomb lie near 1.19 Å (Si-O) and 1.44 Å (O-O).
    #expect(abs(repair.radius - (product < 0 ? 1.19 : 1.44)) < 0.01)
    let r0 = repair.radius
    #expect(abs(repair(r0).energy - form(r0).energy) < 1e-10 * abs(form(r0).energy))
    // Below the maximum the search leaves the force of the total uncertain by its slope times 1e-15 Å.
    #expect(abs(repair(r0).force - form(r0).force) < 1e-9 * abs(form(r0).force))
    #expect(PairFormTests.slopeError(repair.callAsFunction, in: 0.05...r0) < 1e-8)
    var last = 0.0
    for step in 1...400 {
      let r = r0 * (1 - Double(step) / 401)
      let force = repair(r).force + strength / (r * r)
      #expect(force > last)
      last = force
    }
  }

  @Test func repairsAreWhereTheyBelong() throws {
    let configuration = try silica()
    let repaired = try ForceField.named("bks").resolve(for: configuration).pair
    let curve = try #require(repaired.curve(0, 1))
    #expect(curve(0.5).energy > 20 && curve(0.5).force > 0)
    #expect(curve.breakpoints.count == 3)
    // Above r0 nothing changes.
    let bare = Buckingham(a: 18003.7572, rho: 1 / 4.87318, c: 133.5381)
    #expect(abs(curve(1.3).energy - bare(1.3).energy) < 1e-9)
    // No hole anywhere in the force fields that ship: every pair repels at short distances, Coulomb included.
    for name in ForceField.builtinNames {
      let field = try ForceField.named(name)
      // Thiophosphates have other potentials than oxides, without a hole.
      if field.species.contains(where: { $0.element.symbol == "O" }) { try expectRepulsion(of: field) }
    }
  }

  private func expectRepulsion(of field: ForceField) throws {
    for entry in field.species where entry.element.symbol != "O" {
      let configuration = try neutral(entry, in: field)
      let inputs = entry.element.symbol == "B" && !field.inputs.isEmpty ? ["boron-four-fold-fraction": 0.5] : [:]
      let interactions = try field.resolve(for: configuration, options: .init(inputs: inputs)).pair
      // An ion with a shell repels with its shell.
      let oxygen = interactions.species.firstIndex { $0.label == "O shell" } ?? 1
      for (a, b) in [(0, oxygen), (oxygen, oxygen)] {
        let curve = try #require(interactions.curve(a, b))
        // The core of an ion is there, too.
        let ions = interactions.charges.indices.map { $0 == 1 || $0 != oxygen ? interactions.charges[$0] : -2 }
        let product = ions[a] * ions[b]
        for step in 0..<40 {
          let r = 0.4 + 0.01 * Double(step)
          let force = curve(r).force + product * (interactions.coulomb?.pair(r).force ?? 0)
          #expect(force > 0, "\(field.name) \(entry.label) \(a) \(b) at \(r)")
        }
      }
    }
  }
}

/// Two formula units' worth of silica without regard to its structure.
func silica() throws -> Configuration {
  try Configuration(
    cell: Cell(lengths: Vector3(repeating: 8)),
    species: [Species(#require(Element(symbol: "Si"))), Species(#require(Element(symbol: "O")))], types: [0, 1, 1],
    positions: [Vector3(1, 1, 1), Vector3(2.6, 1, 1), Vector3(1, 3.9, 1)])
}

/// As many atoms of a species and of oxygen as make a neutral cell.
func neutral(_ entry: ForceField.SpeciesEntry, in field: ForceField) throws -> Configuration {
  func charge(_ entry: ForceField.SpeciesEntry) -> Double? { if case .fixed(let charge)? = entry.charge { charge } else { nil } }
  let oxygen = try #require(field.species.first { $0.element.symbol == "O" })
  var counts = (1, 1)
  if let cation = charge(entry), let anion = charge(oxygen) {
    let cations = try #require((1...12).first { n in abs((cation * Double(n) / -anion).rounded() + cation * Double(n) / anion) < 1e-9 })
    counts = (cations, Int((cation * Double(cations) / -anion).rounded()))
  }
  let types = [Int32](repeating: 0, count: counts.0) + [Int32](repeating: 1, count: counts.1)
  return try Configuration(
    cell: Cell(lengths: Vector3(repeating: 30)),
    species: [Species(entry.element, label: entry.label), Species(oxygen.element)], types: types,
    positions: types.indices.map { Vector3(Double($0) * 2.5 + 1, 1, 1) })
}
