import Core

extension PageWalk {
  /// The response to the requested page.
  ///
  /// - Returns: What is new in it; nil if the page is not accepted: it is requested again, or the walk has failed.
  package mutating func take(_ page: Page) -> Delivery? {
    guard case .request(let place) = action else { return nil }
    if !search.isEmpty { return takeInSearch(page) }
    guard !page.records.isEmpty else {
      attempts = 0
      total = page.total ?? total
      endPass(place)
      return Delivery()
    }
    guard isAccepted(page, place) else { return nil }
    return advance(past: page, place)
  }

  /// The source refused the requested page.
  ///
  /// - Returns: Whether the walk goes on in another way, or ends. False: the refusal is the caller's to report.
  package mutating func refuse(_ refusal: Refusal) -> Bool {
    guard case .request(let place) = action, search.isEmpty else { return false }
    switch place {
    // A wall that comes sooner than ours.
    case .skip:
      guard refusal == .request, rules.wall != nil, let id = lastId else { return false }
      isPastWall = true
      request(.after(id: id, name: nil))
    case .after:
      guard refusal == .request || refusal == .way || (!isPastWall && refusal == .other(endsRun: false)) else { return false }
      leaveLastRecord(toSearch: isPastWall)
    case .cursor, .link: return false
    }
    return true
  }

  private mutating func request(_ place: Place) {
    attempts = 0
    action = .request(place)
  }

  // MARK: Doubtful pages

  private mutating func isAccepted(_ page: Page, _ place: Place) -> Bool {
    let isRepeated = isRepeated(page, place)
    if isRepeated || page.records.contains(where: \.isStray) {
      attempts += 1
      guard attempts >= rules.attempts else { return false }
      if isRepeated {
        if case .after = place { leaveLastRecord(toSearch: isPastWall) } else { action = .fail(.repeatedPage) }
        return false
      }
    }
    if case .cursor = place, page.next == nil {
      action = .fail(.missingCursor)
      return false
    }
    attempts = 0
    total = page.total ?? total
    return true
  }

  private func isRepeated(_ page: Page, _ place: Place) -> Bool {
    switch place {
    case .skip, .link: Self.marks(page) == lastPage
    case .after: page.records.allSatisfy { $0.hasID && seen.contains($0.mark) }
    case .cursor(let cursor): cursor != nil && page.next == place
    }
  }

  private static func marks(_ page: Page) -> [IdentityMark] { page.records.map { $0.content ?? $0.mark } }

  // MARK: Pages that advance

  private mutating func advance(past page: Page, _ place: Place) -> Delivery? {
    let delivery = takeNew(page.records)
    pages += 1
    lastPage = Self.marks(page)
    lastId = page.last?.id ?? lastId
    let distinct = Set(lastPage).count
    if delivery.fresh.count + page.records.count(where: \.isStray) < distinct { sawTwice = true }
    stalePages = delivery.fresh.isEmpty && delivery.strays.isEmpty ? stalePages + 1 : 0
    if let most = rules.staleAtMost, stalePages > most + pagesOfFirstPass {
      action = .fail(.stale(stalePages))
      return nil
    }
    switch place {
    case .skip(let skip):
      // A duplicate in a page does not shift the next page.
      let next = skip + distinct
      if let wall = rules.wall, next >= wall, let last = page.last {
        isPastWall = true
        request(.after(id: last.id, name: last.name))
      } else {
        request(.skip(next))
      }
    case .cursor: request(page.next ?? place)
    case .link:
      if let next = page.next {
        if next == place { action = .fail(.standing) } else { request(next) }
      } else {
        action = .end
      }
    case .after:
      if let last = page.last, !delivery.fresh.isEmpty {
        isPastWall = true
        request(.after(id: last.id, name: last.name))
      } else {
        leaveLastRecord(toSearch: isPastWall)
        return Delivery(fresh: delivery.fresh, strays: delivery.strays, isHeld: delivery.fresh.isEmpty)
      }
    }
    return delivery
  }

  private mutating func takeNew(_ records: [Record]) -> Delivery {
    let places = records.indices
    let fresh = places.filter { !records[$0].isStray && seen.insert(records[$0].mark) }
    return Delivery(fresh: fresh, strays: strays.insert(places.filter { records[$0].isStray }, of: records))
  }

  // MARK: Empty pages

  private mutating func endPass(_ place: Place) {
    lastPage = []
    let isAgain =
      switch rules.secondPass {
      case .never: false
      case .ifIncomplete: pages > 0 && isIncomplete
      case .ifMoved: seen.count > 0 && (sawTwice || isIncomplete)
      }
    switch place {
    case .skip, .cursor:
      if pass == 1, isAgain {
        pass = 2
        pagesOfFirstPass = pages
        stalePages = 0
        request(rules.start)
      } else if rules.wall != nil, isIncomplete, let id = lastId {
        request(.after(id: id, name: nil))
      } else {
        action = .end
      }
    case .after: leaveLastRecord(toSearch: isPastWall && isIncomplete)
    case .link: action = .end
    }
  }

  // MARK: Search

  private mutating func leaveLastRecord(toSearch: Bool) {
    attempts = 0
    search = toSearch ? [PageWalk(.search)] : []
    action = search.first?.action ?? .end
  }

  private mutating func takeInSearch(_ page: Page) -> Delivery? {
    defer { if !search.isEmpty { followSearch() } }
    guard let found = search[0].take(page) else { return nil }
    var delivery = Delivery()
    for place in found.fresh {
      let record = page.records[place]
      if record.membership != .unnamed { searchNamedBusiness = true }
      if record.membership == .own, seen.insert(record.mark) { delivery.fresh.append(place) }
    }
    delivery.strays = strays.insert(found.strays, of: page.records)
    return delivery
  }

  private mutating func followSearch() {
    action = search[0].action
    if action == .end, !searchNamedBusiness, isIncomplete { action = .fail(.stuck) }
  }
}
