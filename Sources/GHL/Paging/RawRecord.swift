import Core
package import Records

/// One record as the API returned it, on one line.
package struct RawRecord: Sendable, Hashable {
  /// Nil if the record has none: it is kept, and rejected later because it has no key.
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

/// Identifies a page, to detect whether the next one is the same.
struct PageMark: Sendable, Hashable {
  /// IDs in order; the whole record if it has none.
  private var marks: [Name] = []

  init() {}

  init(_ records: [RawRecord]) { marks = records.map { Name($0.id ?? String(decoding: $0.line, as: UTF8.self)) } }

  /// Distinct records: a duplicate in a page does not shift the next page.
  var distinct: Int { Set(marks).count }
}

/// The records of one page that were not seen before.
package struct GHLPage: Sendable {
  package var records: [RawRecord]
  /// The total number of records that the source reports: never a reason to stop.
  package var claimed: Int?
  /// Records of the page that do not belong there; they are not among `records`.
  package var strays: [StrayRecord] = []
}

/// IDs that were seen: 16 bytes each, whatever their length. Two IDs collide with a probability of 2^-128.
package struct IdentifierSet: Sendable {
  private struct Mark: Hashable {
    var high: UInt64
    var low: UInt64
  }

  private var marks: Set<Mark> = []

  package init() {}

  package var count: Int { marks.count }

  /// True if it is new.
  package mutating func insert(_ id: String) -> Bool { marks.insert(Self.mark(id)).inserted }

  /// True if the record is new, by its ID, or by its whole content if it has none.
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
