/// Records that stood in a wrong list, each once.
struct StraySet: Sendable {
  private var seen = IdentifierSet()

  /// The records of one page that did not come before. Those without an id are told apart by the whole record, and equal
  /// ones of a page are different records; on another page they are the same again, since lists are walked twice.
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
