package import Control
package import Core
import Extract
import Files
import Records

/// Writes the outcome of every item at every destination: `outcomes.ndjson`, and per destination and mapping a
/// `.success.csv` and a `.rejects.csv`, which together have each item once, with the columns of the input.
package struct OutcomeWriter {
  /// What became of a mapping's staged records at a destination.
  package struct Fate {
    package var part: RunPart
    /// The path of the mapping's item log, without its extension.
    package var base: String
    /// The run's private folder of the destination.
    package var folder: String
    package var counts: MappingCounts
    /// The mapping's input; nil if it cannot be read any more.
    package var source: SourceColumns?
    /// The fate log of the part, which has the outcomes; nil if there is none.
    package var fates: String?
    /// The outcome of staged records without a fate log: `pending`, or `written` if the log could not be kept.
    package var unlogged: Outcome
    /// Why records are pending of which the ledger does not say so.
    package var reason: String

    package init(
      part: RunPart, base: String, folder: String, counts: MappingCounts, source: SourceColumns? = nil, fates: String?,
      unlogged: Outcome, reason: String
    ) {
      self.part = part
      self.base = base
      self.folder = folder
      self.counts = counts
      self.source = source
      self.fates = fates
      self.unlogged = unlogged
      self.reason = reason
    }
  }

  /// Where `outcomes.ndjson` goes.
  package let outcomes: String
  /// The run's ledger.
  package let ledger: String
  /// Counts the records of each business on the way.
  package var businesses: BusinessTally?

  package init(outcomes: String, ledger: String) {
    self.outcomes = outcomes
    self.ledger = ledger
  }

  /// Returns the counts, in the order of `fates`: those of the written lines, so that they can be compared with what was
  /// read.
  ///
  /// - Throws: `OperationFailure`.
  package func write(_ fates: [Fate]) throws -> [OutcomeCounts] {
    let outcomes = try OutputFile(path: outcomes, mode: 0o600)
    // The columns of a mapping are the same at each destination.
    var tables: [Name: ItemTable] = [:]
    let counts = try fates.map { fate in
      let table = try tables[fate.part.mapping] ?? ItemTable(fate.source)
      tables[fate.part.mapping] = table
      return try write(fate, table, to: outcomes)
    }
    try outcomes.commit()
    return counts
  }

  private func write(_ fate: Fate, _ table: ItemTable, to outcomes: OutputFile) throws -> OutcomeCounts {
    let (mapping, destination) = (fate.part.mapping.text, fate.part.destination.text)
    try PrivateFolder.make(fate.folder, isInside: true)
    let name = "\(fate.folder)/\(SortableName.safe(mapping))"
    let success = try OutputFile(path: "\(name).success.csv", mode: 0o600)
    let rejects = try OutputFile(path: "\(name).rejects.csv", mode: 0o600)
    let (lines, accepted, refused) = (LineArena(outcomes), LineArena(success), LineArena(rejects))
    table.success.encodeHeader(into: &accepted.arena)
    table.rejects.encodeHeader(into: &refused.arena)
    var counts = OutcomeCounts()
    var reader = try ItemLogReader(fate.base)
    let rows = try table.rows(folder: fate.folder)
    businesses?.begin(fate.part, table.sourceNames, of: fate.source?.program)
    let reasons = RejectReasons(ledger: ledger, start: fate.counts.ledgerStart)
    let fates = try fate.fates.map { try Fates(path: $0, count: fate.counts.written) }
    var ordinal = 0
    let head: [JSONValue.Member] = [.init("mapping", .string(mapping))]
    while let (entry, key) = try reader.next() {
      try rows?.advance(to: entry)
      let record = key.map { entry.element < 0 ? $0 : "\($0)#\(entry.element)" }
      let isStaged = entry.outcome == .written
      let loaded = isStaged ? fates?[ordinal] : nil
      let outcome = isStaged ? loaded?.outcome ?? (fates == nil ? fate.unlogged : .pending) : entry.outcome
      if isStaged { ordinal += 1 }
      let isMissing = outcome == .failed || outcome == .pending
      let why = reasons.reason(of: entry) ?? (isMissing ? loaded.flatMap { reasons.reason(of: $0) } : nil)
      counts[outcome] += 1
      businesses?.add(rows, outcome)
      var members = head
      if let record { members.append(.init("record", .string(record))) }
      members += [
        .init("destination", .string(destination)), .init("outcome", .string(outcome.rawValue)),
        .init("line", .number(entry.line)),
      ]
      // A key such as `o#5` must not be read as the fifth element of `o`.
      if entry.element >= 0 || record.map({ OpenItems.Item.number(in: $0) >= 0 }) ?? false {
        members.append(.init("element", .number(entry.element)))
      }
      if let code = why?.code { members.append(.init("code", .string(code))) }
      if let field = why?.field { members.append(.init("field", .string(field))) }
      let reason = why?.message ?? (outcome == .pending ? fate.reason : nil)
      if let reason { members.append(.init("reason", .string(reason))) }
      lines.append(JSONValue.object(members).text + "\n")
      let start = [record, outcome.rawValue, String(entry.line)]
      switch outcome {
      case .rejected, .failed, .pending:
        table.encode(
          start + [why?.code, why?.field, reason, why?.problems ?? reason], rows, as: table.rejects, into: &refused.arena)
      default: table.encode(start, rows, as: table.success, into: &accepted.arena)
      }
      try lines.flushIfFull()
      try accepted.flushIfFull()
      try refused.flushIfFull()
    }
    try lines.flush()
    try accepted.flush()
    try refused.flush()
    try success.commit()
    try rejects.commit()
    return counts
  }
}
