import Structures

/// Radii of atoms by species.
public enum AtomRadii: Sendable, Hashable {
  /// Covalent radii: Cordero et al., Dalton Trans. 2832 (2008), doi:10.1039/b801115j.
  case covalent
  /// Effective ionic radii of the ion and coordination that are usual in oxide and sulfide glasses (O²⁻ between two cations, Li⁺, Si⁴⁺
  /// and P⁵⁺ between four anions): Shannon, Acta Cryst. A32, 751 (1976), doi:10.1107/S0567739476001551.
  case ionic
  /// Van der Waals radii of main-group elements: Mantina et al., J. Phys. Chem. A 113, 5806 (2009), doi:10.1021/jp8111556.
  case vanDerWaals
  /// By label of species, in Å; more than the frames have does no harm.
  case given([String: Double])

  /// Reads `covalent`, `ionic`, `van-der-waals`, or `O=1.35,Si=0.26`; a length may carry a unit, otherwise it counts in Å.
  ///
  /// - Throws: ``AnalysisError`` with code `.invalidSetting`.
  public init(_ text: String) throws {
    switch text {
    case "covalent": self = .covalent
    case "ionic": self = .ionic
    case "van-der-waals": self = .vanDerWaals
    default:
      var radii: [String: Double] = [:]
      for part in text.split(separator: ",") {
        let sides = part.split(separator: "=", omittingEmptySubsequences: false).map { $0.filter { $0 != " " } }
        guard sides.count == 2, !sides[0].isEmpty else {
          throw AnalysisError(
            .invalidSetting,
            "\"\(part)\" gives no radius; write covalent, ionic, van-der-waals, or radii by species such as O=1.35,Si=0.26 (in Å)")
        }
        let value = try Double(sides[1]) ?? Quantity.parse(sides[1], as: .length)
        guard value >= 0, value <= 10 else {
          throw AnalysisError(.invalidSetting, "\"\(part)\": a radius is from 0 to 10 Å")
        }
        radii[sides[0]] = value
      }
      self = .given(radii)
    }
  }

  /// The radius of a species in Å.
  ///
  /// - Throws: ``AnalysisError`` with code `.unknownSpecies` where there is none.
  public func radius(of species: Species, analysis: String) throws -> Double {
    let symbol = species.element.symbol
    let known: Double?
    switch self {
    case .covalent: known = species.element.covalentRadius
    case .ionic: known = Self.ionicRadii[symbol]
    case .vanDerWaals: known = Self.vanDerWaalsRadii[symbol]
    case .given(let radii): known = radii[species.label]
    }
    guard let known else {
      throw AnalysisError(
        .unknownSpecies,
        "\(analysis): \(name) radii have no value for \(species.label); give radii by species, such as \(species.label)=1.2")
    }
    return known
  }

  /// As in settings.
  public var name: String {
    switch self {
    case .covalent: "covalent"
    case .ionic: "ionic"
    case .vanDerWaals: "van-der-waals"
    case .given: "given"
    }
  }

  /// The settings as used, with the radii of the species at hand.
  func settings(of species: [Species]) -> String {
    let list = species.compactMap { entry in
      (try? radius(of: entry, analysis: "")).map { "\(entry.label)=\(brief($0))" }
    }
    return "\(list.joined(separator: ",")) A (\(name))"
  }

  /// The ions Li⁺ (4 neighbours), Be²⁺ (4), B³⁺ (4), C⁴⁺ (4), N³⁻ (4), O²⁻ (2), F⁻ (2), Na⁺ (6), Mg²⁺ (6), Al³⁺ (4), Si⁴⁺ (4), P⁵⁺ (4), S²⁻ (6),
  /// Cl⁻ (6), K⁺ (8), Ca²⁺ (6), Ti⁴⁺ (6), V⁵⁺ (4), Cr³⁺ (6), Mn²⁺ (6), Fe³⁺ (6), Co²⁺ (6), Ni²⁺ (6), Cu⁺ (4), Zn²⁺ (4), Ga³⁺ (4), Ge⁴⁺ (4), As⁵⁺ (4),
  /// Se²⁻ (6), Br⁻ (6), Rb⁺ (6), Sr²⁺ (6), Y³⁺ (6), Zr⁴⁺ (6), Nb⁵⁺ (6), Mo⁶⁺ (4), Ag⁺ (4), Cd²⁺ (6), In³⁺ (6), Sn⁴⁺ (6), Sb⁵⁺ (6), Te²⁻ (6), I⁻ (6),
  /// Cs⁺ (6), Ba²⁺ (6), La³⁺ (6), Hf⁴⁺ (6), Ta⁵⁺ (6), W⁶⁺ (4), Tl⁺ (6), Pb²⁺ (6), Bi³⁺ (6).
  static let ionicRadii: [String: Double] = [
    "Li": 0.59, "Be": 0.27, "B": 0.11, "C": 0.15, "N": 1.46, "O": 1.35, "F": 1.285, "Na": 1.02, "Mg": 0.72, "Al": 0.39, "Si": 0.26,
    "P": 0.17,
    "S": 1.84, "Cl": 1.81, "K": 1.51, "Ca": 1.00, "Ti": 0.605, "V": 0.355, "Cr": 0.615, "Mn": 0.83, "Fe": 0.645, "Co": 0.745, "Ni": 0.69,
    "Cu": 0.60, "Zn": 0.60, "Ga": 0.47, "Ge": 0.39, "As": 0.335, "Se": 1.98, "Br": 1.96, "Rb": 1.52, "Sr": 1.18, "Y": 0.90, "Zr": 0.72,
    "Nb": 0.64, "Mo": 0.41, "Ag": 1.00, "Cd": 0.95, "In": 0.80, "Sn": 0.69, "Sb": 0.60, "Te": 2.21, "I": 2.20, "Cs": 1.67, "Ba": 1.35,
    "La": 1.032, "Hf": 0.71, "Ta": 0.64, "W": 0.42, "Tl": 1.50, "Pb": 1.19, "Bi": 1.03,
  ]

  static let vanDerWaalsRadii: [String: Double] = [
    "H": 1.10, "He": 1.40, "Li": 1.81, "Be": 1.53, "B": 1.92, "C": 1.70, "N": 1.55, "O": 1.52, "F": 1.47, "Ne": 1.54, "Na": 2.27,
    "Mg": 1.73,
    "Al": 1.84, "Si": 2.10, "P": 1.80, "S": 1.80, "Cl": 1.75, "Ar": 1.88, "K": 2.75, "Ca": 2.31, "Ga": 1.87, "Ge": 2.11, "As": 1.85,
    "Se": 1.90,
    "Br": 1.83, "Kr": 2.02, "Rb": 3.03, "Sr": 2.49, "In": 1.93, "Sn": 2.17, "Sb": 2.06, "Te": 2.06, "I": 1.98, "Xe": 2.16, "Cs": 3.43,
    "Ba": 2.68, "Tl": 1.96, "Pb": 2.02, "Bi": 2.07,
  ]
}
