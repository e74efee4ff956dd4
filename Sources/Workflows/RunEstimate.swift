import Interactions

/// What a run will take, before it is begun.
public struct RunEstimate: Hashable, Sendable {
  /// One file that grows with the run.
  public struct Output: Hashable, Sendable {
    public var file: String
    /// Frames or rows.
    public var entries: Int
    public var bytes: Double

    public init(file: String, entries: Int, bytes: Double) {
      self.file = file
      self.entries = entries
      self.bytes = bytes
    }
  }

  public var atoms: Int
  /// Of all stages; a minimisation counts with the most that it may take.
  public var steps: Int
  /// In ps.
  public var simulatedTime: Double
  public var outputs: [Output]
  /// In bytes.
  public var memory: Double
  /// Seconds a step as measured, or `nil` where nothing was measured.
  public var secondsPerStep: Double?

  /// The time on the clock in s, or `nil` where no speed was measured.
  public var wallTime: Double? { secondsPerStep.map { $0 * Double(steps) } }

  /// Bytes an atom that the program holds in a run: the peak of the cases of `vitrolyte bench` with 24 000 atoms, less ``baseMemory``.
  ///
  /// Positions, velocities and forces in three copies are a small part of it, lists of neighbours the largest: about 250 an atom within 10 Å
  /// and a buffer in a glass of 0.07 atoms/Å³, 4 bytes each for half of them, and as much again for packing.
  public static let bytesPerAtom = 1400.0
  /// What reciprocal space takes beside that: weights of the atoms, and the mesh.
  public static let meshBytesPerAtom = 350.0
  /// What bonded and three-body terms take beside that: terms, edges, legs.
  public static let termBytesPerAtom = 2400.0
  /// How much more pairs take for each shell beside an atom, since shells double the density, too.
  public static let shellFactor = 2.5
  /// Bytes of the program itself.
  public static let baseMemory = 30e6

  /// Works out what a recipe takes.
  ///
  /// - Parameters:
  ///   - atoms: The true number.
  ///   - interactions: For the memory; `nil` counts pairs alone.
  ///   - measureSpeed: Runs a few steps and gives seconds a step; `nil` skips the measurement.
  public init(
    _ recipe: Recipe, atoms: Int, interactions: ResolvedForceField? = nil, measureSpeed: (() throws -> Double)? = nil
  ) rethrows {
    self.atoms = atoms
    steps = recipe.totalSteps
    simulatedTime = recipe.totalTime
    var outputs: [Output] = []
    var rows = 0
    for stage in recipe.stages {
      guard case .dynamics(let dynamics) = stage.action else { continue }
      rows += dynamics.steps / dynamics.thermoInterval + 1
      if let trajectory = dynamics.trajectory {
        let frames = dynamics.steps / trajectory.interval + 1
        outputs.append(
          Output(file: trajectory.file, entries: frames, bytes: Double(frames) * Double(atoms) * trajectory.format.bytesPerAtom))
      }
    }
    // Sixteen columns and two terms of about eleven characters.
    outputs.insert(Output(file: RunFolder.thermoName, entries: rows, bytes: Double(rows) * 200), at: 0)
    self.outputs = outputs
    memory = Self.baseMemory + (interactions.map { Self.bytesPerAtom($0, atoms: atoms) } ?? Self.bytesPerAtom) * Double(atoms)
    secondsPerStep = try measureSpeed?()
  }

  private static func bytesPerAtom(_ interactions: ResolvedForceField, atoms: Int) -> Double {
    var bytes = bytesPerAtom
    if interactions.pair.coulomb?.latticeSum != nil { bytes += meshBytesPerAtom }
    if interactions.bonded != nil || !interactions.threeBody.isEmpty { bytes += termBytesPerAtom }
    let shells = interactions.shells.map { Double($0.atoms.count) / Double(max(1, atoms)) } ?? 0
    return bytes * (1 + shells) * (1 + (shellFactor - 1) * shells)
  }
}

extension Dynamics.TrajectoryOutput.Format {
  /// About how many bytes an atom takes in a frame: number, type, three coordinates and three images.
  fileprivate var bytesPerAtom: Double {
    switch self {
    case .dump: 45
    case .dumpGzip, .dumpZstandard: 18
    case .extendedXYZ: 45
    }
  }
}

extension RunEstimate {
  /// Lines for a person.
  public var text: String {
    var lines = [
      "atoms           \(NumberText.grouped(atoms))",
      "steps           \(NumberText.grouped(steps)) (\(NumberText.significant(simulatedTime, 6)) ps)",
      "memory          about \(NumberText.bytes(memory))",
    ]
    for output in outputs {
      lines.append("output          \(output.file): \(NumberText.grouped(output.entries)) entries, about \(NumberText.bytes(output.bytes))")
    }
    if let secondsPerStep, let wallTime {
      lines.append("measured speed  \(NumberText.significant(secondsPerStep * 1e3, 3)) ms a step")
      lines.append("expected time   about \(NumberText.duration(wallTime))")
    }
    return lines.joined(separator: "\n") + "\n"
  }

  public var json: JSONValue {
    .object([
      "atoms": .integer(atoms), "steps": .integer(steps), "simulated_time_ps": .number(simulatedTime), "memory_bytes": .number(memory),
      "outputs": .array(
        outputs.map { .object(["file": .string($0.file), "entries": .integer($0.entries), "bytes": .number($0.bytes)]) }),
      "ms_per_step": secondsPerStep.map { .number($0 * 1e3) }, "wall_time_s": wallTime.map { .number($0) },
    ])
  }
}
