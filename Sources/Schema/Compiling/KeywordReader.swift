import Core
import Values

/// Reads one keyword of one schema: checks its kind, and puts what it says into the `RawSchema`.
struct KeywordReader {
  let name: String
  let value: JSONValue
  let schemaPointer: String
  let document: SchemaDocument

  /// Of the keyword's value.
  private var pointer: String { JSONPointer.appending(name, to: schemaPointer) }
  private var namePlace: SourcePlace { document.namePlace(pointer) }
  private var valuePlace: SourcePlace { document.valuePlace(pointer) }

  mutating func read(into schema: inout RawSchema, with reader: inout RawSchemaReader) {
    if readAssertion(into: &schema, with: &reader) {
      schema.isAsserting = true
    } else if !readIdentity(with: &reader), !readAnnotation(with: &reader) {
      readOther(into: &schema, with: &reader)
    }
  }

  // MARK: Keywords that say something about an instance

  private func readAssertion(into schema: inout RawSchema, with reader: inout RawSchemaReader) -> Bool {
    switch name {
    case "type": if let types = types(&reader) { schema.node.types.formIntersection(types) }
    case "enum": readEnumeration(into: &schema, with: &reader)
    case "const":
      schema.node.enumeration = ExactJSON.common(schema.node.enumeration, [value])
      schema.node.isConstant = true
    case "required": schema.node.required = names(&reader)
    case "format": readFormat(into: &schema, with: &reader)
    case "pattern": readPattern(into: &schema, with: &reader)
    case "minLength": schema.node.minLength = count(&reader)
    case "maxLength": schema.node.maxLength = count(&reader)
    case "minItems": schema.node.minItems = count(&reader)
    case "maxItems": schema.node.maxItems = count(&reader)
    case "minProperties": schema.node.minProperties = count(&reader)
    case "maxProperties": schema.node.maxProperties = count(&reader)
    case "minimum": schema.node.minimum = number(&reader)
    case "maximum": schema.node.maximum = number(&reader)
    case "exclusiveMinimum": schema.node.exclusiveMinimum = number(&reader)
    case "exclusiveMaximum": schema.node.exclusiveMaximum = number(&reader)
    case "multipleOf": readMultipleOf(into: &schema, with: &reader)
    case "uniqueItems": schema.node.uniqueItems = boolean(&reader)
    case "properties":
      schema.node.properties = subschemas(&reader).map { .init(name: $0.name, node: $0.index) }
    case "items":
      if case .array = value {
        reader.report(
          .schemaSyntax, at: valuePlace, "'items' must be one schema, not a list of schemas",
          hint: "2020-12 calls a list of schemas 'prefixItems'")
      } else {
        schema.node.items = reader.schema(at: pointer)
      }
    case "additionalProperties": schema.node.additional = .node(reader.schema(at: pointer))
    default: return false
    }
    return true
  }

  private func types(_ reader: inout RawSchemaReader) -> JSONTypes? {
    let names: [(name: JSONValue, pointer: String)]
    switch value {
    case .string: names = [(value, pointer)]
    case .array(let elements) where !elements.isEmpty:
      names = elements.enumerated().map { ($1, "\(pointer)/\($0)") }
    default:
      reader.report(.schemaSyntax, at: valuePlace, "'type' must be the name of a type or a list of such names")
      return nil
    }
    var types: JSONTypes = []
    var seen: Set<String> = []
    for (name, pointer) in names {
      let place = document.valuePlace(pointer)
      switch name.stringValue {
      case "null": types.insert(.null)
      case "boolean": types.insert(.boolean)
      case "integer": types.insert(.integer)
      // Every integer is a number.
      case "number": types.formUnion([.number, .integer])
      case "string": types.insert(.string)
      case "array": types.insert(.array)
      case "object": types.insert(.object)
      case let other?:
        reader.report(
          .schemaSyntax, at: place, "unknown type '\(other)'",
          hint: NearestName.hint(other, in: SchemaKeywords.typeNames)
            ?? "the types are \(SchemaKeywords.typeNames.joined(separator: ", "))")
        types = .all
      case nil:
        reader.report(.schemaSyntax, at: place, "'type' must be the name of a type or a list of such names")
        types = .all
      }
      if let text = name.stringValue, !seen.insert(text).inserted {
        reader.report(.schemaSyntax, at: place, "type '\(text)' is given twice")
      }
    }
    return types
  }

  private func readEnumeration(into schema: inout RawSchema, with reader: inout RawSchemaReader) {
    guard case .array(let members) = value, !members.isEmpty else {
      reader.report(.schemaSyntax, at: valuePlace, "'enum' must be a list of at least one value")
      return
    }
    var seen: Set<[UInt8]> = []
    for (index, member) in members.enumerated() where !seen.insert(ExactJSON.key(of: member)).inserted {
      reader.warn(.schemaSyntax, at: document.valuePlace("\(pointer)/\(index)"), "this value stands in 'enum' twice")
    }
    schema.node.enumeration = ExactJSON.common(schema.node.enumeration, members)
  }

  private func names(_ reader: inout RawSchemaReader) -> [String] {
    guard case .array(let elements) = value else {
      let hint = value.boolValue == nil ? nil : "name it in the 'required' of the object that it belongs to"
      reader.report(.schemaSyntax, at: valuePlace, "'required' must be a list of member names", hint: hint)
      return []
    }
    var names: [String] = []
    for (index, element) in elements.enumerated() {
      let place = document.valuePlace("\(pointer)/\(index)")
      if let name = element.stringValue {
        if names.contains(where: { ExactJSON.same($0, name) }) {
          reader.report(.schemaSyntax, at: place, "'\(name)' is required twice")
        } else {
          names.append(name)
        }
      } else {
        reader.report(.schemaSyntax, at: place, "'required' must be a list of member names")
      }
    }
    return names
  }

  private func readFormat(into schema: inout RawSchema, with reader: inout RawSchemaReader) {
    guard let format = value.stringValue else {
      reader.report(.schemaSyntax, at: valuePlace, "'format' must be a string")
      return
    }
    schema.node.format = format
    if StringFormat(name: format) == nil {
      reader.warn(
        .unknownWord, at: valuePlace, "unknown format '\(format)': nothing is checked",
        hint: NearestName.hint(format, in: StringFormat.allCases.map(\.name)))
    }
  }

  private func readPattern(into schema: inout RawSchema, with reader: inout RawSchemaReader) {
    guard let pattern = value.stringValue else {
      reader.report(.schemaSyntax, at: valuePlace, "'pattern' must be a string")
      return
    }
    do throws(PatternError) {
      _ = try Pattern(pattern)
      schema.node.pattern = pattern
    } catch {
      reader.report(.schemaSyntax, at: valuePlace, "'pattern' is not a regular expression: \(error)")
    }
  }

  private func readMultipleOf(into schema: inout RawSchema, with reader: inout RawSchemaReader) {
    guard let digits = number(&reader) else { return }
    if Divisor(digits) == nil {
      reader.report(.schemaSyntax, at: valuePlace, "'multipleOf' must be greater than 0")
    } else {
      schema.node.multipleOf = digits
    }
  }

  private func number(_ reader: inout RawSchemaReader) -> String? {
    if case .number(let digits) = value { return digits }
    reader.report(.schemaSyntax, at: valuePlace, "'\(name)' must be a number")
    return nil
  }

  /// A whole number from 0, perhaps written `2.0`; beyond 18 digits it is as good as none.
  private func count(_ reader: inout RawSchemaReader) -> Int? {
    if case .number(let digits) = value {
      let shape = digits.withBytes { ExactNumber($0) }
      if shape.isInteger, !shape.isNegative {
        guard !shape.isZero else { return 0 }
        guard shape.digitCount + shape.exponent <= 18 else { return .max }
        var count = 0
        for byte in Array(digits.utf8)[shape.digits] where byte != UInt8(ascii: ".") { count = count * 10 + Int(byte & 0x0F) }
        for _ in 0..<shape.exponent { count *= 10 }
        return count
      }
    }
    reader.report(.schemaSyntax, at: valuePlace, "'\(name)' must be a whole number, 0 or more")
    return nil
  }

  private func boolean(_ reader: inout RawSchemaReader) -> Bool {
    if let value = value.boolValue { return value }
    reader.report(.schemaSyntax, at: valuePlace, "'\(name)' must be true or false")
    return false
  }

  private func subschemas(_ reader: inout RawSchemaReader) -> [(name: String, index: Int)] {
    guard case .object(let members) = value else {
      reader.report(.schemaSyntax, at: valuePlace, "'\(name)' must be an object of schemas")
      return []
    }
    return members.map { ($0.name, reader.schema(at: JSONPointer.appending($0.name, to: pointer))) }
  }

  // MARK: Keywords that name and find schemas

  private func readIdentity(with reader: inout RawSchemaReader) -> Bool {
    switch name {
    case "$defs", "definitions": _ = subschemas(&reader)
    case "$ref":
      if let text = value.stringValue {
        reader.note(reference: text, at: pointer, ofSchemaAt: schemaPointer)
      } else {
        reader.report(.schemaSyntax, at: valuePlace, "'$ref' must be a string")
      }
    case "$anchor":
      if let text = value.stringValue, Self.isAnchor(text) {
        reader.note(anchor: text, at: pointer, ofSchemaAt: schemaPointer)
      } else {
        reader.report(
          .schemaSyntax, at: valuePlace, "'$anchor' must be a name: a letter or '_', then letters, digits, '-', '_', '.'")
      }
    case "$id":
      guard let text = value.stringValue, !text.dropLast(text.hasSuffix("#") ? 1 : 0).contains("#") else {
        reader.report(.schemaSyntax, at: valuePlace, "'$id' must be a URI reference without a fragment")
        return true
      }
      if !schemaPointer.isEmpty {
        reader.report(.schemaUnsupported, at: namePlace, "'$id' inside a file (a schema of its own) is not supported yet")
      }
    case "$schema":
      guard let text = value.stringValue else {
        reader.report(.schemaSyntax, at: valuePlace, "'$schema' must be a string")
        return true
      }
      if text != SchemaKeywords.metaschema, text != SchemaKeywords.metaschema + "#" {
        reader.report(
          .schemaSyntax, at: valuePlace, "the schema is written for '\(text)'; only JSON Schema 2020-12 is read",
          hint: "write \"\(SchemaKeywords.metaschema)\" once its keywords have been brought up to date")
      }
    default: return false
    }
    return true
  }

  private static func isAnchor(_ text: String) -> Bool {
    guard let first = text.utf8.first, ASCII.isLetter(first) || first == UInt8(ascii: "_") else { return false }
    return text.utf8.allSatisfy { ASCII.isLetterOrDigit($0) || "-_.".utf8.contains($0) }
  }

  // MARK: Annotations and the rest

  private func readAnnotation(with reader: inout RawSchemaReader) -> Bool {
    switch name {
    case "title", "description", "$comment", "contentEncoding", "contentMediaType":
      if value.stringValue == nil { reader.report(.schemaSyntax, at: valuePlace, "'\(name)' must be a string") }
    case "deprecated", "readOnly", "writeOnly": _ = boolean(&reader)
    case "examples":
      if value.arrayValue == nil { reader.report(.schemaSyntax, at: valuePlace, "'examples' must be a list") }
    case "default", "contentSchema": break
    default: return false
    }
    return true
  }

  private func readOther(into schema: inout RawSchema, with reader: inout RawSchemaReader) {
    if SchemaKeywords.unsupported.contains(name) {
      schema.unsupported.append(
        Diagnostic(.error, .schemaUnsupported, at: namePlace, "the keyword '\(name)' is not supported yet"))
    } else if let advice = SchemaKeywords.foreign[name] {
      schema.unsupported.append(
        Diagnostic(.error, .schemaUnsupported, at: namePlace, "'\(name)' says nothing in JSON Schema 2020-12", hint: advice))
    } else if name.utf8.count >= 3, let hint = NearestName.hint(name, in: SchemaKeywords.all) {
      reader.warn(.unknownKey, at: namePlace, "unknown keyword '\(name)': it says nothing", hint: hint)
    }
  }
}
