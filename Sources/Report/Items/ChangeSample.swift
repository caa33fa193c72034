package import Core

/// The first records of each kind in a list of changes, for a terminal.
package struct ChangeSample: Sendable {
  package enum Kind: Int, Sendable, CaseIterable { case created, updated, drift, removed, failed, pending, rejected }

  package static let recordsAtMost = 20

  private var lines: [Kind: [JSONValue]] = [:]
  /// The number of records that are worth showing.
  package private(set) var count = 0

  package init() {}

  package mutating func add(_ line: JSONValue) {
    guard let kind = Self.kind(of: line) else { return }
    count += 1
    if lines[kind, default: []].count < Self.recordsAtMost { lines[kind, default: []].append(line) }
  }

  /// Nil for those that nobody needs to look at.
  private static func kind(of line: JSONValue) -> Kind? {
    switch line["outcome"]?.stringValue.flatMap({ Outcome(rawValue: $0) }) {
    case .created: .created
    case .updated: .updated
    case .written:
      switch line["change"]?.stringValue.flatMap({ Forecast.Change(rawValue: $0) }) {
      case .new: .created
      case .changed: .updated
      case .same, nil: nil
      }
    case .unchanged: line["drift"] != nil || line["missing"] != nil ? .drift : nil
    case .removed: .removed
    case .failed: .failed
    case .pending: .pending
    case .rejected: .rejected
    case .filtered, .merged, nil: nil
    }
  }

  /// At most `recordsAtMost`, in the order of their kinds.
  package var shown: [(kind: Kind, line: JSONValue)] {
    Array(Kind.allCases.flatMap { kind in (lines[kind] ?? []).map { (kind, $0) } }.prefix(Self.recordsAtMost))
  }
}
