import Interactions
import NumericalMethods
import Structures

/// What a run is resumed from: the state, and what the neighbour lists of the calculator were built for.
public struct Checkpoint: Sendable {
  public var state: SimulationState
  /// `nil` where the calculator keeps no lists.
  public var neighborReference: NeighborReference?
  /// See ``ForceCalculator/shellHistory``.
  public var shellHistory: [[Vector3]]

  public init(state: SimulationState, neighborReference: NeighborReference?, shellHistory: [[Vector3]] = []) {
    self.state = state
    self.neighborReference = neighborReference
    self.shellHistory = shellHistory
  }

  /// A state with what its calculator carries from one evaluation to the next.
  public init(state: SimulationState, calculator: any ForceCalculator) {
    self.init(state: state, neighborReference: calculator.neighborReference, shellHistory: calculator.shellHistory)
  }

  /// Hands a calculator what the one of the checkpoint carried.
  public func restore(_ calculator: any ForceCalculator) {
    calculator.neighborReference = neighborReference
    calculator.shellHistory = shellHistory
  }

  /// The checkpoint as bytes; ``init(decoding:)`` gives the same bits back.
  public func encoded() -> [UInt8] {
    var writer = ByteWriter()
    state.write(to: &writer)
    writer.write(neighborReference != nil)
    if let reference = neighborReference {
      writer.write(reference.positions)
      writer.write(reference.cell)
    }
    writer.write(shellHistory.count)
    for displacements in shellHistory { writer.write(displacements) }
    return CheckpointEnvelope.seal(writer.bytes)
  }

  /// Restores a checkpoint from ``encoded()``.
  ///
  /// - Throws: ``SimulationError`` with code `.corruptCheckpoint` where bytes are missing, changed or of another version.
  public init(decoding bytes: [UInt8]) throws {
    var reader = ByteReader(try CheckpointEnvelope.open(bytes))
    state = try SimulationState(from: &reader)
    neighborReference =
      try reader.readBool() ? NeighborReference(positions: reader.readVectors(), cell: reader.readCell()) : nil
    shellHistory = try (0..<reader.readCount(elementSize: 8)).map { _ in try reader.readVectors() }
    let shells = shellHistory.first?.count ?? 0
    guard neighborReference.map({ [state.count, state.count + shells].contains($0.positions.count) }) ?? true,
      shellHistory.allSatisfy({ $0.count == shells && shells <= state.count })
    else {
      throw ByteReader.corrupt("its neighbour lists are for another number of atoms")
    }
    try reader.finish()
  }
}

extension MolecularDynamics {
  /// The state and what the calculator carries, to go on from later.
  public func checkpoint() -> Checkpoint {
    Checkpoint(state: state, calculator: calculator)
  }

  /// Goes on from a checkpoint: to the same bits as the run that wrote it.
  ///
  /// - Throws: ``SimulationError`` with code `.invalidStage` or `.inconsistentState`.
  public init(
    resuming checkpoint: Checkpoint, masses: [Double], shells: ShellParticles? = nil, stage: DynamicsStage,
    calculator: any ForceCalculator, pool: WorkerPool
  ) throws {
    try self.init(state: checkpoint.state, masses: masses, shells: shells, stage: stage, calculator: calculator, pool: pool)
    checkpoint.restore(calculator)
  }
}
