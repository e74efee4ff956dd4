import Structures
import Testing

@Suite struct SuggestionTests {
  private let commands = ["analyze", "convert", "report", "run", "simulate"]

  @Test(
    arguments: [
      ("analyse", "analyze"), ("anlayze", "analyze"), ("REPORT", "report"), ("repotr", "report"), ("rum", "run"), ("simulat", "simulate"),
      ("convertt", "convert"),
    ])
  func findsTheWordMeant(_ word: String, _ expected: String) {
    #expect(suggestion(for: word, among: commands) == expected)
    #expect(didYouMean(word, among: commands) == "; did you mean \"\(expected)\"?")
  }

  @Test(arguments: ["", "xyz", "melt", "rules", "analysisofglass"])
  func staysSilentWhereNothingIsClose(_ word: String) {
    #expect(suggestion(for: word, among: commands) == nil)
    #expect(didYouMean(word, among: commands) == "")
  }

  @Test func tiesAreBrokenByTheAlphabet() {
    #expect(suggestion(for: "cat", among: ["hat", "bat", "rat"]) == "bat")
    #expect(suggestion(for: "cat", among: [String]()) == nil)
    // A swap of neighbours is one step, not two.
    #expect(suggestion(for: "ab", among: ["ba"]) == "ba")
  }
}
