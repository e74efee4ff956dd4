/// A kind of atom: what a force field distinguishes.
///
/// Most labels are element symbols (`Li`); a force field may tell several kinds of one element apart (`S4`, `Sc`).
public struct Species: Hashable, Sendable {
  /// The name that force fields and analyses use.
  public var label: String
  /// The element.
  public var element: Element
  /// The mass of one atom in amu.
  public var mass: Double

  /// Creates a species; the label is the element's symbol and the mass its standard mass unless given.
  public init(_ element: Element, label: String? = nil, mass: Double? = nil) {
    self.element = element
    self.label = label ?? element.symbol
    self.mass = mass ?? element.mass
  }
}
