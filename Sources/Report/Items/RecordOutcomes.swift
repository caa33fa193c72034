package import Core
import Files
import Glibc
import Records

/// The outcome of a record at each destination of a run: read back from the run's `outcomes.ndjson`, which `OutcomeWriter` has
/// rendered from the item logs and the fates.
package struct RecordOutcomes {
  package struct Outcome: Sendable, Equatable {
    package var mapping: String
    /// The record's key; with `each`, and the number of its element: `KEY#2`.
    package var record: String
    package var destination: String
    package var outcome: String
    /// Of the input, from 1.
    package var line: Int
    /// Why it is pending or rejected.
    package var reason: String?
    /// The line as it is in the file.
    package var json: JSONValue
  }

  /// The lines of this record, and of its elements, in constant memory.
  ///
  /// - Parameter path: of `outcomes.ndjson`.
  /// - Throws: `OperationFailure` if the file cannot be read.
  package static func all(of record: String, in path: String) throws -> [Outcome] {
    // Keys are as `OutcomeWriter` shows them.
    let key = Redactor.process.redacted(record)
    // A line without these bytes has another key. The closing quote is left out: `#` and a number may follow the key.
    let needle = Array(#""record":"#.utf8) + JSONValue.string(key).text.utf8.dropLast()
    var source = NDJSONSource(try FileInput(path: path))
    let batch = RecordBatch()
    var found: [Outcome] = []
    while try source.fill(batch) {
      for item in batch.items where item.fault == nil {
        let bytes = UnsafeRawBufferPointer(rebasing: UnsafeRawBufferPointer(batch.bytes)[item.start..<item.end])
        guard contains(bytes, needle), let line = try? JSONReader.read(Array(bytes)),
          let outcome = outcome(line),
          outcome.record.isExactly(key) || ItemName.isItem(outcome.record, of: key)
        else { continue }
        found.append(outcome)
      }
    }
    return found
  }

  private static func contains(_ bytes: UnsafeRawBufferPointer, _ needle: [UInt8]) -> Bool {
    guard let base = bytes.baseAddress, bytes.count >= needle.count else { return false }
    return (0...bytes.count - needle.count).contains { start in
      bytes[start] == needle[0] && memcmp(base + start, needle, needle.count) == 0
    }
  }

  private static func outcome(_ line: JSONValue) -> Outcome? {
    guard let mapping = line["mapping"]?.stringValue, let record = line["record"]?.stringValue,
      let destination = line["destination"]?.stringValue, let outcome = line["outcome"]?.stringValue,
      let number = line["line"]?.intValue
    else { return nil }
    return Outcome(
      mapping: mapping, record: record, destination: destination, outcome: outcome, line: number,
      reason: (line["reason"] ?? line["code"])?.stringValue, json: line)
  }
}
