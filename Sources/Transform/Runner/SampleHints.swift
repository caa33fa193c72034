import Core

/// Questions about the names that a mapping reads and that an input does not have. The names of the input's first records are
/// collected once, and only if there is something to ask.
struct SampleHints {
  /// How many names may be compared with missing ones, in all. In an input that has little to do with the mapping, hints
  /// would cost more than everything else, and be of no use.
  private static let mostComparisons = 200_000

  private let sample: RecordSample
  private let each: SourcePath?
  /// The records, and the elements of `each`; read once, and only if there is something to ask.
  private lazy var records = sample.items()
  private lazy var elements = each.map { sample.items(ofElementsAt: $0) } ?? []
  /// The names of the members of all objects at a path, by the path's text.
  private var names: [Name: [String]] = [:]
  private var comparisons = 0

  /// `each`: the list whose elements are the items.
  init(_ sample: RecordSample, each: SourcePath?) {
    self.sample = sample
    self.each = each
  }

  /// A question about the name that was probably meant: that of the first member on the path which no object has. Nil if no
  /// name is near, or after too many comparisons.
  mutating func hint(for path: SourcePath) -> String? {
    var objects: [JSONValue]
    var place: String
    switch path.root {
    case .record, .parent: (objects, place) = (records, "record")
    case .item: (objects, place) = (elements, "item")
    case .custom: return nil
    }
    for step in path.steps {
      guard comparisons < Self.mostComparisons, case .member(let name) = step else { return nil }
      let known = names[Name(place)] ?? RecordSample.names(in: objects)
      names[Name(place)] = known
      guard known.contains(exactly: name) else {
        comparisons += known.count
        return NearestName.hint(name, in: known)
      }
      objects = objects.compactMap { $0[name] }
      place += "\u{0}" + name
    }
    return nil
  }
}
