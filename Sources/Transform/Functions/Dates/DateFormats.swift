import Core
import Values

/// The parameter `formats` of `date` and `datetime`: a word for ISO 8601 or for numbers, or a pattern of UTS 35 letters.
enum DateFormats {
  static func parameter(_ summary: String) -> FunctionDefinition.Parameter {
    FunctionDefinition.Parameter("formats", .texts, isPositional: true, summary)
  }

  /// The formats in the order in which they are tried; none where none are given: then texts are read as `iso`, and numbers only if
  /// the source declares what they count.
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
      if let format = words.first(where: { $0.name == text.replacing("-", with: "_") })?.format {
        formats.append(format)
      } else {
        if let issue = issue(with: text, of: function) { issues.append(issue) }
        formats.append(.pattern(text))
      }
    }
    if let issue = unreachable(formats, of: function) { issues.append(issue) }
    return (formats, issues)
  }

  /// A count since 1970 reads every number, so that another format of numbers behind it would never be tried.
  private static func unreachable(_ formats: [FunctionCall.DateFormat], of function: String) -> BindIssue? {
    let numeric: [FunctionCall.DateFormat] = [.epochMilliseconds, .epochSeconds, .excel1900, .excel1904]
    guard let first = formats.firstIndex(where: { $0 == .epochMilliseconds || $0 == .epochSeconds }),
      let other = formats[(first + 1)...].first(where: { numeric.contains($0) }), let name = name(of: formats[first]),
      let hidden = self.name(of: other)
    else { return nil }
    return BindIssue(
      .badArgument, parameter: "formats", "\(name) reads every number, so \(function) never tries \(hidden)",
      hint: name == hidden ? "name it once" : "put \(hidden) before \(name), or remove it")
  }

  private static func name(of format: FunctionCall.DateFormat) -> String? { words.first { $0.format == format }?.name }

  private static func issue(with text: String, of function: String) -> BindIssue? {
    do throws(DatePatternFailure) {
      let pattern = try DatePattern(text)
      guard !pattern.hasDate else { return nil }
      if let issue = foreign(text, "formats", of: function) { return issue }
      return BindIssue(
        .badArgument, parameter: "formats", "the pattern '\(text)' of \(function) does not give a complete date",
        hint: "it needs year, month and day: yyyy-MM-dd")
    } catch {
      if let issue = foreign(text, "formats", of: function) { return issue }
      let word = text.allSatisfy { $0.isLetter || $0.isNumber || $0 == "_" } ? NearestName.hint(text, in: words.map(\.name)) : nil
      return BindIssue(
        .badArgument, parameter: "formats", "the pattern '\(text)' of \(function): \(error.message)",
        hint: word ?? error.hint)
    }
  }

  /// A pattern in the letters of another tool.
  static func foreign(_ text: String, _ parameter: String, of function: String) -> BindIssue? {
    guard let pattern = ForeignDatePattern(text) else { return nil }
    return BindIssue(
      .badArgument, parameter: parameter, "the pattern '\(text)' of \(function): \(pattern.message)",
      hint: pattern.translation.map { "write \($0)" } ?? "write one such as yyyy-MM-dd")
  }

  /// Their names, each with hyphens as well.
  private static let words: [(name: String, format: FunctionCall.DateFormat)] = [
    ("iso", .iso), ("epoch_s", .epochSeconds), ("epoch_ms", .epochMilliseconds), ("excel", .excel1900),
    ("excel_1904", .excel1904), ("epoch", .epochSeconds),
  ]

  static let input: [ValueType] = [.string] + ValueType.numeric
}
