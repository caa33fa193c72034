package import Core
import Records

/// The contract of `RecordSource` as checks, for every implementation.
///
///     let suite = RecordSourceConformance("ndjson", expected: [.init(line: 1, text: "{}")]) { shape in
///       NDJSONSource(MemoryInput(Array("{}\n".utf8), pieceSize: shape.piece), batchSize: shape.batchSize)
///     }
///     #expect(try suite.violations() == [])
package struct RecordSourceConformance {
  /// How the input arrives, and how much is put in a batch. A source without an input or a batch size ignores them.
  package struct Shape: Sendable, Hashable, CustomStringConvertible {
    package var piece: Int
    package var batchSize: Int

    package init(piece: Int, batchSize: Int) {
      self.piece = piece
      self.batchSize = batchSize
    }

    package var description: String { "pieces of \(piece), batches of \(batchSize)" }

    package static let all = [1, 3, 100_000].flatMap { piece in
      [1, 16, 100_000].map { Shape(piece: piece, batchSize: $0) }
    }
  }

  package struct Record: Sendable, Hashable {
    package var line: Int
    /// The record's text, or the slug of its fault.
    package var text: String

    package init(line: Int, text: String) {
      self.line = line
      self.text = text
    }
  }

  private let name: String
  private let expected: [Record]?
  private let fails: Bool
  private let shapes: [Shape]
  private let open: (Shape) throws -> any RecordSource

  /// - Parameters:
  ///   - expected: the records of the input; nil: whatever the first source gives.
  ///   - fails: reading fails after these.
  ///   - open: a new source over the same input, from its beginning.
  package init(
    _ name: String, expected: [Record]?, fails: Bool = false, shapes: [Shape] = Shape.all,
    open: @escaping (Shape) throws -> any RecordSource
  ) {
    self.name = name
    self.expected = expected
    self.fails = fails
    self.shapes = shapes
    self.open = open
  }

  /// How the source violates the contract, as sentences.
  package func violations() throws -> [String] {
    var found: [String] = []
    var wanted = expected
    for shape in shapes {
      let reading = read(try open(shape), shape)
      found += reading.violations
      let records = wanted ?? reading.records
      wanted = records
      if reading.records != records { found.append("\(name), \(shape): \(reading.records) instead of \(records)") }
      if reading.hasFailed != fails { found.append("\(name), \(shape): reading \(fails ? "does not fail" : "fails")") }
      // Every cursor of this shape, with a source of another one.
      let other = shapes[(shapes.firstIndex(of: shape).map { $0 + 4 } ?? 0) % shapes.count]
      for cursor in reading.cursors {
        let rest = read(ResumedSource(try open(other), at: cursor, of: name), other, from: cursor)
        found += rest.violations
        guard rest.records != Array(records.dropFirst(cursor.records)) else { continue }
        found.append("\(name), resumed at \(cursor) with \(other): \(rest.records) instead of those from \(cursor.records) on")
      }
    }
    return found
  }

  private struct Reading {
    var records: [Record] = []
    /// Where it was before each batch, and at the end.
    var cursors: [RecordCursor] = []
    var hasFailed = false
    var violations: [String] = []
  }

  private func read(_ source: any RecordSource, _ shape: Shape, from start: RecordCursor? = nil) -> Reading {
    var source = source
    var reading = Reading()
    let first = start?.records ?? 0
    func check(_ holds: Bool, _ what: String) {
      if !holds { reading.violations.append("\(name), \(shape), after \(reading.records.count) records: \(what)") }
    }
    let batch = RecordBatch(capacity: 64)
    do {
      while true {
        let cursor = source.cursor
        reading.cursors.append(cursor)
        check(cursor.records == first + reading.records.count, "the cursor is at \(cursor.records) records")
        Self.spoil(batch)
        guard try source.fill(batch) else { break }
        check(!batch.items.isEmpty, "a batch without items")
        check(batch.capacity >= batch.count, "a batch that is larger than its memory")
        for item in batch.items {
          check(0 <= item.start && item.start <= item.end && item.end <= batch.count, "an item outside of its batch")
          check(cursor.line.map { item.line >= $0 } ?? true, "line \(item.line) before the cursor's \(cursor)")
          check(cursor.offset.map { item.offset >= $0 } ?? true, "byte \(item.offset) before the cursor's \(cursor)")
          let text = String(decoding: batch.bytes[item.start..<item.end], as: UTF8.self)
          reading.records.append(Record(line: item.line, text: item.fault?.slug ?? text))
        }
        let next = source.cursor
        check(next.line.map { line in batch.items.allSatisfy { $0.line <= line } } ?? true, "the cursor's line was passed")
        // How long a record is in the input, only its source knows.
        check(next.offset.map { end in batch.items.allSatisfy { $0.offset <= end } } ?? true, "the cursor's offset was passed")
      }
      check(batch.items.isEmpty && batch.count == 0, "the end leaves something in the batch")
      let cursor = source.cursor
      check(try !source.fill(batch), "records after the end")
      check(source.cursor == cursor, "the cursor moves at the end")
    } catch {
      reading.hasFailed = true
      let cursor = source.cursor
      check((try? source.fill(batch)) == nil, "it goes on after a failure")
      check(source.cursor == cursor, "the cursor moves at a failure")
    }
    return reading
  }

  /// Leaves something of another input in the batch.
  private static func spoil(_ batch: RecordBatch) {
    batch.removeAll()
    batch.reserve(8)
    batch.count = 8
    batch.append(RecordBatch.Item(start: 0, end: 8, line: 99_999, offset: 99_999), notes: [.init(.invalidCSV, "left over")])
  }
}
