import Core

/// The static part of one schema as it stands in the file: its own keywords only, for `SchemaMerger`.
///
/// Indices in `node` (of `properties`, `items`, `additional`) are those of raw schemas, and `additional` is always
/// `.unspecified`, `.allowed` or `.node`.
struct RawSchema {
  var node = TargetNode()
  /// What else applies to the same value, always: where `$ref` leads, the members of `allOf`.
  var references: [Int] = []
  /// Whether any keyword of its own says something about an instance.
  var isAsserting = false
  /// Some keyword says more than `node` can hold: only the whole schema can judge it.
  var hasRest = false
}
