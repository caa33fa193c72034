package import Core

extension ProfileDocument {
  package var json: JSONValue {
    .object([
      .init("version", .number(version)), .init("mapping", mapping.map { .string($0) } ?? .null), .init("input", .string(input)),
      .init("records", .number(records)), .init("not_profiled", .number(notProfiled)), .init("today", .string(today)),
      .init("unmasked", .bool(isUnmasked)), .init("sampling", .string(Self.sampling)),
      .init("source", source?.json ?? .null), .init("target", target?.json ?? .null),
    ])
  }

  /// Nil if it is not a profile, or one of a newer version.
  package init?(_ json: JSONValue) {
    guard let version = json["version"]?.intValue, version <= Self.currentVersion, let input = json["input"]?.stringValue,
      let records = json["records"]?.intValue, let notProfiled = json["not_profiled"]?.intValue,
      let today = json["today"]?.stringValue
    else { return nil }
    self.init(
      mapping: json["mapping"]?.stringValue, input: input, records: records, notProfiled: notProfiled, today: today,
      isUnmasked: json["unmasked"]?.boolValue ?? false, source: json["source"].flatMap { Side($0) },
      target: json["target"].flatMap { Side($0) })
  }

  /// - Parameter text: the content of a `profiles/MAPPING.json`.
  package static func read(_ text: [UInt8]) -> ProfileDocument? { (try? JSONReader.read(text)).flatMap { ProfileDocument($0) } }
}

extension ProfileDocument.Side {
  fileprivate var json: JSONValue {
    .object([
      .init("records", .number(records)), .init("more_fields", .number(moreFields)), .init("fields", .array(fields.map(\.json))),
    ])
  }

  fileprivate init?(_ json: JSONValue) {
    guard let records = json["records"]?.intValue, let fields = json["fields"]?.arrayValue else { return nil }
    let all = fields.compactMap { FieldSummary($0) }
    guard all.count == fields.count else { return nil }
    self.init(records: records, moreFields: json["more_fields"]?.intValue ?? 0, fields: all)
  }
}
