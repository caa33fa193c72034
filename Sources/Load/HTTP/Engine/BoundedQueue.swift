/// A queue between tasks: producers wait while it is full, consumers wait while it is empty.
actor BoundedQueue<Element: Sendable> {
  private let limit: Int
  private var elements: [Element] = []
  private var first = 0
  private var isClosed = false
  private var producers: [CheckedContinuation<Void, Never>] = []
  private var consumers: [CheckedContinuation<Void, Never>] = []

  init(limit: Int) { self.limit = max(1, limit) }

  private var count: Int { elements.count - first }

  /// Waits until there is room. An element that comes after `close` is dropped.
  func push(_ element: Element) async {
    while count >= limit, !isClosed { await withCheckedContinuation { producers.append($0) } }
    pushAtOnce(element)
  }

  /// Does not wait, even if the queue is full: for those who empty it themselves.
  func pushAtOnce(_ element: Element) {
    guard !isClosed else { return }
    elements.append(element)
    wakeOne(&consumers)
  }

  /// Nil once the queue is closed and empty.
  func next() async -> Element? {
    while count == 0 {
      if isClosed { return nil }
      await withCheckedContinuation { consumers.append($0) }
    }
    let element = elements[first]
    first += 1
    if first == elements.count {
      elements.removeAll(keepingCapacity: true)
      first = 0
    } else if first >= 256 {
      elements.removeFirst(first)
      first = 0
    }
    wakeOne(&producers)
    return element
  }

  /// - Parameter dropsRest: what is in the queue is not handed out any more.
  func close(dropsRest: Bool) {
    isClosed = true
    if dropsRest { (elements, first) = ([], 0) }
    for waiting in producers + consumers { waiting.resume() }
    (producers, consumers) = ([], [])
  }

  private func wakeOne(_ waiting: inout [CheckedContinuation<Void, Never>]) {
    guard !waiting.isEmpty else { return }
    waiting.removeFirst().resume()
  }
}
