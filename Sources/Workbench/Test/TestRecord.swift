import Core
import Records
import Report
import Transform

/// Takes a test's record through a program, alone.
final class TestRecord {
  struct Result {
    /// Target records, in order.
    var records: [JSONValue] = []
    /// How each item ended.
    var outcomes: [Outcome] = []
    var problems: [LedgerLine] = []
    /// For the coverage.
    var raised: [Problem] = []
  }

  let program: Program
  private let lane: TransformLane
  private let lines: ProblemLines

  init(_ program: Program) {
    self.program = program
    lane = TransformLane(program, encoding: .ndjson(program), recordsItems: true)
    lane.recordCoverage()
    lines = ProblemLines(program, context: .init())
  }

  /// Marks of all records so far.
  var coverage: [Bool] { lane.coverage }

  func run(_ record: JSONValue) -> Result {
    let text = Array(record.text.utf8)
    let batch = lane.batch
    batch.removeAll()
    batch.reserve(text.count + 1)
    text.withUnsafeBufferPointer { bytes in
      if let base = bytes.baseAddress { batch.base.update(from: base, count: bytes.count) }
    }
    batch.base[text.count] = 0x0A
    batch.count = text.count + 1
    batch.items = [.init(start: 0, end: text.count, line: 1, offset: 0)]
    lane.process()
    var result = Result()
    let values = { (arena: borrowing ByteArena) in
      arena.withPending { $0 }.string.split(separator: "\n").compactMap { try? JSONReader.read(String($0)) }
    }
    result.records = values(lane.output)
    result.outcomes = lane.items.items.map(\.outcome)
    result.problems = lane.log.problems.map { lines.line(of: $0, in: lane.log) }
    result.raised = lane.log.problems
    return result
  }
}
