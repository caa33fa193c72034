package import Core
package import Records
import Values

/// Loads the tables of lookups over entities from the records of each, as a snapshot has them.
package enum EntityLookupLoader {
  /// The tables of all lookups over entities that `models` declare. `records` gives an entity's records; nil where
  /// there are none, which is then reported when the program is made.
  ///
  /// - Throws: `OperationFailure` if a record cannot be an entry, or the records cannot be read.
  package static func tables(
    for models: [MappingModel], records: (_ entity: String) throws -> StoredRecords?
  ) throws -> [EntityLookup: LookupTable] {
    var tables: [EntityLookup: LookupTable] = [:]
    for table in models.flatMap(\.lookups) {
      guard let entity = table.entity, tables[entity] == nil, let stored = try records(entity.entity) else { continue }
      var source = try stored.open()
      tables[entity] = try load(table, from: &source, file: stored.name)
    }
    return tables
  }

  /// The table `declared` with the records of `source` as entries; `file` is for messages. Records without a key are not entries;
  /// two of the same key, a value that is a list or an object, and a record that cannot be read are failures.
  package static func load(
    _ declared: LookupTable, from source: inout any RecordSource, file: String
  ) throws -> LookupTable {
    guard let entity = declared.entity else { return declared }
    var reading = Reading(declared, entity, file: file)
    let batch = RecordBatch()
    while try source.fill(batch) {
      for item in batch.items { try reading.read(item, in: batch) }
    }
    return reading.table
  }

  private struct Reading: ~Copyable {
    var table: LookupTable
    private let entity: EntityLookup
    private let file: String
    private var walker = RecordWalker()
    /// Key, then values.
    private let cells: UnsafeMutableBufferPointer<Cell>
    private var lines: [Name: Int] = [:]

    init(_ declared: LookupTable, _ entity: EntityLookup, file: String) {
      table = declared
      table.entity = nil
      self.entity = entity
      self.file = file
      // A path has one slot: a value that is also the key, or occurs twice, reads the slot of the first.
      for (slot, path) in Self.paths(of: entity).enumerated() { walker.addPath(path.map { .member($0) }, slot: slot) }
      cells = .allocate(capacity: 1 + entity.values.count)
      cells.initialize(repeating: .missing)
    }

    deinit { cells.deallocate() }

    private static func paths(of entity: EntityLookup) -> [[String]] {
      var paths = [entity.key]
      for value in entity.values where !paths.contains(where: value.isExactly) { paths.append(value) }
      return paths
    }

    mutating func read(_ item: RecordBatch.Item, in batch: RecordBatch) throws {
      if let fault = item.fault { throw failure(item.line, "the record cannot be read (\(fault.slug))") }
      let bytes = UnsafeBufferPointer(start: UnsafePointer(batch.base + item.start), count: item.end - item.start)
      cells.update(repeating: .missing)
      if let fault = walker.indexRecord(bytes) ?? walker.walk(0..<bytes.count, into: cells) {
        throw failure(item.line, "the record cannot be read (\(fault.code.slug))")
      }
      guard let key = try value(entity.key, item.line) else { return }
      let text: String =
        switch key {
        case .string(let text): text
        case .number(let digits): Self.key(digits)
        case .bool(let value): value ? "true" : "false"
        case .null, .array, .object: ""
        }
      if let first = lines.updateValue(item.line, forKey: Name(text)) {
        throw failure(item.line, "the record has the same '\(entity.key.joined(separator: "."))' as the one on line \(first)")
      }
      table.keys.append(text)
      table.entries[Name(text)] = try entity.values.map { try value($0, item.line) ?? .null }
    }

    /// Of a number: `1.0` and `1e2` are those integers.
    private static func key(_ digits: String) -> String {
      var arena = ByteArena(capacity: 128)
      arena.begin()
      return Numbers.whole(Array(digits.utf8).span, into: &arena) ? arena.finish().string : digits
    }

    /// Nil: missing, null, or blank.
    private func value(_ path: [String], _ line: Int) throws -> JSONValue? {
      let cell = cells[Self.paths(of: entity).firstIndex(where: path.isExactly) ?? 0]
      switch cell.kind {
      case .missing, .null: return nil
      case .false: return .bool(false)
      case .true: return .bool(true)
      case .integer, .decimal, .number: return .number(cell.text.string)
      case .string, .date, .datetime:
        return entity.blankIsNull && Whitespace.isBlank(cell.text.span) ? nil : .string(cell.text.string)
      case .list where cell.count == 0: return nil
      case .object where cell.text[1..<cell.count - 1].buffer.allSatisfy({ $0 <= 0x20 }): return nil
      case .list, .object: throw failure(line, "'\(path.joined(separator: "."))' is not a plain value")
      case .blocked:
        if cell.obstacle.kind == .string, entity.blankIsNull, Whitespace.isBlank(cell.text.span) { return nil }
        throw failure(line, ObstacleText.sentence(cell.obstacle, on: path.map { .member($0) }))
      }
    }

    private func failure(_ line: Int, _ message: String) -> OperationFailure {
      OperationFailure.program(
        "lookup '\(table.name)': \(file), line \(line): \(message)",
        at: table.place ?? SourcePlace(file: file, line: line, column: 1))
    }
  }
}
