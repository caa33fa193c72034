import Core
import Files
import Foundation
import Report
import Testing

@Suite("A record's events in the files of a run")
struct RecordEventFilesTests {
  private static func withFile(_ lines: String, _ body: (String) throws -> Void) throws {
    let path = FileManager.default.temporaryDirectory.appending(path: "events-\(UUID().uuidString)").path
    defer { try? FileManager.default.removeItem(atPath: path) }
    try lines.write(toFile: path, atomically: true, encoding: .utf8)
    try body(path)
  }

  @Test func `an undo log gives names of changed members, and no values`() throws {
    let log = """
      {"undo":1,"pipeline":"p","destination":"app","mapping":"contacts","location":"l","address":"http://a"}
      {"before":{"key":"c1"}}
      {"after":{"key":"c1","remote_id":"r1","sent":["name","city"],"record":{"id":"r1","name":"Ada","city":"Rome"}}}
      {"before":{"key":"c2","remote_id":"r2","record":{"id":"r2","name":"Bob","city":"Rome"}}}
      {"after":{"key":"c2","remote_id":"r2","sent":["name","city"],"record":{"id":"r2","name":"Bea","city":"Rome"}}}
      {"before":{"key":"c3","record":{"id":"r3"}}}
      {"before":{"key":"c11"}}
      {"after":{"key":"c1
      """
    try Self.withFile(log) { path in
      func events(_ key: String) throws -> [RecordEvent] {
        var files = RecordEventFiles(RecordKeys(key))
        return try files.changes(in: path)
      }
      let created = try events("c1")
      #expect(created.map(\.kind) == [.created] && created.map(\.text) == ["c1 as r1: city, name"])
      #expect(created.first?.destination == "app" && created.first?.mapping == "contacts")
      let updated = try events("c2")
      #expect(updated.map(\.kind) == [.updated] && updated.map(\.text) == ["c2 as r2: name"])
      #expect(updated.first?.json["changed"] == .array([.string("name")]))
      #expect(try events("c3").map(\.kind) == [.unconfirmed])
      #expect(try events("c4").isEmpty)
      for event in created + updated { #expect(!event.json.text.contains("Bea") && !event.json.text.contains("Ada")) }
    }
  }

  @Test func `a list of changes gives predictions, and the keys of target records`() throws {
    let list = """
      {"mapping":"contacts","destination":"app","record":"c1","line":1,"key":"t1","outcome":"updated","fields":[{"field":"email","old":"xx","new":"xxx"},{"field":"phone","not_kept":true,"new":"…1"}]}
      {"mapping":"contacts","destination":"app","record":"c12","line":2,"key":"t2","outcome":"created"}
      {"mapping":"contacts","destination":"app","key":"c1","outcome":"removed"}
      """
    try Self.withFile(list + "\n") { path in
      var files = RecordEventFiles(RecordKeys("c1"))
      let events = try files.predictions(in: path)
      #expect(events.map(\.text) == ["updated: email xx -> xxx; phone not kept -> …1", "removed"])
      #expect(files.keys.all == ["c1", "t1"])
    }
    let undone = #"{"time":"T","destination":"app","mapping":"contacts","key":"t1","outcome":"left","reason":"changedSince"}"#
    try Self.withFile(undone + "\n") { path in
      var keys = RecordKeys("c1")
      var before = RecordEventFiles(keys)
      let unknown = try before.undone(in: path)
      #expect(unknown.isEmpty)
      keys.add("t1")
      var files = RecordEventFiles(keys)
      let known = try files.undone(in: path)
      #expect(known.map(\.text) == ["left t1: changedSince at T"])
    }
  }

  @Test func `files that are gone have no events`() throws {
    var files = RecordEventFiles(RecordKeys("c1"))
    #expect(try files.predictions(in: "/nowhere/changes.ndjson").isEmpty)
    #expect(try files.changes(in: "/nowhere/m.undo.ndjson").isEmpty && files.undone(in: "/nowhere/undo.ndjson").isEmpty)
  }

  @Test(
    arguments: [
      ("created", "POST /c or POST /c/bulk: created"), ("updated", "PUT /c/{remote_id} or POST /c/bulk: updated"),
      ("removed", "DELETE /c/{remote_id}: removed"), ("unchanged", nil), ("rejected", nil),
    ] as [(String, String?)])
  func `an outcome names the calls that can have made it`(outcome: String, text: String?) throws {
    let calls = try JSONReader.read(
      #"{"app":{"create":"POST /c","update":"PUT /c/{remote_id}","delete":"DELETE /c/{remote_id}","batch":"POST /c/bulk"}}"#)
    #expect(RecordEvent(outcome: outcome, at: "app", "contacts", calls: calls)?.text == text)
    #expect(RecordEvent(outcome: outcome, at: "files", "contacts", calls: calls) == nil)
    #expect(RecordEvent(outcome: outcome, at: "app", "contacts", calls: nil) == nil)
  }

  @Test func `a line of the ledger says what the destination answered`() {
    func entry(_ stage: String, _ text: String) -> LedgerEntry {
      LedgerEntry(
        run: "r", mapping: "contacts", record: "c1", stage: stage, severity: "error", code: "destination-refused",
        destination: "app", text: text)
    }
    let event = RecordEvent(answer: entry("load", #"{"http":{"status":422,"trace_id":"t7"},"attempt":2}"#))
    #expect(event?.text == "status 422, attempt 2, trace t7, destination-refused")
    #expect(event?.json["status"] == .number(422) && event?.destination == "app")
    #expect(RecordEvent(answer: entry("load", #"{"message":"m"}"#)) == nil)
    #expect(RecordEvent(answer: entry("transform", #"{"attempt":1}"#)) == nil)
  }
}
