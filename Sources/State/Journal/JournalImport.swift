package import Core
package import Files

/// Takes over a `JournalFile` into a journal: all of it, or nothing.
package struct JournalImport {
  package struct Summary: Sendable, Hashable {
    package var counts: [JournalMerge: Int] = [:]
    /// Some of the records whose results conflict.
    package var conflicts: [Conflict] = []
    /// The number of calls without a result in the exported journal.
    package var openCallsThere = 0
    /// The calls without a result that this journal has for records that were imported.
    package var openCallsHere: [OpenCalls] = []
    /// The scopes of imported records for which the file gives no base URL.
    package var withoutAddress: [JournalScope] = []

    package var records: Int { counts.values.reduce(0, +) }

    package subscript(_ merge: JournalMerge) -> Int { counts[merge] ?? 0 }
  }

  package struct Conflict: Sendable, Hashable {
    package var scope: JournalScope
    package var key: Name

    package init(scope: JournalScope, key: Name) {
      self.scope = scope
      self.key = key
    }
  }

  package struct OpenCalls: Sendable, Hashable {
    package var scope: JournalScope
    package var count: Int
  }

  private static let conflictsNamed = 5
  private static let recordsAtOnce = 256

  private let journal: any Journal
  private let name: String
  private var summary = Summary()
  private var scope: JournalScope?
  private var records: [JournalRecord] = []
  /// Hashes of the imported keys. Only a warning depends on them.
  private var keys: [JournalScope: Set<Int>] = [:]
  private var version = JournalFile.version
  /// The base URLs of this state's scopes, and those that the file gives.
  private let known: [JournalScope: String]
  private var addresses: [JournalScope: String] = [:]
  private var scopes: Set<JournalScope> = []

  private init(_ journal: any Journal, name: String, known: [JournalScope: String]) {
    self.journal = journal
    self.name = name
    self.known = known
  }

  /// - Parameters:
  ///   - name: of the input, in failures.
  ///   - states: of the same state as the journal. Scopes without a base URL get that of the file.
  ///   - lease: any that the caller holds. The caller makes sure that nothing loads into this journal meanwhile.
  ///   - isTrial: nothing changes. The summary is what it would be otherwise.
  /// - Throws: `OperationFailure`: `wrongFile` if a line is not what it must be, `newerFormat`, `damaged` if the file was cut
  ///   off, `configuration` if the file gives a base URL for a scope that differs from
  ///   the one in this state. `CancellationError`.
  package static func run(
    _ input: any ByteInput, name: String, into journal: any Journal, _ states: any StateStore, under lease: Lease, isTrial: Bool
  ) throws -> Summary {
    var reading = JournalImport(journal, name: name, known: try addresses(journal, states))
    try journal.merge(under: lease, isTrial: isTrial) { merge in
      var lines = LineReader(input, name: name)
      guard let header = try lines.next() else { throw reading.notAJournal }
      try reading.checkHeader(header)
      var footer: JournalFile.Footer?
      while let line = try lines.next() {
        guard footer == nil else { throw reading.fault(line.number, "it comes after the last line, which counts the records") }
        footer = try reading.take(line, merge)
      }
      try reading.flush(merge)
      try reading.checkEnd(footer)
    }
    if !isTrial { try reading.saveAddresses(states, lease) }
    try reading.countOpenCalls()
    reading.summary.withoutAddress = reading.scopes.filter { reading.addresses[$0] == nil }.sorted()
    return reading.summary
  }

  // MARK: Base URLs

  private static func addresses(_ journal: any Journal, _ states: any StateStore) throws -> [JournalScope: String] {
    var addresses: [JournalScope: String] = [:]
    for summary in try journal.scopes() {
      addresses[summary.scope] = try states.checkpoint(summary.scope.baseURL).map { String(decoding: $0, as: UTF8.self) }
    }
    return addresses
  }

  /// IDs are valid at one base URL only.
  private mutating func take(_ address: String, of scope: JournalScope, line: Int) throws {
    if let other = addresses[scope], !other.isExactly(address) {
      throw fault(line, "it has a different base URL for '\(scope.destination) \(scope.mapping)' than an earlier line: \(other)")
    }
    if let other = known[scope], !other.isExactly(address) {
      throw OperationFailure(
        .configuration,
        """
        \(name): the journal of '\(scope.destination) \(scope.mapping)' in the pipeline '\(scope.pipeline)' is for \(address), but \
        the one in this state is for \(other); nothing was imported. If they are different systems, give the destinations \
        different names, or import into another state folder (--state). If they are the same system, change base_url where the \
        file was exported, run `waybill journal rebuild` there, and export again
        """)
    }
    addresses[scope] = address
  }

  /// Called after the records are merged: if the process is killed in between, importing the file again saves the addresses.
  private func saveAddresses(_ states: any StateStore, _ lease: Lease) throws {
    let new = addresses.filter { known[$0.key] == nil }.sorted { $0.key < $1.key }
    try states.save(new.map { Checkpoint($0.key.baseURL, Array($0.value.utf8)) }, under: lease)
  }

  // MARK: Lines

  private var notAJournal: OperationFailure {
    OperationFailure(.wrongFile, "\(name) is not an exported journal; `waybill journal export` writes one")
  }

  private func fault(_ line: Int, _ reason: String) -> OperationFailure {
    OperationFailure(.wrongFile, "\(name), line \(line): \(reason); nothing was imported")
  }

  private mutating func checkHeader(_ line: LineReader.Line) throws {
    guard let value = try? JSONReader.read(Array(line.bytes)),
      value["format"]?.stringValue?.isExactly(JournalFile.format) == true,
      let version = value["version"]?.intValue, version >= 1
    else { throw notAJournal }
    guard version <= JournalFile.version else {
      throw OperationFailure(
        .newerFormat,
        "\(name): a newer version of Waybill wrote it (format \(version); this version reads up to \(JournalFile.version)): use that version"
      )
    }
    self.version = version
  }

  /// - Returns: the footer, if this is the last line.
  private mutating func take(_ line: LineReader.Line, _ merge: Merging) throws -> JournalFile.Footer? {
    guard line.isTerminated else { throw cutOff }
    let value: JSONValue
    do { value = try JSONReader.read(Array(line.bytes)) } catch {
      throw fault(line.number, "it is not valid JSON: \(error.message)")
    }
    if let footer = JournalFile.Footer(value) { return footer }
    do {
      if version >= 2, let (scope, address) = try JournalFile.baseURL(value) {
        try take(address, of: scope, line: line.number)
        return nil
      }
      let (scope, record) = try JournalFile.record(value)
      if self.scope != scope || records.count == Self.recordsAtOnce { try flush(merge) }
      self.scope = scope
      records.append(record)
      scopes.insert(scope)
    } catch let error as JournalFile.Fault {
      throw fault(line.number, error.reason)
    }
    return nil
  }

  private var cutOff: OperationFailure {
    OperationFailure(.damaged, "\(name): the file is truncated: export it again, or copy it again; nothing was imported")
  }

  private mutating func checkEnd(_ footer: JournalFile.Footer?) throws {
    guard let footer else { throw cutOff }
    summary.openCallsThere = footer.openCalls
    guard footer.records == summary.records else {
      throw OperationFailure(
        .damaged,
        "\(name): its last line counts \(footer.records) records, but the file has \(summary.records): export or copy it again; nothing was imported"
      )
    }
  }

  // MARK: Merging

  private typealias Merging = ([JournalRecord], JournalScope) throws -> [JournalMerge]

  private mutating func flush(_ merge: Merging) throws {
    guard let scope, !records.isEmpty else { return }
    try Task.checkCancellation()
    for (record, result) in zip(records, try merge(records, scope)) {
      if result.isWritten { keys[scope, default: []].insert(record.key.hashValue) }
      summary.counts[result, default: 0] += 1
      if result == .conflicting, summary.conflicts.count < Self.conflictsNamed {
        summary.conflicts.append(Conflict(scope: scope, key: record.key))
      }
    }
    records.removeAll(keepingCapacity: true)
  }

  // MARK: Open calls

  /// Their results will not change the imported records, so the command warns about them.
  private mutating func countOpenCalls() throws {
    for (scope, keys) in keys.sorted(by: { $0.key < $1.key }) {
      let count = try journal.openIntents(scope).count { intent in
        intent.request.records.contains { record in
          intent.open.contains(record.ordinal) && record.key.map { keys.contains($0.hashValue) } == true
        }
      }
      if count > 0 { summary.openCallsHere.append(OpenCalls(scope: scope, count: count)) }
    }
  }
}
