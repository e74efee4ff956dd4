import NumericalMethods
import Structures

/// Atoms as the particles that a core-shell force field moves: the cores and ions without a shell in the order of the atoms, then
/// one shell for each core.
public struct ShellParticles: Sendable {
  /// The particles; shells lie on their cores.
  public let configuration: Configuration
  /// The atom that each shell belongs to.
  public let atoms: [Int32]
  /// The strength of each shell's spring in eV/Å², for an energy of `spring r²/2`.
  public let springs: [Double]

  /// The number of atoms.
  public var atomCount: Int { configuration.count - atoms.count }

  /// Gives shells to the atoms that have one.
  ///
  /// - Parameter labels: The species of the force field that each species of the configuration is.
  init(_ configuration: Configuration, labels: [String], model: CoreShellModel) throws {
    var species: [Species] = []
    var shellSpecies: [Int: Int32] = [:]
    var shells: [Species] = []
    for (index, label) in labels.enumerated() {
      let kind = configuration.species[index]
      guard let ion = model.ion(label) else {
        species.append(kind)
        continue
      }
      species.append(Species(kind.element, label: label, mass: kind.mass - ion.shellMass))
      shellSpecies[index] = Int32(labels.count + shells.count)
      shells.append(Species(kind.element, label: CoreShellModel.shellLabel(label), mass: ion.shellMass))
    }
    var (atoms, types, springs): ([Int32], [Int32], [Double]) = ([], [], [])
    for (atom, type) in configuration.types.enumerated() {
      guard let shell = shellSpecies[Int(type)], let ion = model.ion(labels[Int(type)]) else { continue }
      atoms.append(Int32(atom))
      types.append(shell)
      springs.append(ion.spring)
    }
    var particles = try Configuration(
      cell: configuration.cell, species: species + shells, types: configuration.types + types,
      positions: configuration.positions + atoms.map { configuration.positions[Int($0)] })
    if !configuration.velocities.isEmpty {
      particles.velocities = configuration.velocities + atoms.map { configuration.velocities[Int($0)] }
    }
    if !configuration.images.isEmpty {
      particles.images = configuration.images + atoms.map { configuration.images[Int($0)] }
    }
    particles.topology = configuration.topology
    self.configuration = particles
    self.atoms = atoms
    self.springs = springs
  }

  /// Each core and its own shell, whose charges do not meet.
  var specialPairs: [SpecialPairs.Pair] {
    atoms.enumerated().map { .init($1, Int32(atomCount + $0), pairFactor: 0, coulombFactor: 0) }
  }
}
