import Core

/// A schema with its own address: a whole document, or a part of one that has an `$id`.
struct SchemaResource: Sendable {
  /// Absolute, without a fragment.
  var uri: String
  /// Number of the document in the library.
  var document: Int
  /// The node of its root in the document.
  var root: Int
  var dialect: Dialect
  /// Nodes by `$anchor`, `$dynamicAnchor` and, in draft-07, `$id` with a fragment.
  var anchors: [Name: Int] = [:]
  /// Those that are dynamic.
  var dynamicAnchors: [Name: Int] = [:]
  /// `$recursiveAnchor: true` at the root.
  var isRecursive = false
  /// How locations in it begin: its address, or the name of its file, or nothing for the user's own file.
  var label: String

  /// Before `#/…`: what `$dynamicRef` and `$recursiveRef` ask for.
  func dynamicAnchor(_ name: String) -> Int? {
    name == Self.recursive ? (isRecursive ? root : nil) : dynamicAnchors[Name(name)]
  }

  /// The name under which `$recursiveAnchor` is looked up: no anchor can have it.
  static let recursive = "#"
}
