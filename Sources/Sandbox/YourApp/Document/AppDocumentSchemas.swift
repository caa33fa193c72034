import Core

/// The schemas of one resource in the OpenAPI document: the record as it is sent, as a patch and as it is returned, its lists and
/// its batches.
struct AppDocumentSchemas {
  private let resource: AppResource
  private let schema: JSONValue

  init(_ resource: AppResource) {
    self.resource = resource
    schema = Self.moved(AppSchema.of(resource).document)
  }

  private var name: String { resource.typeName }

  var all: [JSONValue.Member] {
    [.init(name + "Input", input), .init(name + "Patch", patch), .init(name, record), .init(name + "Page", page)]
      + [.init(name + "Batch", batch), .init(name + "BatchResult", batchResult)] + definitions
  }

  private var properties: [JSONValue.Member] { schema["properties"]?.objectValue ?? [] }
  private var required: [JSONValue] { schema["required"]?.arrayValue ?? [] }

  private var input: JSONValue {
    Self.object(
      "\(schema["description"]?.stringValue ?? "") The members that Your App adds are ignored in a request.",
      required: required, properties, [.init("additionalProperties", .bool(false))])
  }

  private var patch: JSONValue {
    let properties = properties.map { property -> JSONValue.Member in
      guard !required.contains(.string(property.name)), !Self.allowsNull(property.value) else { return property }
      return .init(property.name, .object([.init("anyOf", .array([property.value, .object([.init("type", .string("null"))])]))]))
    }
    return Self.object(
      "A JSON Merge Patch (RFC 7396): null removes a member, what is left out stays.", required: [], properties,
      [.init("additionalProperties", .bool(false))])
  }

  private var record: JSONValue {
    Self.object(
      schema["description"]?.stringValue ?? "", required: AppRecord.ownMembers.map { .string($0) } + required,
      Self.ownProperties + properties, [.init("additionalProperties", .bool(false))])
  }

  private var page: JSONValue {
    Self.object(
      "A page of a list.", required: ["items", "total", "nextCursor"].map { .string($0) },
      [
        .init("items", Self.list(of: .reference("schemas", name))),
        .init("total", Self.typed("integer", "The number of records in all pages.")),
        .init("page", Self.typed("integer", "If the list is read by page: the number of this one.")),
        .init("pages", Self.typed("integer", "If the list is read by page: how many there are.")),
        .init(
          "nextCursor",
          .object([
            .init("type", .array([.string("string"), .string("null")])),
            .init("description", .string("`cursor` of the next page; null on the last one.")),
          ])),
      ])
  }

  private var batch: JSONValue {
    var items = Self.list(of: .reference("schemas", name + "Input"))
    items.append(.init("minItems", .number(1)))
    items.append(.init("maxItems", .number(AppBatch.mostItems)))
    return Self.object("Records to create or to replace, by their keys.", required: [.string("items")], [.init("items", items)])
  }

  private var batchResult: JSONValue {
    let result = Self.object(
      "What became of one record.", required: ["index", "key", "status"].map { .string($0) },
      [
        .init("index", Self.typed("integer", "The place of the record in the batch, from 0.")),
        .init(
          "key",
          .object([
            .init("type", .array([.string("string"), .string("null")])),
            .init("description", .string("`\(resource.key)` of the record; null if it has none.")),
          ])),
        .init("status", Self.typed("integer", "201: created; 200: replaced; otherwise the status of `error`.")),
        .init("id", Self.typed("string", "The ID that Your App gave the record.")),
        .init("version", Self.typed("integer", "The version of the record.")),
        .init("etag", Self.typed("string", "The entity tag of the record.")),
        .init("record", .reference("schemas", name)), .init("error", .reference("schemas", "Problem")),
      ])
    return Self.object(
      "The results of a batch, one per record.", required: ["created", "updated", "failed", "results"].map { .string($0) },
      [
        .init("created", Self.typed("integer", "The number of records that were created.")),
        .init("updated", Self.typed("integer", "The number of records that were replaced.")),
        .init("failed", Self.typed("integer", "The number of records that were refused.")),
        .init("results", Self.list(of: result)),
      ])
  }

  /// What the schema's file defines under `$defs`.
  private var definitions: [JSONValue.Member] {
    (schema["$defs"]?.objectValue ?? []).map { .init(Self.typeName($0.name), $0.value) }
  }

  // MARK: Parts

  private static let ownProperties: [JSONValue.Member] = [
    .init("id", own("string", "The ID that Your App gives the record.")),
    .init("version", own("integer", "From 1; each write adds 1.")),
    .init("etag", own("string", "The entity tag, as in the header `ETag`.")),
    .init("insertedAt", own("string", "When Your App created the record.", format: "date-time")),
    .init("modifiedAt", own("string", "When Your App changed it last.", format: "date-time")),
  ]

  private static func own(_ type: String, _ description: String, format: String? = nil) -> JSONValue {
    var value = typed(type, description)
    if let format { value.append(.init("format", .string(format))) }
    value.append(.init("readOnly", .bool(true)))
    return value
  }

  private static func typed(_ type: String, _ description: String) -> JSONValue {
    .object([.init("type", .string(type)), .init("description", .string(description))])
  }

  private static func list(of items: JSONValue) -> JSONValue {
    .object([.init("type", .string("array")), .init("items", items)])
  }

  private static func object(
    _ description: String, required: [JSONValue], _ properties: [JSONValue.Member], _ more: [JSONValue.Member] = []
  ) -> JSONValue {
    .object(
      [.init("type", .string("object")), .init("description", .string(description))]
        + (required.isEmpty ? [] : [.init("required", .array(required))]) + [.init("properties", .object(properties))] + more)
  }

  private static func allowsNull(_ schema: JSONValue) -> Bool {
    schema["type"]?.arrayValue?.contains(.string("null")) ?? false
  }

  private static func typeName(_ name: String) -> String { name.prefix(1).uppercased() + name.dropFirst() }

  /// The schema with its references to `$defs` pointing at the document's components.
  private static func moved(_ value: JSONValue) -> JSONValue {
    switch value {
    case .array(let elements): .array(elements.map(moved))
    case .object(let members):
      .object(
        members.map { member in
          guard member.name == "$ref", let target = member.value.stringValue, target.hasPrefix("#/$defs/") else {
            return .init(member.name, moved(member.value))
          }
          return .init("$ref", .string("#/components/schemas/" + typeName(String(target.dropFirst("#/$defs/".count)))))
        })
    default: value
    }
  }
}
