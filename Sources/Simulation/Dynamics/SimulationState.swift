import Interactions
import NumericalMethods
import Structures

/// Everything that a simulation needs to go on to the same bits.
///
/// What does not change in a run (species, masses, the stages) is not part of it. Forces are: they are never computed
/// twice for the same positions, since a neighbour list built in between could round differently.
public struct SimulationState: Sendable {
  /// Positions in Å, unwrapped: an atom that leaves the cell keeps its coordinates.
  public var positions: [Vector3]
  /// Velocities in Å/ps; under a barostat, relative to the flow of the cell.
  public var velocities: [Vector3]
  /// Forces in eV/Å for ``positions``; meaningless where ``evaluation`` is `nil`.
  public var forces: [Vector3]
  public var cell: Cell
  /// Virial and, where ``hasEnergies``, energies for ``positions``; `nil` where forces are still to be computed.
  public var evaluation: Evaluation?
  /// Whether ``evaluation`` holds energies.
  public var hasEnergies = false
  /// The interval of long-range forces that ``forces`` were computed for, see ``DynamicsStage/longRangeInterval``.
  public var longRangeInterval = 1
  /// The virial in eV of long-range forces when they were computed last; zero where they are computed at every step.
  public var longRangeVirial = Matrix3.zero
  /// The velocities of the thermostat chain of the atoms in 1/ps, nearest to the atoms first.
  public var thermostatVelocities: [Double] = []
  /// The velocities of the thermostat chain of the barostat in 1/ps.
  public var barostatVelocities: [Double] = []
  /// The rate of strain g of the cell in 1/ps: an edge a changes as da/dt = g a.
  public var strainRate = Matrix3.zero
  /// The energy in eV that the stage has given to thermostat and barostat baths so far.
  public var bathEnergy = 0.0
  /// The seed of all random numbers of the run.
  public let seed: UInt64
  /// The stream of stochastic velocity rescaling.
  public var random: RandomStream
  /// Steps of dynamics since the beginning of the run.
  public var step = 0
  /// Steps since the beginning of the stage.
  public var stageStep = 0
  /// The time in ps at the beginning of the stage.
  public var stageStartTime = 0.0

  /// Creates the state of atoms before a run: unwrapped, forces unknown, velocities as given or zero.
  public init(_ configuration: Configuration, seed: UInt64 = 0) {
    positions = configuration.unwrappedPositions
    velocities =
      configuration.velocities.count == positions.count
      ? configuration.velocities : [Vector3](repeating: .zero, count: positions.count)
    forces = [Vector3](repeating: .zero, count: positions.count)
    cell = configuration.cell
    self.seed = seed
    random = RandomPurpose.rescaling.stream(seed: seed)
  }

  /// For decoding: every stored property.
  init(
    positions: [Vector3], velocities: [Vector3], forces: [Vector3], cell: Cell, seed: UInt64, random: RandomStream
  ) {
    self.positions = positions
    self.velocities = velocities
    self.forces = forces
    self.cell = cell
    self.seed = seed
    self.random = random
  }

  /// The number of atoms.
  public var count: Int { positions.count }

  /// Ends a stage: the next one starts counting its steps from 0, with thermostats and barostats at rest.
  ///
  /// - Parameter timestep: Of the stage that ends, in ps, or `nil` where no dynamics was done.
  public mutating func endStage(timestep: Double?) {
    stageStartTime += Double(stageStep) * (timestep ?? 0)
    stageStep = 0
    thermostatVelocities = []
    barostatVelocities = []
    strainRate = .zero
    bathEnergy = 0
  }

  /// A configuration with the atoms, kinds and labels of another and the positions, velocities and cell of this state.
  ///
  /// Positions are wrapped and images counted, as files and pictures want them.
  ///
  /// - Throws: ``SimulationError`` with code `.inconsistentState` where the numbers of atoms differ.
  public func configuration(like template: Configuration) throws -> Configuration {
    guard template.count == count else {
      throw SimulationError(
        .inconsistentState, "the state has \(count) atoms, the configuration \(template.count); they do not belong together")
    }
    var result = template
    result.cell = cell
    result.positions = positions
    result.velocities = velocities
    result.images = []
    result.wrap()
    return result
  }
}
