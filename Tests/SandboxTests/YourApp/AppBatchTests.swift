import Core
import Testing

@testable import Sandbox

@Suite("Your App: batches")
struct AppBatchTests {
  private func results(_ value: JSONValue) -> [JSONValue] { value["results"]?.arrayValue ?? [] }
  private func statuses(_ value: JSONValue) -> [Int] { results(value).compactMap { $0["status"]?.intValue } }

  @Test func `records are created or replaced by their keys`() throws {
    let asking = try AppAsking()
    let old = try asking.contact("c2")
    let answer = asking.send("POST", "/contacts/batch", AppSamples.batch(["c1", "c2", "c3"].map { AppSamples.contact($0) }))
    #expect(answer.status == 200)
    let value = try asking.json(answer)
    #expect(statuses(value) == [201, 200, 201])
    #expect(results(value).map { $0["key"] } == ["c1", "c2", "c3"].map { .string($0) })
    #expect(results(value).map { $0["index"] } == [0, 1, 2].map { .number($0) })
    #expect(results(value)[1]["id"] == .string(old) && results(value)[1]["version"] == .number(2))
    #expect(value["created"] == .number(2) && value["updated"] == .number(1) && value["failed"] == .number(0))
    let tag = try #require(results(value)[0]["etag"]?.stringValue)
    let id = try #require(results(value)[0]["id"]?.stringValue)
    #expect(asking.send("GET", "/contacts/" + id).header("ETag") == tag)
  }

  private let mixed = [
    AppSamples.contact("c1"), AppSamples.contact("c2", #","email":"x""#), #"{"name":"no key"}"#, "[]", AppSamples.contact("c1"),
    AppSamples.contact("c3"),
  ]

  @Test func `refused records are named, and the others are written`() throws {
    let asking = try AppAsking()
    let answer = asking.send("POST", "/contacts/batch", AppSamples.batch(mixed))
    #expect(answer.status == 207)
    let value = try asking.json(answer)
    #expect(statuses(value) == [201, 422, 422, 422, 409, 201])
    #expect(results(value)[2]["key"] == .null)
    #expect(results(value)[1]["error"]?["errors"]?.arrayValue?.first?["pointer"] == .string("/items/1/email"))
    #expect(value["created"] == .number(2) && value["failed"] == .number(4))
    #expect(asking.keys(.contacts) == ["c1", "c3"])
  }

  @Test func `an atomic batch writes all records or none`() throws {
    let asking = try AppAsking()
    let refused = asking.send("POST", "/contacts/batch?atomic=true", AppSamples.batch(mixed))
    #expect(refused.status == 422 && refused.problemCode == "batch-refused")
    let pointers = (try asking.json(refused)["errors"]?.arrayValue ?? []).compactMap { $0["pointer"]?.stringValue }
    #expect(
      pointers == ["/items/1/email", "/items/2/contactId", "/items/2/status", "/items/2/createdAt", "/items/3", "/items/4"])
    #expect(asking.keys(.contacts).isEmpty)
    let written = asking.send("POST", "/contacts/batch?atomic=true", AppSamples.batch([mixed[0], mixed[5]]))
    #expect(written.status == 200 && asking.keys(.contacts) == ["c1", "c3"])
    #expect(asking.send("POST", "/contacts/batch?atomic=yes", AppSamples.batch([mixed[0]])).status == 400)
  }

  @Test func `children name their contact by its key`() throws {
    let asking = try AppAsking()
    try asking.contact("c1")
    let batch = AppSamples.batch([AppSamples.record(.tasks, "t1"), AppSamples.record(.tasks, "t2", contact: "c2")])
    let value = try asking.json(asking.send("POST", "/tasks/batch", batch))
    #expect(statuses(value) == [201, 422])
    let error = results(value)[1]["error"]?["errors"]?.arrayValue?.first
    #expect(error?["pointer"] == .string("/items/1/contactId") && error?["code"] == .string("unknown-contact"))
    let refused = asking.send("POST", "/tasks/batch?atomic=true", batch)
    #expect(refused.status == 422)
    try asking.contact("c2")
    #expect(asking.send("POST", "/tasks/batch?atomic=true", batch).status == 200)
    #expect(asking.keys(.tasks) == ["t1", "t2"])
  }

  @Test func `a batch has from 1 to 100 records in a list named items`() throws {
    let asking = try AppAsking()
    let full = (0..<100).map { AppSamples.contact("c" + String($0)) }
    #expect(asking.send("POST", "/contacts/batch", AppSamples.batch(full)).status == 200)
    let more = asking.send("POST", "/contacts/batch", AppSamples.batch(full + [AppSamples.contact("d")]))
    #expect(more.status == 413 && more.problemCode == "batch-too-large")
    #expect(try asking.json(more)["maxItems"] == .number(100))
    for body in [AppSamples.batch([]), "[]", "{}", #"{"items":{}}"#] {
      #expect(asking.send("POST", "/contacts/batch", body).problemCode == "malformed-request")
    }
    #expect(asking.app.store[.contacts].count == 100)
  }

  @Test func `results include the stored records if the client asks for them`() throws {
    let asking = try AppAsking()
    let batch = AppSamples.batch([AppSamples.contact("c1")])
    let value = try asking.json(asking.send("POST", "/contacts/batch", batch, ["prefer": "return=representation"]))
    #expect(results(value)[0]["record"]?["contactId"] == .string("c1"))
    #expect(results(value)[0]["record"]?["id"] == results(value)[0]["id"])
  }

  // MARK: Jobs

  @Test func `a batch that is accepted as a job is carried out later`() throws {
    let asking = try AppAsking()
    let accepted = asking.send("POST", "/contacts/batch", AppSamples.batch(mixed), ["prefer": "respond-async, wait=0"])
    #expect(accepted.status == 202 && accepted.header("Retry-After") == "1")
    #expect(accepted.header("Preference-Applied") == "respond-async")
    let path = try #require(accepted.header("Location"))
    func poll() throws -> JSONValue { try asking.json(asking.send("GET", path)) }
    #expect(try poll()["status"] == .string("queued"))
    asking.advance(AppJobs.duration / 2)
    #expect(try poll()["status"] == .string("running"))
    #expect(asking.keys(.contacts).isEmpty)
    asking.advance(AppJobs.duration / 2)
    let finished = try poll()
    #expect(finished["status"] == .string("finished"))
    #expect(finished["response"]?["status"] == .number(207))
    #expect(statuses(finished["response"]?["body"] ?? .null) == [201, 422, 422, 422, 409, 201])
    #expect(try poll() == finished)
  }

  @Test func `a job that nobody polls is carried out, in the order of acceptance`() throws {
    let asking = try AppAsking()
    for name in ["A", "B"] {
      let record = AppSamples.contact("c1").replacing("Ada", with: name)
      #expect(asking.send("POST", "/contacts/batch", AppSamples.batch([record]), ["prefer": "respond-async"]).status == 202)
      asking.advance(10)
    }
    asking.advance(AppJobs.duration)
    let found = try asking.json(asking.send("GET", "/contacts?contactId=c1"))["items"]?.arrayValue?.first
    #expect(found?["name"] == .string("B") && found?["version"] == .number(2))
  }

  @Test func `an atomic job that is refused says so`() throws {
    let asking = try AppAsking()
    let accepted = asking.send(
      "POST", "/contacts/batch?atomic=true", AppSamples.batch(mixed), ["prefer": "respond-async", "idempotency-key": "k"])
    let again = asking.send(
      "POST", "/contacts/batch?atomic=true", AppSamples.batch(mixed), ["prefer": "respond-async", "idempotency-key": "k"])
    #expect(again.body == accepted.body)
    asking.advance(AppJobs.duration)
    let job = try asking.json(asking.send("GET", try #require(accepted.header("Location"))))
    #expect(job["response"]?["status"] == .number(422))
    #expect(job["response"]?["body"]?["code"] == .string("batch-refused"))
    #expect(asking.keys(.contacts).isEmpty)
  }
}
