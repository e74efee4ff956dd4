import NumericalMethods
import Structures

/// Reads the log of a run of ``LAMMPSInput`` as it grows.
public struct LAMMPSLog: Sendable {
  /// The state at a step of a stage of dynamics.
  public struct Row: Sendable, Equatable {
    /// Steps since the beginning of the stage.
    public var step: Int
    /// In eV, as is what follows.
    public var potentialEnergy, kineticEnergy, conservedEnergy: Double
    /// In GPa.
    public var pressure: Double
    /// The edges of the cell as rows, in Å.
    public var vectors: Matrix3
    /// The parts of the potential energy in eV.
    public var terms: [Double]
  }

  /// What the log says.
  public enum Event: Sendable, Equatable {
    /// The version, as `29 Sep 2021 - Update 2`.
    case version(String)
    /// Stages are counted from 0.
    case stageBegan(Int)
    case stageEnded(Int)
    case row(Row)
    /// The largest force in eV/Å.
    case minimizationRow(step: Int, energy: Double, largestForce: Double)
    /// Neighbour lists that were built too late.
    case dangerousBuilds(Int)
  }

  private var rest: [UInt8] = []
  private var columns: [Substring]?
  private let termCount: Int

  /// - Parameter termCount: The number of parts of the energy, ``LAMMPSInput/terms``.
  public init(termCount: Int) { self.termCount = termCount }

  /// Takes the next bytes; a line that is not complete waits for the rest.
  public mutating func read(_ bytes: some Sequence<UInt8>) -> [Event] {
    rest += bytes
    var events: [Event] = []
    var start = rest.startIndex
    while let end = rest[start...].firstIndex(of: UInt8(ascii: "\n")) {
      if let event = event(String(decoding: rest[start..<end], as: UTF8.self)) { events.append(event) }
      start = end + 1
    }
    rest.removeFirst(start)
    return events
  }

  private mutating func event(_ line: String) -> Event? {
    if line.hasPrefix("LAMMPS ("), let end = line.lastIndex(of: ")") {
      return .version(String(line[..<end].dropFirst("LAMMPS (".count)))
    }
    if line.hasPrefix("vitrolyte: stage ") {
      let words = line.split(separator: " ")
      guard words.count == 4, let number = Int(words[2]) else { return nil }
      switch words[3] {
      case "begins": return .stageBegan(number - 1)
      case "ends": return .stageEnded(number - 1)
      default: return nil
      }
    }
    if line.hasPrefix("Dangerous builds"), let count = line.split(separator: " ").last.flatMap({ Int($0) }) {
      return .dangerousBuilds(count)
    }
    let words = line.split(separator: " ")
    if words.first == "Step" {
      columns = words
      return nil
    }
    if line.hasPrefix("Loop time") { columns = nil }
    guard let columns, words.count == columns.count, let step = words.first.flatMap({ Int($0) }) else { return nil }
    let numbers = words.compactMap { Double($0) }
    guard numbers.count == words.count else { return nil }
    if numbers.count == LAMMPSThermoColumns.minimization.count {
      return .minimizationRow(step: step, energy: numbers[2], largestForce: numbers[3])
    }
    guard numbers.count == LAMMPSThermoColumns.dynamics.count + termCount else { return nil }
    let (x, y, z) = (numbers[7], numbers[8], numbers[9])
    let (xy, xz, yz) = (numbers[10], numbers[11], numbers[12])
    return .row(
      Row(
        step: step, potentialEnergy: numbers[3], kineticEnergy: numbers[4], conservedEnergy: numbers[5], pressure: numbers[6] * 1e-4,
        vectors: Matrix3(Vector3(x, 0, 0), Vector3(xy, y, 0), Vector3(xz, yz, z)), terms: Array(numbers.dropFirst(13))))
  }
}
