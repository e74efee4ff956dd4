import Structures

/// The bonds, angles and dihedrals of a configuration with the forms that act on them.
public struct BondedInteractions: Sendable {
  /// The forms that ``bonds`` points to by type.
  public var bondForms: [any BondForm]
  public var bonds: [Topology.Term<SIMD2<Int32>>]
  /// The forms that ``angles`` points to by type.
  public var angleForms: [any AngleForm]
  /// In the order in which the forms count their legs: the first leg joins the first and the second atom.
  public var angles: [Topology.Term<SIMD3<Int32>>]
  /// The forms that ``dihedrals`` points to by type.
  public var dihedralForms: [DihedralForm]
  public var dihedrals: [Topology.Term<SIMD4<Int32>>]

  public init(
    bondForms: [any BondForm] = [], bonds: [Topology.Term<SIMD2<Int32>>] = [], angleForms: [any AngleForm] = [],
    angles: [Topology.Term<SIMD3<Int32>>] = [], dihedralForms: [DihedralForm] = [], dihedrals: [Topology.Term<SIMD4<Int32>>] = []
  ) {
    (self.bondForms, self.bonds) = (bondForms, bonds)
    (self.angleForms, self.angles) = (angleForms, angles)
    (self.dihedralForms, self.dihedrals) = (dihedralForms, dihedrals)
  }

  public var isEmpty: Bool { bonds.isEmpty && angles.isEmpty && dihedrals.isEmpty }

  /// The terms of the energy that there are.
  public var energyTerms: [EnergyTerm] {
    (bonds.isEmpty ? [] : [.bonds]) + (angles.isEmpty ? [] : [.angles]) + (dihedrals.isEmpty ? [] : [.dihedrals])
  }
}
