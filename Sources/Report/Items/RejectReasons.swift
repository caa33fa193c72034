import Core
import Files

/// Why items were rejected, failed or are pending, from the run's ledger: the item log and the fate logs record where the lines are.
package final class RejectReasons {
  package struct Reason: Sendable, Hashable {
    /// The slug, or a rule's id.
    package var code: String
    package var field: String?
    package var message: String?
    /// The messages of all errors, each once.
    package var problems: String?
  }

  /// Nil where the ledger could not be written.
  private let ledger: FileRegions?
  /// The end of the previous item's lines.
  private var position: Int
  /// What was read last at a place: the lines of a destination's records are near each other.
  private var piece: (start: Int, bytes: [UInt8]) = (0, [])

  private static let pieceBytes = 64 * 1024
  /// The most messages in `Reason.problems`: a spreadsheet must be able to show the cell.
  private static let mostProblems = 20
  /// No line is longer.
  private static let longestLine = 64 << 20

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
    let errors = bytes.split(separator: UInt8(ascii: "\n")).compactMap { try? JSONReader.read(Array($0)) }
      .filter { $0["severity"] == .string(Severity.error.rawValue) }
    guard let first = errors.first else { return entry.code.map { Reason(code: $0.slug) } }
    var reason = Reason(first)
    var known: Set<Name> = []
    let messages = errors.compactMap { $0["message"]?.stringValue }.filter { known.insert(Name($0)).inserted }
    reason.problems = messages.prefix(Self.mostProblems).joined(separator: "; ")
    if messages.count > Self.mostProblems { reason.problems? += "; and \(messages.count - Self.mostProblems) more" }
    return reason
  }

  /// The reason of a record that failed or is pending at a destination.
  func reason(of fate: Fates.Fate) -> Reason? {
    if let place = fate.place, let bytes = line(at: place), let line = try? JSONReader.read(bytes) { return Reason(line) }
    return fate.code.map { Reason(code: $0.slug) }
  }

  private func line(at place: Int) -> [UInt8]? {
    if let line = lineInPiece(place) { return line }
    // Responses come a little out of order, and with them the lines.
    let start = max(0, place - Self.pieceBytes / 2)
    var size = Self.pieceBytes
    while size <= Self.longestLine {
      guard let bytes = try? ledger?.bytes(start..<place + size) else { return nil }
      piece = (start, bytes)
      if let line = lineInPiece(place) { return line }
      if start + bytes.count < place + size { return nil }
      size *= 4
    }
    return nil
  }

  /// Nil if the piece does not have the whole line.
  private func lineInPiece(_ place: Int) -> [UInt8]? {
    guard place >= piece.start, place < piece.start + piece.bytes.count else { return nil }
    let rest = piece.bytes[(place - piece.start)...]
    return rest.firstIndex(of: UInt8(ascii: "\n")).map { Array(rest[..<$0]) }
  }
}

extension RejectReasons.Reason {
  fileprivate init(_ line: JSONValue) {
    self.init(
      code: line["code"]?.stringValue ?? "", field: line["field"]?.stringValue, message: line["message"]?.stringValue,
      problems: line["message"]?.stringValue)
  }
}
