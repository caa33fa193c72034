import Control
import Core
import Extract
import Foundation
import Records
import Testing

@testable import GHL
@testable import HTTP

/// Answers that do not match the request.
@Suite struct AnswerIdentityTests {
  /// A path, the answer, and what is wrong; nil if nothing is.
  static let single: [(path: String, body: String, wrong: String?)] = [
    ("/contacts/c1", #"{"contact":{"id":"c1"}}"#, nil), ("/contacts/c1", #"{"contact":{"_id":"c1","locationId":"loc"}}"#, nil),
    ("/contacts/c1", #"{"contact":{"id":"c0"}}"#, "contact c0 instead of c1"),
    ("/contacts/c1", #"{"contact":{"id":"C1"}}"#, "instead of c1"),
    ("/contacts/c1", #"{"contact":{"id":"c1 "}}"#, "instead of c1"),
    ("/contacts/c1", #"{"contact":{"id":7}}"#, "contact 7 instead of c1"),
    ("/contacts/c1", #"{"contact":{"id":["c1"]}}"#, "instead of c1"),
    ("/contacts/caf%C3%A9", #"{"contact":{"id":"cafe\u0301"}}"#, "instead of"),
    ("/contacts/c1", #"{"contact":{"id":"c1","locationId":"other"}}"#, "of location other"),
    ("/locations/loc", #"{"location":{"id":"other"}}"#, "location other instead of loc"),
    ("/businesses/b1", #"{"business":{"id":"b2"}}"#, "business b2 instead of b1"),
    ("/contacts/c1/notes/n1", #"{"note":{"id":"n2"}}"#, "note n2 instead of n1"),
    ("/contacts/c1/notes/n1", #"{"note":{"id":"n1","contactId":"c2"}}"#, "of contact c2"),
    ("/contacts/c1/tasks/t1", #"{"task":{"id":"t2"}}"#, "task t2 instead of t1"),
    ("/calendars/events/appointments/e1", #"{"event":{"id":"e2"}}"#, "appointment e2 instead of e1"),
    ("/calendars/events/appointments/e1", #"{"appointment":{"id":"e1","locationId":"x"}}"#, "of location x"),
    ("/contacts/c1/notes", #"{"notes":[]}"#, nil), ("/anything/c1", #"{"contact":{"id":"c0"}}"#, nil),
  ]

  @Test(arguments: single)
  func `the response for one record is compared with the request`(_ item: (path: String, body: String, wrong: String?))
    async throws
  {
    let transport = ScriptedTransport { _, _ in .success(.json(200, item.body)) }
    let client = try GHLClient.scripted(transport)
    do throws(GHLFailure) {
      _ = try await client.send(GHLRequest(method: .get, typed: item.path))
      #expect(item.wrong == nil)
    } catch {
      #expect(error.kind == .wrongRecord && !error.endsRun && error.operationFailure.exitCode == .unreachable)
      #expect(item.wrong.map { error.description.contains($0) } == true, "\(error)")
      #expect(transport.exchanges.count == 6)
    }
  }

  @Test(
    arguments: [
      (#"{"contact":{"firstName":"x"}}"#, GHLFailure.Kind.wrongRecord), (#"{"contact":{"id":""}}"#, .wrongRecord),
      (#"{"contact":{"id":null}}"#, .wrongRecord), (#"{"contact":null}"#, .malformedAnswer),
      (#"{"contact":[]}"#, .malformedAnswer),
      ("[]", .malformedAnswer), ("null", .malformedAnswer), (#"{"contact":{"id":"c1"},"contact":{"id":"c0"}}"#, .malformedAnswer),
      ("", .malformedAnswer),
    ])
  func `a contact without its id is not a contact`(_ body: String, _ kind: GHLFailure.Kind) async throws {
    let client = try GHLClient.scripted(ScriptedTransport { _, _ in .success(.json(200, body)) })
    let failure = await #expect(throws: GHLFailure.self) { try await client.contact("c1") }
    #expect(failure?.kind == kind)
  }

  @Test func `another contact is requested again once`() async throws {
    let transport = ScriptedTransport { number, _ in .success(.json(200, #"{"contact":{"id":"c\#(number < 3 ? 0 : 1)"}}"#)) }
    let client = try GHLClient.scripted(transport)
    #expect(try await client.contact("c1")?.id == "c1")
    #expect(transport.exchanges.count == 3)
  }

  @Test(
    arguments: [
      (#"{"id":"x"}"#, nil), (#"{"locationId":"loc","businessId":"b","contactId":"c"}"#, nil),
      (#"{"locationId":"","businessId":null}"#, nil), (#"{"locationId":"loc2"}"#, "of location loc2"),
      (#"{"businessId":"b2"}"#, "of business b2"), (#"{"contactId":"c2"}"#, "of contact c2"),
      (#"{"businessId":5}"#, "of business 5"),
      (#"{"businessId":{"id":"b"}}"#, #"of business {"id":"b"}"#), (#"{"roles":{"locationIds":["x","loc"]}}"#, nil),
      (#"{"roles":{"locationIds":["x"]}}"#, "of location x"), (#"{"roles":{"locationIds":[]}}"#, nil), ("7", nil), ("null", nil),
    ] as [(String, String?)])
  func `a record in a list belongs where the list does`(_ record: String, _ owner: String?) throws {
    let scope = RecordScope(location: "loc", business: "b", contact: "c")
    #expect(scope.stray(try JSONSlicer.slice(Array(record.utf8))) == owner)
  }

  // MARK: Whole extractions

  static func run(_ answers: @escaping @Sendable (String, HTTPExchange) -> HTTPAnswer?) async throws -> (
    ExtractResult, TestFolder
  ) {
    let folder = TestFolder()
    let script = CompletenessTests.transport()
    let transport = ScriptedTransport { _, exchange in
      if let answer = answers(exchange.path, exchange) { return .success(answer) }
      return Result { () throws(TransportFailure) in try script.answer(to: exchange) }
    }
    return (try await CompletenessTests.run(transport, folder, without: .ignore), folder)
  }

  /// The list of `a` with this record added.
  static func listed(_ record: String, count: Int = 40) -> @Sendable (String, HTTPExchange) -> HTTPAnswer? {
    { path, exchange in
      guard path == "/contacts/business/a", exchange.query("skip") == "0" else { return nil }
      return CompletenessTests.page(
        "contacts", CompletenessTests.ids("a").map { #"{"id":"\#($0)"}"# } + [record], #","count":\#(count)"#)
    }
  }

  @Test func `the same contact for every id counts as missing, not as three rows`() async throws {
    let (result, folder) = try await Self.run { path, _ in
      path.hasPrefix("/contacts/a100") && path.split(separator: "/").count == 2
        ? .json(200, #"{"contact":{"id":"a10000"}}"#) : nil
    }
    defer { withExtendedLifetime(folder) {} }
    let snapshot = try #require(result.snapshot)
    let contacts = try ExtractionTests.ids(snapshot, "contact")
    #expect(contacts.count { $0 == "a10000" } == 1 && !contacts.contains("a10001"))
    #expect(result.manifest?.coverage(of: "contact").map { $0 < 100 } == true)
    #expect(result.problems.count { $0.record?.hasPrefix("a") == true && $0.message.contains("instead of") } == 39)
  }

  @Test(
    arguments: [
      (#"{"id":"x","businessId":"zz"}"#, 1, Severity.error), (#"{"id":"x","locationId":"loc2"}"#, 1, .error),
      // It is in the list of its own business: it moved.
      (#"{"id":"c10000","businessId":"c"}"#, 0, .warning), (#"{"businessId":"zz"}"#, 1, .error),
    ])
  func `a contact of another business or location is left out and named`(
    _ record: String, _ missing: Int, _ severity: Severity
  ) async throws {
    let (result, folder) = try await Self.run(Self.listed(record))
    defer { withExtendedLifetime(folder) {} }
    #expect(result.failure == nil)
    let strays = result.problems.filter { $0.message.contains("the list of business a included") }
    #expect(strays.map(\.severity) == [severity])
    #expect(strays.allSatisfy { $0.code == .sourceRefused && $0.entity == "contact" })
    let entity = try #require(result.manifest?.entities["contact"])
    #expect(entity.count == 120 && entity.expected == 120 + missing)
    #expect(Set(try ExtractionTests.ids(try #require(result.snapshot), "contact")).count == 120)
  }

  @Test func `a stray in place of a member counts as missing once`() async throws {
    let (result, folder) = try await Self.run { path, exchange in
      if path == "/contacts/search" { return CompletenessTests.page("contacts", []) }
      guard path == "/contacts/business/a", (exchange.query("skip") ?? "0") == "0" else { return nil }
      let own = CompletenessTests.ids("a").dropLast().map { #"{"id":"\#($0)"}"# }
      return CompletenessTests.page("contacts", own + [#"{"id":"x","businessId":"zz"}"#], #","count":40"#)
    }
    defer { withExtendedLifetime(folder) {} }
    let entity = try #require(result.manifest?.entities["contact"])
    // One contact of `a`, and the one that the list of `b` never returns.
    #expect(entity.count == 118 && entity.expected == 120)
  }

  /// The lists of `a` and `b` return two foreign records each and report `claimed` contacts; the search returns the
  /// contacts of both.
  @Test(
    arguments: [
      (2, ["a1", "a2", "b1", "b2"], 0), (2, ["a1", "a2", "b1"], 1), (2, ["a1", "b1"], 2), (1, ["a1", "b1"], 0),
      (nil, ["a1", "a2", "b1"], 0), (nil, ["a1"], 0),
    ] as [(Int?, [String], Int)])
  func `records that the search finds in place of strays are not missing`(
    _ claimed: Int?, _ contacts: [String], _ missing: Int
  ) async throws {
    let folder = TestFolder()
    let script = CompletenessTests.transport()
    @Sendable func answer(_ path: String, _ exchange: HTTPExchange) -> HTTPAnswer? {
      let isFirst = (exchange.query("skip") ?? "0") == "0"
      switch path {
      case "/businesses/": return CompletenessTests.page("businesses", isFirst ? [#"{"id":"a"}"#, #"{"id":"b"}"#] : [])
      case "/contacts/search":
        guard exchange.json?["searchAfter"] == nil else { return CompletenessTests.page("contacts", []) }
        let records = (contacts + ["o1"]).map {
          #"{"id":"\#($0)","businessId":"\#($0.prefix(1))","searchAfter":[1,"\#($0)"]}"#
        }
        return CompletenessTests.page("contacts", records, #","total":\#(records.count)"#)
      case "/contacts/business/a", "/contacts/business/b":
        let strays = (1...2).map { #"{"id":"\#(path.suffix(1))x\#($0)","businessId":"zz"}"# }
        return CompletenessTests.page("contacts", isFirst ? strays : [], claimed.map { #","count":\#($0)"# } ?? "")
      default: return nil
      }
    }
    let transport = ScriptedTransport { _, exchange in
      if let answer = answer(exchange.path, exchange) { return .success(answer) }
      return Result { () throws(TransportFailure) in try script.answer(to: exchange) }
    }
    let result = try await CompletenessTests.run(transport, folder, without: .count)
    #expect(result.failure == nil)
    let entity = try #require(result.manifest?.entities["contact"])
    #expect(entity.count == contacts.count && entity.expected == contacts.count + missing)
    #expect(result.problems.count { $0.message.contains("which was left out") && $0.severity == .error } == 4)
  }

  @Test(arguments: ["business", "location"], [true, false])
  func `each foreign record without an id counts as missing`(_ owner: String, _ isEqual: Bool) async throws {
    let (result, folder) = try await Self.run { path, exchange in
      guard path == "/contacts/business/a", exchange.query("skip") == "0" else { return nil }
      let own = CompletenessTests.ids("a").map { #"{"id":"\#($0)"}"# }
      let strays = (0..<50).map { #"{"\#(owner)Id":"zz","phone":"\#(isEqual ? 0 : $0)"}"# }
      return CompletenessTests.page("contacts", own + strays, #","count":40"#)
    }
    defer { withExtendedLifetime(folder) {} }
    let entity = try #require(result.manifest?.entities["contact"])
    #expect(entity.count == 120 && entity.expected == 170)
  }

  /// Businesses are listed by `skip`, contacts of the location by a cursor.
  @Test func `lists without ids do not go on forever`() async throws {
    let transport = ScriptedTransport { number, exchange in
      let name = exchange.path == "/businesses/" ? "businesses" : "contacts"
      let record = #"{"locationId":"zz","name":"\#(number / 3 % 2)","searchAfter":[\#(number / 3 % 2)]}"#
      return .success(CompletenessTests.page(name, [record, record]))
    }
    let client = try GHLClient.scripted(transport)
    var count = 0
    var businesses = client.businesses()
    await #expect(throws: GHLFailure.self) { while let page = try await businesses.next(client) { count += page.strays.count } }
    #expect(count == 4)
    var search = client.contacts()
    await #expect(throws: GHLFailure.self) { while let page = try await search.next(client) { count += page.strays.count } }
    #expect(transport.exchanges.count < 100)
  }

  @Test func `tasks of another location are left out, and lower the coverage`() async throws {
    let (result, folder) = try await Self.run { path, exchange in
      guard path.hasSuffix("/tasks/search"), exchange.json?["businessId"]?.stringValue == "a",
        (exchange.json?["skip"]?.intValue ?? 0) == 0
      else { return nil }
      return CompletenessTests.page(
        "tasks", [#"{"id":"t1"}"#, #"{"id":"t2","locationId":"x"}"#, #"{"id":"tc10000","businessId":"c"}"#])
    }
    defer { withExtendedLifetime(folder) {} }
    let entity = try #require(result.manifest?.entities["task"])
    #expect(entity.expected == entity.count + 1)
    #expect(result.problems.filter { $0.entity == "task" }.map(\.severity) == [.error, .warning])
  }

  @Test func `notes of another contact are left out, and lower the coverage`() async throws {
    let folder = TestFolder()
    let transport = QuarantineTests.transport { path in
      path == "/contacts/c10003/notes"
        ? .json(200, #"{"notes":[{"id":"n1","contactId":"c10003"},{"id":"n0","contactId":"c0"}]}"#) : nil
    }
    let result = try await QuarantineTests.run(transport, folder)
    #expect(result.failure == nil)
    #expect(result.problems.map(\.message) == ["the notes of contact c10003 included note n0 of contact c0, which was left out"])
    let entity = try #require(result.manifest?.entities["note"])
    #expect(entity.count == 40 && entity.expected == 41)
  }

  @Test(
    arguments: [
      ("/locations/loc", #"{"location":{"id":"other"}}"#), ("/locations/loc", #"{"location":{"timezone":"UTC"}}"#),
      ("/locations/loc", #"{"location":{"id":"loc","timezone":"\#(String(repeating: "x", count: 300))"}}"#),
      ("/locations/loc/customFields", #"{"customFields":[{"id":"f","fieldKey":"contact.f","locationId":"other"}]}"#),
    ])
  func `what all records depend on must belong to the location`(_ path: String, _ body: String) async throws {
    let folder = TestFolder()
    let transport = QuarantineTests.transport { $0 == path ? .json(200, body) : nil }
    let result = try await QuarantineTests.run(transport, folder, reads: ["phone", "custom"])
    #expect(result.exitCode == .unreachable && result.manifest?.isComplete == false)
  }

  @Test func `a business of another location is not read, and the coverage is unknown`() async throws {
    let folder = TestFolder()
    let transport = QuarantineTests.transport { path in
      path == "/businesses/"
        ? .json(200, #"{"businesses":[{"id":"b","locationId":"loc"},{"id":"x","locationId":"other"}]}"#) : nil
    }
    let asked = Locked(0)
    let once = ScriptedTransport { _, exchange in
      if exchange.path == "/businesses/",
        asked.withLock({
          $0 += 1; return $0
        }) > 3, exchange.query("skip") != "0"
      {
        return .success(.json(200, #"{"businesses":[]}"#))
      }
      return Result { () throws(TransportFailure) in try transport.answer(to: exchange) }
    }
    let result = try await QuarantineTests.run(once, folder)
    #expect(result.failure == nil, "\(String(describing: result.failure))")
    #expect(!once.exchanges.contains { $0.path == "/contacts/business/x" })
    #expect(result.manifest?.coverage(of: "contact") == nil && result.manifest?.entities["contact"]?.count == 40)
  }
}
