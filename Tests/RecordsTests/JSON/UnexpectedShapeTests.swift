import Core
import TestSupport
import Testing

@testable import Records

/// Paths through values of a different shape than their steps take.
@Suite struct UnexpectedShapeTests {
  private static let url: [RecordWalker.Step] = [.member("a"), .member("url")]
  private static let first: [RecordWalker.Step] = [.member("a"), .element(0)]
  private static let home: [RecordWalker.Step] = [.member("a"), .select(member: "type", equals: "home"), .member("v")]
  private static let folded: [RecordWalker.Step] = [.member("a"), .memberInAnyCase("Email"), .member("status")]

  @Test(
    "a value that the next step does not accept blocks the path",
    arguments: [
      (url, #""x""#, "blocked text 1: x"), (url, #""\u00e9""#, "blocked text 1: é"), (url, "5", "blocked number 1: 5"),
      (url, "true", "blocked true 1: true"), (url, "false", "blocked false 1: false"),
      (url, #"["x"]"#, #"blocked list 1: ["x"]"#),
      (url, "[[]]", "blocked list 1: [[]]"), (url, #"{"url":5}"#, "integer 5=5"), (url, #"{"x":5}"#, "missing"),
      (url, #"[ {"url": 1} ]"#, #"blocked list 1: [ {"url": 1} ]"#), (url, " \"x\" ", "blocked text 1: x"),
      (first, #""x""#, "blocked text 1: x"), (first, #"{"0":"a"}"#, #"blocked object 1: {"0":"a"}"#),
      (first, "7", "blocked number 1: 7"),
      (home, #""x""#, "blocked text 1: x"), (home, #"{"home":{"v":1}}"#, #"blocked object 1: {"home":{"v":1}}"#),
      (home, "-0.5", "blocked number 1: -0.5"), (folded, #""all""#, "blocked text 1: all"),
      (folded, #"{"EMAIL":"active"}"#, "blocked text 2: active"), (folded, #"{"email":["x"]}"#, #"blocked list 2: ["x"]"#),
      (folded, #"{"email":{"status":"on"}}"#, "string on"),
    ])
  func otherShape(path: [RecordWalker.Step], value: String, expected: String) {
    #expect(
      walk(#"{"z":1,"a":\#(value),"b":{"c":2}}"#, [path, [.member("b"), .member("c")]]) == .success([expected, "integer 2=2"]))
    #expect(walk(#"{"a":\#(value)}"#, [path]) == .success([expected]))
  }

  @Test("null and empty values are missing, whatever is expected", arguments: ["null", #""""#, "[]", "{}", "[ ]", "{\t}"])
  func empty(value: String) {
    for path in [Self.url, Self.first, Self.home, Self.folded] {
      #expect(walk(#"{"a":\#(value)}"#, [path]) == .success(["missing"]), "\(path)")
    }
    #expect(walk(#"{"a":{"email":\#(value)}}"#, [Self.folded]) == .success(["missing"]))
    #expect(walk(#"{"a":[\#(value)]}"#, [Self.home]) == .success(["missing"]))
    #expect(walk(#"{"a":[\#(value)]}"#, [[.member("a"), .element(0), .member("b")]]) == .success(["missing"]))
  }

  @Test("all paths beyond the obstacle are blocked, and no others")
  func severalPaths() {
    let paths: [[RecordWalker.Step]] = [
      [.member("a")], [.member("a"), .member("b")], [.member("a"), .member("b"), .member("c")],
      [.member("a"), .element(0), .member("b")], [.member("a"), .select(member: "k", equals: "v")], [.member("b")],
    ]
    let text = "blocked text 1: x"
    #expect(walk(#"{"a":"x","b":1}"#, paths) == .success(["string x", text, text, text, text, "integer 1=1"]))
    // Members and elements of the same value: whichever it has, paths to the other kind are blocked.
    let object = #"blocked object 1: {"b":{"c":1}}"#
    #expect(
      walk(#"{"a":{"b":{"c":1}}}"#, paths)
        == .success([#"object {"b":{"c":1}}"#, #"object {"c":1}"#, "integer 1=1", object, object, "missing"]))
    let list = #"blocked list 1: [{"b":1}]"#
    #expect(
      walk(#"{"a":[{"b":1}]}"#, paths) == .success([#"[object {"b":1}]"#, list, list, "integer 1=1", "missing", "missing"]))
  }

  @Test(
    "an element without a selector member blocks paths whose element is not found",
    arguments: [
      (#"["x",{"type":"home","v":1}]"#, "integer 1=1"), (#"[{"type":"home","v":1},7]"#, "integer 1=1"),
      (#"["x",{"type":"work","v":1}]"#, "stray text 1: x"), (#"[null,"",[],{},{"type":"work"}]"#, "missing"),
      (#"[["home",1]]"#, #"stray list 1: ["home",1]"#),
      (#"[{"type":["home"],"v":1}]"#, #"stray object 1: {"type":["home"],"v":1}"#),
      (#"[{"type":{"x":1}}]"#, #"stray object 1: {"type":{"x":1}}"#), (#"[{"v":1}]"#, "missing"),
      (#"[{"type":null,"v":1}]"#, "missing"),
      (#"[{"type":[],"v":1}]"#, "missing"), (#"[true]"#, "stray true 1: true"), (#"[" ","x"]"#, "stray text 1: x"),
      (#"["\u00a0\u3000",7,8]"#, "stray number 1: 7"), (#"[" ",{"type":{"x":1}}," "]"#, #"stray object 1: {"type":{"x":1}}"#),
      (#"[" ","\t"]"#, "stray text 1:  "),
    ])
  func strays(list: String, expected: String) {
    #expect(walk(#"{"a":\#(list)}"#, [Self.home]) == .success([expected]))
  }

  @Test("long paths are blocked without recursion")
  func longPath() {
    let path = [RecordWalker.Step](repeating: .member("a"), count: 40_000)
    #expect(walk(#"{"a":"x"}"#, [path]) == .success(["blocked text 1: x"]))
    #expect(walk(#"{"a":{"a":[1]}}"#, [path]) == .success(["blocked list 2: [1]"]))
    #expect(walk(#"{"a":{"a":{}}}"#, [path]) == .success(["missing"]))
  }

  @Test("an obstacle does not affect the next record")
  func nextRecord() {
    var walker = RecordWalker()
    walker.addPath(Self.url, slot: 0)
    walker.addPath(Self.home, slot: 1)
    let lines = [#"{"a":"x"}"#, #"{"a":{"url":1}}"#, "{}", #"{"a":["x"]}"#, #"{"a":[{"type":"work"}]}"#, #"{"a":[]}"#]
    let bytes = Array((lines.joined(separator: "\n") + String(repeating: " ", count: RecordWalker.padding)).utf8)
    let cells = UnsafeMutableBufferPointer<Cell>.allocate(capacity: 2)
    defer { cells.deallocate() }
    var seen: [String] = []
    bytes.withUnsafeBufferPointer { buffer in
      let isIndexed = walker.index(UnsafeBufferPointer(rebasing: buffer[..<(buffer.count - RecordWalker.padding)]))
      #expect(isIndexed)
      var start = 0
      for line in lines {
        let fault = walker.walk(start..<start + line.utf8.count, into: cells)
        #expect(fault == nil)
        seen.append(cells.map(describe).joined(separator: ", "))
        start += line.utf8.count + 1
      }
    }
    #expect(
      seen == [
        "blocked text 1: x, blocked text 1: x", #"integer 1=1, blocked object 1: {"url":1}"#, "missing, missing",
        #"blocked list 1: ["x"], stray text 1: x"#, #"blocked list 1: [{"type":"work"}], missing"#, "missing, missing",
      ])
  }

  @Test(
    "invalid JSON is refused, even after a path has met a different shape",
    arguments: [
      #"{"a":"x}"#, #"{"a":[1,}"#, #"{"a":"\x"}"#, #"{"a":tru}"#, #"{"a":[{"type":"home","v":}]}"#, #"{"a":["x"}"#, #"{"a":[{]}"#,
      #"{"a":{"email":[1 2]}}"#, #"{"a":[{"id":"1","value":}]}"#, #"{"a":[{"id":"1"]}"#, #"{"a""#, #"{"a":"#, #"{"a":[{"id""#,
      #"{"a":[{"id":"1","value":"\ud800"}]}"#,
    ])
  func broken(json: String) {
    let paths = [Self.url, Self.first, Self.home, Self.folded, [.member("a"), .customField(id: "1")]]
    guard case .failure = walk(json, paths) else {
      Issue.record("\(json) passed")
      return
    }
    for path in paths {
      guard case .failure = walk(json, [path]) else {
        Issue.record("\(json) passed")
        return
      }
    }
  }

  @Test(
    "deep nesting beside a path and on it",
    arguments: [#"{"a":@}"#, #"{"b":@,"a":{"url":1}}"#, #"{"a":{"url":@}}"#, #"{"a":[@]}"#])
  func nesting(template: String) {
    func nested(_ levels: Int, _ open: String, _ close: String) -> String {
      let inner = String(repeating: open, count: levels) + "1" + String(repeating: close, count: levels)
      return template.replacing("@", with: inner)
    }
    for (open, close) in [("[", "]"), (#"{"url":"#, "}"), (#"[{"type":"home","v":"#, "}]")] {
      #expect((try? walk(nested(400, open, close), [Self.url, Self.home, Self.first]).get()) != nil)
      guard case .failure(let fault) = walk(nested(1030, open, close), [Self.url, Self.home, Self.first]) else {
        Issue.record("too deep passed")
        continue
      }
      #expect(fault.code == .recordTooDeep)
    }
  }

  @Test("a member that occurs twice on a path is refused, whatever its shape")
  func twice() {
    for json in [#"{"a":"x","a":{"url":1}}"#, #"{"a":{"url":1},"a":"x"}"#, #"{"a":null,"a":{"url":1}}"#, #"{"\u0061":1,"a":2}"#] {
      guard case .failure(let fault) = walk(json, [Self.url]) else {
        Issue.record("\(json) passed")
        continue
      }
      #expect(fault.code == .duplicateMember)
    }
  }

  @Test("paths continue through names of any length, and with escapes")
  func names() {
    let long = String(repeating: "k", count: 70_000)
    #expect(
      walk(#"{"\#(long)":{"\u0062\"":1}}"#, [[.member(long), .member("b\"")], [.member(long + "k"), .member("b\"")]])
        == .success(["integer 1=1", "missing"]))
    #expect(walk(#"{"\#(long)":"x"}"#, [[.member(long), .member("b")]]) == .success(["blocked text 1: x"]))
    #expect(walk(#"{"":{"":[3]}}"#, [[.member(""), .member(""), .element(0)]]) == .success(["integer 3=3"]))
    #expect(walk(#"{"":[3]}"#, [[.member(""), .member("")]]) == .success(["blocked list 1: [3]"]))
  }

  private static let chosen: [RecordWalker.Step] = [.member("l"), .select(member: "k", equals: "a"), .member("v")]

  @Test(
    "blank elements do not each rescan the rest of the record", .ends(withinMinutes: 5),
    arguments: [(#"" ""#, " "), (#""\t""#, "\t"), (#"" ","\u0020""#, " ")])
  func manyBlanks(elements: String, first: String) {
    // When each of them searched for the next backslash, at the end of the record, this took minutes.
    let list = elements + String(repeating: "," + elements, count: 2_000_000)
    #expect(
      walk(#"{"id":"1","l":[\#(list)],"z":"\n"}"#, [Self.chosen, [.member("z")]])
        == .success(["stray text 1: \(first)", "string \n"]))
  }

  @Test(
    "a text among blank ones is shown as it reads, with and without escapes",
    arguments: [
      (#"" ","\t"," ","x\ty\\"," ""#, "x\ty\\"), (#""\t"," "," ","x","\n""#, "x"), (#"" "," ","\t""#, " "),
      (#""","\u0020"," ""#, " "), (#"" ",{"k":"\t"}," ","\u0078\n""#, "x\n"),
    ])
  func textAmongBlanks(list: String, text: String) {
    for (end, expected) in [(#""\\""#, "\\"), (#""z""#, "z"), (#""\u007A\"""#, "z\"")] {
      #expect(
        walk(#"{"l":[\#(list)],"z":\#(end)}"#, [Self.chosen, [.member("z")]])
          == .success(["stray text 1: \(text)", "string \(expected)"]))
    }
  }
}
