import Core
import GHL
import Records
import Testing

@testable import Extract

@Suite struct UndefinedCustomFieldsTests {
  private static func record(_ id: String, _ customFields: String) throws -> RawRecord {
    RawRecord(try JSONSlicer.slice(Array(#"{"id":"\#(id)","customFields":\#(customFields)}"#.utf8)))
  }

  @Test func `an id without a definition is reported once, however many contacts have it`() throws {
    var fields = UndefinedCustomFields()
    fields.define([RawRecord(try JSONSlicer.slice(Array(#"{"id":"F1"}"#.utf8)))])
    try fields.read(Self.record("a", #"[{"id":"FX","value":1},{"id":"F1","value":2},{"id":"FX","value":3}]"#))
    try fields.read(Self.record("b", #"[{"id":"FY","value":1},{"id":"FX"}]"#))
    for odd in [#"{"F9":1}"#, "null", #""F9""#, "[null,7,[\"F9\"],{\"id\":\"\"},{\"id\":{}}]"] {
      try fields.read(Self.record("c", odd))
    }
    fields.read(RawRecord(try JSONSlicer.slice(Array("7".utf8))))
    let notes = fields.notes(location: "L")
    #expect(notes.map(\.code) == [.unknownCustomField, .unknownCustomField])
    #expect(notes.allSatisfy { $0.severity == .note && $0.entity == "contact" && $0.record == nil && $0.location == "L" })
    #expect(
      notes.map(\.message) == [
        "the location does not define a custom field with the ID 'FX', so mappings cannot read it; 2 contacts have it, the first is a",
        "the location does not define a custom field with the ID 'FY', so mappings cannot read it; 1 contact has it: b",
      ])
  }

  @Test func `without definitions nothing is known, and a flood of ids is counted`() throws {
    var fields = UndefinedCustomFields()
    try fields.read(Self.record("a", #"[{"id":"FX"}]"#))
    #expect(fields.notes(location: "L").isEmpty)
    fields.define([])
    try fields.read(Self.record("a", "[" + (0..<1500).map { #"{"id":"F\#($0)"}"# }.joined(separator: ",") + "]"))
    let notes = fields.notes(location: "L")
    #expect(notes.count == 1001)
    #expect(notes.last?.message == "contacts have further custom fields that the location does not define: 500 values in all")
  }
}
