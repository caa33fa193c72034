package import Core

/// As the manifest of a snapshot keeps it: `{"delimiter": ";", "origin": "detected", "lines_above": 0}`.
extension CSVDialect {
  package var json: JSONValue {
    var members: [JSONValue.Member] = [.init("delimiter", .string(DelimiterText.text(delimiter)))]
    let word =
      switch origin {
      // A stated delimiter that leaves the header whole was reported when the file was imported.
      case .given, .doubtful: "given"
      case .separatorLine: "separator-line"
      case .detected: "detected"
      case .assumed: "assumed"
      }
    members.append(.init("origin", .string(word)))
    if case .assumed(let others) = origin {
      members.append(.init("over", .array(others.map { .string(DelimiterText.text($0)) })))
    }
    members.append(.init("skipped_lines", .number(skippedLines)))
    members.append(.init("lines_above", .number(linesAbove)))
    return .object(members)
  }

  /// Nil if it is something else.
  package init?(_ json: JSONValue) {
    guard let delimiter = json["delimiter"]?.stringValue.flatMap(DelimiterText.byte),
      let skipped = json["skipped_lines"]?.intValue, let above = json["lines_above"]?.intValue,
      0 <= skipped, skipped <= above
    else { return nil }
    self.init(delimiter: delimiter)
    skippedLines = skipped
    linesAbove = above
    switch json["origin"]?.stringValue {
    case "given": origin = .given
    case "separator-line": origin = .separatorLine
    case "detected": origin = .detected
    case "assumed":
      let others = (json["over"]?.arrayValue ?? []).compactMap { $0.stringValue.flatMap(DelimiterText.byte) }
      origin = .assumed(over: others)
    default: return nil
    }
  }
}
