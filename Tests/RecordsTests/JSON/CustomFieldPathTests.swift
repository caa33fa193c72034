import Core
import Testing

@testable import Records

/// Custom fields as GHL writes them: the value's name depends on the API's version and on the data type.
@Suite struct CustomFieldPathTests {
  private func walk(_ list: String, _ ids: [String?]) -> Result<[String], RecordWalker.Fault> {
    RecordsTests.walk(#"{"customFields":\#(list)}"#, ids.map { [.member("customFields"), .customField(id: $0)] })
  }

  @Test(
    "the value is read under any of its names",
    arguments: ["value", #"field\u0056alue"#, #"\u0066ield_value"#] + RecordWalker.customFieldValueNames)
  func names(name: String) {
    #expect(walk(#"[{"id":"F1","\#(name)":"w"}]"#, ["F1", "F2"]) == .success(["string w", "missing"]))
    #expect(walk(#"[{"\#(name)":["a",1],"type":"x","id":"F1"}]"#, ["F1"]) == .success(["[string a, integer 1=1]"]))
    #expect(walk(#"[{"id":"F1","\#(name)":null}]"#, ["F1"]) == .success(["null"]))
  }

  @Test(
    "of several values the one that is not empty counts, and two that differ block the path",
    arguments: [
      (#"{"id":"F1","value":"a","fieldValue":"a"}"#, "string a"), (#"{"id":"F1","value":null,"fieldValue":"a"}"#, "string a"),
      (#"{"id":"F1","fieldValue":"a","value":null}"#, "string a"),
      (#"{"fieldValue":"","field_value":"a","value":[],"id":"F1"}"#, "string a"),
      (#"{"id":"F1","value":"a","fieldValue":"b"}"#, "several"),
      (#"{"id":"F1","fieldValueString":"a","fieldValueArray":["a"]}"#, "several"),
      (#"{"id":"F1","fieldValue":1,"field_value":2,"value":1}"#, "several"), (#"{"id":"F1"}"#, "missing"),
      (#"{"id":"F1","value":{},"fieldValue":[]}"#, "object {}"),
    ])
  func several(item: String, expected: String) {
    let found = walk("[\(item)]", ["F1", "F2"])
    #expect(found == .success([expected == "several" ? "several object 2: \(item)" : expected, "missing"]))
  }

  @Test("the names of a value are those in GHL's answers, in both of its spellings")
  func knownNames() {
    let kinds = ["", "String", "Number", "Boolean", "Date", "Array", "Object", "File", "Files"]
    let names = kinds.flatMap { ["fieldValue\($0)", $0.isEmpty ? "field_value" : "field_value_\($0.lowercased())"] }
    #expect(RecordWalker.customFieldValueNames.sorted() == names.sorted())
  }

  @Test(
    "a name that only begins like a value's does not count",
    arguments: [
      #""fieldValueType":"string""#, #""field_value_type":"string""#, #""fieldValueId":"v1""#, #""fieldValueDataType":"TEXT""#,
      #""key":"k","name":"n","type":"t","fieldKey":"contact.k","dataType":"TEXT""#, #""validated":true,"interval":"1d""#,
      #""Value":null"#, #""valu":"","values":[],"fieldvalue":{}"#,
    ])
  func otherNames(members: String) {
    #expect(walk("[{\"id\":\"F1\",\(members)}]", ["F1"]) == .success(["missing"]))
    #expect(walk("[{\(members),\"id\":\"F1\",\"fieldValue\":7}]", ["F1"]) == .success(["integer 7=7"]))
  }

  @Test(
    "a value under a name similar to a known one blocks the path, unless a known one has a value",
    arguments: [
      "valu", "val", "Value", "VALUE", "values", "fieldvalue", "FieldValue", "field-value", "Field_Value", "fieldVal",
      "fieldvaluestring", "fieldValues", "fieldValueText", "field_value_money", #"\u0056alue"#,
    ])
  func lookalikes(name: String) {
    for value in [#""secret""#, "0", "false", #"["x"]"#, #"{"a":1}"#] {
      for item in [#"{"id":"F1","\#(name)":\#(value)}"#, #"{"\#(name)":\#(value),"value":null,"id":"F1"}"#] {
        #expect(walk("[\(item)]", ["F1", "F2"]) == .success(["unknown object 2: \(item)", "missing"]))
      }
      #expect(walk(#"[{"\#(name)":\#(value),"id":"F1","value":"w"}]"#, ["F1"]) == .success(["string w"]))
      #expect(walk(#"[{"id":"F1","field_value":"w","\#(name)":\#(value)}]"#, ["F1"]) == .success(["string w"]))
    }
  }

  @Test(
    "two items with one id must be the same",
    arguments: [
      (#"[{"id":"F1","value":"1"},{"id":"F1","value":"2"}]"#, #"repeated object 2: {"id":"F1","value":"2"}"#),
      (#"[{"id":"F1","value":"1"},{"id":"F2","value":"x"},{"id":"F1","value":"1"}]"#, "string 1"),
      (
        #"[{"id":"F1","value":"1"},{"id":"F1","value":"1"},{"id":"F1","value":null}]"#,
        #"repeated object 2: {"id":"F1","value":null}"#
      ),
      (#"[{"id":"F1","value":"1"},{"id":"F1","fieldValue":"1"}]"#, #"repeated object 2: {"id":"F1","fieldValue":"1"}"#),
      (#"[{"id":"FX","value":"1"},{"id":"FX","value":"2"},{"id":"F1","value":"3"}]"#, "string 3"),
    ])
  func repeated(list: String, expected: String) {
    #expect(walk(list, ["F1"]) == .success([expected]))
  }

  @Test(
    "anything but a list of items blocks every field, and is missing if it is empty",
    arguments: [
      (#"{"F1":"obj"}"#, #"blocked object 1: {"F1":"obj"}"#), (#""F1""#, "blocked text 1: F1"), ("5", "blocked number 1: 5"),
      ("null", "missing"), ("[]", "missing"), ("{}", "missing"), (#""""#, "missing"),
      (#"[["F1","x"]]"#, #"stray list 1: ["F1","x"]"#), (#"["F1"]"#, "stray text 1: F1"), ("[null]", "missing"),
      ("[[],{},\"\"]", "missing"),
      (#"[{"value":"x"}]"#, #"stray object 1: {"value":"x"}"#),
      (#"[{"id":null,"value":"x"}]"#, #"stray object 1: {"id":null,"value":"x"}"#),
      (#"[{"id":["F1"],"value":"x"}]"#, #"stray object 1: {"id":["F1"],"value":"x"}"#),
      (#"[{"id":"","value":"x"}]"#, #"stray object 1: {"id":"","value":"x"}"#),
      (#"[{"id":"FX","value":"x"}]"#, "missing"), (#"[null,{"id":"F1","value":"x"}]"#, "string x"),
      (#"[7,{"id":"F1","value":"x"}]"#, "string x"),
    ])
  func shapes(list: String, expected: String) {
    let other = expected.hasPrefix("string") ? list.hasPrefix("[7") ? "stray number 1: 7" : "missing" : expected
    #expect(walk(list, ["F1", "F9"]) == .success([expected, other]))
    #expect(walk(list, [nil]) == .success(["missing"]))
  }

  @Test("an id may be a number, and a path may lead into the value")
  func insides() {
    #expect(walk(#"[{"id":7,"value":"x"}]"#, ["7"]) == .success(["string x"]))
    let path: [RecordWalker.Step] = [.member("customFields"), .customField(id: "F1"), .member("meta"), .member("size")]
    func size(_ value: String) -> Result<[String], RecordWalker.Fault> {
      RecordsTests.walk(#"{"customFields":[{"id":"F1",\#(value)}]}"#, [path, Array(path[..<2])])
    }
    #expect(size(#""value":{"meta":{"size":3}}"#) == .success(["integer 3=3", #"object {"meta":{"size":3}}"#]))
    #expect(size(#""value":"x""#) == .success(["blocked text 2: x", "string x"]))
    #expect(size(#""value":{"meta":[1]}"#) == .success(["blocked list 3: [1]", #"object {"meta":[1]}"#]))
    #expect(size(#""value":"","fieldValue":{"meta":{"size":3}}"#) == .success(["integer 3=3", #"object {"meta":{"size":3}}"#]))
  }

  @Test("a member that occurs twice in an item is refused")
  func twice() {
    for item in [#"{"id":"F1","value":1,"value":1}"#, #"{"id":"F1","id":"F1"}"#] {
      guard case .failure(let fault) = walk("[\(item)]", ["F1"]) else {
        Issue.record("\(item) passed")
        continue
      }
      #expect(fault.code == .duplicateMember)
    }
  }

  @Test("fields are read beside a path of the mapping's own into the list")
  func ownPaths() {
    let paths: [[RecordWalker.Step]] = [
      [.member("customFields"), .customField(id: "F1")],
      [.member("customFields"), .select(member: "id", equals: "F1"), .member("fieldValue")],
      [.member("customFields"), .element(0), .member("id")], [.member("customFields")],
    ]
    #expect(
      RecordsTests.walk(#"{"customFields":[{"id":"F1","fieldValue":"x"}]}"#, paths)
        == .success(["string x", "string x", "string F1", #"[object {"id":"F1","fieldValue":"x"}]"#]))
    #expect(
      RecordsTests.walk(#"{"customFields":[{"id":"F1","value":1},{"id":"F1","value":2}]}"#, paths)
        == .success([
          #"repeated object 2: {"id":"F1","value":2}"#, "missing", "string F1",
          #"[object {"id":"F1","value":1}, object {"id":"F1","value":2}]"#,
        ]))
  }
}
