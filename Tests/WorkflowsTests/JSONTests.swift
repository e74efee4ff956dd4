import Foundation
import Testing

@testable import Workflows

@Suite("JSON")
struct JSONTests {
  static let value: JSONValue = .object([
    "whole": 12, "number": 0.1, "tiny": .number(.leastNonzeroMagnitude), "large": 1.7976931348623157e308,
    "text": "a \"b\" \\ \n\t\u{1}\u{7f} Å 😀",
    "empty": .object([]), "none": .array([]), "row": [1, 2.5, .null, true], "nested": [["a"], .object(["k": .bool(false)])],
  ])

  @Test("what is written reads to the same value")
  func roundTrip() throws {
    #expect(try JSONValue(parsing: Self.value.serialized, file: "x") == Self.value)
  }

  @Test("Foundation reads what is written")
  func foundationAgrees() throws {
    let object = try #require(
      JSONSerialization.jsonObject(with: Data(Self.value.serialized.utf8)) as? [String: Any])
    #expect(object["text"] as? String == Self.value["text"]?.text)
    #expect(object["number"] as? Double == 0.1)
    #expect((object["row"] as? [Any])?.count == 4)
  }

  @Test("numbers that JSON has no word for become null")
  func notFinite() {
    #expect(JSONValue.array([.number(.nan), .number(.infinity)]).serialized == "[null, null]\n")
  }

  @Test("escapes of others are understood")
  func escapes() throws {
    #expect(try JSONValue(parsing: #""\u00e5\ud83d\ude00\/\b""#, file: "x") == .string("å😀/\u{8}"))
  }

  @Test(
    "errors have a place",
    arguments: [
      ("{\"a\": 1,\n \"b\" 2}", "x:2:6"), ("[1, 2", "x:1:6"), ("tru", "x:1:1"), ("[1]\n]", "x:2:1"), ("\"\\q\"", "x:1:3"),
      ("", "x:1:1"), ("\"\\ud83d\"", "x:1"), ("nan", "x:1:1"), ("1e999", "x:1:1"), (String(repeating: "[", count: 5000), "x:1:"),
    ])
  func broken(text: String, place: String) throws {
    let error = try #require(throws: WorkflowsError.self) { _ = try JSONValue(parsing: text, file: "x") }
    #expect(error.message.hasPrefix(place), "\(error.message)")
  }
}
