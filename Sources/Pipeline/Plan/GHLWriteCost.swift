import Core
import GHL
import Load
import Transform

/// The maximum number of requests of a mapping that writes to a GHL location.
///
/// That is what it takes if the location has every record already, the journal knows none of them, and each of them differs. An
/// unchanged record costs nothing. It does not count repeated requests, further contacts with the same address or name, or records
/// that are sent again because GHL did not store a field.
struct GHLWriteCost {
  /// For each record.
  private var lookup: Int
  /// One response shows what a record was before, and another one what it is now.
  private var before: Int
  /// In hundredths of a percent of the records.
  private var readBack: Int
  /// For the names that the mapping uses: custom fields, users and businesses of the location.
  private var names: Int

  /// - Parameter model: of the mapping.
  init(_ part: GHLPartDocument, of document: GHLDestinationDocument, _ model: MappingModel) {
    let isDeletion = part.deletion != nil
    lookup = isDeletion ? 0 : Self.lookup(part, model)
    before = part.before == nil ? 0 : 2
    readBack = isDeletion ? 0 : part.readBack?.share ?? 0
    var own = document
    own.parts = [part]
    let scopes = own.scopes([model])
    // A list ends with an empty page. Users are listed by the company, which only the location knows.
    names =
      (scopes.contains(GHLRoute.customFields.scope) ? 1 : 0) + (scopes.contains(GHLRoute.users.scope) ? 3 : 0)
      + (scopes.contains(GHLRoute.businesses.scope) ? 2 : 0)
  }

  private static func lookup(_ part: GHLPartDocument, _ model: MappingModel) -> Int {
    guard part.target == .contacts else { return 1 }
    // What the journal knows is read by its ID.
    if part.match.isEmpty { return 1 }
    let written = model.fields.compactMap(\.target.first)
    let identifiers = part.match.count { written.contains(exactly: $0.rawValue) }
    // The duplicates, the contact itself, and a search for others with the same address. A contact without an address is searched
    // for by its name.
    return identifiers + 2
  }

  func requests(for records: Int) -> Int {
    let records = min(records, Self.recordsAtMost)
    return records * (lookup + 1 + before) + (records * readBack + 9_999) / 10_000 + names
  }

  /// No location has more.
  private static let recordsAtMost = 1_000_000_000

  /// The requests that find out whether the token of a destination has the scopes.
  static func proof(of scopes: [String]) -> Int { scopes.count }
}
