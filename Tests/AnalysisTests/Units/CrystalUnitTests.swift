import Formats
import NumericalMethods
import Structures
import Testing

@testable import Analysis

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// The folder of reference data beside the checkout, or `nil` where it is absent.
let sharedData: String? = {
  let checkout = "/" + #filePath.split(separator: "/").dropLast(4).joined(separator: "/")
  let folder = "\(checkout)/../shared/data"
  return access("\(folder)/lips20", F_OK) == 0 ? folder : nil
}()

/// Crystals whose units are known, as built for a force field, and in frames of hot molecular dynamics with density functional
/// theory (data set LiPS-20).
@Suite(.enabled(if: sharedData != nil, "the reference data are not beside the checkout"))
struct CrystalUnitTests {
  private func frames(_ name: String) throws -> [Frame] {
    try FileFormats.openFrames(path: "\(try #require(sharedData))/\(name)").allFrames()
  }

  @Test(arguments: [("beta-Li3PS4", "PS4(3-)", "isolated"), ("gamma-Li3PS4", "PS4(3-)", "isolated"), ("Li4P2S6", "P2S6(4-)", "P-P bond")])
  func idealCrystals(name: String, unit: String, graph: String) throws {
    let result = try StructuralUnits().analyze(try frames("ariga/\(name).data"))
    #expect(result.units.map(\.type.name) == [unit])
    #expect(result.units.first?.type.graph == graph)
    #expect(result.share(of: "P", in: unit) == 1)
    #expect(result.charges.units + (result.charges.modifiers ?? .nan) == 0)
    #expect(!result.warnings.contains { $0.contains("balance") })
  }

  /// Molecular dynamics that starts from the crystal: its units are whole in the first frames.
  @Test func crystalOfTwoUnits() throws {
    let result = try StructuralUnits().analyze(Array(try frames("lips20/Li7P3S11").prefix(50)))
    // Whole numbers of atoms over 50 frames of 12 phosphorus each, so exact but for the division.
    #expect(abs(result.share(of: "P", in: "P2S7(4-)") - 2.0 / 3) < 1e-12)
    #expect(abs(result.share(of: "P", in: "PS4(3-)") - 1.0 / 3) < 1e-12)
    #expect(result["P2S7"]?.type.graph == "corner-sharing" && result["P2S7"]?.type.charge == -4)
    #expect(result.charges.units == -28 && result.charges.modifiers == 28)
    let corners = try #require(result.ternary)
    #expect(corners.map(\.name) == ["PS4(3-)", "P2S7(4-)", "P2S6(4-)"])
    #expect(abs(corners[1].share.value - 2.0 / 3) < 1e-12 && corners[2].share.value == 0)
  }

  /// All frames: melts far above room temperature among them, in which some bonds are broken.
  ///
  /// - Parameter least: Somewhat below what was found: 0.998, 0.998, 0.982, 0.986.
  @Test(arguments: [
    ("beta-Li3PS4", "PS4(3-)", 0.99), ("gamma-Li3PS4", "PS4(3-)", 0.99), ("Li7PS6", "PS4(3-)", 0.97), ("Li4P2S6", "P2S6(4-)", 0.97),
  ])
  func hotFrames(name: String, unit: String, least: Double) throws {
    let result = try StructuralUnits().analyze(try frames("lips20/\(name)"), pool: WorkerPool(threads: 2))
    #expect(result.frameCount == 800)
    #expect(result.share(of: "P", in: unit) > least)
    if name == "Li7PS6" {
      // Two sulfide ions beside each PS4.
      #expect(abs((result["S(2-)"]?.perFrame.value ?? 0) - 8) < 0.1)
    }
  }

  @Test func chargesOfHotMeltsAreReported() throws {
    let result = try StructuralUnits().analyze(try frames("lips20/P2S5"))
    #expect(result.warnings.contains { $0.contains("do not balance") })
    let sulfide = try StructuralUnits().analyze(try frames("lips20/Li2S"))
    #expect(sulfide.units.map(\.type.name) == ["S(2-)"] && sulfide.ternary == nil)
  }
}
