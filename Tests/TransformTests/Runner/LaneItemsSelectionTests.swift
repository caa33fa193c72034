import Core
import Testing

@testable import Transform

@Suite struct LaneItemsSelectionTests {
  /// Five items: written, rejected with two problems, written with one, filtered, written without a key.
  private static func items() -> LaneItems {
    var items = LaneItems()
    func add(_ outcome: Outcome, _ line: Int, _ key: String?, output: Int, problems: Int) {
      var bytes = Array((key ?? "").utf8)
      bytes.withUnsafeMutableBufferPointer { buffer in
        let text = UnsafePointer(buffer.baseAddress).map { Text(start: $0, count: buffer.count) }
        items.append(
          outcome, RecordMark(line: line, offset: 0, element: line - 1), key: key == nil ? nil : text ?? .empty, output: output,
          refused: 7, problems: problems)
      }
    }
    add(.written, 1, "a", output: 10, problems: 0)
    add(.rejected, 2, "bb", output: 10, problems: 2)
    add(.written, 3, "ccc", output: 25, problems: 3)
    add(.filtered, 4, "", output: 25, problems: 3)
    add(.written, 5, nil, output: 30, problems: 3)
    return items
  }

  private static func keys(_ items: LaneItems) -> [String?] {
    items.items.map { $0.key.map { String(decoding: items.keys[$0], as: UTF8.self) } }
  }

  @Test func `kept items have their outcomes, marks and keys, and their parts of the outputs`() {
    let kept = Self.items().keeping([1, 2, 4])
    #expect(kept.output == [10..<25, 25..<30] && kept.problems == [0..<2, 2..<3])
    #expect(kept.items.items.map(\.outcome) == [.rejected, .written, .written])
    #expect(kept.items.items.map(\.mark.line) == [2, 3, 5] && kept.items.items.map(\.mark.element) == [1, 2, 4])
    #expect(kept.items.items.map(\.outputEnd) == [0, 15, 20] && kept.items.items.map(\.problemsEnd) == [2, 3, 3])
    #expect(kept.items.items.map(\.refusedEnd) == [0, 0, 0])
    #expect(Self.keys(kept.items) == ["bb", "ccc", nil])
    #expect(kept.items.output(of: 1) == 0..<15 && kept.items.problems(of: 1) == 2..<3)
  }

  @Test func `all items are kept as they are, and none leave nothing`() {
    let items = Self.items()
    let all = items.keeping(Array(items.items.indices))
    #expect(Self.keys(all.items) == Self.keys(items) && Self.keys(items) == ["a", "bb", "ccc", "", nil])
    #expect(all.items.items.map(\.outputEnd) == items.items.map(\.outputEnd))
    #expect(all.items.items.map(\.problemsEnd) == items.items.map(\.problemsEnd))
    let none = items.keeping([])
    #expect(none.items.items.isEmpty && none.output.isEmpty && none.problems.isEmpty && none.items.keys.isEmpty)
  }
}
