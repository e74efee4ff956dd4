import Foundation
import Testing

/// A folder of its own for a test, which goes with it.
final class TemporaryFolder {
  let path: String

  init(_ name: String = "figures") throws {
    path = NSTemporaryDirectory() + "vitrolyte-\(UUID().uuidString)/" + name
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
  }

  deinit { try? FileManager.default.removeItem(atPath: path) }

  func read(_ name: String) throws -> String { try String(contentsOfFile: "\(path)/\(name)", encoding: .utf8) }
  func bytes(_ name: String) throws -> [UInt8] { try Array(Data(contentsOf: URL(fileURLWithPath: "\(path)/\(name)"))) }
  var names: [String] { get throws { try FileManager.default.contentsOfDirectory(atPath: path).sorted() } }

  /// Writes a program that a shell runs.
  func program(_ name: String, _ script: String) throws -> String {
    let file = "\(path)/\(name)"
    try "#!/bin/sh\n\(script)\n".write(toFile: file, atomically: true, encoding: .utf8)
    try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: file)
    return file
  }
}

/// Where gnuplot is, found without the code under test.
let installedGnuplot: String? = {
  let environment = ProcessInfo.processInfo.environment
  if let named = environment["GNUPLOT"], !named.isEmpty { return named }
  return (environment["PATH"] ?? "").split(separator: ":").map { "\($0)/gnuplot" }
    .first { FileManager.default.isExecutableFile(atPath: $0) }
}()

/// Checks of XML and HTML that know nothing of the code under test.
struct MarkupCheck {
  var identifiers: [String] = []
  var references: [String] = []
  var faults: [String] = []
  var elements: [String: Int] = [:]
  /// All text between tags, entities resolved.
  var text = ""

  private static let entities = ["&lt;": "<", "&gt;": ">", "&quot;": "\"", "&#39;": "'", "&amp;": "&"]

  init(_ markup: String) {
    let void: Set = ["meta", "br", "link", "img", "hr", "input"]
    var open: [String] = []
    var rest = Substring(markup)
    while let start = rest.firstIndex(of: "<") {
      addText(rest[..<start])
      rest = rest[start...]
      if rest.hasPrefix("<!--"), let end = rest.range(of: "-->") {
        rest = rest[end.upperBound...]
        continue
      }
      guard let end = rest.firstIndex(of: ">") else {
        faults.append("a tag is not closed: \(rest.prefix(60))")
        return
      }
      let tag = rest[rest.index(after: start)..<end]
      rest = rest[rest.index(after: end)...]
      if tag.hasPrefix("?") || tag.hasPrefix("!") { continue }
      if tag.hasPrefix("/") {
        let name = tag.dropFirst().trimmingCharacters(in: .whitespaces)
        if open.popLast() != name { faults.append("</\(name)> closes another element") }
        continue
      }
      let name = String(tag.prefix { !$0.isWhitespace && $0 != "/" })
      elements[name, default: 0] += 1
      addAttributes(tag.dropFirst(name.count))
      if name == "style", let close = rest.range(of: "</style>") { rest = rest[close.lowerBound...] }
      if !tag.hasSuffix("/"), !void.contains(name) { open.append(name) }
    }
    addText(rest)
    if !open.isEmpty { faults.append("not closed: \(open)") }
    for (identifier, count) in Dictionary(identifiers.map { ($0, 1) }, uniquingKeysWith: +) where count > 1 {
      faults.append("id \(identifier) occurs \(count) times")
    }
    for reference in Set(references) where !identifiers.contains(reference) { faults.append("#\(reference) leads nowhere") }
  }

  private mutating func addAttributes(_ text: Substring) {
    // swift-format-ignore
    let pattern = #/\s+([^\s=\/"'<>]+)\s*=\s*(?:"([^"]*)"|'([^']*)')/#
    var left = String(text)
    var names: Set<String> = []
    for match in text.matches(of: pattern) {
      let (name, value) = (String(match.1), String(match.2 ?? match.3 ?? ""))
      if !names.insert(name).inserted { faults.append("attribute \(name) is given twice") }
      if value.contains("<") { faults.append("attribute \(name) holds <") }
      if name == "id" { identifiers.append(value) }
      if name.hasSuffix("href"), value.hasPrefix("#") { references.append(String(value.dropFirst())) }
      if name == "aria-labelledby" { references.append(value) }
      for match in value.matches(of: #/url\(#([^)]*)\)/#) { references.append(String(match.1)) }
      left = left.replacingOccurrences(of: match.0, with: "")
    }
    let remains = left.trimmingCharacters(in: .whitespacesAndNewlines)
    if !remains.isEmpty, remains != "/" { faults.append("not an attribute: \(remains)") }
  }

  private mutating func addText(_ piece: Substring) {
    var result = String(piece)
    for match in piece.matches(of: #/&[^;\s]*;?/#) where Self.entities[String(match.0)] == nil {
      faults.append("unknown entity \(match.0)")
    }
    for (entity, character) in Self.entities where entity != "&amp;" { result = result.replacingOccurrences(of: entity, with: character) }
    text += result.replacingOccurrences(of: "&amp;", with: "&")
  }
}
