/// The version of the program, for provenance and `--version`.
public enum ProgramVersion {
  /// Semantic version of this source tree; changed with CHANGELOG.md at a release.
  public static let current = "0.1.0"
  /// The name under which results say what made them.
  public static let program = "vitrolyte"
}
