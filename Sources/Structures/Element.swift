/// A chemical element.
public struct Element: Hashable, Sendable, CustomStringConvertible {
  public let atomicNumber: Int
  /// The symbol, `Li`.
  public let symbol: String
  /// The English name, `Lithium`.
  public let name: String
  /// The standard atomic mass in amu.
  public let mass: Double
  /// The covalent radius in Å.
  public let covalentRadius: Double
  /// The colour of its spheres in pictures, `0xRRGGBB`.
  public let color: UInt32

  init(_ atomicNumber: Int, _ symbol: String, _ name: String, mass: Double, covalentRadius: Double, color: UInt32) {
    self.atomicNumber = atomicNumber
    self.symbol = symbol
    self.name = name
    self.mass = mass
    self.covalentRadius = covalentRadius
    self.color = color
  }

  /// The element with a symbol, with or without a capital letter (`Li`, `LI`, `li`); `nil` where there is none.
  public init?(symbol: some StringProtocol) {
    guard let element = Self.bySymbol[symbol.lowercased()] else { return nil }
    self = element
  }

  /// The element with an atomic number from 1 to 94; `nil` outside.
  public init?(atomicNumber: Int) {
    guard (1...Self.all.count).contains(atomicNumber) else { return nil }
    self = Self.all[atomicNumber - 1]
  }

  /// The element whose standard atomic mass is within a tolerance of a mass, both in amu; the nearest where several are.
  ///
  /// Bi and Po lie within 0.002 amu, less than files round by: Po is meant only where the mass is its own to 0.001 amu.
  ///
  /// - Parameter tolerance: In amu. Other elements lie at least 0.13 amu apart (Ar and Ca).
  public init?(mass: Double, tolerance: Double = 0.1) {
    guard mass.isFinite, let nearest = Self.all.min(by: { abs($0.mass - mass) < abs($1.mass - mass) }),
      abs(nearest.mass - mass) <= tolerance
    else { return nil }
    let bismuth = 83
    self = nearest.symbol == "Po" && abs(nearest.mass - mass) > 0.001 ? Self.all[bismuth - 1] : nearest
  }

  public var description: String { symbol }

  public static func == (left: Element, right: Element) -> Bool { left.atomicNumber == right.atomicNumber }

  public func hash(into hasher: inout Hasher) { hasher.combine(atomicNumber) }

  private static let bySymbol = Dictionary(uniqueKeysWithValues: all.map { ($0.symbol.lowercased(), $0) })
}
