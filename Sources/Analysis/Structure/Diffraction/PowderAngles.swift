import Structures

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// Angles, spacings and angle factors of powder diffraction; angles are 2θ in degrees, lengths in Å.
public enum PowderAngles {
  /// Q = 4π sin(θ) / lambda in 1/Å.
  public static func q(_ twoTheta: Double, wavelength: Double) -> Double {
    4 * Double.pi * sin(twoTheta * Double.pi / 360) / wavelength
  }

  /// 2θ of a Q; `nil` beyond what the wavelength reaches.
  public static func twoTheta(q: Double, wavelength: Double) -> Double? {
    let sine = q * wavelength / (4 * Double.pi)
    return sine <= 1 ? asin(sine) * 360 / Double.pi : nil
  }

  /// The spacing of lattice planes d = lambda / (2 sin θ).
  public static func spacing(_ twoTheta: Double, wavelength: Double) -> Double {
    wavelength / (2 * sin(twoTheta * Double.pi / 360))
  }

  /// The Lorentz factor 1 / (sin² θ cos θ), for X-rays times the polarisation 1 + cos² 2θ of an unpolarised beam.
  public static func lorentzPolarisation(_ twoTheta: Double, radiation: Radiation) -> Double {
    let theta = twoTheta * Double.pi / 360
    let lorentz = 1 / (sin(theta) * sin(theta) * cos(theta))
    return radiation == .xRay ? lorentz * (1 + cos(2 * theta) * cos(2 * theta)) : lorentz
  }
}

/// Characteristic X-ray lines.
public enum Wavelengths {
  /// In Å; Ka is the mean of Ka1 and Ka2, weighted 2 to 1.
  ///
  /// Source: Bearden, Rev. Mod. Phys. 39, 78 (1967), doi:10.1103/RevModPhys.39.78, as used in powder diffraction.
  public static let named: [(name: String, length: Double)] = [
    ("CuKa", 1.54184), ("CuKa1", 1.54056), ("CuKa2", 1.54439), ("CuKb1", 1.39222), ("MoKa", 0.71073), ("MoKa1", 0.70930),
    ("MoKa2", 0.71359),
    ("CoKa", 1.79026), ("CoKa1", 1.78896), ("CoKa2", 1.79285), ("CrKa", 2.29100), ("CrKa1", 2.28970), ("CrKa2", 2.29361), ("FeKa", 1.93735),
    ("FeKa1", 1.93604), ("FeKa2", 1.93998), ("AgKa", 0.560885), ("AgKa1", 0.559421), ("AgKa2", 0.563813),
  ]

  /// The wavelength in Å that a text means: a name, capital letters or not, or a positive length with its unit.
  public static func parse(_ text: String) -> Double? {
    if let line = named.first(where: { $0.name.lowercased() == text.lowercased() }) { return line.length }
    guard let length = try? Quantity.parse(text, as: .length), length > 0.01, length < 100 else { return nil }
    return length
  }
}
