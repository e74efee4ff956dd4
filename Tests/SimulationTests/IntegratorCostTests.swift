import NumericalMethods
import Structures
import Testing

@testable import Simulation

/// What a step costs beside the forces.
@Suite struct IntegratorCostTests {
  @Test(.tags(.slow), .enabled(if: Systems.isSlowRun), arguments: NamedEnsemble.all(temperature: .constant(300)))
  func overheadOfAStep(_ named: NamedEnsemble) throws {
    let configuration = try Systems.argon(cells: 9, constant: 5.6)
    for threads in [1, 2] {
      var stage = DynamicsStage(named.ensemble, timestep: 0.0001, steps: 6000)
      stage.energyInterval = 1000
      var dynamics = try MolecularDynamics(
        state: Systems.state(configuration, temperature: 300), masses: configuration.masses, stage: stage, calculator: Constant(),
        pool: WorkerPool(threads: threads))
      try dynamics.advance(steps: 1000)
      let clock = ContinuousClock()
      let best = try (0..<5).map { _ in try clock.measure { try dynamics.advance(steps: 1000) } }.min() ?? .zero
      print("overhead of \(configuration.count) atoms, \(named.name), \(threads) threads: \(best / 1000) a step")
      // Generous, for loaded machines; the calculator itself takes about 2 µs.
      #expect(best / 1000 < .milliseconds(10))
    }
  }
}
