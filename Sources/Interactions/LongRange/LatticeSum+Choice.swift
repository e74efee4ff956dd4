import NumericalMethods
import Structures

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// What the settings of a lattice sum are chosen for.
struct LatticeSumProblem {
  var density: ChargeDensity
  var cell: Cell
  /// The cutoff of the other pair terms, in Å: the pair loop goes that far in any case.
  var pairCutoff: Double

  /// The time of a pair loop to a cutoff, in ns.
  func pairTime(cutoff: Double) -> Double {
    let pairs = 2 * Double.pi / 3 * cutoff * cutoff * cutoff * Double(density.atoms) / density.volume
    return LatticeSumCost.pair * Double(density.atoms) * pairs
  }
}

/// Times in ns by which settings are chosen: of one core with 512-bit vectors at about 3 GHz.
///
/// They are constants and not measured at run time, so that the same input gives the same settings, and the same bits, everywhere. Only
/// their ratios matter, and those little: near the least time, a fifth in the cutoff changes it by a few percent.
enum LatticeSumCost {
  /// A pair of atoms, more than what pairs cost at any cutoff.
  static let pair = 2.1
  /// An atom and a plane wave.
  static let wave = 1.0
  /// An atom on the mesh, and that for each row of points along the mesh's last edge that it touches.
  static let atom = 35.0
  static let row = 1.7
  /// A point of the mesh whose edges have numbers of points that are fast to transform.
  static let point = 5.0
}

extension LatticeSum {
  /// The error that each of the two parts is allowed. They are independent of each other, so that together they come to 0.85 of the
  /// accuracy: measured errors scatter by about a tenth around their estimates.
  private var share: Double { 0.6 * accuracy }

  /// The error that is left to the part in reciprocal space, divided by k/Å².
  var reciprocalError: Double { share }

  /// Fills in what is not given, for least time.
  ///
  /// - Parameter isMesh: Whether the smooth part goes over a mesh.
  /// - Throws: ``InteractionsError`` with code `.unsupported` where no mesh reaches the accuracy.
  func resolved(for problem: LatticeSumProblem, isMesh: Bool) throws -> LatticeSum {
    // Made once for all cutoffs that are tried.
    let meshErrors = isMesh ? (order.map { [$0] } ?? Array(Self.orders)).map(MeshError.init) : []
    if cutoff != nil || alpha != nil {
      guard let outcome = completed(for: problem, meshErrors) else { throw Self.tooFine }
      return outcome.settings
    }
    // Beyond 20 Å the mesh or the waves cost nothing beside the pairs.
    var best: (settings: LatticeSum, time: Double)?
    var candidate = max(problem.pairCutoff, 4)
    repeat {
      var trial = self
      trial.cutoff = candidate
      if let outcome = trial.completed(for: problem, meshErrors), outcome.time < best?.time ?? .infinity { best = outcome }
      candidate += 0.25
    } while candidate <= 20
    guard let best else { throw Self.tooFine }
    return best.settings
  }

  /// What to say where no mesh reaches the accuracy.
  static var tooFine: InteractionsError {
    InteractionsError(
      .unsupported,
      "no mesh of a sensible size reaches the accuracy asked for in this cell; ask for splines of a higher order, a longer cutoff, a lower "
        + "accuracy, or the method ewald")
  }

  /// The settings with their splitting parameter, and the time of an evaluation; `nil` where no order reaches the accuracy.
  ///
  /// - Parameter meshErrors: One for each order to try; none where there is no mesh.
  private func completed(for problem: LatticeSumProblem, _ meshErrors: [MeshError]) -> (settings: LatticeSum, time: Double)? {
    var result = self
    let alpha: Double
    let cutoff: Double
    switch (self.alpha, self.cutoff) {
    case (let given?, let end?): (alpha, cutoff) = (given, end)
    case (let given?, nil):
      alpha = given
      cutoff = max(problem.pairCutoff, LatticeSumError.cutoff(problem.density, alpha: given, error: share))
    case (nil, let end?):
      cutoff = end
      alpha = LatticeSumError.alpha(problem.density, cutoff: end, error: share)
    case (nil, nil): return nil
    }
    (result.alpha, result.cutoff) = (alpha, cutoff)
    let atoms = Double(problem.density.atoms)
    var time = problem.pairTime(cutoff: max(cutoff, problem.pairCutoff))
    guard !meshErrors.isEmpty else {
      let k = LatticeSumError.waveNumber(problem.density, alpha: alpha, error: reciprocalError)
      let waves = problem.density.volume * k * k * k / (12 * Double.pi * Double.pi)
      time += LatticeSumCost.wave * atoms * waves
      return (result, time)
    }
    var best: (order: Int, time: Double)?
    for meshError in meshErrors {
      let order = meshError.order
      let size = mesh ?? MeshSize(alpha: alpha, meshError, error: reciprocalError).size(for: problem.cell, problem.density)
      guard let size else { continue }
      let points = MeshSize.time(of: size.x) * MeshSize.time(of: size.y) * MeshSize.time(of: size.z)
      let time = atoms * (LatticeSumCost.atom + LatticeSumCost.row * Double(order * order)) + LatticeSumCost.point * points
      if time < best?.time ?? .infinity { best = (order, time) }
    }
    guard let best else { return nil }
    result.order = best.order
    return (result, time + best.time)
  }

  /// What a person should know whose own settings do not reach the accuracy; `nil` where they do.
  func warning(for problem: LatticeSumProblem, isMesh: Bool) -> String? {
    guard let cutoff, let alpha else { return nil }
    let real = LatticeSumError.realSpace(problem.density, alpha: alpha, cutoff: cutoff)
    var reciprocal = reciprocalError
    if isMesh, let order, let mesh {
      reciprocal = MeshSize(alpha: alpha, order: order, error: reciprocalError).error(of: mesh, for: problem.cell, problem.density)
    }
    let total = (real * real + reciprocal * reciprocal).squareRoot()
    guard total > accuracy else { return nil }
    func short(_ value: Double) -> String {
      let power = pow(10, log10(value).rounded(.down) - 1)
      return "\((value / power).rounded() * power)"
    }
    return "the settings of Coulomb give an accuracy of about \(short(total)) (\(short(real)) from pairs, \(short(reciprocal)) from "
      + "reciprocal space), not \(accuracy): leave alpha and mesh out to have them chosen"
  }
}
