import Core
import Records
import Testing

@testable import Profiles

@Suite struct ProfileMaskTests {
  static let canary = "Zz9canary"

  @Test(arguments: ["email", "firstName", "dateOfBirth", "notes"])
  func `no value of a masked field is in the profile`(name: String) {
    let side = Profiled.side(
      (0..<40).map { #"{"\#(name)":"\#(Self.canary)\#($0 % 2)","list":[{"\#(name)":["\#(Self.canary)"]}]}"# })
    let text = Profiled.text(side)
    #expect(!text.contains(Self.canary))
    #expect(!text.contains("sketch"))
    for field in side.fields where field.name.hasSuffix(name) || field.name.hasSuffix("\(name)[]") {
      #expect(field.isMasked && field.texts == nil, "\(field.name)")
      #expect(field.top?.values.allSatisfy { $0.text == nil } ?? true)
    }
  }

  @Test func `numbers and dates of a masked field are only counted`() throws {
    let side = Profiled.side([#"{"phone":4155552671,"birthDate":"1815-12-10"}"#])
    let phone = try #require(side.field(named: "phone"))
    #expect(phone.numbers == .init(count: 1))
    let birth = try #require(side.field(named: "birthDate"))
    #expect(birth.dates == .init(count: 1, future: 0, before1900: 1))
    #expect(!Profiled.text(side).contains("1815") && !Profiled.text(side).contains("415555"))
  }

  @Test func `shapes of masked fields show no rare shape, no foreign punctuation and no value without letters`() throws {
    let values = (0..<20).map { _ in "(030) 12" } + ["one<of>a"] + (0..<20).map { _ in "!!!" } + (0..<20).map { _ in "a€<b" }
    let side = Profiled.side(values.map { #"{"phone":"\#($0)"}"# })
    let shapes = try #require(side.field(named: "phone")?.shapes)
    #expect(shapes.values.map(\.text).sorted() == ["(999) 99", "a**a"])
    #expect(shapes.other == 21)
  }

  @Test func `custom fields are named by their keys, and masked without a definition`() throws {
    let definitions = [
      CustomFieldDefinition(id: "F1", key: "plan", name: "Plan", dataType: .text),
      CustomFieldDefinition(id: "F2", key: "other", name: "Second phone", dataType: .text),
      CustomFieldDefinition(id: "F3", key: "reach", name: "Reach", dataType: .phone),
      CustomFieldDefinition(id: "G1", key: "plan", name: "Plan", dataType: .text),
    ]
    let names = CustomFieldNames(definitions)
    let side = Profiled.side(
      [
        #"{"customFields":[{"id":"F1","value":"gold"},{"id":"F2","value":"1"},{"id":"F3","value":"2"},{"id":"F4","value":"3"}]}"#,
        #"{"customFields":[{"id":"G1","fieldValueString":"gold"},{"value":"stray"}]}"#,
      ], mask: .standard(customFields: names), customFields: names)
    #expect(
      side.fields.map { "\($0.name) \($0.isMasked)" } == [
        "customFields false", "custom.plan false", "custom.other true", "custom.reach true", "custom.F4 true",
        "customFields[] true",
        "customFields[].value true",
      ])
    #expect(side.field(named: "custom.plan")?.top?.values == [.init(text: "gold", count: 2)])
  }

  @Test func `what is shown without masks is all there`() {
    let side = Profiled.side([#"{"email":"\#(Self.canary)"}"#], mask: .nothing)
    #expect(Profiled.text(side).contains(Self.canary))
  }
}
