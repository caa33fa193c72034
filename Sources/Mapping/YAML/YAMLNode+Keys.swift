package import Core

extension YAMLNode {
  /// Reports every key of a mapping that is not in `known` as `unknown-key`, with the nearest known one as the hint,
  /// and every missing one of `required` as `missing-keyword`. `what` is the mapping's name in messages:
  /// `source`. Returns false if something was reported.  Anything but a mapping passes. `reviewHint`: where the key
  /// `review` belongs; nil in a document that has no place for it.
  @discardableResult
  package func checkKeys(
    _ what: String, known: [String], required: [String] = [], at owner: SourcePlace? = nil,
    reviewHint: String? = YAMLNode.reviewHint, _ diagnostics: inout Diagnostics
  ) -> Bool {
    guard case .mapping(let entries) = content else { return true }
    var isFine = true
    for entry in entries where !entry.isDuplicate && !known.contains(exactly: entry.key) {
      // A similar name that is already present is not the intended one.
      let free = known.filter { name in !entries.contains { $0.key.isExactly(name) } }
      let place = entry.key == Self.review ? reviewHint : nil
      let hint = place ?? NearestName.hint(entry.key, in: free) ?? Self.listing(known)
      diagnostics.add(.init(.error, .unknownKey, at: entry.keyPlace, "\(what) has no key '\(entry.key)'", hint: hint))
      isFine = false
    }
    for name in required where !entries.contains(where: { $0.key.isExactly(name) }) {
      // A misspelled key that was reported above is the missing one.
      let isMisspelt = entries.contains { !known.contains(exactly: $0.key) && NearestName.find($0.key, in: [name]) != nil }
      if !isMisspelt {
        diagnostics.add(.init(.error, .missingKeyword, at: owner ?? place, "\(what) needs the key '\(name)'"))
      }
      isFine = false
    }
    return isFine
  }

  /// Whether some key of the map, which none of `known` is, was probably meant as `name`.
  package func misspells(_ name: String, among known: [String]) -> Bool {
    guard let entries, self.entry(name) == nil else { return false }
    return entries.contains { !known.contains(exactly: $0.key) && NearestName.find($0.key, in: [name]) != nil }
  }

  /// One of several words; anything else is `unknown-word`.
  package func word(_ what: String, oneOf words: [String], _ diagnostics: inout Diagnostics) -> String? {
    guard let word = word(what, &diagnostics) else { return nil }
    if words.contains(exactly: word) { return word }
    let hint = NearestName.hint(word, in: words) ?? Self.listing(words)
    diagnostics.add(.init(.error, .unknownWord, at: place, "\(what) cannot be '\(word)'", hint: hint))
    return nil
  }

  /// The key that marks a guess, and where it belongs in a mapping: people tend to write it beside the very thing that they are
  /// unsure of.
  static let review = "review"
  package static let reviewHint =
    "put 'review' directly on the field, var, lookup file, source or target that is a guess"

  private static func listing(_ words: [String]) -> String? {
    words.isEmpty || words.count > 12 ? nil : "one of: \(words.joined(separator: ", "))"
  }
}
