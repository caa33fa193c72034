package import Core

/// What `waybill explain SLUG` prints: for each slug of a diagnostic or a ledger line its meaning, an example and the
/// usual mend. The tables stand beside this file, by where a slug comes from.
package enum SlugReference {
  package struct Entry: Sendable, Hashable {
    package var slug: String
    /// One or two sentences.
    package var meaning: String
    /// What it looks like in a mapping or in the data.
    package var example: String
    package var mend: String

    init(_ slug: String, _ meaning: String, example: String, mend: String) {
      self.slug = slug
      self.meaning = meaning
      self.example = example
      self.mend = mend
    }

    init(_ code: DiagnosticCode, _ meaning: String, example: String, mend: String) {
      self.init(code.rawValue, meaning, example: example, mend: mend)
    }

    init(_ code: ProblemCode, _ meaning: String, example: String, mend: String) {
      self.init(code.slug, meaning, example: example, mend: mend)
    }

    package var text: String { "\(slug)\n  meaning  \(meaning)\n  example  \(example)\n  mend     \(mend)\n" }

    package var json: JSONValue {
      .object([
        .init("slug", .string(slug)), .init("meaning", .string(meaning)), .init("example", .string(example)),
        .init("mend", .string(mend)),
      ])
    }
  }

  /// Compile-time slugs first, then those of the ledger.
  package static let all: [Entry] = fileSlugs + nameSlugs + typeSlugs + recordSlugs + valueSlugs + schemaSlugs + setSlugs

  package static func find(_ slug: String) -> Entry? { all.first { $0.slug == slug } }

  /// `did you mean 'x'?` for a slug that does not exist.
  package static func hint(_ slug: String) -> String? { NearestName.hint(slug, in: all.map(\.slug)) }
}
