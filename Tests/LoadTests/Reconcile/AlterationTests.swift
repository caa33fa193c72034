import Core
import Load
import TestSupport
import Testing

/// What somebody can do to the records of a destination, and what a comparison says about it.
@Suite struct AlterationTests {
  struct Alteration: Sendable, CustomTestStringConvertible {
    var testDescription: String
    var found: [String]
    /// By the list only; lookups by key do not show it.
    var isOnlyInList = false
    var alter: @Sendable (inout [FakeAPI.Row]) -> Void

    init(
      _ testDescription: String, _ found: String..., isOnlyInList: Bool = false,
      alter: @escaping @Sendable (inout [FakeAPI.Row]) -> Void
    ) {
      self.testDescription = testDescription
      self.found = found
      self.isOnlyInList = isOnlyInList
      self.alter = alter
    }

    /// One field of record 3 gets another value; nil: it is removed.
    static func field(_ what: String, _ field: String, _ value: String?) -> Alteration {
      Alteration(what, "different k3 \(field)") { rows in
        rows[3].record = rows[3].record.setting(at: field.split(separator: ".").map(String.init), to: value)
      }
    }
  }

  static let alterations: [Alteration] = [
    .field("a text changed", "name", #""Zoë 4""#),
    Alteration("a record removed", "missing k3") { $0.remove(at: 3) },
    Alteration("a record added", "extra x1", isOnlyInList: true) {
      $0.append(.init(id: "r900", record: $0[3].record.setting("id", to: #""x1""#)))
    },
    Alteration("a record without a key added", "without-key", isOnlyInList: true) {
      $0.append(.init(id: "r900", record: $0[3].record.setting("id", to: nil)))
    },
    Alteration("two records' values swapped", "different k3 age", "different k4 age") {
      let (three, four) = ($0[3].record["age"]!, $0[4].record["age"]!)
      $0[3].record = $0[3].record.setting("age", to: four.text)
      $0[4].record = $0[4].record.setting("age", to: three.text)
    },
    Alteration("two fields swapped", "different k3 email", "different k3 name") {
      let (email, name) = ($0[3].record["email"]!, $0[3].record["name"]!)
      $0[3].record = $0[3].record.setting("email", to: name.text).setting("name", to: email.text)
    },
    .field("a space at the end", "name", #""Zoë 3 ""#), .field("a space at the beginning", "name", #"" Zoë 3""#),
    .field("two spaces for one", "name", #""Zoë  3""#), .field("a no-break space", "name", #""Zoë\u00a03""#),
    .field("another case", "email", #""ann3@example.com""#), .field("a number as a text", "credit", #""3.25""#),
    .field("a text as a number", "address.zip", "3"), .field("a rounded number", "credit", "3.2"),
    .field("the 18th digit of a number", "price", "0.123456789012345674"),
    .field("another number format", "phone", #""+4930 3""#),
    .field("another offset, at the same instant", "seen", #""2026-05-01T08:00:00Z""#),
    .field("a time an hour later", "seen", #""2026-05-01T11:00:00+02:00""#),
    .field("null for an empty text", "empty", "null"), .field("an empty text for null", "note", #""""#),
    .field("a missing field for an empty text", "empty", nil), .field("a value where null was sent", "note", #""hello""#),
    .field("a value where nothing was sent", "nick", #""Annie""#), .field("a truncated text", "email", #""Ann3@Example""#),
    .field("an element removed from a list", "tags", #"["b","a"]"#),
    .field("a list in another order", "tags", #"["a","b","x3"]"#),
    .field("an element twice in a list", "tags", #"["b","a","x3","x3"]"#),
    .field("a field inside an object", "address.city", #""Ulm""#),
    Alteration("an object removed", "different k3 address.city", "different k3 address.zip") {
      $0[3].record = $0[3].record.setting("address", to: nil)
    },
    .field("a field inside the object of a field", "more.x.y", "4"),
    .field("a composed character", "name", #""Zoe\u0308 3""#), .field("a boolean as a text", "flag", #""true""#),
    .field("a boolean as a number", "flag", "1"), .field("the other boolean", "flag", "false"),
    .field("a value removed", "age", "null"), .field("another type", "age", #"{"value":3}"#),
    Alteration("a record twice", "duplicate k3", isOnlyInList: false) { $0.append(.init(id: "r900", record: $0[3].record)) },
    Alteration("a record twice, once changed", "duplicate k3") {
      $0.insert(.init(id: "r900", record: $0[3].record.setting("name", to: #""Eva""#)), at: 0)
    },
    Alteration("a record deleted and created again", "different k3 remote_id") { $0[3].id = "r900" },
    Alteration("a key changed", "extra x3", "missing k3") { $0[3].record = $0[3].record.setting("id", to: #""x3""#) },
  ]

  @Test(arguments: alterations) func `the list shows each alteration, with its key and field`(_ alteration: Alteration)
    async throws
  {
    let changes: [(inout ResourceDocument) -> Void] = [{ _ in }, { $0.find = nil }]
    for change in changes {
      let bench = try await ComparisonBench.loaded(30, change)
      bench.api.change(alteration.alter)
      let before = bench.api.text
      let result = try await bench.compare(ComparisonBench.records(0..<30), reading: .list)
      #expect(result.words.sorted() == alteration.found.sorted())
      #expect(result.counts.isEqual == alteration.found.contains("without-key"))
      #expect((result.counts.loadedDigest == result.counts.storedDigest) == alteration.hasSameDigest)
      #expect(bench.api.text == before && bench.api.writes.isEmpty)
    }
  }

  @Test(arguments: alterations) func `the list shows it without IDs, where find returns only one record`(
    _ alteration: Alteration
  ) async throws {
    var bench = try await ComparisonBench.loaded(30) { try ComparisonBench.findOne(&$0) }
    bench.http.document.resources[0].remoteID = .header("location")
    bench.api.change(alteration.alter)
    let result = try await bench.compare(ComparisonBench.records(0..<30))
    // Without IDs, a record that was created again is the same one.
    let found = alteration.found == ["different k3 remote_id"] ? [] : alteration.found
    #expect(result.words.sorted() == found.sorted())
    #expect((result.counts.loadedDigest == result.counts.storedDigest) == alteration.hasSameDigest)
  }

  @Test(arguments: alterations) func `lookups by key show each alteration of what was loaded`(_ alteration: Alteration)
    async throws
  {
    let bench = try await ComparisonBench.loaded()
    bench.api.change(alteration.alter)
    let result = try await bench.compare(ComparisonBench.records(0..<30), reading: .key)
    let found = alteration.isOnlyInList ? [] : alteration.found.filter { !$0.hasPrefix("extra") }
    #expect(result.words.sorted() == found.sorted())
    #expect(!result.counts.judgesExtras && result.counts.readBy == "key")
  }

  @Test func `differences have both values, and come in the order of keys and columns`() async throws {
    let bench = try await ComparisonBench.loaded()
    bench.api.change { rows in
      rows[20].record = rows[20].record.setting("credit", to: #""20.25""#).setting("name", to: nil)
      rows[3].record = rows[3].record.setting("nick", to: #""A""#)
      rows.remove(at: 11)
      rows.reverse()
    }
    let result = try await bench.compare(ComparisonBench.records(0..<30))
    #expect(result.words == ["missing k11", "different k20 name", "different k20 credit", "different k3 nick"])
    #expect(result.differences.map(\.loaded) == [nil, .string("Zoë 20"), .number("20.25"), nil])
    #expect(result.differences.map(\.stored) == [nil, nil, .string("20.25"), .string("A")])
    #expect(result.differences.map(\.column) == [nil, 2, 3, 15])
    let counts = result.counts
    #expect((counts.loaded, counts.stored, counts.missing, counts.different) == (30, 29, 1, 2))
    // The sums of 0.25 to 29.25, and without two of them.
    let credit = try #require(counts.totals.first { $0.column == 3 })
    #expect(credit.loaded == .init(records: 30, sum: .exactly("442.5")) && credit.stored == .init(records: 29, sum: .notNumbers))
    #expect(credit.isEqual == false)
    let age = try #require(counts.totals.first { $0.column == 5 })
    #expect(age.loaded == .init(records: 30, sum: .exactly("435")) && age.stored == .init(records: 29, sum: .exactly("424")))
    #expect(age.isEqual == false)
  }

  // MARK: Normalizers

  private static let normalizers: [(field: String, Set<FieldNormalizer>)] = [
    ("email", [.lower]), ("name", [.trim, .spaces]), ("credit", [.number]), ("seen", [.instant]), ("phone", [.digits]),
    ("empty", [.empty]), ("tags", [.unordered]), ("nick", [.default]), ("address.zip", [.number]),
  ]

  private static func declare(_ people: inout ResourceDocument) {
    people.normalizes = normalizers.map { field, normalizers in
      NormalizedField(field.split(separator: ".").map { Name($0) }, normalizers, place: HTTPBench.place)
    }
  }

  @Test(arguments: [
    "another case", "a space at the end", "a space at the beginning", "two spaces for one", "a number as a text",
    "another offset, at the same instant", "another number format", "null for an empty text", "a missing field for an empty text",
    "a list in another order", "a value where nothing was sent",
  ]) func `a declared normalization hides its own alteration, and no other`(_ name: String) async throws {
    let alteration = try #require(Self.alterations.first { $0.testDescription == name })
    let bench = try await ComparisonBench.loaded(30, Self.declare)
    bench.api.change(alteration.alter)
    #expect(try await bench.compare(ComparisonBench.records(0..<30)).words == [])
    bench.api.change { rows in
      // Of fields that have other normalizers.
      rows[5].record = rows[5].record.setting("email", to: #"" ann5@example.com""#).setting("tags", to: #"["B","a","x5"]"#)
        .setting("name", to: #""zoë 5""#).setting("seen", to: #""2026-05-01T10:00:01+02:00""#).setting("note", to: #""""#)
        .setting("phone", to: #""4930 5""#).setting("age", to: #""5""#)
    }
    let result = try await bench.compare(ComparisonBench.records(0..<30))
    #expect(result.words == ["email", "name", "age", "tags", "seen", "phone", "note"].map { "different k5 \($0)" })
  }

  @Test func `an untouched destination of 20,000 records has no differences, in one pass`() async throws {
    let count = 20_000
    let bench = try ComparisonBench(.init(hasUniqueKeys: false, pageSize: 100), Self.declare)
    let rows = try (0..<count).map { number in
      // As a destination stores it that normalizes every declared field.
      let sent = try JSONReader.read(ComparisonBench.record(number))
      return FakeAPI.Row(
        id: "r\(number)",
        record: sent.setting("email", to: #""ann\#(number)@example.com""#).setting("name", to: #""Zoë \#(number)""#)
          .setting("credit", to: #""\#(number).250""#).setting("seen", to: #""2026-05-01T08:00:00.5Z""#)
          .setting("phone", to: #""+4930\#(number)""#).setting("empty", to: "null").setting("nick", to: #""N\#(number)""#)
          .setting("tags", to: #"["a","b","x\#(number)"]"#).setting("created_at", to: #""2026-05-01""#))
    }
    bench.api.change { $0 = rows.reversed() }
    _ = try await bench.http.destination().rebuildJournal(ComparisonBench.records([]).part())
    bench.api.state.withLock { $0.requests = [] }
    let result = try await bench.compare(ComparisonBench.records(0..<count))
    #expect(result.words == [] && result.counts.isEqual && result.counts.changedWhileRead == 0)
    #expect(result.counts.loaded == count && result.counts.stored == count)
    #expect(result.counts.loadedDigest == result.counts.storedDigest && result.counts.loadedDigest.count == 64)
    #expect(result.counts.totals.map(\.isEqual) == [true, true, true])
    #expect(result.counts.totals.map(\.column) == [3, 4, 5])
    #expect(result.counts.totals[2].loaded.sum == .exactly(String(count * (count - 1) / 2)))
    // One request for each page, and one that shows the end.
    #expect(bench.api.requests.map(\.target) == (1...count / 100 + 1).map { "/people?page=\($0)" })
    #expect(bench.folder.names().filter { !$0.hasPrefix("staged-") } == [])
  }
}

extension AlterationTests.Alteration {
  /// A record that is the same but for its ID, or that nobody's key names, is no other set of records.
  fileprivate var hasSameDigest: Bool { found == ["different k3 remote_id"] || found == ["without-key"] }
}
