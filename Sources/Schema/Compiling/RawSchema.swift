import Core

/// One schema as it stands in the file, before `$ref` is resolved: its own keywords only.
///
/// Indices in `node` (of `properties`, `items`, `additional`) are those of raw schemas, and `additional` is always
/// `.unspecified` or `.node`.
struct RawSchema {
  var pointer: String
  var node = TargetNode()
  /// Where `$ref` leads.
  var reference: Int?
  /// Whether any keyword of its own says something about an instance.
  var isAsserting = false
  /// Keywords that cannot be checked: only worth a word where the schema is used.
  var unsupported: [Diagnostic] = []

  init(pointer: String) {
    self.pointer = pointer
    node.location = "#" + pointer
  }
}
