import NumericalMethods
import Structures
import Testing

@testable import Formats

/// What each format says in its corners, in texts made for it.
struct FormatRulesTests {
  private static func read(_ name: String, _ text: String, species: [Species]? = nil) throws -> (frame: Frame, warnings: [String]) {
    try Support.withFile(name, text) { try FileFormats.readFrame(path: $0, species: species) }
  }

  // MARK: LAMMPS

  private static func data(_ masses: String, _ atoms: String, types: Int = 2, header: String = "") -> String {
    "title\n\n2 atoms\n\(types) atom types\n\(header)\n0 10 xlo xhi\n0 10 ylo yhi\n0 10 zlo zhi\n\nMasses\n\n\(masses)\n\n\(atoms)\n"
  }

  @Test func stylesAreDeduced() throws {
    let masses = "1 28.0855 # Si\n2 15.999\n"
    let atomic = try Self.read("a.data", Self.data(masses, "Atoms\n\n1 1 1 2 3\n2 2 4 5 6\n")).frame.configuration
    #expect(atomic.formula == "Si1 O1" && atomic.positions[1] == Vector3(4, 5, 6) && atomic.charges.isEmpty)
    let charge = try Self.read("a.data", Self.data(masses, "Atoms\n\n2 2 -1.2 4 5 6 # O\n1 1 2.4 1 2 3 # Si\n")).frame.configuration
    #expect(charge.charges == [2.4, -1.2] && charge.positions[0] == Vector3(1, 2, 3))
    let full = try Self.read("a.data", Self.data(masses, "Atoms # full\n\n1 7 1 2.4 1 2 11 0 0 3\n2 7 2 -1.2 4 5 6 1 0 0\n")).frame
      .configuration
    #expect(full.molecules == [7, 7] && full.images == [SIMD3(0, 0, 4), SIMD3(1, 0, 0)], "an atom outside is moved in")
    #expect(full.positions[0] == Vector3(1, 2, 1))
    let message = Support.message { _ = try Self.read("a.data", Self.data(masses, "Atoms\n\n1 7 1 1 2 3\n2 7 2 4 5 6\n")) }
    #expect(message.contains("Atoms # charge") && message.contains(":18:"))
  }

  @Test func typeLabelsAndMassesNameElements() throws {
    let labels = "Atom Type Labels\n\n1 Si\n2 Obr\n\n"
    let text = Self.data("1 28.0855\n2 15.999\n", "Atoms # atomic\n\n1 Obr 1 2 3\n2 Si 4 5 6\n").replacing(
      "Masses", with: labels + "Masses")
    // "Obr" is no element's symbol, so its mass decides.
    let species = try Self.read("a.data", text).frame.configuration.species
    #expect(species.map(\.label) == ["Si", "Obr"] && species.map(\.element.symbol) == ["Si", "O"])
    let atoms = "Atoms\n\n1 1 1 2 3\n2 2 4 5 6\n"
    let prose = try Self.read("a.data", Self.data("1 28.0855 # mass of silicon\n2 15.999 # H2O\n", atoms)).frame.configuration
    #expect(prose.formula == "Si1 O1")
    let sulfur = try Self.read("a.data", Self.data("1 32.066 # Sc\n2 6.015 # Li\n", atoms))
    #expect(sulfur.frame.configuration.species[0].element.symbol == "S" && sulfur.warnings.count == 1)
    let twice = try Self.read("a.data", Self.data("1 15.999\n2 15.999\n", atoms))
    #expect(twice.frame.configuration.species.map(\.label) == ["O1", "O2"] && twice.warnings.count == 1)
  }

  @Test func labelAgainstMassIsAnError() {
    let message = Support.message {
      _ = try Self.read("a.data", Self.data("1 28.0855 # O\n2 15.999 # Si\n", "Atoms\n\n1 1 1 2 3\n2 2 4 5 6\n"))
    }
    #expect(message.contains(":12:1:") && message.contains("28.0855") && message.contains("that of Si"))
  }

  private static func dump(
    _ columns: String, _ rows: String, box: String = "ITEM: BOX BOUNDS pp ff pp\n0 10\n0 10\n0 10", step: Int = 0, atoms: Int = 2
  ) -> String {
    "ITEM: TIMESTEP\n\(step)\nITEM: NUMBER OF ATOMS\n\(atoms)\n\(box)\nITEM: ATOMS \(columns)\n\(rows)"
  }

  @Test func dumpColumnsInAnyOrder() throws {
    let frame = try Self.read("a.dump", Self.dump("c_pe z id mass y x type", "-1.5 3 9 15.999 2 1 2\n0.5 6 4 28.085 5 4 1\n")).frame
    let configuration = frame.configuration
    #expect(configuration.identifiers == [4, 9] && configuration.formula == "Si1 O1")
    #expect(configuration.positions == [Vector3(4, 5, 6), Vector3(1, 2, 3)])
    #expect(frame.columns == ["c_pe": [0.5, -1.5]])
    #expect((0..<3).map { configuration.cell.periodic[$0] } == [true, false, true])
  }

  @Test func generalTriclinicDump() throws {
    let box = "ITEM: BOX BOUNDS abc origin pp pp pp\n5 1 0 -1\n-1 6 0.5 -2\n0.25 1 7 -3"
    let cell = try Self.read("a.dump", Self.dump("id element x y z", "1 Si 1 2 3\n2 O 1 1 1\n", box: box)).frame.configuration.cell
    #expect(cell.vectors == Matrix3(Vector3(5, 1, 0), Vector3(-1, 6, 0.5), Vector3(0.25, 1, 7)) && cell.origin == Vector3(-1, -2, -3))
  }

  @Test func dumpsThatChangeAreErrors() {
    let first = Self.dump("id element x y z", "1 Si 1 2 3\n2 O 1 1 1\n")
    let fewer = Self.dump("id element x y z", "1 Si 1 2 3\n", step: 1, atoms: 1)
    #expect(Support.message { _ = try Self.read("a.dump", first + fewer) }.contains("has 1 atoms, those before have 2"))
    let others = Self.dump("id element x y z", "1 Si 1 2 3\n3 O 1 1 1\n", step: 1)
    #expect(Support.message { _ = try Self.read("a.dump", first + others) }.contains("ids of the atoms"))
    let nameless = Self.dump("id type x y z", "1 1 1 2 3\n2 2 1 1 1\n")
    #expect(Support.message { _ = try Self.read("a.dump", nameless) }.contains("--elements Si,O"))
    let few = Support.message { _ = try Self.read("a.dump", nameless, species: try Species.list("Si")) }
    #expect(few.contains("type 2") && few.contains(":11:"))
    let twice = Self.dump("id element x y z", "1 Si 1 2 3\n1 O 1 1 1\n")
    #expect(Support.message { _ = try Self.read("a.dump", twice) }.contains("atom 1 comes twice"))
  }

  @Test func brokenRowsNameLineAndColumn() {
    let broken = Support.message { _ = try Self.read("a.dump", Self.dump("id element x y z", "1 Si 1 2 3\n2 O 1 1.2.3 1\n")) }
    #expect(broken.contains("a.dump:11:7: expected a finite number for y, found \"1.2.3\""))
    let short = Support.message { _ = try Self.read("a.dump", Self.dump("id element x y z", "1 Si 1 2\n2 O 1 1 1\n")) }
    #expect(short.contains("a.dump:10:1: the row ends before the column z"))
    let long = Support.message { _ = try Self.read("a.dump", Self.dump("id element x y z", "1 Si 1 2 3 4\n2 O 1 1 1\n")) }
    #expect(long.contains("a.dump:10:12:") && long.contains("found \"4\""))
    let huge = Support.message { _ = try Self.read("a.dump", Self.dump("id element x y z", "1 Si 1 2 3\n2 O 1 1e300 1\n")) }
    #expect(huge.contains("a.dump:11:1:"))
    let many = Support.message { _ = try Self.read("a.dump", Self.dump("id element x y z", "1 Si 1 2 3\n", atoms: 2_000_000_000)) }
    #expect(many.contains("after 1 of 2000000000 rows"))
  }

  // MARK: Extended XYZ

  @Test func virialIsMinusStressTimesVolume() throws {
    let text = "1\nLattice=\"2 0 0 0 3 0 0 0 4\" Properties=pos:R:3:species:S:1 virial=\"24 0 0 0 48 0 0 0 -72\" energy=-1.5\n1 2 3 Si\n"
    let frame = try Self.read("a.xyz", text).frame
    #expect(frame.stress == Matrix3(diagonal: Vector3(-1, -2, 3)) && frame.energy == -1.5)
    let voigt = text.replacing("virial=\"24 0 0 0 48 0 0 0 -72\"", with: "stress=\"1 2 3 4 5 6\"")
    #expect(try Self.read("a.xyz", voigt).frame.stress == Matrix3(Vector3(1, 6, 5), Vector3(6, 2, 4), Vector3(5, 4, 3)))
  }

  @Test func commentsOfManyKinds() throws {
    let text =
      "1\nflag 'a b'=\"c d\" arr=[[1,2],[3,4]] Lattice=[[2,0,0],[0,3,0],[0,0,4]] old={1 2 3} Properties=species:S:1:pos:R:3 pbc=[T,F,T]\nSi 1 2 3\n"
    let cell = try Self.read("a.xyz", text).frame.configuration.cell
    #expect(cell.lengths == Vector3(2, 3, 4) && (0..<3).map { cell.periodic[$0] } == [true, false, true])
    let open = Support.message { _ = try Self.read("a.xyz", "1\nLattice=\"2 0 0\nSi 1 2 3\n") }
    #expect(open.contains("a.xyz:2:9: the quote"))
    let short = Support.message { _ = try Self.read("a.xyz", "1\nLattice=\"2 0 0\"\nSi 1 2 3\n") }
    #expect(short.contains("a.xyz:2:1: expected 9 finite numbers for Lattice"))
  }

  @Test func plainXYZHasNoCell() throws {
    // CP2K's comment has a time in fs that must not be taken.
    let (frame, warnings) = try Self.read("a.xyz", "2\n i = 3, time = 1.5, E = -17.2\nSi 1 2 3 0.1\nO 4 5 6 0.2\n")
    #expect(frame.configuration.cell.periodic == Periodicity(repeating: false) && frame.time == nil && frame.energy == nil)
    #expect(warnings.contains { $0.contains("no Lattice") })
    let slab = "2\nLattice=\"3 0 0 0 3 0 0 0 0\" Properties=species:S:1:pos:R:3 pbc=\"T T F\"\nSi 1 2 3\nO 1 1 -4\n"
    let cell = try Self.read("a.xyz", slab).frame.configuration.cell
    #expect(cell.vectors[2].x == 0 && cell.vectors[2].z > 7)
  }

  @Test func velocityUnits() throws {
    let text = "1\nLattice=\"2 0 0 0 3 0 0 0 4\" Properties=species:S:1:pos:R:3:vel:R:3\nSi 1 2 3 0.5 0 0\n"
    let plain = try Self.read("a.xyz", text)
    #expect(plain.frame.configuration.velocities == [Vector3(0.5, 0, 0)] && plain.warnings.contains { $0.contains("Å/fs") })
    let named = try Self.read("a.xyz", text.replacing("vel:R:3", with: "vel:R:3 velocity_unit=A/fs"))
    #expect(named.frame.configuration.velocities == [Vector3(500, 0, 0)] && named.warnings.isEmpty)
  }

  @Test func leftHandedCellsAreExchanged() throws {
    let text = "1\nLattice=\"3 0 0 0 0 4 0 5 0\" Properties=species:S:1:pos:R:3 pbc=\"T F T\"\nSi 1 2 3\n"
    let (frame, warnings) = try Self.read("a.xyz", text)
    let cell = frame.configuration.cell
    #expect(cell.lengths == Vector3(3, 5, 4) && (0..<3).map { cell.periodic[$0] } == [true, true, false] && warnings.count == 1)
  }

  // MARK: VASP

  private static func poscar(scale: String, symbols: String = "Si O\n") -> String {
    "quartz\n\(scale)\n2 0 0\n0 4 0\n0 0 5\n\(symbols)1 1\nCartesian\n1 0 0\n0 1 2\n"
  }

  @Test func scales() throws {
    let negative = try Self.read("POSCAR", Self.poscar(scale: "-320")).frame.configuration
    // 320 is 8 times the volume of the edges: each is twice as long, and positions with them.
    #expect(abs(negative.cell.volume - 320) < 1e-10 && (negative.positions[1] - Vector3(0, 2, 4)).length < 1e-14)
    let three = try Self.read("POSCAR", Self.poscar(scale: "2 1 3")).frame.configuration
    #expect(three.cell.lengths == Vector3(4, 4, 15) && three.positions[1] == Vector3(0, 1, 6))
    #expect(Support.message { _ = try Self.read("POSCAR", Self.poscar(scale: "0")) }.contains("POSCAR:2:1: the scale is 0"))
  }

  @Test func vasp4NeedsElements() throws {
    let text = Self.poscar(scale: "1", symbols: "")
    #expect(Support.message { _ = try Self.read("POSCAR", text) }.contains("insert a line with their symbols"))
    #expect(try Self.read("POSCAR", text, species: try Species.list("Si,O")).frame.configuration.formula == "Si1 O1")
  }

  @Test func variableCellTrajectory() throws {
    func block(_ edge: Int, _ step: Int) -> String {
      "glass\n1.0\n\(edge) 0 0\n0 4 0\n0 0 5\nSi O\n1 1\nDirect configuration=     \(step)\n0.5 0 0\n0.25 0.5 0.5\n"
    }
    try Support.withFile("XDATCAR", block(4, 1) + block(6, 2) + block(8, 5)) { path in
      let frames = try FileFormats.openFrames(path: path).allFrames()
      #expect(frames.map { $0.configuration.positions[0].x } == [2, 3, 4] && frames.map(\.step) == [1, 2, 5])
      #expect(frames.map(\.configuration.cell.lengths.x) == [4, 6, 8])
    }
  }

  // MARK: CIF

  private static func cif(_ symmetry: String, _ sites: String, columns: String = "") -> String {
    """
    # a comment
    data_test
    _cell_length_a 5.0(1)
    _cell_length_b 5.0
    _cell_length_c 6.0
    _cell_angle_alpha 90
    _cell_angle_beta 90
    _cell_angle_gamma 90
    _publ_section_title
    ;
     A title; with 'marks' and _names
    ;
    \(symmetry)
    loop_
    _atom_site_label
    _atom_site_fract_x
    _atom_site_fract_y
    _atom_site_fract_z
    \(columns)
    \(sites)

    """
  }

  private static let operations =
    "loop_\n_space_group_symop_id\n_space_group_symop_operation_xyz\n1 x,y,z\n2 '-x, -y, z'\n3 x+1/2,1/2+y,.5+z\n4 -X+1/2,-Y+1/2,z+1/2"

  @Test func operationsAreApplied() throws {
    let (frame, warnings) = try Self.read("a.cif", Self.cif(Self.operations, "Li1 0 0 0.1(2)\nO2 0.1 0.2 0.3"))
    #expect(frame.configuration.formula == "Li2 O4" && warnings.isEmpty)
    #expect(frame.configuration.cell.isOrthorhombic)
    #expect(abs(frame.configuration.positions[1].z - 3.6) < 1e-14)
  }

  @Test func crystalsThatAreNoConfiguration() {
    let partial = Support.message {
      _ = try Self.read(
        "a.cif", Self.cif(Self.operations, "Li1 0 0 0.1 0.5(1)\nO2 0.1 0.2 0.3 1\nLi3 .3 .3 .3 0.25", columns: "_atom_site_occupancy"))
    }
    #expect(partial.contains("2 sites are not full: Li1 (0.5), Li3 (0.25)") && partial.contains(":26:13:"))
    let group = "_symmetry_space_group_name_H-M 'F d -3 m'"
    let missing = Support.message { _ = try Self.read("a.cif", Self.cif(group, "Li1 0 0 0.1")) }
    #expect(missing.contains("F d -3 m") && missing.contains("_space_group_symop_operation_xyz"))
    let overlap = Support.message { _ = try Self.read("a.cif", Self.cif(Self.operations, "Li1 0 0 0.1\nNa1 0 0 0.1")) }
    #expect(overlap.contains("closer than 0.1"))
    let operation = Support.message {
      _ = try Self.read("a.cif", Self.cif(Self.operations.replacing("-x, -y, z", with: "-x, -y, q"), "Li1 0 0 0.1"))
    }
    #expect(operation.contains("a.cif:17:3: expected a symmetry operation"))
  }

  @Test func firstOfSeveralStructures() throws {
    let one = Self.cif("_symmetry_space_group_name_H-M 'P 1'", "Li1 0 0 0.1")
    let (frame, warnings) = try Self.read("a.cif", one + one.replacing("data_test", with: "data_other").replacing("Li1", with: "Na1"))
    #expect(frame.configuration.formula == "Li1" && warnings.count == 1 && warnings[0].contains("test, other"))
  }
}
