extension Dynamics {
  /// A value that changes linearly from the first step of a stage to the last.
  public struct Ramp: Hashable, Sendable {
    public var start: Double
    public var end: Double

    public init(_ start: Double, _ end: Double) {
      self.start = start
      self.end = end
    }

    /// A value that stays.
    public init(_ value: Double) { self.init(value, value) }

    public var isConstant: Bool { start == end }

    /// The value at a fraction of the stage, `0 <= fraction <= 1`.
    public func value(at fraction: Double) -> Double { start + (end - start) * fraction }
  }

  /// What holds the temperature.
  public struct Thermostat: Hashable, Sendable {
    public enum Form: String, CaseIterable, Hashable, Sendable {
      case noseHooverChain = "nose-hoover-chain"
      case bussi
      case langevin
    }

    public var form: Form
    /// The relaxation time in ps; the inverse friction for Langevin.
    public var damping: Double

    public init(form: Form, damping: Double) {
      self.form = form
      self.damping = damping
    }
  }

  /// What holds the pressure.
  public struct Barostat: Hashable, Sendable {
    public enum Coupling: String, CaseIterable, Hashable, Sendable {
      case isotropic, anisotropic, triclinic
    }

    public var coupling: Coupling
    /// The relaxation time in ps.
    public var damping: Double

    public init(coupling: Coupling, damping: Double) {
      self.coupling = coupling
      self.damping = damping
    }
  }

  /// Frames on disk.
  public struct TrajectoryOutput: Hashable, Sendable {
    public enum Format: String, CaseIterable, Hashable, Sendable {
      case dump
      case dumpGzip = "dump.gz"
      case dumpZstandard = "dump.zst"
      case extendedXYZ = "extxyz"

      /// What the name of a file of this format ends with.
      public var fileSuffix: String {
        switch self {
        case .dump: ".lammpstrj"
        case .dumpGzip: ".lammpstrj.gz"
        case .dumpZstandard: ".lammpstrj.zst"
        case .extendedXYZ: ".extxyz"
        }
      }
    }

    /// Steps between frames.
    public var interval: Int
    public var format: Format
    /// The name inside the run folder.
    public var file: String

    public init(interval: Int, format: Format, file: String) {
      self.interval = interval
      self.format = format
      self.file = file
    }
  }
}
