import Core

/// OpenAPI documents as a source of schemas.
struct OpenAPIDocument {
  let document: SchemaDocument
  /// Nil: a version that is not read.
  let version: OpenAPIVersion?
  /// As the document spells it: `OpenAPI 3.2.0`.
  private let name: String
  /// The node of the version.
  private let node: Int

  /// Nil for another document. Versions are texts, but YAML writers often leave out the quotes, which makes them numbers.
  init?(_ document: SchemaDocument) {
    for (key, title) in [("openapi", "OpenAPI"), ("swagger", "Swagger"), ("swaggerVersion", "Swagger")] {
      guard let node = document.child(0, key) else { continue }
      let text: String
      switch document.value(node) {
      case .string(let string): text = string
      case .number(let digits): text = digits
      default: text = ""
      }
      self.document = document
      self.node = node
      name = "\(title) \(text)"
      switch (key, text.split(exactly: ".").prefix(2).joined(separator: ".")) {
      case ("openapi", "3.0"): version = .v30
      case ("openapi", "3.1"): version = .v31
      case ("swagger", "2.0"), ("swagger", "2"): version = .swagger2
      default: version = nil
      }
      return
    }
    return nil
  }

  // MARK: Selection

  /// Whether the document can be read and `fragment` can name a schema in it; if not, this is reported.
  func admits(fragment: String, _ library: inout SchemaLibrary) -> Bool {
    guard let version else {
      reportVersion(&library)
      return false
    }
    if fragment.isEmpty {
      library.report(
        .schemaUnsupported, at: document.namePlace(node),
        "this is an OpenAPI document: name the schema in it, as FILE#\(version.schemas)/NAME", hint: list(version))
      return false
    }
    guard fragment.hasPrefix("/") else {
      // 3.1 has anchors; before, a name alone leads nowhere.
      let isKnown = document.node(at: "\(version.schemas)/\(fragment)") != nil
      guard isKnown || version.isTranslated else { return true }
      library.report(
        .schemaSyntax, at: document.namePlace(node), "'#\(fragment)' is not a JSON pointer: it must begin with '#/'",
        hint: isKnown ? "did you mean '#\(version.schemas)/\(fragment)'?" : list(version))
      return false
    }
    guard let pointer = URIReference.percentDecoded(fragment), let target = document.node(at: pointer) else { return true }
    if pointer.isExactly(version.schemas) {
      library.report(
        .schemaUnsupported, at: document.namePlace(target), "'#\(pointer)' is the list of schemas: name one of them",
        hint: list(version))
      return false
    }
    guard let inner = schemaInside(target, pointer) else { return true }
    library.report(
      .schemaUnsupported, at: document.namePlace(target), "'#\(pointer)' is not a schema, but contains one",
      hint: "did you mean '#\(inner)'?")
    return false
  }

  /// Reports that the version is not supported.
  func reportVersion(_ library: inout SchemaLibrary) {
    library.report(
      .schemaUnsupported, at: document.valuePlace(node),
      "\(VisibleText.escaped(name)) is not supported; OpenAPI 3.1, OpenAPI 3.0 and Swagger 2.0 are",
      hint: "convert the document, or move the schema to a JSON Schema file of its own")
  }

  /// The pointer of the schema inside the target of a reference, if the target is not a schema itself.
  func schemaInside(_ node: Int) -> String? {
    guard let version else { return nil }
    let pointer = document.pointer(node)
    return pointer.hasPrefix(exactly: version.schemas + "/") ? nil : schemaInside(node, pointer)
  }

  /// The pointer of the named schema that a reference without a target probably means: `Contact`, `#Contact`, `#/schemas/Contact`.
  func namedSchema(like reference: String) -> String? {
    guard let version, let name = JSONPointer.tokens("/" + reference.replacing("#", with: "/")).last, !name.isEmpty else {
      return nil
    }
    let pointer = JSONPointer.appending(name, to: version.schemas)
    return document.node(at: pointer) == nil ? nil : pointer
  }

  /// The pointer of the schema of a parameter, a header, a response or a request body.
  private func schemaInside(_ node: Int, _ pointer: String) -> String? {
    let isSchema = ["type", "properties", "items", "allOf", "anyOf", "oneOf", "$ref", "enum"].contains {
      document.child(node, $0) != nil
    }
    guard !isSchema else { return nil }
    if let schema = document.child(node, "schema"), document.value(schema).objectValue != nil { return pointer + "/schema" }
    guard let content = document.child(node, "content") else { return nil }
    let types = document.nodes[content].children
    let json = types.first { document.nodes[$0].token.contains("json") } ?? types.first
    guard let json, document.child(json, "schema") != nil else { return nil }
    return "\(JSONPointer.appending(document.nodes[json].token, to: pointer + "/content"))/schema"
  }

  private func list(_ version: OpenAPIVersion) -> String {
    let names = document.node(at: version.schemas).map { document.value($0) }?.objectValue?.map(\.name) ?? []
    guard !names.isEmpty else { return "the document has no \(version.schemas.dropFirst())" }
    return "it has: \(VisibleText.escaped(names.prefix(12).joined(separator: ", ")))\(names.count > 12 ? ", …" : "")"
  }

  // MARK: Reading

  /// The dialect of the schemas in it.
  func dialect(_ library: inout SchemaLibrary, fallback: Dialect) -> Dialect {
    guard let version else { return fallback }
    let dialect = Dialect(version)
    guard version == .v31, let child = document.child(0, "jsonSchemaDialect"), let uri = document.value(child).stringValue else {
      return dialect
    }
    return library.dialect(named: uri, at: document.valuePlace(child), fallback: dialect)
  }

  /// The schemas that have a name, so that their `$id` and anchors are known.
  var namedSchemas: [Int] {
    guard version == .v31 else { return [] }
    return document.node(at: "/components/schemas").map { document.nodes[$0].children } ?? []
  }
}
