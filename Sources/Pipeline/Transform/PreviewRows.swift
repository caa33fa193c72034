import Core
import Glibc
import Transform
import Values

/// What became of every item of the kept records among all of them, as `transform` counts it: `unique`, `merge` and `references`
/// have been judged.
struct PreviewRows {
  struct Row: Equatable {
    var line: Int
    var outcome: Outcome
    /// Of the target record; 0 where there is none.
    var digest: UInt64
  }

  private(set) var rows: [Row] = []
  /// Lines with a problem of the code that is asked for.
  private(set) var linesWithCode: Set<Int> = []
  let code: String?
  /// Outcome lines and target records, and where each row's stand; empty where it has none.
  private var outcomes: [UInt8] = []
  private var outcomeRanges: [Range<Int>] = []
  private var targets: [UInt8] = []
  private var targetRanges: [Range<Int>] = []
  private var logs: [ProblemLog] = []
  /// The rows of a line, in their order.
  private var rowsOfLine: [Int: [Int]] = [:]

  init(code: String?) { self.code = code }

  /// Takes a lane that has worked with outcomes, its target records encoded as staged.
  mutating func add(_ lane: TransformLane) {
    var digests: [UInt64] = []
    var records: [Range<Int>] = []
    lane.output.withPending { text in
      let start = targets.count
      targets += text.buffer
      Self.lines(of: text) { line in
        digests.append(Hash64.of(line.span) | 1)
        let offset = start + text.start.distance(to: line.start)
        records.append(offset..<offset + line.count)
      }
    }
    var next = 0
    lane.outcomes.withPending { text in
      let start = outcomes.count
      outcomes += text.buffer
      Self.lines(of: text) { line in
        let outcome = Self.outcome(of: line)
        var digest: UInt64 = 0
        var target = 0..<0
        if outcome == .written, next < digests.count {
          (digest, target) = (digests[next], records[next])
          next += 1
        }
        let number = Self.number(after: "\"line\":", in: line)
        rowsOfLine[number, default: []].append(rows.count)
        rows.append(Row(line: number, outcome: outcome, digest: digest))
        let offset = start + text.start.distance(to: line.start)
        outcomeRanges.append(offset..<offset + line.count)
        targetRanges.append(target)
      }
    }
    guard !lane.log.isEmpty else { return }
    logs.append(lane.log)
    guard let code else { return }
    for problem in lane.log.problems where problem.code.slug == code { linesWithCode.insert(Int(problem.record.line)) }
  }

  /// The row of an item: of several on one line, which a file without line breaks has, the one with its key.
  func row(ofLine line: Int, key: String?) -> Int? {
    let rows = rowsOfLine[line] ?? []
    if rows.count < 2 { return rows.first }
    return rows.first { self.key(of: $0).map { Name($0) } == key.map { Name($0) } }
  }

  /// Which of its line's rows this is, from 0.
  func position(of row: Int) -> Int { rowsOfLine[rows[row].line]?.firstIndex(of: row) ?? 0 }

  private func key(of row: Int) -> String? {
    (try? JSONReader.read(Array(outcomes[outcomeRanges[row]])))?["record"]?.stringValue
  }

  /// The staged line of a written row.
  func target(of row: Int) -> String? {
    targetRanges[row].isEmpty ? nil : String(decoding: targets[targetRanges[row]], as: UTF8.self)
  }

  /// Hands out the problems of the record at this place of the input.
  func problems(ofLine line: Int, offset: Int, _ body: (Problem, ProblemLog) -> Void) {
    for log in logs {
      for problem in log.problems where problem.record.line == line && problem.record.offset == offset { body(problem, log) }
    }
  }

  /// The rows that are not what they were, each line once, in the order of the input, and how many items that are.
  func changes(since earlier: PreviewRows) -> (rows: [Int], count: Int) {
    if rows.count == earlier.rows.count {
      let changed = rows.indices.filter { rows[$0] != earlier.rows[$0] }
      return (changed, changed.count)
    }
    // The number of elements of some records changed: record by record.
    var changed: [Int] = []
    var count = 0
    for line in Set(earlier.rowsOfLine.keys).union(rowsOfLine.keys).sorted() {
      let (before, now) = (earlier.rowsOfLine[line] ?? [], rowsOfLine[line] ?? [])
      for index in 0..<max(before.count, now.count) {
        let isSame = index < before.count && index < now.count && earlier.rows[before[index]] == rows[now[index]]
        guard !isSame else { continue }
        count += 1
        if index < now.count { changed.append(now[index]) }
      }
    }
    return (changed, count)
  }

  // MARK: Lines

  private static func outcome(of line: Text) -> Outcome {
    let marker: StaticString = "\"outcome\":\""
    guard let place = findLast(marker, in: line) else { return .rejected }
    let start = place + marker.utf8CodeUnitCount
    let rest = line[start..<line.count]
    return Outcome(rawValue: String(decoding: rest.buffer.prefix { $0 != UInt8(ascii: "\"") }, as: UTF8.self)) ?? .rejected
  }

  private static func lines(of text: Text, _ body: (Text) -> Void) {
    var start = 0
    while start < text.count, let end = memchr(text.start + start, 0x0A, text.count - start) {
      let length = UnsafeRawPointer(end) - UnsafeRawPointer(text.start + start)
      body(Text(start: text.start + start, count: length))
      start += length + 1
    }
  }

  /// The last one: a key that stands before it may hold anything.
  private static func findLast(_ needle: StaticString, in text: Text) -> Int? {
    let length = needle.utf8CodeUnitCount
    var place = text.count - length
    while place >= 0 {
      if memcmp(text.start + place, needle.utf8Start, length) == 0 { return place }
      place -= 1
    }
    return nil
  }

  private static func number(after needle: StaticString, in text: Text) -> Int {
    guard let place = findLast(needle, in: text) else { return 0 }
    var index = place + needle.utf8CodeUnitCount
    var number = 0
    while index < text.count, (0x30...0x39).contains(text.start[index]) {
      number = number &* 10 &+ Int(text.start[index] - 0x30)
      index += 1
    }
    return number
  }
}
