import Core
import Glibc
import Transform
import Values

/// What became of every item of the kept records, as little as is needed to say which differ from the time before.
struct PreviewRows {
  struct Row: Equatable {
    var line: Int
    /// Of the target record; 0 where there is none.
    var digest: UInt64
  }

  private(set) var rows: [Row] = []
  /// Lines with a problem of the code that is asked for.
  private(set) var linesWithCode: Set<Int> = []
  let code: String?

  init(code: String?) { self.code = code }

  /// Takes a lane that has worked with outcomes, its target records encoded as staged.
  mutating func add(_ lane: TransformLane) {
    var digests: [UInt64] = []
    lane.output.withPending { text in Self.lines(of: text) { digests.append(Hash64.of($0.span) | 1) } }
    var next = 0
    lane.outcomes.withPending { text in
      Self.lines(of: text) { line in
        let isWritten = Self.find("\"outcome\":\"written\"", in: line) != nil
        var digest: UInt64 = 0
        if isWritten, next < digests.count {
          digest = digests[next]
          next += 1
        }
        rows.append(Row(line: Self.number(after: "\"line\":", in: line), digest: digest))
      }
    }
    guard let code else { return }
    for problem in lane.log.problems where problem.code.slug == code { linesWithCode.insert(Int(problem.record.line)) }
  }

  /// The items whose target differs from that of `earlier`, by line, each once, in the order of the input, and how many
  /// items they are.
  func changes(since earlier: PreviewRows) -> (lines: [Int], count: Int) {
    var lines: [Int] = []
    var count = 0
    func note(_ line: Int) {
      count += 1
      if lines.last != line { lines.append(line) }
    }
    if rows.count == earlier.rows.count {
      for (now, before) in zip(rows, earlier.rows) where now != before { note(now.line) }
      return (lines, count)
    }
    // The number of elements of some records changed: record by record.
    let before = Dictionary(grouping: earlier.rows, by: \.line)
    let now = Dictionary(grouping: rows, by: \.line)
    for line in Set(before.keys).union(now.keys).sorted() {
      let (left, right) = (before[line] ?? [], now[line] ?? [])
      for index in 0..<max(left.count, right.count) {
        let isSame = index < left.count && index < right.count && left[index] == right[index]
        if !isSame { note(line) }
      }
    }
    return (lines, count)
  }

  private static func lines(of text: Text, _ body: (Text) -> Void) {
    var start = 0
    while start < text.count, let end = memchr(text.start + start, 0x0A, text.count - start) {
      let length = UnsafeRawPointer(end) - UnsafeRawPointer(text.start + start)
      body(Text(start: text.start + start, count: length))
      start += length + 1
    }
  }

  private static func find(_ needle: StaticString, in text: Text) -> Int? {
    let length = needle.utf8CodeUnitCount
    var start = 0
    // Each needle begins with a quote, of which a line has few.
    while start + length <= text.count, let found = memchr(text.start + start, Int32(needle.utf8Start[0]), text.count - start) {
      let place = UnsafeRawPointer(found) - UnsafeRawPointer(text.start)
      guard place + length <= text.count else { return nil }
      if memcmp(found, needle.utf8Start, length) == 0 { return place }
      start = place + 1
    }
    return nil
  }

  private static func number(after needle: StaticString, in text: Text) -> Int {
    guard let place = find(needle, in: text) else { return 0 }
    var index = place + needle.utf8CodeUnitCount
    var number = 0
    while index < text.count, (0x30...0x39).contains(text.start[index]) {
      number = number &* 10 &+ Int(text.start[index] - 0x30)
      index += 1
    }
    return number
  }
}
