import Core

extension SampleDocument.Record {
  var json: JSONValue {
    var members: [JSONValue.Member] = [.init("record", text(record)), .init("line", .number(line))]
    if let element { members.append(.init("element", .number(element))) }
    members.append(
      .init(
        "outcomes",
        .array(
          fates.map {
            .object([.init("destination", .string($0.destination)), .init("outcome", .string($0.outcome.rawValue))])
          })))
    if let problem {
      var parts: [JSONValue.Member] = [.init("code", .string(problem.code))]
      if let field = problem.field { parts.append(.init("field", .string(field))) }
      if let message = problem.message { parts.append(.init("message", .string(message))) }
      members.append(.init("problem", .object(parts)))
    }
    if isUnread { members.append(.init("unread", .bool(true))) }
    members.append(.init("fields", .array(fields.map(\.json))))
    return .object(members)
  }

  /// Nil if something is missing.
  init?(_ json: JSONValue) {
    guard let line = json["line"]?.intValue,
      let fates = json["outcomes"]?.arrayValue?.all({ fate -> SampleDocument.Fate? in
        guard let destination = fate["destination"]?.stringValue,
          let outcome = fate["outcome"]?.stringValue.flatMap(Outcome.init(rawValue:))
        else { return nil }
        return SampleDocument.Fate(destination: destination, outcome: outcome)
      }),
      let fields = json["fields"]?.arrayValue?.all(SampleDocument.Field.init)
    else { return nil }
    let problem = json["problem"].map { problem in
      SampleDocument.Problem(
        code: problem["code"]?.stringValue ?? "", field: problem["field"]?.stringValue,
        message: problem["message"]?.stringValue)
    }
    self.init(
      record: json["record"]?.stringValue, line: line, element: json["element"]?.intValue, fates: fates, problem: problem,
      isUnread: json["unread"]?.boolValue ?? false, fields: fields)
  }
}

extension SampleDocument.Field {
  fileprivate var json: JSONValue {
    .object([
      .init("field", .string(field)),
      .init(
        "sources",
        .array(sources.map { .object([.init("path", .string($0.path)), .init("value", text($0.value))]) })),
      .init("target", text(target)),
    ])
  }

  fileprivate init?(_ json: JSONValue) {
    guard let field = json["field"]?.stringValue,
      let sources = json["sources"]?.arrayValue?.all({ source in
        source["path"]?.stringValue.map { SampleDocument.Source(path: $0, value: source["value"]?.stringValue) }
      })
    else { return nil }
    self.init(field: field, sources: sources, target: json["target"]?.stringValue)
  }
}

private func text(_ value: String?) -> JSONValue { value.map { .string($0) } ?? .null }
