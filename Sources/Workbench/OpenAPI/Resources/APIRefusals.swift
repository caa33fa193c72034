import Core

/// What an API's refusals look like: a known shape, and where they name fields.
struct APIRefusals {
  struct Fields: Hashable {
    var at: String
    /// Nil: it has a member for each field.
    var field: String?
    var message: String?
  }

  private(set) var preset: String?
  /// A rule for what is accepted, in CEL, where no preset says it.
  private(set) var ok: String?
  private(set) var fields: Fields?
  /// Of a conflict (409): where it names the record that is in the way.
  private(set) var existing: String?

  private static let lists = [
    "errors", "fieldErrors", "violations", "details", "detail", "issues", "problems", "invalidParams", "validationErrors",
    "messages",
    "fields",
  ]
  private static let names = [
    "pointer", "field", "path", "property", "propertyPath", "fieldName", "param", "parameter", "name", "attribute", "key",
    "target",
    "source.pointer", "location", "loc",
  ]
  private static let texts = ["detail", "message", "msg", "description", "reason", "title", "error", "text"]
  private static let flags = ["ok", "success", "succeeded", "isSuccess"]

  init(_ resources: [APIResource], _ document: APIDocument) {
    let operations = resources.flatMap { resource in [resource.create, resource.put, resource.patch].compactMap(\.self) }
    let refusals = operations.flatMap(\.refusals)
    if refusals.contains(where: { $0.mediaType == "application/problem+json" }) {
      preset = "problem+json"
    } else if (operations.flatMap(\.responses)).contains(where: { $0.mediaType == "application/vnd.api+json" }) {
      preset = "jsonapi"
    } else if let flag = Self.flag(operations, document) {
      if ["ok", "success"].contains(flag) {
        preset = "ok-flag"
      } else {
        ok =
          "response.status >= 200 && response.status < 300 && (response.status == 204 || !has(response.body.\(flag)) || response.body.\(flag) == true)"
      }
    }
    let ordered = ["422", "400", "4XX", "default"].flatMap { status in refusals.filter { $0.status == status } } + refusals
    for schema in ordered.compactMap(\.schema) where fields == nil {
      guard let object = document.object(schema) else { continue }
      findFields(object, under: "", document)
      for holder in ["error", "problem", "response", "data"] where fields == nil {
        guard let member = object.first(of: [holder]), let inner = document.object(member.schema) else { continue }
        findFields(inner, under: "\(member.name).", document)
      }
    }
    for schema in refusals.filter({ $0.status == "409" }).compactMap(\.schema) where existing == nil {
      existing = Self.existing(schema, document)
    }
  }

  /// A member that says whether the call worked, in successful responses.
  private static func flag(_ operations: [APIOperation], _ document: APIDocument) -> String? {
    for schema in operations.compactMap({ $0.success?.schema }) {
      guard let object = document.object(schema), let member = object.first(of: flags), member.types == ["boolean"] else {
        continue
      }
      return member.name
    }
    return nil
  }

  private mutating func findFields(_ object: APIObject, under prefix: String, _ document: APIDocument) {
    for name in Self.lists {
      guard let list = object.first(of: [name]) else { continue }
      guard let element = document.elements(list.schema) else {
        // `{"email": ["is taken"]}`: a member for each field.
        if list.types == ["object"], name == "errors" || name == "fieldErrors" { fields = Fields(at: prefix + list.name) }
        continue
      }
      guard let inner = document.object(element), let field = Self.field(inner, document) else { continue }
      fields = Fields(at: prefix + list.name, field: field, message: inner.first(of: Self.texts)?.name)
      return
    }
  }

  private static func field(_ object: APIObject, _ document: APIDocument) -> String? {
    for name in names {
      if name == "source.pointer" {
        if let source = object.first(of: ["source"]), let inner = document.object(source.schema),
          let pointer = inner.first(of: ["pointer"])
        {
          return "\(source.name).\(pointer.name)"
        }
      } else if let member = object.first(of: [name]) {
        return member.name
      }
    }
    return nil
  }

  private static func existing(_ schema: APIValue, _ document: APIDocument) -> String? {
    func find(_ object: APIObject) -> String? {
      object.first(of: ["existingId", "existingRecordId", "conflictingId", "conflictId", "duplicateId", "resourceId", "existing"])
        .flatMap { $0.isText || $0.types == ["integer"] ? $0.name : nil }
    }
    guard let object = document.object(schema) else { return nil }
    if let found = find(object) { return found }
    for holder in ["error", "data", "details", "meta", "conflict"] {
      if let member = object.first(of: [holder]), let inner = document.object(member.schema), let found = find(inner) {
        return "\(member.name).\(found)"
      }
    }
    return nil
  }
}
