import Core
import Testing

@testable import Sandbox

/// `POST`, `PUT` and `DELETE` of notes (`facts.md` 1.6).
@Suite struct NoteWriteTests {
  private static let versions = ["2021-07-28", "v3"]

  /// A contact with at least two notes.
  private func contact(_ asking: Asking) throws -> Int {
    try #require((0..<300).first { asking.data.notes(of: $0).count > 1 })
  }

  private func everyReading(_ asking: Asking, _ index: Int, _ id: String) throws -> [JSONValue?] {
    let under = "/contacts/\(asking.data.contactID(at: index))/notes"
    return [
      try asking.get(under + "/" + id)["note"],
      try asking.get(under)["notes"]?.arrayValue?.first { $0["id"]?.stringValue == id },
    ]
  }

  @Test(arguments: versions)
  func `a created note is returned by every route that reads notes`(version: String) throws {
    let asking = try Asking(version: version)
    let index = try contact(asking)
    let before = asking.data.notes(of: index)
    let under = "/contacts/\(asking.data.contactID(at: index))/notes"
    let user = asking.data.userID(at: 1)
    let body = ##"{"userId":"\##(user)","body":"<p>né 😀</p>","title":"First","color":"#FFAA00","pinned":true}"##
    let answer = asking.raw("POST", under, body: body)
    #expect(answer.status == 201)
    let note = try #require(try JSONReader.read(answer.body)["note"])
    let id = try #require(note["id"]?.stringValue)
    for member in try #require(try JSONReader.read(Array(body.utf8)).objectValue) {
      #expect(note[member.name] == member.value)
    }
    #expect(note["contactId"]?.stringValue == asking.data.contactID(at: index))
    #expect(note["dateAdded"]?.stringValue != nil)
    #expect(try everyReading(asking, index, id) == [note, note])
    #expect(asking.data.notes(of: index).dropLast() == before[...])
  }

  @Test func `a note needs only a body, which may be empty`() throws {
    let asking = try Asking()
    let under = "/contacts/\(asking.data.contactID(at: 0))/notes"
    let note = try asking.post(under, #"{"body":""}"#)["note"]
    #expect(note?["body"]?.stringValue == "" && note?["pinned"]?.boolValue == false)
    for name in ["userId", "title", "color"] { #expect(note?[name] == nil) }
    #expect(try asking.post(under, #"{"body":""}"#)["note"]?["id"] != note?["id"])
  }

  @Test(arguments: versions)
  func `an update changes the members that were sent`(version: String) throws {
    let asking = try Asking(version: version)
    let index = try contact(asking)
    let notes = asking.data.notes(of: index)
    let target = "/contacts/\(notes[0].contactID)/notes/\(notes[0].id)"
    for (name, value) in [
      ("body", #""edited""#), ("title", #""New""#), ("color", ##""#000000""##), ("pinned", "true"), ("pinned", "false"),
      ("userId", "\"\(asking.data.userID(at: 3))\""),
    ] {
      let before = try #require(try asking.get(target)["note"]?.objectValue)
      let answer = asking.raw("PUT", target, body: "{\"\(name)\":\(value)}")
      #expect(answer.status == 200)
      let note = try #require(try JSONReader.read(answer.body)["note"])
      #expect(note[name] == (try JSONReader.read(Array(value.utf8))))
      for member in before where member.name != name { #expect(note[member.name] == member.value) }
      #expect(try everyReading(asking, index, notes[0].id) == [note, note])
    }
    #expect(asking.raw("PUT", target, body: "{}").status == 200)
    #expect(asking.data.notes(of: index).dropFirst() == notes.dropFirst())
  }

  @Test(arguments: versions)
  func `a deleted note is gone everywhere`(version: String) throws {
    let asking = try Asking(version: version)
    let index = try contact(asking)
    let notes = asking.data.notes(of: index)
    let target = "/contacts/\(notes[1].contactID)/notes/\(notes[1].id)"
    let answer = asking.raw("DELETE", target)
    #expect(answer.status == 200)
    let body = try JSONReader.read(answer.body)
    #expect(body["succeded"]?.boolValue == true)
    #expect(body["succeeded"]?.boolValue == (version == "v3" ? true : nil))
    #expect(asking.data.notes(of: index) == notes.filter { $0 != notes[1] })
    #expect(try everyReading(asking, index, notes[1].id) == [nil, nil])
    for (method, body) in [("GET", ""), ("DELETE", ""), ("PUT", "{}")] {
      #expect(asking.raw(method, target, body: body).status == 400)
    }
  }

  @Test(arguments: [
    ("POST", "{}", "body must be a string"), ("POST", #"{"title":"x"}"#, "body must be a string"),
    ("POST", #"{"body":null}"#, "body must be a string"), ("POST", #"{"body":["x"]}"#, "body must be a string"),
    ("POST", #"{"body":"x","attachments":[]}"#, "property attachments should not exist"),
    ("PUT", #"{"body":"x","dateAdded":"2026-01-02T03:04:05Z"}"#, "property dateAdded should not exist"),
    ("PUT", #"{"pinned":"true"}"#, "pinned must be a boolean value"), ("PUT", #"{"color":1}"#, "color must be a string"),
    ("PUT", #"{"userId":false}"#, "userId must be a string"), ("PUT", #"{"title":{}}"#, "title must be a string"),
  ])
  func `a wrong body is refused with a list`(method: String, body: String, message: String) throws {
    let asking = try Asking()
    let index = try contact(asking)
    let before = asking.data.notes(of: index)
    let under = "/contacts/\(before[0].contactID)/notes" + (method == "PUT" ? "/" + before[0].id : "")
    let answer = asking.raw(method, under, body: body)
    #expect(answer.status == 422)
    let messages = try JSONReader.read(answer.body)["message"]?.arrayValue?.compactMap(\.stringValue) ?? []
    #expect(messages.contains(message), "\(messages)")
    #expect(asking.data.notes(of: index) == before)
  }

  @Test(arguments: [(400, []), (404, ["not-found-404", "gone-404"])])
  func `a contact or note that is not there is a 400 or a 404`(status: Int, faults: [String]) throws {
    let asking = try Asking(faults: faults)
    let index = try contact(asking)
    let note = asking.data.notes(of: index)[0]
    let other = asking.data.contactID(at: index + 1)
    for target in ["/contacts/\(other)/notes/\(note.id)", "/contacts/\(note.contactID)/notes/unknown"] {
      for (method, body) in [("PUT", "{}"), ("DELETE", "")] {
        #expect(asking.raw(method, target, body: body).status == status, "\(method) \(target)")
      }
    }
    #expect(asking.data.notes(of: index).contains(note))
    #expect(asking.raw("DELETE", "/contacts/" + note.contactID).status == 200)
    let under = "/contacts/\(note.contactID)/notes"
    for (method, target, body) in [
      ("GET", under, ""), ("POST", under, #"{"body":"x"}"#), ("GET", under + "/" + note.id, ""),
      ("PUT", under + "/" + note.id, "{}"), ("DELETE", under + "/" + note.id, ""),
    ] {
      #expect(asking.raw(method, target, body: body).status == status, "\(method) \(target)")
    }
  }

  @Test func `writing notes needs a scope of its own`() throws {
    let asking = try Asking(faults: ["scope-missing=contacts.write"])
    let index = try contact(asking)
    let note = asking.data.notes(of: index)[0]
    let under = "/contacts/\(note.contactID)/notes"
    for (method, target) in [("POST", under), ("PUT", under + "/" + note.id), ("DELETE", under + "/" + note.id)] {
      let answer = asking.raw(method, target, body: "{}")
      #expect(answer.status == 401 && answer.text.contains("The token is not authorized for this scope."))
    }
    #expect(asking.raw("GET", under).status == 200)
    #expect(asking.data.notes(of: index)[0] == note)
  }
}
