import Core

/// Reads every schema of a file into `RawSchema`s and gathers what is wrong with them.
///
/// Works through a queue instead of recursion, so the depth of a file costs no stack; a schema is read once, whichever
/// way it is reached.
struct RawSchemaReader {
  let document: SchemaDocument
  private(set) var schemas: [RawSchema] = []
  private(set) var diagnostics: [Diagnostic] = []

  private var indices: [String: Int] = [:]
  private var unread: [Int] = []
  private var anchors: [String: Int] = [:]
  private var references: [Reference] = []
  private let identifier: String?

  private struct Reference {
    var text: String
    /// Of the keyword.
    var pointer: String
    var schema: Int
  }

  init(document: SchemaDocument) {
    self.document = document
    identifier = document.root["$id"]?.stringValue.map { $0.hasSuffix("#") ? String($0.dropLast()) : $0 }
  }

  /// Index 0 is the root.
  mutating func readAll() {
    _ = schema(at: "")
    drain()
    while !references.isEmpty {
      let batch = references
      references = []
      for reference in batch { resolve(reference) }
      drain()
    }
    findCircles()
  }

  /// The index of the schema at `pointer`, to be read if it has not been.
  mutating func schema(at pointer: String) -> Int {
    if let index = indices[pointer] { return index }
    let index = schemas.count
    schemas.append(RawSchema(pointer: pointer))
    indices[pointer] = index
    unread.append(index)
    return index
  }

  mutating func report(_ code: DiagnosticCode, at place: SourcePlace, _ message: String, hint: String? = nil) {
    diagnostics.append(Diagnostic(.error, code, at: place, message, hint: hint))
  }

  mutating func warn(_ code: DiagnosticCode, at place: SourcePlace, _ message: String, hint: String? = nil) {
    diagnostics.append(Diagnostic(.warning, code, at: place, message, hint: hint))
  }

  private mutating func drain() {
    while let index = unread.popLast() { read(index) }
  }

  private mutating func read(_ index: Int) {
    var schema = schemas[index]
    switch document.value(at: schema.pointer) {
    case .bool(let admits):
      schema.node.isFalse = !admits
      schema.isAsserting = !admits
    case .object(let members):
      for member in members {
        var keyword = KeywordReader(name: member.name, value: member.value, schemaPointer: schema.pointer, document: document)
        keyword.read(into: &schema, with: &self)
      }
    default:
      report(.schemaSyntax, at: document.valuePlace(schema.pointer), "a schema is an object, true or false")
    }
    schemas[index] = schema
  }

  // MARK: References

  mutating func note(anchor: String, at pointer: String, ofSchemaAt schemaPointer: String) {
    let index = schema(at: schemaPointer)
    if let other = anchors.updateValue(index, forKey: anchor), other != index {
      report(.schemaSyntax, at: document.valuePlace(pointer), "the anchor '\(anchor)' is given twice")
    }
  }

  mutating func note(reference: String, at pointer: String, ofSchemaAt schemaPointer: String) {
    references.append(Reference(text: reference, pointer: pointer, schema: schema(at: schemaPointer)))
  }

  private mutating func resolve(_ reference: Reference) {
    let place = document.valuePlace(reference.pointer)
    let parts = reference.text.split(separator: "#", maxSplits: 1, omittingEmptySubsequences: false)
    let resource = String(parts[0])
    guard resource.isEmpty || namesThisDocument(resource) else {
      report(
        .schemaUnsupported, at: place, "'$ref' leads to another document, '\(resource)'",
        hint: "only references within the file are followed: copy that schema to '$defs'")
      return
    }
    guard let fragment = Self.percentDecoded(parts.count > 1 ? String(parts[1]) : "") else {
      report(.schemaSyntax, at: place, "'\(reference.text)' is no reference: '%' needs two hexadecimal digits of UTF-8")
      return
    }
    if fragment.isEmpty || fragment.hasPrefix("/") {
      switch document.value(at: fragment) {
      case nil:
        report(
          .schemaSyntax, at: place, "'$ref' leads nowhere: there is no '#\(fragment)' in this file", hint: nearest(to: fragment))
      case .object, .bool: schemas[reference.schema].reference = schema(at: fragment)
      default: report(.schemaSyntax, at: place, "'$ref' leads to '#\(fragment)', which is not a schema")
      }
    } else if let target = anchors[fragment] {
      schemas[reference.schema].reference = target
    } else {
      report(
        .schemaSyntax, at: place, "'$ref' leads nowhere: there is no '$anchor' named '\(fragment)' in this file",
        hint: NearestName.hint(fragment, in: anchors.keys.sorted()))
    }
  }

  /// The nearest sibling of a pointer whose last token does not exist.
  private func nearest(to fragment: String) -> String? {
    let tokens = JSONPointer.tokens(fragment)
    guard let last = tokens.last else { return nil }
    let parent = tokens.dropLast().reduce("") { JSONPointer.appending($1, to: $0) }
    guard let members = document.value(at: parent)?.objectValue else { return nil }
    return NearestName.find(last, in: members.map(\.name)).map { "did you mean '#\(JSONPointer.appending($0, to: parent))'?" }
  }

  /// `resource` is the root's `$id`, or leads to it from there.
  private func namesThisDocument(_ resource: String) -> Bool {
    guard let identifier else { return false }
    if resource == identifier { return true }
    guard !resource.contains(":"), !resource.hasPrefix("/"), let slash = identifier.lastIndex(of: "/") else { return false }
    return identifier[...slash] + resource == identifier
  }

  private static func percentDecoded(_ text: String) -> String? {
    guard text.utf8.contains(UInt8(ascii: "%")) else { return text }
    var bytes: [UInt8] = []
    var rest = Array(text.utf8)[...]
    while let byte = rest.popFirst() {
      guard byte == UInt8(ascii: "%") else {
        bytes.append(byte)
        continue
      }
      guard rest.count >= 2, rest.prefix(2).allSatisfy(ASCII.isHexDigit),
        let value = UInt8(String(decoding: rest.prefix(2), as: UTF8.self), radix: 16)
      else { return nil }
      bytes.append(value)
      rest = rest.dropFirst(2)
    }
    return String(validating: bytes, as: UTF8.self)
  }

  /// A schema whose `$ref`s lead back to it without a step into the instance means nothing.
  private mutating func findCircles() {
    for start in schemas.indices {
      var seen: Set<Int> = [start]
      var index = schemas[start].reference
      while let next = index, seen.insert(next).inserted { index = schemas[next].reference }
      guard index == start else { continue }
      let place = document.valuePlace(JSONPointer.appending("$ref", to: schemas[start].pointer))
      report(.schemaSyntax, at: place, "'$ref' leads back to its own schema")
      // One word for the whole circle.
      schemas[start].reference = nil
    }
  }
}
