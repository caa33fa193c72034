import Core

/// The requests of a mapping that writes to a GHL location: a high estimate.
///
/// That is what it takes if the location has every record already, the journal knows none of them, and each of them differs. An
/// unchanged record costs nothing, unless it is read back. It does not count repeated requests, lists with more than one page,
/// further contacts with the same address or name, or records that GHL refuses, or that are sent again because it did not store a
/// field.
///
/// If you change the requests of an adapter, change them here and in the table under "Cost" on the page GHLDestination.
package struct GHLWriteCost: Sendable {
  /// For each record.
  private var lookup: Int
  /// One response shows what a record was before, and another one what it is now.
  private var before: Int
  /// In hundredths of a percent of the records.
  private var readBack: Int
  /// The same. A record that somebody has changed is read, and then sent like any other.
  private var verify: Int
  /// For the names that the mapping uses: custom fields, users and businesses of the location.
  private var names: Int

  /// - Parameter columns: the paths that the mapping writes.
  package init(_ part: GHLPartDocument, columns: [[String]]) {
    let isDeletion = part.deletion != nil
    lookup = isDeletion ? 0 : Self.lookup(part, columns)
    before = part.before == nil ? 0 : 2
    readBack = isDeletion ? 0 : part.readBack?.share ?? 0
    verify = isDeletion ? 0 : part.verify?.share ?? 0
    // A list ends with an empty page.
    names = GHLLocationData.requests(of: GHLLocationData.kinds(for: part, columns: columns))
      .map { $0.isPaged ? 2 : 1 }.reduce(0, +)
  }

  private static func lookup(_ part: GHLPartDocument, _ columns: [[String]]) -> Int {
    guard part.target == .contacts else { return 1 }
    // What the journal knows is read by its ID.
    if part.match.isEmpty { return 1 }
    let written = columns.compactMap(\.first)
    let identifiers = part.match.count { written.contains(exactly: $0.rawValue) }
    // The duplicates, the contact itself, and a search for others with the same address. A contact without an address is searched
    // for by its name.
    return identifiers + 2
  }

  package func requests(for records: Int) -> Int {
    let records = min(records, Self.recordsAtMost)
    return records * (lookup + 1 + before) + share(readBack, of: records) + share(verify, of: records) + names
  }

  private func share(_ hundredths: Int, of records: Int) -> Int { (records * hundredths + 9_999) / 10_000 }

  /// No location has more.
  private static let recordsAtMost = 1_000_000_000

  /// The requests that find out whether the token of a destination has the scopes.
  package static func proof(of scopes: [String]) -> Int { scopes.count }
}
