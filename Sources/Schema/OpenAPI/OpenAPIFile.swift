package import Core
import Files
import Records

/// An OpenAPI document, or a file that one refers to, as a tree: for its paths and operations. Its schemas are compiled by
/// `SchemaCompiler`.
package struct OpenAPIFile {
  /// As the user named it.
  package let path: String
  package let root: JSONValue
  /// `OpenAPI 3.1`; nil for a file that is only a part of a document.
  package let version: String?
  /// Its text, for the frames of diagnostics.
  package let source: SourceFile?
  private let document: SchemaDocument

  /// Why a document cannot be used.
  package struct Fault: Error {
    package var diagnostics: [Diagnostic]
    /// The texts of files, for the frames of diagnostics.
    package var sources: [SourceFile] = []
    /// The file does not exist, or cannot be read.
    package var isMissing = false

    package init(diagnostics: [Diagnostic], sources: [SourceFile] = []) {
      self.diagnostics = diagnostics
      self.sources = sources
    }
  }

  /// Reads the file at `path`, in JSON or YAML.
  ///
  /// - Parameter isPart: another document refers to it, so it needs no version.
  package static func load(path: String, yaml: @escaping SchemaOptions.Reader, isPart: Bool = false) -> Result<OpenAPIFile, Fault>
  {
    let start = SourcePlace(file: path, line: 1, column: 1)
    let bytes: [UInt8]
    switch SmallText.bytes(of: path, as: "the file '\(path)'") {
    case .success(let read): bytes = read
    case .failure(.content(let sentence)):
      return .failure(Fault(diagnostics: [Diagnostic(.error, .schemaSyntax, at: start, sentence)]))
    case .failure(.file(let failure)):
      var fault = Fault(diagnostics: [Diagnostic(.error, .inputMissing, at: start, "the file '\(path)' \(failure)")])
      fault.isMissing = true
      return .failure(fault)
    }
    var library = SchemaLibrary(options: SchemaOptions(yaml: yaml, boundary: .around(path)))
    guard let document = library.read(file: path, bytes: bytes) else {
      return .failure(Fault(diagnostics: library.diagnostics, sources: library.sources))
    }
    func made(_ version: String?) -> OpenAPIFile {
      OpenAPIFile(path: path, root: document.value(0), version: version, source: library.sources.first, document: document)
    }
    if isPart { return .success(made(nil)) }
    let openAPI = OpenAPIDocument(document)
    if let openAPI {
      if let version = openAPI.version {
        return .success(made(version.name))
      }
      openAPI.reportVersion(&library)
    } else if let other = OtherDocument.known(document) {
      library.report(.schemaUnsupported, at: document.valuePlace(0), other.message)
    } else {
      library.report(
        .schemaUnsupported, at: document.valuePlace(0), "this is not an OpenAPI document: it has no 'openapi' version",
        hint: "an OpenAPI document begins with openapi: 3.1.0 or 3.0.3; pass a JSON Schema with \(CommandOption.schema)")
    }
    return .failure(Fault(diagnostics: library.diagnostics, sources: library.sources))
  }

  /// The place of the value that a JSON pointer names, or of the nearest value around it.
  package func place(at pointer: String) -> SourcePlace {
    var node = 0
    for token in JSONPointer.tokens(pointer) {
      guard let next = document.child(node, token) else { break }
      node = next
    }
    return document.namePlace(node)
  }

  /// The parts of a `$ref`: the file, empty for the document itself, and the pointer. Nil: it is not valid.
  package static func reference(_ text: String) -> (file: String, pointer: String)? {
    let parts = text.split(separator: "#", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
    guard let file = URIReference.percentDecoded(parts[0]),
      let pointer = URIReference.percentDecoded(parts.count > 1 ? parts[1] : "")
    else { return nil }
    return (file, pointer)
  }
}

extension SchemaPointer {
  /// The tokens of a pointer, unescaped.
  package static func tokens(_ pointer: String) -> [String] { JSONPointer.tokens(pointer) }
}
