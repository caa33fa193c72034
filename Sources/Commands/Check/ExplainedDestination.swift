import Core
import Load
import Pipeline
import PipelineFile

/// What `check --explain` prints for a `ghl` destination: what its token must be allowed to do.
struct ExplainedDestination {
  var name: String
  var scopes: [String]

  /// - Parameter compilation: of the pipeline's mappings, which decide what has to be looked up.
  static func all(_ document: PipelineDocument, _ compilation: PipelineCompilation) -> [ExplainedDestination] {
    let models = compilation.units.compactMap(\.model)
    return document.destinations.compactMap { destination in
      destination.ghl.map { ExplainedDestination(name: destination.name, scopes: $0.scopes(models)) }
    }
  }

  var text: String { "destinations.\(name): the token needs these scopes:\n\n" + scopes.map { "  \($0)\n" }.joined() }

  var json: JSONValue {
    .object([.init("name", .string(name)), .init("scopes", .array(scopes.map { .string($0) }))])
  }
}
