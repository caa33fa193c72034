import Records
import Testing

@Suite struct JSONSlicerTests {
  static func slice(_ text: String) throws -> JSONSlice { try JSONSlicer.slice(Array(text.utf8)) }

  @Test(
    "values keep their own bytes",
    arguments: [
      #"{"a":1}"#, #"{"id":"x","n":1.50,"e":1E+2,"t":"é \u00e9 \" ] } ,"}"#, "[]", "{}", #"[{"a":[[],{}]}]"#,
      "12345678901234567890.000", "true",
    ])
  func raw(text: String) throws {
    let root = try Self.slice(" \n{\"x\" : [0 ,\(text)\n], \"y\":null}\t")
    let element = try #require(root["x"]?.elements.last)
    #expect(String(decoding: element.raw, as: UTF8.self) == text)
    #expect(root["x"]?.elements.count == 2)
    #expect(root["y"]?.isNull == true)
    #expect(root["z"] == nil)
  }

  @Test("line breaks between tokens go, everything else stays")
  func line() throws {
    let root = try Self.slice("{\r\n  \"a\": [1,\n 2],\n\t\"b\": \"x\\ny\"}")
    #expect(String(decoding: root.line, as: UTF8.self) == "{  \"a\": [1, 2],\t\"b\": \"x\\ny\"}")
  }

  @Test("strings, numbers and names are read with their escapes")
  func values() throws {
    let root = try Self.slice(
      #"{"n\u0061me":"\u00e9\ud83d\ude00\"\\\/\n","i":-7,"d":2.5,"b":false,"s":"plain","lone":"\ud800x"}"#)
    #expect(root["name"]?.stringValue == "é😀\"\\/\n")
    #expect(root["i"]?.integerValue == -7)
    #expect(root["d"]?.doubleValue == 2.5)
    #expect(root["d"]?.integerValue == nil)
    #expect(root["b"]?.boolValue == false)
    #expect(root["s"]?.integerValue == nil)
    #expect(root["lone"]?.stringValue == "\u{FFFD}x")
    #expect(root.members.map(\.name) == ["name", "i", "d", "b", "s", "lone"])
  }

  @Test("depth costs nothing")
  func deep() throws {
    let depth = 100_000
    let text = String(repeating: "[", count: depth) + String(repeating: "]", count: depth)
    #expect(try Self.slice(text).elements.count == 1)
  }

  @Test(
    "invalid JSON is refused",
    arguments: [
      "", " ", "{", "[1,", #"{"a"}"#, #"{"a":}"#, #"{"a":1,}"#, "[1,]", "[1 2]", "{1:2}", "tru", "nul", "01", "-", "1.", "1e",
      "+1", #""abc"#,
      "\"a\nb\"", #""\x""#, #""\u12g4""#, "[1}", "{]", "1 2", "<html>", "'a'", "NaN", "[1]]",
    ])
  func refused(text: String) {
    #expect(throws: JSONSlicer.Failure.self) { try Self.slice(text) }
  }
}
