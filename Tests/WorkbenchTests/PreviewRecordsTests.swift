import Core
import Files
import Records
import TestSupport
import Testing

@testable import Workbench

@Suite struct PreviewRecordsTests {
  @Test(
    arguments: [
      (100, nil, Array(1...9)), (7, nil, Array(1...7)), (0, nil, []), (100, [2, 5], [2, 5]), (1, [2, 5], [2]),
    ] as [(Int, Set<Int>?, [Int])])
  func `kept records can be gone through again and again`(maximum: Int, lines: Set<Int>?, kept: [Int]) throws {
    let text = (1...9).map { "{\"id\":\($0)}\n" }.joined()
    var source: any RecordSource = NDJSONSource(MemoryInput(Array(text.utf8)), batchSize: 24)
    let records = try PreviewRecords(&source, maximum: maximum, lines: lines)
    let expected = kept.map { RecordSourceConformance.Record(line: $0, text: "{\"id\":\($0)}") }
    let suite = RecordSourceConformance("preview", expected: expected, shapes: [.init(piece: 1, batchSize: 1)]) { _ in
      PreviewRecords.Source(batches: records.batches)
    }
    #expect(try suite.violations() == [])
    #expect(records.count == kept.count)
  }
}
