import Core
import Files

/// Why items were rejected, as the run's ledger tells: the item log has where each item's lines are.
package final class RejectReasons {
  package struct Reason: Sendable, Hashable {
    /// The slug, or a rule's id.
    package var code: String
    package var field: String?
    package var message: String?
  }

  /// Nil where the ledger could not be written.
  private let ledger: FileRegions?
  /// The end of the previous item's lines.
  private var position: Int

  /// - Parameter start: where the mapping's lines begin.
  package init(ledger path: String, start: Int) {
    ledger = try? FileRegions(path: path)
    position = start
  }

  /// The reason of a rejected item, the first error of its lines; nil for others. To be called for each item, in order.
  package func reason(of entry: ItemLog.Entry) -> Reason? {
    let region = position..<max(position, entry.ledgerEnd)
    position = region.upperBound
    guard entry.outcome == .rejected else { return nil }
    let bytes = (try? ledger?.bytes(region)) ?? []
    for line in bytes.split(separator: UInt8(ascii: "\n")) {
      guard let line = try? JSONReader.read(Array(line)), line["severity"] == .string(Severity.error.rawValue) else { continue }
      return Reason(
        code: line["code"]?.stringValue ?? "", field: line["field"]?.stringValue, message: line["message"]?.stringValue)
    }
    return entry.code.map { Reason(code: $0.slug) }
  }
}
