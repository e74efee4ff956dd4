import NumericalMethods
import Structures
import Testing

@testable import Formats

/// Real crystals and training sets that lie beside the checkout; skipped where they do not.
struct CrystalDataTests {
  private static let isThere = Support.shared("ariga") != nil

  @Test(
    .enabled(if: isThere, "../shared/data is not there"),
    arguments: [
      ("gamma-Li3PS4", "Li6 P42 S48", 16, 2.02), ("beta-Li3PS4", "Li12 P44 S416", 32, 1.85), ("Li4P2S6", "Li4 P2 S6", 12, 2.24),
    ])
  func crystals(_ name: String, _ formula: String, _ atoms: Int, _ density: Double) throws {
    let path = try #require(Support.shared("ariga/\(name).data"))
    let (configuration, warnings) = try FileFormats.readConfiguration(path: path)
    #expect(configuration.formula == formula && configuration.count == atoms && warnings.isEmpty)
    // Densities of the crystals (20 °C), which a wrong cell or element would miss.
    #expect(abs(configuration.density / density - 1) < 0.06, "\(configuration.density)")
    #expect(!configuration.topology.bonds.isEmpty && !configuration.charges.isEmpty)
    // P–S bonds of thiophosphates are 2.0 to 2.1 Å, P–P 2.2 to 2.3 Å, in unwrapped coordinates as the image flags give them.
    let positions = configuration.unwrappedPositions
    for bond in configuration.topology.bonds {
      let length = configuration.cell.minimumImage(positions[Int(bond.atoms.x)] - positions[Int(bond.atoms.y)]).length
      #expect(length > 1.9 && length < 2.4)
    }
  }

  @Test(.enabled(if: isThere, "../shared/data is not there"))
  func trainingSets() throws {
    let lips = try FileSummary(path: try #require(Support.shared("lips-nequip/li6.75p3s11.extxyz")))
    #expect(lips.formula == "Li27 P12 S44" && lips.atoms == 83 && lips.columns == ["forces"] && lips.frames > 100)
    #expect(abs((lips.energy ?? 0) + 357) < 2)
    let pbesol = try FileFormats.openFrames(path: try #require(Support.shared("li3ps4-pbesol/val.xyz")))
    let frames = try pbesol.allFrames()
    #expect(frames.allSatisfy { $0.forces.count == $0.configuration.count && $0.energy != nil && $0.columns.isEmpty })
    #expect(frames.count > 3 && pbesol.warnings.isEmpty)
    // The forces of a frame sum to zero, which columns in the wrong places do not.
    for frame in frames { #expect(frame.forces.reduce(.zero, +).length < 0.05) }
  }
}
