import Core
import Transform

/// `review`: guesses of `waybill init` that have not been confirmed yet.
extension MappingPhase {
  /// Reports the key `review` of a map as a warning; `what` names the map in the message: `'email'`, `source`.
  mutating func checkReview(_ node: YAMLNode, _ what: String) {
    guard let entry = node.entry("review"), let why = entry.value.text("review", &diagnostics) else { return }
    guard !Self.oneLine(why).isEmpty else {
      report(
        .error, .badArgument, at: entry.value.place, "review is empty", hint: "give the reason for the guess, or remove the key")
      return
    }
    report(
      .warning, .unreviewedGuess, at: entry.keyPlace, "\(what) is a guess: \(Self.oneLine(why))",
      hint: "check it, then remove the key 'review'")
  }

  /// The reason on one line, however it was written.
  private static func oneLine(_ text: String) -> String {
    let words = text.split { $0.isWhitespace || $0.unicodeScalars.allSatisfy { $0.properties.generalCategory == .control } }
    let line = words.joined(separator: " ")
    return line.count > 300 ? line.prefix(299) + "…" : line
  }
}
