import Core
import Files
import Testing

@testable import Records

/// Files that are not text, under the name of a data file.
@Suite struct ForeignContentTests {
  static func zip(_ names: String...) -> [UInt8] {
    var bytes: [UInt8] = []
    for name in names {
      bytes += Array("PK\u{3}\u{4}".utf8)
      bytes += [UInt8](repeating: 0, count: 22)
      bytes += Array(name.utf8)
      bytes += [0x78, 0x9C, 0xFF]
    }
    return bytes
  }

  static let tar = Array("contacts.csv".utf8) + [UInt8](repeating: 0, count: 245) + Array("ustar\0".utf8)

  static let kinds: [(bytes: [UInt8], what: String)] = [
    (
      zip("[Content_Types].xml", "_rels/.rels", "xl/workbook.xml"), "is an Excel workbook (XLSX): save the sheet as \"CSV UTF-8\""
    ),
    (
      zip("mimetypeapplication/vnd.oasis.opendocument.spreadsheet"), "is an OpenDocument spreadsheet (ODS): save the sheet as CSV"
    ),
    (zip("word/document.xml"), "is a text document: export its records"), (zip("contacts.csv"), "is a ZIP archive: extract it"),
    (Array("PK\u{5}\u{6}".utf8) + [UInt8](repeating: 0, count: 18), "is a ZIP archive: extract it"),
    (zip("Index/Document.iwa"), "is an Apple Numbers or Pages document: export"),
    (
      [0xD0, 0xCF, 0x11, 0xE0, 0xA1, 0xB1, 0x1A, 0xE1, 0, 0],
      "is an Excel workbook in the old format (.xls), or another Office file: export"
    ),
    (Array("%PDF-1.7\n".utf8), "is a PDF document: export"),
    (Array("SQLite format 3\0".utf8), "is a SQLite database: export the table"),
    ([0x28, 0xB5, 0x2F, 0xFD, 4], "is compressed with zstd: decompress it: zstd -d FILE"),
    (Array("BZh9".utf8) + [0x31, 0x41, 0x59, 0x26, 0x53, 0x59], "is compressed with bzip2: decompress it: bunzip2 FILE"),
    (Array("BZh9".utf8) + [0x17, 0x72, 0x45, 0x38, 0x50, 0x90], "is compressed with bzip2: decompress it: bunzip2 FILE"),
    ([0xFD, 0x37, 0x7A, 0x58, 0x5A, 0], "is compressed with xz: decompress it: unxz FILE"),
    ([0x04, 0x22, 0x4D, 0x18], "is compressed with lz4"), ([0x1F, 0x9D, 0x90], "is compressed with compress"),
    ([0x37, 0x7A, 0xBC, 0xAF, 0x27, 0x1C], "is a 7z archive"), (Array("Rar!\u{1A}\u{7}".utf8), "is a RAR archive"),
    (tar, "is a tar archive: extract it, and pass a file in it: tar -xf FILE"),
    (Array("PAR1\u{15}".utf8), "is a Parquet file"), (Array("ARROW1\0\0".utf8), "is an Arrow file"),
    (Array("Obj\u{1}".utf8), "is an Avro file"),
    ([0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A], "is an image (PNG)"), ([0xFF, 0xD8, 0xFF, 0xE0], "is an image (JPEG)"),
    (Array("GIF89a".utf8), "is an image (GIF)"), (Array("II*\0".utf8), "is an image (TIFF)"),
    ([0, 1, 0, 0] + Array("Standard Jet DB".utf8), "is a Microsoft Access database"),
    ([0x7F] + Array("ELF".utf8), "is a program"),
    (Array("{\\rtf1\\ansi".utf8), "is an RTF document"), (Array("-----BEGIN PGP MESSAGE-----\n".utf8), "is encrypted with PGP"),
    (Array("version https://git-lfs.github.com/spec/v1\n".utf8), "is a Git LFS pointer, not the file itself: fetch the file"),
    (Array("<!DOCTYPE html>\n<html>".utf8), "is an HTML page, such as a login or error page: download the file again"),
    (Array("\u{FEFF}\r\n <HTML lang=en>".utf8), "is an HTML page"), (Array("<!-- saved from -->".utf8), "is an HTML page"),
    (Array("<table border=1>".utf8), "is an HTML page"), (Array("<head>".utf8), "is an HTML page"),
    (Array("<?xml version=\"1.0\"?>\n<!DOCTYPE html>\n<html>".utf8), "is an HTML page"),
    (Array("<?xml version=\"1.0\"?>\n<Workbook>".utf8), "is an XML document: export its records"),
    (Array("<contacts><contact id=\"1\"/></contacts>".utf8), "is an XML document: export its records"),
    (Array("BEGIN:VCARD\nVERSION:3.0".utf8), "is a vCard file"), (Array("-- MySQL dump 10.13".utf8), "is an SQL script"),
    ([0x78, 0x9C, 1, 2], "is compressed with zlib: decompress it"),
  ]

  @Test(arguments: kinds) func `a file that is not text is named, with what to do`(_ kind: (bytes: [UInt8], what: String)) {
    for piece in [1, Int.max] {
      let failure = #expect(throws: OperationFailure.self) { try TextContentTests.text(kind.bytes, piece: piece) }
      #expect(failure?.description.hasPrefix("x.csv " + kind.what) == true, "\(failure?.description ?? "")")
      #expect(failure?.exitCode == .wrongFile)
    }
  }

  @Test(
    arguments: [
      ([UInt8](repeating: 0, count: 5000), "is blank: its first bytes are zeros"),
      ((0..<3000).map { UInt8(truncatingIfNeeded: $0 * 7919 + $0 * $0 * 31) }, "is binary data: pass a text file"),
      (Array("ORC".utf8) + (0..<100), "is binary data"), (Array("bplist00".utf8) + (0..<60), "is binary data"),
      ([0x80, 0x04, 0x95] + (0..<200), "is binary data"),
    ] as [([UInt8], String)])
  func `data that is not text is refused, whatever it is`(_ bytes: [UInt8], _ what: String) {
    let failure = #expect(throws: OperationFailure.self) { try TextContentTests.text(bytes) }
    #expect(failure?.description.hasPrefix("x.csv " + what) == true, "\(failure?.description ?? "")")
  }

  @Test(
    arguments: [
      "id\u{1F}name\u{1E}1\u{1F}Ann\u{1E}", "id,name\n1,\u{1}\u{2}\u{3}\u{4}\u{5}\u{6}\u{7}\u{8}\u{E}\n",
      "id,name\n1,\0\0\0\0\0\0\n", "\0",
    ])
  func `text with control characters is text`(_ text: String) throws {
    #expect(try TextContentTests.text(Array(text.utf8)) == Array(text.utf8))
  }
}
