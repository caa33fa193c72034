import Core
import Files
import Testing

@testable import Records

/// From bytes to text: what is recognized, converted and refused.
@Suite struct TextContentTests {
  /// Encodes a text in a form of Unicode.
  static func bytes(_ text: String, _ form: UnicodeForm, mark: Bool = false) -> [UInt8] {
    func split(_ value: UInt32, _ count: Int, little: Bool) -> [UInt8] {
      let bytes = (0..<count).map { UInt8(truncatingIfNeeded: value >> UInt32(8 * $0)) }
      return little ? bytes : bytes.reversed()
    }
    let content: [UInt8] =
      switch form {
      case .utf8: Array(text.utf8)
      case .utf16LE: text.utf16.flatMap { split(UInt32($0), 2, little: true) }
      case .utf16BE: text.utf16.flatMap { split(UInt32($0), 2, little: false) }
      case .utf32LE: text.unicodeScalars.flatMap { split($0.value, 4, little: true) }
      case .utf32BE: text.unicodeScalars.flatMap { split($0.value, 4, little: false) }
      }
    return (mark ? form.mark : []) + content
  }

  /// The text of bytes that arrive in pieces, and are asked for in pieces.
  static func text(_ bytes: [UInt8], encoding: String? = nil, piece: Int = .max, asked: Int = 4096) throws -> [UInt8] {
    let content = try TextContent.decompressed(MemoryInput(bytes, pieceSize: piece), "x.csv")
    var input = try TextContent.text(content, "x.csv", encoding: encoding)
    return try whole(&input, asked: asked)
  }

  static func whole(_ input: inout any ByteInput, asked: Int = 4096) throws -> [UInt8] {
    let buffer = UnsafeMutablePointer<UInt8>.allocate(capacity: asked)
    defer { buffer.deallocate() }
    var found: [UInt8] = []
    while true {
      let count = try input.read(into: buffer, count: asked)
      guard count > 0 else { return found }
      found += UnsafeBufferPointer(start: buffer, count: count)
    }
  }

  static let texts = [
    "id,name\r\n1,Zoë\n2,\"Ω, 😀\"\n", #"{"id":"é","x":[1,2]}"#, "[]", "имя;город\nАда;Лондон\n",
    "id\n" + String(repeating: "ä€😀,", count: 30_000),
  ]

  @Test(arguments: UnicodeForm.allCases, [true, false])
  func `every form of Unicode is recognized, with and without a byte order mark, whatever the pieces`(
    _ form: UnicodeForm, mark: Bool
  ) throws {
    for text in Self.texts {
      let expected = Array((mark ? "\u{FEFF}" : "") + text).map(String.init).joined().utf8
      let bytes = Self.bytes(text, form, mark: mark)
      for (piece, asked) in [(Int.max, 4096), (1, 7), (3, 1), (4097, 65_536)] where bytes.count < 1_000 || piece > 1_000 {
        #expect(
          try Self.text(bytes, piece: piece, asked: asked).elementsEqual(expected), "\(text.prefix(20)) in pieces of \(piece)")
      }
    }
  }

  @Test(arguments: [
    "", "a", "ab", "id\n", "1\n2\n3\n", "\u{FEFF}", "id,n\0me\n1,2\n", "a\0b", "\0", "\0\0\0\0", "a\0\0\0\0\0\0\0b\n",
    "\u{1}\0\u{2}\0\u{3}\0", "PK is a name\n", "BZh9,x\n", "PAR1,x\n", "SQLite format 3,x\n", "ID3,x\n", "<id>,x\n",
    "<html-id>,x\n",
    "II*,x\n", "{\"rtf\":1}", "%PDF,x\n",
  ])
  func `text in UTF-8 stays as it is, also with zero bytes and with names like the marks of other files`(_ text: String) throws {
    #expect(try Self.text(Array(text.utf8)) == Array(text.utf8))
  }

  @Test(arguments: [
    "id,a\n1,\0\n2,\0\0\n", "a\0\nb\n", "id,f\r\n" + (100..<1_000).map { "\($0),\0\n" }.joined(),
    "id,flag\r\n" + (0..<900).map { "\($0),\0\n" }.joined(), (100..<1_000).map { "\($0)\0\n" }.joined(),
  ])
  func `zero bytes in values do not make UTF-8 text look like another form`(_ text: String) throws {
    #expect(try Self.text(Array(text.utf8)) == Array(text.utf8))
  }

  @Test(arguments: [UnicodeForm.utf16LE, .utf16BE, .utf32LE, .utf32BE], ["\u{FFFE}", "\u{1}\u{2}\u{3}", "\0\0\0\0", "名\u{B}"])
  func `a plain header determines the form, whatever the rows contain`(_ form: UnicodeForm, _ cell: String) throws {
    let text = "id,Straße\r\n1,\(cell)\r\n"
    #expect(try Self.text(Self.bytes(text, form)) == Array(text.utf8))
  }

  @Test(arguments: [2, 3, 9]) func `of several byte order marks one is left`(_ count: Int) throws {
    let marks = [UInt8](repeating: 0, count: count).flatMap { _ in UnicodeForm.utf8.mark }
    #expect(try Self.text(marks + Array("id\n".utf8)) == UnicodeForm.utf8.mark + Array("id\n".utf8))
    let wide = Self.bytes(String(repeating: "\u{FEFF}", count: count) + "id\n", .utf16LE)
    #expect(try Self.text(wide) == UnicodeForm.utf8.mark + Array("id\n".utf8))
  }

  @Test(arguments: [
    ("windows-1252", [UInt8]([0x5A, 0x6F, 0xEB, 0x80]), "Zoë€"), ("CP1252", [0x93, 0x94], "“”"),
    ("latin1", [0xE9, 0x80], "é\u{80}"),
    ("iso-8859-15", [0xA4], "€"), ("windows-1251", [0xC0, 0xE4, 0xE0], "Ада"), ("macintosh", [0x8E], "é"),
    ("shift_jis", [0x83, 0x65, 0x83, 0x58], "テス"), ("gb18030", [0xC4, 0xE3], "你"), ("koi8-r", [0xE1], "А"),
    ("iso-2022-jp", [0x1B, 0x24, 0x42, 0x25, 0x46, 0x1B, 0x28, 0x42], "テ"), ("cp437", [0x82], "é"),
    ("utf-7", Array("+AOk-".utf8), "é"), ("utf8", Array("é".utf8), "é"), ("utf-16le", [0x61, 0], "a"),
    ("UTF-16", [0, 0x61, 0, 0x62], "ab"),
    ("utf-32", [0x61, 0, 0, 0], "a"), ("windows-1255", [0xE0, 0xC8], "\u{5D0}\u{5B8}"),
  ])
  func `a declared encoding is converted, whatever the pieces`(_ name: String, _ bytes: [UInt8], _ text: String) throws {
    for piece in [1, 2, 3, Int.max] {
      let found = try Self.text(bytes, encoding: name, piece: piece, asked: 3)
      // Some encodings have composed characters only.
      #expect(String(decoding: found, as: UTF8.self) == text, "in pieces of \(piece)")
    }
  }

  @Test func `characters across the borders of pieces are whole, in long files too`() throws {
    let text = String(repeating: "テスト,é;\n", count: 20_000)
    let bytes = Self.bytes(text, .utf16BE)
    #expect(try Self.text(bytes, encoding: "utf-16be", piece: 4_099, asked: 70_000) == Array(text.utf8))
  }

  @Test(arguments: [
    (
      "windows-1252", [UInt8](Array("id\nab".utf8) + [0x81]),
      "x.csv is not valid windows-1252 (byte 0x81 on line 2, at byte 6 of the file)"
    ),
    (
      "us-ascii", Array("a\n\nb".utf8) + [0xE9, 0x0A], "x.csv is not valid us-ascii (byte 0xE9 on line 3, at byte 5 of the file)"
    ),
    ("shift_jis", [0x83], "x.csv ends in the middle of a character of shift_jis, after byte 0"),
    ("utf-16le", [0x61, 0, 0x62], "x.csv ends in the middle of a character of UTF-16LE, after byte 2"),
    ("utf-16le", [0x61, 0, 0, 0xD8, 0x61, 0], "x.csv is not valid UTF-16LE (byte 0x00 on line 1, at byte 3 of the file)"),
    ("utf-32le", [0x61, 0, 0, 0, 0, 0, 0x11, 0], "x.csv is not valid UTF-32LE (byte 0x00 on line 1, at byte 5 of the file)"),
    ("latin-1", [0x61], "cannot read x.csv: the encoding 'latin-1' is not a known encoding: did you mean 'latin1'?"),
    ("utf-16", [0x61], "x.csv has no byte order mark, so utf-16 does not determine its byte order: write utf-16le or utf-16be"),
    ("utf-8", [0xFF, 0xFE, 0x61, 0], "x.csv begins with the byte order mark of UTF-16LE, but its encoding is declared as utf-8"),
    (
      "utf-16be", [0xFF, 0xFE, 0x61, 0],
      "x.csv begins with the byte order mark of UTF-16LE, but its encoding is declared as utf-16be"
    ),
    (
      "windows-1252", [0xEF, 0xBB, 0xBF, 0x61],
      "x.csv begins with the byte order mark of UTF-8, but its encoding is declared as windows-1252"
    ),
  ])
  func `what is not valid in the encoding is refused with its place`(_ name: String, _ bytes: [UInt8], _ message: String) {
    for piece in [1, Int.max] {
      let failure = #expect(throws: OperationFailure.self) { try Self.text(bytes, encoding: name, piece: piece) }
      #expect(failure?.description.hasPrefix(message) == true, "\(failure?.description ?? "")")
    }
  }

  @Test func `what comes before an invalid character is handed out first`() throws {
    var input = try TextContent.text(MemoryInput(Array("id\nab\n".utf8) + [0x81, 0x61]), "x.csv", encoding: "windows-1252")
    let buffer = UnsafeMutablePointer<UInt8>.allocate(capacity: 100)
    defer { buffer.deallocate() }
    #expect(try input.read(into: buffer, count: 100) == 6)
    for _ in 0..<2 { #expect(throws: OperationFailure.self) { try input.read(into: buffer, count: 100) } }
  }

  @Test func `gzip is read as often as it was applied, up to a limit`() throws {
    var bytes = Array("id\n1\n".utf8)
    for _ in 0..<4 {
      bytes = GzipInputTests.member(bytes)
      #expect(try Self.text(bytes, piece: 5) == Array("id\n1\n".utf8))
    }
    let failure = #expect(throws: OperationFailure.self) { try Self.text(GzipInputTests.member(bytes)) }
    #expect(failure?.description == "x.csv is compressed with gzip more than 4 times: decompress it")
  }

  @Test func `compressed text may have any encoding, and what is compressed must be text`() throws {
    let wide = GzipInputTests.member(Self.bytes("id,é\n", .utf16LE, mark: true))
    #expect(try Self.text(wide) == UnicodeForm.utf8.mark + Array("id,é\n".utf8))
    let failure = #expect(throws: OperationFailure.self) { try Self.text(GzipInputTests.member(Array("%PDF-1.7\n".utf8))) }
    #expect(failure?.description.hasPrefix("x.csv is a PDF document: ") == true)
  }

  @Test(arguments: [
    (Array("id\n".utf8), nil as String?, true), (UnicodeForm.utf8.mark + Array("id\n".utf8), nil, true), ([], nil, true),
    (Array("id\n".utf8), "utf8", true), (Array("id\n".utf8), "latin1", false),
    (UnicodeForm.utf8.mark + UnicodeForm.utf8.mark + Array("id\n".utf8), nil, false), ([0x61, 0, 0x62, 0], nil, false),
    ([0x1F, 0x8B, 8], nil, false),
  ])
  func `a file is plain if its text is what it contains`(_ bytes: [UInt8], _ encoding: String?, isPlain: Bool) {
    #expect(TextContent.isPlain(MemoryInput(bytes), encoding: encoding) == isPlain)
  }

  // MARK: Encodings

  @Test(arguments: ["cp1252", "windows-1252", "Latin1", "iso-8859-1", "utf8", "UTF-8", "utf-16", "cp932", "ascii", "437"])
  func `a name that iconv knows is an encoding`(_ name: String) {
    #expect(TextEncoding(name)?.name == name)
  }

  @Test(arguments: [
    ("ansi", "is not a known encoding: did you mean 'windows-1252'?"),
    ("Win-1252", "is not a known encoding: did you mean 'windows-1252'?"),
    ("windows1250", "is not a known encoding: did you mean 'windows-1250'?"),
    ("1252", "is not a known encoding: did you mean 'windows-1252'?"),
    ("latin-1", "is not a known encoding: did you mean 'latin1'?"),
    ("utf-8-sig", "is not a known encoding: did you mean 'utf-8'?"),
    ("UTF-16-LE", "is not a known encoding: did you mean 'utf-16le'?"),
    ("mac-roman", "is not a known encoding: did you mean 'macintosh'?"),
    ("iso-8859-99", "is not a known encoding: "), ("windwos-1252", "is not a known encoding: did you mean 'windows-1252'?"),
    ("latin1//IGNORE", "is not the name of an encoding"), ("//TRANSLIT", "is not the name of an encoding"),
    ("", "is not the name of an encoding"), ("latin1,utf-8", "is not the name of an encoding"),
    ("é", "is not the name of an encoding"),
  ])
  func `any other name is refused with what was probably meant`(_ name: String, _ message: String) {
    #expect(TextEncoding(name) == nil)
    #expect(TextEncoding.refusal(of: name).hasPrefix(message), "\(TextEncoding.refusal(of: name))")
  }
}
