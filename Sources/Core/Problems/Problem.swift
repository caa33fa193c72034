/// One thing that is wrong with a record, as the hot path notes it: numbers and borrowed bytes only. Its text is made
/// later, by the ledger and by reports.
package struct Problem: Sendable {
  package var code: ProblemCode
  package var severity: Severity
  package var stage: Stage
  /// Index of the field in the program (targets first to last, then vars); -1: the whole record.
  package var field: Int32
  /// Index of the failing function in the field's chain; -1: the value itself, or the field as a whole.
  package var step: Int32
  /// Element of a list that was worked on one by one; -1: not in a list.
  package var element: Int32
  /// Which of the paths under `from` it is about; -1: not one alone.
  package var part: Int32
  /// It is about the field's `default`.
  package var isOfFallback: Bool
  /// Which record of the batch.
  package var record: RecordMark
  /// Why, where the code alone does not say it: a phone's refusal, a date's.
  package var reason: StaticString?
  /// Raw value of the kernel's own refusal, where `reason` is nil: which enumeration it belongs to, `code` says.
  package var detail: UInt8
  /// The source value's bytes, in the problem log.
  package var value: Range<Int32>
  /// The record's key, in the problem log; empty where it has none.
  package var key: Range<Int32>
  /// What is wrong in words, in the problem log, where only who found it can say; without any value. Empty: none.
  package var note: Range<Int32>
  /// Another record that this one met: its key, in the problem log, and its line; empty and 0 where there is none.
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

/// Where a record stands in its input.
package struct RecordMark: BitwiseCopyable, Sendable, Hashable {
  /// From 1.
  package var line: Int
  /// Bytes from the beginning of the input.
  package var offset: Int
  /// Where in its line the fault lies, in bytes from the line's beginning; for records that cannot be read. -1: not
  /// known, or the record as a whole.
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

  /// Keeps what was allocated.
  package mutating func removeAll() {
    problems.removeAll(keepingCapacity: true)
    bytes.removeAll(keepingCapacity: true)
  }

  package mutating func append(_ problem: Problem) { problems.append(problem) }

  /// Other problems in place of those that are there, which may refer to the same bytes.
  package mutating func replaceAll(_ problems: [Problem]) { self.problems = problems }

  /// More than any ledger shows of a key, or of a value from its beginning.
  private static let headLimit = 1024
  private static let tailLimit = 64

  /// Copies a record's key: its beginning, where it is very long.
  package mutating func copy(key: Text) -> Range<Int32> { copy(whole: key[0..<Self.head(of: key)]) }

  /// Copies as much of a value as it takes to show it by `privacy`: a digest needs all of it, the last four characters
  /// its end.
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

  /// A log that is full, at a gigabyte, copies nothing more.
  package mutating func copy(whole text: Text) -> Range<Int32> {
    guard bytes.count + text.count < 1 << 30 else { return 0..<0 }
    let start = Int32(bytes.count)
    bytes.append(contentsOf: text.buffer)
    return start..<Int32(bytes.count)
  }

  /// At most so many bytes, cut between characters.
  private static func head(of text: Text) -> Int {
    var count = min(text.count, headLimit)
    if count < text.count { while count > 0, text.start[count] & 0xC0 == 0x80 { count -= 1 } }
    return count
  }

  package func text(_ range: Range<Int32>) -> String {
    String(decoding: bytes[Int(range.lowerBound)..<Int(range.upperBound)], as: UTF8.self)
  }
}
