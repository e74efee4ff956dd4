/// Bonded terms by atom index (0-based) and type (0-based), in the order in which the file lists them.
///
/// The order of the atoms in an angle matters to force fields with unsymmetric cross terms; it is kept as read.
public struct Topology: Hashable, Sendable {
  /// A term between a fixed number of atoms.
  public struct Term<Atoms: Hashable & Sendable>: Hashable, Sendable {
    /// The type of the term, counted from 0.
    public var type: Int32
    /// The atoms, counted from 0.
    public var atoms: Atoms

    public init(type: Int32, atoms: Atoms) {
      self.type = type
      self.atoms = atoms
    }
  }

  public var bonds: [Term<SIMD2<Int32>>] = []
  public var angles: [Term<SIMD3<Int32>>] = []
  public var dihedrals: [Term<SIMD4<Int32>>] = []
  public var impropers: [Term<SIMD4<Int32>>] = []
  /// The name of each type of bond, angle, dihedral and improper, where the file gives names.
  public var bondLabels: [String] = []
  public var angleLabels: [String] = []
  public var dihedralLabels: [String] = []
  public var improperLabels: [String] = []

  public init() {}

  public var isEmpty: Bool { bonds.isEmpty && angles.isEmpty && dihedrals.isEmpty && impropers.isEmpty }
}
