package import Control
package import Core
import Files
import Records

/// An open item of a replayed run, and what the replay does with it: a line of the replay's `replay.ndjson`, which is durable before
/// anything is transformed, so that a resumed replay does the same.
///
///     {"mapping":"contacts","record":"c1","line":7,"standing":"replay"}
///     {"mapping":"contacts","record":"c2","line":8,"standing":"superseded","run":"2026…","outcome":"created"}
package struct ReplayedItem: Sendable, Hashable {
  package enum Standing: Sendable, Hashable {
    case known(ReplayStanding)
    /// It cannot be told apart from other items on its line.
    case indistinct
  }

  package var mapping: Name
  /// As the replayed run's outcomes name it; nil if it has no key.
  package var record: Name?
  package var line: Int
  /// Of `each`; -1: the record itself.
  package var element: Int
  /// Other records may be on its line, so that only its key tells it apart.
  package var sharesLine: Bool
  package var standing: Standing

  package init(
    mapping: Name, record: Name?, line: Int, element: Int, sharesLine: Bool = false, standing: Standing
  ) {
    self.mapping = mapping
    self.record = record
    self.line = line
    self.element = element
    self.sharesLine = sharesLine
    self.standing = standing
  }

  /// Its key without the number of the element.
  package var key: Name? {
    OpenItems.Item(mapping: mapping, line: line, element: element, record: record).key(element: element)
  }

  // MARK: The file

  /// - Throws: `OperationFailure`.
  package static func write(_ items: [ReplayedItem], to path: String) throws {
    let file = try OutputFile(path: path, mode: 0o600)
    for item in items { try file.write(item.json.text + "\n") }
    try file.commit()
  }

  /// - Throws: `OperationFailure` if the file cannot be read, or is damaged.
  package static func read(_ path: String) throws -> [ReplayedItem] {
    var source = NDJSONSource(try FileInput(path: path))
    let batch = RecordBatch()
    var items: [ReplayedItem] = []
    while try source.fill(batch) {
      for record in batch.items {
        guard record.fault == nil, let json = try? JSONReader.read(Array(batch.bytes[record.start..<record.end])),
          let item = ReplayedItem(json)
        else { throw OperationFailure(.damaged, "\(path):\(record.line) is not a valid line: start the replay over") }
        items.append(item)
      }
    }
    return items
  }

  private var json: JSONValue {
    var members: [JSONValue.Member] = [.init("mapping", .string(mapping.text))]
    if let record { members.append(.init("record", .string(record.text))) }
    members.append(.init("line", .number(line)))
    if element >= 0 { members.append(.init("element", .number(element))) }
    if sharesLine { members.append(.init("shares_line", .bool(true))) }
    func add(_ standing: String, _ run: String? = nil, _ outcome: Outcome? = nil) {
      members.append(.init("standing", .string(standing)))
      if let run { members.append(.init("run", .string(run))) }
      if let outcome { members.append(.init("outcome", .string(outcome.rawValue))) }
    }
    switch standing {
    case .known(.replay): add("replay")
    case .known(.resolved(let run, let outcome)): add("superseded", run, outcome)
    case .known(.newerOpen(let run, let isPending)): add("newer-open", run, isPending ? .pending : nil)
    case .known(.keyless(let run)): add("keyless", run)
    case .known(.undone(let run)): add("undone", run)
    case .known(.undoneCorrection(let run)): add("undone-correction", run)
    case .known(.olderSnapshot(let run)): add("older-snapshot", run)
    case .indistinct: add("indistinct")
    }
    return .object(members)
  }

  private init?(_ json: JSONValue) {
    guard let mapping = json["mapping"]?.stringValue, let line = json["line"]?.intValue else { return nil }
    let (run, outcome) = (json["run"]?.stringValue, json["outcome"]?.stringValue.flatMap { Outcome(rawValue: $0) })
    let standing: Standing
    switch (json["standing"]?.stringValue, run, outcome) {
    case ("replay", _, _): standing = .known(.replay)
    case ("superseded", let run?, let outcome?): standing = .known(.resolved(by: run, outcome))
    case ("newer-open", let run?, _): standing = .known(.newerOpen(in: run, isPending: outcome == .pending))
    case ("keyless", let run?, _): standing = .known(.keyless(since: run))
    case ("undone", let run?, _): standing = .known(.undone(run))
    case ("undone-correction", let run?, _): standing = .known(.undoneCorrection(run))
    case ("older-snapshot", let run?, _): standing = .known(.olderSnapshot(in: run))
    case ("indistinct", _, _): standing = .indistinct
    default: return nil
    }
    self.init(
      mapping: Name(mapping), record: json["record"]?.stringValue.map { Name($0) }, line: line,
      element: json["element"]?.intValue ?? -1, sharesLine: json["shares_line"] == .bool(true), standing: standing)
  }
}

extension [ReplayedItem] {
  package func counts(pending: Int) -> ReplayCounts {
    reduce(into: ReplayCounts(open: count, pending: pending)) { counts, item in
      switch item.standing {
      case .known(.replay): counts.selected += 1
      case .known(.resolved): counts.superseded += 1
      case .known(.newerOpen), .known(.undone), .known(.undoneCorrection): counts.newerOpen += 1
      case .known(.keyless), .known(.olderSnapshot), .indistinct: counts.indistinct += 1
      }
    }
  }
}
