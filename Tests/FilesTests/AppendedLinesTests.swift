import Core
import TestSupport
import Testing

@testable import Files

/// Logs of lines, each durable on its own.
@Suite struct AppendedLinesTests {
  private let folder = TemporaryFolder()
  private var path: String { "\(folder.path)/facts" }

  private func texts(_ lines: [[UInt8]]) -> [String] { lines.map { String(decoding: $0, as: UTF8.self) } }

  @Test func `lines are read back, and an unfinished one is removed`() throws {
    let file = try AppendedLines(path: path)
    for line in ["one", "", "é"] { try file.append(Array(line.utf8)) }
    #expect(texts(try AppendedLines.read(path)) == ["one", "", "é"])
    try folder.write("facts", try #require(folder.read("facts")) + "half")
    #expect(texts(try AppendedLines.read(path)) == ["one", "", "é"])
    let (again, lines) = try AppendedLines.reopen(path: path)
    #expect(texts(lines) == ["one", "", "é"])
    try again.append(Array("four".utf8))
    #expect(folder.read("facts") == "one\n\né\nfour\n")
  }

  @Test(arguments: ["", "half"]) func `a file without a whole line has none`(_ text: String) throws {
    try folder.write("facts", text)
    let (file, lines) = try AppendedLines.reopen(path: path)
    #expect(lines == [])
    try file.append(Array("one".utf8))
    #expect(folder.read("facts") == "one\n")
  }

  @Test(arguments: [0, 1, 70_000, 140_000]) func `a file is continued after its last whole line`(unfinished: Int) throws {
    let whole = "one\n" + String(repeating: "x", count: 100_000) + "\n"
    try folder.write("facts", whole + String(repeating: "y", count: unfinished))
    try AppendedLines(continuing: path).append([Array("two".utf8), [], Array("é".utf8)])
    #expect(folder.read("facts") == whole + "two\n\né\n")
    try folder.write("facts", String(repeating: "y", count: unfinished))
    try AppendedLines(continuing: path).append(Array("one".utf8))
    #expect(folder.read("facts") == "one\n")
    #expect(throws: OperationFailure.self) { _ = try AppendedLines(continuing: "\(folder.path)/none") }
  }

  @Test func `an existing file is not taken for a new one, and a missing one cannot be reopened`() throws {
    try folder.write("facts", "one\n")
    #expect(throws: OperationFailure.self) { _ = try AppendedLines(path: path) }
    #expect(folder.read("facts") == "one\n")
    #expect(throws: OperationFailure.self) { _ = try AppendedLines.reopen(path: "\(folder.path)/none") }
  }
}
