import Interactions
import NumericalMethods
import Structures

/// What a thermometer, a manometer and a book-keeper read at one step.
public struct Thermodynamics: Sendable {
  /// Steps since the beginning of the run, and of the stage.
  public var step: Int
  public var stageStep: Int
  /// The time in ps since the beginning of the run.
  public var time: Double
  /// The temperature in K from the kinetic energy: 2K/(N_f k); without that of shells against their cores.
  public var temperature: Double
  /// The temperature in K of the motion of shells against their cores, which should stay near zero; `nil` without such motion.
  public var shellTemperature: Double?
  /// The temperature in K that the stage imposes at this step, or `nil`.
  public var targetTemperature: Double?
  /// The pressure in GPa that the stage imposes at this step, or `nil`.
  public var targetPressure: Double?
  /// The kinetic energy in eV.
  public var kineticEnergy: Double
  /// The potential energy in eV; `nil` on steps for which it was not evaluated.
  public var potentialEnergy: Double?
  /// The potential energy by term in eV.
  public var energyTerms: [EnergyTerm: Double]
  /// The quantity in eV that the exact equations of motion conserve, see docs/dynamics.md; `nil` without energies.
  public var conservedEnergy: Double?
  /// The pressure tensor (kinetic part and virial) in GPa; compression positive.
  public var pressureTensor: Matrix3
  /// The volume in Å³.
  public var volume: Double
  /// The mass density in g/cm³.
  public var density: Double

  /// The pressure in GPa, a third of the trace.
  public var pressure: Double { pressureTensor.trace / 3 }

  /// The stress in GPa as xx, yy, zz, yz, xz, xy; tension positive.
  public var stress: [Double] {
    let p = pressureTensor
    return [-p[0].x, -p[1].y, -p[2].z, -(p[1].z + p[2].y) / 2, -(p[0].z + p[2].x) / 2, -(p[0].y + p[1].x) / 2]
  }
}

extension MolecularDynamics {
  /// Temperature, energies and pressure of the state.
  ///
  /// Costs one loop over the atoms. Before the first evaluation of forces the virial counts as zero; see ``prepare()``.
  public func thermodynamics() -> Thermodynamics {
    let kinetic = loops.kineticTensor(state.velocities)
    let volume = state.cell.volume
    let virial = state.evaluation?.virial ?? .zero
    let potential = state.hasEnergies ? state.evaluation?.energy : nil
    let fraction = stage.fraction(at: state.stageStep)
    let degrees = Double(max(1, degreesOfFreedom))
    let ofShells = loops.twiceKineticEnergy(ofShells: shells, state.velocities)
    return Thermodynamics(
      step: state.step, stageStep: state.stageStep, time: time,
      temperature: (kinetic.trace - ofShells) / (degrees * PhysicalConstants.boltzmann),
      shellTemperature: shells.map { ofShells / (3 * Double(max(1, $0.atoms.count)) * PhysicalConstants.boltzmann) },
      targetTemperature: stage.ensemble.temperature?.value(at: fraction),
      targetPressure: stage.ensemble.pressure?.value(at: fraction),
      kineticEnergy: kinetic.trace / 2, potentialEnergy: potential,
      energyTerms: state.hasEnergies ? state.evaluation?.energies ?? [:] : [:],
      conservedEnergy: potential.map { $0 + kinetic.trace / 2 + extendedEnergy() },
      pressureTensor: (kinetic + virial) * (PhysicalConstants.gigapascalPerElectronvoltPerCubicAngstrom / volume),
      volume: volume,
      density: loops.totalMass / volume * PhysicalConstants.gramPerCubicCentimetrePerAmuPerCubicAngstrom)
  }

  /// The energy in eV of chains, barostat and baths.
  private func extendedEnergy() -> Double {
    switch stage.ensemble {
    case .nve: return 0
    case .nvt(let temperature, .noseHooverChain(let damping, _)):
      let chain = ThermostatChain(degreesOfFreedom: Double(degreesOfFreedom), damping: damping)
      return state.bathEnergy
        + chain.energy(state.thermostatVelocities, thermalEnergy: thermalEnergy(temperature, stepsAhead: 0))
    case .nvt: return state.bathEnergy
    case .npt(let temperature, _, let barostat, let damping, _):
      let thermal = thermalEnergy(temperature, stepsAhead: 0)
      let atomChain = ThermostatChain(degreesOfFreedom: Double(degreesOfFreedom), damping: damping)
      let cellChain = ThermostatChain(
        degreesOfFreedom: Double(barostat.coupling.degreesOfFreedom), damping: barostat.damping)
      let strain = 0.5 * strainMass(barostat, thermalEnergy: thermal) * state.strainRate.squaredNorm
      return state.bathEnergy + strain + atomChain.energy(state.thermostatVelocities, thermalEnergy: thermal)
        + cellChain.energy(state.barostatVelocities, thermalEnergy: thermal)
    }
  }
}
