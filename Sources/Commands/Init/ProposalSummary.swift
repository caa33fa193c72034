import Pipeline
import Workbench

/// What `init --sample` reports: which target fields were mapped exactly, which are guesses, and which are not mapped; 80
/// columns.
struct ProposalSummary {
  var result: MappingProposal.Result
  /// The mapping's path as the user sees it.
  var mapping: String

  private static let width = 80
  private static let most = 24

  var text: String { (counts + Self.advice([result])).joined(separator: "\n") }

  /// Which fields are mapped, and how.
  var counts: [String] {
    let mapped = result.exact.count + result.guessed.count
    let left = result.leftRequired.map { "\($0) (required)" } + result.left
    var lines = Self.wrapped(
      "\(mapping) maps \(mapped) of \(Wording.count(mapped + left.count, "target field")):")
    lines += section("exact", result.exact)
    lines += section("guessed", result.guessed)
    lines += section("not mapped", left)
    return lines
  }

  /// What to do about guesses and what is open.
  static func advice(_ results: [MappingProposal.Result]) -> [String] {
    var lines: [String] = []
    let parts = ["source", "target"].filter { part in results.contains { $0.guessedParts.contains(part) } }.map { "`\($0)`" }
    let places = parts.joined(separator: " and ")
    let end = "the key `review` with the reason"
    let whatToDo = "; remove the key once you have checked it."
    if results.contains(where: { !$0.guessed.isEmpty }) {
      lines += wrapped("Each guess has \(end)\(parts.isEmpty ? "" : ", also in \(places)")\(whatToDo)")
    } else if !parts.isEmpty {
      let subject = parts.count == 1 ? "The guess in \(places) has" : "The guesses in \(places) have"
      lines += wrapped("\(subject) \(end)\(whatToDo)")
    }
    if results.contains(where: \.hasNoSourceKey) {
      lines += wrapped("`waybill check` fails until `source` has a key: no field of the sample identifies a record.")
    }
    if results.contains(where: { !$0.leftRequired.isEmpty }) {
      lines += wrapped("`waybill check` fails until every required field is mapped; the file lists close candidates.")
    }
    return lines
  }

  /// `  guessed      3  name, email, status`
  private func section(_ title: String, _ names: [String]) -> [String] {
    guard !names.isEmpty else { return [] }
    let count = String(names.count)
    let head = "  \(title)\(String(repeating: " ", count: max(1, 15 - title.count - count.count)))\(count)  "
    let shown = names.prefix(Self.most).joined(separator: ", ")
    let rest = names.count > Self.most ? " and \(names.count - Self.most) more" : ""
    return Self.wrapped(Self.plain(shown + rest), head: head)
  }

  /// Names come from the schema and the sample, so nothing in them may move the cursor.
  private static func plain(_ text: String) -> String {
    String(String.UnicodeScalarView(text.unicodeScalars.map { $0.properties.generalCategory == .control ? " " : $0 }))
  }

  /// Wrapped text: the first line starts with `head`, the others are indented to match.
  static func wrapped(_ text: String, head: String = "") -> [String] {
    var lines: [String] = []
    var line = head
    var isEmpty = true
    for word in text.split(separator: " ") {
      if !isEmpty, line.count + 1 + word.count > width {
        lines.append(line)
        (line, isEmpty) = (String(repeating: " ", count: head.count), true)
      }
      line += (isEmpty ? "" : " ") + word
      isEmpty = false
    }
    return lines + [line]
  }
}
