/// The arrays and objects of the input that an evaluation took apart last, by the place of their text: a macro asks for the same
/// one at each step.
struct ResolvedTexts: ~Copyable {
  private static let capacity = 8

  private let texts: UnsafeMutablePointer<ExpressionValue>
  private let values: UnsafeMutablePointer<ExpressionValue>
  private var count = 0
  /// Where the next one goes.
  private var next = 0

  init() {
    texts = .allocate(capacity: Self.capacity)
    values = .allocate(capacity: Self.capacity)
  }

  deinit {
    texts.deallocate()
    values.deallocate()
  }

  mutating func removeAll() {
    count = 0
    next = 0
  }

  func value(of text: ExpressionValue) -> ExpressionValue? {
    for index in 0..<count where texts[index].pointer == text.pointer && texts[index].count == text.count {
      return values[index]
    }
    return nil
  }

  mutating func keep(_ value: ExpressionValue, of text: ExpressionValue) {
    texts[next] = text
    values[next] = value
    count = max(count, next + 1)
    next = (next + 1) % Self.capacity
  }
}
