package import Core

/// As the manifest of a snapshot keeps it: `{"delimiter": ";", "skip_lines": 3}`, null if there is nothing to state.
extension FileReading {
  package var json: JSONValue {
    let members = given.map { part -> JSONValue.Member in
      let value: JSONValue =
        switch part {
        case .delimiter: delimiter.map { .string(DelimiterText.text($0)) } ?? .null
        case .skipLines: .number(skipLines)
        case .quotes: .string(quotes.rawValue)
        case .encoding: encoding.map { .string($0) } ?? .null
        case .records: records.map { .string($0.description) } ?? .null
        }
      return .init(part.rawValue, value)
    }
    return members.isEmpty ? .null : .object(members)
  }

  /// Nil if it is something else, or has a part that this version does not know: the file would be read differently.
  package init?(_ json: JSONValue) {
    self.init()
    if case .null = json { return }
    guard let members = json.objectValue else { return nil }
    for member in members {
      let text = member.value.stringValue
      switch Part(rawValue: member.name) {
      case .delimiter:
        guard let byte = text.flatMap(DelimiterText.byte) else { return nil }
        delimiter = byte
      case .skipLines:
        guard let count = member.value.intValue, Self.skippedLines.contains(count) else { return nil }
        skipLines = count
      case .quotes:
        guard let known = text.flatMap(Quotes.init) else { return nil }
        quotes = known
      case .encoding:
        guard let text else { return nil }
        encoding = text
      case .records:
        guard let pointer = text.flatMap(RecordsPointer.init) else { return nil }
        records = pointer
      case nil: return nil
      }
    }
  }
}
