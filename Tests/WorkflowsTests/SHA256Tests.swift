import Testing

@testable import Workflows

@Suite("SHA-256")
struct SHA256Tests {
  /// The examples of NIST FIPS 180-4 (csrc.nist.gov, "SHA-256 example values"), and the empty message of the CAVS vectors.
  @Test(
    "vectors of NIST",
    arguments: [
      ("", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"),
      ("abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"),
      (
        "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
        "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1"
      ),
      (
        "abcdefghbcdefghicdefghijdefghijkefghijklfghijklmghijklmnhijklmnoijklmnopjklmnopqklmnopqrlmnopqrsmnopqrstnopqrstu",
        "cf5b16a778af8380036ce59e7b0492370b249b11e8f07a51afac45037afee9d1"
      ),
    ])
  func vectors(message: String, digest: String) {
    #expect(SHA256.hexDigest(Array(message.utf8)) == digest)
  }

  @Test("a million letters a, in pieces that do not fit the blocks")
  func longMessage() {
    var hash = SHA256()
    let piece = [UInt8](repeating: UInt8(ascii: "a"), count: 999)
    for _ in 0..<1001 { hash.update(piece[...]) }
    hash.update(piece[..<1])
    #expect(SHA256.hexadecimal(hash.finalized()) == "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0")
  }

  @Test("cutting the message anywhere changes nothing")
  func pieces() {
    let message = (0..<200).map { UInt8($0) }
    let whole = SHA256.digest(message)
    for cut in 0...200 {
      var hash = SHA256()
      hash.update(message[..<cut])
      hash.update(message[cut...])
      #expect(hash.finalized() == whole)
    }
  }
}
