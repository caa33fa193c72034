import Core
import Extract
import Files
import Records

/// Writes the outcome of every item at every destination: `outcomes.ndjson`, and per destination and mapping a
/// `.success.csv` and a `.rejects.csv`, which together have each item once.
struct OutcomeWriter {
  /// The outcome of a mapping's staged records at a destination.
  struct Fate {
    var destination: String
    var mapping: StagedMapping
    /// `written`, or `pending` where they were not published.
    var outcome: Outcome
    /// Why they are pending.
    var reason: String
  }

  let folder: String

  private static let success = CSVRecordEncoder(layout: RecordLayout(["record", "outcome", "line"].map { .init(path: [$0]) }))
  private static let rejects = CSVRecordEncoder(
    layout: RecordLayout(["record", "outcome", "line", "code", "field", "message"].map { .init(path: [$0]) }))

  /// Returns the counts, in the order of `fates`: those of the written lines, so that they can be compared with what was
  /// read.
  ///
  /// - Throws: `OperationFailure`.
  func write(_ fates: [Fate]) throws -> [OutcomeCounts] {
    let outcomes = try OutputFile(path: "\(folder)/outcomes.ndjson", mode: 0o600)
    let counts = try fates.map { try write($0, to: outcomes) }
    try outcomes.commit()
    return counts
  }

  private func write(_ fate: Fate, to outcomes: OutputFile) throws -> OutcomeCounts {
    let place = try RunFolder(path: folder).makeFolder(of: fate.destination)
    let name = "\(place)/\(SortableName.safe(fate.mapping.name))"
    let success = try OutputFile(path: "\(name).success.csv", mode: 0o600)
    let rejects = try OutputFile(path: "\(name).rejects.csv", mode: 0o600)
    let (lines, accepted, refused) = (LineArena(outcomes), LineArena(success), LineArena(rejects))
    Self.success.encodeHeader(into: &accepted.arena)
    Self.rejects.encodeHeader(into: &refused.arena)
    var counts = OutcomeCounts()
    let head = #"{"mapping":\#(JSONValue.string(fate.mapping.name).text),"#
    try Self.each(fate.mapping.outcomes) { cells in
      var outcome = Outcome(rawValue: cells[1].text.string) ?? .rejected
      if outcome == .written, fate.outcome != .written {
        outcome = fate.outcome
        try fate.reason.asCell { reason in
          cells[5] = reason
          try outcome.rawValue.asCell {
            cells[1] = $0; try add(outcome)
          }
        }
      } else {
        try add(outcome)
      }
      func add(_ outcome: Outcome) throws {
        counts[outcome] += 1
        lines.append(head)
        if cells[0].kind != .missing {
          lines.append("\"record\":")
          JSONRecordEncoder.encode(cells[0], into: &lines.arena)
          lines.append(",")
        }
        lines.append(#""destination":"\#(fate.destination)","outcome":"\#(outcome.rawValue)","line":"#)
        JSONRecordEncoder.encode(cells[2], into: &lines.arena)
        if outcome == .pending {
          lines.append(",\"reason\":")
          JSONRecordEncoder.encode(cells[5], into: &lines.arena)
        }
        lines.append("}\n")
        let row = UnsafeBufferPointer(cells)
        switch outcome {
        case .rejected, .failed, .pending: Self.rejects.encode(row, into: &refused.arena) { _ in }
        default: Self.success.encode(row, into: &accepted.arena) { _ in }
        }
        try lines.flushIfFull()
        try accepted.flushIfFull()
        try refused.flushIfFull()
      }
    }
    try lines.flush()
    try accepted.flush()
    try refused.flush()
    try success.commit()
    try rejects.commit()
    return counts
  }

  /// Reads the outcome lines of a transform: record, outcome, line, code, field, message.
  private static func each(_ path: String, _ body: (UnsafeMutableBufferPointer<Cell>) throws -> Void) throws {
    var walker = RecordWalker()
    for (slot, name) in ["record", "outcome", "line", "code", "field", "message"].enumerated() {
      walker.addPath([.member(name)], slot: slot)
    }
    let cells = UnsafeMutableBufferPointer<Cell>.allocate(capacity: 6)
    cells.initialize(repeating: .missing)
    defer { cells.deallocate() }
    var source = NDJSONSource(try FileInput(path: path), maximumRecord: 512 << 20)
    let batch = RecordBatch()
    while try source.fill(batch) {
      guard walker.index(batch.bytes) else { throw OperationFailure(.fault, "\(path) cannot be read back") }
      for item in batch.items {
        guard walker.walk(item.start..<item.end, into: cells) == nil else {
          throw OperationFailure(.fault, "\(path) cannot be read back")
        }
        try body(cells)
      }
    }
  }
}

/// Buffers lines on their way to a file.
private final class LineArena {
  var arena = ByteArena(capacity: 128 * 1024)
  private let file: OutputFile

  init(_ file: OutputFile) {
    self.file = file
    arena.begin()
  }

  func append(_ text: String) { for byte in text.utf8 { arena.append(byte) } }

  func flushIfFull() throws { if arena.pendingCount > 64 * 1024 { try flush() } }

  /// Secrets in record keys are redacted here, as in the ledger; the records themselves are not.
  func flush() throws {
    if let clean = arena.withPending({ Redactor.process.redacted($0.buffer) }) {
      try file.write(String(decoding: clean, as: UTF8.self))
    } else {
      try file.write(arena.withPending { $0 })
    }
    arena.reset()
    arena.begin()
  }
}

extension String {
  /// The text as a cell that is valid within `body`.
  fileprivate func asCell(_ body: (Cell) throws -> Void) rethrows {
    var copy = self
    try copy.withUTF8 { bytes in
      guard let base = bytes.baseAddress else { return try body(.null) }
      try body(Cell(kind: .string, text: Text(start: base, count: bytes.count)))
    }
  }
}
