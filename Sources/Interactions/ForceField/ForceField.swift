import Structures

/// A force field as its file states it, completely checked.
public struct ForceField: Sendable {
  public let name: String
}
