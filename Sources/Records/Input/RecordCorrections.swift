import Core
package import Files

/// Records that replace some of an input's, in a file: one line for each, in the order of the input.
///
///     {"ordinal":6,"line":8,"record":{"id":"c7","email":"ann@example.com"}}
package enum RecordCorrections {
  package struct Correction: Sendable, Hashable {
    /// The number of records before it in the input.
    package var ordinal: Int
    /// Its line in the input, for people.
    package var line: Int
    /// A JSON object on one line.
    package var record: [UInt8]

    package init(ordinal: Int, line: Int, record: [UInt8]) {
      self.ordinal = ordinal
      self.line = line
      self.record = record
    }
  }

  /// Appends a correction to a file; in ascending order.
  ///
  /// - Throws: `OperationFailure`.
  package static func write(_ correction: Correction, to file: OutputFile) throws {
    try file.write("{\"ordinal\":\(correction.ordinal),\"line\":\(correction.line),\"record\":")
    try file.write(correction.record)
    try file.write("}\n")
  }

  /// Reads them one after the other, a batch at a time.
  package struct Reader {
    private let path: String
    private var source: NDJSONSource
    private let batch = RecordBatch()
    private var position = 0
    private var last = -1

    /// - Throws: `OperationFailure` if there is no such file.
    package init(_ path: String) throws {
      self.path = path
      source = NDJSONSource(try FileInput(path: path), maximumRecord: RecordReading.recordBytes.upperBound)
    }

    /// Nil after the last one.
    ///
    /// - Throws: `OperationFailure`, also if the file is damaged.
    package mutating func next() throws -> Correction? {
      if position == batch.items.count {
        position = 0
        guard try source.fill(batch) else { return nil }
      }
      let item = batch.items[position]
      position += 1
      guard item.fault == nil, let line = ObjectText(Array(batch.bytes[item.start..<item.end])),
        let ordinal = Self.number(line["ordinal"]), ordinal > last, let number = Self.number(line["line"]),
        let record = line["record"], record.first == UInt8(ascii: "{")
      else { throw OperationFailure(.damaged, "\(path) is damaged on line \(item.line): start over") }
      last = ordinal
      return Correction(ordinal: ordinal, line: number, record: record)
    }

    private static func number(_ text: [UInt8]?) -> Int? { text.flatMap { Int(String(decoding: $0, as: UTF8.self)) } }
  }
}
