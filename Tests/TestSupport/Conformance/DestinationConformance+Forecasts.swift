import Core
import Load
import Testing

extension DestinationConformance {
  static let forecasts: [Check] = [
    Check("a forecast predicts what the load does, and changes nothing") { subject in
      for (name, last, next) in changes(subject.form) {
        let bench = try DestinationBench(subject)
        if let last { try await bench.load(last) }
        try await bench.compare(next, after: last, name)
      }
    },
    Check("a forecast of a forecast's input is the same again") { subject in
      let bench = try DestinationBench(subject)
      let records = bench.records(9)
      try await bench.load(records)
      let changed = altered(records, subject.form)
      let first = try await changed.forecast(by: bench.destination, after: records, in: bench.folder)
      let second = try await changed.forecast(by: bench.destination, after: records, in: bench.folder)
      #expect(first.sink.all.map { "\($0)" } == second.sink.all.map { "\($0)" })
      #expect(first.sink.removals == second.sink.removals)
    },
  ]

  /// What a target has, and what is loaded then.
  private static func changes(_ form: RecordForm) -> [(String, StagedRecords?, StagedRecords)] {
    let (nine, four) = (form.records(9), form.records(4))
    return [
      ("nothing", nil, form.records(0)), ("empty", nil, nine), ("same", nine, nine), ("changed", nine, altered(nine, form)),
      ("fewer", nine, four), ("more", four, nine), ("reordered", nine, reordered(nine)),
      ("without a field", nine, without(nine, "," + form.city(#""Köln 0""#))),
      ("with a null", nine, without(nine, #""Köln 3""#, "null")),
      ("with another list", nine, without(nine, #"["a","\"0"]"#, #"["a"]"#)), ("nothing any more", nine, form.records(0)),
    ]
  }

  private static func altered(_ records: StagedRecords, _ form: RecordForm) -> StagedRecords {
    let changed = without(records, "Köln 3", "Bonn")
    return without(changed, #""tags":[]"#, #""tags":\#(form.otherTags)"#)
  }

  private static func without(_ records: StagedRecords, _ text: String, _ new: String = "") -> StagedRecords {
    var changed = records
    changed.records = records.records.map { $0.replacing(text, with: new) }
    #expect(changed.records != records.records)
    return changed
  }

  private static func reordered(_ records: StagedRecords) -> StagedRecords {
    var records = records
    records.records.reverse()
    return records
  }
}

extension DestinationBench {
  /// Predicts a load, performs it, and compares both.
  fileprivate func compare(_ next: StagedRecords, after last: StagedRecords?, _ name: String) async throws {
    let before = try content()
    let (sink, failure) = try await next.forecast(by: destination, after: last, in: folder)
    #expect(failure == nil, "\(name)")
    #expect(try content() == before, "\(name)")
    #expect(names().filter { $0.hasSuffix(".part") } == [], "\(name)")
    #expect(sink.forecasts.values.allSatisfy { $0.count == 1 }, "\(name)")
    let loaded = try await load(next)
    for (ordinal, outcomes) in loaded.outcomes {
      // What became of a lost response cannot be predicted.
      guard let outcome = outcomes.first?.outcome, outcome != .pending else { continue }
      #expect(sink.forecasts[ordinal]?.first?.outcome == outcome, "\(name): record \(ordinal)")
    }
    #expect(sink.all.count == next.records.count, "\(name)")
    guard subject.namesFields else { return }
    for forecast in sink.all where forecast.outcome != .unchanged {
      let old = last?.records.first { $0.contains(#""id":"\#(forecast.key.text)""#) }
      let new = try #require(next.records.first { $0.contains(#""id":"\#(forecast.key.text)""#) })
      let expected = try fields(from: old, to: new, next.columns)
      #expect(shown(forecast.fields) == expected, "\(name): \(forecast.key)")
    }
    if !sink.removals.isEmpty {
      let kept = Set(next.records.map { Self.key(of: $0) })
      let gone = (last?.records ?? []).map { Self.key(of: $0) }.filter { !kept.contains($0) }
      #expect(sink.removals.sorted() == gone.sorted(), "\(name)")
    }
  }

  private static func key(of record: String) -> String { (try? JSONReader.read(record))?["id"]?.stringValue ?? "" }

  /// `city: "Köln" -> null`; fields without a value are not told from those that are missing, unless these are kept.
  private func fields(from old: String?, to new: String, _ columns: [LoadColumn]) throws -> [String] {
    let (old, new) = (try old.map { try JSONReader.read($0) }, try JSONReader.read(new))
    return columns.compactMap { column -> String? in
      func value(_ record: JSONValue?) -> JSONValue? { column.path.reduce(record) { $0?[$1] } }
      if subject.form.keepsMissing, value(new) == nil { return nil }
      let (before, after) = (value(old) ?? .null, value(new) ?? .null)
      return before == after ? nil : "\(column.name): \(before.text) -> \(after.text)"
    }
  }

  private func shown(_ fields: [Forecast.Field]) -> [String] {
    fields.compactMap { field -> String? in
      let old =
        switch field.old {
        case .absent: "null"
        case .notKept: "?"
        case .value(let value): value.text
        }
      let new = field.new?.text ?? "null"
      return old == new ? nil : "\(field.path.joined(separator: ".")): \(old) -> \(new)"
    }
  }
}
