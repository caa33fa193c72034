package import Core

/// Records of another mapping that are removed: each record of the mapping with this document names one by its key.
///
/// The journal of the other mapping says what there is, and is told what was removed.
package struct DeletionDocument: Sendable, Hashable {
  /// The mapping whose records are removed, at the same destination.
  package var mapping: Name
  /// How many of its records may be removed in a run, in hundredths of a percent of those that the journal has: from 1 to 10,000.
  package var share: Int

  package init(of mapping: Name, share: Int = 100) {
    self.mapping = mapping
    self.share = share
  }

  /// Whether so many of the records may be removed.
  func allows(_ count: Int, of total: Int) -> Bool { count * 10_000 <= total * share }

  /// How many of the records may be removed at most.
  func most(of total: Int) -> Int { total * share / 10_000 }

  /// `1`, `0.5`, `33.33`
  package var percent: String {
    let (whole, rest) = share.quotientAndRemainder(dividingBy: 100)
    if rest == 0 { return String(whole) }
    return rest.isMultiple(of: 10) ? "\(whole).\(rest / 10)" : "\(whole).\(rest < 10 ? "0" : "")\(rest)"
  }
}
