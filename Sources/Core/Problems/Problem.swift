/// One problem of a record, as the hot path records it: only numbers and borrowed bytes. The ledger and reports produce its
/// text later.
package struct Problem: Sendable {
  package var code: ProblemCode
  package var severity: Severity
  package var stage: Stage
  /// Index of the field in the program (targets first to last, then vars); -1: the whole record.
  package var field: Int32
  /// Index of the failing function in the field's chain; -1: the value itself, or the field as a whole.
  package var step: Int32
  /// Index of the element, for a list that is processed one by one; -1: not in a list.
  package var element: Int32
  /// Index of the path under `from`; -1: not a single path.
  package var part: Int32
  /// It is about the field's `default`.
  package var isOfFallback: Bool
  /// Which record of the batch.
  package var record: RecordMark
  /// The reason, if the code alone does not tell: a refused phone number or date.
  package var reason: StaticString?
  /// Raw value of the kernel's own refusal if `reason` is nil; `code` determines the enumeration.
  package var detail: UInt8
  /// The source value's bytes, in the problem log.
  package var value: Range<Int32>
  /// The record's key, in the problem log; empty if it has none.
  package var key: Range<Int32>
  /// A description, in the problem log, that only the finder can give; without any value. Empty: none.
  package var note: Range<Int32>
  /// The other record of a conflict: its key, in the problem log, and its line; empty and 0 if there is none.
  package var other: Range<Int32> = 0..<0
  package var otherLine = 0

  package init(
    _ code: ProblemCode, severity: Severity = .error, stage: Stage = .transform, field: Int32 = -1, step: Int32 = -1,
    element: Int32 = -1, part: Int32 = -1, isOfFallback: Bool = false, record: RecordMark, reason: StaticString? = nil,
    detail: UInt8 = 0, value: Range<Int32> = 0..<0, key: Range<Int32> = 0..<0, note: Range<Int32> = 0..<0
  ) {
    self.code = code
    self.severity = severity
    self.stage = stage
    self.field = field
    self.step = step
    self.element = element
    self.part = part
    self.isOfFallback = isOfFallback
    self.record = record
    self.reason = reason
    self.detail = detail
    self.value = value
    self.key = key
    self.note = note
  }
}

/// The place of a record in its input.
package struct RecordMark: BitwiseCopyable, Sendable, Hashable {
  /// From 1.
  package var line: Int
  /// Bytes from the beginning of the input.
  package var offset: Int
  /// The place of the fault in bytes from the beginning of its line, for records that cannot be read. -1: unknown, or the
  /// record as a whole.
  package var faultOffset: Int
  /// The element of `each`; -1: the record itself.
  package var element: Int

  package init(line: Int, offset: Int, faultOffset: Int = -1, element: Int = -1) {
    self.line = line
    self.offset = offset
    self.faultOffset = faultOffset
    self.element = element
  }
}

/// The problems of a batch of records, in the order of the records, with the bytes that they refer to.
package struct ProblemLog: Sendable {
  package private(set) var problems: [Problem] = []
  package private(set) var bytes: [UInt8] = []

  package init() {}

  package var isEmpty: Bool { problems.isEmpty }
  package var count: Int { problems.count }

  /// Keeps the allocated memory.
  package mutating func removeAll() {
    problems.removeAll(keepingCapacity: true)
    bytes.removeAll(keepingCapacity: true)
  }

  package mutating func append(_ problem: Problem) { problems.append(problem) }

  /// Replaces the problems; the new ones may refer to the same bytes.
  package mutating func replaceAll(_ problems: [Problem]) { self.problems = problems }

  /// More than a ledger shows of a key, or of the beginning of a value.
  private static let headLimit = 1024
  private static let tailLimit = 64

  /// Copies a record's key; only the beginning of a very long one.
  package mutating func copy(key: Text) -> Range<Int32> { copy(whole: key[0..<Self.head(of: key)]) }

  /// Copies as much of a value as `privacy` needs to show it: all of it for a digest, its end for the last four characters.
  package mutating func copy(_ value: Text, as privacy: Privacy) -> Range<Int32> {
    switch privacy {
    case .show, .mask, .never: return copy(whole: value[0..<Self.head(of: value)])
    case .hash: return copy(whole: value)
    case .last4:
      var start = max(0, value.count - Self.tailLimit)
      while start < value.count, value.start[start] & 0xC0 == 0x80 { start += 1 }
      return copy(whole: value[start..<value.count])
    }
  }

  package mutating func copy(note: String) -> Range<Int32> {
    guard bytes.count + note.utf8.count < 1 << 30 else { return 0..<0 }
    let start = Int32(bytes.count)
    bytes.append(contentsOf: note.utf8)
    return start..<Int32(bytes.count)
  }

  /// A full log, at one gigabyte, copies nothing more.
  package mutating func copy(whole text: Text) -> Range<Int32> {
    guard bytes.count + text.count < 1 << 30 else { return 0..<0 }
    let start = Int32(bytes.count)
    bytes.append(contentsOf: text.buffer)
    return start..<Int32(bytes.count)
  }

  /// At most this many bytes, cut between characters.
  private static func head(of text: Text) -> Int {
    var count = min(text.count, headLimit)
    if count < text.count { while count > 0, text.start[count] & 0xC0 == 0x80 { count -= 1 } }
    return count
  }

  package func text(_ range: Range<Int32>) -> String {
    String(decoding: bytes[Int(range.lowerBound)..<Int(range.upperBound)], as: UTF8.self)
  }
}
