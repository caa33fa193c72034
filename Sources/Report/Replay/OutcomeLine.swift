package import Core
import Files
import Records

/// A line of a run's `outcomes.ndjson`: how an item ended at a destination.
package struct OutcomeLine: Sendable, Hashable {
  package var mapping: Name
  package var destination: Name
  package var outcome: Outcome
  /// Of the input, from 1.
  package var line: Int
  /// As `OpenItems.Item.element`.
  package var element: Int?
  /// The item's key, with `#` and the number of its element if it has one; nil if it has none.
  package var record: Name?
  package var code: Name?

  package init(
    mapping: Name, destination: Name, outcome: Outcome, line: Int, element: Int? = nil, record: Name? = nil, code: Name? = nil
  ) {
    self.mapping = mapping
    self.destination = destination
    self.outcome = outcome
    self.line = line
    self.element = element
    self.record = record
    self.code = code
  }

  /// Passes the lines of a file to `body`, in constant memory. A line that is cut off, as after a power failure, is left out.
  ///
  /// - Parameter body: false: the rest is not read.
  /// - Throws: `OperationFailure` if the file cannot be read; what `body` throws.
  package static func forEach(in path: String, _ body: (OutcomeLine) throws -> Bool) throws {
    var source = NDJSONSource(try FileInput(path: path))
    let batch = RecordBatch()
    while try source.fill(batch) {
      for item in batch.items where item.fault == nil {
        guard let json = try? JSONReader.read(Array(batch.bytes[item.start..<item.end])), let line = OutcomeLine(json) else {
          continue
        }
        guard try body(line) else { return }
      }
    }
  }

  /// Nil if it is not a line of outcomes.
  private init?(_ json: JSONValue) {
    guard let mapping = json["mapping"]?.stringValue, let destination = json["destination"]?.stringValue,
      let outcome = json["outcome"]?.stringValue.flatMap({ Outcome(rawValue: $0) }), let line = json["line"]?.intValue
    else { return nil }
    self.init(
      mapping: Name(mapping), destination: Name(destination), outcome: outcome, line: line, element: json["element"]?.intValue,
      record: json["record"]?.stringValue.map { Name($0) }, code: json["code"]?.stringValue.map { Name($0) })
  }

  /// As `OpenItems.Item.element(hasEach:)`.
  package func element(hasEach: Bool) -> Int { item.element(hasEach: hasEach) }

  /// As `OpenItems.Item.key(element:)`.
  package func key(element: Int) -> Name? { item.key(element: element) }

  var item: OpenItems.Item { OpenItems.Item(mapping: mapping, line: line, element: element, record: record) }
}
