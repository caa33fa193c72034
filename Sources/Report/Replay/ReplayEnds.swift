package import Core

/// How the items of a replay ended, according to its outcomes.
package struct ReplayEnds {
  package enum End: Sendable, Hashable {
    /// The mapping makes no such item any more.
    case missing
    /// It was rejected, failed or is pending.
    case open
    /// Nothing is left to be done for it.
    case settled(Outcome)
  }

  private struct Line: Hashable {
    var mapping: Name
    var number: Int
  }

  private var ends: [Line: [OutcomeLine]] = [:]

  /// - Parameter path: of the replay's `outcomes.ndjson`, which has only what was selected; nil: there is none.
  /// - Throws: `OperationFailure` if the file cannot be read.
  package init(in path: String?) throws {
    guard let path else { return }
    var ends: [Line: [OutcomeLine]] = [:]
    try OutcomeLine.forEach(in: path) { line in
      ends[Line(mapping: line.mapping, number: line.line), default: []].append(line)
      return true
    }
    self.ends = ends
  }

  /// A record that is made into elements today has ended well if all of them have; see `ItemSelection`.
  package func end(of item: ReplayedItem) -> End {
    let all = ends[Line(mapping: item.mapping, number: item.line)] ?? []
    let own = all.filter { line in
      let element = line.element ?? -1
      guard element < 0 || item.element < 0 || element == item.element else { return false }
      return !item.sharesLine || line.key(element: element) == item.key
    }
    guard let first = own.first else { return .missing }
    if own.contains(where: { $0.outcome.isOpen }) { return .open }
    return .settled((own.first { Outcome.loaded.contains($0.outcome) } ?? first).outcome)
  }
}

extension Outcome {
  /// Something is left to be done for the record.
  fileprivate var isOpen: Bool {
    switch self {
    case .written, .created, .updated, .unchanged, .removed, .filtered, .merged: false
    case .rejected, .failed, .pending: true
    }
  }
}
