import Core

/// Which records of a list a request asks for: by number (`page`) or by cursor (`cursor`), `limit` at a time.
struct AppPage: Sendable {
  static let parameters = ["limit", "page", "cursor"]
  static let usualLimit = 50
  static let mostLimit = 100

  let limit: Int
  /// From 1; nil: by cursor.
  let number: Int?
  /// The place after which the page begins.
  let after: Int?
  private let seed: UInt64

  init(_ call: AppCall, seed: UInt64) throws(AppProblem) {
    self.seed = seed
    limit = try call.number("limit", default: Self.usualLimit, 1...Self.mostLimit)
    number = call.query["page"] == nil ? nil : try call.number("page", default: 1, 1...1_000_000)
    guard let cursor = call.query["cursor"] else {
      after = nil
      return
    }
    guard number == nil else { throw AppProblem(.invalidParameter, "A list is read by page or by cursor, not both.") }
    guard cursor.utf8.count == 16, let word = UInt64(cursor, radix: 16), let place = Int(exactly: Self.unmixed(word, seed)),
      place < Int(UInt32.max)
    else { throw AppProblem(.invalidParameter, "The cursor is not one that a list returned.") }
    after = place
  }

  /// An opaque string for the place after which the next page begins.
  func cursor(after place: Int) -> String { Hexadecimal.text(Self.mixed(UInt64(place), seed), digits: 16) }

  private static func mixed(_ place: UInt64, _ seed: UInt64) -> UInt64 { IndexPermutation.word(place, key: Draw.mix(seed)) }
  private static func unmixed(_ word: UInt64, _ seed: UInt64) -> UInt64 {
    IndexPermutation.inverseWord(word, key: Draw.mix(seed))
  }

  /// The slice of `places` that the page has. They are in ascending order, and its indices begin at 0.
  func select<Places: RandomAccessCollection>(
    _ places: Places
  ) -> Places.SubSequence where Places.Element == Int, Places.Index == Int {
    if let number {
      let start = min((number - 1) * limit, places.count)
      return places[start..<min(start + limit, places.count)]
    }
    guard let after else { return places.prefix(limit) }
    // A binary search: lists are long, and read to their end.
    var (low, high) = (0, places.count)
    while low < high {
      let middle = (low + high) / 2
      if places[middle] <= after { low = middle + 1 } else { high = middle }
    }
    return places[low...].prefix(limit)
  }
}
