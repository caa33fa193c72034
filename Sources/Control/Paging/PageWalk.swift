package import Core

/// Walks the pages of one list: decides which page to request next, which of its records are new, and when the list has ended.
/// No I/O: the caller performs `action`, and reports the result.
///
///     var walk = PageWalk(.list)
///     while case .request(let place) = walk.action {
///       let page = …                                     // the response, as marks of its records
///       guard let delivery = walk.take(page) else { continue }   // not accepted: requested again, or the walk has failed
///       write(delivery.fresh)
///     }
///
/// **The end** of a list is an empty page, never a short one or a count: counts are often slightly off.
///
/// **Doubtful pages.** A page that looks like the one before it, or that has records which do not belong in the list, is
/// requested again, because the second response may be right. If it stays the same, the walk fails, since it would otherwise
/// never end. Several pages in a row without a new record are a failure as well (`Failure.stale`).
///
/// **Records that move** between pages while the list is read are delivered once. If some moved, or the source's count shows
/// that some are missing, the list is walked a second time.
///
/// **The members of a business** (`Rules.members`) are read past the wall that `skip` is assumed to have:
///
/// 1. By `skip`, with a second pass as above.
/// 2. Beyond the wall, or where the source refuses to go on, by the cursor of the last contact (`Place.after`).
/// 3. If that is refused, or ends before the source's count, by a search through the whole location, keeping the contacts of
///    the business.
///
/// A list that ends before the wall and before the source's count may have ended at a wall that returns an empty page: then the
/// cursor is tried as well. If it returns nothing, the walk ends incomplete: a search through the whole location for each such
/// business would cost more than all its contacts. A caller that reads many businesses makes one search for all of them.
///
/// Memory: 16 bytes per record. A walk can be stored between two pages and continued by another process: what was written down
/// asks for the same pages, and delivers the same records.
package struct PageWalk: Sendable, Hashable, Codable {
  /// Where a page begins, in the terms of a request to the source.
  package enum Place: Sendable, Hashable, Codable {
    /// After this many records.
    case skip(Int)
    /// After a record, by its ID and the name that the list is sorted by. Nil: the name is not known here.
    case after(id: String, name: String?)
    /// At a cursor that the last record of the page before names; nil: the first page.
    case cursor(JSONValue?)
    /// Anything that the caller can turn into a request; compared to see whether the pages advance.
    case link(String)
  }

  package enum Action: Sendable, Hashable, Codable {
    case request(Place)
    case end
    case fail(Failure)
  }

  package enum Failure: Sendable, Hashable, Codable {
    /// A page is the same as the one before it, even when it is requested again.
    case repeatedPage
    /// This many pages in a row without a new record.
    case stale(Int)
    /// The next page begins where this one does.
    case standing
    /// A record lacks the cursor that the next page begins at.
    case missingCursor
    /// No way past the wall: the search does not name businesses.
    case stuck
  }

  /// Which records of an accepted page are new, by their places in the page.
  package struct Delivery: Sendable, Hashable {
    package var fresh: [Int] = []
    package var strays: [Int] = []
    /// Nothing was new on this page: its strays belong to the next delivery.
    package var isHeld = false

    package init(fresh: [Int] = [], strays: [Int] = [], isHeld: Bool = false) {
      self.fresh = fresh
      self.strays = strays
      self.isHeld = isHeld
    }
  }

  package let rules: Rules
  package internal(set) var action: Action
  /// The number of records that the source last reported.
  package internal(set) var total: Int?

  var seen = IdentitySet()
  var strays = StrayMarks()
  /// The records of the last page, read in the current way; empty at the beginning of a pass.
  var lastPage: [IdentityMark] = []
  /// The last record that has an ID.
  var lastId: String?
  /// Requests for the current page so far.
  var attempts = 0
  var pass = 1
  var pages = 0
  var pagesOfFirstPass = 0
  var stalePages = 0
  var sawTwice = false
  /// There are more records than `skip` reaches.
  var isPastWall = false
  /// The search that `members` falls back on last: one element once it has begun.
  var search: [PageWalk] = []
  var searchNamedBusiness = false

  package init(_ rules: Rules) {
    self.rules = rules
    action = .request(rules.start)
  }

  /// Different records so far.
  package var count: Int { seen.count }

  /// The source reports more records than it returned.
  package var isIncomplete: Bool { total.map { seen.count < $0 } ?? false }
}
