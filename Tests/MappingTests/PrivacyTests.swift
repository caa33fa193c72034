import Core
import Testing
import Transform

@testable import Mapping

/// How values of a field may be shown: by its own word, by what it reads, by what others make of the same values.
struct PrivacyTests {
  private func compile(_ fields: String, source: String = "{entity: contact}", vars: String = "") -> MappingCompilation {
    let text = "mapping: 1\nname: m\nsource: \(source)\ntarget: {entity: x, key: id}\n\(vars)fields:\n  id: id\n\(fields)"
    return MappingCompiler.compile(file: "m.yaml", text: text, catalog: TestCatalog())
  }

  private func policies(_ fields: String, source: String = "{entity: contact}", vars: String = "") throws -> [String: Privacy] {
    let result = compile(fields, source: source, vars: vars)
    let model = try #require(result.model, "\(result.diagnostics.all)")
    return Dictionary((model.fields + model.vars).map { ($0.target.joined(separator: "."), $0.privacy) }) { first, _ in first }
  }

  @Test(
    arguments: [
      (
        "{entity: contact, extra: {secondEmail: string, plan: any, home: {street: string, kind: string}}}", "secondEmail",
        Privacy.mask
      ),
      ("{entity: contact, extra: {secondEmail: string, plan: any, home: {street: string, kind: string}}}", "plan", .show),
      ("{entity: contact, extra: {home: {street: string, kind: string}}}", "home.street", .mask),
      ("{entity: contact, extra: {home: {street: string, kind: string}}}", "home.kind", .show),
      ("{entity: contact, extra: {home: any}}", "home.phone", .mask),
      ("{entity: contact, extra: {home: any}}", "home.kind", .show),
      ("{entity: contact}", "dndSettings.email.status", .show),
    ])
  func membersOfWhichOnlyTheNameIsKnownAreJudgedByIt(_ source: String, _ path: String, _ policy: Privacy) throws {
    #expect(try policies("  x: \(path)\n", source: source)["x"] == policy)
  }

  @Test func aVarShowsAsLittleAsTheFieldsThatReadTheSame() throws {
    let vars = "vars:\n  v: {from: type, do: [lower]}\n  w: {from: country}\n"
    let found = try policies("  a: vars.v\n  b: {from: type, pii: never}\n  c: vars.w\n", vars: vars)
    #expect(found["v"] == .never && found["a"] == .never && found["b"] == .never)
    #expect(found["w"] == .show && found["c"] == .show)
  }

  @Test(
    arguments: [
      ("custom.plan_tier", "'customFields[id=f1].value'", "{entity: contact, extra: {customFields: any}}"),
      ("'customFields[id=f1].value'", "custom.plan_tier", "{entity: contact, extra: {customFields: any}}"),
      ("item.kind", "'addresses[0].kind'", "{entity: contact, each: addresses}"),
      ("'parent.addresses[0].kind'", "item.kind", "{entity: contact, each: addresses}"),
      ("item", "parent.addresses", "{entity: contact, each: addresses}"),
      ("'addresses[0].kind'", "'addresses[kind=home].kind'", "{entity: contact}"),
      ("dndSettings.email.status", "dndSettings.EMAIL.status", "{entity: contact}"), ("tags", "'tags[1]'", "{entity: contact}"),
    ])
  func pathsThatMayLeadToOneValueShareTheStrictestPolicy(_ one: String, _ other: String, _ source: String) throws {
    #expect(try policies("  a: {from: \(one), pii: never}\n  b: {from: \(other), pii: show}\n", source: source)["b"] == .never)
  }

  @Test(
    arguments: [
      ("'tags[0]'", "'tags[1]'", "{entity: contact}"), ("custom.plan_tier", "custom.ltv", "{entity: contact}"),
      ("custom.plan_tier", "type", "{entity: contact}"), ("item.kind", "parent.type", "{entity: contact, each: addresses}"),
      ("'addresses[kind=home].kind'", "'addresses[kind=work].kind'", "{entity: contact}"),
    ])
  func pathsToDifferentValuesKeepTheirOwn(_ one: String, _ other: String, _ source: String) throws {
    #expect(try policies("  a: {from: \(one), pii: never}\n  b: {from: \(other), pii: show}\n", source: source)["b"] == .show)
  }

  @Test func aPersonalKeyIsWarnedOfUnlessItIsMeantToShow() {
    func warns(_ fields: String) -> Bool {
      compile(fields, source: "{entity: contact, key: email}").diagnostics.all.contains { $0.code == .personalKey }
    }
    #expect(warns("  mail: email\n"))
    #expect(warns("  mail: {from: email, pii: hash}\n"))
    #expect(!warns("  mail: {from: email, pii: show}\n"))
    #expect(!compile("  mail: email\n").diagnostics.all.contains { $0.code == .personalKey })
  }
}
