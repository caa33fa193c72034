import Core
import Files
import Foundation
import TestSupport
import Testing

@testable import Records
@testable import Transform

/// A mapping makes the same of a CSV file whether rows reach it as cells or as JSON.
@Suite struct RowPropertyTests {
  /// A table whose columns are some of the fields that generated mappings read, in any order and sometimes in another case.
  private static func table(_ random: inout SplitMix64) -> String {
    var names = PropertySource.fields.map(\.name).filter { $0 != "id" && !random.once(in: 4) } + ["customFields", "unread"]
    for index in names.indices where random.once(in: 12) { names[index] = names[index].uppercased() }
    for index in names.indices { names.swapAt(index, random.number(below: names.count)) }
    names.insert("id", at: random.number(below: names.count))
    func cell(_ text: String) -> String {
      let isPlain = !text.isEmpty && !text.utf8.contains { [0x22, 0x2C, 0x0A, 0x0D].contains($0) }
      return isPlain && !random.once(in: 8) ? text : "\"\(text.replacing("\"", with: "\"\""))\""
    }
    var rows = [names.joined(separator: ",")]
    for number in 1...30 {
      var cells = names.map { _ in random.once(in: 5) ? "" : cell(random.one(of: RecordGenerator.texts)) }
      if let key = names.firstIndex(of: "id"), !random.once(in: 12) { cells[key] = "r\(number % 25)" }
      if random.once(in: 20) { cells.removeLast() }
      rows.append(cells.joined(separator: ","))
    }
    return rows.joined(separator: random.once(in: 2) ? "\n" : "\r\n")
  }

  @Test func `cells and JSON give the same output, ledger and outcomes`() async throws {
    let folder = NSTemporaryDirectory() + "waybill-rows-\(getpid())"
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(atPath: folder) }
    var random = SplitMix64(seed: 11)
    var (asCells, asJSON, written) = (0, 0, 0)
    for seed in 0..<120 {
      var generator = MappingGenerator(seed: UInt64(seed))
      guard let run = try PropertyRun(generator.plan(), folder: folder) else { continue }
      let text = Self.table(&random)
      func source(_ batchSize: Int) -> CSVSource {
        CSVSource(MemoryInput(Array(text.utf8)), path: "in.csv", batchSize: batchSize)
      }
      let header = try #require(text.split(whereSeparator: \.isNewline).first).split(separator: ",").map(String.init)
      if run.program.columns(in: header) == nil { asJSON += 1 } else { asCells += 1 }
      var records = RowsAsJSON(source(256 * 1024))
      let expected = try await run.run(&records, encoding: TargetEncoding.ndjson)
      for (threads, batchSize) in [(1, 256 * 1024), (3, 500)] {
        var rows = source(batchSize)
        let found = try await run.run(&rows, encoding: TargetEncoding.ndjson, threads: threads)
        #expect(found.output == expected.output, "seed \(seed): \(run.plan.text)\n\(text)")
        #expect(found.ledgerText == expected.ledgerText, "seed \(seed)")
        #expect(found.outcomesText == expected.outcomesText, "seed \(seed)")
        #expect(found.counts.codes == expected.counts.codes && found.counts.read == expected.counts.read, "seed \(seed)")
        #expect(found.counts.absent.record == expected.counts.absent.record, "seed \(seed)")
      }
      written += expected.counts.written
    }
    // Both ways were taken, and more than refusals were compared.
    #expect(asCells > 10 && asJSON > 10 && written > 100)
  }
}
