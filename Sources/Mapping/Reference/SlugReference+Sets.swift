import Core

/// Slugs of ledger lines that say what records do to one another.
extension SlugReference {
  static let setSlugs: [Entry] = [
    Entry(
      .notUnique,
      "A record before this one, in the order of the input, has the same values in the fields of a rule of unique and was let through. "
        + "Records with a null there take no part.",
      example: "unique: [email], and two contacts with one address",
      fix: "Fix the source, merge them by that field, or say severity: warning."),
    Entry(
      .merged,
      "The record has been merged into another that has the same values in the fields of merge.by. Nothing is wrong with it.",
      example: "merge: {by: [email], keep: newest}", fix: "Nothing. merge.fields says which values the survivor takes over."),
    Entry(
      .orphan,
      "The field references another mapping, but that mapping let no record of this key through: it is not in the source, or was rejected. "
        + "The record is rejected whatever on_error says. References resolve right after the fields: merge, the target schema, validate "
        + "and unique see the key of the surviving record.",
      example: "contactId: {from: contactId, references: contacts}",
      fix: "Look for the key in the other mapping's ledger; or leave 'references' out if Your App knows it anyway."),
  ]
}
