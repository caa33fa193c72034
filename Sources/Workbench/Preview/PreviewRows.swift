import Core
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

  private let program: Program

  init(_ program: Program, code: String?) {
    self.program = program
    self.code = code
  }

  /// Takes a lane that has recorded its items, its target records encoded as staged.
  mutating func add(_ lane: TransformLane) {
    let items = lane.items
    lane.output.withPending { text in
      let start = targets.count
      targets += text.buffer
      for (index, item) in items.items.enumerated() {
        let output = items.output(of: index)
        let isWritten = item.outcome == .written && !output.isEmpty
        let place = Place(item.mark)
        rowOfPlace[place] = rows.count
        rows.append(Row(place: place, outcome: item.outcome, digest: isWritten ? Hash64.of(text[output].span) | 1 : 0))
        targetRanges.append(isWritten ? start + output.lowerBound..<start + output.upperBound : 0..<0)
      }
    }
    guard !lane.log.isEmpty else { return }
    logs.append(lane.log)
    guard let code else { return }
    for problem in lane.log.problems where program.slug(of: problem) == code {
      recordsWithCode.insert(Place(problem.record).record)
    }
  }

  /// The row of an item; nil where no kept record has it.
  func row(of item: RecordMark) -> Int? { rowOfPlace[Place(item)] }

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
}
