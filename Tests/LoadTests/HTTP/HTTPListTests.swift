import Core
import HTTP
import Load
import TestSupport
import Testing

/// Lists that are read before the first load, page by page.
@Suite struct HTTPListTests {
  enum Paging: String, CaseIterable, Sendable {
    case cursorInBody, cursorInHeader, link

    var document: ListDocument {
      get throws {
        switch self {
        case .cursorInBody:
          ListDocument(
            try HTTPBench.request("GET /people?cursor={cursor}&size=2"), items: ResponsePath("items"),
            paging: .cursor(.body(try #require(ResponsePath("paging.next")))))
        case .cursorInHeader:
          ListDocument(
            try HTTPBench.request("GET /people?size=2&cursor={cursor}"), items: ResponsePath("items"),
            paging: .cursor(.header("x-next")))
        case .link: ListDocument(try HTTPBench.request("GET /people?size=2"), items: ResponsePath("items"), paging: .link)
        }
      }
    }

    func response(_ items: [String], next: String?) -> FakeAPI.Fault {
      let body = #"{"items":[\#(items.joined(separator: ","))]"#
      switch self {
      case .cursorInBody: return .respond(200, body + #","paging":{"next":\#(next.map { "\"\($0)\"" } ?? "null")}}"#)
      case .cursorInHeader: return .respond(200, body + "}", next.map { ["x-next": $0] } ?? [:])
      case .link:
        let link = next.map { #"</v1/people>; rel="first", <https://api.example/v1/people?size=2&cursor=\#($0)>; rel="next""# }
        return .respond(200, body + "}", link.map { ["link": $0] } ?? [:])
      }
    }

    /// The cursor of a request; nil: it is the first.
    static func cursor(of request: FakeAPI.Request) -> String? {
      request.target.split { $0 == "?" || $0 == "&" }.first { $0.hasPrefix("cursor=") }.map { String($0.dropFirst(7)) }
    }
  }

  private static func person(_ number: Int) -> String {
    #"{"id":"k\#(number)","remoteId":"r\#(number)","name":"Ann \#(number)","age":\#(number)}"#
  }

  private static func load(
    _ paging: Paging, _ count: Int, page: @escaping @Sendable (_ cursor: String?, _ number: Int) -> FakeAPI.Fault
  ) async throws -> (HTTPBench.Result, FakeAPI) {
    let api = FakeAPI(.init(hasUniqueKeys: false))
    let pages = Locked(0)
    api.setScript { $0.isWrite ? nil : page(Paging.cursor(of: $0), pages.next()) }
    let bench = try HTTPBench(api) {
      $0.find = nil
      $0.list = try paging.document
    }
    return (try await bench.load(HTTPBench.people(0..<count)), api)
  }

  @Test(arguments: Paging.allCases)
  func `a list is read to its end, and what it shows is not created again`(paging: Paging) async throws {
    let (result, _) = try await Self.load(paging, 6) { cursor, _ in
      switch cursor {
      case nil: paging.response([Self.person(0), Self.person(1)], next: "gap")
      // An empty page in between does not end the list.
      case "gap": paging.response([], next: "rest")
      case "rest": paging.response([Self.person(2), Self.person(3)], next: "last")
      default: paging.response([Self.person(4)], next: nil)
      }
    }
    #expect(result.failure == nil)
    #expect(result.words == Array(repeating: "unchanged", count: 5) + ["created"])
  }

  @Test(arguments: Paging.allCases)
  func `an empty page that leads to itself ends the list`(paging: Paging) async throws {
    let (result, api) = try await Self.load(paging, 3) { cursor, number in
      // Nothing new yet: ask again with the same cursor.
      if cursor == "end" { return number < 50 ? paging.response([], next: "end") : .respond(500) }
      return paging.response([Self.person(0), Self.person(1)], next: "end")
    }
    #expect(result.failure == nil)
    #expect(result.words == ["unchanged", "unchanged", "created"])
    #expect(api.requests.count { !$0.isWrite } == 2)
  }

  @Test func `a cursor that stays the same is followed while it brings new records`() async throws {
    let (result, _) = try await Self.load(.cursorInBody, 8) { _, number in
      Paging.cursorInBody.response(number <= 4 ? [Self.person(2 * number - 2), Self.person(2 * number - 1)] : [], next: "scroll")
    }
    #expect(result.failure == nil)
    #expect(result.words == Array(repeating: "unchanged", count: 8))
  }

  struct Endless: Sendable, CustomTestStringConvertible {
    var testDescription: String
    var requests: Int
    var page: @Sendable (_ cursor: String?, _ number: Int) -> (items: [String], next: String)
  }

  static let endless: [Endless] = [
    Endless(testDescription: "the same page again", requests: 3) { _, _ in ([person(0)], "same") },
    Endless(testDescription: "two pages in a circle", requests: 4) { cursor, _ in
      cursor == "b" ? ([person(1)], "a") : ([person(0)], "b")
    },
    Endless(testDescription: "two empty pages in a circle", requests: 4) { cursor, _ in ([], cursor == "b" ? "a" : "b") },
    Endless(testDescription: "empty pages, each with a new cursor", requests: 1_000) { _, number in ([], "c\(number)") },
    Endless(testDescription: "known records, each time with a new cursor", requests: 1_001) { _, number in
      ([person(0), #"{"id":"k0","version":\#(number)}"#], "c\(number)")
    },
    Endless(testDescription: "other systems' records, always with the same cursor", requests: 1_001) { _, number in
      ([#"{"version":\#(number)}"#], "same")
    },
  ]

  @Test(arguments: endless, Paging.allCases)
  func `a list that does not advance is an error`(list: Endless, paging: Paging) async throws {
    let (result, api) = try await Self.load(paging, 3) { cursor, number in
      // The test ends, whatever happens.
      guard number < 5_000 else { return .respond(400) }
      let page = list.page(cursor, number)
      return paging.response(page.items, next: page.next)
    }
    // What the list has shown stays known, and nothing is created.
    #expect(result.words.last == "pending" && !result.words.contains("created"))
    #expect(result.failure?.code == .configuration)
    #expect(result.failure?.description.contains("'app' cannot be listed for 'people': page") == true)
    #expect(api.requests.count <= list.requests)
    #expect(api.writes.isEmpty)
  }
}
