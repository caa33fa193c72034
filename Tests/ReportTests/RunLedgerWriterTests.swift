import Core
import State
import TestSupport
import Testing

@testable import Report

@Suite struct RunLedgerWriterTests {
  private let folder = TemporaryFolder()

  private func line(_ number: Int) -> LedgerLine {
    var line = LedgerLine("c\(number)", severity: .error, stage: .transform, message: "m")
    line.mapping = "m"
    line.record = "r\(number)"
    line.field = "f"
    line.at = .init(line: number)
    return line
  }

  @Test func `the file and the state get the same lines, the state a few hundred at a time`() throws {
    let state = try SQLiteRunStore(folder: folder.path + "/state")
    try state.begin(RunRecord(id: "r", pipeline: "p", started: "t"))
    func recorded() throws -> [LedgerEntry] { try state.ledger(LedgerQuery(run: "r")) }
    let writer = try RunLedgerWriter(run: "r", path: folder.path + "/ledger.ndjson", state: state)
    let ends = try writer.append((0..<499).map(line))
    #expect(ends.last == writer.byteCount && ends == ends.sorted() && Set(ends).count == 499)
    try writer.mark()
    #expect(try recorded().isEmpty)
    try writer.append(line(499))
    try writer.mark()
    #expect(try recorded().count == 500)
    try writer.append((500..<510).map(line))
    try writer.mark()
    try writer.append([line(999), line(999)])
    writer.rollBack()
    try writer.finish()
    let entries = try recorded()
    #expect(entries.count == 510)
    let text = try #require(folder.read("ledger.ndjson"))
    #expect(entries.map { $0.text + "\n" }.joined() == text)
    #expect(Array(text.utf8)[ends[0] - 1] == UInt8(ascii: "\n"))
    #expect(
      entries[499]
        == LedgerEntry(
          run: "r", mapping: "m", record: "r499", stage: "transform", severity: "error", code: "c499", field: "f", line: 499,
          text: #"{"mapping":"m","record":"r499","stage":"transform","severity":"error","code":"c499","field":"f","#
            + #""message":"m","at":{"line":499}}"#))
  }
}
