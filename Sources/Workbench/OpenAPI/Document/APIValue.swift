import Core
import Schema

/// A value in an OpenAPI document, and the JSON pointer that leads to it.
struct APIValue {
  let value: JSONValue
  let pointer: String

  init(_ value: JSONValue, at pointer: String) {
    self.value = value
    self.pointer = pointer
  }

  subscript(_ name: String) -> APIValue? {
    value[name].map { APIValue($0, at: SchemaPointer.appending(name, to: pointer)) }
  }

  /// The members of an object, in the order of the document.
  var members: [(name: String, value: APIValue)] {
    (value.objectValue ?? []).map { ($0.name, APIValue($0.value, at: SchemaPointer.appending($0.name, to: pointer))) }
  }

  var elements: [APIValue] {
    (value.arrayValue ?? []).enumerated().map { APIValue($1, at: "\(pointer)/\($0)") }
  }

  func text(_ name: String) -> String? { value[name]?.stringValue }
  func flag(_ name: String) -> Bool { value[name] == .bool(true) }
}

extension APIValue {
  /// What `pointer` names inside it.
  func value(at pointer: String) -> APIValue? {
    var found = self
    for token in SchemaPointer.tokens(pointer) {
      if let next = found[token] {
        found = next
      } else if let index = Int(token), let elements = found.value.arrayValue, elements.indices.contains(index) {
        found = APIValue(elements[index], at: "\(found.pointer)/\(index)")
      } else {
        return nil
      }
    }
    return found
  }
}
