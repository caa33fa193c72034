import Core

/// Slugs of ledger lines about how records affect one another.
extension SlugReference {
  static let setSlugs: [Entry] = [
    Entry(
      .notUnique,
      "An earlier record in the input has the same values in the fields of a unique rule and was let through. "
        + "Records with a null there are not compared.",
      example: "unique: [email], and two contacts with the same address",
      fix: "Fix the source, merge them by that field, or set severity: warning."),
    Entry(
      .merged,
      "The record was merged into another one with the same values in the fields of merge.by. Nothing is wrong with it.",
      example: "merge: {by: [email], keep: newest}", fix: "None needed. merge.fields sets which values the survivor takes over."),
    Entry(
      .orphan,
      "The field references another mapping, but that mapping let no record with this key through: it is not in the source, or was rejected. "
        + "The record is rejected whatever on_error is. References resolve right after the fields: merge, the target schema, validate "
        + "and unique see the key of the surviving record.",
      example: "contactId: {from: contactId, references: contacts}",
      fix: "Look for the key in the other mapping's ledger; or remove 'references' if the target knows the key anyway."),
  ]
}
