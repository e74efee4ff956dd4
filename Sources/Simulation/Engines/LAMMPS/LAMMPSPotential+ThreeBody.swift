import Interactions
import Structures

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

extension CosineAngle {
  /// The angle at rest in degrees.
  var restAngle: Double { LAMMPSPotential.degrees(acos(max(-1, min(1, cosine0)))) }
}

extension LAMMPSPotential {
  /// Adds terms between a vertex and two neighbours, as the three-body parts of `sw` and `vashishta` with two-body parts of zero.
  ///
  /// Both styles take parameters for each three species: those with the second and third alike describe the leg. The order of the second and
  /// the third must not matter, so that each triplet stands twice.
  mutating func addThreeBody(_ terms: ThreeBodyInteractions, number: Int) throws {
    guard let style = Self.style(of: terms) else {
      throw SimulationError(
        .inexpressible,
        "engine lammps: three-body terms that are harmonic in the angle or fade exponentially have no translation; use the engine native")
    }
    let file = "three-body-\(number).\(style)"
    let takesPart = species.indices.map { a in species.indices.contains { terms.leg(a, $0) != nil || terms.leg($0, a) != nil } }
    let present = species.indices.filter { takesPart[$0] }
    guard !present.isEmpty else { return }
    var text = "# Three-body terms, written by Vitrolyte; UNITS: metal\n"
    text += "# vertex, two neighbours: see pair_style \(style)\n"
    for vertex in present {
      for first in present {
        for second in present {
          let leg = first == second ? terms.leg(vertex, first) : nil
          let triplet = terms.triplet(vertex, first, second) ?? .init(strength: 0, rest: 0)
          text += "T\(vertex + 1) T\(first + 1) T\(second + 1) \(Self.parameters(style, leg, triplet))\n"
        }
      }
    }
    add(File(name: file, text: text))
    let names = species.indices.map { takesPart[$0] ? "T\($0 + 1)" : "NULL" }.joined(separator: " ")
    add(
      PairStyle(
        name: style, arguments: "",
        coefficients: [
          Coefficients(
            types: "* *", arguments: "\(file) \(names)", pairs: present.flatMap { a in present.filter { $0 >= a }.map { SIMD2(a, $0) } },
            remark: "three-body")
        ], energy: (.threeBody, "evdwl")))
  }

  private static func style(of terms: ThreeBodyInteractions) -> String? {
    let indices = 0..<terms.species
    let legs = indices.flatMap { a in indices.compactMap { terms.leg(a, $0) } }
    guard legs.allSatisfy({ if case .exponential = $0 { true } else { false } }) else { return nil }
    switch terms.angular {
    case .cosine: return "sw"
    case .saturating: return "vashishta"
    case .harmonic: return nil
    }
  }

  /// The columns after the names. Lengths are in units of 1 Å, and where there is no leg its cutoff is 0.
  private static func parameters(_ style: String, _ leg: ThreeBodyInteractions.Leg?, _ triplet: ThreeBodyInteractions.Triplet) -> String {
    var (gamma, cutoff) = (0.0, 0.0)
    if case .exponential(let length, let end)? = leg { (gamma, cutoff) = (length, end) }
    if style == "sw" {
      // epsilon sigma a lambda gamma cos(theta0) A B p q tol
      return "1.0 1.0 \(cutoff) \(triplet.strength) \(gamma) \(triplet.rest) 0.0 0.0 4.0 0.0 0.0"
    }
    // H eta Zi Zj lambda1 D lambda4 W rc B gamma r0 C cos(theta0)
    return
      "0.0 1.0 0.0 0.0 1.0 0.0 1.0 0.0 \(max(cutoff, 1.0)) \(triplet.strength) \(gamma) \(cutoff) \(triplet.saturation) \(triplet.rest)"
  }
}
