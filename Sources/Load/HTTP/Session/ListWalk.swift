import Core
import Values

/// Decides whether reading a list page by page makes progress. No I/O.
///
/// A destination's pages may never end: an API that says "nothing new yet" always responds with an empty page and
/// the cursor of that page. On the other hand, more pages may follow an empty one, and a cursor that stays the same may
/// return new records each time. So only pages without new records count.
struct ListWalk: Sendable {
  /// What a page has.
  struct Page: Sendable {
    var records: Int
    /// Records whose keys no earlier page had.
    var new: Int
    /// Records without a key, which belong to others.
    var withoutKey: Int
  }

  enum Step: Sendable, Hashable {
    case goOn
    /// There is nothing behind the page.
    case end
    /// The page leads back to an earlier one.
    case circle
    /// This many pages in a row had no new records.
    case idle(pages: Int)
  }

  /// The number of pages in a row without a new record at which the list is taken to be endless.
  static let idlePagesAtMost = 1_000

  private let seed: UInt64
  /// Hashes of the keys. Among a million keys, two have the same hash with a probability of 2^-25.
  private var keys: Set<UInt64> = []
  /// Hashes of the requests.
  private var requests: Set<UInt64> = []
  private var idle = 0

  /// - Parameter seed: of the hashes.
  init(seed: UInt64) { self.seed = seed }

  /// Returns false if an earlier record has the key.
  mutating func isNew(_ key: Name) -> Bool { keys.insert(Hash64.of(key, seed: seed)).inserted }

  /// What follows a page.
  ///
  /// - Parameters:
  ///   - request: the request for this page.
  ///   - next: the request for the next page.
  mutating func step(from request: String, to next: String, _ page: Page) -> Step {
    requests.insert(Hash64.of(Name(request), seed: seed))
    let staysThere = next.isExactly(request)
    if page.records == 0, staysThere { return .end }
    guard page.new == 0 else {
      idle = 0
      return .goOn
    }
    if !staysThere, requests.contains(Hash64.of(Name(next), seed: seed)) { return .circle }
    // Many records of others are no reason to give up, as long as the pages change.
    idle = page.withoutKey > 0 && !staysThere ? 0 : idle + 1
    return idle < Self.idlePagesAtMost ? .goOn : .idle(pages: idle)
  }
}
