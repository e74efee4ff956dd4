import NumericalMethods
import Structures

/// What is scattered.
public enum Radiation: String, CaseIterable, Sendable {
  case neutron
  case xRay = "x-ray"
  case electron

  /// Reads `neutron,x-ray`.
  ///
  /// - Throws: ``AnalysisError`` with code `.invalidSetting`.
  static func list(_ name: String, in settings: AnalysisSettings) throws -> [Radiation]? {
    guard let words = settings.list(name) else { return nil }
    var result: [Radiation] = []
    for word in words {
      guard let radiation = Radiation(rawValue: word) else {
        let known = allCases.map(\.rawValue)
        throw settings.invalid(name, "\"\(word)\" is none of \(known.joined(separator: ", "))\(didYouMean(word, among: known))")
      }
      if !result.contains(radiation) { result.append(radiation) }
    }
    return result
  }
}

/// Which isotopes and which charges the atoms of a sample have.
public struct Scatterers: Hashable, Sendable {
  /// Mass numbers by symbol; elements left out are the natural mixture.
  public var isotopes: [String: Int] = [:]
  /// Charges of the X-ray and electron factors by symbol; elements left out are neutral.
  public var charges: [String: Int] = [:]

  public init(isotopes: [String: Int] = [:], charges: [String: Int] = [:]) {
    self.isotopes = isotopes
    self.charges = charges
  }

  init(_ settings: AnalysisSettings) throws {
    isotopes = try Self.numbers("isotopes", settings)
    charges = try Self.numbers("ions", settings)
    for (symbol, number) in isotopes {
      guard let element = Element(symbol: symbol) else { continue }
      guard ScatteringLength(element: element, massNumber: number) != nil else {
        let known = ScatteringLength.massNumbers(of: element).map(String.init).joined(separator: ", ")
        throw settings.invalid("isotopes", "there is no scattering length for \(number)\(symbol); there are \(known)")
      }
    }
    for (symbol, charge) in charges {
      guard let element = Element(symbol: symbol), XRayFormFactor(element: element, charge: charge) == nil else { continue }
      let known = XRayFormFactor.charges(of: element).map(String.init).joined(separator: ", ")
      throw settings.invalid("ions", "there is no form factor for \(symbol) with charge \(charge); there are \(known)")
    }
  }

  /// Reads `Li=7,B=11`.
  private static func numbers(_ name: String, _ settings: AnalysisSettings) throws -> [String: Int] {
    var result: [String: Int] = [:]
    for part in settings.list(name) ?? [] where part != "natural" && part != "none" {
      let sides = part.split(separator: "=", omittingEmptySubsequences: false)
      guard sides.count == 2, let number = Int(sides[1]) else {
        throw settings.invalid(name, "\"\(part)\" is not understood; write an element, = and a whole number, such as Li=7 or O=-2")
      }
      guard let element = Element(symbol: sides[0]) else { throw settings.invalid(name, "\"\(sides[0])\" is no element") }
      guard result.updateValue(number, forKey: element.symbol) == nil else {
        throw settings.invalid(name, "\(element.symbol) is given twice")
      }
    }
    return result
  }

  /// Both settings, as analyses list them.
  static let parameters = [
    AnalysisParameter(
      "isotopes", summary: "isotopes in place of the natural mixture, such as Li=7,B=11", kind: .text, default: "natural"),
    AnalysisParameter(
      "ions", summary: "charges of the form factors for X-rays and electrons, such as Li=1,O=-2", kind: .text, default: "none"),
  ]

  var isotopeText: String { Self.text(isotopes) ?? "natural" }
  var ionText: String { Self.text(charges) ?? "none" }

  private static func text(_ numbers: [String: Int]) -> String? {
    numbers.isEmpty ? nil : numbers.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" }.joined(separator: ",")
  }
}

/// The scattering amplitudes of the species of a sample.
struct ScatteringWeights: Sendable {
  let radiation: Radiation
  private let factors: [@Sendable (Double) -> SIMD2<Double>]

  /// - Throws: ``AnalysisError`` with code `.invalidSetting` where a species has no amplitude.
  init(_ radiation: Radiation, elements: [Element], scatterers: Scatterers, analysis: String) throws {
    self.radiation = radiation
    factors = try elements.map { element in
      let charge = scatterers.charges[element.symbol] ?? 0
      func missing(_ what: String) -> AnalysisError {
        AnalysisError(.invalidSetting, "\(analysis): there is no \(what) for \(element.symbol); leave \(radiation.rawValue) out")
      }
      switch radiation {
      case .neutron:
        guard let length = ScatteringLength(element: element, massNumber: scatterers.isotopes[element.symbol]) else {
          throw missing("neutron scattering length")
        }
        return { _ in SIMD2(length.real, length.imaginary) }
      case .xRay:
        guard let factor = XRayFormFactor(element: element, charge: charge) else { throw missing("form factor") }
        return { SIMD2(factor($0), 0) }
      case .electron:
        guard let factor = ElectronFormFactor(element: element, charge: charge) else { throw missing("form factor") }
        return { SIMD2(factor($0), 0) }
      }
    }
  }

  /// The amplitude of each species, real and imaginary part: fm for neutrons, electrons for X-rays, Å for electrons.
  func amplitudes(_ q: Double) -> [SIMD2<Double>] { factors.map { $0(q) } }

  /// The weight of each pair of species a <= b in a total, both orders of unlike ones together, and its normalisations.
  ///
  ///     w_ab = (2 - delta_ab) c_a c_b Re(f_a f_b*),   |<f>|² = sum_ab w_ab,   <|f|²> = sum_a c_a |f_a|²
  ///
  /// - Returns: w by pair as ``PairHistogram/pairIndex(_:_:classes:)`` counts them.
  func pairs(_ q: Double, concentrations c: [Double]) -> (weights: [Double], squareOfMean: Double, meanOfSquares: Double) {
    let f = amplitudes(q)
    var weights: [Double] = []
    var squares = 0.0
    for a in f.indices {
      squares += c[a] * (f[a] * f[a]).sum()
      for b in a..<f.count { weights.append((a == b ? 1 : 2) * c[a] * c[b] * (f[a] * f[b]).sum()) }
    }
    return (weights, weights.reduce(0, +), squares)
  }

  /// - Throws: ``AnalysisError`` with code `.invalidSetting` where the mean amplitude all but vanishes, so that nothing can be divided by it.
  func requireMean(concentrations: [Double], analysis: String) throws {
    let (_, square, squares) = pairs(0, concentrations: concentrations)
    guard square > 1e-4 * squares else {
      throw AnalysisError(
        .invalidSetting,
        "\(analysis): the mean \(radiation.rawValue) scattering amplitude of this sample all but vanishes, and Faber-Ziman totals are "
          + "divided by its square; take the formalism ashcroft-langreth or other isotopes")
    }
  }
}
