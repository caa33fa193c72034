import Core
import Values

/// Reads schema objects of OpenAPI 3.0 and Swagger 2.0, and reports what in them has no effect.
extension SchemaReader {
  /// Reads all keywords of a schema object by their meaning in JSON Schema.
  mutating func readTranslated(_ site: Site, _ version: OpenAPIVersion, into parts: inout Parts) {
    let document = site.document
    let children = document.nodes[site.address.node].children
    if let reference = site.child(.reference) {
      readReference(.reference, document.value(reference), reference, site, &parts)
      for child in children where child != reference { remarkSibling(child, site, version) }
      return
    }
    let translation = OpenAPITranslation(
      document: document, node: site.address.node, version: version, oneWay: site.oneWay)
    for child in children {
      guard let keyword = Keyword.named(document.nodes[child].token, in: site.dialect) else {
        readOtherTranslated(child, site, version)
        continue
      }
      switch translation.meaning(of: keyword, child) {
      case .keyword(let keyword, let value):
        if !readAssertion(keyword, value, child, site, &parts) { _ = readApplicator(keyword, value, child, site, &parts) }
      case .mistake(let message, let hint): report(.schemaSyntax, at: document.valuePlace(child), message, hint: hint)
      case .none: break
      }
    }
    remark(translation, site)
  }

  // MARK: What has no effect

  private mutating func remark(_ translation: OpenAPITranslation, _ site: Site) {
    let document = site.document
    let name = translation.version.nullable
    if translation.isNullable, let child = document.child(site.address.node, name) {
      let place = document.namePlace(child)
      if site.child(.type) == nil {
        let others: [Keyword] = [.allOf, .anyOf, .oneOf, .not, .enum]
        if others.contains(where: { site.child($0) != nil }) {
          library.remark(
            .warning, .schemaNoEffect, at: place, "'\(name)' has no effect without 'type' in the same schema",
            hint: "null is allowed if every schema that applies to the value allows it")
        }
      } else if let members = site.child(.enum).map(document.value)?.arrayValue, !members.contains(.null) {
        library.remark(
          .warning, .schemaNoEffect, at: place, "'\(name)' has no effect: 'enum' does not list null",
          hint: "add null to 'enum' if null is allowed")
      }
    }
    for (keyword, limit) in [(Keyword.exclusiveMinimum, Keyword.minimum), (.exclusiveMaximum, .maximum)] {
      guard let child = site.child(keyword), document.value(child).boolValue == true, site.child(limit) == nil else { continue }
      library.remark(
        .warning, .schemaNoEffect, at: document.namePlace(child),
        "'\(keyword.rawValue)' has no effect without '\(limit.rawValue)'")
    }
    if let child = site.child(.type), document.value(child).stringValue == "array", site.child(.items) == nil {
      library.remark(
        .warning, .schemaSyntax, at: document.valuePlace(child),
        "'type: array' needs 'items' in \(translation.version.name): without it, any element is accepted")
    }
    guard library.options.direction == nil, let child = site.child(.required) else { return }
    let names = translation.optionalNames
    for (isReadOnly, message) in [
      (true, "members that are read-only are not required here: they are required of responses only"),
      (false, "members that are write-only are not required here: they are required of requests only"),
    ] where names.contains(where: { $0.isReadOnly == isReadOnly }) {
      library.remark(.note, .schemaNoEffect, at: document.namePlace(child), message)
    }
  }

  /// A sibling of `$ref`: OpenAPI 3.0.3, section 4.7.23.
  private mutating func remarkSibling(_ child: Int, _ site: Site, _ version: OpenAPIVersion) {
    let name = site.document.nodes[child].token
    let isOneWay = ["readOnly", "writeOnly"].contains(name) && site.document.value(child).boolValue == true
    guard Keyword.named(name, in: site.dialect) != nil || name == version.nullable || isOneWay else { return }
    library.remark(
      .warning, .schemaNoEffect, at: site.document.namePlace(child), "'\(name)' has no effect beside '$ref' in \(version.name)",
      hint: name == version.nullable
        ? "write \(name): true in the schema that '$ref' refers to" : "put the reference and '\(name)' into 'allOf'")
  }

  private mutating func readOtherTranslated(_ child: Int, _ site: Site, _ version: OpenAPIVersion) {
    let document = site.document
    let name = document.nodes[child].token
    let value = document.value(child)
    let place = document.namePlace(child)
    if name == version.nullable {
      _ = boolean(name, value, child, site)
      return
    }
    switch name {
    case "nullable", "x-nullable":
      guard value.boolValue == true else { return }
      library.remark(
        .warning, .schemaNoEffect, at: place, "'\(name)' has no effect in \(version.name)",
        hint: version == .swagger2
          ? "the extension for Swagger 2.0 is called 'x-nullable'" : "the keyword is called 'nullable'")
    case "discriminator":
      library.remark(
        .note, .schemaNoEffect, at: place,
        "'discriminator' is an annotation: it neither selects a schema nor restricts a value")
    case "collectionFormat":
      library.remark(
        .note, .schemaNoEffect, at: place,
        "'collectionFormat' has no effect on JSON values: it says how a parameter is written as text")
    case "title", "description", "deprecated", "readOnly", "writeOnly": readOther(name, child, site)
    case "default", "example", "examples", "xml", "externalDocs": break
    default:
      guard !name.hasPrefix("x-") else { return }
      if Keyword(rawValue: name) != nil {
        library.remark(
          .warning, .schemaNoEffect, at: place, "'\(name)' has no effect in \(version.name)", hint: Self.advice(name, version))
      } else {
        readOther(name, child, site)
      }
    }
  }

  private static func advice(_ name: String, _ version: OpenAPIVersion) -> String {
    switch name {
    case "const": "write an 'enum' with one value"
    case "definitions", "$defs": "named schemas belong in '\(version.schemas)'"
    default: "it is a keyword of JSON Schema, which OpenAPI uses from version 3.1"
    }
  }

  // MARK: Formats

  /// Formats that OpenAPI defines (3.0.3, section 4.4; 3.1.0, section 4.4; Swagger 2.0, "Data Types"). False: another format.
  mutating func readOpenAPIFormat(_ name: String, _ site: Site, _ parts: inout Parts) -> Bool {
    guard let format = OpenAPIFormat(rawValue: name), site.dialect.openAPI.map(format.isPart) == true else { return false }
    guard library.options.formats == .assert else { return true }
    if let range = format.range {
      addLimit(.minimum, range.least, .format, &parts)
      addLimit(.maximum, range.most, .format, &parts)
    }
    if format == .byte, let number = try? pattern(OpenAPIFormat.base64) {
      addPattern(number, OpenAPIFormat.base64, .format, &parts)
      parts.raw.node.format = name
    }
    return true
  }
}
