import NumericalMethods
import Structures

/// The precision of the arithmetic of pairs.
public enum Precision: String, CaseIterable, Sendable, Codable {
  /// Positions and sums in double, the arithmetic of pairs in single precision relative to a nearby point.
  case mixed
  /// All in double precision.
  case double
}

/// Pair interactions computed fast: tabulated, vectorised, on all threads of a pool.
///
/// ``ReferenceCalculator`` is its plain twin, which tests hold it against. The bits of the result do not depend on the number of
/// threads.
public final class PairCalculator: ForceCalculator {
  /// The width of the buffer beyond the cutoff within which atoms may move before the lists are built anew, in Å.
  public static let defaultBuffer = 1.0

  /// Known types, not a protocol: the loops of a generic class are made for each precision only where it is called by name.
  private enum Engine {
    case mixed(TabulatedEngine<SIMD16<Float>>)
    case double(TabulatedEngine<SIMD8<Double>>)
  }

  private let engine: Engine

  /// Creates a calculator for the atoms of a configuration.
  ///
  /// - Parameters:
  ///   - buffer: In Å, positive; it changes the speed and the last bits, nothing else.
  ///   - pool: Runs the loops.
  /// - Throws: ``InteractionsError`` with code `.unknownSpecies` where the interactions were resolved for other species, and
  ///   `.invalidCutoff` where the cell is narrower than half the cutoff and buffer.
  public init(
    _ interactions: PairInteractions, for configuration: Configuration, precision: Precision = .mixed,
    buffer: Double = PairCalculator.defaultBuffer, pool: WorkerPool
  ) throws {
    try interactions.check(speciesOf: configuration)
    precondition(buffer > 0, "a neighbour list needs a buffer")
    engine =
      switch precision {
      case .mixed: .mixed(TabulatedEngine(interactions, for: configuration, buffer: buffer, pool: pool))
      case .double: .double(TabulatedEngine(interactions, for: configuration, buffer: buffer, pool: pool))
      }
  }

  public var neighborReference: NeighborReference? {
    get {
      switch engine {
      case .mixed(let engine): engine.neighborReference
      case .double(let engine): engine.neighborReference
      }
    }
    set {
      switch engine {
      case .mixed(let engine): engine.neighborReference = newValue
      case .double(let engine): engine.neighborReference = newValue
      }
    }
  }

  public func evaluate(positions: [Vector3], cell: Cell, forces: inout [Vector3], energies: Bool) throws -> Evaluation {
    switch engine {
    case .mixed(let engine): try engine.evaluate(positions: positions, cell: cell, forces: &forces, energies: energies)
    case .double(let engine): try engine.evaluate(positions: positions, cell: cell, forces: &forces, energies: energies)
    }
  }
}

extension PairCalculator {
  /// The calculator to take: the fast one, or its twin where the cell is so small that atoms meet many images of each other.
  public static func calculator(
    _ interactions: PairInteractions, for configuration: Configuration, precision: Precision = .mixed, pool: WorkerPool
  ) throws -> any ForceCalculator {
    let widths = configuration.cell.widths
    let least = (interactions.cutoff + defaultBuffer) / Double(ClusterList.imageReach)
    // A tenth to spare, since a barostat may shrink the cell.
    let isSmall = (0..<3).contains { configuration.cell.periodic[$0] && widths[$0] < 1.1 * least }
    return isSmall
      ? try ReferenceCalculator(interactions, for: configuration)
      : try PairCalculator(interactions, for: configuration, precision: precision, pool: pool)
  }
}
