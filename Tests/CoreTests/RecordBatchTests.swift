import Core
import Testing

@Suite struct RecordBatchTests {
  private func batch() -> RecordBatch {
    let batch = RecordBatch(capacity: 16)
    batch.reserve(3)
    batch.base.update(repeating: 0x61, count: 3)
    batch.count = 3
    batch.items.append(.init(start: 0, end: 3, line: 1, offset: 0))
    batch.append(.init(start: 3, end: 3, line: 2, offset: 3, fault: .raggedRow), notes: [.init(.raggedRow, "two cells")])
    batch.append(.init(start: 3, end: 3, line: 3, offset: 3, fault: .raggedRow), notes: [.init(.raggedRow, "two cells")])
    batch.append(.init(start: 3, end: 3, line: 4, offset: 3, fault: .invalidCSV), notes: [.init(.invalidCSV, "a quote")])
    return batch
  }

  private func notes(_ batch: RecordBatch) -> [String?] {
    batch.items.map { item in item.fault.flatMap { batch.note(of: item, about: $0) } }
  }

  @Test func `a copy has the same items, bytes and notes`() {
    let copy = RecordBatch(capacity: 1)
    copy.append(.init(start: 0, end: 0, line: 9, offset: 0, fault: .raggedRow), notes: [.init(.raggedRow, "gone")])
    copy.copy(batch())
    #expect(notes(copy) == [nil, "two cells", "two cells", "a quote"])
    #expect(copy.items.map(\.line) == [1, 2, 3, 4])
    #expect(Array(copy.bytes) == [0x61, 0x61, 0x61])
  }

  @Test func `a copied item keeps its note and its bytes`() {
    let (from, copy) = (batch(), RecordBatch(capacity: 1))
    copy.copy(from.items[3], of: from)
    #expect(notes(copy) == ["a quote"])
    #expect(copy.items[0].fault == .invalidCSV && copy.items[0].end == 0)
    copy.copy(from.items[0], of: from)
    #expect(notes(copy) == [nil])
    #expect(Array(copy.bytes) == [0x61, 0x61, 0x61, 0x0A])
  }

  @Test func `an item of another batch has no note here, and does not crash`() {
    let (from, other) = (batch(), RecordBatch(capacity: 1))
    #expect(from.items.allSatisfy { other.note(of: $0, about: .raggedRow) == nil })
    from.items.removeFirst(2)
    #expect(notes(from) == ["two cells", "a quote"])
    from.removeAll()
    #expect(notes(from) == [])
  }

  @Test func `canonically equivalent notes are two notes`() {
    let batch = RecordBatch(capacity: 1)
    let texts = ["caf\u{E9}", "cafe\u{301}", "cafe\u{301}"]
    for text in texts {
      batch.append(.init(start: 0, end: 0, line: 1, offset: 0, fault: .raggedRow), notes: [.init(.raggedRow, text)])
    }
    #expect(notes(batch).map { $0.map { Array($0.utf8) } } == texts.map { Array($0.utf8) })
  }

  @Test func `an item may have a note for each of its warnings`() {
    let batch = RecordBatch(capacity: 1)
    let warnings: RecordWarnings = [.controlCharacter, .csvBareQuote]
    #expect(warnings.codes == [.csvBareQuote, .controlCharacter])
    batch.append(
      .init(start: 0, end: 0, line: 1, offset: 0, warnings: warnings),
      notes: [.init(.csvBareQuote, "a quote"), .init(.controlCharacter, "NUL")])
    let notes = (warnings.codes + [.csvResynchronized]).map { batch.note(of: batch.items[0], about: $0) }
    #expect(notes == ["a quote", "NUL", nil])
  }
}
