import Core
import Testing

@testable import Records

@Suite struct RecordWalkerTests {
  @Test(
    "cells have the kind and the text of the value",
    arguments: [
      (#"{"a":1}"#, "integer 1=1"),
      (#"{"a":-0}"#, "number -0"),
      (#"{"a":9223372036854775807}"#, "integer 9223372036854775807=9223372036854775807"),
      (#"{"a":-9223372036854775808}"#, "integer -9223372036854775808=-9223372036854775808"),
      (#"{"a":9223372036854775808}"#, "number 9223372036854775808"),
      (#"{"a":123456789012345678901234567890}"#, "number 123456789012345678901234567890"),
      (#"{"a":1.50}"#, "number 1.50"),
      (#"{"a":1e5}"#, "number 1e5"),
      (#"{"a":true}"#, "true"),
      (#"{"a":false}"#, "false"),
      (#"{"a":null}"#, "null"),
      (#"{"b":1}"#, "missing"),
      (#"{}"#, "missing"),
      (#"{"a":""}"#, "string "),
      (#"{"a":"x \" \\ \/ \b\f\n\r\t é 😀"}"#, "string x \" \\ / \u{8}\u{C}\n\r\t é 😀"),
      (#"{"\u0061":"é"}"#, "string é"),
      (#"{"a":[1,"x",null,[2],{"b":3}]}"#, #"[integer 1=1, string x, null, object [2], object {"b":3}]"#),
      (#"{"a":[]}"#, "[]"),
      (#"{"a": {"b" : [ 1 ] } , "c":2}"#, #"object {"b" : [ 1 ] }"#),
      (" \t{ \"a\" : \"x\" }\r\n ", "string x"),
    ])
  func kinds(json: String, expected: String) {
    #expect(walk(json, [[.member("a")]]) == .success([expected]))
  }

  @Test(
    "a record that is not wholly valid is refused, also where nothing is read",
    arguments: [
      ("", ProblemCode.invalidJSON), ("{", .invalidJSON), ("{}}", .invalidJSON), (#"{"a":1,}"#, .invalidJSON),
      (#"{"a" 1}"#, .invalidJSON), (#"{a:1}"#, .invalidJSON), (#"{"a":tru}"#, .invalidJSON),
      (#"{"a":truex}"#, .invalidJSON), (#"{"a":01}"#, .invalidJSON), (#"{"a":1.}"#, .invalidJSON),
      (#"{"a":.5}"#, .invalidJSON), (#"{"a":+1}"#, .invalidJSON), (#"{"a":1e}"#, .invalidJSON),
      (#"{"a":-}"#, .invalidJSON), (#"{"a":1"x"}"#, .invalidJSON), (#"{"a":"x"y}"#, .invalidJSON),
      (#"{"a":"x""y"}"#, .invalidJSON), (#"{"a":"\x"}"#, .invalidJSON), (#"{"a":"\u12"}"#, .invalidJSON),
      (#"{"a":"\ud800"}"#, .invalidUTF8), (#"{"a":"\udc00\ud800"}"#, .invalidUTF8), (#"{"a":"x}"#, .invalidJSON),
      (#"{"a":[1,2}"#, .invalidJSON), (#"{"a":[1 2]}"#, .invalidJSON), (#"{"a":{"b":1]}"#, .invalidJSON),
      (#"{"a":1} {"a":2}"#, .invalidJSON), ("{\"a\":\"x\ny\"}", .invalidJSON), (#"{"a":1}\"#, .invalidJSON),
      ("[1]", .notAnObject), ("1", .notAnObject), (#""x""#, .notAnObject), ("nul", .invalidJSON),
    ])
  func refusals(json: String, code: ProblemCode) {
    for path in [[RecordWalker.Step.member("a")], [.member("unread")]] {
      guard case .failure(let fault) = walk(json, [path]) else {
        Issue.record("\(json) passed")
        continue
      }
      #expect(fault.code == code, "\(json)")
    }
  }

  @Test("invalid UTF-8 is refused at its place")
  func invalidUTF8() {
    let json = Array(#"{"a":"b"#.utf8) + [0xC3, 0x28] + Array(#""}"#.utf8)
    #expect(walk(json, [[.member("x")]]) == .failure(RecordWalker.Fault(code: .invalidUTF8, offset: 7)))
  }

  @Test("a member that occurs twice is refused where it is read, and only there")
  func duplicates() {
    let json = #"{"a":1,"b":1,"b":2,"\u0061":2}"#
    #expect(walk(json, [[.member("b")]]) == .failure(RecordWalker.Fault(code: .duplicateMember, offset: 13)))
    #expect(walk(json, [[.member("a")]]) == .failure(RecordWalker.Fault(code: .duplicateMember, offset: 19)))
    #expect(walk(json, [[.member("c")]]) == .success(["missing"]))
  }

  @Test(
    "a value that is copied whole has no member twice, at any depth",
    arguments: [
      (#"{"a":{"b":1,"b":2}}"#, 12), (#"{"a":{"b":1,"\u0062":2}}"#, 12), (#"{"a":[1,{"b":[{"c":1,"d":2,"c":3}]}]}"#, 27),
      (#"{"a":[[{"b":1,"b":1}]]}"#, 14), (#"{"a":{"b":{"c":1},"d":{"c":2},"b":3}}"#, 30),
      (#"{"a":{"k9":0,"k1":0,"k2":0,"k3":0,"k4":0,"k5":0,"k6":0,"k7":0,"k8":0,"k1":0,"k9":0}}"#, 69),
    ])
  func duplicatesInside(json: String, offset: Int) {
    #expect(walk(json, [[.member("a")]]) == .failure(RecordWalker.Fault(code: .duplicateMember, offset: offset)))
    #expect(
      walk(json, [[.member("a"), .member("x")], [.member("a")]]) == .failure(.init(code: .duplicateMember, offset: offset)))
    #expect(walk(json, [[.member("x")]]) == .success(["missing"]))
  }

  @Test(
    "equal names in different objects, and names that only look alike, are not duplicates",
    arguments: [
      #"{"b":{"c":1},"c":{"b":1}}"#, #"[{"b":1},{"b":1},[],{}]"#, #"{"é":1,"e\u0301":2}"#, #"{"B":1,"b":2,"":3,"bb":4}"#,
      #"{"a":1,"b":2,"c":3,"d":4,"e":5,"f":6,"g":7,"h":8,"i":{"a":1,"b":{"a":1}},"j":9}"#,
    ])
  func noDuplicates(value: String) {
    #expect((try? walk(#"{"a":\#(value)}"#, [[.member("a")]]).get()) != nil)
    #expect((try? walk(#"{"a":\#(value)}"#, [[.member("a")], [.member("a"), .member("i")]]).get()) != nil)
  }

  @Test("two paths to one place both get its value")
  func onePlaceTwice() {
    let paths: [[RecordWalker.Step]] = [
      [.member("d"), .memberInAnyCase("sms")], [.member("d"), .memberInAnyCase("SMS")], [.member("x")], [.member("x")],
    ]
    #expect(walk(#"{"d":{"Sms":1},"x":"y"}"#, paths) == .success(["integer 1=1", "integer 1=1", "string y", "string y"]))
  }

  @Test(
    "a selector takes numbers and truth values by their text, and nothing else",
    arguments: [
      ("7", "integer 1=1"), ("true", "integer 2=2"), ("7.0", "integer 3=3"), ("x", "integer 4=4"), ("null", "missing"),
      ("[]", "missing"),
    ])
  func selectorsOfScalars(text: String, expected: String) {
    let json = #"{"l":[{"k":7,"v":1},{"k":true,"v":2},{"k": 7.0 ,"v":3},{"v":4,"k":"x"},{"k":null,"v":5},{"k":[],"v":6}]}"#
    #expect(walk(json, [[.member("l"), .select(member: "k", equals: text), .member("v")]]) == .success([expected]))
    guard case .failure = walk(#"{"l":[{"k":7x}]}"#, [[.member("l"), .select(member: "k", equals: text)]]) else {
      Issue.record("7x passed")
      return
    }
  }

  @Test("1,024 levels pass and one more does not, read or unread", arguments: ["a", "x"])
  func depth(read: String) {
    func nested(_ levels: Int) -> String {
      #"{"a":"# + String(repeating: "[", count: levels) + String(repeating: "]", count: levels) + "}"
    }
    #expect((try? walk(nested(1023), [[.member(read)]]).get()) != nil)
    guard case .failure(let fault) = walk(nested(1024), [[.member(read)]]) else {
      Issue.record("too deep passed")
      return
    }
    #expect(fault.code == .recordTooDeep)
    guard case .failure(let deep) = walk(nested(2000), [[.member(read)]]) else { return }
    #expect(deep.code == .recordTooDeep)
  }

  @Test("paths lead through members, elements and selectors, in any order of members")
  func paths() {
    let json = """
      {"customFields":[{"id":"x1","value":"one"},{"value":[1,2],"id":"x2"},{"id":"x1","value":"again"},7,{"id":3,"value":4}],
       "dndSettings":{"EMAIL":{"status":"active"},"sms":{"status":"inactive"}},
       "users":["u1","u2",{"name":"u3"}]}
      """
    #expect(
      walk(
        json,
        [
          [.member("customFields"), .select(member: "id", equals: "x1"), .member("value")],
          [.member("customFields"), .select(member: "id", equals: "x2"), .member("value")],
          [.member("customFields"), .select(member: "id", equals: "none"), .member("value")],
          [.member("dndSettings"), .memberInAnyCase("Email"), .memberInAnyCase("status")],
          [.member("users"), .element(1)],
          [.member("users"), .element(2), .member("name")],
          [.member("users"), .element(9)],
          [.member("users"), .element(0), .member("name")],
        ])
        == .success([
          "string one", "[integer 1=1, integer 2=2]", "stray number 1: 7", "string active", "string u2", "string u3", "missing",
          "blocked text 2: u1",
        ]))
  }

  @Test("an element may meet several selectors, and each takes the first that meets it")
  func selectors() {
    let home: [RecordWalker.Step] = [.member("l"), .select(member: "type", equals: "home"), .member("v")]
    let paris: [RecordWalker.Step] = [.member("l"), .select(member: "city", equals: "Paris"), .member("v")]
    #expect(
      walk(#"{"l":[{"type":"home","city":"Paris","v":1}]}"#, [home, paris]) == .success(["integer 1=1", "integer 1=1"]))
    #expect(
      walk(#"{"l":[{"type":"home","v":1},{"type":"home","city":"Paris","v":2}]}"#, [home, paris])
        == .success(["integer 1=1", "integer 2=2"]))
    #expect(
      walk(#"{"l":[{"type":"home","v":1,"type":"work"}]}"#, [home])
        == .failure(RecordWalker.Fault(code: .duplicateMember, offset: 27)))
  }

  @Test("a walker for staged records may go deeper")
  func deeper() {
    let json = #"{"a":"# + String(repeating: "[", count: 1030) + String(repeating: "]", count: 1030) + "}"
    var walker = RecordWalker(maximumDepth: 1040)
    walker.addPath([.member("b")], slot: 0)
    let cells = UnsafeMutableBufferPointer<Cell>.allocate(capacity: 1)
    defer { cells.deallocate() }
    let bytes = Array(json.utf8) + [UInt8](repeating: 0, count: RecordWalker.padding)
    bytes.withUnsafeBufferPointer { buffer in
      let isIndexed = walker.index(UnsafeBufferPointer(rebasing: buffer[..<json.utf8.count]))
      #expect(isIndexed)
      let fault = walker.walk(0..<json.utf8.count, into: cells)
      #expect(fault == nil)
    }
  }

  @Test("a value and what is in it can both be read")
  func nestedSlots() {
    #expect(
      walk(
        #"{"a":{"b":"\u00e9"},"l":["\n",{"k":"\t"}]}"#,
        [[.member("a")], [.member("a"), .member("b")], [.member("l")], [.member("l"), .element(1), .member("k")], []])
        == .success([
          #"object {"b":"\u00e9"}"#, "string é", "[string \n, object {\"k\":\"\\t\"}]", "string \t",
          #"object {"a":{"b":"\u00e9"},"l":["\n",{"k":"\t"}]}"#,
        ]))
  }

  @Test("many records of one stretch are walked one after another")
  func batches() {
    var walker = RecordWalker()
    walker.addPath([.member("id")], slot: 0)
    let lines = (0..<500).map { #"{"id":"r\#($0)","text":"\"\\ \#(String(repeating: "x", count: $0))"}"# }
    let text = lines.joined(separator: "\n") + String(repeating: " ", count: RecordWalker.padding)
    let bytes = Array(text.utf8)
    let cells = UnsafeMutableBufferPointer<Cell>.allocate(capacity: 1)
    defer { cells.deallocate() }
    bytes.withUnsafeBufferPointer { buffer in
      let isIndexed = walker.index(UnsafeBufferPointer(rebasing: buffer[..<(buffer.count - RecordWalker.padding)]))
      #expect(isIndexed)
      var start = 0
      for (index, line) in lines.enumerated() {
        let fault = walker.walk(start..<start + line.utf8.count, into: cells)
        #expect(fault == nil)
        #expect(describe(cells[0]) == "string r\(index)")
        start += line.utf8.count + 1
      }
    }
  }

  @Test("a broken record does not disturb the next ones of its stretch")
  func recovery() {
    var walker = RecordWalker()
    walker.addPath([.member("id")], slot: 0)
    let lines = [#"{"id":1}"#, #"{"id":2,,"x":[1,2,3]}"#, #"{"id":3}"#, "[]", #"{"id":4}"#]
    let bytes = Array((lines.joined(separator: "\n") + String(repeating: " ", count: 64)).utf8)
    let cells = UnsafeMutableBufferPointer<Cell>.allocate(capacity: 1)
    defer { cells.deallocate() }
    var seen: [String] = []
    bytes.withUnsafeBufferPointer { buffer in
      let isIndexed = walker.index(UnsafeBufferPointer(rebasing: buffer[..<(buffer.count - 64)]))
      #expect(isIndexed)
      var start = 0
      for line in lines {
        let fault = walker.walk(start..<start + line.utf8.count, into: cells)
        seen.append(fault.map { "\($0.code.slug)@\($0.offset)" } ?? describe(cells[0]))
        start += line.utf8.count + 1
      }
    }
    #expect(seen == ["integer 1=1", "invalid-json@8", "integer 3=3", "not-an-object@0", "integer 4=4"])
  }

  @Test("cells have the layout of the shim")
  func layout() {
    #expect(MemoryLayout<Cell>.size == 24)
    #expect(MemoryLayout<Cell>.stride == 24)
    #expect(MemoryLayout<Cell>.offset(of: \.number) == 8)
    // Length, kind and flags share one word.
    withUnsafeBytes(of: Cell(kind: .string, count: 0x0102_0304, flags: 5)) { bytes in
      #expect(bytes.load(fromByteOffset: 16, as: UInt32.self) == 0x0102_0304)
      #expect(bytes[20] == CellKind.string.rawValue)
      #expect(bytes[21] == 5)
    }
  }
}
