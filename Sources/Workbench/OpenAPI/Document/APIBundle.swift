import Core
import Files
import Mapping
import Schema

/// Makes an OpenAPI document that refers to other files into one: each file becomes a member of `x-bundled`, and every reference
/// a pointer into the document.
///
///     $ref: paths/contacts.yaml#/collection        ->  $ref: "#/x-bundled/0/collection"
///     $ref: "#/item" in paths/contacts.yaml        ->  $ref: "#/x-bundled/0/item"
///
/// Files outside the document's folder (or its project) are not read, and neither are addresses on the web.
struct APIBundle {
  private let file: OpenAPIFile
  private let boundary: FileBoundary
  /// The files that were read, by path.
  private var numbers: [String: Int] = [:]
  private var parts: [OpenAPIFile] = []
  private(set) var warnings: [Diagnostic] = []

  private static let maximumFiles = 2_000
  /// What has examples holds no references.
  private static let examples: Set<String> = ["example", "examples", "default", "enum", "const"]

  init(_ file: OpenAPIFile) {
    self.file = file
    boundary = .around(file.path)
  }

  /// Nil: the document refers to no other file.
  mutating func whole() -> JSONValue? {
    let root = rewritten(file.root, path: file.path, base: "", pointer: "", of: file)
    guard !parts.isEmpty, case .object(let members) = root else { return nil }
    var bundled: [JSONValue.Member] = []
    // Parts may refer to further files.
    var next = 0
    while next < parts.count {
      let part = parts[next]
      bundled.append(
        .init(String(next), rewritten(part.root, path: part.path, base: "/x-bundled/\(next)", pointer: "", of: part)))
      next += 1
    }
    return .object(members + [.init("x-bundled", .object(bundled))])
  }

  private mutating func rewritten(
    _ value: JSONValue, path: String, base: String, pointer: String, of file: OpenAPIFile
  ) -> JSONValue {
    switch value {
    case .array(let elements):
      var made: [JSONValue] = []
      for (index, element) in elements.enumerated() {
        made.append(rewritten(element, path: path, base: base, pointer: "\(pointer)/\(index)", of: file))
      }
      return .array(made)
    case .object(let members):
      var made: [JSONValue.Member] = []
      for member in members {
        if member.name == "$ref", let reference = member.value.stringValue {
          made.append(.init(member.name, .string(target(reference, path: path, base: base, pointer: pointer, of: file))))
        } else if Self.examples.contains(member.name), !pointer.hasSuffix("/properties") {
          made.append(member)
        } else {
          let inner = SchemaPointer.appending(member.name, to: pointer)
          made.append(.init(member.name, rewritten(member.value, path: path, base: base, pointer: inner, of: file)))
        }
      }
      return .object(made)
    default: return value
    }
  }

  private mutating func target(
    _ reference: String, path: String, base: String, pointer: String, of file: OpenAPIFile
  ) -> String {
    guard let (name, fragment) = OpenAPIFile.reference(reference) else { return reference }
    if name.isEmpty { return fragment.isEmpty || fragment.hasPrefix("/") ? "#" + base + fragment : reference }
    guard !name.contains("://") else {
      warn(at: pointer, of: file, "'$ref' \(VisibleText.escaped(reference)) is a web address, which is not read")
      return reference
    }
    let target = Self.normalized(FilePath.join(FilePath.folder(of: path), name))
    guard let number = number(of: target, at: pointer, of: file) else { return reference }
    return number < 0 ? "#" + fragment : "#/x-bundled/\(number)\(fragment)"
  }

  /// Without `.` and steps back, so that each file has one name.
  private static func normalized(_ path: String) -> String {
    var parts: [Substring] = []
    for part in path.split(separator: "/") where part != "." {
      if part == "..", let last = parts.last, last != ".." { parts.removeLast() } else { parts.append(part) }
    }
    return (path.hasPrefix("/") ? "/" : "") + parts.joined(separator: "/")
  }

  /// Negative: the document itself.
  private mutating func number(of path: String, at pointer: String, of file: OpenAPIFile) -> Int? {
    if path == Self.normalized(self.file.path) { return -1 }
    if let known = numbers[path] { return known }
    guard parts.count < Self.maximumFiles else { return nil }
    if let refusal = boundary.refusal(of: path) {
      warn(at: pointer, of: file, "the file '\(VisibleText.escaped(path))' \(refusal)")
      return nil
    }
    switch OpenAPIFile.load(path: path, yaml: YAMLSchemaReader.read, isPart: true) {
    case .success(let part):
      numbers[path] = parts.count
      parts.append(part)
      return parts.count - 1
    case .failure(let fault):
      warnings += fault.diagnostics.map { Diagnostic(.warning, $0.code, at: $0.place, $0.message, hint: $0.hint) }
      return nil
    }
  }

  private mutating func warn(at pointer: String, of file: OpenAPIFile, _ message: String) {
    warnings.append(Diagnostic(.warning, .schemaSyntax, at: file.place(at: pointer), message))
  }
}
