import Core
import Testing

@testable import Sandbox

/// Faults of writes: what the client is told, and what is stored.
@Suite struct WriteFaultTests {
  /// A write, and whether it was carried out.
  struct Write: Sendable, CustomTestStringConvertible {
    var name: String
    var method: String
    var target: @Sendable (SyntheticData) -> String
    var body: @Sendable (SyntheticData) -> String
    var isDone: @Sendable (SyntheticData) -> Bool
    var testDescription: String { name }
    var creates: Bool { method == "POST" && name != "tags" }
  }

  /// The first contact that has a task and a note.
  private static func index(_ data: SyntheticData) -> Int {
    (0..<300).first { !data.tasks(of: $0).isEmpty && !data.notes(of: $0).isEmpty } ?? 0
  }

  private static func contact(_ data: SyntheticData) -> String { "/contacts/" + data.contactID(at: index(data)) }

  private static let email = "written@example.com"

  static let writes: [Write] = [
    Write(
      name: "contact", method: "POST", target: { _ in "/contacts/" },
      body: { #"{"locationId":"\#($0.locationID)","firstName":"Ada","email":"\#(email)"}"# },
      isDone: { data in data.liveCount == 301 && data.email(at: 300) == email }),
    Write(
      name: "contact's update", method: "PUT", target: contact, body: { _ in #"{"city":"Elsewhere"}"# },
      isDone: { $0.contact(at: index($0)).city == "Elsewhere" }),
    Write(
      name: "contact's deletion", method: "DELETE", target: contact, body: { _ in "" }, isDone: { $0.liveCount == 299 }),
    Write(
      name: "task", method: "POST", target: { contact($0) + "/tasks" },
      body: { _ in #"{"title":"written","dueDate":"2026-01-02T03:04:05Z","completed":false}"# },
      isDone: { $0.tasks(of: index($0)).contains { $0.title == "written" } }),
    Write(
      name: "task's update", method: "PUT", target: { contact($0) + "/tasks/" + $0.tasks(of: index($0))[0].id },
      body: { _ in #"{"title":"written"}"# }, isDone: { $0.tasks(of: index($0))[0].title == "written" }),
    Write(
      name: "note", method: "POST", target: { contact($0) + "/notes" }, body: { _ in #"{"body":"written"}"# },
      isDone: { $0.notes(of: index($0)).contains { $0.body == "written" } }),
    Write(
      name: "note's update", method: "PUT", target: { contact($0) + "/notes/" + $0.notes(of: index($0))[0].id },
      body: { _ in #"{"body":"written"}"# }, isDone: { $0.notes(of: index($0))[0].body == "written" }),
    Write(
      name: "tags", method: "POST", target: { contact($0) + "/tags" }, body: { _ in #"{"tags":["written"]}"# },
      isDone: { $0.contact(at: index($0)).tags.contains("written") }),
  ]

  private func send(_ write: Write, to asking: Asking) -> SandboxAnswer {
    asking.raw(write.method, write.target(asking.data), body: write.body(asking.data))
  }

  // MARK: The write is carried out

  @Test(arguments: writes)
  func `a write without faults is carried out`(write: Write) throws {
    let asking = try Asking()
    #expect(!write.isDone(asking.data))
    #expect((200...201).contains(send(write, to: asking).status))
    #expect(write.isDone(asking.data))
  }

  @Test(arguments: writes)
  func `a 422 may have created the record`(write: Write) throws {
    let asking = try Asking(faults: ["422-created=1"])
    let answer = send(write, to: asking)
    #expect(write.isDone(asking.data))
    #expect((answer.status == 422) == write.creates)
    let body = try JSONReader.read(answer.body)
    #expect((body["message"]?.arrayValue?.count == 1) == write.creates)
    #expect(asking.sandbox.statistics.byFault == (write.creates ? ["422-created": 1] : [:]))
  }

  @Test(arguments: writes)
  func `a 5xx may come after the write`(write: Write) throws {
    let asking = try Asking(faults: ["5xx-after=1"])
    #expect([500, 502, 503, 504].contains(send(write, to: asking).status))
    #expect(write.isDone(asking.data) && asking.data.edits.writes == 1)
  }

  @Test(arguments: writes)
  func `a response may be missing after the write`(write: Write) throws {
    let asking = try Asking(faults: ["timeout-after=1", "disconnect=0.5"])
    let done = (0..<8).contains { _ in
      let answer = send(write, to: asking)
      #expect(answer.ending == .nothing)
      return write.isDone(asking.data)
    }
    #expect(done)
  }

  @Test(arguments: writes)
  func `a response that breaks off comes after the write`(write: Write) throws {
    let asking = try Asking(faults: ["truncated=1"])
    let answer = send(write, to: asking)
    #expect(write.isDone(asking.data))
    #expect(throws: JSONReader.Failure.self) { try JSONReader.read(answer.body) }
  }

  // MARK: Nothing is written

  @Test(arguments: writes, ["5xx", "429", "html"])
  func `faults of all requests come before the write`(write: Write, fault: String) throws {
    let asking = try Asking(faults: [fault + "=1"])
    #expect(send(write, to: asking).status >= 429)
    #expect(!write.isDone(asking.data) && asking.data.edits.writes == 0)
  }

  @Test(arguments: writes)
  func `a connection that closes without a response did so before the write`(write: Write) throws {
    var endings: Set<SandboxAnswer.Ending> = []
    for seed in 1...12 {
      let asking = try Asking(seed: UInt64(seed), faults: ["disconnect=1"])
      let answer = send(write, to: asking)
      endings.insert(answer.ending)
      #expect(write.isDone(asking.data) == (answer.ending == .half))
    }
    #expect(endings == [.nothing, .half])
  }

  @Test func `a refused write stays refused`() throws {
    let asking = try Asking(faults: ["422-created=1", "5xx-after=1", "discard=1"])
    let answer = asking.raw("POST", "/contacts/", body: #"{"locationId":"\#(asking.location)","foo":1}"#)
    #expect(answer.status == 422 && answer.text.contains("property foo should not exist"))
    #expect(asking.data.liveCount == 300)
  }

  @Test func `reads are not hit by faults of writes`() throws {
    let faults = ["422-created=1", "5xx-after=1", "timeout-after=1", "gone=1", "discard=1", "bulk-error=1"]
    let (asking, plain) = (try Asking(faults: faults), try Asking())
    for target in ["/contacts/" + asking.data.contactID(at: 0), "/locations/" + asking.location] {
      #expect(asking.raw("GET", target).text == plain.raw("GET", target).text)
    }
    let search = #"{"locationId":"\#(asking.location)","pageLimit":5}"#
    #expect(asking.raw("POST", "/contacts/search", body: search).ending == .whole)
    #expect(asking.sandbox.statistics.byFault.isEmpty)
  }

  // MARK: gone

  @Test(arguments: writes)
  func `the record may be deleted just before the write`(write: Write) throws {
    let asking = try Asking(faults: ["gone=1"])
    let (before, answer) = (asking.data, send(write, to: asking))
    let after = asking.data
    let index = Self.index(before)
    if write.name == "contact" {
      // There is nothing yet that could be deleted.
      #expect(answer.status == 201 && write.isDone(after))
      return
    }
    #expect(answer.status == 400)
    switch write.name {
    case "task's update":
      #expect(after.tasks(of: index) == Array(before.tasks(of: index).dropFirst()) && after.isThere(index))
    case "note's update":
      #expect(after.notes(of: index) == Array(before.notes(of: index).dropFirst()) && after.isThere(index))
    default: #expect(!after.isThere(index) && after.liveCount == 299)
    }
  }

  @Test func `a record that was never there cannot be deleted before`() throws {
    let asking = try Asking(faults: ["gone=1", "gone-404"])
    let id = asking.data.contactID(at: 0)
    for target in ["/contacts/unknown", "/contacts/\(id)/tasks/unknown", "/contacts/unknown/notes/x"] {
      #expect(asking.raw("PUT", target, body: "{}").status == 404)
    }
    #expect(asking.data.liveCount == 300)
  }

  // MARK: discard

  private static let members = [
    "firstName": #""Ada""#, "lastName": #""Lovelace""#, "city": #""London""#, "website": #""https://www.example.com""#,
    "source": #""csv""#, "postalCode": #""N1""#,
  ]

  private func contactBody(_ asking: Asking, _ number: Int) -> String {
    let members = Self.members.sorted { $0.key < $1.key }.map { "\"\($0.key)\":\($0.value)" }
    return "{\"locationId\":\"\(asking.location)\",\"email\":\"a\(number)@example.com\",\"phone\":\"+1415555\(1000 + number)\","
      + members.joined(separator: ",") + "}"
  }

  @Test func `one member is not stored, and half of the responses show it`() throws {
    let asking = try Asking(faults: ["discard=1"])
    var lost: Set<String> = []
    var echoes: Set<Bool> = []
    for number in 0..<40 {
      let answer = asking.raw("POST", "/contacts/", body: contactBody(asking, number))
      #expect(answer.status == 201)
      let shown = try #require(try JSONReader.read(answer.body)["contact"])
      let id = try #require(shown["id"]?.stringValue)
      let stored = try #require(try asking.get("/contacts/" + id)["contact"])
      #expect(stored["email"]?.stringValue == "a\(number)@example.com" && stored["phone"]?.stringValue != nil)
      let missing = Self.members.keys.filter { stored[$0] == nil }
      #expect(missing.count == 1)
      lost.formUnion(missing)
      echoes.insert(missing.allSatisfy { shown[$0] != nil })
    }
    #expect(lost == Set(Self.members.keys) && echoes == [true, false])
    #expect(asking.data.liveCount == 340)
  }

  @Test func `an update may keep the old value`() throws {
    let asking = try Asking(faults: ["discard=0.5"])
    let target = "/contacts/" + asking.data.contactID(at: 0)
    let before = asking.data.contact(at: 0).city
    var stored: Set<Bool> = []
    for number in 0..<30 {
      let old = asking.data.contact(at: 0).city
      #expect(asking.raw("PUT", target, body: #"{"city":"City \#(number)"}"#).status == 200)
      let new = asking.data.contact(at: 0).city
      #expect(new == "City \(number)" || new == old)
      stored.insert(new == "City \(number)")
    }
    #expect(stored == [true, false])
    #expect(before != asking.data.contact(at: 0).city)
  }

  @Test func `a value that was discarded is stored by a later attempt`() throws {
    let asking = try Asking(faults: ["discard=0.5"])
    for index in 0..<20 {
      let target = "/contacts/" + asking.data.contactID(at: index)
      let stored = (0..<20).contains { _ in
        _ = asking.raw("PUT", target, body: #"{"city":"Elsewhere"}"#)
        return asking.data.contact(at: index).city == "Elsewhere"
      }
      #expect(stored)
    }
  }

  @Test func `of several custom fields one is not stored`() throws {
    let asking = try Asking(faults: ["discard=1"])
    let fields = asking.data.customFieldDefinitions.filter { $0.dataType == "TEXT" && $0.model == "contact" }
    let items = fields.map { #"{"id":"\#($0.id)","field_value":"written"}"# }.joined(separator: ",")
    let target = "/contacts/" + asking.data.contactID(at: 0)
    #expect(asking.raw("PUT", target, body: #"{"customFields":[\#(items)]}"#).status == 200)
    let written = asking.data.contact(at: 0).customFields.count { $0.value == .text("written") }
    #expect(fields.count > 1 && written == fields.count - 1)
  }

  @Test func `required members of tasks and notes are stored`() throws {
    let asking = try Asking(faults: ["discard=1"])
    for index in 0..<20 {
      let contact = "/contacts/" + asking.data.contactID(at: index)
      let task = #"{"title":"a","dueDate":"2026-01-02T03:04:05Z","completed":true,"body":"b"}"#
      #expect(asking.raw("POST", contact + "/tasks", body: task).status == 201)
      let stored = try #require(asking.data.tasks(of: index).last)
      #expect(stored.title == "a" && stored.completed && stored.body == nil)
      #expect(asking.raw("POST", contact + "/notes", body: #"{"body":"b","pinned":true}"#).status == 201)
      #expect(asking.data.notes(of: index).last?.body == "b" && asking.data.notes(of: index).last?.pinned == false)
    }
  }

  // MARK: Draws

  @Test func `faults of writes do not depend on the order of the requests`() throws {
    let faults = ["422-created=0.3", "discard=0.3", "5xx-after=0.3", "timeout-after=0.3", "gone=0.2"]
    func outcomes(_ order: some Sequence<Int>) throws -> [Int: String] {
      let asking = try Asking(faults: faults)
      var found: [Int: String] = [:]
      for index in order {
        let target = "/contacts/" + asking.data.contactID(at: index)
        let answer = asking.raw("PUT", target, body: #"{"city":"Elsewhere","state":"XX"}"#)
        let contact = asking.data.isThere(index) ? asking.data.contact(at: index) : nil
        found[index] = "\(answer.status) \(answer.ending) \(contact?.city ?? "-") \(contact?.state ?? "-")"
      }
      return found
    }
    let forward = try outcomes(0..<60)
    #expect(forward == (try outcomes((0..<60).reversed())))
    #expect(Set(forward.values).count > 8)
  }
}
