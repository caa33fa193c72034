import Core

/// A queue between tasks: producers wait while it is full, consumers wait while it is empty. Safe to use from many tasks.
///
/// Waiting producers resume when it is half empty, so that they do not wake for every element.
final class BoundedQueue<Element: Sendable>: Sendable {
  private struct State {
    /// Nil where an element has been taken.
    var elements: [Element?] = []
    var first = 0
    var isClosed = false
    var producers: [UnsafeContinuation<Void, Never>] = []
    var consumers: [UnsafeContinuation<Element?, Never>] = []

    var count: Int { elements.count - first }

    /// Removes the oldest element.
    mutating func take() -> Element? {
      guard count > 0 else { return nil }
      let element = elements[first]
      elements[first] = nil
      first += 1
      if first == elements.count {
        elements.removeAll(keepingCapacity: true)
        first = 0
      } else if first >= 256 {
        elements.removeFirst(first)
        first = 0
      }
      return element
    }
  }

  private let limit: Int
  private let state = Locked(State())

  init(limit: Int) { self.limit = max(1, limit) }

  /// Waits until there is room. An element that comes after `close` is dropped.
  func push(_ element: Element) async {
    while !add(element, atMost: limit) {
      await withUnsafeContinuation { continuation in
        let waits = state.withLock { state in
          if state.count < limit || state.isClosed { return false }
          state.producers.append(continuation)
          return true
        }
        if !waits { continuation.resume() }
      }
    }
  }

  /// Does not wait, even if the queue is full: for those who empty it themselves.
  func pushAtOnce(_ element: Element) { _ = add(element, atMost: .max) }

  /// Returns false if there is no room.
  private func add(_ element: Element, atMost limit: Int) -> Bool {
    var consumer: UnsafeContinuation<Element?, Never>?
    let isAdded = state.withLock { state in
      if state.isClosed { return true }
      guard state.count < limit else { return false }
      if state.consumers.isEmpty { state.elements.append(element) } else { consumer = state.consumers.removeFirst() }
      return true
    }
    consumer?.resume(returning: element)
    return isAdded
  }

  /// Nil once the queue is closed.
  func next() async -> Element? {
    if case .some(let element) = takeAtOnce() { return element }
    return await withUnsafeContinuation { continuation in
      let found = takeAtOnce(orWait: continuation)
      if case .some(let element) = found { continuation.resume(returning: element) }
    }
  }

  /// Outer nil if there is nothing yet; inner nil once the queue is closed.
  ///
  /// - Parameter consumer: receives the next element in that case.
  private func takeAtOnce(orWait consumer: UnsafeContinuation<Element?, Never>? = nil) -> Element?? {
    var producers: [UnsafeContinuation<Void, Never>] = []
    let found = state.withLock { state -> Element?? in
      if let element = state.take() {
        if !state.producers.isEmpty, state.count <= limit / 2 { swap(&producers, &state.producers) }
        return .some(element)
      }
      if state.isClosed { return .some(nil) }
      if let consumer { state.consumers.append(consumer) }
      return nil
    }
    for producer in producers { producer.resume() }
    return found
  }

  /// Discards the remaining elements.
  func close() {
    let (producers, consumers) = state.withLock { state in
      state.isClosed = true
      (state.elements, state.first) = ([], 0)
      defer { (state.producers, state.consumers) = ([], []) }
      return (state.producers, state.consumers)
    }
    for waiting in producers { waiting.resume() }
    for waiting in consumers { waiting.resume(returning: nil) }
  }
}
