import Core
import Files
import Testing

@testable import Records

@Suite struct SourceFormatTests {
  @Test(arguments: [
    ("a.csv", "csv"), ("A.CSV.GZ", "csv"), ("x/y.z/a.ndjson", "ndjson"), ("a.jsonl", "ndjson"), ("a.json", "json"),
    ("a.json.gz", "json"), ("a", nil), ("a.txt", nil), ("x.csv/a", nil), (".csv", nil), ("a.gz", nil), ("", nil),
    ("a.csv/", "csv"), ("a.tsv", "csv"), ("A.TAB.gz", "csv"),
  ])
  func `a format is recognized by a file's extension`(path: String, name: String?) {
    #expect(SourceFormats.standard.format(ofFile: path)?.name == name)
    #expect(SourceFormat(path: path)?.name == name)
  }

  @Test func `formats are listed as messages show them`() {
    #expect(SourceFormats.standard.listed == "csv, ndjson or json")
    #expect(SourceFormats([.csv]).listed == "csv" && SourceFormats([.csv, .json]).listed == "csv or json")
  }

  @Test func `no two formats share a name or an extension, and all of them can be opened`() throws {
    let all = SourceFormats.standard.all
    #expect(Set(names: all.map(\.name)).count == all.count)
    let extensions = all.flatMap(\.extensions)
    #expect(Set(names: extensions).count == extensions.count && all.allSatisfy { !$0.extensions.isEmpty })
    for format in all {
      #expect(SourceFormats.standard.named(format.name) == format)
      var source = format.open(MemoryInput(Array("{}\n".utf8)), "x", RecordReading())
      #expect(throws: Never.self) { while try source.fill(RecordBatch()) {} }
    }
    #expect(SourceFormats.standard.named("CSV") == nil)
    #expect(SourceFormats.standard.adding(.csv).all.count == all.count)
  }
}
