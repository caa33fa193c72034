import Core
import Files
import Records
import Report
import Testing

@testable import Schema

/// Whole inputs against a schema.
struct ValidationRunnerTests {
  private func run(
    _ schema: String, _ source: any RecordSource, threads: Int = 1
  ) async throws -> (counts: BatchValidator.Counts, lines: [String]) {
    var source = source
    var lines: [String] = []
    let counts = try await ValidationRunner(try validator(schema), threads: threads).run(&source) { worker in
      var batch = LedgerBatch()
      for line in worker.findings.flatMap({ $0.lines(file: "in.ndjson") }) { batch.append(line) }
      lines += batch.text.string.split(separator: "\n").map(String.init)
    }
    #expect(counts.unaccounted == 0)
    return (counts, lines)
  }

  @Test func anyJSONValueIsARecordOfNDJSON() async throws {
    let text = "1\n\"x\"\n\n[1]\n{\"a\": 1}\nnull\n{\"a\":\n\u{FEFF}true\n"
    let result = try await run(#"{"type": ["integer", "object"]}"#, NDJSONSource(MemoryInput(Array(text.utf8))))
    #expect(result.counts.read == 7)
    #expect(result.counts.valid == 2)
    // The byte order mark in the middle of the file is removed.
    #expect(result.counts.codes == [.schemaType: 4, .invalidJSON: 1])
    #expect(
      result.lines.first
        == ##"{"stage":"validate","severity":"error","code":"schema-type","instance":"","schema":"#/type","message":"must be integer or object","at":{"file":"in.ndjson","line":2}}"##
    )
    #expect(result.lines.contains { $0.contains(#""code":"invalid-json""#) && $0.contains(#""line":7,"byte":6"#) })
  }

  @Test func aLedgerLineNamesInstanceFieldAndSchema() async throws {
    let schema = ##"{"required": ["id"], "properties": {"a": {"items": {"maxLength": 1}}}}"##
    let result = try await run(schema, NDJSONSource(MemoryInput(Array(#"{"a": ["x", "yy"]}"#.utf8))))
    #expect(
      result.lines == [
        ##"{"stage":"validate","severity":"error","code":"schema-required","field":"id","instance":"","schema":"#/required","message":"must have the member 'id'","at":{"file":"in.ndjson","line":1}}"##,
        ##"{"stage":"validate","severity":"error","code":"schema-maxLength","field":"a.1","instance":"/a/1","schema":"#/properties/a/items/maxLength","message":"must have at most 1 character","at":{"file":"in.ndjson","line":1}}"##,
      ])
  }

  @Test func `An escape for a control character is a warning, once per record`() async throws {
    let text = #"{"a": "\u0007\b"}"# + "\n" + #"{"a": "\n\u00a0"}"# + "\n" + #"[1, "\u0000"]"# + "\n" + #"{"a": "\u0001"#
    let result = try await run(#"{"type": "object"}"#, NDJSONSource(MemoryInput(Array(text.utf8))))
    #expect(result.counts.valid == 2)
    #expect(result.counts.warnings == [.controlCharacter: 2])
    #expect(result.lines[0].contains(#""severity":"warning","code":"control-character""#), "\(result.lines)")
    #expect(result.lines[0].contains("a text contains the control character U+0007"))
  }

  @Test(arguments: [
    ("[1,\n 2,\n  x]", "\"line\":3,\"byte\":3"), ("  [1, x]", "\"line\":1,\"byte\":7"),
    ("{\n\"a\": \"\\q\"}", "\"line\":2,\"byte\":7"),
    ("[\n", "\"line\":2,\"byte\":1"),
  ])
  func aFaultInADocumentIsFoundInItsLine(_ text: String, _ place: String) async throws {
    let result = try await run("true", DocumentSource(MemoryInput(Array(text.utf8))))
    #expect(result.lines.count == 1 && result.lines[0].contains(place), "\(result.lines)")
  }

  @Test func aFaultInAnElementIsFoundWhereItsLineIsKnown() async throws {
    let text = "[{\"a\": 1}, {\"a\": tru}, {\n\"a\": fals}]"
    let result = try await run("true", JSONSource(MemoryInput(Array(text.utf8))))
    #expect(result.lines.map { $0.hasSuffix(#""at":{"file":"in.ndjson","line":1}}"#) } == [true, false])
    #expect(result.lines.last?.hasSuffix(#""at":{"file":"in.ndjson","line":2,"byte":6}}"#) == true)
  }

  @Test(arguments: ["[1, 2]", " {\"a\":\n 1}\n", "\u{FEFF}3"])
  func aJSONDocumentIsOneRecord(_ text: String) async throws {
    let result = try await run("true", DocumentSource(MemoryInput(Array(text.utf8), pieceSize: 2)))
    #expect(result.counts.read == 1 && result.counts.valid == 1)
    let invalid = try await run("false", DocumentSource(MemoryInput(Array(text.utf8))))
    #expect(invalid.counts.codes == [.schemaFalse: 1])
  }

  @Test func aDocumentThatIsNoOneValueIsAFault() async throws {
    for text in ["", "1 2", "[1", "{\"a\":1,\"a\":2}"] {
      let result = try await run("true", DocumentSource(MemoryInput(Array(text.utf8))))
      #expect(result.counts.read == 1 && result.counts.invalid == 1, "\(text)")
    }
    let large = try await run("true", DocumentSource(MemoryInput(Array("[1,2,3,4]".utf8)), maximumRecord: 4))
    #expect(large.counts.codes == [.recordTooLarge: 1])
  }

  @Test func rowsOfACSVFileAreObjectsOfTexts() async throws {
    let text = "id,n\n1,2\n,x\n1,2,3\n"
    let schema = #"{"properties": {"id": {"type": "string"}, "n": {"pattern": "^\\d+$"}}}"#
    let result = try await run(schema, CSVSource(MemoryInput(Array(text.utf8)), path: "in.csv"))
    #expect(result.counts.read == 3)
    #expect(result.counts.codes == [.schemaType: 1, .schemaPattern: 1, .raggedRow: 1])
  }

  @Test func theResultIsTheSameForAnyNumberOfThreads() async throws {
    let text = (0..<3000).map { #"{"n": \#($0 % 7)}"# }.joined(separator: "\n")
    let schema = #"{"properties": {"n": {"maximum": 4}}}"#
    let one = try await run(schema, NDJSONSource(MemoryInput(Array(text.utf8)), batchSize: 512))
    let four = try await run(schema, NDJSONSource(MemoryInput(Array(text.utf8)), batchSize: 512), threads: 4)
    #expect(one.lines == four.lines)
    #expect(one.counts == four.counts)
    #expect(one.counts.invalid == 856)
  }
}
