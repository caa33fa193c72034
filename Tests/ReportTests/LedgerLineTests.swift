import Core
import Extract
import Testing

@testable import Report

@Suite struct LedgerLineTests {
  private static func json(_ lines: [LedgerLine]) -> [String] {
    var batch = LedgerBatch()
    for line in lines { batch.append(line) }
    return batch.text.string.split(separator: "\n").map(String.init)
  }

  /// A line with all of its members.
  private static func full(_ text: String = "x") -> LedgerLine {
    var line = LedgerLine(text, severity: .error, stage: .load, message: text)
    line.run = text
    line.mapping = text
    line.record = text
    line.field = text
    line.instance = text
    line.schema = text
    line.source = text
    line.value = text
    line.http = .init(status: 422, trace: text)
    line.attempt = 2
    line.count = 3
    line.at = .init(file: text, line: 7, byte: 9)
    line.rule = SourcePlace(file: text, line: 5, column: 4)
    line.time = text
    return line
  }

  @Test func `members have a fixed order, and absent ones are omitted`() {
    let bare = LedgerLine("required", severity: .warning, stage: .transform, message: "m")
    var placed = bare
    placed.at = .init(line: 2)
    #expect(
      Self.json([Self.full(), bare, placed]) == [
        #"{"run":"x","mapping":"x","record":"x","stage":"load","severity":"error","code":"x","field":"x","instance":"x","#
          + #""schema":"x","source":"x","value":"x","message":"x","http":{"status":422,"trace_id":"x"},"attempt":2,"count":3,"#
          + #""at":{"file":"x","line":7,"byte":9},"rule":{"file":"x","line":5,"column":4},"time":"x"}"#,
        #"{"stage":"transform","severity":"warning","code":"required","message":"m"}"#,
        #"{"stage":"transform","severity":"warning","code":"required","message":"m","at":{"line":2}}"#,
      ])
  }

  @Test(
    arguments: [
      ("\"", #"\""#), ("\\", #"\\"#), ("\n", #"\n"#), ("\t", #"\t"#), ("\u{1}", #"\u0001"#), ("/", "/"), ("é", "é"),
      ("\u{2028}", "\u{2028}"), ("👍🏽", "👍🏽"), ("", ""),
    ])
  func `texts are escaped as JSON requires, and no further`(_ text: String, _ expected: String) {
    let line = LedgerLine("c", severity: .note, stage: .extract, message: text)
    #expect(Self.json([line]) == [#"{"stage":"extract","severity":"note","code":"c","message":"\#(expected)"}"#])
  }

  @Test func `what was not fetched has a line with the response`() {
    let problem = ExtractProblem(
      code: .sourceRefused, severity: .error, entity: "note", record: "c1", location: "l", message: "no", status: 422,
      traceId: "t")
    var unanswered = problem
    (unanswered.record, unanswered.status, unanswered.traceId) = (nil, nil, nil)
    #expect(
      Self.json([problem.line(run: "r", mapping: "m", time: "now"), unanswered.line(run: "r", mapping: nil, time: "now")]) == [
        #"{"run":"r","mapping":"m","record":"c1","stage":"extract","severity":"error","code":"source-refused","#
          + #""message":"note: no","http":{"status":422,"trace_id":"t"},"time":"now"}"#,
        #"{"run":"r","stage":"extract","severity":"error","code":"source-refused","message":"note: no","time":"now"}"#,
      ])
  }

  @Test func `what the pipeline leaves out has a line with the count and the list`() {
    let line = LeftOut.noBusiness.line(count: 2, file: "outside.ndjson", run: "r", mapping: "m", time: "now")
    #expect(
      Self.json([line]) == [
        #"{"run":"r","mapping":"m","stage":"extract","severity":"note","code":"not-extracted","#
          + #""message":"\#(LeftOut.noBusiness.sentence(2)); outside.ndjson lists them","count":2,"#
          + #""at":{"file":"outside.ndjson"},"time":"now"}"#
      ])
  }

  /// `full` has a text in every member that can hold one.
  @Test func `no text of a line shows a secret, however it is encoded`() {
    let redactor = Redactor()
    #expect(Self.full().redacted(by: redactor).message == "x")
    redactor.learn("pa55\"word")
    let line = Self.full("echo of pa55\"word").redacted(by: redactor)
    #expect(Self.json([line])[0].split(separator: "echo of <redacted>").count == 15)
    #expect(!Self.json([line])[0].contains("pa55"))
  }
}
