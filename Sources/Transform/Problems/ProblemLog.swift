package import Core

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
  private static let limit = 1 << 30

  /// Copies a record's key; only the beginning of a very long one.
  package mutating func copy(key: Text) -> LogSlice { copy(whole: key[0..<Self.head(of: key)]) }

  /// Copies as much of a value as `privacy` needs to show it: all of it for a digest, its end for the last four characters.
  package mutating func copy(_ value: Text, as privacy: Privacy) -> LogSlice {
    switch privacy {
    case .show, .mask, .never: return copy(whole: value[0..<Self.head(of: value)])
    case .hash: return copy(whole: value)
    case .last4:
      var start = max(0, value.count - Self.tailLimit)
      while start < value.count, value.start[start] & 0xC0 == 0x80 { start += 1 }
      return copy(whole: value[start..<value.count])
    }
  }

  package mutating func copy(note: String) -> LogSlice {
    guard bytes.count + note.utf8.count < Self.limit else { return .empty }
    let start = Int32(bytes.count)
    bytes.append(contentsOf: note.utf8)
    return LogSlice(start: start, count: Int32(note.utf8.count))
  }

  /// A full log, at one gigabyte, copies nothing more.
  package mutating func copy(whole text: Text) -> LogSlice {
    guard bytes.count + text.count < Self.limit else { return .empty }
    let start = Int32(bytes.count)
    bytes.append(contentsOf: text.buffer)
    return LogSlice(start: start, count: Int32(text.count))
  }

  /// At most this many bytes, cut between characters.
  private static func head(of text: Text) -> Int {
    var count = min(text.count, headLimit)
    if count < text.count { while count > 0, text.start[count] & 0xC0 == 0x80 { count -= 1 } }
    return count
  }

  package func text(_ slice: LogSlice) -> String { String(decoding: bytes[slice.range], as: UTF8.self) }

  /// The bytes themselves; a copy.
  package func copy(of slice: LogSlice) -> [UInt8] { Array(bytes[slice.range]) }
}
