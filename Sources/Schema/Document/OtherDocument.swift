import Core

/// Recognizes files that are not schemas, so that the message names what they are instead of what is wrong with their first line.
enum OtherDocument {
  struct Finding {
    var message: String
    var hint: String
  }

  /// Of a text that is neither JSON nor YAML.
  static func markup(_ text: String) -> Finding? {
    let start = text.drop { $0.isWhitespace || $0 == "\u{FEFF}" }.prefix(256).lowercased()
    guard start.hasPrefix("<") else { return nil }
    if ["<!doctype html", "<html", "<head", "<body"].contains(where: { start.contains($0) }) {
      return Finding(
        message: "this is an HTML page, not a schema",
        hint: "it may be the login or error page of the site that the schema was downloaded from: download the file again")
    }
    return Finding(
      message: "this is XML, not a JSON Schema", hint: "a schema must be JSON Schema or OpenAPI, in JSON or YAML")
  }

  /// Of a document that was read as JSON or YAML, and whose root is to be the schema.
  static func known(_ document: SchemaDocument) -> Finding? {
    func text(_ pointer: String) -> String? { document.node(at: pointer).map(document.value)?.stringValue }
    func has(_ pointer: String) -> Bool { document.node(at: pointer) != nil }
    if text("/info/schema")?.contains("getpostman.com") == true || has("/info/_postman_id") {
      return Finding(
        message: "this is a Postman collection, which describes requests, not records",
        hint: "export the API's definition as OpenAPI, and name the schema in it")
    }
    if has("/asyncapi") {
      return Finding(
        message: "this is an AsyncAPI document: name the schema in it, as FILE#/components/schemas/NAME",
        hint: list(document, "/components/schemas") ?? "it has no components/schemas")
    }
    if has("/__schema") || has("/data/__schema") {
      return Finding(
        message: "this is a GraphQL schema, not a JSON Schema", hint: "describe the records as JSON Schema")
    }
    if text("/type") == "record", has("/fields") {
      return Finding(message: "this is an Avro schema, not a JSON Schema", hint: "describe the records as JSON Schema")
    }
    return nil
  }

  /// Of a root or a named part that has members, but none that says anything about a value.
  static func withoutKeywords(_ document: SchemaDocument, _ node: Int) -> Finding? {
    let names = document.nodes[node].children.map { document.nodes[$0].token }
    let described = names.filter { !Keyword.annotations.contains($0) && !["$schema", "$id", "id"].contains($0) }
    guard !described.isEmpty, !described.contains(where: isKeyword) else { return nil }
    let pointer = document.pointer(node)
    for lists in ["/components/schemas", "/schemas"] where document.node(at: lists, from: node) != nil {
      return Finding(
        message: "this is not a schema, but it contains schemas: name one of them, as FILE#\(pointer)\(lists)/NAME",
        hint: list(document, pointer + lists) ?? "they have no names")
    }
    guard !described.contains(where: { NearestName.find($0, in: Keyword.allNames) != nil }) else { return nil }
    let shown = VisibleText.escaped(described.prefix(4).map { "'\($0)'" }.joined(separator: ", "))
    return Finding(
      message:
        "this is not a JSON Schema: \(shown)\(described.count > 4 ? " and others" : "") \(described.count == 1 ? "is not a schema keyword" : "are not schema keywords")",
      hint: "a schema has members such as 'type', 'properties' and 'required'; a file of records is not a schema")
  }

  /// A keyword, or a word of OpenAPI.
  private static func isKeyword(_ name: String) -> Bool {
    Keyword(rawValue: name) != nil || Keyword.openAPIAnnotations.contains(name) || name == "nullable"
      || name.hasPrefix("x-")
  }

  /// The names of the schemas of a root that only defines schemas: as it stands, it allows any value.
  static func onlyDefinitions(_ document: SchemaDocument) -> (pointer: String, names: String)? {
    let names = document.nodes[0].children.map { document.nodes[$0].token }
    let rest = names.filter { !Keyword.annotations.contains($0) && !$0.hasPrefix("$") && $0 != "definitions" }
    guard rest.isEmpty, !names.contains("$ref"), !names.contains("$dynamicRef"), !names.contains("$recursiveRef") else {
      return nil
    }
    for pointer in ["/$defs", "/definitions"] {
      if let list = list(document, pointer) { return (pointer, list) }
    }
    return nil
  }

  private static func list(_ document: SchemaDocument, _ pointer: String) -> String? {
    let names = document.node(at: pointer).map { document.value($0) }?.objectValue?.map(\.name) ?? []
    guard !names.isEmpty else { return nil }
    return "it has: \(VisibleText.escaped(names.prefix(12).joined(separator: ", ")))\(names.count > 12 ? ", …" : "")"
  }
}
