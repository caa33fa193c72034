import Core

/// What was observed of a column of a record, as bytes between the passes of a merge: a byte with the changes, and the source's cell if
/// values are counted with it.
struct ObservedColumn {
  var kinds: ChangeKinds = []
  var source: Cell?

  private static let hasSource: UInt8 = 0x80

  func append(into out: inout ByteArena) {
    out.append(source == nil ? kinds.rawValue : kinds.rawValue | Self.hasSource)
    if let source { CellBytes.append(source, into: &out) }
  }

  static func kinds(_ bytes: UnsafePointer<UInt8>) -> ChangeKinds { ChangeKinds(rawValue: bytes[0] & ~hasSource) }
  static func source(_ bytes: UnsafePointer<UInt8>) -> UnsafePointer<UInt8>? { bytes[0] & hasSource == 0 ? nil : bytes + 1 }

  /// How many bytes it takes.
  static func size(_ bytes: UnsafePointer<UInt8>) -> Int { source(bytes).map { 1 + CellBytes.size($0) } ?? 1 }
}
