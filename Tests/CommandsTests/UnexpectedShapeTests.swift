import Core
import Foundation
import Testing

@testable import Commands

/// Whole commands over records whose values have a different shape than the mapping expects.
@Suite struct UnexpectedShapeTests {
  private static let definitions = #"""
    {"customFields": [
      {"id": "F1", "fieldKey": "contact.plan", "name": "Plan", "dataType": "TEXT"},
      {"id": "F2", "fieldKey": "contact.interests", "name": "Interests", "dataType": "MULTIPLE_OPTIONS"},
      {"id": "F3", "fieldKey": "contact.score", "name": "Score", "dataType": "NUMERICAL"},
      {"id": "F4", "fieldKey": "contact.papers", "name": "Papers", "dataType": "FILE_UPLOAD"}]}
    """#

  /// What `transform` makes of one record: the target record, or `rejected`, and its problems as `CODE FIELD`.
  private func transform(
    _ fields: String, _ record: String, more: String = "", source: String = "", folder: String
  ) async throws -> (record: String, problems: [String]) {
    try """
    mapping: 1
    name: people
    source: {entity: contact, key: id, custom_fields: fields.json\(source)}
    target: {entity: person, key: id}
    fields:
      id: id
    \(fields.split(separator: "\n").map { "  " + $0 }.joined(separator: "\n"))
    \(more)
    """.write(toFile: folder + "/m.yaml", atomically: true, encoding: .utf8)
    try Self.definitions.write(toFile: folder + "/fields.json", atomically: true, encoding: .utf8)
    try (#"{"id":"c",\#(record)}"# + "\n").write(toFile: folder + "/in.ndjson", atomically: true, encoding: .utf8)
    for name in ["out", "ledger"] { try? FileManager.default.removeItem(atPath: "\(folder)/\(name).ndjson") }
    let ended = await waybill(
      "transform", "--mapping", folder + "/m.yaml", "--input", folder + "/in.ndjson", "--output", folder + "/out.ndjson",
      "--ledger",
      folder + "/ledger.ndjson")
    try #require([.done, .recordsFailed].contains(ended.code), "\(ended.error)")
    let output = try String(contentsOfFile: folder + "/out.ndjson", encoding: .utf8)
    let problems = try String(contentsOfFile: folder + "/ledger.ndjson", encoding: .utf8).split(separator: "\n").compactMap {
      let line = try JSONReader.read(String($0))
      // About the input, not the record: what its only record lacks, no record has.
      if line["code"] == .string("never-present") { return nil as String? }
      return "\(line["code"]?.stringValue ?? "-") \(line["field"]?.stringValue ?? "-")"
    }
    let record = output.isEmpty ? "rejected" : String(output.dropFirst(#"{"id":"c""#.count).dropLast(2))
    return (record.hasPrefix(",") ? String(record.dropFirst()) : record, problems)
  }

  @Test(
    "paths of a contact",
    arguments: [
      ("u: attributionSource.url", #""attributionSource":"x""#, "rejected", ["wrong-type u"]),
      ("u: attributionSource.url", #""attributionSource":["x"]"#, "rejected", ["wrong-type u"]),
      ("u: {from: attributionSource.url, on_error: nullify}", #""attributionSource":"x""#, #""u":null"#, ["wrong-type u"]),
      (
        "u: {from: attributionSource.url, on_error: default, default: d}", #""attributionSource":7"#, #""u":"d""#,
        ["wrong-type u"]
      ),
      ("u: attributionSource.url", #""attributionSource":{"url":5}"#, "rejected", ["wrong-type u"]),
      ("u: attributionSource.url", #""attributionSource":{"url":"u"}"#, #""u":"u""#, []),
      ("u: attributionSource.url", #""attributionSource":"""#, "", []),
      ("u: attributionSource.url", #""attributionSource":[]"#, "", []),
      ("d: dndSettings.Email.status", #""dndSettings":"all""#, "rejected", ["wrong-type d"]),
      ("d: dndSettings.Email.status", #""dndSettings":{"Email":"active"}"#, "rejected", ["wrong-type d"]),
      ("d: dndSettings.Email.status", #""dndSettings":{"EMAIL":{"status":"active"}}"#, #""d":"active""#, []),
      ("d: dndSettings.email.status", #""dndSettings":{"Email":{"status":"active"}}"#, #""d":"active""#, []),
      ("d: dndSettings.WhatsApp.status", #""dndSettings":{"whatsApp":{"status":"active"}}"#, #""d":"active""#, []),
      ("d: dndSettings.RCS.status", #""dndSettings":{"rcs":{"status":"on"},"RCS2":5}"#, #""d":"on""#, []),
      ("d: dndSettings.Email.status", #""dndSettings":[]"#, "", []),
      ("e: additionalEmails[0].email", #""additionalEmails":["a@b.c"]"#, "rejected", ["wrong-type e"]),
      ("e: additionalEmails[0].email", #""additionalEmails":{"email":"a"}"#, "rejected", ["wrong-type e"]),
      ("e: \"attributions[medium=x].url\"", #""attributions":["x"]"#, "rejected", ["wrong-type e"]),
      ("t: {from: tags, do: [{join: ';'}]}", #""tags":"a,b""#, "rejected", ["wrong-type t"]),
      ("t: {from: tags, do: [{join: ';'}]}", #""tags":{"0":"a"}"#, "rejected", ["wrong-type t"]),
      ("t: {from: tags, do: [{join: ';'}]}", #""tags":["a",null,5]"#, "rejected", ["wrong-type t"]),
      ("t: {from: tags, do: [{join: ';'}]}", #""tags":["a",null,""]"#, #""t":"a""#, []),
      ("t: {from: tags, do: [{join: ';'}]}", #""tags":["a",{}]"#, "rejected", ["wrong-type t"]),
      ("t: tags", #""tags":{}"#, "", []), ("m: {from: email, do: [email]}", #""email":[]"#, "", []),
      (
        "n: {from: [firstName, attributionSource.url], do: [{join: ' '}]}", #""firstName":"A","attributionSource":"x""#,
        "rejected", ["wrong-type n"]
      ),
    ] as [(String, String, String, [String])])
  func paths(field: String, record: String, expected: String, problems: [String]) async throws {
    try await withFolder { folder in
      let result = try await transform(field, record, folder: folder)
      #expect(result.record == expected)
      #expect(result.problems == problems)
    }
  }

  @Test(
    "custom fields whose definition and value differ",
    arguments: [
      ("p: custom.plan", #"[{"id":"F1","value":["x"]}]"#, "rejected", ["wrong-type p"]),
      ("p: custom.plan", #"[{"id":"F1","value":7}]"#, "rejected", ["wrong-type p"]),
      ("p: custom.plan", #"[{"id":"F1","value":{}}]"#, "", []),
      ("p: custom.plan", #"[{"id":"F1","fieldValueString":"y","type":"string"}]"#, #""p":"y""#, []),
      ("p: custom.plan", #"[{"id":"F1","fieldValueType":"string"}]"#, "", []),
      ("p: custom.plan", #"[{"id":"F1","valu":"y"}]"#, "rejected", ["wrong-type p"]),
      ("p: {from: custom.interests, do: [{join: ';'}]}", #"[{"id":"F2","value":"one"}]"#, "rejected", ["wrong-type p"]),
      ("p: {from: custom.interests, do: [{join: ';'}]}", #"[{"id":"F2","fieldValue":["a","b"]}]"#, #""p":"a;b""#, []),
      ("p: {from: custom.interests, do: [{join: ';'}]}", #"[{"id":"F2","value":""}]"#, #""p":null"#, []),
      ("p: {from: custom.score, do: [decimal]}", #"[{"id":"F3","value":true}]"#, "rejected", ["wrong-type p"]),
      ("p: {from: custom.score, do: [decimal]}", #"[{"id":"F3","field_value":"12"}]"#, #""p":12"#, []),
      ("p: custom.papers.u1.url", #"[{"id":"F4","value":{"u1":{"url":"x"}}}]"#, #""p":"x""#, []),
      ("p: custom.papers.u1.url", #"[{"id":"F4","value":{"u1":"x"}}]"#, "rejected", ["wrong-type p"]),
      ("p: custom.papers.u1.url", #"[{"id":"F4","value":"x"}]"#, "rejected", ["wrong-type p"]),
      ("p: {from: custom.plan, on_error: nullify}", #"{"F1":"obj"}"#, #""p":null"#, ["wrong-type p"]),
      ("p: {expr: \"custom.plan == 'x' ? 'y' : 'z'\"}", #"{"F1":"x"}"#, "rejected", ["wrong-type p"]),
      ("p: {expr: \"custom.plan == 'x' ? 'y' : 'z'\"}", "{}", #""p":"z""#, []),
      (
        "p: {expr: \"custom.plan == 'x' ? 'y' : 'z'\"}", #"[{"id":"F1","value":"x"},{"id":"F1","value":"y"}]"#, "rejected",
        ["wrong-type p"]
      ),
    ] as [(String, String, String, [String])])
  func customFields(field: String, customFields: String, expected: String, problems: [String]) async throws {
    try await withFolder { folder in
      let result = try await transform(field, #""customFields":\#(customFields)"#, folder: folder)
      #expect(result.record == expected)
      #expect(result.problems == problems)
    }
  }

  @Test(
    "expressions, conditions, vars and rules",
    arguments: [
      (
        "x: {expr: \"attributionSource.url == null ? 'none' : 'some'\"}", "", #""attributionSource":"x""#, "rejected",
        ["wrong-type x"]
      ),
      ("x: {expr: \"attributionSource.url == null ? 'none' : 'some'\"}", "", #""attributionSource":[]"#, #""x":"none""#, []),
      ("x: {expr: \"has(record.attributionSource.url)\"}", "", #""attributionSource":"x""#, "rejected", ["wrong-type x"]),
      ("x: {expr: \"has(record.attributionSource.url)\"}", "", #""attributionSource":"""#, #""x":false"#, []),
      ("x: {expr: \"has(record.dndSettings)\"}", "", #""dndSettings":"all""#, #""x":true"#, []),
      ("x: {expr: \"'a' in tags\", when: 'tags != null'}", "", #""tags":{}"#, "", []),
      (
        "x: {from: firstName, when: \"dndSettings.Email.status != 'active'\"}", "", #""firstName":"A","dndSettings":"all""#,
        "rejected", ["wrong-type x"]
      ),
      (
        "x: {from: firstName, when: \"dndSettings.Email.status != 'active'\", on_error: nullify}", "",
        #""firstName":"A","dndSettings":"all""#, #""x":null"#, ["wrong-type x"]
      ),
      (
        "x: firstName", "where: \"attributionSource.url != 'x'\"", #""firstName":"A","attributionSource":7"#, "rejected",
        ["wrong-type -"]
      ),
      (
        "x: {case: [{when: \"attributionSource.url != null\", value: a}], else: b}", "", #""attributionSource":[1]"#, "rejected",
        ["wrong-type x"]
      ),
      (
        "x: {expr: \"attributions.exists(a, a.url == 'u')\", when: 'attributions != null'}", "", #""attributions":["u"]"#,
        "rejected", ["wrong-type x"]
      ),
      (
        "x: vars.v.url", "vars: {v: attributionSource}", #""attributionSource":"x""#, "rejected",
        ["wrong-type vars.v", "wrong-type x"]
      ),
      ("x: vars.v.url", "vars: {v: attributionSource}", #""attributionSource":{}"#, "", []),
      ("x: vars.v.url", "vars: {v: {from: extra, do: [first]}}", #""extra":["x"]"#, "rejected", ["wrong-type x"]),
      ("x: vars.v.url", "vars: {v: {from: extra, do: [first]}}", #""extra":[{"url":"u"}]"#, #""x":"u""#, []),
      ("x: vars.v.url.host", "vars: {v: {from: extra, do: [first]}}", #""extra":[{"url":"u"}]"#, "rejected", ["wrong-type x"]),
      ("x: vars.v.url.host", "vars: {v: {from: extra, do: [first]}}", #""extra":[{"url":[]}]"#, #""x":null"#, []),
      (
        "x: {from: vars.v.url, on_error: nullify}", "vars: {v: {from: extra, do: [{at: 0}]}}", #""extra":[7]"#, #""x":null"#,
        ["wrong-type x"]
      ),
      ("x: vars.v.url", "vars: {v: {from: extra, do: [first]}}", #""extra":{}"#, #""x":null"#, []),
      (
        "x: {expr: \"vars.v.url == null ? 'none' : 'some'\", when: 'vars.v != null'}", "vars: {v: {from: extra, do: [first]}}",
        #""extra":["x"]"#, "rejected", ["wrong-type x"]
      ),
      (
        "x: {expr: \"vars.v.url == null ? 'none' : 'some'\", when: 'vars.v != null'}", "vars: {v: {from: extra, do: [first]}}",
        #""extra":[[]]"#, #""x":"none""#, []
      ),
      (
        "x: {expr: \"has(vars.v.url)\", when: 'vars.v != null'}", "vars: {v: {from: extra, do: [first]}}", #""extra":[7]"#,
        "rejected", ["wrong-type x"]
      ),
      ("x: {from: extra, do: [first]}", "", #""extra":"x""#, "rejected", ["wrong-type x"]),
      ("x: extra.a.b", "", #""extra":{"a":"x"}"#, "rejected", ["wrong-type x"]),
      ("x: {from: extra.a.b, on_error: nullify}", "", #""extra":{"a":"x"}"#, #""x":null"#, ["wrong-type x"]),
    ] as [(String, String, String, String, [String])])
  func expressions(field: String, more: String, record: String, expected: String, problems: [String]) async throws {
    try await withFolder { folder in
      let result = try await transform(field, record, more: more, source: ", extra: {extra: any}", folder: folder)
      #expect(result.record == expected)
      #expect(result.problems == problems)
    }
  }

  @Test("tests of a mapping read custom fields as a run does")
  func mappingTests() async throws {
    try await withFolder { folder in
      try """
      mapping: 1
      name: people
      source: {entity: contact, key: id, custom_fields: fields.json}
      target: {entity: person, key: id}
      fields: {id: id, plan: custom.plan, tags: {from: custom.interests, do: [{join: ";"}]}}
      tests:
        - {name: by key, given: {id: a, custom: {plan: Pro, interests: [x, z]}}, expect_exactly: {id: a, plan: Pro, tags: x;z}}
        - {name: other names, given: {id: a, customFields: [{id: F1, fieldValueString: Pro}]}, expect: {plan: Pro}}
        - {name: both, given: {id: a, custom: {plan: Pro}, customFields: [{id: F1, value: Old}, {id: F2, value: [x]}]}, expect: {plan: Pro, tags: x}}
        - {name: a map, given: {id: a, customFields: {F1: Pro}}, expect_rejected: [wrong-type]}
        - {name: a text, given: {id: a, customFields: F1}, expect_rejected: [wrong-type]}
        - {name: texts, given: {id: a, customFields: [F1]}, expect_rejected: [wrong-type]}
        - {name: twice, given: {id: a, customFields: [{id: F1, value: x}, {id: F1, value: z}]}, expect_rejected: [wrong-type]}
        - {name: without an id, given: {id: a, customFields: [{id: null, value: x}]}, expect_rejected: [wrong-type]}
        - {name: nothing, given: {id: a, customFields: []}, expect_exactly: {id: a}}
        - name: cases
          given: {id: a, custom: {plan: Pro}}
          cases:
            - {given: {custom: {interests: [x]}}, expect: {plan: Pro, tags: x}}
            - {given: {custom: {plan: [x]}}, expect_rejected: [wrong-type]}
      """.write(toFile: folder + "/m.yaml", atomically: true, encoding: .utf8)
      try Self.definitions.write(toFile: folder + "/fields.json", atomically: true, encoding: .utf8)
      let ended = await waybill("test", folder + "/m.yaml")
      #expect(ended.code == .done, "\(ended.output)\(ended.error)")
    }
  }

  @Test("preview shows what blocks a path")
  func preview() async throws {
    try await withFolder { folder in
      _ = try await transform(
        "u: attributionSource.url\np: custom.plan", #""attributionSource":"x","customFields":{"F1":1}"#, folder: folder)
      let ended = await waybill("preview", folder + "/m.yaml", "--input", folder + "/in.ndjson")
      #expect(ended.output.contains("'attributionSource' is a text, not an object"), "\(ended.output)\(ended.error)")
      #expect(ended.output.contains("'customFields' is an object, not a list"))
      #expect(ended.output.contains(#"{"F1":1}"#))
    }
  }
}
