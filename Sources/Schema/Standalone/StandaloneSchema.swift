package import Core

/// A schema as one JSON Schema document that needs no other: everything it refers to is under `$defs`, and what OpenAPI says in its
/// own way is translated.
package struct StandaloneSchema: Sendable {
  /// What was written in another way than in the original. The order is that of reports.
  package enum Change: Sendable, Hashable, CaseIterable {
    case nullable, exclusiveLimits, directions, integerFormats, base64, listItems, examples, formats, discriminators
    case siblings, ineffective

    /// What becomes of it, after a count: `3  nullable: "null" in 'type'`.
    package var text: String {
      switch self {
      case .nullable: "nullable: \"null\" in 'type'"
      case .exclusiveLimits: "exclusiveMinimum or exclusiveMaximum with true: the limit itself"
      case .directions: "required members that are read-only: not required"
      case .integerFormats: "format int32 or int64: 'minimum' and 'maximum'"
      case .base64: "format byte: 'pattern'"
      case .listItems: "lists in 'items': 'prefixItems'"
      case .examples: "example: 'examples'"
      case .formats: "formats that restrict nothing (float, double, password, binary): left out"
      case .discriminators: "discriminator: left out; it restricts nothing"
      case .siblings: "keywords beside '$ref', where they have no effect: left out"
      case .ineffective: "keywords without effect in the original: left out"
      }
    }
  }

  package var json: JSONValue
  package var changes: [(change: Change, count: Int)]
  /// The language of the original: `OpenAPI 3.0`.
  package var origin: String
  /// The original is a JSON Schema file of its own, in JSON, and needs no other: it can be used as it is.
  package var isOriginal: Bool
}
