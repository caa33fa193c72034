package import Core
import Foundation

/// Reads a JSON Schema 2020-12 file into the `TargetSchema` that the mapping compiler and the evaluator work with.
///
/// Everything that is wrong is found at once. With an error there is no schema, so that nothing is checked against
/// half of one.
package enum SchemaCompiler {
  /// - Parameter file: the name as the user gave it; diagnostics carry it.
  package static func compile(file: String, text: String) -> (schema: TargetSchema?, diagnostics: [Diagnostic]) {
    switch SchemaDocument.read(file: file, text: text) {
    case .failure(let error): return (nil, [error.diagnostic])
    case .success(let document): return compile(document)
    }
  }

  /// Reads the file at `path`. A file that is missing, cannot be read or is no text is a diagnostic at its first line.
  /// - Parameter name: what diagnostics call it; the path unless given.
  /// - Returns: the text, too, for the frames of diagnostics.
  package static func load(
    path: String, name: String? = nil
  ) -> (schema: TargetSchema?, diagnostics: [Diagnostic], source: SourceFile?) {
    let file = name ?? path
    let start = SourcePlace(file: file, line: 1, column: 1)
    func fail(_ code: DiagnosticCode, _ message: String, _ hint: String? = nil) -> (TargetSchema?, [Diagnostic], SourceFile?) {
      (nil, [Diagnostic(.error, code, at: start, message, hint: hint)], nil)
    }
    let document = path.prefix { $0 != "#" }
    if document.count < path.count, !FileManager.default.fileExists(atPath: path) {
      return fail(
        .schemaUnsupported, "a schema inside another document ('\(file)') is not supported yet",
        "put the schema into a JSON file of its own")
    }
    if [".yaml", ".yml"].contains(where: { path.lowercased().hasSuffix($0) }) {
      return fail(
        .schemaUnsupported, "a schema in YAML ('\(file)') is not supported yet", "put the schema into a JSON file")
    }
    var isFolder: ObjCBool = false
    guard FileManager.default.fileExists(atPath: path, isDirectory: &isFolder) else {
      return fail(.inputMissing, "there is no schema file '\(file)'", "paths are relative to the file that names them")
    }
    guard !isFolder.boolValue else { return fail(.inputMissing, "'\(file)' is a folder, not a schema file") }
    guard let data = FileManager.default.contents(atPath: path) else {
      return fail(.inputMissing, "the schema file '\(file)' cannot be read: check its permissions")
    }
    guard let text = String(validating: data, as: UTF8.self) else {
      return fail(.schemaSyntax, "the schema file is not valid UTF-8")
    }
    let result = compile(file: file, text: text)
    return (result.schema, result.diagnostics, SourceFile(name: file, text: text))
  }

  private static func compile(_ document: SchemaDocument) -> (schema: TargetSchema?, diagnostics: [Diagnostic]) {
    if document.root["openapi"] != nil || document.root["swagger"] != nil {
      let place = document.namePlace(document.root["openapi"] != nil ? "/openapi" : "/swagger")
      let hint = "put the schema into a JSON file of its own"
      let message = "an OpenAPI document is not supported yet as a schema"
      return (nil, [Diagnostic(.error, .schemaUnsupported, at: place, message, hint: hint)])
    }
    var reader = RawSchemaReader(document: document)
    reader.readAll()
    var merger = SchemaMerger(schemas: reader.schemas)
    merger.makeAll()
    var diagnostics = reader.diagnostics
    for index in merger.used.sorted() { diagnostics += reader.schemas[index].unsupported }
    if merger.isTooLarge {
      let message = "the schema's '$ref's combine into too many different schemas"
      diagnostics.append(Diagnostic(.error, .schemaUnsupported, at: document.valuePlace(""), message))
    }
    diagnostics.sort { ($0.place, $0.message) < ($1.place, $1.message) }
    guard !diagnostics.contains(where: { $0.severity == .error }) else { return (nil, diagnostics) }
    return (TargetSchema(file: document.file, nodes: merger.nodes), diagnostics)
  }
}
