import Interactions
import NumericalMethods
import Structures

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// The running state of FIRE 2.0.
///
/// Times are in units in which a force of 1 eV/Å accelerates by 1 Å: the unit mass of the published parameters.
struct Descent {
  private(set) var state: SimulationState
  private let calculator: any ForceCalculator
  private let cellRelaxation: CellRelaxation
  /// In eV/Å³.
  private let pressure: Double
  private let maximumDisplacement: Double
  private let loops: ParticleLoops

  /// The largest force on an atom in eV/Å.
  private(set) var maximumForce = 0.0
  /// The force on the strains, V (P − P₀), in eV.
  private var strainForce = Matrix3.zero
  private var velocities: [Vector3]
  private var strainVelocity = Matrix3.zero
  private var timestep = 0.05
  private var mixing = Self.initialMixing
  /// Steps since the last uphill one, and since the beginning.
  private var downhillSteps = 0
  private var steps = 0

  private static let initialMixing = 0.25
  private static let mixingDecay = 0.99
  private static let growth = 1.1
  private static let shrinkage = 0.5
  private static let delay = 20
  private static let longestTimestep = 0.5
  private static let shortestTimestep = 1e-3
  /// The largest strain in a step.
  private static let maximumStrain = 0.01

  init(
    state: SimulationState, calculator: any ForceCalculator, cellRelaxation: CellRelaxation, pressure: Double,
    maximumDisplacement: Double, pool: WorkerPool
  ) {
    self.state = state
    self.calculator = calculator
    self.cellRelaxation = cellRelaxation
    self.pressure = pressure
    self.maximumDisplacement = maximumDisplacement
    velocities = [Vector3](repeating: .zero, count: state.count)
    // Equal masses: accelerations are the forces themselves.
    let mass = 1 / PhysicalConstants.massVelocitySquared
    loops = ParticleLoops(masses: [Double](repeating: mass, count: state.count), pool: pool)
  }

  /// The potential energy in eV as last evaluated.
  var energy: Double { state.evaluation?.energy ?? 0 }

  /// The largest element of the stress less the pressure on the free strains, in GPa.
  var maximumStress: Double {
    var largest = 0.0
    for row in 0..<3 {
      for column in 0..<3 { largest = max(largest, abs(strainForce[row, column])) }
    }
    return largest / state.cell.volume * PhysicalConstants.gigapascalPerElectronvoltPerCubicAngstrom
  }

  /// √N ℓ in Å: what turns a strain into a coordinate like those of the atoms.
  private var strainLength: Double {
    let n = Double(state.count)
    let size = cbrt(state.cell.volume / n)
    return n.squareRoot() * size
  }

  mutating func evaluate(energies: Bool) throws {
    let evaluation = try calculator.evaluate(
      positions: state.positions, cell: state.cell, forces: &state.forces, energies: energies)
    state.evaluation = evaluation
    state.hasEnergies = energies
    strainForce = cellRelaxation.projected(
      evaluation.virial - Matrix3.identity * (pressure * state.cell.volume))
    var largest = 0.0
    for (atom, force) in state.forces.enumerated() {
      let squared = force.squaredLength
      guard squared.isFinite else {
        throw SimulationError(
          .unstable,
          "minimisation, step \(steps): the force on atom \(atom + 1) is not a number; two atoms may coincide, or the "
            + "potential has no repulsion at short distances: pack with larger minimum distances or repair the short range")
      }
      largest = max(largest, squared)
    }
    maximumForce = largest.squareRoot()
  }

  /// One step of FIRE with semi-implicit Euler integration.
  mutating func advance() throws {
    let length = strainLength
    let strainPull = strainForce * (1 / length)
    let sums = loops.projections(forces: state.forces, velocities: velocities)
    let power = sums.power + strainPull.contracted(strainVelocity)
    if power > 0 || steps == 0 {
      downhillSteps += 1
      if downhillSteps > Self.delay {
        timestep = min(timestep * Self.growth, Self.longestTimestep)
        mixing *= Self.mixingDecay
      }
    } else {
      downhillSteps = 0
      // A minimisation that begins badly keeps its step for a while.
      if steps > Self.delay { timestep = max(timestep * Self.shrinkage, Self.shortestTimestep) }
      mixing = Self.initialMixing
      try move(by: -0.5 * lastStep, length: length)
      velocities.withUnsafeMutableBufferPointer { v in for i in v.indices { v[i] = .zero } }
      strainVelocity = .zero
    }
    steps += 1
    // Velocities after the push, v + F Δt, decide how much of them is turned towards the forces.
    let force2 = sums.force2 + strainPull.squaredNorm
    let isAtRest = downhillSteps == 0
    let v2 = isAtRest ? 0 : sums.velocity2 + strainVelocity.squaredNorm
    let p = isAtRest ? 0 : power
    let pushed2 = v2 + 2 * timestep * p + timestep * timestep * force2
    let turn = force2 > 0 ? mixing * (max(0, pushed2) / force2).squareRoot() : 0
    let fastest = loops.turn(
      &velocities, forces: state.forces, keep: 1 - mixing, push: (1 - mixing) * timestep + turn)
    strainVelocity = strainVelocity * (1 - mixing) + strainPull * ((1 - mixing) * timestep + turn)
    var step = timestep
    if fastest * step > maximumDisplacement { step = maximumDisplacement / fastest }
    let strainRate = strainVelocity.squaredNorm.squareRoot() / length
    if strainRate * step > Self.maximumStrain { step = Self.maximumStrain / strainRate }
    lastStep = step
    try move(by: step, length: length)
    try evaluate(energies: false)
  }

  /// The time of the last step, cut where atoms were too fast.
  private var lastStep = 0.0

  private mutating func move(by time: Double, length: Double) throws {
    if time == 0 { return }
    if cellRelaxation == .none {
      _ = loops.drift(positions: &state.positions, velocities: velocities, time: time, limit: .infinity)
      return
    }
    let deformation = Matrix3.identity + strainVelocity * (time / length)
    let (origin, columns) = (state.cell.origin, deformation.transposed)
    for i in state.positions.indices {
      state.positions[i] = origin + (state.positions[i] - origin) * columns + time * velocities[i]
    }
    do {
      state.cell = try Cell(
        vectors: state.cell.vectors * deformation.transposed, origin: state.cell.origin, periodic: state.cell.periodic)
    } catch {
      throw SimulationError(
        .unstable, "minimisation, step \(steps): the cell collapses; relax the atoms in a fixed cell first", cause: error)
    }
  }
}

extension Matrix3 {
  /// The sum of the products of all elements.
  func contracted(_ other: Matrix3) -> Double {
    self[0].dot(other[0]) + self[1].dot(other[1]) + self[2].dot(other[2])
  }
}

extension ParticleLoops {
  /// F·v, F² and v², summed over the atoms.
  func projections(forces: [Vector3], velocities: [Vector3]) -> (power: Double, force2: Double, velocity2: Double) {
    let total = forces.withUnsafeBufferPointer { f in
      velocities.withUnsafeBufferPointer { v in
        sum { range in
          var total = ThreeVectors()
          for i in range {
            total.x += f[i] * v[i]
            total.y += f[i] * f[i]
            total.z += v[i] * v[i]
          }
          return total
        }
      }
    }
    return (total.x.sum(), total.y.sum(), total.z.sum())
  }

  /// v ← keep v + push F.
  ///
  /// - Returns: The largest speed.
  func turn(_ velocities: inout [Vector3], forces: [Vector3], keep: Double, push: Double) -> Double {
    velocities.withUnsafeMutableBufferPointer { buffer in
      let v = buffer
      return forces.withUnsafeBufferPointer { f in
        forEachBlock { block in
          for i in range(block) { v[i] = keep * v[i] + push * f[i] }
        }
        var largest = 0.0
        for velocity in v { largest = max(largest, velocity.squaredLength) }
        return largest.squareRoot()
      }
    }
  }
}
