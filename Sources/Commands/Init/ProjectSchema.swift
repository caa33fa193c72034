import Core
import Mapping
import Schema

/// The target's schema of a new project: the user's own file if it needs no other, else one JSON Schema document that is made from
/// it, from its YAML, or from the OpenAPI document that it is in.
struct ProjectSchema {
  var text: String
  /// Relative to the mapping.
  var path: String
  /// What `init` reports about it; empty if the file is used as it is.
  var report: [String] = []

  /// - Parameter reference: `contact.schema.json`, `api.yaml#/components/schemas/Contact`.
  /// - Parameter name: of the mapping.
  /// - Throws: `OperationFailure` if there is no such file, `UncompiledFiles` if it has no such schema or is wrong.
  init(_ reference: String, name: String) throws {
    var options = SchemaOptions(yaml: YAMLSchemaReader.read)
    (options.makesStandalone, options.direction) = (true, .request)
    let compilation = SchemaCompiler.load(path: reference, options: options)
    guard let standalone = compilation.standalone else {
      if let missing = compilation.diagnostics.first(where: { $0.code == .inputMissing }) {
        throw OperationFailure(.inputMissing, missing.message)
      }
      var diagnostics = Diagnostics()
      for source in compilation.sources { diagnostics.register(source) }
      for diagnostic in compilation.diagnostics { diagnostics.add(diagnostic) }
      throw UncompiledFiles(diagnostics, "the schema \(reference) cannot be used")
    }
    if standalone.isOriginal {
      text = try SampleProject.text(of: reference, "schema")
      path = "schemas/\(SampleProject.schemaName(reference))"
      return
    }
    text = standalone.json.prettyText
    path = "schemas/\(name).schema.json"
    let width = standalone.changes.map { Wording.count($0.count).count }.max() ?? 0
    report = ["\(path) is \(VisibleText.escaped(reference)) as JSON Schema\(standalone.changes.isEmpty ? "" : ":")"]
    report += standalone.changes.map { change, count in
      let digits = Wording.count(count)
      return "  \(String(repeating: " ", count: width - digits.count))\(digits)  \(change.text)"
    }
  }
}
