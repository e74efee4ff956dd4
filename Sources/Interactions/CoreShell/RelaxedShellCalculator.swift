import NumericalMethods
import Structures

/// Forces on atoms whose shells have no mass: at each call the shells are moved to where no force acts on them.
///
/// The displacements of the shells are first guessed from those of the calls before, then improved by Anderson's method until the
/// force on no shell is larger than ``tolerance``. An atom feels the forces on its core and on its shell.
/// Sources: extrapolation, Kolafa, J. Comput. Chem. 25, 335 (2004), doi:10.1002/jcc.10385, eq. 13; acceleration, Anderson,
/// J. ACM 12, 547 (1965), doi:10.1145/321296.321305.
public final class RelaxedShellCalculator: ForceCalculator {
  /// The largest force in eV/Å that may be left on a shell, by default.
  ///
  /// An error of the energy of 1e-10 eV a shell, and of the forces on atoms of about as much as the tolerance itself.
  public static let defaultTolerance = 1e-4
  /// A shell farther than this from its core, in Å, has left it for another ion.
  static let longestDisplacement = 1.0
  static let mostIterations = 60

  public let tolerance: Double
  /// The evaluations of forces so far, for measuring.
  public private(set) var evaluationCount = 0
  private let particles: ShellParticles
  private let inner: any ForceCalculator
  private var positions: [Vector3] = []
  private var particleForces: [Vector3] = []

  /// The displacements of the shells from their cores at the last calls, the last one first.
  public var shellHistory: [[Vector3]] = []

  public var neighborReference: NeighborReference? {
    get { inner.neighborReference }
    set { inner.neighborReference = newValue }
  }

  /// - Parameters:
  ///   - inner: The forces on the particles, springs included.
  ///   - tolerance: In eV/Å, positive.
  init(_ particles: ShellParticles, inner: any ForceCalculator, tolerance: Double = RelaxedShellCalculator.defaultTolerance) {
    self.particles = particles
    self.inner = inner
    self.tolerance = tolerance
  }

  /// A calculator that goes on from the same lists, with another tolerance in eV/Å.
  func with(tolerance: Double) -> RelaxedShellCalculator {
    RelaxedShellCalculator(particles, inner: inner, tolerance: tolerance)
  }

  public func evaluate(
    positions atoms: [Vector3], cell: Cell, forces: inout [Vector3], energies: Bool
  ) throws -> Evaluation {
    let count = particles.atomCount
    guard atoms.count == count else {
      throw InteractionsError(
        .lostAtoms, "the calculator was made for \(count) atoms, but there are \(atoms.count) positions; make a new one")
    }
    var displacements = guess()
    var evaluation = try relax(&displacements, atoms: atoms, cell: cell)
    if energies { evaluation = try evaluate(displacements, atoms: atoms, cell: cell, energies: true) }
    shellHistory = [displacements] + shellHistory.prefix(Self.extrapolation.count - 1)
    forces = Array(particleForces[..<count])
    for (index, atom) in particles.atoms.enumerated() { forces[Int(atom)] += particleForces[count + index] }
    return evaluation
  }

  /// Where each number of earlier calls lets shells be expected; the weights of the last call first.
  private static let extrapolation: [[Double]] = [[1], [2, -1], [2.5, -2, 0.5], [2.8, -2.8, 1.2, -0.2]]

  private func guess() -> [Vector3] {
    guard let last = shellHistory.first, shellHistory.count <= Self.extrapolation.count else {
      return [Vector3](repeating: .zero, count: particles.atoms.count)
    }
    let weights = Self.extrapolation[shellHistory.count - 1]
    var guess = last.map { $0 * weights[0] }
    for (weight, displacements) in zip(weights, shellHistory).dropFirst() {
      for index in guess.indices { guess[index] += displacements[index] * weight }
    }
    return guess
  }

  private func relax(_ displacements: inout [Vector3], atoms: [Vector3], cell: Cell) throws -> Evaluation {
    let count = particles.atomCount
    var mixing = AndersonMixing(depth: 6)
    var largest = 0.0
    for _ in 0..<Self.mostIterations {
      let evaluation = try evaluate(displacements, atoms: atoms, cell: cell, energies: false)
      // Not a maximum, which a number that is not finite would pass by.
      largest = particleForces[count...].reduce(0) { $1.squaredLength <= $0 ? $0 : $1.squaredLength }.squareRoot()
      if largest <= tolerance { return evaluation }
      // The neighbours' short-range terms stiffen a shell's spring by about a half.
      let steps = particles.springs.indices.map { particleForces[count + $0] / (1.5 * particles.springs[$0]) }
      mixing.advance(&displacements, by: steps)
      if let lost = displacements.firstIndex(where: { !($0.length < Self.longestDisplacement) }) {
        throw InteractionsError(
          .lostAtoms,
          "the shell of atom \(particles.atoms[lost] + 1) has left its core (\(displacements[lost].length) Å): ions are too close for "
            + "this force field; minimise the atoms with shells on their cores first, or shorten the time step")
      }
    }
    throw InteractionsError(
      .notConverged,
      "the shells did not come to rest within \(Self.mostIterations) evaluations: a force of \(largest) eV/Å is left, \(tolerance) "
        + "eV/Å are asked for; minimise the atoms first, shorten the time step, or compute in double precision")
  }

  private func evaluate(_ displacements: [Vector3], atoms: [Vector3], cell: Cell, energies: Bool) throws -> Evaluation {
    positions = atoms
    positions.reserveCapacity(particles.configuration.count)
    for (displacement, atom) in zip(displacements, particles.atoms) { positions.append(atoms[Int(atom)] + displacement) }
    evaluationCount += 1
    return try inner.evaluate(positions: positions, cell: cell, forces: &particleForces, energies: energies)
  }
}
