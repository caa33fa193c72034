package import Core

/// Fields that a mapping reads and that occurred in no record: a misspelled name in a source that does not declare its
/// fields, or an export that omitted them.
package struct NeverPresent: Sendable, Hashable {
  package let source: String
  /// The first place that reads it.
  package let rule: SourcePlace
  /// A question about a field that the first records have and that may be meant.
  package let hint: String?

  /// In the order of the program's paths, except those that the mapping declares optional. Empty for an input without
  /// records.
  package static func all(_ absent: AbsentPaths, in program: Program) -> [NeverPresent] {
    let model = program.model
    let reads = Dictionary(model.reads.map { (Name($0.path.text), $0) }, uniquingKeysWith: { first, _ in first })
    let names =
      (absent.record ?? []).sorted().map { program.recordPathNames[$0] }
      + (absent.item ?? []).sorted().map { program.itemPathNames[$0] }
    var hints = SampleHints(absent.sample, each: model.each)
    return names.compactMap { name in
      guard let read = reads[name], !model.isOptional(read) else { return nil }
      return NeverPresent(source: name, rule: read.place, hint: hints.hint(for: read.path))
    }
  }
}

extension TransformCounts {
  /// Counts warnings about the input as a whole.
  package mutating func add(_ fields: [NeverPresent]) {
    guard !fields.isEmpty else { return }
    codes[.neverPresent, default: 0] += fields.count
    warnings += fields.count
  }
}
