import Core
import Files

/// What the files of a run's folder say about one record: the list of changes of a dry run, what was saved before calls and after them, and
/// what `waybill undo` did. Files that are gone have no events.
///
/// Each file is read in full, line by line; only lines that name the record are parsed.
package struct RecordEventFiles {
  /// A line of an undo log has a whole record, and as much as a destination may answer.
  private static let longestLine = 4 << 20

  package private(set) var keys: RecordKeys

  package init(_ keys: RecordKeys) { self.keys = keys }

  /// Predictions of a dry run, from its `changes.ndjson`. Keys of target records that it names are known from then on.
  ///
  /// - Throws: `OperationFailure` if the file cannot be read.
  package mutating func predictions(in path: String) throws -> [RecordEvent] {
    var events: [RecordEvent] = []
    try forEachLine(of: path, naming: keys.all + [Name(Redactor.process.redacted(keys.source))]) { line, keys in
      let isOwn = line["record"]?.stringValue.map { keys.isSource($0) } ?? line["key"]?.stringValue.map { keys.isTarget($0) }
      guard isOwn == true, let destination = line["destination"]?.stringValue, let mapping = line["mapping"]?.stringValue,
        let outcome = line["outcome"]?.stringValue
      else { return }
      if let key = line["key"]?.stringValue { keys.add(key) }
      let fields = (line["fields"]?.arrayValue ?? []) + (line["drift"]?.arrayValue ?? [])
      let changes = fields.map { field in
        let (old, new) = ChangeText.values(of: field)
        return "\(ChangeText.name(of: field)) \(old) -> \(new)"
      }
      let shown = outcome == Outcome.created.rawValue ? [] : changes
      let reason = line["reason"]?.stringValue
      let text = ([outcome] + (shown.isEmpty ? [] : [shown.joined(separator: "; ")]) + (reason.map { [$0] } ?? []))
        .joined(separator: ": ")
      let details = (line.objectValue ?? []).filter { !["destination", "mapping"].contains(exactly: $0.name) }
      events.append(RecordEvent(.predicted, at: destination, mapping, text, details))
    }
    return events
  }

  /// What the run's calls changed, from an undo log of the run: names of members, never their values.
  ///
  /// - Throws: `OperationFailure` if the file cannot be read.
  package mutating func changes(in path: String) throws -> [RecordEvent] {
    var (destination, mapping) = ("", "")
    var (order, befores, afters): ([Name], [Name: JSONValue], [Name: [JSONValue]]) = ([], [:], [:])
    try forEachLine(of: path, naming: keys.all, hasHead: true) { line, keys in
      if line["undo"] != nil {
        (destination, mapping) = (line["destination"]?.stringValue ?? "", line["mapping"]?.stringValue ?? "")
      }
      guard let image = line["before"] ?? line["after"], let key = image["key"]?.stringValue, keys.isTarget(key) else { return }
      let name = Name(key)
      if line["after"] != nil {
        afters[name, default: []].append(image)
      } else if afters[name] == nil {
        // A `before` counts until there is an `after`.
        if befores[name] == nil { order.append(name) }
        befores[name] = image
      }
    }
    return order.map { key in
      Self.change(of: key, befores[key] ?? .null, afters[key] ?? [], at: destination, mapping)
    }
  }

  private static func change(
    of key: Name, _ before: JSONValue, _ afters: [JSONValue], at destination: String, _ mapping: String
  ) -> RecordEvent {
    let head = [JSONValue.Member("key", .string(key.text))]
    guard let after = afters.last else {
      return RecordEvent(
        .unconfirmed, at: destination, mapping, "\(key.text): the record was saved; no result of a call is known", head)
    }
    let sent = Set(afters.flatMap { $0["sent"]?.arrayValue ?? [] }.compactMap(\.stringValue).map { Name($0) }).sorted()
    let id = after["remote_id"]?.stringValue ?? before["remote_id"]?.stringValue
    let changed = differences(before["record"], after["record"])
    let isUncertain = afters.contains { $0["uncertain"]?.boolValue == true }
    var text = key.text + (id.map { " as \($0)" } ?? "")
    var details = head + (id.map { [.init("remote_id", .string($0))] } ?? [])
    details.append(.init("sent", .array(sent.map { .string($0.text) })))
    let names = before["record"] == nil ? sent : changed ?? sent
    if !names.isEmpty { text += ": " + names.map(\.text).joined(separator: ", ") }
    if let changed, before["record"] != nil {
      details.append(.init("changed", .array(changed.map { .string($0.text) })))
    }
    if isUncertain {
      text += "; what was there before is not certain"
      details.append(.init("uncertain", .bool(true)))
    }
    return RecordEvent(before["record"] == nil ? .created : .updated, at: destination, mapping, text, details)
  }

  /// The names of members that differ; nil: one of the records is not known.
  private static func differences(_ before: JSONValue?, _ after: JSONValue?) -> [Name]? {
    guard let before = before?.objectValue, let after = after?.objectValue else { return nil }
    let old = Dictionary(before.map { (Name($0.name), $0.value) }) { $1 }
    let new = Dictionary(after.map { (Name($0.name), $0.value) }) { $1 }
    return Set(old.keys).union(new.keys).filter { old[$0] != new[$0] }.sorted()
  }

  /// What `waybill undo` did with the record, from the run's `undo.ndjson`.
  ///
  /// - Throws: `OperationFailure` if the file cannot be read.
  package mutating func undone(in path: String) throws -> [RecordEvent] {
    var events: [RecordEvent] = []
    try forEachLine(of: path, naming: keys.all) { line, keys in
      guard let key = line["key"]?.stringValue, keys.isTarget(key), let outcome = line["outcome"]?.stringValue,
        let destination = line["destination"]?.stringValue, let mapping = line["mapping"]?.stringValue
      else { return }
      let fields = (line["fields"]?.arrayValue ?? []).compactMap(\.stringValue)
      let why = [line["reason"]?.stringValue, line["message"]?.stringValue].compactMap(\.self)
      let parts = ["\(outcome) \(key)"] + why + (fields.isEmpty ? [] : [fields.joined(separator: ", ")])
      let time = line["time"]?.stringValue.map { " at \($0)" } ?? ""
      let details = (line.objectValue ?? []).filter { !["destination", "mapping"].contains(exactly: $0.name) }
      events.append(RecordEvent(.undone, at: destination, mapping, parts.joined(separator: ": ") + time, details))
    }
    return events
  }

  // MARK: Lines

  /// Passes on the lines that contain one of the keys. The end of a file that a killed process has left may be damaged: it is skipped.
  private mutating func forEachLine(
    of path: String, naming names: [Name], hasHead: Bool = false, _ body: (JSONValue, inout RecordKeys) -> Void
  ) throws {
    guard FilePath.exists(path) else { return }
    // Without the closing quote: `#` and a number may follow.
    let needles = Set(names).map { Array(JSONValue.string($0.text).text.utf8.dropLast()) }
    var reader = LineReader(try FileInput(path: path), name: path, longest: Self.longestLine)
    while let line = try reader.next() {
      try Task.checkCancellation()
      let bytes = Array(line.bytes)
      guard hasHead && line.number == 1 || needles.contains(where: { Self.contains(bytes, $0) }) else { continue }
      if let json = try? JSONReader.read(bytes) { body(json, &keys) }
    }
  }

  private static func contains(_ bytes: [UInt8], _ needle: [UInt8]) -> Bool {
    guard let first = needle.first, bytes.count >= needle.count else { return false }
    var start = 0
    while let found = bytes[start...].firstIndex(of: first), found + needle.count <= bytes.count {
      if bytes[found..<found + needle.count].elementsEqual(needle) { return true }
      start = found + 1
    }
    return false
  }
}
