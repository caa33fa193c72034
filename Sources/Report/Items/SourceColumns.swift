package import Core
import Files
package import Records
package import Transform

/// The input of a mapping, as the success and reject files show it: the columns of a CSV file in their order, or the members of JSON
/// records in the order in which they first occur. What is nested is JSON.
package struct SourceColumns: Sendable {
  let records: StoredRecords
  let program: Program
  private let limit: Int?
  /// The item log has only some of the items.
  package let isSelected: Bool

  /// Records with more different members are one column: the record as JSON.
  private static let mostColumns = 1000

  /// - Parameters:
  ///   - program: of the mapping whose item log it is.
  ///   - limit: at most this many records were read.
  ///   - isSelected: the item log has only some of the items. Each line of the input has one record.
  package init(_ records: StoredRecords, program: Program, limit: Int?, isSelected: Bool = false) {
    self.records = records
    self.program = program
    self.limit = limit
    self.isSelected = isSelected
  }

  /// - Throws: `OperationFailure`.
  package func open() throws -> any RecordSource {
    let source = try records.open(program.model.fileReading)
    return limit.map { LimitedSource(source, limit: $0) } ?? source
  }

  /// The item log is not in the order of the input.
  var isReordered: Bool { program.model.merge != nil }

  enum Names {
    case columns([String])
    /// There are too many: records are shown as they are.
    case whole
    /// Several records are on one line, so that those which were merged cannot be found.
    case unknown
  }

  /// The names of the columns.
  ///
  /// - Throws: `OperationFailure`.
  func names() throws -> Names {
    if let header = try records.header(program.model.fileReading) { return .columns(header.columns) }
    var members = MemberNames(most: Self.mostColumns)
    var source = try open()
    let batch = RecordBatch()
    var walker = RecordWalker()
    var line = 0
    while try source.fill(batch) {
      let isWhole = walker.index(batch.bytes)
      for item in batch.items {
        if isReordered, item.line == line { return .unknown }
        line = item.line
        guard item.fault == nil, !members.isFull else { continue }
        let bytes = UnsafeBufferPointer(rebasing: batch.bytes[item.start..<item.end])
        // What is not JSON has no members.
        if isWhole || walker.indexRecord(bytes) == nil { members.add(bytes) }
      }
      if members.isFull, !isReordered { break }
    }
    return members.isFull ? .whole : .columns(members.names)
  }

  /// How the columns are called beside `own` ones: the input's names, with `source.` before those that are taken.
  static func titles(_ names: [String], beside own: [String]) -> [String] {
    var taken = Set((own + names).map { Name($0) })
    let reserved = Set(own.map { Name($0) })
    return names.map { name in
      guard reserved.contains(Name(name)) else { return name }
      var title = "source.\(name)"
      while !taken.insert(Name(title)).inserted { title = "source.\(title)" }
      return title
    }
  }
}

/// The names of the members of JSON objects, each once, in the order in which they first occur. It looks at nothing else.
private struct MemberNames {
  private let most: Int
  private(set) var names: [String] = []
  private var known: Set<Name> = []
  /// The names as they are written, in the order of the last record that had a new one: most records repeat it.
  private var written: [[UInt8]] = []
  private var seen: Set<[UInt8]> = []

  init(most: Int) { self.most = most }

  var isFull: Bool { names.count > most }

  /// - Parameter object: valid JSON.
  mutating func add(_ object: UnsafeBufferPointer<UInt8>) {
    var (depth, number, position) = (0, 0, 0)
    var isName = false
    while position < object.count {
      switch object[position] {
      case UInt8(ascii: "{"):
        depth += 1
        isName = depth == 1
      case UInt8(ascii: "["): depth += 1
      case UInt8(ascii: "}"), UInt8(ascii: "]"): depth -= 1
      case UInt8(ascii: ","): isName = depth == 1
      case UInt8(ascii: "\""):
        let start = position + 1
        position = start
        while position < object.count, object[position] != UInt8(ascii: "\"") {
          position += object[position] == UInt8(ascii: "\\") ? 2 : 1
        }
        if isName {
          add(UnsafeBufferPointer(rebasing: object[start..<min(position, object.count)]), number)
          number += 1
          isName = false
        }
      default: break
      }
      position += 1
    }
  }

  private mutating func add(_ name: UnsafeBufferPointer<UInt8>, _ number: Int) {
    if number < written.count, written[number].elementsEqual(name) { return }
    let bytes = Array(name)
    if number < written.count { written[number] = bytes } else { written.append(bytes) }
    guard seen.insert(bytes).inserted, let text = (try? JSONReader.read([0x22] + bytes + [0x22]))?.stringValue,
      known.insert(Name(text)).inserted
    else { return }
    names.append(text)
  }
}
