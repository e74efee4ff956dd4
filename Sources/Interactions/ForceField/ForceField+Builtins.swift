import Structures

extension ForceField {
  /// The force fields that ship, by name.
  private static let library: [(name: String, bytes: [UInt8])] = [
    ("bks", PackageResources.bks_yaml),
    ("latp-core-shell", PackageResources.latp_core_shell_yaml),
    ("latp-core-shell-2", PackageResources.latp_core_shell_2_yaml),
    ("libp-du", PackageResources.libp_du_yaml),
    ("lps-ariga", PackageResources.lps_ariga_yaml),
    ("pmmcs", PackageResources.pmmcs_yaml),
    ("shik", PackageResources.shik_yaml),
    ("teter-sio2", PackageResources.teter_sio2_yaml),
    ("wang-borosilicate", PackageResources.wang_borosilicate_yaml),
  ]

  /// The names of the force fields that ship, alphabetically.
  public static var builtinNames: [String] { library.map(\.name) }

  /// The force fields that ship, alphabetically.
  public static func builtins() throws -> [ForceField] {
    try builtinNames.map { try named($0) }
  }

  /// The file of a force field that ships, as a start for one's own; `nil` where there is none of that name.
  public static func builtinText(_ name: String) -> String? {
    library.first { $0.name == name }.map { String(decoding: $0.bytes, as: UTF8.self) }
  }

  /// A force field by the name of one that ships.
  ///
  /// - Throws: ``InteractionsError`` with code `.unknownForceField`, which names the one that may have been meant.
  public static func named(_ name: String) throws -> ForceField {
    guard let text = builtinText(name) else {
      throw InteractionsError(
        .unknownForceField,
        "there is no force field \"\(name)\"\(didYouMean(name, among: builtinNames)); there are "
          + "\(builtinNames.joined(separator: ", ")), or give the path of a file that ends in .yaml")
    }
    return try ForceField(yaml: text, source: name)
  }

  /// A force field from its file.
  public static func at(path: String) throws -> ForceField {
    try ForceField(yaml: TextFile.read(path), source: path)
  }

  /// A force field by name, or by path where the text holds a slash or ends in `.yaml` or `.yml`.
  public static func find(_ nameOrPath: String) throws -> ForceField {
    let isPath = nameOrPath.contains("/") || nameOrPath.hasSuffix(".yaml") || nameOrPath.hasSuffix(".yml")
    return isPath ? try at(path: nameOrPath) : try named(nameOrPath)
  }
}
