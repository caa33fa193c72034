import Core

/// A key of a map, for sets of many.
struct HashedKey: Hashable {
  var value: ExpressionValue

  static func == (left: Self, right: Self) -> Bool { Keys.equal(left.value, right.value) }

  func hash(into hasher: inout Hasher) {
    // An int and a uint of the same number are the same key.
    if value.kind == .string {
      hasher.combine(bytes: UnsafeRawBufferPointer(value.text.buffer))
    } else {
      hasher.combine(value.word)
    }
  }
}
