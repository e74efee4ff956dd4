import Formats
import Structures

/// `vitrolyte info`: what is in a file.
public enum Info {
  public static func perform(file: String) throws -> CommandResult {
    let summary = try FileSummary(path: file)
    return CommandResult(json: summary.json, text: summary.text, warnings: summary.warnings)
  }
}

/// What a person asks of `convert`.
public struct ConvertRequest: Sendable {
  public var input: String
  public var output: String
  /// The names of the formats where the endings do not tell, or `nil`.
  public var inputFormat: String?
  public var outputFormat: String?
  public var frames: FrameRange
  /// The labels of atom types 1, 2 … for files that only number them.
  public var species: [String]

  public init(
    input: String, output: String, inputFormat: String? = nil, outputFormat: String? = nil, frames: FrameRange = FrameRange(),
    species: [String] = []
  ) {
    self.input = input
    self.output = output
    self.inputFormat = inputFormat
    self.outputFormat = outputFormat
    self.frames = frames
    self.species = species
  }
}

/// `vitrolyte convert`: any readable format to any writable one.
public enum Convert {
  public static func perform(_ request: ConvertRequest) throws -> CommandResult {
    let source = try FileFormats.openFrames(
      path: request.input, format: request.inputFormat,
      species: request.species.isEmpty ? nil : try Species.list(request.species.joined(separator: ",")))
    let isSameFile = Files.absolute(request.input) == Files.absolute(request.output)
    guard !isSameFile else {
      throw WorkflowsError(.invalidOption, "\(request.input) would be overwritten while it is read; give another file to write")
    }
    let writer = try FileFormats.openWriter(path: request.output, format: request.outputFormat)
    var (number, atoms) = (0, 0)
    while !request.frames.isPast(number), let frame = try source.next() {
      if request.frames.contains(number) {
        try writer.append(frame)
        atoms = frame.configuration.count
      }
      number += 1
    }
    try writer.flush()
    guard writer.frameCount > 0 else {
      throw WorkflowsError(.invalidOption, "\(request.input) has \(number) frames, none of them in the range asked for")
    }
    return CommandResult(
      json: .object([
        "file": .string(request.output), "frames": .integer(writer.frameCount), "atoms": .integer(atoms),
      ]),
      text: "\(writer.frameCount) \(writer.frameCount == 1 ? "frame" : "frames") of \(atoms) atoms written to \(request.output)\n",
      warnings: source.warnings)
  }
}

extension FileSummary {
  fileprivate var json: JSONValue {
    func numbers(_ values: [Double]) -> JSONValue { .array(values.map { .number($0) }) }
    return .object([
      "format": .string(format), "frames": .integer(frames), "atoms": .integer(atoms), "formula": .string(formula),
      "species": .array(
        species.map {
          .object([
            "label": .string($0.label), "element": .string($0.element), "mass_amu": .number($0.mass), "count": .integer($0.count),
          ])
        }),
      "net_charge_e": netCharge.map { .number($0) },
      "cell": .object([
        "vectors_A": .array(cell.vectors.map(numbers)), "lengths_A": numbers(cell.lengths), "angles_deg": numbers(cell.angles),
        "volume_A3": .number(cell.volume), "periodic": .array(cell.periodic.map { .bool($0) }),
      ]),
      "density_g_cm3": .number(lastDensity), "first_step": firstStep.map { .integer($0) }, "last_step": lastStep.map { .integer($0) },
      "first_time_ps": firstTime.map { .number($0) }, "last_time_ps": lastTime.map { .number($0) },
      "energy_eV": energy.map { .number($0) }, "columns": .array(columns.map { .string($0) }),
      "warnings": .array(warnings.map { .string($0) }),
    ])
  }

  fileprivate var text: String {
    func list(_ values: [Double]) -> String { values.map { NumberText.significant($0, 7) }.joined(separator: "  ") }
    var lines = [
      "format     \(format)", "frames     \(NumberText.grouped(frames))", "atoms      \(NumberText.grouped(atoms)) (\(formula))",
      "cell       \(list(cell.lengths)) A", "angles     \(list(cell.angles)) deg",
      "volume     \(NumberText.significant(cell.volume, 8)) A3", "density    \(NumberText.significant(lastDensity, 5)) g/cm3",
    ]
    if let netCharge { lines.append("charge     \(NumberText.significant(netCharge, 6)) e") }
    if let firstStep, let lastStep { lines.append("steps      \(firstStep) to \(lastStep)") }
    if let firstTime, let lastTime {
      lines.append("time       \(NumberText.significant(firstTime, 8)) to \(NumberText.significant(lastTime, 8)) ps")
    }
    if let energy { lines.append("energy     \(NumberText.significant(energy, 10)) eV") }
    if !columns.isEmpty { lines.append("columns    \(columns.joined(separator: " "))") }
    return lines.joined(separator: "\n") + "\n"
  }
}
