/// Records found in a wrong list, each once.
struct StraySet: Sendable {
  private var seen = IdentifierSet()

  /// The records of one page that are new. Those without an ID are distinguished by their whole content. Equal ones on the
  /// same page count as different records, but on another page they count as seen, because lists are walked twice.
  mutating func insert(_ page: [StrayRecord]) -> [StrayRecord] {
    var equal: [Int: Int] = [:]
    return page.filter { stray in
      if let id = stray.id { return seen.insert(id) }
      let number = equal[stray.content, default: 0]
      equal[stray.content] = number + 1
      return seen.insert("\u{0}\(stray.content) \(number)")
    }
  }
}
