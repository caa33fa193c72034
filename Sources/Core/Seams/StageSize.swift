/// How much a stage has to do, as far as that is known while it is under way.
package enum StageSize: Sendable, Hashable, ExpressibleByIntegerLiteral {
  case exactly(Int)
  /// It ends there, or earlier.
  case atMost(Int)
  /// By an earlier extraction, or by the part that is known.
  case about(Int)

  package init(integerLiteral count: Int) { self = .exactly(count) }

  package var count: Int {
    switch self {
    case .exactly(let count), .atMost(let count), .about(let count): count
    }
  }

  /// `5,000`, `at most 5,000`, `about 5,000`.
  package func text(_ count: (Int) -> String) -> String {
    switch self {
    case .exactly(let number): count(number)
    case .atMost(let number): "at most \(count(number))"
    case .about(let number): "about \(count(number))"
    }
  }
}
