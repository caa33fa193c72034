package import Core
import Transform

extension ObservationsDocument {
  package var json: JSONValue {
    .object([
      .init("version", .number(Self.version)), .init("mapping", .string(mapping)), .init("items", .number(items)),
      .init("fields", .array(fields.map(\.json))), .init("vars", .array(vars.map(\.json))),
      .init("crosstabs", .array(crosstabs.map(\.json))),
    ])
  }

  /// Nil if something is missing.
  init?(_ json: JSONValue) {
    guard let mapping = json["mapping"]?.stringValue, let items = json["items"]?.intValue,
      let fields = json["fields"]?.arrayValue?.all(ChangedField.init),
      let vars = json["vars"]?.arrayValue?.all(ChangedField.init),
      let crosstabs = json["crosstabs"]?.arrayValue?.all(Crosstab.init)
    else { return nil }
    self.init(mapping: mapping, items: items, fields: fields, vars: vars, crosstabs: crosstabs)
  }
}

extension ObservationsDocument.ChangedField {
  fileprivate var json: JSONValue {
    .object(
      [.init("field", .string(field)), .init("sources", .array(sources.map { .string($0) }))]
        + ChangeKind.allCases.map { .init($0.name, .number(counts[$0])) })
  }

  fileprivate init?(_ json: JSONValue) {
    guard let field = json["field"]?.stringValue, let sources = json["sources"]?.arrayValue?.all(\.stringValue) else {
      return nil
    }
    var counts = ChangeCounts()
    for kind in ChangeKind.allCases {
      guard let count = json[kind.name]?.intValue else { return nil }
      counts[kind] = count
    }
    self.init(field: field, sources: sources, counts: counts)
  }
}

extension ObservationsDocument.Crosstab {
  fileprivate var json: JSONValue {
    .object([
      .init("field", .string(field)), .init("source", .string(source)), .init("masked", .bool(isMasked)),
      .init("total", .number(total)), .init("cells", .array(cells.map(\.json))),
      .init("unused", .array(unused.map { .string($0) })), .init("other", .object([.init("count", .number(other))])),
    ])
  }

  fileprivate init?(_ json: JSONValue) {
    guard let field = json["field"]?.stringValue, let source = json["source"]?.stringValue,
      let isMasked = json["masked"]?.boolValue, let total = json["total"]?.intValue,
      let cells = json["cells"]?.arrayValue?.all(Cell.init), let unused = json["unused"]?.arrayValue?.all(\.stringValue),
      let other = json["other"]?["count"]?.intValue
    else { return nil }
    self.init(field: field, source: source, isMasked: isMasked, total: total, cells: cells, unused: unused, other: other)
  }
}

extension ObservationsDocument.Crosstab.Cell {
  fileprivate var json: JSONValue {
    var members: [JSONValue.Member] = [
      .init("source", source.map { .string($0) } ?? .null), .init("target", target.map { .string($0) } ?? .null),
      .init("count", .number(count)),
    ]
    if isKnown { members.append(.init("known", .bool(true))) }
    return .object(members)
  }

  fileprivate init?(_ json: JSONValue) {
    guard let count = json["count"]?.intValue else { return nil }
    self.init(
      source: json["source"]?.stringValue, target: json["target"]?.stringValue, count: count,
      isKnown: json["known"]?.boolValue ?? false)
  }
}

extension [JSONValue] {
  /// Nil unless every element has a value.
  func all<Value>(_ value: (JSONValue) -> Value?) -> [Value]? {
    let values = compactMap(value)
    return values.count == count ? values : nil
  }
}
