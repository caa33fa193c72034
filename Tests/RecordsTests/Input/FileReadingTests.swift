import Core
import Testing

@testable import Records

@Suite struct FileReadingTests {
  @Test(arguments: [
    (",", UInt8(ascii: ",")), (";", UInt8(ascii: ";")), ("\t", 9), ("\\t", 9), ("|", UInt8(ascii: "|")), (":", UInt8(ascii: ":")),
    ("^", UInt8(ascii: "^")), ("\u{1F}", 0x1F), ("comma", UInt8(ascii: ",")), ("semicolon", UInt8(ascii: ";")), ("tab", 9),
    ("pipe", UInt8(ascii: "|")),
  ])
  func `a delimiter is a character or a word`(_ text: String, byte: UInt8) {
    #expect(DelimiterText.byte(text) == byte)
    #expect(DelimiterText.byte(DelimiterText.text(byte)) == byte)
  }

  @Test(arguments: ["", ",,", "a", "0", "Z", " ", "\"", "\n", "\r", "\r\n", "\0", "\u{7F}", "§", "tabs", "Tab", ";;", "\\n", "，"])
  func `anything else is not a delimiter`(_ text: String) {
    #expect(DelimiterText.byte(text) == nil)
  }

  @Test(arguments: [
    ("/contacts", ["contacts"]), ("/data/items", ["data", "items"]), ("/a~1b/c~0d", ["a/b", "c~d"]), ("/", [""]),
    ("/0", ["0"]), ("/e\u{301}", ["e\u{301}"]),
  ])
  func `a pointer is a list of names`(_ text: String, steps: [String]) {
    #expect(RecordsPointer(text)?.steps == steps.map { Name($0) })
    #expect(RecordsPointer(text)?.description == text)
  }

  @Test(arguments: [
    ("contacts", "/contacts"), ("#/contacts", "/contacts"), ("$.data.items", "/data/items"), ("data.items", "/data/items"),
    ("", "/contacts"), ("data/items", "/data/items"),
  ])
  func `text that is not a pointer leads to one`(_ text: String, suggestion: String) {
    #expect(RecordsPointer(text) == nil)
    #expect(RecordsPointer.suggestion(for: text) == suggestion)
  }

  @Test(arguments: ["/a~", "/a~2", "/~x/b"])
  func `a wrong escape is not a pointer`(_ text: String) {
    #expect(RecordsPointer(text) == nil)
  }

  static let whole: FileReading = {
    var reading = FileReading()
    reading.delimiter = 9
    reading.skipLines = 3
    reading.quotes = .strict
    reading.encoding = "windows-1252"
    reading.records = RecordsPointer("/a~1b/c")
    return reading
  }()

  @Test func `a manifest keeps every part`() throws {
    let text =
      #"{"delimiter":"tab","skip_lines":3,"quotes":"strict","encoding":"windows-1252","records":"/a~1b/c"}"#
    #expect(Self.whole.json.text == text)
    #expect(FileReading(try JSONReader.read(text)) == Self.whole)
    #expect(FileReading().json == .null)
    #expect(FileReading(.null) == FileReading())
  }

  @Test(arguments: [
    "[]", "1", #"{"delimiter":"ab"}"#, #"{"delimiter":1}"#, #"{"skip_lines":-1}"#, #"{"skip_lines":"1"}"#,
    #"{"quotes":"odd"}"#, #"{"encoding":8}"#, #"{"records":"contacts"}"#, #"{"sheet":"one"}"#,
  ])
  func `what a manifest cannot mean is refused, so that no file is read differently`(_ text: String) throws {
    #expect(FileReading(try JSONReader.read(text)) == nil)
  }

  @Test(arguments: [
    ("delimiter", "csv"), ("skip_lines", "csv"), ("quotes", "csv"), ("encoding", "csv ndjson json"), ("records", "json"),
  ])
  func `a part is for some formats, and refused for others with the way out`(_ name: String, formats: String) throws {
    let part = try #require(FileReading.Part(rawValue: name))
    var reading = FileReading()
    switch part {
    case .delimiter: reading.delimiter = 9
    case .skipLines: reading.skipLines = 1
    case .quotes: reading.quotes = .strict
    case .encoding: reading.encoding = "latin1"
    case .records: reading.records = RecordsPointer("/a")
    }
    #expect(reading.given == [part])
    for format in SourceFormats.standard.all {
      let refusal = Result { try reading.check(for: format) }
      if formats.split(separator: " ").contains(Substring(format.name)) {
        #expect(throws: Never.self) { try refusal.get() }
      } else {
        let failure = #expect(throws: OperationFailure.self) { try refusal.get() }
        #expect(failure?.code == .usage)
        let way = formats.split(separator: " ").map { "--input-format \($0)" }.joined(separator: " or ")
        #expect(failure?.description == "\(part.option) does not apply to \(format.name): remove it, or pass \(way)")
      }
    }
  }
}
