import Core
import Glibc
import Transform
import Values

/// What became of every item of the kept records among all of them, as `transform` counts it: `unique`, `merge` and `references`
/// have been judged.
struct PreviewRows {
  /// The place of an item in the input. Neither a line nor a key is enough: a file without line breaks has many records on one line,
  /// and any number of records may have the same key.
  struct Place: Hashable {
    var line: Int
    /// Of the record, in bytes; 0 for rows of CSV files, of which no two begin on one line.
    var offset: Int
    /// Of `each`; -1: the record itself.
    var element: Int

    init(_ mark: RecordMark) { (line, offset, element) = (mark.line, mark.offset, mark.element) }

    /// From an outcome line with places.
    fileprivate init(outcome line: Text) {
      self.line = PreviewRows.number(after: "\"line\":", in: line)
      offset = PreviewRows.number(after: "\"offset\":", in: line)
      element = PreviewRows.number(after: "\"element\":", in: line)
    }

    /// The record that the item is, or is an element of.
    var record: Place {
      var place = self
      place.element = -1
      return place
    }
  }

  struct Row: Equatable {
    var place: Place
    var outcome: Outcome
    /// Of the target record; 0 where there is none.
    var digest: UInt64
  }

  private(set) var rows: [Row] = []
  /// Records with a problem of the code that is asked for.
  private(set) var recordsWithCode: Set<Place> = []
  let code: String?
  /// Target records, and the place of each row's; empty if it has none.
  private var targets: [UInt8] = []
  private var targetRanges: [Range<Int>] = []
  private var logs: [ProblemLog] = []
  private var rowOfPlace: [Place: Int] = [:]

  init(code: String?) { self.code = code }

  /// Takes a lane that has worked with outcomes and their places, its target records encoded as staged.
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
      Self.lines(of: text) { line in
        let outcome = Self.outcome(of: line)
        var digest: UInt64 = 0
        var target = 0..<0
        if outcome == .written, next < digests.count {
          (digest, target) = (digests[next], records[next])
          next += 1
        }
        let place = Place(outcome: line)
        rowOfPlace[place] = rows.count
        rows.append(Row(place: place, outcome: outcome, digest: digest))
        targetRanges.append(target)
      }
    }
    guard !lane.log.isEmpty else { return }
    logs.append(lane.log)
    guard let code else { return }
    for problem in lane.log.problems where problem.code.slug == code { recordsWithCode.insert(Place(problem.record).record) }
  }

  /// The row of the outcome line, with its place, that an item gives alone.
  func row(ofOutcome line: String) -> (row: Int?, element: Int) {
    var line = line
    let place = line.withUTF8 { bytes in
      bytes.baseAddress.map { Place(outcome: Text(start: $0, count: bytes.count)) }
    }
    return (place.flatMap { rowOfPlace[$0] }, place?.element ?? -1)
  }

  /// The staged line of a written row.
  func target(of row: Int) -> String? {
    targetRanges[row].isEmpty ? nil : String(decoding: targets[targetRanges[row]], as: UTF8.self)
  }

  /// Hands out the problems of the record at this place of the input.
  func problems(of record: Place, _ body: (Problem, ProblemLog) -> Void) {
    for log in logs {
      for problem in log.problems where problem.record.line == record.line && problem.record.offset == record.offset {
        body(problem, log)
      }
    }
  }

  /// The rows that changed, in input order, and the number of changed items, including those that are gone.
  func changes(since earlier: PreviewRows) -> (rows: [Int], count: Int) {
    let changed = rows.indices.filter { index in
      let place = rows[index].place
      // Nearly always, a row is where it was.
      if earlier.rows.indices.contains(index), earlier.rows[index].place == place { return earlier.rows[index] != rows[index] }
      return earlier.rowOfPlace[place].map { earlier.rows[$0] != rows[index] } ?? true
    }
    let gone = earlier.rows.count { rowOfPlace[$0.place] == nil }
    return (changed, changed.count + gone)
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

  /// The last one: a preceding key may contain anything.
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
    let isNegative = index < text.count && text.start[index] == UInt8(ascii: "-")
    if isNegative { index += 1 }
    var number = 0
    while index < text.count, (0x30...0x39).contains(text.start[index]) {
      number = number &* 10 &+ Int(text.start[index] - 0x30)
      index += 1
    }
    return isNegative ? -number : number
  }
}
