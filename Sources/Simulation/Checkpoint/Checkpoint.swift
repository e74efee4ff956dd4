import Interactions
import NumericalMethods
import Structures

/// What a run is resumed from: the state, and what the neighbour lists of the calculator were built for.
public struct Checkpoint: Sendable {
  public var state: SimulationState
  /// `nil` where the calculator keeps no lists.
  public var neighborReference: NeighborReference?

  public init(state: SimulationState, neighborReference: NeighborReference?) {
    self.state = state
    self.neighborReference = neighborReference
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
    guard neighborReference.map({ $0.positions.count == state.count }) ?? true else {
      throw ByteReader.corrupt("its neighbour lists are for another number of atoms")
    }
    try reader.finish()
  }
}

extension MolecularDynamics {
  /// The state and the neighbour lists' reference, to go on from later.
  public func checkpoint() -> Checkpoint {
    Checkpoint(state: state, neighborReference: calculator.neighborReference)
  }

  /// Goes on from a checkpoint: to the same bits as the run that wrote it.
  ///
  /// - Throws: ``SimulationError`` with code `.invalidStage` or `.inconsistentState`.
  public init(
    resuming checkpoint: Checkpoint, masses: [Double], stage: DynamicsStage, calculator: any ForceCalculator, pool: WorkerPool
  ) throws {
    try self.init(state: checkpoint.state, masses: masses, stage: stage, calculator: calculator, pool: pool)
    calculator.neighborReference = checkpoint.neighborReference
  }
}
