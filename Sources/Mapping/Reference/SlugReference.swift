package import Core

/// What `waybill explain SLUG` prints: for each slug of a diagnostic or a ledger line its meaning, an example and the
/// usual fix. The tables are in the files beside this one, by where a slug comes from.
package enum SlugReference {
  package struct Entry: Sendable, Hashable {
    package var slug: String
    /// One or two sentences.
    package var meaning: String
    /// What it looks like in a mapping or in the data.
    package var example: String
    package var fix: String

    init(_ slug: String, _ meaning: String, example: String, fix: String) {
      self.slug = slug
      self.meaning = meaning
      self.example = example
      self.fix = fix
    }

    init(_ code: DiagnosticCode, _ meaning: String, example: String, fix: String) {
      self.init(code.rawValue, meaning, example: example, fix: fix)
    }

    init(_ code: ProblemCode, _ meaning: String, example: String, fix: String) {
      self.init(code.slug, meaning, example: example, fix: fix)
    }

    package var text: String { "\(slug)\n  meaning  \(meaning)\n  example  \(example)\n  fix      \(fix)\n" }

    package var json: JSONValue {
      .object([
        .init("slug", .string(slug)), .init("meaning", .string(meaning)), .init("example", .string(example)),
        .init("fix", .string(fix)),
      ])
    }
  }

  /// Compile-time slugs first, then those of the ledger.
  package static let all: [Entry] =
    fileSlugs + nameSlugs + typeSlugs + recordSlugs + valueSlugs + schemaSlugs + setSlugs
    + loadSlugs

  package static func find(_ slug: String) -> Entry? { all.first { $0.slug == slug } }

  /// `did you mean 'x'?` for a slug that does not exist.
  package static func hint(_ slug: String) -> String? { NearestName.hint(slug, in: all.map(\.slug)) }
}
