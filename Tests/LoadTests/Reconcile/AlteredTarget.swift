import Core
import Foundation
import Records
import TestSupport

@testable import Load

/// A destination that has what was loaded into it, and then something else.
struct AlteredTarget {
  /// A record as the destination has it.
  struct Stored: Sendable {
    /// The number of the loaded record that it comes from.
    var origin: Int
    var record: JSONValue

    func setting(_ field: String, to value: String?) -> Stored {
      Stored(origin: origin, record: record.setting(field, to: value))
    }
  }

  static let columns = [
    LoadColumn(path: ["id"], types: .string), LoadColumn(path: ["name"], types: .string),
    LoadColumn(path: ["email"], types: [.string, .null]), LoadColumn(path: ["credit"], types: [.integer, .number]),
    LoadColumn(path: ["points"], types: [.integer, .null]), LoadColumn(path: ["active"], types: .boolean),
    LoadColumn(path: ["joined"], types: .string), LoadColumn(path: ["seen"], types: .string),
    LoadColumn(path: ["tags"], types: .array), LoadColumn(path: ["note"], types: [.string, .null]),
  ]

  static let texts = (1...6).map { number in
    #"{"id":"k\#(number)","name":"Zoë \#(number)","email":"Ann\#(number)@example.com","credit":\#(number).25,"#
      + #""points":\#(number)0,"active":true,"joined":"2026-05-0\#(number)","seen":"2026-05-0\#(number)T10:00:00+02:00","#
      + #""tags":["b","a"],"note":\#(number % 2 == 0 ? #""""# : "null")}"#
  }

  static let records = StagedRecords(texts, columns: columns)

  let name: String
  let destination: any Destination
  private let folder: TemporaryFolder
  private let put: @Sendable ([Stored]) throws -> Void

  func stored() throws -> [Stored] {
    try Self.texts.enumerated().map { Stored(origin: $0, record: try JSONReader.read($1)) }
  }

  /// The destination has these records, and no others.
  func set(_ records: [Stored]) throws { try put(records) }

  func compare() async throws -> (counts: StoredCounts, differences: [StoredDifference]) {
    var session = try await destination.beginComparing(
      Self.records.part(), ComparisonOptions(isWhole: true, scratch: folder.path))
    try await Self.records.submit(to: &session, in: folder)
    var differences: [StoredDifference] = []
    let counts = try await session.compare { differences.append($0) }
    await session.close()
    return (counts, differences)
  }

  /// What a run records of the load.
  func totals() throws -> LoadedTotals? {
    guard var session = try destination.beginTotals(Self.records.part(), TotalsOptions(scratch: folder.path, digestKey: []))
    else {
      return nil
    }
    let reader = try Self.records.reader(in: folder)
    while let batch = try reader.next() {
      for index in 0..<batch.count { try session.add(batch[index..<index + 1]) }
    }
    return try session.finish()
  }

  // MARK: Kinds

  static func all() async throws -> [AlteredTarget] {
    [try await file(.csv(.init())), try await file(.ndjson), try await sqlite(), try await http()]
  }

  private static func load(into destination: any Destination, _ folder: TemporaryFolder) async throws {
    var session = try await destination.begin(records.part(), reporting: RecordingSink())
    try await records.submit(to: &session, in: folder)
    try await session.finish()
    try await session.publish()
    await session.close()
  }

  static func file(_ format: FileFormat) async throws -> AlteredTarget {
    let folder = TemporaryFolder()
    let destination = FileDestination(name: "files", path: try PathTemplate("\(folder.path)/people"), format: format)
    try await load(into: destination, folder)
    let isCSV = format.recordFormat == .csv
    return AlteredTarget(name: isCSV ? "CSV" : "NDJSON", destination: destination, folder: folder) { records in
      let head = isCSV ? columns.map(\.name).joined(separator: ",") + "\n" : ""
      let lines = records.map { stored in
        isCSV ? columns.map { cell(of: stored.record[$0.name]) }.joined(separator: ",") : stored.record.text
      }
      try folder.write("people", head + lines.map { $0 + "\n" }.joined())
    }
  }

  private static func sqlite() async throws -> AlteredTarget {
    let folder = TemporaryFolder()
    let path = "\(folder.path)/app.sqlite"
    let destination = SQLiteDestination(
      name: "base", path: try PathTemplate(path), table: try PathTemplate("people"), mode: .replace)
    try await load(into: destination, folder)
    return AlteredTarget(name: "SQLITE", destination: destination, folder: folder) { records in
      let rows = records.map { stored in
        "(\(columns.map { sql(stored.record[$0.name] ?? .null) }.joined(separator: ", ")))"
      }
      try SQLiteContent.execute(
        path, "PRAGMA synchronous = OFF; DELETE FROM people; INSERT INTO people VALUES \(rows.joined(separator: ", "))")
    }
  }

  private static func http() async throws -> AlteredTarget {
    let bench = try HTTPBench(FakeAPI(.init(hasUniqueKeys: false))) { people in
      people.list = ListDocument(
        try HTTPBench.request("GET /people?page={page}"), items: ResponsePath("items"), paging: .number)
      people.normalizes = [NormalizedField(["seen"], [.instant], place: HTTPBench.place)]
    }
    try await bench.load(records)
    let ids = bench.api.state.withLock { state in
      state.rows.sorted { $0.key < $1.key }.map(\.id)
    }
    return AlteredTarget(name: "HTTP", destination: bench.destination(), folder: TemporaryFolder()) { records in
      var left = Set(ids)
      let rows = records.enumerated().map { index, stored in
        let own = ids.indices.contains(stored.origin) ? left.remove(ids[stored.origin]) : nil
        return FakeAPI.Row(id: own ?? "r90\(index)", record: stored.record)
      }
      bench.api.change { $0 = rows }
    }
  }

  // MARK: Values

  private static func sql(_ value: JSONValue) -> String {
    switch value {
    case .null: "NULL"
    case .bool(let isTrue): isTrue ? "1" : "0"
    case .number(let digits): digits
    case .string(let text): "'\(text)'"
    case .array, .object: "'\(value.text)'"
    }
  }

  /// An empty text has quotes, null has nothing.
  private static func cell(of value: JSONValue?) -> String {
    switch value {
    case nil, .null: ""
    case .string(let text) where !text.isEmpty: text
    case .string: "\"\""
    case .array(let elements): "\"\(JSONValue.array(elements).text.replacing("\"", with: "\"\""))\""
    case .some(let value): value.text
    }
  }
}
