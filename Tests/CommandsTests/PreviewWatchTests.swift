import Core
import Foundation
import Pipeline
import TestSupport
import Testing

@testable import Commands
@testable import Workbench

@Suite("preview --watch", .ends(withinMinutes: 5))
struct PreviewWatchTests {
  /// Watches the mapping of `TransformCommandTests`; `saves` are written one after another, each once a result is shown.
  private static func watch(_ saves: [String], isJSON: Bool = false) async throws -> (output: String, error: String) {
    try await TransformCommandTests.withFiles { folder in
      let captured = Captured()
      let mapping = folder + "/people.yaml"
      let options = PreviewSession.Options(.init(mapping: mapping, input: folder + "/people.ndjson"))
      let (shown, continuation) = AsyncStream<Int>.makeStream()
      let code = try await withThrowingTaskGroup(of: Core.ExitCode.self) { group in
        group.addTask {
          let watch = PreviewWatch(
            session: options, page: PreviewPage(mapping: "people.yaml"), isJSON: isJSON, console: captured.console(),
            onShown: { continuation.yield($0) })
          return try await watch.run()
        }
        for await number in shown {
          guard number <= saves.count else { break }
          try saves[number - 1].write(toFile: mapping, atomically: number % 2 == 0, encoding: .utf8)
        }
        group.cancelAll()
        return try await group.next()
      }
      #expect(code == .done)
      return (captured.output, captured.error)
    }
  }

  private static let lower = TransformCommandTests.mapping.replacingOccurrences(of: "[trim]", with: "[trim, lower]")
  private static let broken = TransformCommandTests.mapping.replacingOccurrences(of: "firstName", with: "firstNam")

  @Test func `Each save gives a result, one after another without a terminal`() async throws {
    let ended = try await Self.watch([Self.lower, Self.broken, Self.lower])
    let results = ended.output.split(separator: "== ").map(String.init).filter { !$0.isEmpty && $0 != "\n" }
    try #require(results.count == 4, "\(ended.output)")
    #expect(results[0].hasPrefix("1: 4 records, 2 written, 2 rejected, 1 warning\n"), "\(results[0])")
    #expect(results[1].hasPrefix("2: 4 records, 2 written, 2 rejected, 1 warning, 2 changed\n"), "\(results[1])")
    #expect(results[1].contains("\"Ada\""), "what it was is shown")
    #expect(results[2].contains("showing the last result"))
    #expect(ended.error.contains("unknown-source-field"))
    #expect(results[3].contains("no target changed"))
  }

  @Test func `As JSON each result is a line`() async throws {
    let ended = try await Self.watch([Self.broken], isJSON: true)
    let lines = try ended.output.split(separator: "\n").map { try JSONReader.read(String($0)) }
    #expect(lines.map { $0["result"] } == [.number(1), .number(2)])
    #expect(lines.map { $0["compiled"] } == [.bool(true), .bool(false)])
    #expect(lines[1]["diagnostics"]?.arrayValue?.first?["code"]?.stringValue == "unknown-source-field")
    #expect(lines[1]["records"] == lines[0]["records"])
  }

  @Test func `A page is never wider or longer than the terminal`() async throws {
    try await TransformCommandTests.withFiles { folder in
      var options = PreviewSession.Options(.init(mapping: folder + "/people.yaml", input: folder + "/people.ndjson"))
      options.limit = 20
      let session = PreviewSession(options)
      _ = await session.refresh()
      let page = PreviewPage(mapping: "people.yaml")
      for text in [Self.lower, Self.broken] {
        try text.write(toFile: folder + "/people.yaml", atomically: true, encoding: .utf8)
        let result = await session.refresh()
        for (columns, rows) in [(80, 24), (40, 10), (10, 3), (1, 1), (200, 100)] {
          let lines = page.lines(of: result, columns: columns, rows: rows)
          #expect(lines.count <= rows)
          #expect(lines.allSatisfy { CellWidth.of($0) <= columns })
        }
        let whole = page.lines(of: result, columns: 200, rows: 100).joined(separator: "\n")
        #expect(whole.contains("phone-invalid 1"))
        #expect(whole.contains("c1  line 1  written"))
        if result.failure != nil {
          let diagnostic = try #require(whole.range(of: "unknown-source-field"))
          let record = try #require(whole.range(of: "c1  line 1"))
          #expect(diagnostic.lowerBound < record.lowerBound)
          #expect(whole.contains("The last result:"))
        }
        let coloured = PreviewPage(mapping: "people.yaml", hasColour: true).lines(of: result, columns: 200, rows: 100)
        #expect(coloured.joined().contains("\u{1B}["))
        #expect(!whole.contains("\u{1B}["))
      }
    }
  }
}
