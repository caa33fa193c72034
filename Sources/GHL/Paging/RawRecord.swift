import Core
package import Records
import Values

/// One record as the API returned it, on one line. Cut out of a response that was checked, so its bytes are JSON.
package struct RawRecord: Sendable, Hashable {
  /// Nil if the record has none: it is kept, and rejected later because it has no key.
  package let id: String?
  package let line: [UInt8]

  package init(_ slice: JSONSlice) { self.init(slice, id: slice["id"]?.stringValue ?? slice["_id"]?.stringValue) }

  init(_ slice: JSONSlice, id: String?) {
    self.id = id
    line = slice.line
  }

  /// Its members, without checking the bytes again.
  package var slice: JSONSlice { JSONSlicer.checked(line) }

  /// The mark of its ID, or of its whole content if it has none.
  var mark: IdentityMark {
    id.map { IdentityMark(of: $0) } ?? IdentityMark(of: [0] + line)
  }
}

/// The records of one page that were not seen before.
package struct GHLPage: Sendable {
  package var records: [RawRecord]
  /// The total number of records that the source reports: never a reason to stop.
  package var claimed: Int?
  /// Records of the page that do not belong there; they are not among `records`.
  package var strays: [StrayRecord] = []
}
