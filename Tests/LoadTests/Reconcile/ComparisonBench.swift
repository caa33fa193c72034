import Core
import TestSupport

@testable import Load

/// An API that has what was loaded into it, until somebody changes it, and the comparison of both.
struct ComparisonBench {
  var http: HTTPBench
  let folder = TemporaryFolder()
  var api: FakeAPI { http.api }

  static let columns = [
    LoadColumn(path: ["id"], types: .string), LoadColumn(path: ["email"], types: .string),
    LoadColumn(path: ["name"], types: .string), LoadColumn(path: ["credit"], types: [.integer, .number]),
    LoadColumn(path: ["price"], types: [.integer, .number]), LoadColumn(path: ["age"], types: .integer),
    LoadColumn(path: ["address", "city"], types: .string), LoadColumn(path: ["address", "zip"], types: .string),
    LoadColumn(path: ["tags"], types: .array), LoadColumn(path: ["seen"], types: .string),
    LoadColumn(path: ["phone"], types: .string), LoadColumn(path: ["note"], types: [.string, .null]),
    LoadColumn(path: ["empty"], types: .string), LoadColumn(path: ["more"], types: .object),
    LoadColumn(path: ["flag"], types: .boolean), LoadColumn(path: ["nick"], types: [.string, .null], omitsNull: true),
  ]

  /// Null in `note` is sent, `nick` is left out.
  static func record(_ number: Int) -> String {
    #"{"id":"k\#(number)","email":"Ann\#(number)@Example.com","name":"Zoë \#(number)","credit":\#(number).25,"#
      + #""price":0.12345678901234567\#(number % 10),"age":\#(number),"address":{"city":"City \#(number)","zip":"0\#(number)"},"#
      + #""tags":["b","a","x\#(number)"],"seen":"2026-05-01T10:00:00+02:00","phone":"+49 30 \#(number)","note":null,"empty":"","#
      + #""more":{"x":{"y":\#(number)},"z":[1,2]},"flag":true}"#
  }

  static func records(_ numbers: some Sequence<Int>) -> StagedRecords {
    StagedRecords(numbers.map(record), columns: columns)
  }

  /// - Parameter change: of the requests for people.
  init(
    _ options: FakeAPI.Options = .init(hasUniqueKeys: false), _ change: (inout ResourceDocument) throws -> Void = { _ in }
  ) throws {
    http = try HTTPBench(FakeAPI(options)) { people in
      people.list = ListDocument(
        try HTTPBench.request("GET /people?page={page}"), items: ResponsePath("items"), paging: .number)
      try change(&people)
    }
  }

  /// `find` returns the record with the key, and nothing about others.
  static func findOne(_ people: inout ResourceDocument) throws {
    people.find = FindDocument(try HTTPBench.request("GET /people/{key}"), items: nil)
  }

  /// Loaded for the first time.
  static func loaded(
    _ count: Int = 30, _ change: (inout ResourceDocument) throws -> Void = { _ in }
  ) async throws -> ComparisonBench {
    let bench = try ComparisonBench(.init(hasUniqueKeys: false), change)
    let result = try await bench.http.load(records(0..<count))
    guard result.failure == nil, result.words == Array(repeating: "created", count: count) else {
      throw OperationFailure(.fault, "\(result.words) \(String(describing: result.failure))")
    }
    // They arrive in any order.
    bench.api.change { rows in rows.sort { ($0.record["age"]?.intValue ?? 0) < ($1.record["age"]?.intValue ?? 0) } }
    bench.api.state.withLock { $0.requests = [] }
    return bench
  }

  struct Result {
    var counts: StoredCounts
    var differences: [StoredDifference]

    /// `different k3 email`
    var words: [String] {
      differences.map { [$0.kind.rawValue, $0.key?.text, $0.field].compactMap(\.self).joined(separator: " ") }
    }
  }

  func compare(
    _ expected: StagedRecords..., reading: ComparisonOptions.Reading? = nil, isWhole: Bool = true
  ) async throws -> Result {
    let options = ComparisonOptions(reading: reading, isWhole: isWhole, scratch: folder.path)
    var session = try await http.destination().beginComparing(expected[0].part(), options)
    do {
      for records in expected { try await records.submit(to: &session, in: folder) }
      var differences: [StoredDifference] = []
      let counts = try await session.compare { differences.append($0) }
      await session.close()
      return Result(counts: counts, differences: differences)
    } catch {
      await session.close()
      throw error
    }
  }
}

extension FakeAPI {
  func change(_ body: @Sendable (inout [Row]) -> Void) { state.withLock { body(&$0.rows) } }
}

extension JSONValue {
  /// With another value at the path; nil: without the member.
  func setting(_ path: String..., to value: String?) -> JSONValue { setting(at: path, to: value) }

  func setting(at path: [String], to value: String?) -> JSONValue {
    setting(path[...], to: value.flatMap { try? JSONReader.read($0) })
  }

  private func setting(_ path: ArraySlice<String>, to value: JSONValue?) -> JSONValue {
    guard let first = path.first else { return value ?? .null }
    var members = objectValue ?? []
    let rest = path.dropFirst()
    let index = members.firstIndex { $0.name == first }
    if rest.isEmpty, value == nil {
      if let index { members.remove(at: index) }
    } else {
      let new = (index.map { members[$0].value } ?? .object([])).setting(rest, to: value)
      if let index { members[index].value = new } else { members.append(.init(first, new)) }
    }
    return .object(members)
  }
}
