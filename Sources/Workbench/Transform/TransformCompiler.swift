import Core
import Extract
import Mapping
import Records
import Transform

/// A mapping that can run, and what the compiler found out about its fields.
struct CompiledTransform: Sendable {
  var program: Program
  var fields: [FieldExplanation]
  /// What the input declares, and was compiled against; nil if that is not known beforehand.
  var header: TableHeader?
}

/// Compiles the mapping of a transform or a preview.
enum TransformCompiler {
  /// - Throws: `OperationFailure` if there are errors, or a file cannot be read; `CancellationError`.
  static func compile(
    _ options: TransformJob.Options, _ paths: TransformPaths, _ diagnostics: inout Diagnostics
  ) async throws -> CompiledTransform {
    let (compiled, found) = try await OwnThread.result {
      var found = Diagnostics()
      return (Result { try compileNow(options, paths, &found) }, found)
    }
    diagnostics = found
    return try compiled.get()
  }

  private static func compileNow(
    _ options: TransformJob.Options, _ paths: TransformPaths, _ diagnostics: inout Diagnostics
  ) throws -> CompiledTransform {
    let fields = options.customFields.flatMap { CustomFieldsFile.load(path: $0, &diagnostics) }
    var ignored = Diagnostics()
    let entity = YAMLReader.load(path: options.mapping, &ignored)?["source"]?["entity"]?.scalar?.text ?? ""
    try paths.checkContent(options)
    var headers = paths.headers(options, of: entity)
    func compile(_ catalog: any SourceCatalog) -> MappingCompilation {
      MappingCompiler.compile(
        path: options.mapping, catalog: catalog, options: .init(customFields: fields, boundary: options.boundary))
    }
    func catalog() -> any SourceCatalog { paths.catalog(options, headers, of: entity, customFields: fields) }
    var compilation = compile(catalog())
    // With the wrong columns, it is not known what the mapping reads.
    let isUnknown = compilation.diagnostics.reportMissingColumn && headers.areDeclared
    let known = isUnknown ? compile(HeaderCatalog(entities: [entity], headers: [:])) : compilation
    if headers.refine([Name(entity): known.columns.map(\.name)]) { compilation = compile(catalog()) }
    if let failure = headers.failure(of: entity) { throw failure }
    diagnostics.merge(compilation.diagnostics)
    compilation.model?.reading.dialect = headers.header(of: entity)?.dialect
    guard let model = compilation.model, !diagnostics.hasErrors else {
      let count = diagnostics.all.count { $0.severity == .error }
      throw OperationFailure(.wrongFile, "\(count) \(count == 1 ? "error" : "errors") in the mapping's files")
    }
    let program = try Program(
      model,
      context: .init(
        locationZone: options.locationZone, locationRegion: options.locationRegion, customFields: compilation.customFields,
        entityTables: try EntityLookupLoader.tables(for: [model]) { options.entities[$0] }, now: options.now))
    return CompiledTransform(program: program, fields: compilation.explanation, header: headers.header(of: entity))
  }
}
