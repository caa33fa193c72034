import Core

/// Questions about the names that a mapping reads and that an input does not have. The names of the input's first records are
/// collected once, and only if there is something to ask.
struct SampleHints {
  /// How many names may be compared with missing ones, in all. In an input that has little to do with the mapping, hints
  /// would cost more than all the rest, and nobody reads that many.
  private static let mostComparisons = 200_000

  private let sample: RecordSample
  private let each: SourcePath?
  private lazy var names = sample.names()
  private lazy var elementNames = each.map { sample.names(ofElementsAt: $0) } ?? []
  private var comparisons = 0

  /// `each`: the list whose elements are the items.
  init(_ sample: RecordSample, each: SourcePath?) {
    self.sample = sample
    self.each = each
  }

  /// A question about the name that was probably meant; nil if no name is near, or after too many comparisons.
  mutating func hint(for path: SourcePath) -> String? {
    guard comparisons < Self.mostComparisons, case .member(let name)? = path.steps.first else { return nil }
    switch path.root {
    case .record, .parent: return hint(name, among: names)
    case .item: return hint(name, among: elementNames)
    case .custom: return nil
    }
  }

  private mutating func hint(_ name: String, among names: [String]) -> String? {
    comparisons += names.count
    return NearestName.hint(name, in: names)
  }
}
