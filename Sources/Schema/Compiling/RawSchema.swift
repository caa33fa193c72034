import Core

/// The static part of one schema as in the file: its own keywords only, for `SchemaMerger`.
///
/// Indices in `node` (of `properties`, `items`, `additional`) are those of raw schemas, and `additional` is always
/// `.unspecified`, `.allowed` or `.node`.
struct RawSchema {
  var node = TargetNode()
  /// What else applies to the same value, always: where `$ref` leads, the members of `allOf`.
  var references: [Int] = []
  /// Whether any of its own keywords constrains an instance.
  var isAsserting = false
  /// Some keyword has more than `node` can express: only the whole schema can check it.
  var hasRest = false
}
