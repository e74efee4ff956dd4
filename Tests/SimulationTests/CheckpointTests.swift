import Interactions
import NumericalMethods
import Structures
import Testing

@testable import Simulation

@Suite struct CheckpointTests {
  func checkpoint() throws -> Checkpoint {
    let configuration = try Systems.argon(cells: 1)
    var state = try Systems.state(configuration, temperature: 100)
    state.thermostatVelocities = [0.1, -0.2, 0.3]
    state.barostatVelocities = [1e-300]
    state.bathEnergy = -0.1
    state.step = 12_345_678_901
    state.positions[0] = Vector3(-0.0, .leastNonzeroMagnitude, 1e300)
    _ = state.random.normal()
    _ = state.random.next()
    var evaluation = Evaluation()
    evaluation.energies = [.pair: 1, .coulomb: -2.5]
    evaluation.virial[1, 2] = 7
    state.evaluation = evaluation
    state.hasEnergies = true
    return Checkpoint(
      state: state, neighborReference: NeighborReference(positions: configuration.positions, cell: configuration.cell))
  }

  @Test func keepsEveryBit() throws {
    let original = try checkpoint()
    let bytes = original.encoded()
    var copy = try Checkpoint(decoding: bytes)
    #expect(copy.encoded() == bytes)
    #expect(copy.state.positions[0].x.sign == .minus)
    #expect(copy.state.step == 12_345_678_901 && copy.state.evaluation?.energies == [.pair: 1, .coulomb: -2.5])
    var stream = original.state.random
    #expect((0..<5).allSatisfy { _ in copy.state.random.normal() == stream.normal() })
    #expect(copy.neighborReference?.positions == original.neighborReference?.positions)
    let state = original.state
    #expect(try SimulationState(decoding: state.encoded()).encoded() == state.encoded())
  }

  /// Every truncation and every changed byte is an error, not another state.
  @Test func refusesDamage() throws {
    let bytes = try checkpoint().encoded()
    for length in 0..<bytes.count {
      #expect(throws: SimulationError.self) { try Checkpoint(decoding: Array(bytes[..<length])) }
    }
    for place in bytes.indices {
      var changed = bytes
      changed[place] ^= 0x10
      #expect(throws: SimulationError.self) { try Checkpoint(decoding: changed) }
    }
    #expect(throws: SimulationError.self) { try Checkpoint(decoding: bytes + [0]) }
    #expect(throws: SimulationError.self) { try SimulationState(decoding: bytes) }
  }

  /// A payload that lies under a right checksum (as another program could write it) never crashes the reader.
  @Test func survivesNonsenseUnderARightChecksum() throws {
    let sealed = try checkpoint().encoded()
    let payload = Array(sealed[24..<(sealed.count - 8)])
    var random = RandomStream(seed: 1)
    var refused = 0
    for _ in 0..<3000 {
      var changed = payload
      for _ in 0...2 { changed[Int(random.uniform() * Double(changed.count))] = UInt8(random.next() & 0xff) }
      if random.uniform() < 0.3 { changed.removeLast(Int(random.uniform() * 200)) }
      do {
        _ = try Checkpoint(decoding: CheckpointEnvelope.seal(changed))
      } catch let error as SimulationError {
        #expect(error.code == .corruptCheckpoint && !error.isInputError)
        refused += 1
      }
    }
    #expect(refused > 500)
  }

  @Test func namesTheVersion() throws {
    var bytes = try checkpoint().encoded()
    bytes[8] = 9
    let error = #expect(throws: SimulationError.self) { try Checkpoint(decoding: bytes) }
    #expect(error?.message.contains("version 9") == true)
  }
}
