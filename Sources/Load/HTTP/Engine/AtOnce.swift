/// Does the same work on several elements concurrently.
///
/// - Parameter limit: the maximum number of elements in progress at once.
/// - Returns: the results, in the order of the elements.
/// - Throws: the first error; the rest is cancelled.
func atOnce<Element: Sendable, Value: Sendable>(
  _ elements: some Collection<Element>, limit: Int = 8, _ work: @escaping @Sendable (Element) async throws -> Value
) async throws -> [Value] {
  var values = [Value?](repeating: nil, count: elements.count)
  try await withThrowingTaskGroup(of: (Int, Value).self) { group in
    var rest = Array(elements.enumerated())[...]
    func next() {
      guard let (index, element) = rest.popFirst() else { return }
      group.addTask { (index, try await work(element)) }
    }
    for _ in 0..<max(1, limit) { next() }
    while let (index, value) = try await group.next() {
      values[index] = value
      next()
    }
  }
  return values.compactMap(\.self)
}
