import Control
import Core
import Foundation
import Testing

@testable import GHL
@testable import HTTP

/// A list of contacts, as much of the API as paging needs.
struct ContactList: Sendable {
  var ids: [String]
  /// What `count` says.
  var claimed: Int?
  /// Pages are cut to this whatever was asked for.
  var clamp = 100
  var wall = Int.max
  /// Behind the wall the pages are empty, instead of refused.
  var hasEmptyWall = false
  var hasCursor = true
  var ignoresSkip = false
  var business = "b"

  init(_ count: Int) {
    ids = (0..<count).map { "c" + String(10_000 + $0) }
    claimed = count
  }

  func answer(_ exchange: HTTPExchange) -> HTTPAnswer {
    if exchange.path == "/contacts/search" { return search(exchange) }
    if !exchange.path.hasPrefix("/contacts/business/") {
      let id = String(exchange.path.dropFirst("/contacts/".count))
      return .json(200, #"{"contact":{"id":"\#(id)","name":"Name \#(id)"}}"#)
    }
    guard exchange.query("locationId") == "loc" else { return .json(403, #"{"message":"no access"}"#) }
    let limit = min(exchange.query("limit").flatMap { Int($0) } ?? 25, clamp)
    var start = ignoresSkip ? 0 : exchange.query("skip").flatMap { Int($0) } ?? 0
    if let cursor = exchange.query("startAfter") {
      guard hasCursor, exchange.headers.contains(where: { $0.name == "Version" && $0.value == "v3" }) else {
        return .json(422, #"{"message":["property startAfter should not exist"]}"#)
      }
      guard let last = cursor.split(separator: ",").last, cursor.hasPrefix("name \(last)"),
        let index = ids.firstIndex(of: String(last))
      else {
        return .json(400, #"{"message":"bad cursor"}"#)
      }
      start = index + 1
    } else if start >= wall {
      if hasEmptyWall { return .json(200, #"{"contacts":[]\#(claimed.map { #","count":\#($0)"# } ?? "")}"#) }
      return .json(400, #"{"message":"too far"}"#)
    }
    let page = start < ids.count ? ids[start..<min(start + limit, ids.count)] : []
    let records = page.map { #"{"id":"\#($0)"}"# }.joined(separator: ",")
    return .json(200, #"{"contacts":[\#(records)]\#(claimed.map { #","count":\#($0)"# } ?? "")}"#)
  }

  private func search(_ exchange: HTTPExchange) -> HTTPAnswer {
    let after = exchange.json?["searchAfter"]?.arrayValue?.last?.stringValue
    let start = after.flatMap { id in ids.firstIndex(of: id).map { $0 + 1 } } ?? 0
    let page = ids[min(start, ids.count)..<min(start + 100, ids.count)]
    let records = page.map { #"{"id":"\#($0)","businessId":"\#(business)","searchAfter":[1,"\#($0)"]}"# }.joined(separator: ",")
    return .json(200, #"{"contacts":[\#(records)],"total":\#(ids.count)}"#)
  }
}

@Suite struct PagingTests {
  /// Walks business `b` to its end.
  func walk(_ client: GHLClient) async throws -> [String] {
    var pager = client.contacts(ofBusiness: "b")
    var ids: [String] = []
    while let page = try await pager.next(client) { ids += page.records.compactMap(\.id) }
    return ids
  }

  @Test("a walk ends on an empty page, whatever the count", arguments: [0, 1, 99, 100, 101, 250], [nil, 0, 1_000] as [Int?])
  func ends(count: Int, claimed: Int?) async throws {
    var list = ContactList(count)
    list.claimed = claimed
    let transport = ScriptedTransport { [list] _, exchange in .success(list.answer(exchange)) }
    let found = try await walk(try .scripted(transport))
    #expect(found == list.ids)
    // Every page has its whole query.
    let lists = transport.exchanges.filter { $0.path == "/contacts/business/b" && $0.query("startAfter") == nil }
    #expect(lists.allSatisfy { $0.query("locationId") == "loc" && $0.query("limit") == "100" && $0.query("skip") != nil })
    #expect(!transport.exchanges.contains { $0.path == "/contacts/search" })
  }

  @Test("a short page is not the end")
  func shortPages() async throws {
    var list = ContactList(95)
    list.clamp = 20
    let found = try await walk(try .scripted(ScriptedTransport { [list] _, exchange in .success(list.answer(exchange)) }))
    #expect(found == list.ids)
  }

  @Test("a server that repeats its page is found out")
  func repeats() async throws {
    var list = ContactList(250)
    list.ignoresSkip = true
    let transport = ScriptedTransport { [list] _, exchange in .success(list.answer(exchange)) }
    let client = try GHLClient.scripted(transport)
    let failure = await #expect(throws: GHLFailure.self) { try await walk(client) }
    #expect(failure?.kind == .pagingRepeats)
    #expect(transport.exchanges.count == 4)
  }

  @Test("records that move between pages are returned once, and none is lost", arguments: [-1, 1])
  func moving(shift: Int) async throws {
    let list = ContactList(250)
    let transport = ScriptedTransport { number, exchange in
      var moved = exchange
      // The second page starts one record off.
      if number == 2 { moved.url = exchange.url.replacing("skip=100", with: "skip=\(100 + shift)") }
      return .success(list.answer(moved))
    }
    let found = try await walk(try .scripted(transport))
    #expect(found.count == 250)
    #expect(Set(found) == Set(list.ids))
  }

  @Test("a record that is twice in a page does not move the next one")
  func twice() async throws {
    let list = ContactList(250)
    let transport = ScriptedTransport { _, exchange in
      var answer = list.answer(exchange)
      var text = String(decoding: answer.body, as: UTF8.self)
      if let last = text.range(of: #"\{"id":"c\d+"\}(?=\])"#, options: .regularExpression) {
        text.insert(contentsOf: "," + text[last], at: last.upperBound)
      }
      answer.body = Array(text.utf8)
      return .success(answer)
    }
    #expect(try await walk(try .scripted(transport)) == list.ids)
  }

  @Test("the wall is passed: by the cursor, or by search where that is refused", arguments: [true, false], [300, 200])
  func wall(hasCursor: Bool, serverWall: Int) async throws {
    var list = ContactList(550)
    list.hasCursor = hasCursor
    list.wall = serverWall
    let transport = ScriptedTransport { [list] _, exchange in .success(list.answer(exchange)) }
    let found = try await walk(try .scripted(wall: 300, transport))
    #expect(found == list.ids)
    #expect(transport.exchanges.contains { $0.path == "/contacts/search" } == !hasCursor)
  }

  @Test("an empty page before the source's count may be a wall: it is passed by the cursor", arguments: [true, false])
  func emptyWall(hasCursor: Bool) async throws {
    var list = ContactList(550)
    list.hasCursor = hasCursor
    list.wall = 200
    list.hasEmptyWall = true
    let transport = ScriptedTransport { [list] _, exchange in .success(list.answer(exchange)) }
    let client = try GHLClient.scripted(transport)
    var pager = client.contacts(ofBusiness: "b")
    var ids: [String] = []
    while let page = try await pager.next(client) { ids += page.records.compactMap(\.id) }
    // Without a cursor the walk ends short and says so: one search for all such businesses follows.
    #expect(ids == (hasCursor ? list.ids : Array(list.ids.prefix(200))))
    #expect(pager.isShort == !hasCursor)
  }

  /// A list that starts `shift` records off at its second page, when that is read for the first time.
  @Test("records that move between the pages of any list are returned once, and none is lost", arguments: [-1, 0, 1])
  func movingList(shift: Int) async throws {
    let ids = (0..<250).map { "t\($0)" }
    let transport = ScriptedTransport { number, exchange in
      let skip = (exchange.query("skip").flatMap { Int($0) } ?? 0) + (number == 2 ? shift : 0)
      let page = ids.dropFirst(skip).prefix(100).map { #"{"id":"\#($0)"}"# }.joined(separator: ",")
      return .success(.json(200, #"{"businesses":[\#(page)]}"#))
    }
    let client = try GHLClient.scripted(transport)
    var walk = client.businesses()
    var found: [String] = []
    while let page = try await walk.next(client) { found += page.records.compactMap(\.id) }
    #expect(found.count == 250 && Set(found) == Set(ids))
    #expect(transport.exchanges.count == (shift == 0 ? 4 : 8))
  }

  @Test("a list that the source counts is walked again where it came short")
  func shortList() async throws {
    let transport = ScriptedTransport { number, exchange in
      let skip = exchange.query("skip") ?? "0"
      let first = number == 1 ? #"{"id":"a"}"# : #"{"id":"a"},{"id":"b"}"#
      return .success(.json(200, #"{"users":[\#(skip == "0" ? first : "")],"count":2}"#))
    }
    let client = try GHLClient.scripted(transport)
    var walk = client.users(company: "c")
    var found: [String] = []
    while let page = try await walk.next(client) { found += page.records.compactMap(\.id) }
    #expect(found == ["a", "b"] && !walk.isShort)
  }

  @Test("repeating pages are detected, in a walk and in `--all`", arguments: [true, false])
  func circle(hasIds: Bool) async throws {
    let transport = ScriptedTransport { number, _ in
      let record = hasIds ? #"{"id":"\#(number % 3)"}"# : #"{"name":"\#(number % 3)"}"#
      return .success(.json(200, #"{"businesses":[\#(record)]}"#))
    }
    let client = try GHLClient.scripted(transport)
    var walk = client.businesses()
    let failure = await #expect(throws: GHLFailure.self) {
      while try await walk.next(client) != nil {}
    }
    #expect(failure?.kind == .pagingRepeats)
    #expect(failure?.description.contains("without a new record") == true)
    let typed = await #expect(throws: GHLFailure.self) {
      try await client.pages(of: GHLRequest(method: .get, typed: "/businesses/?locationId=loc")) { _ in }
    }
    #expect(typed?.kind == .pagingRepeats)
    #expect(transport.exchanges.count < 20)
  }

  @Test("the search walks to an empty page by the last contact's cursor")
  func search() async throws {
    let list = ContactList(230)
    let transport = ScriptedTransport { _, exchange in .success(list.answer(exchange)) }
    let client = try GHLClient.scripted(transport)
    var search = client.contacts()
    var found: [String] = []
    while let page = try await search.next(client) { found += page.records.compactMap(\.id) }
    #expect(found == list.ids)
    #expect(search.claimed == 230)
    #expect(transport.exchanges.count == 4)
    #expect(
      transport.exchanges.allSatisfy { $0.json?["locationId"]?.stringValue == "loc" && $0.json?["pageLimit"]?.intValue == 100 })
  }

  @Test("a search cursor that does not advance is detected")
  func standing() async throws {
    let transport = ScriptedTransport { _, _ in
      .success(.json(200, #"{"contacts":[{"id":"a","searchAfter":[1,"a"]}],"total":9}"#))
    }
    let client = try GHLClient.scripted(transport)
    var search = client.contacts()
    let failure = await #expect(throws: GHLFailure.self) {
      while try await search.next(client) != nil {}
    }
    #expect(failure?.kind == .pagingRepeats)
  }

  @Test("a response without its list is reported")
  func missingList() async throws {
    let client = try GHLClient.scripted(ScriptedTransport { _, _ in .success(.json(200, #"{"ok":true}"#)) })
    let failure = await #expect(throws: GHLFailure.self) { try await walk(client) }
    #expect(failure?.kind == .malformedAnswer)
    #expect(failure?.description.contains("contacts") == true)
  }

  @Test("all pages of the old list need both parts of the cursor")
  func oldList() async throws {
    let transport = ScriptedTransport { _, exchange in
      switch exchange.query("startAfterId") {
      case nil: .success(.json(200, #"{"contacts":[{"id":"a"}],"meta":{"startAfter":17,"startAfterId":"a"}}"#))
      case "a" where exchange.query("startAfter") == "17":
        .success(.json(200, #"{"contacts":[{"id":"b"}],"meta":{"startAfter":18,"startAfterId":"b"}}"#))
      default: .success(.json(200, #"{"contacts":[],"meta":{}}"#))
      }
    }
    let client = try GHLClient.scripted(transport)
    var ids: [String] = []
    let end = try await client.pages(of: GHLRequest(method: .get, typed: "/contacts/?locationId=loc")) {
      ids += $0.compactMap(\.id)
    }
    #expect(ids == ["a", "b"] && end == .reached)
    #expect(transport.exchanges.allSatisfy { $0.query("locationId") == "loc" })
  }

  /// Method and path, the answer, and whether it is known that nothing follows.
  static let endings: [(GHLRequest.Method, String, String, GHLClient.End)] = [
    (.get, "/contacts/?locationId=loc", #"{"contacts":[{"id":"a"}],"meta":{"nextPageUrl":null,"startAfterId":null}}"#, .reached),
    (.get, "/contacts/?locationId=loc", #"{"contacts":[{"id":"a"}],"count":40}"#, .unknown),
    (.get, "/contacts/?locationId=loc", #"{"contacts":[{"id":"a"}],"count":1}"#, .reached),
    (.post, "/contacts/search", #"{"contacts":[{"id":"a"}],"total":2}"#, .unknown),
    (.post, "/contacts/search", #"{"contacts":[{"id":"a"}],"total":1}"#, .reached),
    (.get, "/contacts/a/notes", #"{"notes":[{"id":"n"}]}"#, .reached),
    (.get, "/locations/loc/tags", #"{"tags":[{"id":"n"}]}"#, .reached),
    (.get, "/opportunities/search", #"{"opportunities":[{"id":"o"}]}"#, .unknown),
    (.get, "/opportunities/o", #"{"opportunity":{"id":"o"}}"#, .reached),
    (.get, "/opportunities/search", #"{"opportunities":[]}"#, .reached),
  ]

  @Test("all pages of a list say where more may follow", arguments: endings)
  func typedEnd(method: GHLRequest.Method, path: String, answer: String, end: GHLClient.End) async throws {
    let client = try GHLClient.scripted(ScriptedTransport { _, _ in .success(.json(200, answer)) })
    #expect(try await client.pages(of: GHLRequest(method: method, typed: path)) { _ in } == end)
  }
}
