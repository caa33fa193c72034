import Core
package import Records

/// One record as the API gave it, on one line.
package struct RawRecord: Sendable, Hashable {
  /// Nil where the record has none: it is kept, and refused later for want of a key.
  package var id: String?
  package var line: [UInt8]

  package init(id: String?, line: [UInt8]) {
    self.id = id
    self.line = line
  }

  package init(_ slice: JSONSlice) {
    id = slice["id"]?.stringValue ?? slice["_id"]?.stringValue
    line = slice.line
  }
}

/// What is remembered of a page to tell whether the next one is the same.
struct PageMark: Sendable, Hashable {
  /// Ids in their order; the whole record where it has none.
  private var marks: [Name] = []

  init() {}

  init(_ records: [RawRecord]) { marks = records.map { Name($0.id ?? String(decoding: $0.line, as: UTF8.self)) } }

  /// Different records: one that comes twice in a page does not move the next page.
  var distinct: Int { Set(marks).count }
}

/// The records of one page that were not seen before.
package struct GHLPage: Sendable {
  package var records: [RawRecord]
  /// How many records the source says there are in all: never a reason to stop.
  package var claimed: Int?
  /// Records of the page that do not belong there; they are not among `records`.
  package var strays: [StrayRecord] = []
}

/// Ids that were seen: 16 bytes each whatever their length. Two ids are taken for one with a probability of 2^-128.
package struct IdentifierSet: Sendable {
  private struct Mark: Hashable {
    var high: UInt64
    var low: UInt64
  }

  private var marks: Set<Mark> = []

  package init() {}

  package var count: Int { marks.count }

  /// True where it was not there yet.
  package mutating func insert(_ id: String) -> Bool { marks.insert(Self.mark(id)).inserted }

  /// True where the record was not there yet: told by its id, or by the whole of it where it has none.
  mutating func insert(_ record: RawRecord) -> Bool {
    insert(record.id ?? "\u{0}" + String(decoding: record.line, as: UTF8.self))
  }

  package func contains(_ id: String) -> Bool { marks.contains(Self.mark(id)) }

  private static func mark(_ id: String) -> Mark {
    var first = Hasher()
    first.combine(id)
    var second = Hasher()
    second.combine(0x57)
    second.combine(id)
    return Mark(high: UInt64(bitPattern: Int64(first.finalize())), low: UInt64(bitPattern: Int64(second.finalize())))
  }
}
