package import Core

extension PageWalk {
  /// How a kind of list is walked.
  package struct Rules: Sendable, Hashable, Codable {
    package enum SecondPass: Sendable, Hashable, Codable {
      case never
      /// If the source reports more records than it returned.
      case ifIncomplete
      /// Also if a record was returned twice.
      case ifMoved
    }

    var start: Place
    /// How many times a doubtful page is requested, in all.
    var attempts = 3
    var secondPass = SecondPass.never
    /// How many pages in a row may have no new record, in addition to the number of pages in the first pass. Nil: any number.
    var staleAtMost: Int?
    /// How far `skip` reaches; nil: to the end. Beyond it, the walk continues from the last record.
    var wall: Int?

    /// By `limit` and `skip`.
    package static let list = Rules(start: .skip(0), secondPass: .ifMoved, staleAtMost: 3)

    /// All contacts of the location, by the cursor of the last one. The sort order must stay the same throughout. There is no
    /// limit on how far it reaches.
    package static let search = Rules(start: .cursor(nil), secondPass: .ifIncomplete, staleAtMost: 3)

    /// The contacts of one business, past the wall of `skip`.
    package static func members(wall: Int) -> Rules { Rules(start: .skip(0), secondPass: .ifMoved, wall: wall) }

    /// A list without pages.
    package static let single = Rules(start: .link(""))

    /// Any list that a user asks for, from the page of `start` on: the responses lead from one page to the next.
    package static func links(from start: String) -> Rules { Rules(start: .link(start), attempts: 1, staleAtMost: 3) }
  }

  /// The parts of a response that the walk needs.
  package struct Page: Sendable, Hashable {
    /// All records of the response, in its order.
    package var records: [Record]
    /// The number of records that the source reports: never a reason to stop.
    package var total: Int?
    /// Where the next page begins, according to this one: for cursors and links.
    package var next: Place?
    /// The last record's ID and name, if it has an ID: for `Place.after`.
    package var last: LastRecord?

    package init(_ records: [Record], total: Int? = nil, next: Place? = nil, last: LastRecord? = nil) {
      self.records = records
      self.total = total
      self.next = next
      self.last = last
    }
  }

  package struct LastRecord: Sendable, Hashable {
    package var id: String
    package var name: String?

    package init(id: String, name: String? = nil) {
      self.id = id
      self.name = name
    }
  }

  package struct Record: Sendable, Hashable {
    package enum Membership: Sendable, Hashable {
      /// Nothing says that it does not belong in the list.
      case own
      /// In a search for the contacts of a business: it belongs to another one, or does not name one.
      case elsewhere, unnamed
      /// It does not belong in the list. `mark` is that of its ID or, if it has none, of its content.
      case stray(IdentityMark, hasID: Bool)
    }

    /// The mark of its ID, or of its content if it has none.
    package var mark: IdentityMark
    package var hasID: Bool
    package var membership: Membership
    /// What pages are compared by, if not by `mark`.
    package var content: IdentityMark?

    package init(_ mark: IdentityMark, hasID: Bool = true, _ membership: Membership = .own, content: IdentityMark? = nil) {
      self.mark = mark
      self.hasID = hasID
      self.membership = membership
      self.content = content
    }

    var isStray: Bool { if case .stray = membership { true } else { false } }
  }

  /// Why a source refused a request.
  package enum Refusal: Sendable, Hashable {
    /// The request is refused: it goes too far, or the parameter is unknown.
    case request
    /// There is no such list, or not in this version.
    case way
    /// Anything else; `endsRun`: it affects every other request as well.
    case other(endsRun: Bool)
  }
}

/// Records found in a wrong list, each once.
struct StrayMarks: Sendable, Hashable, Codable {
  private struct Entry: Hashable, Codable {
    var mark: IdentityMark
    /// Its number among equal ones on its page.
    var number: Int
  }

  private var seen: Set<Entry> = []

  /// Those of `places` that are new. Records without an ID are told apart by their content. Equal ones on the same page count as
  /// different records, but on another page they count as seen, because lists are walked twice.
  mutating func insert(_ places: [Int], of records: [PageWalk.Record]) -> [Int] {
    var equal: [IdentityMark: Int] = [:]
    return places.filter { place in
      guard case .stray(let mark, let hasID) = records[place].membership else { return false }
      let number = hasID ? 0 : equal[mark, default: 0]
      equal[mark] = number + 1
      return seen.insert(Entry(mark: mark, number: number)).inserted
    }
  }
}
