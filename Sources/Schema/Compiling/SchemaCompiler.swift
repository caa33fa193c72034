package import Core
import Files
import Foundation
import Records

/// The result of compiling a schema file.
package struct SchemaCompilation: Sendable {
  /// The static part, for the mapping compiler and the evaluator; nil if there are errors.
  package var schema: TargetSchema?
  /// The whole.
  package var validator: SchemaValidator?
  /// The schema as one document; only if the options ask for it.
  package var standalone: StandaloneSchema?
  package var diagnostics: [Diagnostic]
  /// The texts of all files that were read, for the frames of diagnostics.
  package var sources: [SourceFile] = []

  static func failed(_ diagnostic: Diagnostic) -> SchemaCompilation { SchemaCompilation(diagnostics: [diagnostic]) }
}

/// Compiles JSON Schema files: drafts 2020-12, 2019-09 and 07, and schemas inside OpenAPI documents: 3.1, 3.0 and Swagger 2.0.
///
/// All errors are reported at once. With an error there is no schema, so that nothing is checked against
/// half of one.
package enum SchemaCompiler {
  /// - Parameter file: the name as the user gave it; diagnostics carry it. References do not resolve to files beside it.
  package static func compile(file: String, text: String, options: SchemaOptions = .init()) -> SchemaCompilation {
    compile(file: file, bytes: Array(text.utf8), uri: "memory:///\(FilePlace.name(of: file))", fragment: "", options)
  }

  /// Reads the file at `path`; after `#`, the JSON pointer of a schema in it (`openapi.yaml#/components/schemas/Contact`).
  /// A file that is missing, unreadable or not text is a diagnostic at its first line.
  /// - Parameter name: what diagnostics call it; the path unless given.
  package static func load(path: String, name: String? = nil, options: SchemaOptions = .init()) -> SchemaCompilation {
    var (path, file, fragment) = (path, name ?? path, "")
    if !FileManager.default.fileExists(atPath: path), let hash = path.firstIndex(of: "#") {
      fragment = String(path[path.index(after: hash)...])
      path = String(path[..<hash])
      file = String(file.prefix { $0 != "#" })
    }
    let start = SourcePlace(file: file, line: 1, column: 1)
    func missing(_ message: String, _ hint: String? = nil) -> SchemaCompilation {
      .failed(Diagnostic(.error, .inputMissing, at: start, message, hint: hint))
    }
    if options.isReference, let boundary = options.boundary, let refusal = boundary.refusal(of: path) {
      return .failed(
        Diagnostic(.error, refusal.code, at: start, "the schema file '\(file)' \(refusal)", hint: refusal.remedy))
    }
    var isFolder: ObjCBool = false
    guard FileManager.default.fileExists(atPath: path, isDirectory: &isFolder) else {
      return missing("there is no schema file '\(file)'", "paths are relative to the file that names them")
    }
    guard !isFolder.boolValue else { return missing("'\(file)' is a folder, not a schema file") }
    var options = options
    options.boundary = options.boundary ?? .around(path)
    switch SmallText.bytes(of: path, as: "the schema file '\(file)'") {
    case .success(let bytes): return compile(file: file, bytes: bytes, uri: FilePlace.uri(of: path), fragment: fragment, options)
    case .failure(.file(.notRegular)):
      let refusal = FileBoundary.Refusal.notRegular
      return .failed(Diagnostic(.error, refusal.code, at: start, "the schema file '\(file)' \(refusal)", hint: refusal.remedy))
    case .failure(.file(.tooLarge)):
      return .failed(
        Diagnostic(
          .error, .schemaUnsupported, at: start, "the schema file '\(file)' \(SmallFile.Failure.tooLarge)",
          hint: "move the schemas of your records to a file of their own"))
    case .failure(.file(let failure)): return missing("the schema file '\(file)' \(failure)", "check its permissions")
    case .failure(.content(let sentence)): return .failed(Diagnostic(.error, .schemaSyntax, at: start, sentence))
    }
  }

  private static func compile(
    file: String, bytes: [UInt8], uri: String, fragment: String, _ options: SchemaOptions
  ) -> SchemaCompilation {
    var library = SchemaLibrary(options: options)
    guard let document = library.read(file: file, bytes: bytes) else { return finish(library) }
    let start = SourcePlace(file: file, line: 1, column: 1)
    var dialect = Dialect.draft2020
    if let named = options.dialect {
      dialect = Draft(name: named).map { Dialect($0) } ?? library.dialect(named: named, at: start, fallback: dialect)
    }
    if let openAPI = OpenAPIDocument(document), !openAPI.admits(fragment: fragment, &library) { return finish(library) }
    if fragment.isEmpty, let other = OtherDocument.known(document) {
      library.report(.schemaUnsupported, at: document.valuePlace(0), other.message, hint: other.hint)
      return finish(library)
    }
    let resource = library.addMain(document, uri: uri, fallback: dialect)
    guard let target = library.resolve("#" + fragment, keyword: file, from: resource, at: start) else { return finish(library) }
    if target.address.document == library.mainDocument, !library.diagnostics.contains(where: { $0.severity == .error }) {
      if let other = OtherDocument.withoutKeywords(document, target.address.node) {
        library.report(.schemaSyntax, at: document.valuePlace(target.address.node), other.message, hint: other.hint)
        return finish(library)
      }
      if target.address.node == 0, let (pointer, names) = OtherDocument.onlyDefinitions(document) {
        library.warn(
          .schemaSyntax, at: document.valuePlace(0),
          "this schema allows any value: it only defines schemas; name one of them, as FILE#\(pointer)/NAME", hint: names)
      }
    }
    var reader = SchemaReader(library: library)
    reader.readAll(from: target.address, resource: target.resource)
    checkMetaschema(&reader, document)
    var result = finish(reader, file: file)
    if options.makesStandalone, result.schema != nil {
      var writer = StandaloneWriter(library: reader.library, root: target.address)
      do throws(StandaloneWriter.Failure) {
        let isWholeFile = fragment.isEmpty && !document.isPlaced
        result.standalone = try writer.schema(resource: target.resource, isWholeFile: isWholeFile)
      } catch {
        result.diagnostics.append(
          Diagnostic(.error, .schemaUnsupported, at: error.place, "the schema cannot be written as one file: \(error.message)"))
      }
    }
    return result
  }

  private static func finish(_ library: SchemaLibrary) -> SchemaCompilation {
    SchemaCompilation(diagnostics: sorted(library.diagnostics + library.remarks.diagnostics), sources: library.sources)
  }

  private static func finish(_ reader: SchemaReader, file: String) -> SchemaCompilation {
    var result = finish(reader.library)
    var merger = SchemaMerger(schemas: reader.raws, branchNames: reader.branchNames)
    merger.makeAll()
    guard !result.diagnostics.contains(where: { $0.severity == .error }) else { return result }
    result.validator = SchemaValidator(
      program: SchemaProgram(nodes: reader.nodes, checks: reader.checks, tables: reader.tables))
    var schema = TargetSchema(file: file, nodes: merger.nodes)
    schema.hasRest = merger.isTooLarge || merger.used.contains { merger.schemas[$0].hasRest }
    // References can combine into more shapes than needed: then there is no static part.
    if merger.isTooLarge {
      schema.nodes = [TargetNode()]
      schema.nodes[0].additional = .allowed
    }
    result.schema = schema
    return result
  }

  private static func sorted(_ diagnostics: [Diagnostic]) -> [Diagnostic] {
    var seen: Set<Diagnostic> = []
    return diagnostics.filter { seen.insert($0).inserted }.sorted { ($0.place, $0.message) < ($1.place, $1.message) }
  }

  /// A user-defined metaschema: its requirements are checked by validating the schema as an instance. (The reader itself
  /// checks the requirements of the specification's metaschemas.)
  private static func checkMetaschema(_ reader: inout SchemaReader, _ document: SchemaDocument) {
    guard let owner = reader.library.owner(document: reader.library.mainDocument, node: 0),
      reader.library.resources[owner].dialect.isCustom
    else { return }
    let dialect = reader.library.resources[owner].dialect
    var options = reader.library.options
    options.formats = .annotate
    var other = SchemaReader(library: SchemaLibrary(options: options))
    let place = document.valuePlace(0)
    var reason: String?
    guard let resource = other.library.resource(at: dialect.uri, from: place, dialect: .draft2020, reason: &reason) else {
      return
    }
    let root = other.library.resources[resource]
    other.readAll(from: SchemaAddress(document: root.document, node: root.root), resource: resource)
    guard !other.library.diagnostics.contains(where: { $0.severity == .error }) else { return }
    let program = SchemaProgram(nodes: other.nodes, checks: other.checks, tables: other.tables)
    for failure in SchemaValidator(program: program).failures(in: document.value(0)) {
      guard let node = document.node(at: failure.instance) else { continue }
      reader.report(
        .schemaSyntax, at: document.valuePlace(node), "\(failure.message), according to the metaschema at \(failure.schema)")
    }
  }
}
