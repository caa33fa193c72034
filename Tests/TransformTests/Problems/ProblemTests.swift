import Core
import Testing
import Values

@testable import Transform

@Suite struct ProblemTests {
  /// Problems are copied as bytes into the temporary file of a merge, and thousands of them may lie in a batch's log.
  @Test func `a problem is trivial and no larger than 120 bytes`() {
    func isTrivial<Value: BitwiseCopyable>(_ type: Value.Type) -> Bool { _isPOD(type) }
    #expect(isTrivial(Problem.self))
    #expect(MemoryLayout<Problem>.size <= 120)
    #expect(MemoryLayout<Problem.Subject>.size <= 5)
    #expect(MemoryLayout<Problem.Detail>.size <= 17)
  }

  @Test func `a problem that moves to another log takes all of its texts along`() {
    var log = ProblemLog()
    let key = log.copy(note: "key")
    let value = log.copy(note: "value")
    let note = log.copy(note: "note")
    let other = log.copy(note: "other")
    let problem = Problem(
      .merged, subject: .merge, record: RecordMark(line: 1, offset: 0), detail: .other(line: 7, key: other), value: value,
      key: key, note: note)
    var next = ProblemLog()
    _ = next.copy(note: "what was there before")
    let start = log.bytes.withUnsafeBufferPointer { bytes in
      bytes.baseAddress.map { next.copy(whole: Text(start: $0, count: bytes.count)).start }
    }
    let moved = problem.shifted(by: start ?? 0)
    #expect([moved.key, moved.value, moved.note].map { next.text($0) } == ["key", "value", "note"])
    guard case .other(7, let key) = moved.detail else { return #expect(Bool(false), "\(moved.detail)") }
    #expect(next.text(key) == "other")
  }

  @Test(
    arguments: [
      (.record, nil), (.key, nil), (.updateTime, nil), (.filter, nil), (.merge, nil), (.field(0), "id"), (.field(1), "a.b"),
      (.variable(0), "vars.v"),
    ] as [(Problem.Subject, String?)])
  func `a subject has the name of its field`(_ subject: Problem.Subject, _ name: String?) throws {
    let fields = [
      TestMapping.field("id", TestMapping.source("id")), TestMapping.field("a.b", TestMapping.source("x"), privacy: .mask),
    ]
    let program = try Program(TestMapping.model(fields, vars: [TestMapping.field("v", TestMapping.source("y"), privacy: .hash)]))
    #expect(program.fieldName(of: subject) == name)
    #expect((program.field(of: subject) == nil) == (name == nil))
    #expect(program.rule(of: subject) == nil)
  }
}
