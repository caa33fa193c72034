package import Control
package import Core
import Files
import Records

/// Writes what a dry run would do, `changes.ndjson` and `changes.csv`: every item once for each destination, in the order of the input,
/// followed by the records that a destination would lose.
///
///     {"mapping":"contacts","destination":"app","record":"c17","line":17,"key":"c17","outcome":"updated","fields":[
///       {"field":"email","old":"xxx@xxxxxxx.xxx","new":"xxxx@xxxxxxx.xxx"},{"field":"phone","not_kept":true,"new":"…2671"}]}
///
/// A value that is absent means that the field is; null is null. The table has one row per changed field, or one for a record without
/// any.
package struct ChangeListWriter {
  /// What is predicted for a mapping at a destination.
  package struct Part {
    package var part: RunPart
    /// The path of the mapping's item log, without its extension.
    package var base: String
    package var counts: MappingCounts
    /// The change log; nil if nothing is predicted for the part: its records are pending.
    package var log: String?
    /// Why they are.
    package var reason: String

    package init(_ part: RunPart, base: String, counts: MappingCounts, log: String?, reason: String = "") {
      self.part = part
      self.base = base
      self.counts = counts
      self.log = log
      self.reason = reason
    }
  }

  package let list: String
  package let table: String
  /// The run's ledger.
  package let ledger: String

  package init(list: String, table: String, ledger: String) {
    self.list = list
    self.table = table
    self.ledger = ledger
  }

  /// - Returns: the first records of each kind.
  /// - Throws: `OperationFailure`.
  package func write(_ parts: [Part]) throws -> ChangeSample {
    let list = try OutputFile(path: list, mode: 0o600)
    let table = try OutputFile(path: table, mode: 0o600)
    let (lines, rows) = (LineArena(list), LineArena(table))
    let cells = ChangeTable()
    cells.header(into: &rows.arena)
    var sample = ChangeSample()
    for part in parts {
      try write(part) { line in
        lines.append(line.text + "\n")
        cells.append(line, into: &rows.arena)
        sample.add(line)
        try lines.flushIfFull()
        try rows.flushIfFull()
      }
    }
    try lines.flush()
    try rows.flush()
    try list.commit()
    try table.commit()
    return sample
  }

  private func write(_ part: Part, _ take: (JSONValue) throws -> Void) throws {
    let head = [
      JSONValue.Member("mapping", .string(part.part.mapping.text)), .init("destination", .string(part.part.destination.text)),
    ]
    var items = try ItemLogReader(part.base)
    let log = try part.log.map { try ChangeLogReader(path: $0) }
    let reasons = RejectReasons(ledger: ledger, start: part.counts.ledgerStart)
    var ordinal: UInt64 = 0
    while let (entry, key) = try items.next() {
      var members = head
      if let key { members.append(.init("record", .string(entry.element < 0 ? key : "\(key)#\(entry.element)"))) }
      members.append(.init("line", .number(entry.line)))
      let why = reasons.reason(of: entry)
      if entry.outcome == .written {
        let change = try log?.entry(of: ordinal)
        ordinal += 1
        // The key stands before the outcome.
        let details = change?.details.objectValue ?? []
        members += details.filter { $0.name == "key" }
        members.append(.init("outcome", .string((change?.outcome ?? .pending).rawValue)))
        members += details.filter { $0.name != "key" }
        if change == nil { members.append(.init("reason", .string(part.reason))) }
      } else {
        members.append(.init("outcome", .string(entry.outcome.rawValue)))
        if let why {
          members.append(.init("code", .string(why.code)))
          if let field = why.field { members.append(.init("field", .string(field))) }
          if let message = why.message { members.append(.init("reason", .string(message))) }
        }
      }
      try take(.object(members))
    }
    try log?.forEachRemoval { removal in
      try take(.object(head + (removal.objectValue ?? []) + [.init("outcome", .string(Outcome.removed.rawValue))]))
    }
  }
}

/// The table of changes, for spreadsheets.
private struct ChangeTable {
  private static let columns = [
    "mapping", "destination", "record", "line", "key", "outcome", "change", "field", "old", "new", "code", "reason",
  ]
  private let encoder = CSVRecordEncoder(layout: RecordLayout(Self.columns.map { .init(path: [$0]) }))

  func header(into arena: inout ByteArena) { encoder.encodeHeader(into: &arena) }

  func append(_ line: JSONValue, into arena: inout ByteArena) {
    func text(_ name: String) -> String? { line[name].map { ChangeText.value($0) } }
    let start = ["mapping", "destination", "record", "line", "key", "outcome"].map(text) + [change(of: line)]
    // Fields of a new record are all there is, so that the list has them and the table need not.
    let isNew = line["outcome"] == .string(Outcome.created.rawValue) || line["change"] == .string(Forecast.Change.new.rawValue)
    let fields = isNew ? [] : (line["fields"]?.arrayValue ?? []) + (line["drift"]?.arrayValue ?? [])
    guard !fields.isEmpty else {
      return encode(start + [text("field"), nil, nil, text("code"), text("reason")], into: &arena)
    }
    for field in fields {
      let (old, new) = ChangeText.values(of: field)
      encode(start + [ChangeText.name(of: field), old, new, nil, nil], into: &arena)
    }
  }

  /// What the outcome does not say.
  private func change(of line: JSONValue) -> String? {
    if let change = line["change"] ?? line["why"] { return change.stringValue }
    for name in ["missing", "drift", "not_compared"] where line[name] != nil { return name }
    return nil
  }

  private func encode(_ texts: [String?], into arena: inout ByteArena) {
    var bytes: [UInt8] = []
    var ends: [Int] = []
    for text in texts {
      bytes += (text ?? "").utf8
      ends.append(bytes.count)
    }
    bytes.withUnsafeBufferPointer { buffer in
      var start = 0
      var cells: [Cell] = []
      for (text, end) in zip(texts, ends) {
        let base = text == nil ? nil : buffer.baseAddress.map { $0 + start }
        cells.append(base.map { Cell(kind: .string, text: Text(start: $0, count: end - start)) } ?? .missing)
        start = end
      }
      cells.withUnsafeBufferPointer { encoder.encode($0, into: &arena) { _ in } }
    }
  }
}

/// How people read the values in a list of changes.
package enum ChangeText {
  package static let absent = "(none)"
  package static let notKept = "not kept"
  /// Of a field whose name nobody has kept.
  package static let unnamed = "(a field of an earlier mapping)"

  package static func name(of field: JSONValue) -> String { field["field"]?.stringValue ?? unnamed }

  /// Of an update or of a drift.
  package static func values(of field: JSONValue) -> (old: String, new: String) {
    let old = field["not_kept"] == nil ? (field["old"] ?? field["expected"]).map(value) ?? absent : notKept
    return (old, (field["new"] ?? field["found"]).map(value) ?? absent)
  }

  package static func value(_ value: JSONValue) -> String { value.stringValue ?? value.text }
}
