import Core
import FoundationEssentials
import GRDB

/// The result of a comparison, once everything has been read.
extension ComparedRecords {
  /// Reports each difference, by key and column, and records without a key at the end.
  ///
  /// - Parameters:
  ///   - counts: what the readings have counted; the rest is added.
  ///   - readsTexts: all values are texts, as in CSV.
  ///   - digestKey: of the digests.
  /// - Throws: `OperationFailure`, what `sink` throws.
  func report(
    _ counts: inout StoredCounts, readsTexts: Bool = false, digestKey: [UInt8], to sink: (StoredDifference) throws -> Void
  ) throws {
    var tally = Tally(self, counts, readsTexts, digestKey)
    try read { database in
      // Blobs are ordered by their bytes.
      let rows = try Row.fetchCursor(
        database,
        sql: """
          SELECT key, number, record, remote, state FROM expected WHERE skipped = 0
          UNION ALL
          SELECT DISTINCT key, \(Self.beyond), NULL, NULL, NULL FROM readings r
            WHERE NOT EXISTS (SELECT 1 FROM expected e WHERE e.key = r.key AND e.number = r.place)
          ORDER BY 1, 2
          """)
      while let row = try rows.next() {
        let key = Self.name(row[0]) ?? ""
        let number: Int = row[1]
        let record: Data? = row[2]
        let state = (row[4] as Int?).flatMap { State(rawValue: $0) }
        guard let record else {
          let others = try self.readings(of: key, database)
          let isExpected = try self.isExpected(key, database)
          for reading in others { try tally.add(isExpected ? .duplicate : .extra, reading, sink) }
          continue
        }
        let readings = state == .equal || state == .unseen ? [] : try self.readings(of: key, at: number, database)
        let expected = try RecordValues.read(Array(record))
        switch state {
        case .equal: tally.add(equal: expected, key)
        case .differs: try tally.add(expected, key, Self.name(row[3]), readings, sink)
        case .unseen, nil: try tally.add(missing: expected, key, sink)
        }
      }
      for id in try Row.fetchAll(database, sql: "SELECT remote FROM keyless ORDER BY remote, number") {
        tally.counts.withoutKey += 1
        try sink(StoredDifference(.withoutKey, key: nil, remoteID: Self.name(id[0])))
      }
      let skipped = try Row.fetchAll(database, sql: "SELECT skipped, count(*) FROM expected WHERE skipped > 0 GROUP BY 1")
      for row in skipped {
        switch Skipped(rawValue: row[0]) {
        case .loadedSince: tally.counts.loadedSince += row[1] as Int
        case .uncertain: tally.counts.uncertain += row[1] as Int
        case .notRead: tally.counts.notRead += row[1] as Int
        case .leftAlone: tally.counts.leftAlone += row[1] as Int
        case .some(.none), .notSelected, nil: continue
        }
      }
    }
    counts = tally.finished()
  }

  private func isExpected(_ key: Name, _ database: Database) throws -> Bool {
    try Int.fetchOne(
      database.cachedStatement(sql: "SELECT 1 FROM expected WHERE key = ?"), arguments: [Self.blob(key)]) != nil
  }

  /// - Parameter place: the number of the expected record that they are readings of; nil: of none.
  func readings(of key: Name, at place: Int? = nil, _ database: Database) throws -> [Reading] {
    let statement = try database.cachedStatement(
      sql: """
        SELECT record, remote FROM readings r WHERE key = ?1 AND (place = ?2
          OR ?2 IS NULL AND NOT EXISTS (SELECT 1 FROM expected e WHERE e.key = ?1 AND e.number = r.place)) ORDER BY number
        """)
    return try Row.fetchAll(statement, arguments: [Self.blob(key), place]).map { row in
      Reading(key: key, values: try RecordValues.read(Array(row[0] as Data)), remoteID: Self.name(row[1]))
    }
  }

  /// Counts, totals and digests.
  private struct Tally {
    let records: ComparedRecords
    var counts: StoredCounts
    private var totals: ControlTotals
    private var dates: DateTotals
    /// The records come in the order of their keys.
    private var lastLoaded: Name?
    private var lastStored: Name?
    private var loaded: SetDigest
    private var stored: SetDigest
    /// The columns in an order that does not depend on that of the mapping's lines, with their labels.
    private let order: [Int]
    private let labels: [[UInt8]]

    init(_ records: ComparedRecords, _ counts: StoredCounts, _ readsTexts: Bool, _ digestKey: [UInt8]) {
      (loaded, stored) = (SetDigest(key: digestKey), SetDigest(key: digestKey))
      self.records = records
      self.counts = counts
      totals = ControlTotals(records.columns, readsTexts: readsTexts)
      dates = DateTotals(records.columns)
      (order, labels) = SetDigest.order(of: records.columns)
    }

    func finished() -> StoredCounts {
      var counts = counts
      counts.totals = totals.totals
      counts.dates = dates.totals
      (counts.loadedDigest, counts.storedDigest) = (loaded.text, stored.text)
      return counts
    }

    /// Without those of columns that are not compared.
    private func compared(_ values: [JSONValue?]) -> [JSONValue?] {
      if records.ignored.isEmpty { return values }
      return values.indices.map { records.ignored.contains($0) ? nil : values[$0] }
    }

    private func canonical(_ values: [JSONValue?]) -> [JSONValue?] {
      records.columns.indices.map { index in
        records.ignored.contains(index) ? nil : records.comparison.canonical(values[index], of: records.columns[index].path)
      }
    }

    /// - Parameter plain: the values before they were made canonical.
    private mutating func add(loaded key: Name, _ values: [JSONValue?], _ plain: [JSONValue?]) {
      counts.loaded += 1
      if lastLoaded != key { counts.loadedKeys += 1 }
      lastLoaded = key
      totals.add(loaded: values)
      dates.add(loaded: compared(plain))
      loaded.add(key, order.map { values[$0] }, of: labels)
    }

    private mutating func add(stored key: Name, _ values: [JSONValue?], _ plain: [JSONValue?]) {
      counts.stored += 1
      if lastStored != key { counts.storedKeys += 1 }
      lastStored = key
      totals.add(stored: values)
      dates.add(stored: compared(plain))
      stored.add(key, order.map { values[$0] }, of: labels)
    }

    /// Its values are those of the expected record, whatever the destination has beside them.
    mutating func add(equal expected: [JSONValue?], _ key: Name) {
      let values = canonical(expected)
      add(loaded: key, values, expected)
      add(stored: key, values, expected)
    }

    mutating func add(missing expected: [JSONValue?], _ key: Name, _ sink: (StoredDifference) throws -> Void) throws {
      add(loaded: key, canonical(expected), expected)
      counts.missing += 1
      try sink(StoredDifference(.missing, key: key))
    }

    /// A record that is extra, or a duplicate.
    mutating func add(
      _ kind: StoredDifference.Kind, _ reading: Reading, _ sink: (StoredDifference) throws -> Void
    ) throws {
      add(stored: reading.key, canonical(reading.values), reading.values)
      if kind == .duplicate { counts.duplicate += 1 } else { counts.extra += 1 }
      try sink(StoredDifference(kind, key: reading.key, remoteID: reading.remoteID))
    }

    /// A record that was read with other values or another ID, or more than once.
    mutating func add(
      _ expected: [JSONValue?], _ key: Name, _ remoteID: Name?, _ readings: [Reading], _ sink: (StoredDifference) throws -> Void
    ) throws {
      let values = canonical(expected)
      add(loaded: key, values, expected)
      func differences(_ reading: Reading) -> [[ValueDifference]] {
        records.columns.indices.map { records.differences(at: $0, expected, reading.values) }
      }
      let own =
        readings.firstIndex { remoteID != nil && $0.remoteID == remoteID }
        ?? readings.firstIndex { differences($0).allSatisfy(\.isEmpty) } ?? readings.startIndex
      for (index, reading) in readings.enumerated() where index == own {
        let found = differences(reading)
        // Equal columns count with the value that was loaded, as those of equal records do.
        let shown = canonical(reading.values)
        add(
          stored: key, found.indices.map { found[$0].isEmpty ? values[$0] : shown[$0] },
          found.indices.map { found[$0].isEmpty ? expected[$0] : reading.values[$0] })
        var isDifferent = false
        for (column, differences) in found.enumerated() {
          for difference in differences {
            isDifferent = true
            try sink(
              StoredDifference(
                .different, key: key, column: column, field: difference.path.joined(separator: "."), loaded: difference.sent,
                stored: difference.stored == .null ? nil : difference.stored, remoteID: reading.remoteID))
          }
        }
        if let remoteID, let other = reading.remoteID, other != remoteID {
          isDifferent = true
          try sink(
            StoredDifference(
              .different, key: key, field: "remote_id", loaded: .string(remoteID.text), stored: .string(other.text),
              remoteID: other))
        }
        if isDifferent { counts.different += 1 }
      }
      for (index, reading) in readings.enumerated() where index != own { try add(.duplicate, reading, sink) }
    }
  }
}
