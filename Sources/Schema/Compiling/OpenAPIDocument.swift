import Core

/// OpenAPI documents as a source of schemas: 3.1, whose schemas are JSON Schema 2020-12 with a few annotations more.
enum OpenAPIDocument {
  /// Finds out the dialect of the document's schemas. False: it cannot be used, and the reason is reported.
  static func read(
    _ document: SchemaDocument, fragment: String, dialect: inout Dialect, _ library: inout SchemaLibrary
  ) -> Bool {
    guard let node = document.child(0, "openapi"), let version = document.value(node).stringValue, version.hasPrefix("3.1") else {
      let place = document.child(0, "openapi").map(document.valuePlace) ?? document.child(0, "swagger").map(document.valuePlace)
      library.report(
        .schemaUnsupported, at: place ?? document.valuePlace(0),
        "only OpenAPI 3.1 uses standard JSON Schema: in earlier versions, 'nullable', 'exclusiveMinimum' and others differ",
        hint: "convert the document to 3.1, or move the schema to a JSON Schema file of its own")
      return false
    }
    guard !fragment.isEmpty else {
      let names = document.node(at: "/components/schemas").map { document.value($0) }?.objectValue?.map(\.name) ?? []
      let hint =
        names.isEmpty
        ? "the document has no components/schemas"
        : "it has: \(names.prefix(12).joined(separator: ", "))\(names.count > 12 ? ", …" : "")"
      library.report(
        .schemaUnsupported, at: document.namePlace(node),
        "this is an OpenAPI document: name the schema in it, as FILE#/components/schemas/NAME", hint: hint)
      return false
    }
    dialect = Dialect.named(Dialect.openAPI) ?? .draft2020
    if let child = document.child(0, "jsonSchemaDialect"), let uri = document.value(child).stringValue {
      dialect = library.dialect(named: uri, at: document.valuePlace(child), fallback: dialect)
    }
    return true
  }

  /// The schemas that have a name, so that their `$id` and anchors are known.
  static func named(_ document: SchemaDocument) -> [Int] {
    document.node(at: "/components/schemas").map { document.nodes[$0].children } ?? []
  }
}
