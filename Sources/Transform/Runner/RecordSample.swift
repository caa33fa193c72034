import Core
import Records

/// The first records of an input, kept so that a message about a field that none of them has can name what they do have. The same
/// for any number of threads and any size of batches.
package struct RecordSample: Sendable, Equatable {
  private static let mostRecords = 20
  private static let mostBytes = 64 * 1024

  private var records: [[UInt8]] = []
  private var taken = 0

  package init() {}

  var isFull: Bool { taken >= Self.mostRecords }
  var isEmpty: Bool { records.isEmpty }

  /// Takes what there is room for of a batch that has just been read. Of rows, only cells in columns that are read have a value.
  mutating func take(_ batch: RecordBatch) {
    for item in batch.items {
      guard !isFull else { return }
      taken += 1
      guard item.fault == nil, item.end - item.start <= Self.mostBytes else { continue }
      records.append(batch.rows.map { Self.json(of: item, in: batch, $0) } ?? Array(batch.bytes[item.start..<item.end]))
    }
  }

  private static func json(of item: RecordBatch.Item, in batch: RecordBatch, _ rows: RowShape) -> [UInt8] {
    var arena = ByteArena(capacity: 4096)
    arena.begin()
    RowCells.appendJSON(rows, batch.base + item.start, into: &arena)
    return Array(arena.finish().buffer)
  }

  /// Its records, or the elements of the list that the path leads to.
  func items(ofElementsAt path: SourcePath? = nil) -> [JSONValue] {
    let values = records.compactMap { try? JSONReader.read($0) }
    return path.map { path in values.flatMap { Self.elements(of: $0, at: path) } } ?? values
  }

  /// The names of the members of all these objects, each once.
  static func names(in values: [JSONValue]) -> [String] {
    var names: [String] = []
    var known: Set<Name> = []
    for case .object(let members) in values {
      for member in members where known.insert(member.name) { names.append(member.name) }
    }
    return names
  }

  private static func elements(of value: JSONValue, at path: SourcePath) -> [JSONValue] {
    var value = value
    for step in path.steps {
      guard case .member(let name) = step, let next = value[name] else { return [] }
      value = next
    }
    guard case .array(let elements) = value else { return [] }
    return elements
  }
}
