import Core
import Testing

@testable import Records

/// The index that is made while a text is checked says the same as a scan of the text.
@Suite struct JSONIndexTests {
  /// Everything in a value, as it is found through members and elements.
  private func outline(_ slice: JSONSlice, _ depth: Int = 0) -> [String] {
    let own = "\(depth) \(slice.kind) \(String(decoding: slice.raw, as: UTF8.self))"
    let members = slice.members.flatMap { ["\(depth) \($0.name):"] + outline($0.value, depth + 1) }
    let texts = slice.memberTexts.map { "\($0.name) \(String(decoding: $0.text, as: UTF8.self))" }
    return [own] + texts + members + slice.elements.flatMap { outline($0, depth + 1) }
  }

  static let texts = [
    "{}", "[]", "7", " null ", #""x""#, "[[[[[1],2],3],4],5]", #"{"a":{"b":{"c":{"d":{"e":1}}}}}"#,
    #"{"contacts":[{"id":"a","tags":["x","y"],"custom":[{"id":"f","value":[1,{"z":2}]}]},{},7,[],{"id":"b"}],"count":2}"#,
    #"{ "a" : [ 1 , 2 ] , "b" : { } , "c" : "x\"]}" , "\u0061" : true }"#, "[{\"a\":\n1},\r\n{\"a\":2}]",
    #"{"a":1,"a":2,"":3,"b\\":[{"c":{"d":[]}}]}"#,
  ]

  @Test func `members have their text as it is written`() throws {
    let slice = try JSONSlicer.slice(Array(#"{ "a\u0062" : [1 , 2],"c":"d\n" , "e":{"f":1.0 } }"#.utf8))
    #expect(slice.memberTexts.map(\.name) == ["ab", "c", "e"])
    let texts = slice.memberTexts.map { String(decoding: $0.text, as: UTF8.self) }
    #expect(texts == [#""a\u0062" : [1 , 2]"#, #""c":"d\n""#, #""e":{"f":1.0 }"#])
    #expect(try JSONSlicer.slice(Array("[1]".utf8)).memberTexts.isEmpty)
  }

  @Test(arguments: texts) func `an indexed text has the same parts as a scanned one`(text: String) throws {
    let bytes = Array(text.utf8)
    let indexed = try JSONSlicer.slice(bytes)
    let scanned = JSONSlice(bytes: bytes, range: indexed.range)
    #expect(outline(indexed) == outline(scanned))
    let names = ["a", "id", "count", "contacts", "missing", ""]
    #expect(
      indexed.members(named: names).map { $0.map { outline($0) } } == names.map { name in scanned[name].map { outline($0) } })
  }

  @Test func `a text with more values than the index takes is scanned`() throws {
    let many = "{\"list\":[" + (0..<1_100_000).map { _ in "1" }.joined(separator: ",") + "],\"count\":5}"
    let slice = try JSONSlicer.slice(Array(many.utf8))
    #expect(slice["list"]?.elements.count == 1_100_000 && slice["count"]?.integerValue == 5)
  }

  @Test func `members are found by name in one pass, the first of each`() throws {
    let slice = try JSONSlicer.slice(Array(#"{"b":1,"a":2,"b":3,"\u0063":4}"#.utf8))
    #expect(slice.members(named: ["a", "b", "c", "d"]).map { $0?.integerValue } == [2, 1, 4, nil])
    #expect(try JSONSlicer.slice(Array("[1]".utf8)).members(named: ["a"]).map { $0 == nil } == [true])
  }

  @Test func `bytes cut out of a checked text need no check of their own`() throws {
    let page = try JSONSlicer.slice(Array("{\"list\":[{\"id\":\"a\",\n\"n\":[1, 2]}]}".utf8))
    let line = try #require(page["list"]?.elements.first).line
    let again = JSONSlicer.checked(line)
    #expect(outline(again) == outline(try JSONSlicer.slice(line)))
  }
}
