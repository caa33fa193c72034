import Core

/// A file that is not text and not compressed text, known by its first bytes, whatever it is called.
///
/// Only marks that no CSV, NDJSON or JSON file begins with count.
package struct ForeignContent: Sendable, Hashable {
  /// With its article, for sentences: `an Excel workbook (XLSX)`.
  package let name: String
  /// What to do about it, as a command.
  package let remedy: String

  /// The end of a sentence that begins with the file's name.
  var sentence: String { "is \(name): \(remedy)" }

  /// How many first bytes suffice to recognize a kind.
  static let headBytes = 4096
  /// How many first bytes of an archive are searched for what it contains.
  static let archiveBytes = 64 * 1024

  private static let exported = "export its records as CSV in UTF-8, or as JSON"
  private static let downloaded = "download the file again while signed in, and open it in a text editor"
  private static let text = "pass a text file: CSV, NDJSON or JSON"

  /// A kind with its fixed first bytes.
  private struct Mark {
    let bytes: [UInt8]
    let content: ForeignContent

    init(_ bytes: [UInt8], _ name: String, _ remedy: String) {
      self.bytes = bytes
      content = ForeignContent(name: name, remedy: remedy)
    }

    init(_ text: String, _ name: String, _ remedy: String) { self.init(Array(text.utf8), name, remedy) }
  }

  private static let marks = [
    Mark(
      [0xD0, 0xCF, 0x11, 0xE0, 0xA1, 0xB1, 0x1A, 0xE1], "an Excel workbook in the old format (.xls), or another Office file",
      exported),
    Mark("%PDF-", "a PDF document", exported),
    Mark("SQLite format 3\0", "a SQLite database", "export the table: sqlite3 -csv -header FILE 'SELECT * FROM TABLE'"),
    Mark([0x28, 0xB5, 0x2F, 0xFD], "compressed with zstd", "decompress it: zstd -d FILE"),
    Mark("BZh", "compressed with bzip2", "decompress it: bunzip2 FILE"),
    Mark([0xFD, 0x37, 0x7A, 0x58, 0x5A, 0], "compressed with xz", "decompress it: unxz FILE"),
    Mark([0x04, 0x22, 0x4D, 0x18], "compressed with lz4", "decompress it: lz4 -d FILE"),
    Mark([0x1F, 0x9D], "compressed with compress", "decompress it: gzip -d FILE"),
    Mark([0x37, 0x7A, 0xBC, 0xAF, 0x27, 0x1C], "a 7z archive", "extract it, and pass a file in it: 7z x FILE"),
    Mark("Rar!\u{1A}\u{7}", "a RAR archive", "extract it, and pass a file in it: unrar x FILE"),
    Mark([0x78, 0x9C], "compressed with zlib", "decompress it"), Mark([0x78, 0xDA], "compressed with zlib", "decompress it"),
    Mark("PAR1", "a Parquet file", "convert it to CSV or JSON, for example with DuckDB"),
    Mark("ARROW1\0\0", "an Arrow file", "convert it to CSV or JSON"),
    Mark("Obj\u{1}", "an Avro file", "convert it to JSON: avro cat FILE"),
    Mark([0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A], "an image (PNG)", text),
    Mark([0xFF, 0xD8, 0xFF], "an image (JPEG)", text),
    Mark("GIF87a", "an image (GIF)", text), Mark("GIF89a", "an image (GIF)", text),
    Mark("II*\0", "an image (TIFF)", text), Mark("MM\0*", "an image (TIFF)", text),
    Mark([0, 1, 0, 0] + Array("Standard ".utf8), "a Microsoft Access database", exported),
    Mark([0x7F] + Array("ELF".utf8), "a program", text),
    Mark("{\\rtf", "an RTF document", exported),
    Mark("BEGIN:VCARD", "a vCard file", exported), Mark("BEGIN:VCALENDAR", "a calendar file (iCalendar)", exported),
    Mark("INSERT INTO ", "an SQL script", exported), Mark("-- MySQL dump", "an SQL script", exported),
    Mark("-----BEGIN PGP MESSAGE-----", "encrypted with PGP", "decrypt it: gpg -d FILE"),
    Mark("version https://git-lfs.github.com/spec/", "a Git LFS pointer, not the file itself", "fetch the file: git lfs pull"),
  ]

  /// Nil if the first bytes do not show that it is one.
  ///
  /// - Parameter head: at least `headBytes`, if there are as many.
  static func of(_ head: [UInt8]) -> ForeignContent? {
    if let mark = marks.first(where: { head.starts(with: $0.bytes) }) {
      switch mark.bytes {
      // Letters that a text may begin with: what follows them must be binary.
      case Array("BZh".utf8): return isBzip2(head) ? mark.content : nil
      case Array("PAR1".utf8): return head.count > 4 && isControl(head[4]) ? mark.content : nil
      default: return mark.content
      }
    }
    if isTar(head) { return ForeignContent(name: "a tar archive", remedy: "extract it, and pass a file in it: tar -xf FILE") }
    return markup(head)
  }

  /// Binary data has many kinds of control characters, and a NUL or invalid UTF-8. Nil if `head`, the first bytes in UTF-8, may be
  /// text.
  static func binary(_ head: [UInt8]) -> ForeignContent? {
    if head.count >= 16, head.allSatisfy({ $0 == 0 }) {
      return ForeignContent(
        name: "blank: its first bytes are zeros, as in a damaged copy", remedy: "fetch or export the file again")
    }
    let controls = head.filter { isControl($0) || $0 == 0x7F }
    guard controls.count * 20 >= head.count, Set(controls).count >= 8 else { return nil }
    // The last character may be incomplete.
    let whole = head.dropLast(3)
    guard controls.contains(0) || InvalidUTF8.firstInvalid(whole.span) != nil else { return nil }
    return ForeignContent(name: "binary data", remedy: text)
  }

  /// Whether it begins as a ZIP archive does: what is in it decides what it is.
  static func isArchive(_ head: [UInt8]) -> Bool {
    [[3, 4], [5, 6], [7, 8]].contains { head.starts(with: Array("PK".utf8) + $0) }
  }

  /// A ZIP archive, by the names of its first files.
  static func archive(_ head: [UInt8]) -> ForeignContent {
    func names(_ parts: String...) -> Bool { parts.contains { contains(head, Array($0.utf8)) } }
    if names("xl/workbook", "xl/worksheets", "xl/sharedStrings", "xl/styles", "xl/_rels", "xl/theme") {
      return ForeignContent(name: "an Excel workbook (XLSX)", remedy: "save the sheet as \"CSV UTF-8\", and pass that file")
    }
    if names("application/vnd.oasis.opendocument.spreadsheet") {
      return ForeignContent(
        name: "an OpenDocument spreadsheet (ODS)", remedy: "save the sheet as CSV in UTF-8, and pass that file")
    }
    if names("word/document", "application/vnd.oasis.opendocument.text") {
      return ForeignContent(name: "a text document", remedy: exported)
    }
    if names("Index/Document.iwa", "Index/Metadata.iwa") {
      return ForeignContent(name: "an Apple Numbers or Pages document", remedy: "export the table as CSV in UTF-8")
    }
    return ForeignContent(name: "a ZIP archive", remedy: "extract it, and pass a file in it: unzip FILE")
  }

  /// The two marks of a bzip2 stream: of a block, and of the end of an empty file.
  private static func isBzip2(_ head: [UInt8]) -> Bool {
    let rest = Array(head.dropFirst(4).prefix(6))
    return rest == [0x31, 0x41, 0x59, 0x26, 0x53, 0x59] || rest == [0x17, 0x72, 0x45, 0x38, 0x50, 0x90]
  }

  /// `ustar` is followed by a zero byte (POSIX) or a space (GNU); otherwise it may be part of a word such as "mustard".
  private static func isTar(_ head: [UInt8]) -> Bool {
    head.count > 262 && Array(head[257..<262]) == Array("ustar".utf8) && [0, 0x20].contains(head[262])
  }

  private static func isControl(_ byte: UInt8) -> Bool { byte < 0x20 && ![0x09, 0x0A, 0x0D].contains(byte) }

  private static func contains(_ bytes: [UInt8], _ part: [UInt8]) -> Bool {
    guard let first = part.first else { return true }
    var at = bytes.startIndex
    while let found = bytes[at...].firstIndex(of: first) {
      if bytes[found...].starts(with: part) { return true }
      at = found + 1
    }
    return false
  }

  // MARK: Markup

  private static let elements: Set<String> = [
    "!doctype", "html", "head", "body", "title", "meta", "script", "style", "link", "table", "div", "!--",
  ]

  /// HTML or XML, after white space and a byte order mark.
  private static func markup(_ head: [UInt8]) -> ForeignContent? {
    var rest = head[...]
    if rest.starts(with: [0xEF, 0xBB, 0xBF]) { rest = rest.dropFirst(3) }
    rest = rest.drop { $0 <= 0x20 }
    guard rest.first == UInt8(ascii: "<") else { return nil }
    let start = String(decoding: rest.dropFirst().prefix(64), as: UTF8.self).lowercased()
    let page = ForeignContent(name: "an HTML page, such as a login or error page", remedy: downloaded)
    if start.hasPrefix("?xml") {
      let text = String(decoding: rest.prefix(1024), as: UTF8.self).lowercased()
      return text.contains("<html") ? page : ForeignContent(name: "an XML document", remedy: exported)
    }
    if start.hasPrefix("!--") { return page }
    let element = start.prefix { $0.isLetter || $0.isNumber || "_-.:".contains($0) }
    let isElement =
      start.first?.isLetter == true && start.dropFirst(element.count).first.map { $0 == ">" || $0.isWhitespace } == true
    let body = String(decoding: rest.prefix(1024), as: UTF8.self)
    if isElement, !elements.contains(String(element)), body.contains("</") || body.contains("/>") {
      return ForeignContent(name: "an XML document", remedy: exported)
    }
    let name = String(start.prefix { $0 == "!" || ("a"..."z").contains($0) })
    let next = start.dropFirst(name.count).first
    return elements.contains(name) && (next.map { $0 == ">" || $0 == "/" || $0.isWhitespace } ?? true) ? page : nil
  }
}
