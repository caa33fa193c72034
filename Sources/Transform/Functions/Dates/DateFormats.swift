import Core
import Values

/// The parameter `formats` of `date` and `datetime`: `iso`, `epoch_ms`, `epoch_s`, or a pattern of UTS 35 letters.
enum DateFormats {
  static func parameter(_ summary: String) -> FunctionDefinition.Parameter {
    FunctionDefinition.Parameter("formats", .texts, isPositional: true, summary)
  }

  /// The formats in the order in which they are tried; none where none are given: then texts are read as `iso`, whole
  /// numbers as milliseconds since 1970.
  static func read(_ request: BindRequest, of function: String) -> (formats: [FunctionCall.DateFormat], issues: [BindIssue]) {
    guard let texts = request.texts("formats") else { return ([], []) }
    var issues: [BindIssue] = []
    if texts.isEmpty {
      issues.append(
        BindIssue(
          .badArgument, parameter: "formats", "'formats' of \(function) must name at least one format", hint: "write [iso]"))
    }
    var formats: [FunctionCall.DateFormat] = []
    for text in texts {
      switch text {
      case "iso": formats.append(.iso)
      case "epoch_ms": formats.append(.epochMilliseconds)
      case "epoch_s": formats.append(.epochSeconds)
      default:
        if let issue = issue(with: text, of: function) { issues.append(issue) }
        formats.append(.pattern(text))
      }
    }
    return (formats, issues)
  }

  private static func issue(with text: String, of function: String) -> BindIssue? {
    do throws(DatePatternFailure) {
      let pattern = try DatePattern(text)
      guard !pattern.hasDate else { return nil }
      return BindIssue(
        .badArgument, parameter: "formats", "the pattern '\(text)' of \(function) does not give a complete date",
        hint: "it needs year, month and day: yyyy-MM-dd")
    } catch {
      let word = text.allSatisfy { $0.isLetter || $0 == "_" } ? NearestName.hint(text, in: words) : nil
      return BindIssue(
        .badArgument, parameter: "formats", "the pattern '\(text)' of \(function): \(error.message)",
        hint: word ?? error.hint)
    }
  }

  private static let words = ["iso", "epoch_ms", "epoch_s"]

  static let input: [ValueType] = [.string, .integer, .number]
}
