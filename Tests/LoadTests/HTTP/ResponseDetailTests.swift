import Core
import HTTP
import Testing

@testable import Load

@Suite struct ResponseDetailTests {
  private func read(
    _ body: String, status: Int = 422, preset: ResponsePreset? = nil, errors: FieldErrorPlaces? = nil, type: String? = nil
  ) -> ReadResponse {
    var rules = ResponseRules()
    (rules.preset, rules.errors) = (preset, errors)
    return ResponseRulesTests.read(rules, status, body, headers: type.map { ["content-type": $0] } ?? [:])
  }

  private func places(_ at: String?, _ field: String?, _ message: String?, _ status: Set<Int> = []) -> FieldErrorPlaces {
    var places = FieldErrorPlaces()
    places.at = at.flatMap { ResponsePath($0) }
    places.field = field.flatMap { ResponsePath($0) }
    places.message = message.flatMap { ResponsePath($0) }
    places.status = status
    return places
  }

  @Test(
    "what a refusal says is found in common shapes",
    arguments: [
      (#"{"title":"Invalid","detail":"The email is taken"}"#, "The email is taken"), (#"{"title":"Invalid"}"#, "Invalid"),
      (#"{"message":"no"}"#, "no"), (#"{"message":["a","b"]}"#, "a; b"), (#"{"error":"no"}"#, "no"),
      (#"{"error":{"code":1,"message":"no"}}"#, "no"), (#"{"error":"invalid_grant","error_description":"expired"}"#, "expired"),
      (#"{"errors":[{"detail":"a"},{"title":"b"},"c"]}"#, "a; b; c"), (#"{"detail":[{"loc":["body"],"msg":"m"}]}"#, "m"),
      (#"["a","b"]"#, "a; b"), (#""plain""#, "plain"), ("{}", ""), ("", ""), ("null", ""), ("7", ""), (#"{"detail":""}"#, ""),
      (#"{"detail":" ","message":"m"}"#, "m"), (#"{"name":"Ada"}"#, ""), ("no such thing", "not JSON: no such thing"),
      ("{\"detail\":\"a\\n b\\u001b[31m\"}", "a b\\u001b[31m"), ("  \n", ""),
    ])
  func detail(body: String, expected: String) {
    #expect(read(body).detail == expected)
  }

  @Test func `an HTML page is quoted without tags, masked, and cut`() {
    let page = """
      <!DOCTYPE html><html><head><title>x</title><style>p {}</style></head>
      <body><h1>502   Bad Gateway</h1>
      <p>ada@example.com called +1 (415) 555-2671</p>\(String(repeating: "<p>nginx</p>", count: 100))
      """
    for status in [200, 502] {
      let detail = read(page, status: status).detail
      #expect(detail.hasPrefix("an HTML page: 502 Bad Gateway *** called *** nginx nginx"), "\(detail)")
      #expect(detail.count == 200 && detail.hasSuffix("…"))
    }
    #expect(read("<html></html>").detail == "an HTML page")
  }

  @Test func `a secret is removed before the text is cut`() {
    let secret = "xq7-very-secret-9921-token"
    Redactor.process.learn(secret)
    for place in [180, 190, 199] {
      let text = String(repeating: "a ", count: place / 2) + secret
      for body in [#"{"detail":"\#(text)"}"#, text, "<p>\(text)</p>"] {
        #expect(!read(body).detail.contains("xq7"))
      }
    }
  }

  @Test func `a success has a detail only if it is not JSON`() {
    #expect(read(#"{"message":"created"}"#, status: 201).detail == "")
    #expect(read("created", status: 201).detail == "not JSON: created")
    #expect(read(#"{"name":"Ada","#, status: 201).detail == "JSON that is cut off or damaged")
    #expect(read("", status: 204).detail == "")
  }

  @Test func `a member that occurs twice is read`() {
    #expect(read(#"{"id":"1","id":"2"}"#, status: 201).body?["id"] == .string("2"))
  }

  @Test(
    "field errors are found where the pipeline, the preset or the media type says",
    arguments: [
      (#"{"errors":[{"pointer":"/email","detail":"d"}]}"#, "preset", [(["email"], "d")]),
      (#"{"errors":[{"pointer":"/email","detail":"d"}]}"#, "type", [(["email"], "d")]),
      (#"{"errors":[{"pointer":"/email","detail":"d"}]}"#, "none", []),
      (#"{"invalid-params":[{"name":"age","reason":"r"}]}"#, "preset", [(["age"], "r")]),
      (
        #"{"errors":[{"source":{"pointer":"/data/attributes/email"},"detail":"d"}]}"#, "jsonapi",
        [(["data", "attributes", "email"], "d")]
      ),
      (#"{"errors":[{"pointer":"","detail":"all"}]}"#, "preset", [([], "all")]), (#"{"errors":"x"}"#, "preset", []),
      (#"{"errors":[]}"#, "preset", []), (#"{"detail":"x"}"#, "preset", []),
    ] as [(String, String, [([String], String)])])
  func presets(body: String, with: String, expected: [([String], String)]) {
    let read =
      switch with {
      case "preset": read(body, preset: .problem)
      case "jsonapi": read(body, preset: .jsonAPI)
      case "type": read(body, type: "application/problem+json; charset=utf-8")
      default: read(body)
      }
    #expect(read.errors == expected.map { .init(path: $0.0, message: $0.1) })
  }

  @Test(
    "errors may be a list, or an object with a member for each field",
    arguments: [
      (
        "errors", "pointer", "detail", ##"{"errors":[{"pointer":"#/a","detail":"d"},{"pointer":"/b","detail":"e"}]}"##,
        "a: d, b: e"
      ),
      ("error.fields", "name", "text", #"{"error":{"fields":[{"name":"a.b","text":"d"}]}}"#, "a.b: d"),
      ("errors", nil, nil, #"{"errors":{"email":["taken","short"],"name":"blank"}}"#, "email: taken; short, name: blank"),
      (
        "errors", nil, nil, #"{"errors":{"address":{"city":["blank"]},"phones[0].number":"x"}}"#,
        "address.city: blank, phones.0.number: x"
      ),
      ("errors", nil, nil, #"{"errors":{"name":[{"message":"blank"}],"none":null}}"#, "name: blank"),
      ("errors", nil, nil, #"{"errors":["Email is invalid"]}"#, ": Email is invalid"),
      (
        "errors", nil, nil, #"{"errors":[{"field":"a","message":"m"},{"property":"b","reason":"r"},{"path":["c",0],"msg":"t"}]}"#,
        "a: m, b: r, c.0: t"
      ),
      ("detail", "loc", "msg", #"{"detail":[{"loc":["body","email"],"msg":"m","type":"t"}]}"#, "body.email: m"),
      ("error", "field", "message", #"{"error":{"field":"a","message":"m"}}"#, "a: m"),
      (nil, nil, nil, #"{"email":["m"]}"#, "email: m"),
      (nil, "field", "message", #"[{"field":"a","message":"m"}]"#, "a: m"), ("errors", "field", "message", #"{"errors":7}"#, ""),
      ("errors", "field", "message", #"{"errors":[{"field":{"x":1}}]}"#, ""),
      ("missing", "field", "message", #"{"errors":[]}"#, ""),
    ])
  func shapes(at: String?, field: String?, message: String?, body: String, expected: String) {
    let errors = read(body, errors: places(at, field, message)).errors
    #expect(errors.map { "\($0.path.joined(separator: ".")): \($0.message)" }.joined(separator: ", ") == expected)
  }

  @Test func `only responses with the given statuses name fields`() {
    let body = #"{"errors":[{"field":"a","message":"m"}]}"#
    #expect(read(body, status: 422, errors: places("errors", "field", "message", [422])).errors.count == 1)
    #expect(read(body, status: 400, errors: places("errors", "field", "message", [422])).errors == [])
  }

  @Test func `the number of errors and their length are bounded`() {
    let many = (0..<500).map { #"{"field":"f\#($0)","message":"\#(String(repeating: "m", count: 500))"}"# }
    let body = #"{"errors":[\#(many.joined(separator: ","))]}"#
    let errors = read(body, errors: places("errors", "field", "message")).errors
    #expect(errors.count == 100 && errors.allSatisfy { $0.message.count == 200 })
  }

  @Test(
    "a field is named by a pointer, a path or a list of names",
    arguments: [
      ("/address/city", ["address", "city"]), ("#/address/city", ["address", "city"]), ("/a~1b/m~0n", ["a/b", "m~n"]),
      ("#/first%20name", ["first name"]), ("#/50%", ["50%"]), ("address.city", ["address", "city"]), ("email", ["email"]),
      ("phones[0].number", ["phones", "0", "number"]), ("contact[email]", ["contact", "email"]), ("$.email", ["email"]),
      ("$['first name']", ["first name"]), ("$[0].a", ["0", "a"]), ("", []), ("#", []), ("/", [""]), ("#tag", ["#tag"]),
      ("a[", ["a["]), ("$price", ["$price"]), ("/é", ["é"]),
    ] as [(String, [String])])
  func paths(text: String, expected: [String]) {
    #expect(FieldErrorPath.read(.string(text)) == expected)
  }

  @Test(
    "an error leads to a column, and in a batch to a record",
    arguments: [
      (["email"], nil, nil, nil, 0), (["address", "city"], nil, nil, nil, 1), (["contact", "email"], ["contact"], nil, nil, 0),
      (["email"], ["contact"], nil, nil, 0), (["body", "contact", "email"], ["contact"], nil, nil, 0),
      (["body", "email"], nil, nil, nil, 0), (["data", "attributes", "email"], nil, nil, nil, 0), (["Email"], nil, nil, nil, 0),
      (["tags", "3"], nil, nil, nil, 3), (["address"], nil, nil, nil, nil), (["extra"], nil, nil, nil, 4),
      (["address.zip"], nil, nil, nil, 2), ([], nil, nil, nil, nil), (["none"], nil, nil, nil, nil),
      (["contacts", "2", "email"], nil, "contacts", 2, 0), (["2", "email"], nil, "contacts", 2, 0),
      (["7", "email"], nil, "", 7, 0), (["body", "contacts", "2", "email"], nil, "contacts", 2, 0),
      (["body", "7", "email"], nil, "", 7, 0), (["body", "2", "email"], nil, "body", 2, 0),
      (["email"], nil, "contacts", nil, nil), (["contacts", "1"], nil, "contacts", 1, nil),
    ] as [([String], [String]?, String?, Int?, Int?)])
  func columns(path: [String], under: [String]?, items: String?, record: Int?, column: Int?) throws {
    let columns = [["email"], ["address", "city"], ["address", "zip"], ["tags"], ["extra", "one"]].map { LoadColumn(path: $0) }
    var body = BodyDocument()
    body.under = (under ?? []).map { Name($0) }
    let place = SourcePlace(file: "p", line: 1, column: 1)
    let request = RequestDocument(try RequestTemplate("POST /b"), place: place)
    let sent =
      items.map { SentBody(batch: BatchDocument(request, items: $0.isEmpty ? nil : $0), columns: columns) }
      ?? SentBody(body, columns: columns)
    #expect(sent.place(of: .init(path: path, message: "")) == .init(record: record, column: column))
  }
}
