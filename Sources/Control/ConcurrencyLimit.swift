/// How many requests may be in flight: halves when the server has problems, grows by one after as many successful responses
/// as are allowed at once.
package struct ConcurrencyLimit: Sendable, Hashable {
  package let maximum: Int
  package private(set) var current: Int
  private var goodAnswers = 0

  package init(maximum: Int) {
    self.maximum = max(1, maximum)
    current = self.maximum
  }

  package mutating func succeeded() {
    guard current < maximum else { return }
    goodAnswers += 1
    if goodAnswers >= current {
      current += 1
      goodAnswers = 0
    }
  }

  package mutating func troubled() {
    current = max(1, current / 2)
    goodAnswers = 0
  }
}
