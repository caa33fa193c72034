import Core
import Foundation
import Testing

@testable import Commands

@Suite("test")
struct TestCommandTests {
  static let head = """
    mapping: 1
    name: people
    source: {entity: contact, key: id}
    target: {entity: person, key: id}
    settings: {timezone: location, region: US, region_from: country}
    lookups:
      statuses: {lead: prospect, customer: active}
      owners: {file: owners.csv, key: id, values: [name, team]}
    fields:
      id: id
      name: {from: [firstName, lastName], do: [trim, {join: " "}], required: true}
      phone: {from: phone, do: [phone], on_error: nullify}
      status: {from: type, do: [lower, {lookup: statuses}]}
      team: {from: assignedTo, do: [{lookup: {table: owners.team, miss: nullify}}]}
      address.city: city
      plan: custom.plan
      seen: {from: dateAdded, do: [datetime]}
    tests:

    """

  /// What `waybill test` says of one test, given as it stands under `tests`.
  private static func run(_ test: String, _ arguments: String...) async throws -> (
    code: Core.ExitCode, output: String, error: String
  ) {
    try await withFolder { folder in
      try "id,name,team\nu1,Ada,north\nu2,Bob,\n".write(toFile: folder + "/owners.csv", atomically: true, encoding: .utf8)
      let indented = test.split(separator: "\n", omittingEmptySubsequences: false).map { "  \($0)\n" }.joined()
      try (head + indented).write(toFile: folder + "/m.yaml", atomically: true, encoding: .utf8)
      let ended = await waybill(["test", folder + "/m.yaml"] + arguments)
      func plain(_ text: String) -> String { text.replacingOccurrences(of: folder + "/", with: "") }
      return (ended.code, plain(ended.output), plain(ended.error))
    }
  }

  static let passing = [
    "- {name: a, given: {id: c1, firstName: ' Ada ', phone: '(415) 555-2671', type: Lead}, expect: {name: Ada, phone: '+14155552671', status: prospect}}",
    "- {name: a, given: {id: c1, firstName: A, city: Bonn}, expect: {address: {city: Bonn}}}",
    "- {name: a, given: {id: c1, firstName: A, city: Bonn}, expect: {address.city: Bonn}}",
    "- {name: a, given: {id: c1, firstName: A, custom: {plan: Pro}}, expect_exactly: {id: c1, name: A, plan: Pro}}",
    "- {name: a, given: {id: c1, firstName: A}, expect: {phone: null}}",
    "- {name: a, given: {id: c1}, expect_rejected: [required]}",
    "- {name: a, given: {id: c1}, expect_rejected: []}",
    "- {name: a, given: {firstName: A}, expect_rejected: [missing-key]}",
    "- {name: a, given: {id: c1, firstName: A, phone: x}, expect_warnings: [phone-invalid]}",
    "- {name: a, given: {id: c1, firstName: A, phone: x}, expect: {phone: null}, expect_warnings: [phone-invalid]}",
    "- {name: a, given: {id: c1, firstName: A}, expect_warnings: []}",
    "- {name: a, given: {id: c1, firstName: A, dateAdded: '2024-06-01 12:00:00'}, expect: {seen: '2024-06-01T12:00:00+00:00'}}",
    "- {name: a, given: {id: c1, firstName: A, dateAdded: '2024-06-01 12:00:00'}, settings: {timezone: Asia/Tokyo}, expect: {seen: '2024-06-01T12:00:00+09:00'}}",
    "- {name: a, given: {id: c1, firstName: A, type: x}, lookups: {statuses: {x: z}}, expect: {status: z}}",
    "- {name: a, given: {id: c1, firstName: A, assignedTo: u9}, lookups: {owners: {u9: {team: south}}}, expect: {team: south}}",
    "- {name: a, given: {id: c1, firstName: A}, cases: [{given: {lastName: B}, expect: {name: A B}}, {name: other, given: {firstName: C}, expect: {name: C}}]}",
  ]

  @Test("a test passes", arguments: passing)
  func passes(test: String) async throws {
    let ended = try await Self.run(test)
    #expect(ended.code == .done, "\(ended.output)\(ended.error)")
    #expect(!ended.output.contains("failed:"))
  }

  static let customFields = #"{"customFields": [{"id": "f1", "fieldKey": "contact.plan", "name": "Plan", "dataType": "TEXT"}]}"#

  @Test("custom fields as the API gives them are read by their ids")
  func customFieldsOfTheAPI() async throws {
    try await withFolder { folder in
      try Self.customFields.write(toFile: folder + "/fields.json", atomically: true, encoding: .utf8)
      let mapping = """
        mapping: 1
        name: people
        source: {entity: contact, key: id, custom_fields: fields.json}
        target: {entity: person, key: id}
        fields: {id: id, plan: custom.plan}
        tests:
          - {name: a, given: {id: c1, customFields: [{id: f1, value: Pro}]}, expect: {plan: Pro}}

        """
      try mapping.write(toFile: folder + "/m.yaml", atomically: true, encoding: .utf8)
      let ended = await waybill(["test", folder + "/m.yaml"])
      #expect(ended.code == .done, "\(ended.output)\(ended.error)")
    }
  }

  @Test("the coverage counts defaults, expressions that can fail, and lookups beside one that a test replaced")
  func coverageOfTheRest() async throws {
    try await withFolder { folder in
      let mapping = """
        mapping: 1
        name: people
        source: {entity: contact, key: id}
        target: {entity: person, key: id}
        lookups: {a: {x: one}, b: {x: two}}
        vars:
          long: {expr: "type != null && type.size() > 3"}
        fields:
          id: id
          seen: {from: dateOfBirth, do: [date], default: {from: dateAdded, do: [date]}}
          one: {from: type, do: [{lookup: {table: a, else: none}}]}
          two: {from: type, do: [{lookup: {table: b, else: none}}]}
          plain: {when: "type == 'x'", from: city}
          long: vars.long
        validate:
          - {id: short, assert: "one != null && int(one) > 0", severity: warning}
        tests:
          - {name: a, given: {id: c1, type: x}, lookups: {a: {x: other}}, expect_rejected: [expression-error]}
          - {name: b, given: {id: c1, dateAdded: never}, expect_rejected: [date-invalid]}

        """
      try mapping.write(toFile: folder + "/m.yaml", atomically: true, encoding: .utf8)
      let ended = await waybill(["test", folder + "/m.yaml", "--json"])
      #expect(ended.code == .done, "\(ended.output)\(ended.error)")
      let points = try JSONReader.read(ended.output).arrayValue?.first?["coverage"]?.arrayValue ?? []
      let exercised = Dictionary(
        points.map { ($0["branch"]?.stringValue ?? "", $0["exercised"] == .bool(true)) }, uniquingKeysWith: { $0 || $1 })
      #expect(exercised["lookup a: x"] == false)
      #expect(exercised["lookup b: x"] == true)
      #expect(exercised["seen: default: date-invalid of date"] == true)
      #expect(exercised["seen: date-invalid of date"] == false)
      #expect(exercised["vars.long: expression-error of expr"] == false)
      #expect(exercised["plain: expression-error of when"] == nil)
      #expect(exercised["short: expression-error"] == true)
    }
  }

  static let failing: [(String, [String])] = [
    (
      "- {name: who, given: {id: c1, firstName: Ada}, expect: {name: Bob, status: active}}",
      ["failed: who  (m.yaml:19)", "name\n", "expected  \"Bob\"", "got       \"Ada\"", "status\n", "got       nothing"]
    ),
    (
      "- {name: a, given: {id: c1, firstName: A, city: Bonn}, expect_exactly: {id: c1, name: A}}",
      ["address\n", "got       {\"city\":\"Bonn\"}"]
    ),
    ("- {name: a, given: {id: c1}, expect: {id: c1}}", ["expected a record, but it was rejected: required ("]),
    ("- {name: a, given: {id: c1, firstName: A}, expect_rejected: [required]}", ["expected a rejection, but it became {"]),
    (
      "- {name: a, given: {id: c1}, expect_rejected: [missing-key]}",
      ["expected the error missing-key", "got the error required"]
    ),
    ("- {name: a, given: {id: c1, firstName: A}, expect_filtered: true}", ["left out by `where`, but it became"]),
    (
      "- {name: a, given: {id: c1, firstName: A, phone: x}, expect_warnings: []}",
      ["got the warning phone-invalid, which was not expected"]
    ),
    (
      "- {name: t, given: {id: c1}, cases: [{given: {firstName: A}, expect: {name: A}}, {name: two, given: {firstName: B}, expect: {name: A}}]}",
      ["1 passed, 1 failed", "failed: t: two"]
    ),
  ]

  @Test("a failing test reports the differences", arguments: failing)
  func fails(test: String, said: [String]) async throws {
    let ended = try await Self.run(test)
    #expect(ended.code == .wrongFile)
    for part in said { #expect(ended.output.contains(part), "no '\(part)' in \(ended.output)") }
  }

  static let mistaken: [(String, String)] = [
    ("- {given: {id: c1}, expect: {id: c1}}", "missing-keyword"),
    ("- {name: a, given: {id: c1}}", "missing-keyword"),
    ("- {name: a, given: {idd: c1}, expect: {id: c1}}", "unknown-source-field"),
    ("- {name: a, given: {id: c1}, expect: {nam: c1}}", "unknown-target-field"),
    ("- {name: a, given: {id: c1}, expekt: {id: c1}}", "unknown-key"),
    ("- {name: a, given: {id: c1}, expect_rejected: [requird]}", "unknown-word"),
    ("- {name: a, given: {id: c1}, expect: {id: c1}, expect_filtered: true}", "bad-argument"),
    ("- {name: a, given: {id: c1}, cases: [{expect: {id: c1}}], expect: {id: c1}}", "bad-argument"),
    ("- {name: a, given: {id: c1}, cases: []}", "wrong-kind"),
    ("- {name: a, given: {id: c1}, cases: [{given: {}}]}", "missing-keyword"),
    ("- {name: a, given: {id: c1}, now: yesterday, expect: {id: c1}}", "bad-argument"),
    ("- {name: a, given: {id: c1}, settings: {regoin: US}, expect: {id: c1}}", "unknown-key"),
    ("- {name: a, given: {id: c1}, lookups: {status: {}}, expect: {id: c1}}", "unknown-lookup"),
    ("- {name: a, given: {id: c1}, lookups: {owners: {u1: x}}, expect: {id: c1}}", "wrong-kind"),
    ("- {name: a, given: {id: NO}, expect: {id: c1}}", "wrong-kind"),
    ("- just text", "wrong-kind"),
  ]

  @Test("a slip in a test is a diagnostic, and no test passes", arguments: mistaken)
  func mistakes(test: String, code: String) async throws {
    let ended = try await Self.run(test)
    #expect(ended.code == .wrongFile)
    #expect(ended.error.contains(": error: \(code): "), "\(ended.output)\(ended.error)")
    #expect(!ended.output.contains("passed"))
  }

  @Test func `What no test exercises is named, and what one does is not`() async throws {
    let test = """
      - {name: a, given: {id: c1, firstName: A, type: lead, phone: x, assignedTo: u1}, expect: {id: c1}}
      - {name: b, given: {id: c1, firstName: A, type: zzz}, expect_rejected: [lookup-miss]}
      """
    let ended = try await Self.run(test, "--coverage")
    #expect(ended.code == .done, "\(ended.output)\(ended.error)")
    for part in [
      "lookup statuses: customer", "lookup owners: u2", "seen: date-gap of datetime", "phone: phone-extension-dropped of phone",
    ] {
      #expect(ended.output.contains("untested-branch: \(part)\n"), "no '\(part)' in \(ended.output)")
    }
    for part in ["lookup statuses: lead", "lookup owners: u1", "phone-invalid", "lookup-miss"] {
      #expect(!ended.output.contains("untested-branch: \(part)"))
    }
    #expect(ended.output.contains(": 2 passed, 0 failed, 4 of 10 covered\n"), "\(ended.output)")
    let short = try await Self.run(test)
    #expect(short.output.contains("4 of 10 covered\n") && !short.output.contains("untested-branch"), "\(short.output)")
    let quiet = try await Self.run(test, "--quiet")
    #expect(quiet.output.isEmpty && quiet.error.isEmpty)
    let json = try await Self.run(test, "--json")
    let list = try #require(try JSONReader.read(json.output).arrayValue)
    #expect(list[0]["passed"] == .number(2))
    #expect(list[0]["coverage"]?.arrayValue?.count == 10)
  }

  /// Each holds its expectations itself.
  @Test("mappings with tests", arguments: ["conditions", "expressions", "literals"])
  func mappings(name: String) async {
    let ended = await waybill("test", checkout + "/fixtures/mappings/\(name).yaml")
    #expect(ended.code == .done, "\(ended.output)\(ended.error)")
    #expect(!ended.output.contains(" 0 passed"))
  }

  @Test func `Without files the pipeline's mappings are tested`() async throws {
    let ended = await waybill("test", checkout + "/mappings/waybill.yaml")
    #expect(ended.code == .done, "\(ended.output)\(ended.error)")
    #expect(ended.error.contains("in 4 mappings, 0 failed"), "\(ended.error)")
    let missing = await waybill("test", "nope.yaml")
    #expect(missing.code == .inputMissing)
  }
}
