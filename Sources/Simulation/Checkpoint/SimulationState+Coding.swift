import Interactions
import NumericalMethods
import Structures

extension SimulationState {
  /// The state as bytes: little-endian, versioned, with a checksum; ``init(decoding:)`` gives the same bits back.
  public func encoded() -> [UInt8] {
    var writer = ByteWriter()
    write(to: &writer)
    return CheckpointEnvelope.seal(writer.bytes)
  }

  /// Restores a state from ``encoded()``.
  ///
  /// - Throws: ``SimulationError`` with code `.corruptCheckpoint` where bytes are missing, changed or of another version.
  public init(decoding bytes: [UInt8]) throws {
    var reader = ByteReader(try CheckpointEnvelope.open(bytes))
    try self.init(from: &reader)
    try reader.finish()
  }

  func write(to writer: inout ByteWriter) {
    writer.reserve(72 * count + 1024)
    writer.write(positions)
    writer.write(velocities)
    writer.write(forces)
    writer.write(cell)
    writer.write(seed)
    for word in random.words { writer.write(word) }
    writer.write(evaluation != nil)
    writer.write(evaluation?.virial ?? .zero)
    writer.write(hasEnergies)
    let terms = EnergyTerm.allCases.compactMap { term in evaluation?.energies[term].map { (term, $0) } }
    writer.write(terms.count)
    for (term, energy) in terms {
      writer.write(term.rawValue)
      writer.write(energy)
    }
    writer.write(thermostatVelocities)
    writer.write(barostatVelocities)
    writer.write(strainRate)
    writer.write(bathEnergy)
    writer.write(step)
    writer.write(stageStep)
    writer.write(stageStartTime)
    writer.write(longRangeInterval)
    writer.write(longRangeVirial)
  }

  init(from reader: inout ByteReader) throws {
    let positions = try reader.readVectors()
    let velocities = try reader.readVectors()
    let forces = try reader.readVectors()
    guard velocities.count == positions.count, forces.count == positions.count else {
      throw ByteReader.corrupt("positions, velocities and forces are not equally many")
    }
    let cell = try reader.readCell()
    let seed = try reader.readWord()
    var words: [UInt64] = []
    for _ in 0..<7 { words.append(try reader.readWord()) }
    guard let random = RandomStream(words: words) else { throw ByteReader.corrupt("its random numbers are out of order") }
    self.init(positions: positions, velocities: velocities, forces: forces, cell: cell, seed: seed, random: random)
    let isEvaluated = try reader.readBool()
    var evaluation = Evaluation()
    evaluation.virial = try reader.readMatrix()
    hasEnergies = try reader.readBool()
    for _ in 0..<(try reader.readCount(elementSize: 16)) {
      let name = try reader.readString()
      guard let term = EnergyTerm(rawValue: name) else { throw ByteReader.corrupt("\"\(name)\" is no term of the energy") }
      evaluation.energies[term] = try reader.readDouble()
    }
    self.evaluation = isEvaluated ? evaluation : nil
    thermostatVelocities = try reader.readDoubles()
    barostatVelocities = try reader.readDoubles()
    strainRate = try reader.readMatrix()
    bathEnergy = try reader.readDouble()
    step = try reader.readInt()
    stageStep = try reader.readInt()
    stageStartTime = try reader.readDouble()
    longRangeInterval = try reader.readInt()
    longRangeVirial = try reader.readMatrix()
    guard step >= 0, stageStep >= 0 else { throw ByteReader.corrupt("it counts \(step) steps") }
  }
}
