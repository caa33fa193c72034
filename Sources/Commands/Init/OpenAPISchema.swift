import Core
import Mapping
import Pipeline

/// Extracts a schema from an OpenAPI 3.1 document as a standalone JSON Schema: the part that a pointer names, with
/// everything it refers to inside the document under `$defs`.
struct OpenAPISchema {
  /// `FILE#/components/schemas/Contact`.
  var reference: String

  private static let maximumSchemas = 1_000

  /// - Throws: `OperationFailure`.
  func text() throws -> String {
    let parts = reference.split(separator: "#", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
    guard parts.count == 2, parts[1].hasPrefix("/") else {
      throw OperationFailure(
        .usage, "--openapi \(reference): name the file and the schema in it, as in openapi.yaml#/components/schemas/Contact")
    }
    let document = try read(parts[0])
    let pointer = "#" + parts[1]
    guard let start = Self.find(pointer, in: document) else {
      let schemas = document["components"]?["schemas"]?.objectValue ?? []
      let known = schemas.map { "#/components/schemas/\($0.name)" }
      let hint =
        NearestName.hint(pointer, in: known)
        ?? (known.isEmpty ? "it has no schemas" : "it has: \(Wording.list(Array(known.prefix(12))))")
      throw OperationFailure(.wrongFile, "\(parts[0]) has nothing at \(pointer); \(hint)")
    }
    guard start.objectValue != nil else { throw OperationFailure(.wrongFile, "\(parts[0]) has no schema at \(pointer)") }
    var names: [Name: String] = [:]
    var definitions: [JSONValue.Member] = []
    var waiting: [String] = []
    func rewrite(_ value: JSONValue) -> JSONValue {
      switch value {
      case .array(let elements): return .array(elements.map(rewrite))
      case .object(let members):
        return .object(
          members.map { member in
            guard member.name == "$ref", let target = member.value.stringValue, target.hasPrefix("#/") else {
              return .init(member.name, rewrite(member.value))
            }
            if names[target] == nil {
              var name = target.split(separator: "/").last.map(String.init) ?? "schema"
              while names.values.contains(exactly: name) { name += "2" }
              names[target] = name
              waiting.append(target)
            }
            return .init("$ref", .string("#/$defs/\(names[target] ?? "")"))
          })
      default: return value
      }
    }
    guard case .object(var root) = rewrite(start) else { return "{}" }
    while let next = waiting.popLast(), definitions.count < Self.maximumSchemas {
      guard let schema = Self.find(next, in: document), let name = names[next] else {
        throw OperationFailure(.wrongFile, "\(parts[0]) refers to \(next), which it does not have")
      }
      definitions.append(.init(name, rewrite(schema)))
    }
    root.removeAll { $0.name == "$schema" }
    root.insert(.init("$schema", .string("https://json-schema.org/draft/2020-12/schema")), at: 0)
    if !definitions.isEmpty {
      root.append(.init("$defs", .object(definitions.sorted { $0.name.precedesExactly($1.name) })))
    }
    return JSONValue.object(root).prettyText
  }

  private func read(_ path: String) throws -> JSONValue {
    let text = try SampleProject.text(of: path, "OpenAPI document")
    if text.first(where: { !$0.isWhitespace }) == "{" {
      do {
        return try JSONReader.read(text)
      } catch {
        throw OperationFailure(.wrongFile, "the OpenAPI document \(path): \(error)")
      }
    }
    var diagnostics = Diagnostics()
    guard let root = YAMLReader.load(path: path, &diagnostics), !diagnostics.hasErrors else {
      throw UncompiledFiles(diagnostics, "the OpenAPI document \(path) cannot be read")
    }
    return root.jsonValue
  }

  /// A JSON pointer as a fragment.
  private static func find(_ pointer: String, in document: JSONValue) -> JSONValue? {
    var value = document
    for part in pointer.dropFirst(2).split(separator: "/", omittingEmptySubsequences: false) {
      let name = part.replacing("~1", with: "/").replacing("~0", with: "~")
      if let elements = value.arrayValue, let index = Int(name), elements.indices.contains(index) {
        value = elements[index]
      } else if let member = value[String(name)] {
        value = member
      } else {
        return nil
      }
    }
    return value
  }
}
