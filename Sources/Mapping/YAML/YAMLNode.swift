package import Core

/// One value of a YAML document with its place, as the file wrote it: scalars keep text and style, mappings their
/// order and their duplicate keys. A scalar is interpreted by the caller that knows the expected kind.
package struct YAMLNode: Sendable, Hashable {
  package indirect enum Content: Sendable, Hashable {
    case scalar(YAMLScalar)
    case sequence([YAMLNode])
    case mapping([YAMLEntry])
    /// Something that the reader refused and reported: every accessor returns nil for it without a report.
    case refused
  }

  package var content: Content
  /// A scalar's whole word on its first line; a sequence's or mapping's first character.
  package var place: SourcePlace

  package init(_ content: Content, at place: SourcePlace) {
    self.content = content
    self.place = place
  }
}

/// A key with its value. Keys are text as written, whatever they look like: `no`, `0123`.
package struct YAMLEntry: Sendable, Hashable {
  @ByBytes package var key: String
  package var keyPlace: SourcePlace
  package var value: YAMLNode
  /// An earlier entry of the same mapping has this key; reported as `duplicate-key` by the reader.
  package var isDuplicate: Bool

  package init(key: String, keyPlace: SourcePlace, value: YAMLNode, isDuplicate: Bool = false) {
    self.key = key
    self.keyPlace = keyPlace
    self.value = value
    self.isDuplicate = isDuplicate
  }
}

extension YAMLNode {
  package var scalar: YAMLScalar? { if case .scalar(let scalar) = content { scalar } else { nil } }
  package var elements: [YAMLNode]? { if case .sequence(let elements) = content { elements } else { nil } }

  /// The entries in the order of the file, without those that repeat a key.
  package var entries: [YAMLEntry]? {
    if case .mapping(let entries) = content { entries.filter { !$0.isDuplicate } } else { nil }
  }

  package var isMapping: Bool { if case .mapping = content { true } else { false } }
  package var isRefused: Bool { if case .refused = content { true } else { false } }

  /// An unquoted `null`, `~` or nothing at all.
  package var isNull: Bool { scalar?.meaning == .null }

  /// The value at `key` of a mapping; the first one if the key occurs twice.
  package subscript(_ key: String) -> YAMLNode? { entry(key)?.value }

  package func entry(_ key: String) -> YAMLEntry? {
    guard case .mapping(let entries) = content else { return nil }
    return entries.first { $0.key.isExactly(key) }
  }

  /// The place of `count` characters from `offset` (both in characters) within a scalar's text, through escapes and
  /// folded lines; what goes on on a further line is cut off at the end of the first.
  package func place(at offset: Int, count: Int) -> SourcePlace {
    guard let scalar else { return place }
    if let written = scalar.written { return written.place(of: scalar.text, at: offset, count: count) ?? place }
    var part = place
    part.column += offset + (scalar.style == .quoted ? 1 : 0)
    part.length = max(1, count)
    return part
  }
}
