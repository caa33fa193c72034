import Core
import Foundation
import Testing
import Transform

@testable import Mapping

private func compile(_ body: String, source: String = "{entity: contact}") -> MappingCompilation {
  let text = "mapping: 1\nname: m\nsource: \(source)\ntarget: {entity: x, key: id}\nfields:\n  id: id\n\(body)"
  return MappingCompiler.compile(file: "m.yaml", text: text, catalog: TestCatalog())
}

private func value(_ path: String, source: String = "{entity: contact}") throws -> ValueModel {
  let result = compile("  x: \(path)\n", source: source)
  return try #require(result.model?.fields.last?.value, "\(result.diagnostics.all)")
}

struct MappingModelTests {
  @Test(
    "an empty list in a case is a list of whatever the others hold",
    arguments: [
      "{case: [{when: \"dnd == true\", value: [a, b]}], else: []}", "{case: [{when: \"dnd == true\", value: []}], else: [a]}",
      "{case: [{when: \"dnd == true\", expr: \"['a']\"}], else: []}", "{case: [{when: \"dnd == true\", from: tags}], else: []}",
    ])
  func emptyLists(_ field: String) {
    let schema = #"{"properties": {"id": {"type": "string"}, "x": {"type": "array", "items": {"type": "string"}}}}"#
    let folder = FileManager.default.temporaryDirectory.appending(path: "waybill-empty-\(UUID().uuidString)")
    defer { try? FileManager.default.removeItem(at: folder) }
    #expect(throws: Never.self) {
      try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
      try schema.write(to: folder.appending(path: "s.json"), atomically: true, encoding: .utf8)
    }
    let text =
      "mapping: 1\nname: m\nsource: {entity: contact}\ntarget: {entity: x, key: id, schema: s.json}\nfields:\n  id: id\n  x: \(field)\n"
    let found = MappingCompiler.compile(file: folder.path + "/m.yaml", text: text, catalog: TestCatalog())
    #expect(found.diagnostics.all.filter { $0.severity == .error }.map(\.message) == [])
  }

  @Test(
    arguments: [
      ("city", SourcePath(steps: [.member("city")]), .string),
      ("record.city", SourcePath(steps: [.member("city")]), .string),
      ("score", SourcePath(steps: [.member("score")]), .numeric),
      ("visits", SourcePath(steps: [.member("visits")]), .integer),
      ("dnd", SourcePath(steps: [.member("dnd")]), .boolean),
      ("tags", SourcePath(steps: [.member("tags")]), .list),
      ("'tags[0]'", SourcePath(steps: [.member("tags"), .index(0)]), .string),
      (
        "'addresses[kind=home].street'",
        SourcePath(steps: [.member("addresses"), .select(member: "kind", equals: "home"), .member("street")]), .string
      ),
      (
        "dndSettings.email.status",
        SourcePath(steps: [.member("dndSettings"), .member("email"), .member("status")], caseInsensitiveSteps: [1]), .string
      ),
      ("custom.plan_tier", SourcePath(root: .custom(key: "plan_tier")), .string),
      ("custom.ltv", SourcePath(root: .custom(key: "ltv")), [.numeric, .string]),
      ("'custom[\"2nd phone\"]'", SourcePath(root: .custom(key: "2nd phone")), .string),
    ] as [(String, SourcePath, CellKinds)])
  func aPathIsResolvedWithTheKindsThatItsTypeAdmits(_ text: String, _ path: SourcePath, _ kinds: CellKinds) throws {
    let elements: CellKinds = kinds == .list ? [.string, .absent] : .any
    #expect(try value(text) == .source(path, accepts: kinds.union(.absent), elements: elements))
  }

  @Test func eachGivesItemAndParent() throws {
    let result = compile("  kind: item.kind\n  city: parent.city\n", source: "{entity: contact, each: addresses}")
    let model = try #require(result.model)
    #expect(model.each == SourcePath(steps: [.member("addresses")]))
    #expect(model.fields[1].value == .source(SourcePath(root: .item, steps: [.member("kind")]), accepts: [.string, .absent]))
    #expect(model.fields[2].value == .source(SourcePath(root: .parent, steps: [.member("city")]), accepts: [.string, .absent]))
    #expect(result.reads == SourceReads(entity: "contact", fields: ["id", "addresses", "city"]))
  }

  @Test func nestedTargetsBecomeFlatNames() throws {
    let result = compile("  address:\n    fields:\n      city: city\n      geo: {fields: {country: country}}\n  a.b: type\n")
    let model = try #require(result.model)
    #expect(model.fields.map(\.target) == [["id"], ["address", "city"], ["address", "geo", "country"], ["a", "b"]])
  }

  @Test func withoutASchemaAMapIsALongForm() {
    let codes = compile("  address: {city: city}\n").diagnostics.all.filter { $0.severity == .error }.map(\.code)
    #expect(codes.contains(.unknownKey))
  }

  @Test func varsStandInTheOrderInWhichTheyReadOneAnother() throws {
    let text = """
      mapping: 1
      name: m
      source: {entity: contact, key: id}
      target: {entity: x, key: id}
      vars:
        b: {from: vars.a, do: [upper]}
        a: {from: [firstName, lastName], do: [trim, {join: " "}]}
      fields:
        id: id
        name: {from: vars.b, default: {from: vars.a}}
      """
    let result = MappingCompiler.compile(file: "m.yaml", text: text, catalog: TestCatalog())
    let model = try #require(result.model)
    #expect(model.vars.map(\.target) == [["a"], ["b"]])
    #expect(model.vars[1].value == .variable(0))
    #expect(model.fields[1].value == .variable(1))
    #expect(model.fields[1].fallback?.value == .variable(0))
    #expect(model.vars[0].steps.map(\.call) == [.trim, .join(with: " ")])
    #expect(model.vars[0].type == .string)
    #expect(result.explanation[1].reads == ["firstName", "lastName"])
  }

  @Test func aFieldKeepsAllThatIsSaidOfIt() throws {
    let body = "  x: {from: city, required: true, on_error: default, default: none, write: create, nulls: omit, pii: last4}\n"
    let field = try #require(compile(body).model?.fields.last)
    #expect(field.isRequired && field.writesOnlyOnCreate && field.omitsNull)
    #expect(field.onError == .default)
    #expect(field.fallback?.value == .constant(.string("none")))
    #expect(field.privacy == .last4)
    #expect(field.place == SourcePlace(file: "m.yaml", line: 7, column: 3, length: 1))
  }

  @Test func aSourceTakesTheStrictestPolicyOfWhatItFeeds() throws {
    let model = try #require(
      compile("  a: {from: phone, pii: never}\n  b: {from: phone, pii: show}\n  c: country\n  d: city\n").model)
    #expect(model.fields.map(\.privacy) == [.show, .never, .never, .show, .mask])
  }

  @Test func whatCouldNotBeCheckedIsNamed() throws {
    var catalog = TestCatalog()
    catalog.definitions = nil
    let text = "mapping: 1\nname: m\nsource: {entity: contact, key: id}\ntarget: {key: id}\nfields: {id: id, a: custom.x}\n"
    let result = MappingCompiler.compile(file: "m.yaml", text: text, catalog: catalog)
    #expect(result.model?.unchecked.sorted() == ["custom-fields", "target-schema"])
    #expect(result.model?.targetEntity == "m")
    #expect(result.reads.fields.contains("custom"))
  }

  @Test func aLookupOverAnEntityNamesWhatMustBeFetchedForIt() throws {
    let text = """
      mapping: 1
      name: m
      source: {entity: contact, key: id}
      target: {entity: x, key: id}
      settings: {blank_is_null: false}
      lookups:
        users: {entity: user, values: [email, seats, roles.type]}
        tasks: {entity: task, key: id, values: title}
        unused: {entity: contact, key: id, values: [city]}
      vars:
        mail: {from: assignedTo, do: [{lookup: users.email}]}
      fields:
        id: id
        owner: {from: vars.mail, do: [lower]}
        seats: {from: assignedTo, do: [{lookup: {table: users.seats, miss: nullify}}]}
        both: {from: [assignedTo, city], do: [{lookup: {table: tasks, miss: keep}}, compact, {join: "; "}]}
      """
    let result = MappingCompiler.compile(file: "m.yaml", text: text, catalog: TestCatalog())
    let model = try #require(result.model)
    #expect(result.reads.lookups == ["user": ["id", "email", "seats", "roles"], "task": ["id", "title"]])
    #expect(
      model.lookups[0].entity
        == EntityLookup(
          entity: "user", key: ["id"], values: [["email"], ["seats"], ["roles", "type"]],
          columnTypes: [.string, .integer, .string],
          blankIsNull: false))
    #expect(model.lookups[0].place == SourcePlace(file: "m.yaml", line: 7, column: 10))
    #expect(model.lookups[0].columns == ["email", "seats", "roles.type"])
    #expect(model.fields.map(\.type) == [.string, .string, .integer, .string])
    // The e-mail of a user is as private as that of a contact, and `assignedTo` is with it what it feeds.
    #expect(model.fields.map(\.privacy) == [.show, .mask, .mask, .mask])
    #expect(
      result.explanation[1].needs == [
        .init(field: "assignedTo", origin: .list), .init(field: "user.email", origin: .list),
      ])
    #expect(result.explanation[3].needs.map(\.field) == ["assignedTo", "city", "task.title"])
    #expect(result.explanation[1].errors == ["wrong-type", "lookup-miss"])
    #expect(result.diagnostics.all.filter { $0.severity > .note }.map(\.code) == [])
    // Only the records are missing.
    #expect(throws: OperationFailure.self) { try Program(model) }
  }

  @Test func settingsAreRead() throws {
    let text =
      "mapping: 1\nname: m\nsource: {entity: contact, key: id, updated_at: dateAdded, extra: {more: [string]}}\ntarget: {key: [id]}\n"
      + "settings: {timezone: location, region: US, region_from: country, blank_is_null: false}\nfields: {id: id, m: 'more[0]'}\n"
    let model = try #require(MappingCompiler.compile(file: "m.yaml", text: text, catalog: TestCatalog()).model)
    #expect(
      model.settings
        == MappingSettings(zone: .location, region: "US", regionFrom: SourcePath(steps: [.member("country")]), blankIsNull: false)
    )
    #expect(model.updatedAt == SourcePath(steps: [.member("dateAdded")]))
  }

  @Test func theExplanationNamesTypesErrorsAndCalls() throws {
    let result = compile("  x: {from: dndSettings.Email.status, do: [lower, email], on_error: nullify}\n")
    let explanation = try #require(result.explanation.last)
    #expect(explanation.chain.map(\.type) == ["string", "string", "string"])
    #expect(explanation.errors == ["wrong-type", "email-invalid"])
    #expect(explanation.isNullable)
    #expect(explanation.needs == [.init(field: "dndSettings", origin: .requestPerRecord)])
    #expect(
      explanation.text == """
        x
          reads    dndSettings.Email.status
          chain    dndSettings.Email.status: string -> lower: string -> email: string
          type     string or null
          errors   wrong-type, email-invalid; on_error: nullify
          shown    as it is
          needs    dndSettings: detail

        """)
    #expect(explanation.json["needs"]?.text == #"[{"field":"dndSettings","call":"detail"}]"#)
  }

  @Test(arguments: [
    ("{entity: contact, custom_fields: nowhere.json}", DiagnosticCode.inputMissing),
    ("{entity: contact, each: city}", .typeMismatch),
    ("{entity: contact, key: vars.x}", .unknownVar), ("{entity: contact, extra: {a: txt}}", .unknownWord),
    ("[contact]", .wrongKind), ("{entity: contact, schema: nowhere.json}", .inputMissing),
  ])
  func aWrongSourceIsReported(_ source: String, _ code: DiagnosticCode) {
    let result = compile("", source: source)
    #expect(result.diagnostics.all.filter { $0.severity == .error }.map(\.code) == [code])
    #expect(result.model == nil)
  }

  @Test func aMissingMappingFileIsADiagnostic() {
    let result = MappingCompiler.compile(path: "/no/such/mapping.yaml", catalog: TestCatalog())
    #expect(result.diagnostics.all.map(\.code) == [.inputMissing])
  }
}
