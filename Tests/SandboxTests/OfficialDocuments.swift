import Core
import Foundation

@testable import Sandbox

/// The official OpenAPI documents, which are beside a checkout in `../shared/ghl` and not part of the repository.
struct OfficialDocuments {
  private let folder: URL

  /// nil where the documents are not there.
  init?() {
    let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
    folder = root.deletingLastPathComponent().appending(path: "shared/ghl")
    guard FileManager.default.fileExists(atPath: folder.appending(path: "v2/apps/contacts.json").path) else { return nil }
  }

  /// By the first part of a route's path: `contacts`, `locations`, ...
  func document(_ name: Substring, _ generation: Generation) throws -> Document {
    let file = generation == .v3 ? "v3/apps/\(name)-v3.json" : "v2/apps/\(name).json"
    return Document(root: try JSONReader.read(Array(Data(contentsOf: folder.appending(path: file)))))
  }

  /// One document; references are looked up once.
  final class Document {
    private let root: JSONValue
    private var references: [String: Shape] = [:]

    init(root: JSONValue) { self.root = root }

    /// The status and the shape of the successful answer; nil where the document has no such route or no shape.
    func answer(_ route: Route) -> (status: Int, shape: Shape)? {
      for status in [200, 201] {
        let response = operation(route)?["responses"]?[String(status)]
        if let schema = response?["content"]?["application/json"]?["schema"] { return (status, shape(schema)) }
      }
      return nil
    }

    /// The shape of the body that a request has; nil if it has none.
    func body(_ route: Route) -> Shape? {
      (operation(route)?["requestBody"]?["content"]?["application/json"]?["schema"]).map(shape)
    }

    func has(_ route: Route) -> Bool { operation(route) != nil }

    private func operation(_ route: Route) -> JSONValue? {
      let parts = route.rawValue.split(separator: " ")
      return root["paths"]?[String(parts[1])]?[parts[0].lowercased()]
    }

    /// Follows a reference within the document, and an `allOf` with a single element.
    func shape(_ schema: JSONValue) -> Shape {
      if let reference = schema["$ref"]?.stringValue, reference.hasPrefix("#/") {
        if let known = references[reference] { return known }
        var found: JSONValue? = root
        for part in reference.dropFirst(2).split(separator: "/") { found = found?[String(part)] }
        let shape = shape(found ?? .null)
        references[reference] = shape
        return shape
      }
      if let all = schema["allOf"]?.arrayValue, all.count == 1 { return shape(all[0]) }
      return Shape(schema, in: self)
    }
  }

  /// A schema, as far as the comparison needs it.
  final class Shape {
    let type: String?
    let isNullable: Bool
    let allowed: Set<String>?
    let required: [String]
    let items: Shape?
    /// The shapes of which one must fit.
    let alternatives: [Shape]
    /// nil: nothing is said about members.
    let properties: [String: Shape]?

    init(_ schema: JSONValue, in document: Document) {
      let members = schema["properties"]?.objectValue
      type = schema["type"]?.stringValue ?? (members == nil ? nil : "object")
      isNullable = schema["nullable"]?.boolValue == true
      allowed = schema["enum"]?.arrayValue.map { Set($0.compactMap(\.stringValue)) }
      required = schema["required"]?.arrayValue?.compactMap(\.stringValue) ?? []
      items = schema["items"].map(document.shape)
      alternatives = (schema["anyOf"]?.arrayValue ?? []).map(document.shape)
      properties = members.flatMap { members in
        members.isEmpty ? nil : Dictionary(members.map { ($0.name, document.shape($0.value)) }) { first, _ in first }
      }
    }
  }
}
