import Structures

/// What the images of an ion take from its diffusion coefficient in a small periodic cell of liquid.
///
///     D(infinite) = D(L) + 2.837297 k T / (6 π η L)
///
/// The ion drags the liquid, which flows around its images, too. A solid does not flow, so that nothing is to be corrected there.
///
/// - Source: Yeh and Hummer, J. Phys. Chem. B 108, 15873 (2004), doi:10.1021/jp0477147, equation 12; the constant is that of a cube.
public struct FiniteSizeCorrection: Sendable {
  /// In mPa s.
  public var viscosity: Double
  /// In K.
  public var temperature: Double
  /// In Å³.
  public var volume: Double
  /// Whether the constant is that of the cell.
  public var isCubic: Bool

  /// What is to be added to a diffusion coefficient in Å²/ps.
  public var value: Double {
    let edge = DisplacementFit.exp(DisplacementFit.log(volume) / 3)
    // k T / (η L) in eV / (mPa s Å) is 1.602176634e-19 / (1e-3 1e-10) m²/s, each of which is 1e8 Å²/ps.
    let squareMetres = 1.602176634e-6 * PhysicalConstants.boltzmann * temperature / (viscosity * edge)
    return 2.837297 * squareMetres * 1e8 / (6 * Double.pi)
  }
}
