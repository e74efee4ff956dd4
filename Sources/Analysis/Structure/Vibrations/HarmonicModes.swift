import NumericalMethods
import Structures

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// The harmonic vibrations of a cell at the zone centre, from its matrix of second derivatives.
///
///     D_(i a, j b) = H_(i a, j b) / sqrt(m_i m_j),   D e_k = omega_k² e_k
///
/// Frequencies of negative eigenvalues, along which the energy falls, are given as negative numbers. Only waves that fit into
/// the cell appear: long ones need large cells. Three modes of a periodic cell are its motion as a whole, with frequencies that
/// vanish up to rounding and to the error of the derivatives.
public struct HarmonicModes: Sendable {
  /// How many atoms.
  public let count: Int
  /// In THz, in ascending order; negative where the energy falls.
  public let frequencies: [Double]
  /// Mass-weighted and normalised: 3N numbers a mode, one after another.
  public let eigenvectors: [Double]
  /// The largest difference between an element of the given matrix and the one across the diagonal, in eV/Å².
  public let asymmetry: Double
  private let masses: [Double]

  /// Diagonalises the dynamical matrix.
  ///
  /// - Parameters:
  ///   - hessian: Second derivatives of the energy in eV/Å², `3N × 3N` by rows, x, y, z of the first atom first. Differences across
  ///     the diagonal are averaged away; ``asymmetry`` says how large they were.
  ///   - masses: In amu, positive.
  ///   - removesTranslations: Whether motion as a whole is projected out, so that the three frequencies vanish to rounding.
  /// - Throws: ``AnalysisError`` with code `.invalidSetting` where sizes do not fit, a mass is not positive, or a number not
  ///   finite.
  public init(hessian: [Double], masses: [Double], removesTranslations: Bool = false) throws {
    let order = 3 * masses.count
    guard hessian.count == order * order else {
      throw AnalysisError(
        .invalidSetting, "modes: a Hessian of \(masses.count) atoms has \(order) rows and columns; \(hessian.count) numbers were given")
    }
    guard masses.allSatisfy({ $0 > 0 && $0.isFinite }) else {
      throw AnalysisError(.invalidSetting, "modes: all atoms need a positive mass")
    }
    let inverseRoots = masses.flatMap { mass -> [Double] in
      let root = 1 / mass.squareRoot()
      return [root, root, root]
    }
    var matrix = [Double](repeating: 0, count: order * order)
    var asymmetry = 0.0
    for row in 0..<order {
      for column in 0...row {
        let (lower, upper) = (hessian[row * order + column], hessian[column * order + row])
        asymmetry = max(asymmetry, abs(lower - upper))
        let value = 0.5 * (lower + upper) * inverseRoots[row] * inverseRoots[column]
        matrix[row * order + column] = value
        matrix[column * order + row] = value
      }
    }
    if removesTranslations { Self.projectOutTranslations(&matrix, masses: masses) }
    guard let system = SymmetricEigensystem(matrix, order: order) else {
      throw AnalysisError(.invalidSetting, "modes: the Hessian holds a number that is not finite; relax the atoms and compute it again")
    }
    count = masses.count
    self.masses = masses
    self.asymmetry = asymmetry
    eigenvectors = system.vectors
    // eV/(Å² amu) in 1/ps².
    let unit = 1 / PhysicalConstants.massVelocitySquared
    frequencies = system.values.map { value in
      let frequency = (abs(value) * unit).squareRoot() / (2 * Double.pi)
      return value < 0 ? -frequency : frequency
    }
  }

  /// `(1 - P) D (1 - P)`, with P the projection onto the three translations.
  private static func projectOutTranslations(_ matrix: inout [Double], masses: [Double]) {
    let order = 3 * masses.count
    let total = masses.reduce(0, +)
    guard total > 0 else { return }
    let roots = masses.map { ($0 / total).squareRoot() }
    // Rows, then columns.
    for axis in 0..<3 {
      for row in 0..<order {
        let overlap = roots.indices.reduce(0) { $0 + matrix[row * order + 3 * $1 + axis] * roots[$1] }
        for atom in roots.indices { matrix[row * order + 3 * atom + axis] -= overlap * roots[atom] }
      }
      for column in 0..<order {
        let overlap = roots.indices.reduce(0) { $0 + matrix[(3 * $1 + axis) * order + column] * roots[$1] }
        for atom in roots.indices { matrix[(3 * atom + axis) * order + column] -= overlap * roots[atom] }
      }
    }
  }

  /// The mass-weighted eigenvector of a mode, one vector an atom.
  public func eigenvector(_ mode: Int) -> [Vector3] {
    let begin = 3 * count * mode
    return (0..<count).map { atom in
      Vector3(eigenvectors[begin + 3 * atom], eigenvectors[begin + 3 * atom + 1], eigenvectors[begin + 3 * atom + 2])
    }
  }

  /// The displacements of a mode in Å amu^(1/2), `e_i / sqrt(m_i)`.
  public func displacements(_ mode: Int) -> [Vector3] {
    zip(eigenvector(mode), masses).map { $0 / $1.squareRoot() }
  }

  /// The participation ratio of a mode: 1 where all atoms take part alike, 1/N where one does.
  ///
  ///     p = (sum_i |e_i|²)² / (N sum_i |e_i|⁴)
  ///
  /// Source: Bell and Dean, Discuss. Faraday Soc. 50, 55 (1970), doi:10.1039/DF9705000055.
  public func participationRatio(_ mode: Int) -> Double {
    let squares = eigenvector(mode).map(\.squaredLength)
    let sum = squares.reduce(0, +)
    let fourth = squares.reduce(0) { $0 + $1 * $1 }
    return fourth > 0 ? sum * sum / (Double(count) * fourth) : 0
  }

  /// The share of each group of atoms in a mode; shares add up to 1 where all atoms belong to a group.
  ///
  /// - Parameter groups: The group of each atom, from 0.
  public func shares(_ mode: Int, groups: [Int]) -> [Double] {
    var result = [Double](repeating: 0, count: (groups.max() ?? -1) + 1)
    for (group, vector) in zip(groups, eigenvector(mode)) where group >= 0 { result[group] += vector.squaredLength }
    return result
  }

  /// The density of states, each mode a Gaussian; its integral is the number of modes.
  ///
  /// - Parameters:
  ///   - frequencies: Where, in THz.
  ///   - width: The standard deviation of the Gaussians in THz.
  ///   - weights: One a mode, such as the share of a species; all 1 where left out.
  /// - Returns: In 1/THz.
  public func density(at frequencies: [Double], width: Double, weights: [Double]? = nil) -> [Double] {
    precondition(width > 0, "a Gaussian has a positive width")
    let height = 1 / (width * (2 * Double.pi).squareRoot())
    return frequencies.map { frequency in
      self.frequencies.indices.reduce(0) { sum, mode in
        let x = (frequency - self.frequencies[mode]) / width
        return abs(x) > 10 ? sum : sum + (weights?[mode] ?? 1) * height * exp(-0.5 * x * x)
      }
    }
  }
}
