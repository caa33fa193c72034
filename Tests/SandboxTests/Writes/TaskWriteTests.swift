import Core
import Testing

@testable import Sandbox

/// `POST`, `PUT` and `DELETE` of tasks (`facts.md` 1.5).
@Suite struct TaskWriteTests {
  private static let versions = ["2021-07-28", "v3"]
  private static let whole =
    #"{"title":"Call back","body":"<p>soon</p>","dueDate":"2026-01-02T03:04:05Z","completed":false,"assignedTo":"USER"}"#

  /// A contact of the first business with at least two tasks.
  private func contact(_ asking: Asking) throws -> Int {
    try #require(asking.data.members(ofBusiness: 0).first { asking.data.taskCount(of: $0) > 1 })
  }

  private func body(_ asking: Asking, _ text: String = whole) -> String {
    text.replacing("USER", with: asking.data.userID(at: 2))
  }

  /// Every route that reads tasks, with what it finds of one.
  private func everyReading(_ asking: Asking, _ index: Int, _ id: String) throws -> [JSONValue?] {
    let under = "/contacts/\(asking.data.contactID(at: index))/tasks"
    let search = "/locations/\(asking.location)/tasks/search"
    let contact = asking.data.contactID(at: index)
    let business = asking.data.business(ofContact: index).map(asking.data.businessID) ?? ""
    let lists = [
      try asking.get(under), try asking.post(search, #"{"limit":100,"contactId":["\#(contact)"]}"#),
      try asking.post(search, #"{"limit":100,"businessId":"\#(business)","contactId":["\#(contact)"]}"#),
    ]
    return [try asking.get(under + "/" + id)["task"]]
      + lists.map { $0["tasks"]?.arrayValue?.first { $0["id"]?.stringValue == id } }
  }

  @Test(arguments: versions)
  func `a created task is returned by every route that reads tasks`(version: String) throws {
    let asking = try Asking(version: version)
    let index = try contact(asking)
    let before = asking.data.tasks(of: index)
    let under = "/contacts/\(asking.data.contactID(at: index))/tasks"
    let answer = asking.raw("POST", under, body: body(asking))
    #expect(answer.status == 201)
    let task = try #require(try JSONReader.read(answer.body)["task"])
    let id = try #require(task["id"]?.stringValue)
    #expect(task["title"]?.stringValue == "Call back" && task["body"]?.stringValue == "<p>soon</p>")
    #expect(task["dueDate"]?.stringValue == "2026-01-02T03:04:05.000Z" && task["completed"]?.boolValue == false)
    #expect(task["assignedTo"]?.stringValue == asking.data.userID(at: 2))
    #expect(task["contactId"]?.stringValue == asking.data.contactID(at: index))
    #expect(try everyReading(asking, index, id) == [task, task, task, task])
    #expect(asking.data.tasks(of: index).dropLast() == before[...])
    let text = asking.raw("POST", "/locations/\(asking.location)/tasks/search", body: #"{"query":"CALL BACK","limit":100}"#)
    #expect(text.text.contains(id))
  }

  @Test func `optional members of a task may be left out`() throws {
    let asking = try Asking()
    let under = "/contacts/\(asking.data.contactID(at: 0))/tasks"
    let first = try asking.post(under, #"{"title":"","dueDate":"2026-01-02T03:04:05Z","completed":true}"#)["task"]
    #expect(first?["completed"]?.boolValue == true && first?["title"]?.stringValue == "")
    #expect(first?["body"] == nil && first?["assignedTo"] == nil)
    let second = try asking.post(under, #"{"title":"","dueDate":"2026-01-02T03:04:05Z","completed":true}"#)["task"]
    #expect(first?["id"] != second?["id"])
  }

  @Test(arguments: [
    ("2026-01-02T03:04:05Z", "2026-01-02T03:04:05.000Z"), ("2026-01-02T03:04:05.678Z", "2026-01-02T03:04:05.678Z"),
    ("2026-01-02T03:04:05+05:30", "2026-01-01T21:34:05.000Z"), ("2026-01-02T23:04:05-01:00", "2026-01-03T00:04:05.000Z"),
    ("2024-02-29T00:00:00Z", "2024-02-29T00:00:00.000Z"), ("1969-12-31T23:59:59Z", "1969-12-31T23:59:59.000Z"),
    ("2026-02-29T00:00:00Z", nil), ("2026-01-02T24:00:00Z", nil), ("2026-01-02T03:04:05", nil), ("2026-01-02", nil),
    ("tomorrow", nil), ("", nil), ("2026-13-02T03:04:05Z", nil), ("2026-01-02T03:04:05.Z", nil),
    ("2026-01-02 03:04:05Z", nil),
  ])
  func `due dates are stored as points in time`(sent: String, stored: String?) throws {
    let asking = try Asking()
    let under = "/contacts/\(asking.data.contactID(at: 0))/tasks"
    let answer = asking.raw("POST", under, body: #"{"title":"a","dueDate":"\#(sent)","completed":true}"#)
    #expect(answer.status == (stored == nil ? 422 : 201))
    #expect(try JSONReader.read(answer.body)["task"]?["dueDate"]?.stringValue == stored)
    if stored == nil {
      #expect(answer.text.contains(#""message":["dueDate "#))
      #expect(asking.data.tasks(of: 0) == (try Asking().data.tasks(of: 0)))
    }
  }

  @Test(arguments: versions)
  func `an update changes the members that were sent`(version: String) throws {
    let asking = try Asking(version: version)
    let index = try contact(asking)
    let others = asking.data.tasks(of: index).dropFirst()
    let id = asking.data.tasks(of: index)[0].id
    let target = "/contacts/\(asking.data.contactID(at: index))/tasks/\(id)"
    for (name, value) in [
      ("title", #""New""#), ("body", #""""#), ("dueDate", #""2030-05-06T07:08:09Z""#), ("completed", "true"),
      ("completed", "false"), ("assignedTo", "\"\(asking.data.userID(at: 3))\""),
    ] {
      let before = try #require(try asking.get(target)["task"]?.objectValue)
      let answer = asking.raw("PUT", target, body: "{\"\(name)\":\(value)}")
      #expect(answer.status == 200)
      let task = try #require(try JSONReader.read(answer.body)["task"])
      let sent = try JSONReader.read(Array(value.utf8))
      let stored = name == "dueDate" ? .string("2030-05-06T07:08:09.000Z") : sent
      #expect(task[name] == stored)
      for member in before where member.name != name { #expect(task[member.name] == member.value) }
      #expect(try everyReading(asking, index, id) == [task, task, task, task])
    }
    #expect(asking.raw("PUT", target, body: "{}").status == 200)
    #expect(asking.data.tasks(of: index).dropFirst() == others)
  }

  @Test func `an update refuses the due date that a read returns`() throws {
    let asking = try Asking()
    let index = try contact(asking)
    let task = asking.data.tasks(of: index)[0]
    let target = "/contacts/\(task.contactID)/tasks/\(task.id)"
    let answer = asking.raw("PUT", target, body: #"{"title":"New","dueDate":"\#(task.dueText)"}"#)
    #expect(answer.status == 422)
    #expect(answer.text.contains(#""message":["dueDate must be a valid ISO 8601 date string"]"#))
    #expect(asking.data.tasks(of: index)[0] == task)
    let stripped = task.dueText.prefix { $0 != "." } + "Z"
    #expect(asking.raw("PUT", target, body: #"{"dueDate":"\#(stripped)"}"#).status == 200)
  }

  @Test(arguments: versions)
  func `a task is completed and opened again`(version: String) throws {
    let asking = try Asking(version: version)
    let index = try contact(asking)
    let before = asking.data.tasks(of: index)[1]
    let target = "/contacts/\(before.contactID)/tasks/\(before.id)/completed"
    for value in [true, false, true] {
      let answer = asking.raw("PUT", target, body: "{\"completed\":\(value)}")
      #expect(answer.status == 200)
      #expect(try JSONReader.read(answer.body)["task"]?["completed"]?.boolValue == value)
      var expected = before
      expected.completed = value
      #expect(asking.data.tasks(of: index)[1] == expected)
    }
    for (body, message) in [
      ("{}", "completed must be a boolean value"), (#"{"completed":"yes"}"#, "completed must be a boolean value"),
      (#"{"completed":true,"title":"x"}"#, "property title should not exist"),
    ] {
      let answer = asking.raw("PUT", target, body: body)
      #expect(answer.status == 422 && answer.text.contains("\"\(message)\""))
    }
  }

  @Test(arguments: versions)
  func `a deleted task is gone everywhere`(version: String) throws {
    let asking = try Asking(version: version)
    let index = try contact(asking)
    let tasks = asking.data.tasks(of: index)
    let target = "/contacts/\(tasks[0].contactID)/tasks/\(tasks[0].id)"
    let answer = asking.raw("DELETE", target)
    #expect(answer.status == 200)
    let body = try JSONReader.read(answer.body)
    #expect(body["succeded"]?.boolValue == true)
    #expect(body["succeeded"]?.boolValue == (version == "v3" ? true : nil))
    #expect(asking.data.tasks(of: index) == Array(tasks.dropFirst()))
    #expect(try everyReading(asking, index, tasks[0].id) == [nil, nil, nil, nil])
    for (method, body) in [("GET", ""), ("DELETE", ""), ("PUT", "{}")] {
      #expect(asking.raw(method, target, body: body).status == 400)
    }
  }

  @Test(arguments: [
    (
      #"{"title":"a","dueDate":"2026-01-02T03:04:05Z","completed":true,"foo":1,"id":"x"}"#,
      ["property foo should not exist", "property id should not exist"]
    ),
    (#"{}"#, ["title must be a string", "dueDate must be a valid ISO 8601 date string", "completed must be a boolean value"]),
    (#"{"title":1,"dueDate":"2026-01-02T03:04:05Z","completed":true}"#, ["title must be a string"]),
    (#"{"title":"a","dueDate":"2026-01-02T03:04:05Z","completed":"true"}"#, ["completed must be a boolean value"]),
    (#"{"title":"a","dueDate":null,"completed":true}"#, ["dueDate must be a valid ISO 8601 date string"]),
    (#"{"title":"a","dueDate":"2026-01-02T03:04:05Z","completed":true,"body":[]}"#, ["body must be a string"]),
    (#"{"title":"a","dueDate":"2026-01-02T03:04:05Z","completed":true,"assignedTo":7}"#, ["assignedTo must be a string"]),
  ])
  func `a wrong body is refused with a list`(body: String, messages: [String]) throws {
    let asking = try Asking()
    let before = asking.data.tasks(of: 0)
    let answer = asking.raw("POST", "/contacts/\(asking.data.contactID(at: 0))/tasks", body: body)
    #expect(answer.status == 422)
    let found = try JSONReader.read(answer.body)["message"]?.arrayValue?.compactMap(\.stringValue) ?? []
    #expect(Set(messages).isSubset(of: found), "\(found)")
    func subject(_ message: String) -> Substring { message.replacing("property ", with: "").prefix { $0 != " " } }
    #expect(Set(found.map(subject)) == Set(messages.map(subject)))
    #expect(asking.data.tasks(of: 0) == before)
  }

  @Test(arguments: [(400, []), (404, ["not-found-404", "gone-404"])])
  func `a contact or task that is not there is a 400 or a 404`(status: Int, faults: [String]) throws {
    let asking = try Asking(faults: faults)
    let index = try contact(asking)
    let task = asking.data.tasks(of: index)[0]
    let other = asking.data.contactID(at: index + 1)
    let contact = asking.data.contactID(at: index)
    for target in ["/contacts/\(other)/tasks/\(task.id)", "/contacts/\(contact)/tasks/unknown"] {
      for (method, body) in [("PUT", "{}"), ("DELETE", "")] {
        #expect(asking.raw(method, target, body: body).status == status, "\(method) \(target)")
      }
      #expect(asking.raw("PUT", target + "/completed", body: #"{"completed":true}"#).status == status)
    }
    #expect(asking.data.tasks(of: index).contains(task))
    #expect(asking.raw("DELETE", "/contacts/" + contact).status == 200)
    #expect(asking.raw("POST", "/contacts/\(contact)/tasks", body: body(asking)).status == status)
    for (method, under, body) in [
      ("GET", "", ""), ("GET", "/" + task.id, ""), ("PUT", "/" + task.id, "{}"), ("DELETE", "/" + task.id, ""),
      ("PUT", "/\(task.id)/completed", #"{"completed":true}"#),
    ] {
      #expect(asking.raw(method, "/contacts/\(contact)/tasks\(under)", body: body).status == status, "\(method) \(under)")
    }
    let found = try asking.post("/locations/\(asking.location)/tasks/search", #"{"contactId":["\#(contact)"]}"#)
    #expect(found["tasks"]?.arrayValue?.isEmpty == true)
  }

  @Test func `writing tasks needs a scope of its own`() throws {
    let asking = try Asking(faults: ["scope-missing=contacts.write"])
    let index = try contact(asking)
    let task = asking.data.tasks(of: index)[0]
    let under = "/contacts/\(task.contactID)/tasks"
    for (method, target) in [
      ("POST", under), ("PUT", under + "/" + task.id), ("DELETE", under + "/" + task.id),
      ("PUT", "\(under)/\(task.id)/completed"),
    ] {
      let answer = asking.raw(method, target, body: "{}")
      #expect(answer.status == 401 && answer.text.contains("The token is not authorized for this scope."))
    }
    #expect(asking.raw("GET", under).status == 200)
    #expect(asking.data.tasks(of: index)[0] == task)
  }

  @Test func `methods that GHL lacks are unknown paths`() throws {
    let asking = try Asking()
    let under = "/contacts/\(asking.data.contactID(at: 0))/tasks"
    for (method, target) in [("PATCH", under + "/x"), ("PUT", under), ("POST", under + "/x/completed")] {
      let answer = asking.raw(method, target, body: "{}")
      #expect(answer.status == 404 && answer.text.contains("Cannot \(method) \(target)"))
    }
  }
}
