import Core
import Records

/// Writes a run's ledger: `ledger.ndjson` in its folder, and the same lines into the state, some hundred at a time.
final class RunLedgerWriter {
  private let run: String
  private let file: OutputFile
  private let state: any RunLedger
  private var pending: [LedgerEntry] = []

  private static let batch = 500

  /// - Throws: `OutputFailure`.
  init(run: String, path: String, state: any RunLedger) throws {
    self.run = run
    self.state = state
    file = try OutputFile(path: path, mode: 0o600)
  }

  /// - Throws: `OutputFailure`, `StateFailure`.
  func append(_ line: JSONValue) throws {
    let line = Redactor.process.redacted(line)
    let text = line.text
    try file.write(text + "\n")
    pending.append(
      LedgerEntry(
        run: run, mapping: line["mapping"]?.stringValue ?? "", record: line["record"]?.stringValue,
        stage: line["stage"]?.stringValue ?? "", severity: line["severity"]?.stringValue ?? "",
        code: line["code"]?.stringValue ?? "",
        field: line["field"]?.stringValue, line: line["at"]?["line"]?.intValue, text: text))
    if pending.count >= Self.batch { try flush() }
  }

  private func flush() throws {
    let entries = pending
    pending.removeAll(keepingCapacity: true)
    try state.record(entries)
  }

  /// The ledger is whole.
  func finish() throws {
    try file.commit()
    try flush()
  }
}
