import NumericalMethods
import Structures

/// The part of a lattice sum in reciprocal space by smooth particle-mesh Ewald.
///
///     E = 1/2 Σ_K G(K) |S(K)|²,   S = the Fourier transform of the charges, spread over a mesh with B-splines
///
/// The forces are the derivatives of this energy by the weights of spreading, and the virial its derivative by strain: all three belong together
/// exactly, whatever the mesh. From the energy goes what charges on a mesh have with themselves in excess, on average over the places
/// between its points (and from the virial what belongs to it). What is lost is that the forces sum to zero; what is left of their sum is taken away in proportion to the
/// masses, so that the centre of mass stays at rest and no work is done while it does.
///
/// ``EwaldSum`` is its plain twin. The bits of the result do not depend on the number of threads, and the mesh is a function of the cell
/// alone. In mixed precision the mesh is in single precision where the accuracy asked for is 1e-5 or more, which its rounding
/// is well below.
///
/// Source: Essmann et al., J. Chem. Phys. 103, 8577 (1995), doi:10.1063/1.470117.
public final class ParticleMeshEwald: ForceContribution {
  /// Known types, not a protocol: the loops of a generic class are made for each precision only where it is called by name.
  private enum Engine {
    case single(MeshEngine<Float>)
    case double(MeshEngine<Double>)
  }

  private let engine: Engine
  private let charges: [Double]
  /// The share of each atom in the mass; empty where the net force is left as it is.
  private let massShares: [Double]

  /// Below this accuracy a mesh in single precision would show.
  static let leastAccuracyOfSingle = 1e-5

  /// - Parameters:
  ///   - charges: In e, one an atom; their sum is 0.
  ///   - masses: In amu, one an atom, for the net force to be taken away; empty to leave it.
  ///   - sum: With its splitting parameter and order.
  ///   - precision: ``Precision/mixed`` takes single precision where the accuracy allows it.
  public init(charges: [Double], masses: [Double], sum: LatticeSum, precision: Precision, pool: WorkerPool) {
    guard let alpha = sum.alpha, let order = sum.order else {
      preconditionFailure("a mesh needs its splitting parameter and the order of its splines")
    }
    precondition(LatticeSum.orders.contains(order), "B-splines have an order of 4 to 8")
    precondition(masses.isEmpty || masses.count == charges.count, "one mass an atom, or none")
    self.charges = charges
    let total = masses.reduce(0, +)
    massShares = total > 0 ? masses.map { $0 / total } : []
    engine =
      precision == .mixed && sum.accuracy >= Self.leastAccuracyOfSingle
      ? .single(MeshEngine(charges: charges, alpha: alpha, order: order, mesh: sum.mesh, error: sum.reciprocalError, pool: pool))
      : .double(MeshEngine(charges: charges, alpha: alpha, order: order, mesh: sum.mesh, error: sum.reciprocalError, pool: pool))
  }

  public var isSlow: Bool { true }

  /// The number of mesh points along each edge of a cell.
  ///
  /// - Throws: ``InteractionsError`` with code `.unsupported` where no mesh reaches the accuracy.
  public func meshSize(for cell: Cell) throws -> SIMD3<Int> {
    switch engine {
    case .single(let engine): try engine.size(for: cell)
    case .double(let engine): try engine.size(for: cell)
    }
  }

  public func add(positions: [Vector3], cell: Cell, to forces: inout [Vector3], energies: Bool) throws -> Evaluation {
    precondition(positions.count == charges.count && forces.count == charges.count, "the contribution was made for other atoms")
    let (energy, virial, netForce) =
      switch engine {
      case .single(let engine): try engine.add(positions: positions, cell: cell, to: &forces)
      case .double(let engine): try engine.add(positions: positions, cell: cell, to: &forces)
      }
    if !massShares.isEmpty {
      for atom in forces.indices { forces[atom] -= netForce * massShares[atom] }
    }
    var result = Evaluation()
    result.virial = virial
    if energies { result.energies[.coulomb] = energy }
    return result
  }
}
