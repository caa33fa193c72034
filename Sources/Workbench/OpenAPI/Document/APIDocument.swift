import Core
import Mapping
import Schema

/// An OpenAPI document, with its references resolved as they are followed.
///
/// A reference that leads nowhere is reported once, and counts as if nothing stood there.
final class APIDocument {
  let file: OpenAPIFile
  /// `OpenAPI 3.1`.
  let version: String
  let root: APIValue
  /// The document refers to other files, so it was made into one: pointers are those of the whole.
  let isBundled: Bool
  private(set) var warnings: [Diagnostic] = []
  private var reported: Set<String> = []

  private static let maximumHops = 32

  /// - Throws: `OpenAPIFile.Fault` if the file cannot be read, or is not an OpenAPI document.
  init(path: String) throws {
    file = try OpenAPIFile.load(path: path, yaml: YAMLSchemaReader.read).get()
    version = file.version ?? ""
    var bundle = APIBundle(file)
    let whole = bundle.whole()
    isBundled = whole != nil
    root = APIValue(whole ?? file.root, at: "")
    warnings = bundle.warnings
  }

  var isSwagger: Bool { version.hasPrefix("Swagger") }

  /// The value itself, or what its `$ref` leads to. Nil: nowhere, which is reported.
  func resolve(_ start: APIValue) -> APIValue? {
    var value = start
    for _ in 0..<Self.maximumHops {
      guard let reference = value.text("$ref") else { return value }
      let parts = OpenAPIFile.reference(reference)
      // Another file that cannot be read was reported when the files were made into one.
      if let parts, !parts.file.isEmpty { return nil }
      guard let pointer = parts?.pointer, pointer.isEmpty || pointer.hasPrefix("/"), let target = root.value(at: pointer) else {
        warn(at: value, "'$ref' \(VisibleText.escaped(reference)) leads nowhere")
        return nil
      }
      value = target
    }
    warn(at: start, "'$ref' leads back to itself")
    return nil
  }

  /// Reports something that is omitted, once per location in the document.
  func warn(at value: APIValue, _ message: String) {
    guard reported.insert(value.pointer).inserted else { return }
    let hint = "it is left out of the proposal"
    warnings.append(Diagnostic(.warning, .schemaSyntax, at: place(value.pointer), message, hint: hint))
  }

  func place(_ pointer: String) -> SourcePlace { file.place(at: pointer) }
}
