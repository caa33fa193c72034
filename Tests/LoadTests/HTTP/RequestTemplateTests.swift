import Core
import Testing

@testable import Load

@Suite struct RequestTemplateTests {
  private static let values: [RequestPlaceholder: Name] = [
    .key: "a/b?c&d e%\u{e9}", .remoteID: "17", .entityTag: "\"x\"", .location: "loc", .mapping: "contacts",
    .field("address.city"): "Köln", .parentID(mapping: "contacts", field: "contactId"): "9",
  ]

  @Test(
    "placeholders are filled in, and their values stay values",
    arguments: [
      ("POST /contacts", "/contacts"), ("PUT /contacts/{remote_id}", "/contacts/17"),
      ("GET /contacts?key={key}&x=1", "/contacts?key=a%2Fb%3Fc%26d%20e%25%C3%A9&x=1"),
      ("GET /{key}/notes", "/a%2Fb%3Fc%26d%20e%25%C3%A9/notes"),
      ("POST /contacts/{remote_id(contacts, contactId)}/notes", "/contacts/9/notes"),
      ("POST /contacts/{remote_id(contacts,contactId)}/notes", "/contacts/9/notes"),
      ("GET /c?city={field(address.city)}", "/c?city=K%C3%B6ln"), ("GET /v1.{remote_id}/a-{location}b", "/v1.17/a-locb"),
      ("GET /a%20b/{{x}}", nil), ("GET /odata(key='{remote_id}')", "/odata(key='17')"), ("DELETE   /a", "/a"),
    ] as [(String, String?)])
  func target(text: String, expected: String?) throws {
    guard let expected else {
      #expect(throws: RequestTemplate.Fault.character("{")) { try RequestTemplate(text) }
      return
    }
    #expect(try RequestTemplate(text).target { Self.values[$0] } == expected)
  }

  @Test(
    "a value that would change which resource is meant is refused",
    arguments: [
      ("DELETE /contacts/{key}", ".", true), ("DELETE /contacts/{key}", "..", true),
      ("DELETE /contacts/{key}/notes", "..", true), ("DELETE /contacts/{key}", "x/../../tasks/1", true),
      ("DELETE /contacts/{key}{key}", ".", true), ("DELETE /contacts/.{key}", ".", true),
      ("DELETE /contacts/{key}", "a//b", true),
      ("DELETE /contacts/{key}", "a/", true), ("DELETE /contacts/{key}", "/a", true), ("DELETE /contacts/{key}", #"a\.."#, true),
      ("DELETE /contacts/x{key}", "/..", true), ("DELETE /%2e{key}", ".", true), ("DELETE /contacts/{key}", "..;x", true),
      ("DELETE /contacts/{key}", "...", false), ("DELETE /contacts/{key}", "a/..", true),
      ("DELETE /contacts/{key}", "a/b", false),
      ("DELETE /contacts/x{key}", "..", false),
      ("GET /contacts?key={key}", "a/..", false), ("GET /contacts?key={key}", "..", false),
    ])
  func refusals(text: String, value: String, isRefused: Bool) throws {
    let template = try RequestTemplate(text)
    if isRefused {
      #expect(throws: RequestTemplate.Refusal.changesPath(.key)) { try template.target { _ in Name(value) } }
    } else {
      _ = try template.target { _ in Name(value) }
    }
    #expect(throws: RequestTemplate.Refusal.missing(.key)) { try template.target { _ in nil } }
  }

  @Test(
    "an empty key or ID is refused everywhere",
    arguments: ["GET /c?key={key}", "DELETE /c/{remote_id}", "GET /c/x{key}", "GET /c?p={remote_id(contacts, contactId)}"])
  func emptyIdentity(text: String) throws {
    let template = try RequestTemplate(text)
    #expect(throws: RequestTemplate.Refusal.empty(template.target.placeholders[0])) { try template.target { _ in "" } }
    #expect(try RequestTemplate("GET /c?city={field(city)}").target { _ in "" } == "/c?city=")
  }

  @Test(
    "a faulty template is refused with its place",
    arguments: [
      ("", .form), ("POST", .form), ("/contacts", .form), ("POST contacts", .form), ("post /contacts", .method("post")),
      ("TRACE /", .method("TRACE")), ("GET /a b", .character(" ")), ("GET /ä", .character("ä")), ("GET /a#b", .character("#")),
      ("GET //other.example/x", .form), ("GET /100%", .percent),
      ("GET /%2{key}", .percent), ("GET /%zz", .percent), ("GET /a?b=%2", .percent),
      ("GET /{id}", .text(.init(reason: .unknown("id"), offset: 5))), ("GET /{key", .text(.init(reason: .brace, offset: 5))),
      ("GET /key}", .text(.init(reason: .brace, offset: 8))), ("GET /{}", .text(.init(reason: .unknown(""), offset: 5))),
      ("GET /{field()}", .text(.init(reason: .unknown("field()"), offset: 5))),
      ("GET /{remote_id(a)}", .text(.init(reason: .unknown("remote_id(a)"), offset: 5))),
      ("GET /{remote_id(a,)}", .text(.init(reason: .unknown("remote_id(a,)"), offset: 5))),
    ] as [(String, RequestTemplate.Fault)])
  func faults(text: String, fault: RequestTemplate.Fault) {
    #expect(throws: fault) { try RequestTemplate(text) }
  }

  @Test func `headers are filled in, and no value can add another one`() throws {
    let template = try HeaderTemplate("If-Match", "{etag}")
    #expect(try template.text { Self.values[$0] } == "\"x\"")
    #expect(throws: HeaderTemplate.Refusal.control(.entityTag)) { try template.text { _ in "a\r\nX-Admin: 1" } }
    #expect(throws: HeaderTemplate.Refusal.control(.entityTag)) { try template.text { _ in "a\u{7F}" } }
    #expect(throws: HeaderTemplate.Refusal.missing(.entityTag)) { try template.text { _ in nil } }
    #expect(throws: HeaderTemplate.Refusal.empty(.entityTag)) { try template.text { _ in "" } }
    for value in [" a", "a ", "\ta", " "] {
      #expect(throws: HeaderTemplate.Refusal.blank(.entityTag)) { try template.text { _ in Name(value) } }
    }
    #expect(try HeaderTemplate("If-Match", "\"{etag}\"").text { _ in " a " } == "\" a \"")
    #expect(try HeaderTemplate("X-A", "{{a}}").text { _ in nil } == "{a}")
  }

  @Test(
    "a faulty header is refused",
    arguments: [
      ("", "a", .name), ("X A", "a", .name), ("X:", "a", .name), ("X-Ä", "a", .name), ("X-A", "a\nb", .control),
      ("X-A", "a\u{7F}", .control), ("X-A", "", .blank), ("X-A", "a ", .blank),
      ("Content-Length", "3", .reserved), ("host", "x", .reserved),
      ("X-A", "{who}", .text(.init(reason: .unknown("who"), offset: 0))),
    ] as [(String, String, HeaderTemplate.Fault)])
  func headerFaults(name: String, value: String, fault: HeaderTemplate.Fault) {
    #expect(throws: fault) { try HeaderTemplate(name, value) }
  }

  @Test(arguments: [
    ("GET /a?cursor={cursor}", "/a"), ("GET /a?limit=5&after={cursor}", "/a?limit=5"),
    ("GET /a?after={cursor}&limit=5", "/a?limit=5"), ("GET /a?q=after=&after={cursor}&x=", "/a?q=after=&x="),
    // The cursor is only part of the value, or is in the path.
    ("GET /a?after=c{cursor}", "/a?after=c"), ("GET /a?after={cursor}c", "/a?after=c"), ("GET /a{cursor}?b=", "/a?b="),
  ]) func `the request for the first page has no empty cursor`(text: String, target: String) throws {
    let template = try RequestTemplate(text)
    let first = try template.target { $0 == .cursor ? Name("") : nil }
    let name = template.parameter(of: .cursor)
    #expect((name.map { RequestTemplate.removing("\($0)=", from: first) } ?? first) == target)
  }
}
