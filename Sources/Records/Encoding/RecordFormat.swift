/// The format of records in a file that is written. `SourceFormat` is that of one that is read.
package enum RecordFormat: String, Sendable, Hashable, CaseIterable {
  case csv, ndjson, json

  /// By the extension, without a `.gz` after it: `csv`, `json`; `ndjson` and `jsonl`.
  package init?(path: String) {
    var name = path.lowercased()
    if name.hasSuffix(".gz") { name.removeLast(3) }
    switch name.split(separator: "/").last?.split(separator: ".").dropFirst().last {
    case "csv": self = .csv
    case "ndjson", "jsonl": self = .ndjson
    case "json": self = .json
    default: return nil
    }
  }
}
