import Core
import Mapping
import Transform

/// A mapping that can run, and what the compiler found out about its fields.
struct CompiledTransform: Sendable {
  var program: Program
  var fields: [FieldExplanation]
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
    let catalog = try paths.catalog(options, customFields: fields)
    let compilation = MappingCompiler.compile(
      path: options.mapping, catalog: catalog, options: .init(customFields: fields, boundary: options.boundary))
    diagnostics.merge(compilation.diagnostics)
    guard let model = compilation.model, !diagnostics.hasErrors else {
      let count = diagnostics.all.count { $0.severity == .error }
      throw OperationFailure(.wrongFile, "\(count) \(count == 1 ? "error" : "errors") in the mapping's files")
    }
    let program = try Program(
      model,
      context: .init(
        locationZone: options.locationZone, locationRegion: options.locationRegion, customFields: compilation.customFields,
        entityTables: try EntityLookupLoader.tables(for: [model]) { options.entities[$0] }, now: options.now))
    return CompiledTransform(program: program, fields: compilation.explanation)
  }
}
