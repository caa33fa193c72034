import Core
import Testing
import Values

@testable import Report
@testable import Transform

/// What a destination says about a record, as a line of the ledger.
@Suite struct LoadProblemLineTests {
  private static func line(of problem: LoadProblem, _ privacy: Privacy = .show) throws -> LedgerLine {
    let id = TestMapping.field("id", TestMapping.source("id"))
    let mail = TestMapping.field("contact.email", TestMapping.source("mail"), privacy: privacy)
    let program = try Program(TestMapping.model([id, mail]))
    let key = DigestKey(Array(repeating: 7, count: 32))
    let context = ProblemLines.Context(run: "r1", inputFile: "in.ndjson", time: "now", digestKey: key)
    return ProblemLines(program, context: context).line(of: problem, at: "app")
  }

  @Test func `a field error names the field, its source and its line in the mapping`() throws {
    let line = try Self.line(
      of: LoadProblem(
        .destinationRefused, column: 1, record: "c1#2", line: 7, detail: "not an address", value: "x@", status: 422, trace: "t1",
        attempt: 3))
    var batch = LedgerBatch()
    batch.append(line)
    #expect(
      batch.text.string
        == #"{"run":"r1","mapping":"test","record":"c1#2","stage":"load","severity":"error","code":"destination-refused","#
        + #""field":"contact.email","source":"mail","value":"x@","#
        + #""message":"'contact.email': 'app' refused the value with status 422: not an address","destination":"app","#
        + #""http":{"status":422,"trace_id":"t1"},"attempt":3,"at":{"file":"in.ndjson","line":7},"#
        + #""rule":{"file":"mappings/test.yaml","line":10,"column":3},"time":"now"}"# + "\n")
  }

  @Test func `a problem of the record as a whole has no field, and one that was not sent no attempt`() throws {
    let line = try Self.line(
      of: LoadProblem(.notSent, severity: .warning, record: "c1", line: 7, detail: "the run was interrupted", attempt: 0))
    #expect(line.message == "the record was not sent to 'app': the run was interrupted")
    #expect(line.severity == .warning && line.field == nil && line.rule == nil && line.http == nil && line.attempt == nil)
  }

  @Test(
    arguments: [
      ("ada@example.com", Privacy.mask, "'ada@example.com' is taken", "'xxx@xxxxxxx.xxx' is taken"),
      ("ada@example.com", .never, "ada@example.com, ada@example.com", "<hidden>, <hidden>"),
      ("ada@example.com", .last4, "taken: ada@example.com", "taken: ….com"),
      ("M", .mask, "M is not in [M, F]: Many", "X is not in [X, F]: Many"),
      ("M", .never, "Ms M", "Ms <hidden>"), ("", .mask, "must not be empty", "must not be empty"),
      ("ada", .show, "ada is taken", "ada is taken"), ("Zoë", .mask, "Zoë, not Zoës", "Xxx, not Xxxs"),
    ] as [(String, Privacy, String, String)])
  func `a value that the destination quotes is masked`(_ value: String, _ privacy: Privacy, _ detail: String, _ shown: String)
    throws
  {
    let line = try Self.line(
      of: LoadProblem(.destinationRefused, column: 1, record: "c1", line: 1, detail: detail, value: value), privacy)
    #expect(line.message == "'contact.email': 'app' refused the value: \(shown)")
    #expect(privacy == .show || value.isEmpty || line.value?.contains(value) == false)
  }

  @Test(
    arguments: [
      (Privacy.show, "ada@example.com", "bob@example.com", "now 'bob@example.com'"),
      (.mask, "xxx@xxxxxxx.xxx", "bob@example.com", "now 'xxx@xxxxxxx.xxx'"),
      (.never, "<hidden>", "bob@example.com", "now '<hidden>'"), (.mask, "xxx@xxxxxxx.xxx", nil, "now"),
      // What was loaded may be part of what is there.
      (.mask, "xxx@xxxxxxx.xxx", "ada@example.com, bob", "now 'xxx@xxxxxxx.xxx, xxx'"),
    ] as [(Privacy, String, String?, String)])
  func `what the destination has instead is masked as the value is`(
    _ privacy: Privacy, _ value: String, _ found: String?, _ shown: String
  ) throws {
    let line = try Self.line(
      of: LoadProblem(
        .drifted, severity: .warning, column: 1, record: "c1", line: 1, detail: "now", value: "ada@example.com", found: found,
        attempt: 0), privacy)
    #expect(line.message == "'contact.email': 'app' no longer has the value as it was loaded: \(shown)")
    #expect(line.value == value && line.attempt == nil)
  }

  static let codes: [ProblemCode] = [
    .destinationRefused, .alreadyExists, .conflictNotOurs, .goneAtDestination, .requestTooLarge, .requestImpossible,
    .updateImpossible, .parentNotLoaded, .resultUnknown, .notSent, .notApplied, .remoteIDMissing, .notCompared, .remoteIDShared,
    .repeatedKey, .outstanding, .drifted, .notVerified,
  ]

  @Test(arguments: codes) func `each code has words of its own, which name the destination`(_ code: ProblemCode) throws {
    let message = try Self.line(of: LoadProblem(code, record: "c1", line: 1)).message
    #expect(message.contains("'app'") && !message.contains(code.slug), "\(message)")
    let others = try Self.codes.filter { $0 != code }.map { try Self.line(of: LoadProblem($0, record: "c1", line: 1)).message }
    #expect(!others.contains(message))
  }
}
