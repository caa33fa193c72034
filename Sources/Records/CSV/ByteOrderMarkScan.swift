/// Recognizes a byte order mark (U+FEFF in UTF-8), of which chunks of any size may have parts.
struct ByteOrderMarkScan {
  static let firstByte: UInt8 = 0xEF
  private static let mark: [UInt8] = [0xEF, 0xBB, 0xBF]

  enum Found {
    /// How many of the bytes belong to it.
    case whole(Int)
    /// All of the bytes, and more is needed to know.
    case part(Int)
    case none
  }

  /// How many bytes of a mark were the last ones of earlier chunks.
  private var seen = 0
  var isPending: Bool { seen > 0 }

  mutating func take(_ bytes: UnsafePointer<UInt8>, count: Int) -> Found {
    var taken = 0
    while taken < count, seen + taken < 3, bytes[taken] == Self.mark[seen + taken] { taken += 1 }
    if seen + taken == 3 {
      seen = 0
      return .whole(taken)
    }
    guard taken == count else { return .none }
    seen += taken
    return .part(taken)
  }

  /// The bytes of earlier chunks, which are text.
  mutating func release() -> [UInt8] {
    defer { seen = 0 }
    return Array(Self.mark.prefix(seen))
  }
}
