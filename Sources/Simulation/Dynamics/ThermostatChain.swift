import NumericalMethods
import Structures

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// A Nosé–Hoover chain over half a time step.
///
///     dη̇₁/dt = (2K − N k T)/Q₁ − η̇₁ η̇₂,   dη̇ⱼ/dt = (Qⱼ₋₁ η̇ⱼ₋₁² − k T)/Qⱼ − η̇ⱼ η̇ⱼ₊₁,   dp/dt = −η̇₁ p
///
/// split as by Martyna et al. with the three weights of Suzuki and Yoshida.
///
/// Source: Martyna, Tuckerman, Tobias, Klein, Mol. Phys. 87, 1117 (1996), doi:10.1080/00268979600100761, eqs. 29–35.
struct ThermostatChain {
  /// The number of degrees of freedom that the chain acts on.
  let degreesOfFreedom: Double
  /// The damping time in ps.
  let damping: Double

  /// The masses in eV ps² at a temperature.
  @inline(__always)
  func mass(_ member: Int, thermalEnergy: Double) -> Double {
    (member == 0 ? degreesOfFreedom : 1) * thermalEnergy * damping * damping
  }

  /// The kinetic energy of the chain in eV.
  func energy(_ velocities: [Double], thermalEnergy: Double) -> Double {
    var total = 0.0
    for (member, velocity) in velocities.enumerated() {
      total += 0.5 * mass(member, thermalEnergy: thermalEnergy) * velocity * velocity
    }
    return total
  }

  /// Propagates the chain.
  ///
  /// - Parameters:
  ///   - velocities: η̇ of each member in 1/ps, changed in place.
  ///   - twiceKinetic: 2K of what the chain acts on, in eV.
  ///   - thermalEnergy: k T in eV.
  ///   - time: In ps.
  ///   - bathEnergy: Grows by the energy that leaves to the baths.
  /// - Returns: The factor by which the momenta are to be scaled.
  func propagate(
    _ velocities: inout [Double], twiceKinetic: Double, thermalEnergy: Double, time: Double, bathEnergy: inout Double
  ) -> Double {
    var twiceKinetic = twiceKinetic
    var scale = 1.0
    let last = velocities.count - 1
    velocities.withUnsafeMutableBufferPointer { v in
      func push(_ j: Int, _ time: Double) {
        let drive =
          j == 0
          ? twiceKinetic - degreesOfFreedom * thermalEnergy
          : mass(j - 1, thermalEnergy: thermalEnergy) * v[j - 1] * v[j - 1] - thermalEnergy
        let push = drive / mass(j, thermalEnergy: thermalEnergy) * time
        if j == last {
          v[j] += push
        } else {
          let decay = exp(-0.5 * time * v[j + 1])
          v[j] = (v[j] * decay + push) * decay
        }
      }
      for weight in Self.weights {
        let part = weight * time
        for j in stride(from: last, through: 0, by: -1) { push(j, part / 2) }
        let factor = exp(-part * v[0])
        scale *= factor
        twiceKinetic *= factor * factor
        var flow = degreesOfFreedom * v[0]
        for j in 1..<(last + 1) { flow += v[j] }
        bathEnergy += part * thermalEnergy * flow
        for j in 0...last { push(j, part / 2) }
      }
    }
    return scale
  }

  /// w = 1/(2 − 2^(1/3)) twice, and what is missing to one between.
  private static let weights: [Double] = {
    let outer = 1 / (2 - cbrt(2.0))
    return [outer, 1 - 2 * outer, outer]
  }()
}
