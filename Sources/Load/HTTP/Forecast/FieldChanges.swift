import Core

/// The fields that a record sets or changes at the destination, with their old and new values.
struct FieldChanges {
  /// What an update does, if it is known.
  struct Update: Sendable {
    var fields: [Forecast.Field]
    /// No field changes: it is sent because its requests have changed.
    var isResent: Bool
  }

  private let plan: PartPlan
  /// By the hashes of their paths.
  private let columns: [UInt64: Int]

  init(_ plan: PartPlan) {
    self.plan = plan
    columns = plan.columns.indices.reduce(into: [:]) { $0[FieldHashes.hash(of: plan.columns[$1].path)] = $1 }
  }

  /// A record that the destination does not have.
  func created(_ record: OutgoingRecord) -> [Forecast.Field] { sent(record, old: .absent) }

  private func sent(_ record: OutgoingRecord, old: Forecast.Old) -> [Forecast.Field] {
    let json = record.value
    return plan.columns.indices.compactMap { column in
      value(of: column, in: json).map { .init(column: column, path: plan.columns[column].path, old: old, new: $0) }
    }
  }

  /// According to the journal, no field differs from what the destination accepted last.
  private func isResent(_ record: OutgoingRecord, _ known: Accepted?, _ fields: [Forecast.Field]) -> Bool {
    guard fields.isEmpty, let known, let changes = FieldHashes.changes(from: known.fields, to: record.fields) else {
      return false
    }
    return changes.allSatisfy(\.isMarked)
  }

  // MARK: By the journal

  /// What changes, according to the hashes of the fields in the journal.
  ///
  /// - Parameter kept: records that may have the old values; called only if one is needed.
  func updated(_ record: OutgoingRecord, known: Accepted, kept: () async throws -> [KeptRecords.Kept]) async rethrows -> Update {
    guard let changes = FieldHashes.changes(from: known.fields, to: record.fields) else {
      // It was there before Waybill wrote it.
      return Update(fields: sent(record, old: .notKept), isResent: false)
    }
    let counted = changes.filter { $0.new != nil || plan.omission != .kept }
    guard !counted.isEmpty else { return Update(fields: [], isResent: isResent(record, known, [])) }
    let json = record.value
    let kept = counted.contains { $0.old != nil } ? try await kept() : []
    let last = kept.first { $0.digest == known.digest }
    let fields = counted.compactMap { change -> Forecast.Field? in
      // Sent again as it was, and not applied then.
      if change.isMarked, let new = change.new, last?.hashes[change.path] == new { return nil }
      let source = change.old.flatMap { hash in kept.first { !change.isMarked && $0.hashes[change.path] == hash } }
      let column = columns[change.path]
      let path = column.map { plan.columns[$0].path } ?? kept.lazy.compactMap { $0.paths[change.path] }.first ?? []
      let old: Forecast.Old =
        change.old == nil ? .absent : source.map { .value(Self.value(at: path, in: $0.record) ?? .null) } ?? .notKept
      return .init(column: column, path: path, old: old, new: change.new == nil ? nil : Self.value(at: path, in: json) ?? .null)
    }
    return Update(fields: Self.sorted(fields), isResent: isResent(record, known, fields))
  }

  private static func sorted(_ fields: [Forecast.Field]) -> [Forecast.Field] {
    fields.sorted {
      ($0.column ?? .max, $0.path.joined(separator: ".")) < ($1.column ?? .max, $1.path.joined(separator: "."))
    }
  }

  // MARK: By what is there

  /// What changes in the record that the destination has now.
  func updated(_ record: OutgoingRecord, stored: JSONValue, known: Accepted?) -> Update {
    let json = record.value
    var fields = differing(record, from: stored).map { column in
      Forecast.Field(
        column: column, path: plan.columns[column].path,
        old: value(of: column, in: stored).map { .value($0) } ?? .absent, new: value(of: column, in: json))
    }
    let erased: [Int] =
      switch plan.omission {
      case .kept: []
      case .erased: plan.columns.indices.filter { value(of: $0, in: json) == nil }
      case .erasedIfOurs: plan.omitted(by: record, known: known)
      }
    for column in erased {
      guard let old = value(of: column, in: stored), old != .null else { continue }
      fields.append(.init(column: column, path: plan.columns[column].path, old: .value(old), new: nil))
    }
    if plan.omission == .erased, let known { fields += former(record, known, stored) }
    return Update(fields: fields, isResent: isResent(record, known, fields))
  }

  /// Fields that an earlier mapping sent, and that the update erases.
  private func former(_ record: OutgoingRecord, _ known: Accepted, _ stored: JSONValue) -> [Forecast.Field] {
    let paths = (FieldHashes.changes(from: known.fields, to: record.fields) ?? []).filter {
      $0.new == nil && columns[$0.path] == nil
    }
    guard !paths.isEmpty else { return [] }
    let wanted = Set(paths.map(\.path))
    var found: [Forecast.Field] = []
    func look(_ value: JSONValue, _ path: [String]) {
      for member in value.objectValue ?? [] {
        let own = path + [member.name]
        if wanted.contains(FieldHashes.hash(of: own)) {
          if member.value != .null { found.append(.init(column: nil, path: own, old: .value(member.value), new: nil)) }
        } else {
          look(member.value, own)
        }
      }
    }
    look(stored, [])
    return Self.sorted(found)
  }

  /// The fields that are not there as they were loaded, without those of which the journal says so.
  ///
  /// - Parameter hidden: columns that are not compared.
  func drift(_ record: OutgoingRecord, stored: JSONValue, known: Accepted?, without hidden: Set<Int>) -> [Forecast.Field] {
    let json = record.value
    let marked: (notApplied: [Int], kept: [Int]) =
      known.map { FieldHashes.marked(in: $0.fields, columns: plan.columns) } ?? ([], [])
    let ignored = hidden.union(marked.notApplied).union(marked.kept)
    var columns = differing(record, from: stored)
    if plan.omission == .erased {
      // Somebody has filled in what our record leaves out.
      columns += plan.columns.indices.filter { value(of: $0, in: json) == nil && isFilled($0, in: stored) }
    }
    return columns.filter { !ignored.contains($0) }.sorted().map { column in
      Forecast.Field(
        column: column, path: plan.columns[column].path, old: value(of: column, in: json).map { .value($0) } ?? .absent,
        new: value(of: column, in: stored))
    }
  }

  /// The columns of fields that are sent and have another value there, normalizations aside.
  func differing(_ record: OutgoingRecord, from stored: JSONValue) -> [Int] {
    let json = record.value
    let paths = plan.comparison.differences(from: json, in: stored).map(\.path)
    guard !paths.isEmpty else { return [] }
    return plan.columns.indices.filter { index in
      let own = plan.columns[index].path
      return paths.contains { path in
        // The difference may be inside the field or, if the destination has no object there, around it.
        path.starts(with: own, by: { $0.isExactly($1) })
          || own.starts(with: path, by: { $0.isExactly($1) }) && value(of: index, in: json) != nil
      }
    }
  }

  private func isFilled(_ column: Int, in stored: JSONValue) -> Bool {
    guard value(of: column, in: stored) ?? .null != .null else { return false }
    let empty = plan.columns[column].path.reversed().reduce(JSONValue.null) { .object([.init($1, $0)]) }
    return !plan.comparison.differences(from: empty, in: stored).isEmpty
  }

  func value(of column: Int, in record: JSONValue) -> JSONValue? { Self.value(at: plan.columns[column].path, in: record) }

  private static func value(at path: [String], in record: JSONValue) -> JSONValue? {
    path.isEmpty ? nil : ResponsePath(path.map { .member(Name($0)) }).value(in: record)
  }
}

extension OutgoingRecord {
  /// As it is sent.
  var value: JSONValue { (try? JSONReader.read(json)) ?? .null }
}
