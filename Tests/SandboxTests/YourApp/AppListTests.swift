import Core
import Testing

@testable import Sandbox

@Suite("Your App: lists")
struct AppListTests {
  /// 25 contacts, of which the third, the tenth and the last are then deleted.
  private func asking() throws -> (AppAsking, [String]) {
    let asking = try AppAsking()
    let keys = (0..<25).map { "c" + String($0) }
    let ids = try keys.map(asking.contact)
    for index in [2, 9, 24] { #expect(asking.send("DELETE", "/contacts/" + ids[index]).status == 204) }
    return (asking, keys.indices.filter { ![2, 9, 24].contains($0) }.map { keys[$0] })
  }

  private func keys(_ value: JSONValue, _ name: String = "contactId") -> [String] {
    (value["items"]?.arrayValue ?? []).compactMap { $0[name]?.stringValue }
  }

  /// Follows the list until there is no next page.
  private func walk(_ asking: AppAsking, from path: String, next: (SandboxAnswer, JSONValue) -> String?) throws -> [String] {
    var found: [String] = []
    var path: String? = path
    while let here = path, found.count < 100 {
      let answer = asking.send("GET", here)
      #expect(answer.status == 200)
      let value = try asking.json(answer)
      #expect(value["total"] == .number(22))
      found += keys(value)
      path = next(answer, value)
    }
    return found
  }

  @Test(arguments: [1, 7, 11, 22, 100])
  func `pages by number, cursor, header and link include every record once`(limit: Int) throws {
    let (asking, expected) = try asking()
    let base = "/contacts?limit=\(limit)"
    #expect(
      try walk(asking, from: base + "&page=1") { _, value in
        let (page, pages) = (value["page"]?.intValue ?? 0, value["pages"]?.intValue ?? 0)
        return page < pages ? base + "&page=\(page + 1)" : nil
      } == expected)
    #expect(
      try walk(asking, from: base) { _, value in value["nextCursor"]?.stringValue.map { base + "&cursor=" + $0 } } == expected)
    #expect(
      try walk(asking, from: base) { answer, _ in answer.header("X-Next-Cursor").map { base + "&cursor=" + $0 } } == expected)
    for first in [base, base + "&page=1"] {
      #expect(try walk(asking, from: first) { answer, _ in Self.next(answer) } == expected)
    }
  }

  /// The path that `rel="next"` leads to.
  private static func next(_ answer: SandboxAnswer) -> String? {
    guard let link = answer.header("Link")?.split(separator: ", ").first(where: { $0.hasSuffix(#"rel="next""#) }) else {
      return nil
    }
    return String(link.dropFirst("<http://127.0.0.1:8080".count).prefix { $0 != ">" })
  }

  @Test func `links lead to the first, last and neighboring pages`() throws {
    let (asking, _) = try asking()
    let link = try #require(asking.send("GET", "/contacts?page=2&limit=10").header("Link"))
    #expect(
      link
        == ["next", "prev", "first", "last"].enumerated().map {
          "<http://127.0.0.1:8080/app/v1/contacts?limit=10&page=\([3, 1, 1, 3][$0.offset])>; rel=\"\($0.element)\""
        }.joined(separator: ", "))
  }

  @Test func `a page after the end is empty`() throws {
    let (asking, _) = try asking()
    let value = try asking.json(asking.send("GET", "/contacts?page=9"))
    #expect(keys(value).isEmpty && value["nextCursor"] == .null && value["total"] == .number(22))
  }

  @Test func `a cursor stays right while records are created and deleted`() throws {
    let (asking, expected) = try asking()
    let first = try asking.json(asking.send("GET", "/contacts?limit=10"))
    let cursor = try #require(first["nextCursor"]?.stringValue)
    let last = try #require(first["items"]?.arrayValue?.last?["id"]?.stringValue)
    #expect(asking.send("DELETE", "/contacts/\(last)").status == 204)
    try asking.contact("c99")
    let second = try asking.json(asking.send("GET", "/contacts?limit=100&cursor=" + cursor))
    #expect(keys(second) == expected[10...] + ["c99"])
  }

  @Test func `a record is found by its key, and children by their contact`() throws {
    let asking = try AppAsking()
    let ids = try ["c1", "c2"].map(asking.contact)
    for (key, index) in [("n1", 0), ("n2", 1), ("n3", 0)] {
      let body = AppSamples.record(.notes, key, contact: ["c1", "c2"][index])
      #expect(asking.send("POST", "/contacts/\(ids[index])/notes", body).status == 201)
    }
    func notes(_ path: String) throws -> [String] { keys(try asking.json(asking.send("GET", path)), "noteId") }
    #expect(keys(try asking.json(asking.send("GET", "/contacts?contactId=c2"))) == ["c2"])
    #expect(keys(try asking.json(asking.send("GET", "/contacts?contactId=c3"))).isEmpty)
    #expect(try notes("/notes?noteId=n2") == ["n2"])
    #expect(try notes("/notes?contactId=c1") == ["n1", "n3"])
    #expect(try notes("/notes?contactId=c1&noteId=n2").isEmpty)
    #expect(try notes("/notes?contactId=none").isEmpty)
    #expect(try notes("/contacts/\(ids[0])/notes") == ["n1", "n3"])
    #expect(try notes("/contacts/\(ids[0])/notes?noteId=n3") == ["n3"])
    #expect(try notes("/notes?limit=2") == ["n1", "n2"])
    #expect(asking.send("GET", "/contacts/x/notes").status == 404)
  }

  @Test func `a server without lists refuses to find records`() throws {
    let asking = try AppAsking(faults: ["app-no-find"])
    try asking.contact("c1")
    #expect(asking.send("GET", "/contacts?contactId=c1").status == 404)
    #expect(asking.send("GET", "/contacts").status == 404)
  }
}
