import Core
import Mapping
import Schema

/// The target schema of a new project: the user's own file if it refers to no other; otherwise one JSON Schema document made from
/// it, also if it is in YAML or inside an OpenAPI document.
struct ProjectSchema {
  var text: String
  /// Relative to the mapping.
  var path: String
  /// What `init` reports about it; empty if the file is used as it is.
  var report: [String] = []

  /// - Parameter reference: `contact.schema.json`, `api.yaml#/components/schemas/Contact`.
  /// - Parameter name: the mapping's name.
  /// - Throws: `OperationFailure` if there is no such file, `UncompiledFiles` if it has no such schema or is invalid.
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
    report = ["\(path) is \(VisibleText.escaped(reference)) converted to JSON Schema\(standalone.changes.isEmpty ? "" : ":")"]
    report += standalone.changes.map { change, count in
      let digits = Wording.count(count)
      return "  \(String(repeating: " ", count: width - digits.count))\(digits)  \(change.text)"
    }
  }
}
