package import Core
import Foundation

/// One of GHL's official OpenAPI documents, as far as requests are concerned. The documents are beside a checkout in
/// `../shared/ghl` and not part of the repository.
package struct OfficialRequests: Sendable {
  package struct Operation: Sendable {
    /// `POST`
    package var method: String
    /// `/contacts/{contactId}`
    package var path: String
    /// Those that a token needs, each once.
    package var scopes: [String]
    /// The values of the `Version` header.
    package var versions: [String]
    /// The schema of the JSON body; nil if there is none.
    package var body: JSONValue?

    package var title: String { method + " " + path }
  }

  private let root: JSONValue
  package let operations: [Operation]

  /// - Parameter name: the first part of the routes' paths: `contacts`, `locations`.
  /// - Returns: nil where the documents are missing.
  package init?(_ name: String, isV3: Bool) {
    var folder = URL(fileURLWithPath: #filePath)
    for _ in 0..<4 { folder.deleteLastPathComponent() }
    let file = folder.appendingPathComponent("shared/ghl").appendingPathComponent(
      isV3 ? "v3/apps/\(name)-v3.json" : "v2/apps/\(name).json")
    guard let data = try? Data(contentsOf: file), let root = try? JSONReader.read(Array(data)) else { return nil }
    self.root = root
    operations = (root["paths"]?.objectValue ?? []).flatMap { path in
      (path.value.objectValue ?? []).map { Self.operation($0.name.uppercased(), path.name, $0.value) }
    }
  }

  private static func operation(_ method: String, _ path: String, _ document: JSONValue) -> Operation {
    let scopes = (document["security"]?.arrayValue ?? []).flatMap { $0.objectValue ?? [] }.flatMap { $0.value.arrayValue ?? [] }
    let version = document["parameters"]?.arrayValue?.first { $0["name"]?.stringValue == "Version" }
    return Operation(
      method: method, path: path, scopes: Set(scopes.compactMap(\.stringValue)).sorted(),
      versions: version?["schema"]?["enum"]?.arrayValue?.compactMap(\.stringValue) ?? [],
      body: document["requestBody"]?["content"]?["application/json"]?["schema"])
  }

  /// A schema behind a reference, or the only one of an `allOf`.
  package func resolved(_ schema: JSONValue) -> JSONValue {
    if let reference = schema["$ref"]?.stringValue {
      let found = reference.split(separator: "/").dropFirst().reduce(Optional(root)) { $0?[String($1)] }
      return resolved(found ?? .null)
    }
    if let all = schema["allOf"]?.arrayValue, all.count == 1 { return resolved(all[0]) }
    return schema
  }

  /// Why the document does not accept a value; nil if it does. A member that it does not declare is refused, as GHL does.
  package func fault(_ value: JSONValue, in schema: JSONValue, at place: String = "body") -> String? {
    let schema = resolved(schema)
    if let any = schema["anyOf"]?.arrayValue {
      let faults = any.map { fault(value, in: $0, at: place) }
      return faults.contains(nil) ? nil : faults.compactMap(\.self).first
    }
    let members = schema["properties"]?.objectValue ?? []
    switch (schema["type"]?.stringValue ?? (members.isEmpty ? "" : "object"), value) {
    case (_, .null): return schema["nullable"]?.boolValue == true ? nil : "\(place) is null"
    case ("string", .string(let text)):
      guard let words = schema["enum"]?.arrayValue, !words.contains(.string(text)) else { return nil }
      return "\(place) is not one of the words"
    case ("boolean", .bool), ("number", .number), ("integer", .number): return nil
    case ("array", .array(let elements)):
      return elements.lazy.enumerated().compactMap { index, element in
        fault(element, in: schema["items"] ?? .object([]), at: "\(place)[\(index)]")
      }.first
    case ("object", .object(let given)) where !members.isEmpty:
      for member in given {
        guard let known = members.first(where: { $0.name == member.name }) else { return "\(place).\(member.name) is unknown" }
        if let fault = fault(member.value, in: known.value, at: "\(place).\(member.name)") { return fault }
      }
      let required = schema["required"]?.arrayValue?.compactMap(\.stringValue) ?? []
      return required.first { value[$0] == nil }.map { "\(place).\($0) is missing" }
    case ("object", .object): return nil
    // Some members are declared as objects, and their example is a text or a number: it counts.
    case ("object", .string): if schema["example"]?.stringValue != nil { return nil }
    case ("object", .number): if schema["example"]?.doubleValue != nil { return nil }
    default: break
    }
    return "\(place) has the wrong type"
  }
}
